/** A planned tab as Graph is to hold it: what goes into each cell, its look, and what is to be remembered of it. */
import { cardsOf, lookKey } from '../../../src/model/cell-looks.ts';
import type { PublishedCell, PublishedTab } from '../../../src/model/published-tab.ts';
import { canonicalFormula, type NameNow, placeOfLink, withNamesNow } from '../../../src/model/tab-names.ts';
import { wallOf } from '../../../src/model/wall-clock.ts';
import { MAX_CELL_CHARS, serialOf, type WireValue } from '../../msgraph-api.ts';
import { markOf, type WrittenCell } from '../../published/written.ts';

/** What stands in a cell, or is to stand there; formulas without `=`. */
export type Stored = null | string | number | boolean | { readonly formula: string };

export interface LaidCell extends WrittenCell {
  readonly stored: Stored;
  /** As `values` takes it; `''` for an empty cell with a look. */
  readonly wire: Exclude<WireValue, null>;
  /** Its formula leads to a tab that is gone: it cannot be written, and is left as it stands. */
  readonly isStuck: boolean;
}

export interface LaidTab {
  readonly plan: PublishedTab;
  readonly height: number;
  readonly width: number;
  /** Cells that hold something or have a look. */
  cell(row: number, column: number): LaidCell | null;
}

export interface Setting {
  readonly timeZone: string;
  readonly now: NameNow;
  /** A tab's key for the name it has now, so that a new name makes no other formula. */
  readonly keyed: NameNow;
  /** Names, as plans give them, of tabs that are gone. */
  readonly gone: ReadonlySet<string>;
}

export function layOutTab(plan: PublishedTab, { timeZone, now, keyed, gone }: Setting): LaidTab {
  const width = plan.rows.reduce((most, row) => Math.max(most, row.length), 0);
  const cards = cardsOf(plan.rows);
  const cells = plan.rows.map((row, r) =>
    Array.from({ length: width }, (_, c): LaidCell | null => {
      const planned = row[c] ?? null;
      const look = lookKey(planned, cards.has(`${r},${c}`));
      const stored = planned === null ? null : storedOf(planned, timeZone, now);
      if (stored === null && look === '') return null;
      const isStuck = planned?.formula !== undefined && leadsTo(planned.formula, gone);
      return { stored, wire: wireOfStored(stored), look, mark: markOfStored(stored, keyed), isStuck };
    }),
  );
  return { plan, height: plan.rows.length, width, cell: (row, column) => cells[row]?.[column] ?? null };
}

function leadsTo(formula: string, names: ReadonlySet<string>): boolean {
  let found = false;
  withNamesNow(formula, (name) => {
    found ||= names.has(name);
    return name;
  });
  return found;
}

/** The mark of what a cell holds. */
export function markOfStored(stored: Stored, keyed: NameNow): string {
  if (stored === null) return markOf('');
  if (typeof stored === 'number') return markOf(`n${Number(stored.toPrecision(12))}`);
  if (typeof stored === 'boolean') return markOf(`b${stored}`);
  if (typeof stored === 'string') return markOf(`s${lines(stored)}`);
  return markOf(`f${canonicalFormula(withNamesNow(stored.formula, keyed))}`);
}

/** A cell of an answer. `formulas` of a cell without one is its value. */
export function standing(value: unknown, formula: unknown): Stored {
  if (typeof formula === 'string' && formula.startsWith('=') && formula !== value) return { formula: formula.slice(1) };
  if (typeof value === 'number' || typeof value === 'boolean') return value;
  return typeof value === 'string' && value !== '' ? value : null;
}

/** The same to a person: apps keep 15 digits of a number and one kind of line end. */
export function sameStored(a: Stored, b: Stored): boolean {
  if (typeof a === 'number' && typeof b === 'number') {
    return a === b || Math.abs(a - b) <= 1e-12 * Math.max(Math.abs(a), Math.abs(b));
  }
  if (typeof a === 'string' && typeof b === 'string') return lines(a) === lines(b);
  if (typeof a === 'object' && a !== null && typeof b === 'object' && b !== null) {
    return canonicalFormula(a.formula) === canonicalFormula(b.formula);
  }
  return a === b;
}

/** What was typed, for people. */
export function typedText(stored: Stored): string {
  if (stored === null) return '';
  return typeof stored === 'object' ? `=${stored.formula}` : String(stored);
}

const lines = (text: string): string => text.replace(/\r\n?/g, '\n');

function storedOf(cell: PublishedCell, timeZone: string, now: NameNow): Stored {
  if (cell.formula !== undefined) return { formula: withNamesNow(cell.formula, now) };
  const value = plainOf(cell, timeZone);
  return cell.link === undefined || value === null ? value : (linkOf(cell.link, value, now) ?? value);
}

function plainOf({ value, isInstant }: PublishedCell, timeZone: string): Exclude<Stored, object> {
  if (value === null || value === '') return null;
  if (isInstant === true && typeof value === 'string' && !Number.isNaN(Date.parse(value))) {
    // Whole seconds: no app shows more, and some round when they save.
    const wallMs = Math.floor(wallOf(Date.parse(value), timeZone) / 1_000) * 1_000;
    return serialOf({ wallMs });
  }
  if (typeof value === 'number') return Number.isFinite(value) ? Number(value.toPrecision(15)) + 0 : null;
  return typeof value === 'string' ? value.slice(0, MAX_CELL_CHARS) : value;
}

/** A text inside a formula has a limit. */
const LONGEST_LITERAL = 255;

/** Links are formulas here, because the API has no others; one that is too long for that is left out. */
function linkOf(link: string, value: string | number | boolean, now: NameNow): Stored {
  const target = link.startsWith('#') ? `#${placeOfLink(link, now)}` : link;
  const shown = typeof value === 'string' ? quoted(value) : String(value).toUpperCase();
  if (target.length > LONGEST_LITERAL || (typeof value === 'string' && value.length > LONGEST_LITERAL)) return null;
  return { formula: `HYPERLINK(${quoted(target)},${shown})` };
}

const quoted = (text: string): string => `"${text.replaceAll('"', '""')}"`;

function wireOfStored(stored: Stored): Exclude<WireValue, null> {
  if (stored === null) return '';
  if (typeof stored === 'string') return `'${stored}`;
  return typeof stored === 'object' ? `=${stored.formula}` : stored;
}
