/**
 * A workbook of the desk as a real .xlsx file, read and written by a real connector. People's saves reach the file before the
 * engine's next call: a few cells as a careful program changes them, anything else as one that writes the whole file anew. What the
 * file shows must at every read be what the world says it holds.
 */
import { existsSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import type { Connector, Operation, Push } from '../../../connectors/connector.ts';
import { openPackage } from '../../../connectors/xlsx/package.ts';
import { patchWorkbook } from '../../../connectors/xlsx/patch.ts';
import { createXlsxConnector } from '../../../connectors/xlsx.ts';
import { address, type CellValue, type Grid, rawText } from '../../../src/model/cell.ts';
import { carriedOut, type WorkbookFile } from './file-model.ts';
import { type Book, gridOf, type Sheet } from './sheet.ts';

const STAMP_TAB = '_sync';

/** Where the file lies, and how people and the engine come to it. */
export interface Shelf {
  connect(): Connector;
  /** What lies there now. */
  take(): Promise<Uint8Array>;
  /** Somebody saves. */
  put(bytes: Uint8Array): Promise<void>;
  /** Somebody opens it, or closes it. */
  lock(isLocked: boolean): Promise<void>;
  /** The moments of another program's save; null where nobody sees such. */
  readonly moments: { absent(): void; empty(): void } | null;
}

/** A folder on the disk, with the xlsx connector. */
export function folderShelf(folder: string, workbook: string): Shelf {
  const path = join(folder, `${workbook}.xlsx`);
  const lockPath = join(folder, `~$${workbook}.xlsx`);
  return {
    connect: () =>
      createXlsxConnector({
        path,
        backupDir: join(folder, 'backups'),
        clock: { now: () => new Date() },
        logger: { log: () => undefined },
      }),
    take: async () => readFileSync(path),
    async put(bytes) {
      writeFileSync(`${path}.saving`, bytes);
      renameSync(`${path}.saving`, path);
    },
    async lock(isLocked) {
      if (isLocked === existsSync(lockPath)) return;
      if (isLocked) writeFileSync(lockPath, '');
      else rmSync(lockPath);
    },
    moments: { absent: () => rmSync(path, { force: true }), empty: () => writeFileSync(path, '') },
  };
}

export class RealFile implements WorkbookFile {
  book: Book;
  locked = false;
  readonly #shelf: Shelf;
  readonly #nextRow: () => number;
  /** The very bytes each content was saved as: an old copy comes back as it was. */
  readonly #bytes = new WeakMap<Book, Uint8Array>();
  #state: WorkbookFile['state'] = 'whole';
  #lies: { readonly book: Book | null; readonly state: WorkbookFile['state'] } = { book: null, state: 'absent' };

  constructor(shelf: Shelf, book: Book, nextRow: () => number) {
    this.book = book;
    this.#shelf = shelf;
    this.#nextRow = nextRow;
  }

  get state(): WorkbookFile['state'] {
    return this.#state;
  }

  set state(state: WorkbookFile['state']) {
    this.#state = this.#shelf.moments === null ? 'whole' : state;
  }

  connect(): Connector {
    const inner = this.#shelf.connect();
    return {
      kind: inner.kind,
      capabilities: inner.capabilities,
      close: () => inner.close(),
      describe: async () => {
        await this.#bring();
        return inner.describe();
      },
      version: async () => {
        await this.#bring();
        return inner.version();
      },
      pull: async (tabs) => {
        await this.#bring();
        const pulled = await inner.pull(tabs);
        if (pulled.generation !== this.book.generation) {
          throw new Error(`the stamp is ${pulled.generation}, it was left as ${this.book.generation}`);
        }
        for (const [tab, grid] of pulled.grids) assertShows(grid, gridOf(tab, this.book.tabs.get(tab)!));
        return pulled;
      },
      push: async (push) => {
        await this.#bring();
        const { book, outcomes } = carriedOut(this.book, push, this.#nextRow);
        const pushed = await inner.push(push);
        const landed = pushed.outcomes.every(({ status }) => status !== 'stale');
        if (!landed) return pushed;
        const told = pushed.outcomes.map((of) => (of.status === 'applied' ? of.row : of.status));
        const meant = outcomes.map((of) => (of.status === 'applied' ? of.row : of.status));
        if (told.join() !== meant.join()) throw new Error(`the push did ${told.join()} instead of ${meant.join()}`);
        this.book = book;
        this.#bytes.set(book, await this.#shelf.take());
        this.#lies = { book, state: 'whole' };
        return pushed;
      },
    };
  }

  async takes(push: Push): Promise<boolean> {
    if (this.state !== 'whole' || this.locked) return false;
    const connector = this.connect();
    try {
      return (await connector.version()) === push.version;
    } finally {
      await connector.close();
    }
  }

  /** Brings the file to what people left there. */
  async #bring(): Promise<void> {
    await this.#shelf.lock(this.locked);
    const { book, state } = this;
    if (this.#lies.book === book && this.#lies.state === state) return;
    if (state !== 'whole') this.#shelf.moments?.[state]();
    else {
      const bytes = this.#bytes.get(book) ?? (await this.#saved(book));
      this.#bytes.set(book, bytes);
      await this.#shelf.put(bytes);
    }
    this.#lies = { book: state === 'whole' ? book : this.#lies.book, state };
  }

  async #saved(book: Book): Promise<Uint8Array> {
    const before = this.#lies.book;
    const known = before === null ? undefined : this.#bytes.get(before);
    const operations = before === null ? null : changedCells(before, book);
    if (known === undefined || operations === null) return writtenAnew(book);
    const { bytes, outcomes } = await patchWorkbook(await openPackage(known), operations, {
      generation: null,
      allowFormulaOverwrite: true,
    });
    return outcomes.every(({ status }) => status === 'applied') ? bytes : writtenAnew(book);
  }
}

/** The cells that differ, or null where more than plain cells does. */
function changedCells(before: Book, after: Book): Operation[] | null {
  if (before.generation !== after.generation) return null;
  const operations: Operation[] = [];
  for (const [tab, sheet] of after.tabs) {
    const old = before.tabs.get(tab);
    if (old === undefined || !sameShape(old, sheet)) return null;
    for (const [row, { cells }] of sheet.rows.entries()) {
      for (const column of sheet.columns.keys()) {
        const value = cells[column] ?? null;
        if (value === (old.rows[row]!.cells[column] ?? null)) continue;
        if (typeof value === 'object' && value !== null && value.kind !== 'date') return null;
        operations.push({ kind: 'cell', tab, row, column, value });
      }
    }
  }
  return operations;
}

function sameShape(a: Sheet, b: Sheet): boolean {
  const uids = (sheet: Sheet): string => JSON.stringify([sheet.rows.map(({ uid }) => uid), sheet.columns]);
  return a.merges === b.merges && uids(a) === uids(b);
}

/** The whole file as another program writes it. */
async function writtenAnew(book: Book): Promise<Uint8Array> {
  const workbook = new ExcelJS.Workbook();
  for (const [tab, sheet] of book.tabs) {
    const worksheet = workbook.addWorksheet(tab);
    const grid = gridOf(tab, sheet);
    for (const [r, row] of grid.rows.entries()) {
      for (const [c, value] of row.entries()) fill(worksheet.getCell(r + 1, c + 1), value);
    }
    for (const { top, left, bottom, right } of grid.merges)
      worksheet.mergeCells(top + 1, left + 1, bottom + 1, right + 1);
  }
  if (book.generation !== null) {
    const stamp = workbook.addWorksheet(STAMP_TAB, { state: 'hidden' });
    stamp.getCell('A1').value = 'Rowkeeper';
    stamp.getCell('B1').value = book.generation;
  }
  return new Uint8Array(await workbook.xlsx.writeBuffer());
}

function fill(cell: ExcelJS.Cell, value: CellValue): void {
  if (value === null) return;
  if (typeof value !== 'object') {
    cell.value = value;
    return;
  }
  switch (value.kind) {
    case 'date':
      cell.value = new Date(value.wallMs);
      cell.numFmt = value.hasTime ? 'yyyy-mm-dd hh:mm:ss' : 'yyyy-mm-dd';
      break;
    case 'error':
      cell.value = { error: value.code as ExcelJS.CellErrorValue['error'] };
      break;
    case 'link':
      cell.value = { text: value.text, hyperlink: value.url };
      break;
    case 'formula': {
      fill(cell, value.result);
      const result = cell.value as ExcelJS.CellFormulaValue['result'] | null;
      cell.value =
        result === null ? { formula: value.formula } : ({ formula: value.formula, result } as ExcelJS.CellFormulaValue);
      break;
    }
    case 'covered':
  }
}

function assertShows(grid: Grid, meant: Grid): void {
  for (let row = 0; row < Math.max(grid.rows.length, meant.rows.length); row++) {
    const [is, was] = [grid.rows[row] ?? [], meant.rows[row] ?? []];
    for (let column = 0; column < Math.max(is.length, was.length); column++) {
      const [shows, holds] = [rawText(is[column] ?? null), rawText(was[column] ?? null)];
      if (shows !== holds) {
        throw new Error(
          `${grid.tab}!${address(row, column)} shows ${JSON.stringify(shows)}, it holds ${JSON.stringify(holds)}`,
        );
      }
    }
  }
}
