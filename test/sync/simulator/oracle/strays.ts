/** What writes of ours brought where it was not meant to be (X2): nobody typed it there, and a number there names nothing. */
export class Strays {
  /** Cells in which a value stands that was not meant for them, as `row|column`. */
  readonly #cells = new Set<string>();
  /** Numbers that a write put into a row they were not meant for, as `number|row`. */
  readonly #numbers = new Set<string>();
  /** What came with an appended row into a column that was not mapped then, as `binding|column|text`. */
  readonly #unread = new Set<string>();

  /** A write hit a cell it was not meant for. Without a column it lies beyond the last one. */
  hitCell(row: number, column: number | undefined): void {
    this.#cells.add(`${row}|${column}`);
  }

  /** The next write hits the cell; true when a value stood there that was not meant for it. */
  overwrite(row: number, column: number | undefined): boolean {
    return this.#cells.delete(`${row}|${column}`);
  }

  holdsCell(row: number, column: number): boolean {
    return this.#cells.has(`${row}|${column}`);
  }

  hitNumber(number: string, row: number): void {
    this.#numbers.add(`${number}|${row}`);
  }

  /** Whatever brought a number there before: now a person has put it there. */
  typedNumber(number: string, row: number): void {
    this.#numbers.delete(`${number}|${row}`);
  }

  holdsNumber(number: string, row: number): boolean {
    return this.#numbers.has(`${number}|${row}`);
  }

  cameUnread(binding: string, column: number, text: string): void {
    this.#unread.add(`${binding}|${column}|${text}`);
  }

  isUnread(binding: string, column: number, text: string): boolean {
    return this.#unread.has(`${binding}|${column}|${text}`);
  }
}
