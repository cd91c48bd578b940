/** What is asked of the figures: a span of time, a point of view, and which tickets count. Pure. */
import type { WorkCalendar } from '../model/calendar.ts';
import { statusOptions } from '../model/status.ts';
import { type Block, categories } from './block.ts';
import type { FactSet } from './fact-set.ts';

/** `[from, to)`, seen from `asOf`: what happened later is not known then. Milliseconds since 1970 in UTC. */
export interface Window {
  readonly from: number;
  readonly to: number;
  readonly asOf: number;
  /**
   * Instants in ascending order that part the window, where figures of all parts are asked for at once: a ticket that is
   * in two of them is a sample of each, as if each had been asked for alone.
   */
  readonly cuts?: readonly number[];
}

/** The place of the part an instant lies in; 0 in a window that is not parted. */
export function partAt({ cuts }: Window, at: number): number {
  if (cuts === undefined) return 0;
  let [low, high] = [0, cuts.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (cuts[middle]! <= at) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** What tickets can be picked and grouped by. `person` is who gets the credit, which each KPI decides for itself. */
export const dimensions = [
  'team',
  'person',
  'productLine',
  'module',
  'issueType',
  'customerLevel',
  'customer',
  'priority',
  'channel',
  'region',
  /** As it is now, whatever period is asked for. */
  'status',
] as const;
export type Dimension = (typeof dimensions)[number];

/** Those a ticket holds the code of a name for. */
type NamedDimension = Exclude<Dimension, 'person' | 'status'>;

/** Any of the names of each dimension that is given; the empty text stands for tickets that have none. */
export type Filter = Readonly<Partial<Record<Dimension, readonly string[]>>>;

export interface KpiSettings {
  /** A solved ticket may be reopened for so long; until then it is not sure that it was solved at once. */
  readonly reopenDays: number;
  /** Reopened within so many days counts against the rate. */
  readonly reopenedWithinDays: number;
  /** The lowest rating of a satisfied customer, of 5. */
  readonly goodScore: number;
  /** The workspace's own calendar, for lengths that end now. */
  readonly calendar: WorkCalendar;
}

export const kpiDefaults: Omit<KpiSettings, 'calendar'> = { reopenDays: 7, reopenedWithinDays: 30, goodScore: 4 };

export interface Query {
  readonly window: Window;
  /** How lengths are counted: working time, or the clock on the wall. */
  readonly mode: 'business' | 'calendar';
  readonly filter: Filter;
  readonly settings: KpiSettings;
}

/** Whether a ticket counts: not at all, only where the past is asked for (it was dropped since), or fully. */
export const NOT = 0;
export const DROPPED = 1;
export const COUNTED = 2;

/**
 * The tickets of a filter. Questions that share a filter object share the answer, which costs more than most figures of
 * a page; a filter must therefore not be changed once it was asked with.
 */
export function selectionOf(facts: FactSet, filter: Filter): Selection {
  const known = selections.get(filter);
  // A name seen since may be one that is asked for.
  if (known?.facts === facts && known.names === facts.names) return known.selection;
  const selection = new Selection(facts, filter);
  selections.set(filter, { facts, names: facts.names, selection });
  return selection;
}

const selections = new WeakMap<
  Filter,
  { readonly facts: FactSet; readonly names: number; readonly selection: Selection }
>();

/** Dimensions whose field may hold several values, joined with 、; a customer's name may have that mark for itself. */
const joined: ReadonlySet<string> = new Set(['team', 'productLine', 'module', 'issueType', 'channel', 'region']);

/** See `selectionOf`. */
export class Selection {
  /** Codes of people whose credit is asked for; null: everybody's. */
  readonly people: ReadonlySet<number> | null;
  readonly #marks = new WeakMap<Block, Uint8Array>();
  readonly #wanted: readonly { readonly dimension: NamedDimension; readonly codes: ReadonlySet<number> }[];
  readonly #categories: ReadonlySet<number> | null;

  constructor(facts: FactSet, filter: Filter) {
    const { person, status, ...others } = filter;
    this.#categories = status === undefined ? null : categoriesOf(status);
    this.people = person === undefined ? null : codesOf(facts, person, false);
    this.#wanted = Object.entries(others).flatMap(([dimension, names]) =>
      names === undefined
        ? []
        : [{ dimension: dimension as NamedDimension, codes: codesOf(facts, names, joined.has(dimension)) }],
    );
  }

  /** `NOT`, `DROPPED` or `COUNTED` for each ticket of a block. */
  marks(block: Block): Uint8Array {
    let marks = this.#marks.get(block);
    if (marks === undefined) {
      marks = this.#mark(block);
      this.#marks.set(block, marks);
    }
    return marks;
  }

  #mark({ tickets }: Block): Uint8Array {
    const marks = new Uint8Array(tickets.length);
    for (let row = 0; row < tickets.length; row++) {
      const isDropped = tickets.isDeleted[row] === 1 || isDroppedCategory(tickets.category[row]!);
      marks[row] = isDropped ? DROPPED : COUNTED;
    }
    const categoriesWanted = this.#categories;
    if (categoriesWanted !== null) {
      for (let row = 0; row < tickets.length; row++) {
        if (!categoriesWanted.has(tickets.category[row]!)) marks[row] = NOT;
      }
    }
    for (const { dimension, codes } of this.#wanted) {
      const column = tickets[dimension];
      for (let row = 0; row < tickets.length; row++) if (!codes.has(column[row]!)) marks[row] = NOT;
    }
    return marks;
  }
}

/** Categories by name or by the label of either language. */
function categoriesOf(names: readonly string[]): ReadonlySet<number> {
  const meant = statusOptions.filter(({ category, label, en }) =>
    [category, label, en].some((name) => names.includes(name ?? '')),
  );
  return new Set(meant.map(({ category }) => categories.indexOf(category)));
}

/** Codes of names; a field with several values holds each of them. */
function codesOf(facts: FactSet, names: readonly string[], isJoined: boolean): ReadonlySet<number> {
  const codes = new Set(names.flatMap((name) => (name === '' ? [-1] : (facts.knownCode(name) ?? []))));
  if (!isJoined) return codes;
  const wanted = new Set(names);
  for (let code = 0; code < facts.names; code++) {
    const name = facts.nameOf(code)!;
    if (name.includes('、') && name.split('、').some((part) => wanted.has(part))) codes.add(code);
  }
  return codes;
}

const cancelled = categories.indexOf('cancelled');
const merged = categories.indexOf('merged');

function isDroppedCategory(category: number): boolean {
  return category === cancelled || category === merged;
}

export function isInside(window: Window, at: number): boolean {
  return at >= window.from && isPast(window, at);
}

/**
 * Whether something had happened by the end of the window, as far as is known. What happens at the very end belongs to the
 * next window, also of a stock: else rows of a day without a time, which stand at midnight, would be counted in the
 * backlog of the day before they came in.
 */
export function isPast({ to, asOf }: Window, at: number): boolean {
  return at < to && at <= asOf;
}
