/**
 * How each look of a published cell is drawn, wherever it is published: sizes, weights and colours. The face is always the
 * workbook's own, so that Chinese text is shown as everywhere else in it. A look has a key; a cell's style is set again
 * only when its key changes, and what a person did to a cell's format stays.
 */
import type { CellLook, PublishedCell } from './published-tab.ts';

const INK = '262626';
const QUIET = '7F7F7F';
const DEEP = '1F3864';
/** Ground of the cells around a large figure. */
export const CARD = 'F2F6FB';
const RULE = 'E3E7ED';

export interface Drawing {
  readonly font: {
    readonly size: number;
    readonly colour: string;
    readonly bold?: boolean;
    readonly italic?: boolean;
  };
  readonly fill?: string;
  readonly line?: string;
  readonly horizontal?: 'left' | 'center' | 'right';
  readonly wrap?: boolean;
  /** Height of a row that holds it, in points. */
  readonly height: number;
}

const drawings: Readonly<Record<CellLook, Drawing>> = {
  title: { font: { size: 18, bold: true, colour: DEEP }, horizontal: 'left', height: 33 },
  subtitle: { font: { size: 10, colour: QUIET }, horizontal: 'left', height: 19.5 },
  heading: {
    font: { size: 10, bold: true, colour: 'FFFFFF' },
    fill: DEEP,
    horizontal: 'center',
    wrap: true,
    height: 24,
  },
  label: { font: { size: 10, colour: '595959' }, height: 19.5 },
  figure: { font: { size: 22, bold: true, colour: DEEP }, horizontal: 'left', height: 36 },
  value: { font: { size: 10, colour: INK }, line: RULE, height: 18 },
  note: { font: { size: 9, colour: QUIET }, height: 18 },
  good: { font: { size: 10, bold: true, colour: '1B7F4B' }, line: RULE, height: 18 },
  bad: { font: { size: 10, bold: true, colour: 'C0392B' }, line: RULE, height: 18 },
  faint: { font: { size: 10, italic: true, colour: 'A6A6A6' }, line: RULE, height: 18 },
  check: { font: { size: 9, colour: '3B7A57' }, line: RULE, height: 18 },
};

/** How an instant is shown when its cell names no format. */
const INSTANT_FORMAT = 'yyyy-mm-dd hh:mm';

/** Height of a row for the tallest look in it, in points; null when the app's own will do. */
export function heightFor(cells: readonly (PublishedCell | null)[]): number | null {
  const heights = cells.flatMap((cell) => (cell?.look === undefined ? [] : [drawings[cell.look].height]));
  return heights.length === 0 ? null : Math.max(...heights);
}

type Rows = readonly (readonly (PublishedCell | null)[])[];

const beside: ReadonlySet<CellLook | undefined> = new Set(['label', 'note', 'good', 'bad', 'faint', 'figure']);

/** Cells that belong to a card: what stands directly above, below and beside a large figure. By `row,column`. */
export function cardsOf(rows: Rows): ReadonlySet<string> {
  const cards = new Set<string>();
  const belongs = (row: number, column: number): boolean => beside.has((rows[row]?.[column] ?? undefined)?.look);
  for (const [row, cells] of rows.entries()) {
    for (const [column, cell] of cells.entries()) {
      if (cell?.look !== 'figure') continue;
      for (let r = row; r >= 0 && row - r <= 2 && belongs(r, column); r--) cards.add(`${r},${column}`);
      for (let r = row; row + 3 >= r && belongs(r, column); r++) cards.add(`${r},${column}`);
      for (let c = column + 1; belongs(row, c); c++) cards.add(`${row},${c}`);
    }
  }
  return cards;
}

/** Key of a cell's look; empty for a cell that has none. */
export function lookKey(cell: PublishedCell | null, inCard: boolean): string {
  if (cell === null) return '';
  const format = cell.format ?? (cell.isInstant === true ? INSTANT_FORMAT : '');
  const look = cell.look ?? '';
  const isLink = cell.link !== undefined;
  if (look === '' && format === '' && !isLink) return '';
  return `${look}|${isLink ? 'link' : ''}|${inCard ? 'card' : ''}|${format}`;
}

/** What a key stands for, taken apart. `look` is how the cell is drawn, null for a format alone. */
export interface LookParts {
  readonly look: CellLook | null;
  readonly drawing: Drawing;
  /** Drawn as something to click on. */
  readonly isLink: boolean;
  readonly inCard: boolean;
  /** Excel number format, or null. */
  readonly format: string | null;
}

export function lookParts(key: string): LookParts {
  const [look = '', link = '', card = '', ...format] = key.split('|');
  return {
    look: look === '' ? null : (look as CellLook),
    drawing: drawings[look === '' ? 'value' : (look as CellLook)],
    isLink: link !== '' && !['heading', 'figure', 'title'].includes(look),
    inCard: card !== '',
    format: format.join('|') || null,
  };
}

/** Colour of what can be clicked on. */
export const LINK_COLOUR = '0563C1';
