/**
 * Whose row is whose: rows in which a ticket's number ever stood, and rows that were copied from such. Where a write put a number by
 * mistake it makes the row nobody's.
 */
import { rawText } from '../../../../src/model/cell.ts';
import { columnOf, HEADER, type Sheet, type SheetRow } from '../sheet.ts';
import type { Strays } from './strays.ts';

export class Relations {
  readonly #strays: Strays;
  /** Copies and the rows they were made from. */
  readonly #kin = new Map<number, number>();
  /** Rows in whose ID cell a number ever stood. */
  readonly #rowsOf = new Map<string, Set<number>>();
  /** Numbers that ever stood in an ID cell, with the uid of its column: each tab has its own. */
  readonly #written = new Set<string>();
  /** Numbers of rows that are just being appended. */
  readonly #arriving = new Set<string>();
  /** Rows in which a title ever stood, whoever put it there. */
  readonly #titleStood = new Map<string, Set<number>>();
  readonly #seenSheets = new WeakSet<Sheet>();
  readonly #seenRows = new WeakSet<SheetRow>();

  constructor(strays: Strays) {
    this.#strays = strays;
  }

  copied(copy: number, source: number): void {
    this.#kin.set(copy, source);
  }

  /** A row with this number is just being appended. */
  arrives(number: string): void {
    this.#arriving.add(number);
  }

  /** A tab as it now stands in a file or copy: whatever number is in an ID cell makes the row that record's. */
  sheetStands(sheet: Sheet): void {
    if (this.#seenSheets.has(sheet)) return;
    this.#seenSheets.add(sheet);
    const column = columnOf(sheet, 'title');
    for (const row of sheet.rows) {
      if (this.#seenRows.has(row)) continue;
      this.#seenRows.add(row);
      // A row of the service is that record's, also when columns were moved meanwhile and its number stands under another header.
      for (const cell of row.cells)
        if (typeof cell === 'string' && this.#arriving.delete(cell)) this.relate(cell, row.uid);
      const title = rawText(row.cells[column] ?? null);
      const rows = this.#titleStood.get(title);
      if (rows === undefined) this.#titleStood.set(title, new Set([row.uid]));
      else rows.add(row.uid);
    }
    sheet.columns.forEach(({ field }, c) => {
      if (field !== 'id') return;
      for (const row of sheet.rows) {
        const id = row.cells[c] ?? null;
        if (id === null || row.uid === HEADER) continue;
        if (this.#strays.holdsNumber(rawText(id), row.uid)) continue;
        this.relate(rawText(id), row.uid);
        this.#written.add(`${rawText(id)}|${idUid(sheet)}`);
      }
    });
  }

  relate(number: string, row: number): void {
    const rows = this.#rowsOf.get(number);
    if (rows === undefined) this.#rowsOf.set(number, new Set([row]));
    else rows.add(row);
  }

  /** A copy and its source are interchangeable: either may be the row the ticket was made from. */
  relateWithSource(number: string, row: number): void {
    this.relate(number, row);
    const source = this.#kin.get(row);
    if (source !== undefined) this.relate(number, source);
  }

  isRelated(number: string, row: number): boolean {
    const rows = this.#rowsOf.get(number);
    for (let at: number | undefined = row; at !== undefined; at = this.#kin.get(at)) if (rows?.has(at)) return true;
    return false;
  }

  /** Numbers that ever made the row a ticket's. */
  numbersOf(row: number): string[] {
    return [...this.#rowsOf].filter(([, rows]) => rows.has(row)).map(([number]) => number);
  }

  /** The number ever stood in an ID cell of the tab. */
  wasWritten(number: string, sheet: Sheet): boolean {
    return this.#written.has(`${number}|${idUid(sheet)}`);
  }

  titleStood(title: string, row: number): boolean {
    return this.#titleStood.get(title)?.has(row) === true;
  }
}

function idUid(sheet: Sheet): number {
  return sheet.columns[columnOf(sheet, 'id')]?.uid ?? -1;
}
