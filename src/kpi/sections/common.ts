/** What the sections share: names as they are shown, lengths as they are drawn, and questions about this moment. */
import { say } from '../../messages/index.ts';
import type { FactSet } from '../fact-set.ts';
import type { Kpi } from '../kpi.ts';
import { type Measured, measureBy } from '../measure.ts';
import type { Dimension, Filter, Query } from '../query.ts';
import type { Board, Panel, Section } from '../section.ts';

/** Figures of fewer tickets than this are shown and not relied on. */
export const FEWEST = 5;

/** A section by its name, with a word where its period has not begun. */
export function sectionOf(name: string, board: Board, panels: readonly Panel[]): Section {
  const { locale, period, now } = board;
  const section = { name, title: say(locale, `kpi.section.${name}`), panels };
  return period.from > now
    ? { ...section, notice: say(locale, 'kpi.notice.future', { period: period.name }) }
    : section;
}

/** The question of the board about this moment, whatever its period: what is open, overdue, waiting now. */
export function nowQuery({ query, now }: Board): Query {
  return { ...query, window: { from: now, to: now, asOf: now } };
}

/** Seconds as hours, as charts show lengths. */
export function hoursOf(seconds: number | null): number | null {
  return seconds === null ? null : seconds / 3600;
}

const LONGEST_NAME = 60;

/** A name that anybody may have typed, on one line of bearable length. */
export function shownName(name: string): string {
  const line = name.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim();
  const characters = [...line];
  return characters.length <= LONGEST_NAME ? line : `${characters.slice(0, LONGEST_NAME - 1).join('')}…`;
}

/** What a group of tickets is called, and how to ask for it. */
export interface Named {
  readonly code: number;
  /** As it was typed; empty for tickets that have none. */
  readonly name: string;
  readonly label: string;
}

export function namedOf({ facts, locale }: Pick<Board, 'facts' | 'locale'>, code: number): Named {
  const name = facts.nameOf(code) ?? '';
  return { code, name, label: name === '' ? say(locale, 'kpi.blank') : shownName(name) };
}

/** The filter of one group. */
export function only(dimension: Dimension, ...names: readonly string[]): Filter {
  return { [dimension]: names };
}

/** Groups a KPI by what its tickets hold in a dimension; code -1 for those that hold nothing. */
export function measureNames(
  facts: FactSet,
  kpi: Kpi,
  query: Query,
  dimension: Exclude<Dimension, 'person' | 'status'>,
): ReadonlyMap<number, Measured> {
  return measureBy(facts, kpi, query, ({ tickets }, ticket) => tickets[dimension][ticket]!);
}

/** Larger first, then by name: an order two looks agree on. */
export function byCount<Row extends { readonly count: number; readonly label: string }>(a: Row, b: Row): number {
  return b.count - a.count || compareNames(a.label, b.label);
}

export function compareNames(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** The first rows of a long list, and a word on how many more there are. */
export function firstOf<Row>(
  rows: readonly Row[],
  most: number,
  { locale }: Pick<Board, 'locale'>,
): { readonly rows: readonly Row[]; readonly note: string | null } {
  if (rows.length <= most) return { rows, note: null };
  return { rows: rows.slice(0, most), note: say(locale, 'kpi.note.more', { count: rows.length - most }) };
}

/** Notes as one text; undefined for none. */
export function notesOf(
  { locale }: Pick<Board, 'locale'>,
  ...notes: readonly (string | null | undefined)[]
): string | undefined {
  const said = notes.filter((note) => note !== null && note !== undefined && note !== '');
  return said.length === 0 ? undefined : said.join(say(locale, 'kpi.note.sentence'));
}
