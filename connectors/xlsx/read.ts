/**
 * Tabs of a package as grids of typed values: the rows of the sheet part, then what lies over them (array formulas,
 * hyperlinks, merged ranges).
 */
import type { CellRange, CellValue, CoveredCell, Grid } from '../../src/model/cell.ts';
import type { Relationship, SheetInfo, XlsxPackage } from './package.ts';
import { refuse } from './refusal.ts';
import { parseRange, SheetReader } from './sheet.ts';
import { loadSharedStrings } from './strings.ts';
import { loadStyles } from './styles.ts';
import { feedPart } from './window.ts';
import { XmlCursor } from './xml.ts';

/**
 * One tab. Only text becomes a link: a number or date that carries one keeps its type. Covered cells are marked inside
 * the rectangle of cells that hold something; `merges` has every range whole. Errors as in `inflate`.
 */
export async function readTab(pkg: XlsxPackage, sheet: SheetInfo): Promise<Grid> {
  const grid = (await readTabs(pkg, [sheet])).get(sheet.name);
  return grid ?? { tab: sheet.name, rows: [], merges: [] };
}

/** Several tabs, by name; styles and shared strings are read once. Sheets are read one after the other, each while it is being inflated. */
export async function readTabs(pkg: XlsxPackage, sheets: readonly SheetInfo[]): Promise<ReadonlyMap<string, Grid>> {
  const [styles, strings] = await Promise.all([loadStyles(pkg), loadSharedStrings(pkg)]);
  const { dateKinds } = styles;
  const { texts } = strings;
  const grids = new Map<string, Grid>();
  for (const { name, part } of sheets) {
    const reader = new SheetReader({ part, texts, dateKinds, date1904: pkg.date1904 });
    await feedPart(pkg.inflateChunks(part), reader);
    const { rows, arrays, tail } = reader;
    const { merges, links } = readOverlays(tail, await pkg.relationships(part));
    const overlay = new Overlay(rows, part);
    for (const range of arrays) overlay.markMembers(range);
    for (const link of links) overlay.link(link.range, link.url);
    for (const range of merges) overlay.cover(range);
    grids.set(name, { tab: name, rows, merges });
  }
  return grids;
}

interface Link {
  readonly range: CellRange;
  readonly url: string;
}

/** Merged ranges and hyperlinks: they stand behind the rows (ECMA-376 part 1, 18.3.1.99). */
function readOverlays(
  bytes: Uint8Array,
  relationships: readonly Relationship[],
): { readonly merges: CellRange[]; readonly links: Link[] } {
  const targets = new Map(relationships.map((r) => [r.id, r.target]));
  const merges: CellRange[] = [];
  const links: Link[] = [];
  const cursor = new XmlCursor(bytes);
  while (cursor.next()) {
    if (cursor.opens('mergeCell')) {
      const range = parseRange(cursor.attribute('ref') ?? '');
      if (range !== null && (range.top !== range.bottom || range.left !== range.right)) merges.push(range);
    } else if (cursor.opens('hyperlink')) {
      const range = parseRange(cursor.attribute('ref') ?? '');
      const target = targets.get(cursor.prefixedAttribute('id') ?? '') ?? '';
      const location = cursor.attribute('location');
      const url = location === null || location === '' ? target : `${target}#${location}`;
      if (range !== null && url !== '') links.push({ range, url });
    }
  }
  return { merges, links };
}

const COVERED: CoveredCell = { kind: 'covered' };

/** Changes cells of rows just read, inside the rectangle that holds something. */
class Overlay {
  private readonly rows: CellValue[][];
  private readonly part: string;
  private readonly width: number;
  /** Ranges of one kind do not overlap in a real sheet, so all of them together touch each cell a few times at most. */
  private budget: number;

  constructor(rows: CellValue[][], part: string) {
    this.rows = rows;
    this.part = part;
    this.width = rows.reduce((width, row) => Math.max(width, row.length), 0);
    this.budget = 1_000_000 + 4 * rows.length * this.width;
  }

  /** A member of an array formula or data table shows a part of the result: it is a formula whose text stands elsewhere. */
  markMembers(range: CellRange): void {
    this.change(range, (value) => {
      if (typeof value === 'object' && value !== null && value.kind !== 'date' && value.kind !== 'error') return value;
      return value === null ? null : { kind: 'formula', formula: '', result: value };
    });
  }

  link(range: CellRange, url: string): void {
    this.change(range, (value) => (typeof value === 'string' ? { kind: 'link', text: value, url } : value));
  }

  cover(range: CellRange): void {
    this.change(range, (value, row, column) => (row === range.top && column === range.left ? value : COVERED));
  }

  private change(range: CellRange, make: (value: CellValue, row: number, column: number) => CellValue): void {
    const bottom = Math.min(range.bottom, this.rows.length - 1);
    const right = Math.min(range.right, this.width - 1);
    for (let row = range.top; row <= bottom; row++) {
      this.budget -= Math.max(1, right - range.left + 1);
      if (this.budget < 0) throw refuse('damaged', `${this.part}: overlapping ranges`);
      let cells = this.rows[row] ?? [];
      for (let column = range.left; column <= right; column++) {
        const before = cells[column] ?? null;
        const after = make(before, row, column);
        if (after === before) continue;
        // Blank rows share one array: it is never written to.
        if (cells.length === 0) {
          cells = [];
          this.rows[row] = cells;
        }
        while (cells.length < column) cells.push(null);
        cells[column] = after;
      }
    }
  }
}
