/**
 * The words of a rule table. A rule is one row of the 规则 tab: when it is looked at, the cells that must hold, and what it
 * asks for. Plain data: it can be stored, compared and sent; `compile.ts` makes it run.
 */
import type { CellTest } from './cell-test.ts';

/** In this order, always. Rows of a stage read what stood at its start; what they write lands at its end. */
export const stages = ['validate', 'set', 'assign', 'status', 'sla', 'notify'] as const;
export type Stage = (typeof stages)[number];

/**
 * Which of the rows that match may act.
 * `first`: the first one, so that a row further down is a fallback.
 * `first-writer`: all, but a field or clock is written by the first that names it, unless a later row says 覆盖.
 * `collect`: all.
 */
export type HitPolicy = 'first' | 'first-writer' | 'collect';

export const hitPolicies: Readonly<Record<Stage, HitPolicy>> = {
  validate: 'collect',
  set: 'first-writer',
  assign: 'first',
  status: 'first-writer',
  sla: 'first-writer',
  notify: 'collect',
};

/** What can happen to a record. `due`: a moment named by an age cell has come; `daily`: an hour of the day. */
export const eventKinds = ['create', 'update', 'due', 'manual', 'comment', 'daily'] as const;
export type EventKind = (typeof eventKinds)[number];

/** When a row is looked at. */
export interface Timing {
  readonly events: readonly EventKind[];
  /** Only when this field changed; null: no such demand. */
  readonly changed: string | null;
  /** The hour of the day at which every open record is looked at; null: none. */
  readonly daily: DailyTime | null;
}

/** An hour of the wall clock, every day or on the days with working hours. */
export interface DailyTime {
  readonly hour: number;
  readonly minute: number;
  readonly days: 'all' | 'working';
}

/** A short unique name of an hour: `daily 22:00`, `working 18:30`. */
export function dailyName({ hour, minute, days }: DailyTime): string {
  const two = (part: number): string => String(part).padStart(2, '0');
  return `${days === 'all' ? 'daily' : 'working'} ${two(hour)}:${two(minute)}`;
}

/** `rehearse`: hits are counted, nothing is caused. */
export type RuleMode = 'on' | 'off' | 'rehearse';

/** One cell that must hold. A field may stand in several columns; all of them must hold. */
export interface Condition {
  /** Field key; null for a free formula, whose test is given the whole record. */
  readonly field: string | null;
  readonly test: CellTest;
  /** Keys of every field the test looks at. */
  readonly reads: readonly string[];
  /** What stands in the cell, for explanations. */
  readonly cell: string;
  /** Column of the tab, counted from 0. */
  readonly column: number;
}

/** One thing a row asks for. */
export interface RuleAction {
  /** Name of a part in `actions/`. */
  readonly action: string;
  /** What its cells mean, as that part reads them. */
  readonly params: unknown;
  readonly cell: string;
  readonly column: number;
}

export interface RuleRow {
  /** Of the hidden id column, else the name; never the row's place, so that sorting the tab changes no history. */
  readonly id: string;
  /** Changes when what the row means changes; not with its place, name or mode. */
  readonly hash: string;
  readonly name: string;
  /** Place in the tab, counted from 0. */
  readonly row: number;
  readonly mode: RuleMode;
  readonly stage: Stage;
  readonly timing: Timing;
  readonly conditions: readonly Condition[];
  readonly actions: readonly RuleAction[];
  /** 停止: when it matches, no row below it in its stage is looked at. */
  readonly stop: boolean;
  /** 覆盖: may write what an earlier row wrote. */
  readonly overwrite: boolean;
}

/** Ids of the rows that are looked at in an hour of the day, by its `dailyName`. */
export function rowsOfHour(rows: readonly RuleRow[], hour: string): readonly string[] {
  return rows.flatMap(({ id, timing }) => (timing.daily !== null && dailyName(timing.daily) === hour ? [id] : []));
}

/** Rows of one tab in the order of the tab. */
export interface RuleTable {
  readonly tab: string;
  readonly rows: readonly RuleRow[];
}

/** The row number people see. */
export function rowNumber(row: { readonly row: number }): number {
  return row.row + 1;
}

/** True when truth of some cell turns by time alone. */
export function readsAge(test: CellTest): boolean {
  switch (test.op) {
    case 'age':
      return true;
    case 'not':
      return readsAge(test.test);
    case 'all':
    case 'some':
      return test.tests.some(readsAge);
    case 'changed':
      return readsAge(test.before) || readsAge(test.after);
    default:
      return false;
  }
}

const PRIME = 0x100000001b3n;
const MASK = 0xffffffffffffffffn;

/** 64 bits of FNV-1a (http://www.isthe.com/chongo/tech/comp/fnv) over UTF-16 units, as 16 hex digits. Not for secrets. */
export function contentHash(value: unknown): string {
  const text = JSON.stringify(value);
  let hash = 0xcbf29ce484222325n;
  for (let at = 0; at < text.length; at++) hash = ((hash ^ BigInt(text.charCodeAt(at))) * PRIME) & MASK;
  return hash.toString(16).padStart(16, '0');
}
