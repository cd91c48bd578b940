/** 概览: the figures a manager looks at first, each with the change against the period before. */
import { say } from '../../messages/index.ts';
import { kpiOf } from '../index.ts';
import type { Kpi, LeftOut } from '../kpi.ts';
import { type Measured, measure } from '../measure.ts';
import { type Board, type Card, type Panel, type SectionMaker, unitOf } from '../section.ts';
import { sectionOf } from './common.ts';
import { flowPanels } from './flow.ts';

const CARDS = [
  'created',
  'resolved',
  'backlog',
  'overdue',
  'first-response',
  'net-resolution',
  'first-contact',
  'satisfaction',
  'sla',
  'reopen-rate',
  'resolution',
  'satisfaction-score',
  'rating-rate',
  'next-response',
  'age',
] as const;

export const overview: SectionMaker = {
  name: 'overview',
  make(board) {
    const cards = CARDS.map((name) => cardOf(kpiOf(name)!, board));
    const panel: Panel = { kind: 'cards', title: say(board.locale, 'kpi.cards'), cards };
    return sectionOf('overview', board, [panel, ...flowPanels(board, false)]);
  },
};

/** A KPI of the period as a card. */
export function cardOf(kpi: Kpi, board: Board): Card {
  const { facts, query, locale } = board;
  const { from, to } = query.window;
  const now = measure(facts, kpi, query);
  const end = comparedUntil(board);
  const window = { from: board.before.from, to: end, asOf: Math.min(end, query.window.asOf) };
  const then = measure(facts, kpi, { ...query, window });
  return {
    kpi: kpi.name,
    label: kpi.label[locale],
    value: now.value,
    unit: unitOf(kpi.unit),
    before: then.value,
    isBetter: isBetter(kpi, now.value, then.value),
    note: noteOf(now, kpi, board),
    drill: { kpi: kpi.name, from, to, filter: query.filter },
  };
}

/** A period that goes on is compared with the same part of the one before: ten days with ten days. */
export function comparedUntil({ period, before, now }: Pick<Board, 'period' | 'before' | 'now'>): number {
  return now >= period.from && now < period.to ? Math.min(before.to, before.from + (now - period.from)) : before.to;
}

function isBetter({ better }: Kpi, now: number | null, then: number | null): boolean | null {
  if (better === null || now === null || then === null || now === then) return null;
  return now > then === (better === 'higher');
}

/** `37 单；未计入：2 单还没有响应`. */
export function noteOf({ n, leftOut, doubtful }: Measured, kpi: Kpi, { locale }: Pick<Board, 'locale'>): string {
  const parts = kpi.unit === 'count' ? [] : [say(locale, 'kpi.note.n', { n })];
  for (const [reason, count] of Object.entries(leftOut) as [LeftOut, number][]) {
    parts.push(say(locale, 'kpi.note.left-out', { count, reason: say(locale, `kpi.left-out.${reason}`) }));
  }
  if (doubtful > 0) parts.push(say(locale, 'kpi.note.doubtful', { count: doubtful }));
  return parts.join(say(locale, 'kpi.note.separator'));
}
