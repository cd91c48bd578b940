/** What the runners read last of every workbook, and the rows that stood there when a problem was told of them. */
import type { CellValue } from '../../../../src/model/cell.ts';
import type { Problem } from '../../../../src/model/change.ts';
import { type Book, columnOf, HEADER } from '../sheet.ts';
import type { PlacedRow, Watched } from './watched.ts';

/** A row below the header of a tab. */
export interface ReadRow extends PlacedRow {
  readonly binding: string;
  readonly id: CellValue;
}

const READS_AT_ONCE = 2;

export class Reads {
  readonly #watched: Watched;
  readonly #read = new Map<string, readonly Book[]>();
  /** Rows that a problem was told of, by its key, and the place it was told with. */
  readonly #toldOf = new Map<string, { readonly place: number; readonly rows: readonly PlacedRow[] }>();

  constructor(watched: Watched) {
    this.#watched = watched;
  }

  /** A runner read the workbook; two of them may be at work. */
  note(workbook: string, book: Book): void {
    const before = (this.#read.get(workbook) ?? []).filter((other) => other !== book);
    this.#read.set(workbook, [...before, book].slice(-READS_AT_ONCE));
  }

  /** Rows below the headers as a runner last read the tabs, or as any of the last reads and the present have them. */
  rows(which: 'last' | 'any'): ReadRow[] {
    return this.#watched.tabs.flatMap(({ workbook, tab }) => {
      const reads = this.#read.get(workbook) ?? [];
      const books = which === 'last' ? reads.slice(-1) : new Set([...reads, this.#watched.book(workbook)]);
      const sheets = new Set([...books].flatMap((book) => book.tabs.get(tab) ?? []));
      return [...sheets].flatMap((sheet) => {
        const header = sheet.rows.findIndex(({ uid }) => uid === HEADER);
        const column = columnOf(sheet, 'id');
        const binding = `${workbook}/${tab}`;
        return sheet.rows
          .slice(header + 1)
          .map((row): ReadRow => ({ binding, sheet, id: row.cells[column] ?? null, row }));
      });
    });
  }

  /** Which row a problem is about: the one that was read at its place when that was told. */
  noteToldOf({ key, binding, row: place, field, state }: Problem): void {
    if (state === 'resolved') this.#toldOf.delete(key);
    if (state !== 'open' || place === null || field !== null || this.#toldOf.get(key)?.place === place) return;
    const tab = this.#watched.tabs.find((of) => `${of.workbook}/${of.tab}` === binding);
    const reads = tab === undefined ? [] : (this.#read.get(tab.workbook) ?? []);
    const rows = reads.flatMap((book) => {
      const sheet = book.tabs.get(tab!.tab);
      const row = sheet?.rows[place];
      return sheet === undefined || row === undefined ? [] : [{ sheet, row }];
    });
    this.#toldOf.set(key, { place, rows });
  }

  /** Rows that a problem was told of, by its key. */
  toldOf(key: string): readonly PlacedRow[] {
    return this.#toldOf.get(key)?.rows ?? [];
  }
}
