/** Boards for tests: a period, people and tickets of a random kind. */
import * as fc from 'fast-check';
import type { TicketHistory } from '../../src/kpi/history.ts';
import { periodBefore, readPeriod } from '../../src/kpi/period.ts';
import type { Filter } from '../../src/kpi/query.ts';
import type { Board, BoardPerson, Panel, Section } from '../../src/kpi/section.ts';
import { at } from '../model/sla-desk.ts';
import { type Deed, history, query, setOf } from './histories.ts';

export interface BoardWish {
  readonly period?: string;
  readonly now?: string;
  readonly people?: readonly BoardPerson[];
  readonly vipLevels?: readonly string[];
  readonly filter?: Filter;
  readonly locale?: Board['locale'];
}

/** A board of March 2026, seen from 1 April. */
export function boardOf(histories: readonly TicketHistory[], wish: BoardWish = {}): Board {
  const timeZone = 'Asia/Shanghai';
  const now = at(wish.now ?? '04-01 00:00');
  const period = readPeriod(wish.period ?? '2026-03', now, timeZone)!;
  const asked = query('03-01 00:00', '04-01 00:00', { filter: wish.filter ?? {} });
  return {
    facts: setOf(histories),
    period,
    before: periodBefore(period, timeZone),
    query: { ...asked, window: { from: period.from, to: period.to, asOf: now } },
    people: wish.people ?? [],
    vipLevels: wish.vipLevels ?? ['VIP'],
    locale: wish.locale ?? 'zh-CN',
    timeZone,
    now,
  };
}

export function person(name: string, more: Partial<BoardPerson> = {}): BoardPerson {
  return { name, team: null, capacity: null, isOnLeave: false, ...more };
}

export type TablePanel = Extract<Panel, { kind: 'table' }>;
export type ChartPanel = Extract<Panel, { kind: 'chart' }>;

/** The table of a title, or the only one. */
export function tableOf(section: Section, title?: string): TablePanel {
  const found = section.panels.find(
    (panel) => panel.kind === 'table' && (title === undefined || panel.title === title),
  );
  if (found?.kind !== 'table') throw new Error(`no table ${title} in ${section.panels.map((panel) => panel.title)}`);
  return found;
}

export function chartOf(section: Section, name: string): ChartPanel {
  const found = section.panels.find((panel) => panel.kind === 'chart' && panel.chart.name === name);
  if (found?.kind !== 'chart') throw new Error(`no chart ${name}`);
  return found;
}

/** Cells of all rows. */
export function cellsOf(table: TablePanel): readonly (readonly (string | number | null)[])[] {
  return table.rows.map(({ cells }) => cells);
}

const names = ['', '张伟', '李娜', '王强', 'a'.repeat(300), '=1+1', '__proto__', '甲、乙', '第一\n第二', '\u0000<b>'];
const name = fc.constantFrom(...names);
const clock = (minutes: number): string =>
  new Date(Date.UTC(2026, 1, 10) + minutes * 60_000).toISOString().slice(5, 16).replace('T', ' ');
const status = fc.constantFrom('待受理', '处理中', '等待客户', '等待第三方', '已解决', '已关闭', '已作废', '已合并');

/** Tickets with all sorts of lives between 10 February and the middle of April. */
export const someTickets: fc.Arbitrary<readonly TicketHistory[]> = fc
  .array(
    fc.record({
      minute: fc.nat(60 * 24 * 60),
      values: fc.record({
        assignee: name,
        customer: name,
        customer_level: fc.constantFrom('VIP', '普通', ''),
        issue_type: name,
        product_line: name,
        module: name,
        priority: fc.constantFrom('紧急', '高', '低', ''),
        team: name,
      }),
      /** Typed times may contradict each other. */
      solved: fc.option(fc.nat(60 * 24 * 60)),
      deeds: fc.array(
        fc.record({
          after: fc.nat(4000),
          what: fc.oneof(
            status.map((word) => ({ status: word })),
            fc.integer({ min: 1, max: 5 }).map((csat) => ({ csat })),
            fc.constantFrom('reply' as const, 'call' as const, 'customer' as const),
          ),
        }),
        { maxLength: 6 },
      ),
    }),
    { maxLength: 25 },
  )
  .map((tickets) =>
    tickets.map(({ minute, values, deeds, solved }, n) => {
      let at = minute;
      const done = deeds.map(({ after, what }): Deed => {
        at += after;
        return [clock(at), what];
      });
      const typed =
        solved === null ? {} : { resolved_at: new Date(Date.UTC(2026, 1, 10) + solved * 60_000).toISOString() };
      const kept = Object.fromEntries(Object.entries(values).filter(([, value]) => value !== ''));
      return history(n + 1, clock(minute), { ...kept, ...typed }, done);
    }),
  );
