/**
 * A planned tab against the tab that stands: which cells are to be written and dressed, and what people had typed there.
 * Pure. The one rule: a cell is ours when it holds what we wrote last (its mark says so); anything else that is not empty
 * was typed, is replaced where figures stand, told, and left alone everywhere else.
 */
import { type CellValue, cellAt, type DateCell, type Grid, wallText } from '../../src/model/cell.ts';
import type { Published, PublishedCell, PublishedTab } from '../../src/model/published-tab.ts';
import { canonicalFormula, type NameNow, withNamesNow } from '../../src/model/tab-names.ts';
import { wallOf } from '../../src/model/wall-clock.ts';
import { announced, isOwn, markOf, type WrittenCell } from '../published/written.ts';
import { faultOfText, isOwnLink, serialOf, wireOf } from './cells.ts';
import { fillsOf, lookKey } from './published-looks.ts';
import { MAX_CELL_CHARS } from './write-plan.ts';

/** A cell as it is to stand. */
export interface LaidCell extends WrittenCell {
  readonly wire: unknown;
  /** What it says, in a text that is equal for equal cells. */
  readonly sign: string;
  readonly link: string | null;
  readonly isDate: boolean;
}

export interface Names {
  /** What a tab of the plan is called now. */
  readonly now: NameNow;
  /** The key of the tab that is called so now; other names as they are. */
  readonly keyed: NameNow;
  /** The address a link of a plan leads to here. */
  readonly address: (link: string) => string;
}

const NOTHING: LaidCell = { wire: '', sign: '', mark: '', look: '', link: null, isDate: false };

/** The cells of a plan, the whole rectangle of them. */
export function layOutPlan(plan: PublishedTab, timeZone: string, names: Names): LaidCell[][] {
  const width = plan.rows.reduce((most, row) => Math.max(most, row.length), 0);
  const fills = fillsOf(plan);
  return plan.rows.map((row, r) =>
    Array.from({ length: width }, (_, c) => {
      const cell = row[c] ?? null;
      const look = lookKey(cell, fills.get(`${r},${c}`) ?? '');
      return cell === null ? { ...NOTHING, look } : { ...contentOf(cell, timeZone, names), look };
    }),
  );
}

function contentOf(cell: PublishedCell, timeZone: string, { now, keyed, address }: Names): LaidCell {
  const { value, formula, link } = cell;
  const made = (wire: unknown, sign: string, more: Partial<LaidCell> = {}): LaidCell => {
    return { ...NOTHING, wire, sign, mark: markOfSign(sign), ...more };
  };
  if (formula !== undefined) {
    const text = withNamesNow(formula, now);
    return made({ type: 'formula', text: `=${text}` }, formulaSign(text, keyed));
  }
  if (value === null || value === '') return NOTHING;
  if (typeof value === 'number') return Number.isFinite(value) ? made(value, signOf(value, keyed)) : NOTHING;
  if (typeof value === 'boolean') return made(value, signOf(value, keyed));
  if (cell.isInstant === true && !Number.isNaN(Date.parse(value))) {
    const wallMs = Math.floor(wallOf(Date.parse(value), timeZone) / 1_000) * 1_000;
    const date: DateCell = { kind: 'date', wallMs, hasTime: true };
    if (serialOf(date) !== null) return made(wireOf(date), signOf(date, keyed), { isDate: true });
  }
  const text = sendable(value);
  if (text === '') return NOTHING;
  if (link === undefined) return made(wireOf(text), signOf(text, keyed));
  const url = address(link);
  return made({ type: 'url', text, link: url }, signOf(text, keyed), { link: url });
}

/** Figures come from tickets: a text among them may hold what the platform refuses, and must not stop all others. */
function sendable(text: string): string {
  const short = text.length > MAX_CELL_CHARS ? text.slice(0, MAX_CELL_CHARS - 1) : text;
  return faultOfText(short) === null ? short : short.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]|\p{Cs}/gu, '');
}

const markOfSign = (sign: string): string => (sign === '' ? '' : markOf(sign));

