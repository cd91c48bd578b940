/**
 * A page of figures as plain data: cards, charts and tables in their order. A tab of the workbook and a page of the
 * dashboard are drawn from the same section, so they cannot disagree.
 */
import type { Locale } from '../messages/index.ts';
import type { Chart } from '../model/chart.ts';
import type { RecordId } from '../model/record.ts';
import type { FactSet } from './fact-set.ts';
import type { KpiUnit } from './kpi.ts';
import type { Period } from './period.ts';
import type { Filter, Query } from './query.ts';

/** The tickets behind a figure: what `list` is to be asked. */
export interface Drill {
  readonly kpi: string;
  readonly from: number;
  readonly to: number;
  readonly filter: Filter;
  /** Only tickets whose value is not below this, and below that: seconds of a duration, the stage of a funnel, 0 or 1. */
  readonly atLeast?: number;
  readonly below?: number;
  /** How lengths are counted where it is not as the board counts them. */
  readonly mode?: Query['mode'];
}

/** How a number is shown. `hours`: seconds are shown as hours with one place. `change`: a part of 1 with its sign. */
export type Unit = 'text' | 'hours' | 'percent' | 'count' | 'score' | 'decimal' | 'change' | 'instant';

export interface Card {
  readonly kpi: string;
  readonly label: string;
  /** Seconds of a duration, part of 1 of a share; null: there is nothing to measure, which is never 0. */
  readonly value: number | null;
  readonly unit: Unit;
  /** In the period before, of a period that goes on in the same part of it; null when there was nothing. */
  readonly before: number | null;
  /** Whether the change is for the better; null when it is neither. */
  readonly isBetter: boolean | null;
  /** How many tickets it is of, which are left out and why, in words. */
  readonly note: string;
  readonly drill: Drill;
}

export interface TableColumn {
  readonly label: string;
  readonly unit: Unit;
  /** Numbers get a bar in their cell, or a colour by their size. */
  readonly shade?: 'bar' | 'scale';
}

export interface TableRow {
  /** One per column: seconds for `hours`, part of 1 for `percent`, milliseconds for `instant`. */
  readonly cells: readonly (string | number | null)[];
  readonly drill?: Drill;
  /** `faint`: too few to be relied on. */
  readonly look?: RowLook;
  /** Where cells of one row stand for tickets of their own, or differ in look: one per cell. */
  readonly drills?: readonly (Drill | null)[];
  readonly looks?: readonly (RowLook | null)[];
  /** The row is one ticket. Its first cell is a makeshift until `nameTickets` gives it number and title. */
  readonly ticket?: RecordId;
  /** The sum of the rows above: it takes no part in their colours. */
  readonly isTotal?: boolean;
}

export type RowLook = 'good' | 'bad' | 'faint';

export type Panel =
  | { readonly kind: 'cards'; readonly title: string; readonly cards: readonly Card[] }
  | {
      readonly kind: 'chart';
      readonly title: string;
      /** Values as shown: hours of durations, parts of 1 of shares. */
      readonly chart: Chart;
      /** How to read it. */
      readonly note?: string;
      /** What each category leads to, where it leads somewhere. */
      readonly drills?: readonly (Drill | null)[];
    }
  | {
      readonly kind: 'table';
      readonly title: string;
      readonly columns: readonly TableColumn[];
      readonly rows: readonly TableRow[];
      readonly note?: string;
    };

export interface Section {
  /** Stable: `overview`; also its address and the key of its tab. */
  readonly name: string;
  readonly title: string;
  /** What must be known of all figures of the page: that its period has not begun. */
  readonly notice?: string;
  readonly panels: readonly Panel[];
}

/** Somebody tickets can be given to. */
export interface BoardPerson {
  readonly name: string;
  readonly team: string | null;
  /** Tickets he can hold; null: nobody said. 0 while on leave. */
  readonly capacity: number | null;
  readonly isOnLeave: boolean;
}

/** What a section is made from. */
export interface Board {
  readonly facts: FactSet;
  readonly period: Period;
  readonly before: Period;
  /** The question of the period. */
  readonly query: Query;
  readonly people: readonly BoardPerson[];
  /** Customer levels whose customers are watched one by one. */
  readonly vipLevels: readonly string[];
  readonly locale: Locale;
  readonly timeZone: string;
  readonly now: number;
}

export interface SectionMaker {
  readonly name: string;
  make(board: Board): Section;
}

export function unitOf(unit: KpiUnit): Unit {
  return unit === 'duration' ? 'hours' : unit === 'share' ? 'percent' : unit;
}
