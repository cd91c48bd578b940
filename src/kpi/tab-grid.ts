/** The cells of a tab while it is laid out. A place is given once: whoever writes a second time has a fault. */
import type { PublishedCell } from '../model/published-tab.ts';

export class TabGrid {
  readonly #rows: (PublishedCell | null)[][] = [];

  put(row: number, column: number, cell: PublishedCell): void {
    while (this.#rows.length <= row) this.#rows.push([]);
    const cells = this.#rows[row]!;
    if (cells[column] !== undefined && cells[column] !== null) throw new RangeError(`cell ${row},${column} is taken`);
    while (cells.length < column) cells.push(null);
    cells[column] = cell;
  }

  putRow(row: number, column: number, cells: readonly PublishedCell[]): void {
    for (const [n, cell] of cells.entries()) this.put(row, column + n, cell);
  }

  get rows(): readonly (readonly (PublishedCell | null)[])[] {
    return this.#rows;
  }
}