function signOf(value: CellValue, keyed: NameNow): string {
  if (value === null) return '';
  if (typeof value === 'string') return `s${value.replace(/\r\n?/g, '\n')}`;
  if (typeof value === 'number') return `n${Number(value.toPrecision(12))}`;
  // Cells without a box for it keep a truth as text.
  if (typeof value === 'boolean') return `s${value ? 'TRUE' : 'FALSE'}`;
  switch (value.kind) {
    case 'date':
      return `d${Math.round(value.wallMs / 1_000)}`;
    case 'link':
      return signOf(value.text, keyed);
    case 'error':
      return `e${value.code}`;
    case 'formula':
      return formulaSign(value.formula, keyed);
    case 'covered':
      return '';
  }
}

const formulaSign = (formula: string, keyed: NameNow): string => `f${canonicalFormula(withNamesNow(formula, keyed))}`;

function leadsTo(value: CellValue, url: string): boolean {
  if (typeof value === 'string') return isOwnLink(value, url);
  return typeof value === 'object' && value?.kind === 'link' && value.url === url;
}

function typedText(value: CellValue): string {
  if (typeof value !== 'object' || value === null) return value === null ? '' : String(value);
  if (value.kind === 'formula') return `=${value.formula}`;
  if (value.kind === 'date') return wallText(value);
  if (value.kind === 'link') return value.text;
  return value.kind === 'error' ? value.code : '';
}

export interface CellChange {
  readonly row: number;
  readonly column: number;
  readonly wire: unknown;
}

export interface TabChanges {
  readonly contents: readonly CellChange[];
  /** Cells by the key of the look they are to get. */
  readonly looks: ReadonlyMap<string, readonly CellChange[]>;
  readonly replaced: readonly Omit<Published['replaced'][number], 'tab'>[];
  /** What is to be remembered while this is carried out, rows of cells. */
  readonly announced: readonly (readonly WrittenCell[])[];
  /** Cells that change in content or look. */
  readonly count: number;
}

/** `before`: what was written last, rows of cells; empty for a tab that is made now. */
export function compare(
  laid: readonly (readonly LaidCell[])[],
  before: readonly (readonly (WrittenCell | null)[])[],
  grid: Grid,
  keyed: NameNow,
): TabChanges {
  const contents: CellChange[] = [];
  const looks = new Map<string, CellChange[]>();
  const replaced: { row: number; column: number; typed: string }[] = [];
  const underWay: WrittenCell[][] = [];
  let count = 0;
  const width = laid[0]?.length ?? 0;
  for (let row = 0; row < Math.max(laid.length, before.length); row++) {
    const cells: WrittenCell[] = [];
    underWay.push(cells);
    for (let column = 0; column < Math.max(width, before[row]?.length ?? 0); column++) {
      const isInside = row < laid.length && column < width;
      const wanted = (isInside ? laid[row]?.[column] : undefined) ?? NOTHING;
      const last = before[row]?.[column] ?? null;
      const stands = cellAt(grid, row, column);
      const sign = signOf(stands, keyed);
      const mark = markOfSign(sign);
      const isOurs = isOwn(last, mark);
      cells.push(announced(last, mark, wanted));
      const isLinkRight = wanted.link === null || leadsTo(stands, wanted.link);
      const differs = sign !== wanted.sign || (!isLinkRight && sign !== '');
      const writes = differs && (isInside || isOurs);
      const change: CellChange = { row, column, wire: wanted.wire };
      if (writes) {
        contents.push(change);
        if (sign !== '' && !isOurs && sign !== wanted.sign) replaced.push({ row, column, typed: typedText(stands) });
      }
      const wasDate = typeof stands === 'object' && stands?.kind === 'date';
      const isRedressed = (last?.look ?? '') !== wanted.look || (writes && wasDate !== wanted.isDate);
      const dresses = isRedressed && (isInside || isOurs || sign === '');
      if (dresses) {
        const list = looks.get(wanted.look) ?? [];
        looks.set(wanted.look, list);
        list.push(change);
      }
      if (writes || dresses) count++;
    }
  }
  return { contents, looks, replaced, announced: underWay, count };
}
