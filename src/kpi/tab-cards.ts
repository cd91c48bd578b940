/** Cards in a grid of five: label, large figure, change against the period before, how many tickets, and a check. */
import { type Locale, say } from '../messages/index.ts';
import type { Area, PublishedCell } from '../model/published-tab.ts';
import type { Card } from './section.ts';
import { numberText } from './shown.ts';
import { cellOf, textWidth } from './tab-cells.ts';
import type { TabGrid } from './tab-grid.ts';

const CARDS_A_ROW = 5;
/** Columns of a card, merged but for the check. */
const CARD_COLUMNS = 2;
const NOTE_LINES = 3;
const NOTE_WIDTH = 36;
/** Label, figure, change, notes, check, and a row apart. */
const CARD_ROWS = 3 + NOTE_LINES + 2;

/** What cards need to know beside themselves. */
export interface CardWorld {
  readonly locale: Locale;
  /** The figure before is of a part of the period before, as this period goes on. */
  readonly isPart: boolean;
  /** Formulas over the list of tickets that must come to the figure, by KPI. */
  readonly checks: ReadonlyMap<string, PublishedCell>;
  /** Place of the list of tickets; null where there is none. */
  readonly list: string | null;
}

/** Puts cards below each other from a row on. `next`: the row after them. */
export function putCards(
  grid: TabGrid,
  row: number,
  cards: readonly Card[],
  world: CardWorld,
): { readonly next: number; readonly merges: readonly Area[] } {
  const { locale, list, checks } = world;
  const merges: Area[] = [];
  const separator = say(locale, 'kpi.note.separator');
  const linesOf = ({ note }: Card): readonly string[] => packed(note.split(separator), separator);
  const highest = (n: number): number => {
    const first = n - (n % CARDS_A_ROW);
    return Math.max(...cards.slice(first, first + CARDS_A_ROW).map((card) => linesOf(card).length));
  };
  for (const [n, card] of cards.entries()) {
    const top = row + Math.floor(n / CARDS_A_ROW) * CARD_ROWS;
    const column = (n % CARDS_A_ROW) * CARD_COLUMNS;
    for (let n = 0; n < 3 + NOTE_LINES; n++) {
      merges.push({ row: top + n, column, toRow: top + n, toColumn: column + CARD_COLUMNS - 1 });
    }
    const link = list === null ? {} : { link: list };
    grid.put(top, column, { value: card.label, look: 'label', ...link });
    grid.put(top + 1, column, cellOf(card.value ?? '–', card.unit, 'figure'));
    grid.put(top + 2, column, changeCell(card, world));
    const lines = linesOf(card);
    // Cards side by side are equally high.
    for (let k = 0; k < highest(n); k++) grid.put(top + 3 + k, column, { value: lines[k] ?? null, look: 'note' });
    const check = checks.get(card.kpi);
    if (check === undefined) continue;
    grid.put(top + 3 + NOTE_LINES, column, { value: say(locale, 'kpi.tab.check'), look: 'note' });
    grid.put(top + 3 + NOTE_LINES, column + 1, check);
  }
  return { next: row + Math.ceil(cards.length / CARDS_A_ROW) * CARD_ROWS, merges };
}

/** Parts of a note in lines: as many on one as fit, what is too much on the last. */
function packed(parts: readonly string[], separator: string): readonly string[] {
  const lines: string[] = [];
  for (const part of parts.filter((each) => each !== '')) {
    const last = lines.at(-1);
    const joined = `${last}${separator}${part}`;
    if (last === undefined || (textWidth(joined) > NOTE_WIDTH && lines.length < NOTE_LINES)) lines.push(part);
    else lines[lines.length - 1] = joined;
  }
  return lines;
}

function changeCell({ value, before, unit, isBetter }: Card, { locale, isPart }: CardWorld): PublishedCell {
  const then = say(locale, isPart ? 'kpi.tab.same-part' : 'kpi.tab.before');
  if (before === null) return { value: say(locale, 'kpi.tab.no-before', { then }), look: 'note' };
  const was = say(locale, 'kpi.tab.was', { then, before: numberText(before, unit, locale) });
  if (value === null) return { value: was, look: 'note' };
  const change = value - before;
  if (change === 0) return { value: say(locale, 'kpi.tab.same', { was }), look: 'note' };
  const size =
    unit === 'percent'
      ? say(locale, 'kpi.tab.points', { points: Math.abs(change * 100).toFixed(1) })
      : numberText(Math.abs(change), unit, locale);
  const sign = say(locale, change > 0 ? 'kpi.tab.more' : 'kpi.tab.less', { size });
  const verdict = isBetter === null ? '' : say(locale, isBetter ? 'kpi.tab.better' : 'kpi.tab.worse');
  return {
    value: say(locale, 'kpi.tab.change', { sign, verdict, was }),
    look: isBetter === null ? 'note' : isBetter ? 'good' : 'bad',
  };
}
