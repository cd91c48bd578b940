/**
 * A workbook kept in a file, as a Connector over the world: compare-and-set by content, a generation stamp, lock files, moments in
 * which the file is absent or empty. People change `book` between any two calls.
 */
import type { Capabilities, Connector, Outcome, Pulled, Push, Pushed } from '../../../connectors/connector.ts';
import type { CellValue, Grid } from '../../../src/model/cell.ts';
import { AppError, NotFoundError, RetryableError } from '../../../src/model/errors.ts';
import { type Book, gridOf, type Sheet, type SheetRow, withCell, withRowBelow, withTab } from './sheet.ts';

const capabilities: Capabilities = {
  canWrite: true,
  canAppend: true,
  compareAndSet: 'yes',
  stableRows: false,
  knowsEditor: false,
  dateTimePrecisionMs: 1,
  maxCellChars: 32_767,
  keepsGeneration: true,
  canPublish: false,
  canLayOut: false,
  canNotify: false,
};

/** A workbook's file as people and the engine find it. */
export interface WorkbookFile {
  /** What the file holds. */
  book: Book;
  /** How the file lies there; `absent` and `empty` are the moments of another program's save. */
  state: 'whole' | 'absent' | 'empty';
  /** A lock file stands beside it: reading works, writing does not. */
  locked: boolean;
  /** A connector of one process. */
  connect(): Connector;
  /** Whether a push sent now would be carried out. */
  takes(push: Push): Promise<boolean>;
}

export class FileModel implements WorkbookFile {
  book: Book;
  state: WorkbookFile['state'] = 'whole';
  locked = false;
  /** Calls that reached the file. */
  calls = 0;
  readonly #nextRow: () => number;
  readonly #tokens = new WeakMap<Book, string>();
  #lastToken = 0;

  constructor(book: Book, nextRow: () => number) {
    this.book = book;
    this.#nextRow = nextRow;
  }

  /** Equal books have equal tokens, as a hash of the content would. */
  token(): string {
    let token = this.#tokens.get(this.book);
    if (token === undefined) {
      this.#lastToken += 1;
      token = `v${this.#lastToken}`;
      this.#tokens.set(this.book, token);
    }
    return token;
  }

  async takes(push: Push): Promise<boolean> {
    return this.state === 'whole' && !this.locked && push.version === this.token();
  }

  connect(): Connector {
    let closed = false;
    const look = (): void => {
      if (closed) throw new AppError('connector-closed', 'the connector is closed');
      this.calls += 1;
      if (this.state === 'absent') throw new NotFoundError('workbook-missing', 'the file is not there');
      if (this.state === 'empty') throw new RetryableError('workbook-changing', 'the file is being written', 2_000);
    };
    return {
      kind: 'file',
      capabilities,
      describe: async () => {
        look();
        return { tabs: [...this.book.tabs.keys()].map((name) => ({ name, id: name, hidden: false })) };
      },
      version: async () => {
        look();
        return this.token();
      },
      pull: async (tabs) => {
        look();
        return this.#pull(tabs);
      },
      push: async (push) => {
        look();
        return this.#push(push);
      },
      close: async () => {
        closed = true;
      },
    };
  }

  #pull(tabs: readonly string[]): Pulled {
    const grids = new Map<string, Grid>();
    for (const tab of tabs) {
      const sheet = this.book.tabs.get(tab);
      if (sheet !== undefined) grids.set(tab, gridOf(tab, sheet));
    }
    return { version: this.token(), generation: this.book.generation, editor: null, grids };
  }

  #push(push: Push): Pushed {
    if (this.locked) throw new RetryableError('workbook-locked', 'somebody has the file open', 5_000);
    if (push.version !== this.token()) {
      return { outcomes: push.operations.map(() => ({ status: 'stale' })), version: null };
    }
    const { book, outcomes } = carriedOut(this.book, push, this.#nextRow);
    this.book = book;
    return { outcomes, version: this.token() };
  }
}

/** What a push makes of a book, operation by operation. A push without operations leaves only its stamp. */
export function carriedOut(
  before: Book,
  push: Push,
  nextRow: () => number,
  maxCellChars = capabilities.maxCellChars,
): { readonly book: Book; readonly outcomes: readonly Outcome[] } {
  let book = before;
  const outcomes = push.operations.map((operation): Outcome => {
    const sheet = book.tabs.get(operation.tab);
    if (sheet === undefined) return rejected('tab-missing');
    const cells = operation.kind === 'cell' ? [operation] : operation.cells;
    const fault = cells.map(({ value }) => faultOf(value, maxCellChars)).find((code) => code !== null);
    if (fault !== undefined) return rejected(fault);
    if (operation.kind === 'append') {
      const appended = withRowBelow(sheet, newRow(sheet, nextRow(), operation.cells));
      book = withTab(book, operation.tab, appended);
      return { status: 'applied', row: appended.rows.length - 1 };
    }
    const stands = gridOf(operation.tab, sheet).rows[operation.row]?.[operation.column] ?? null;
    if (typeof stands === 'object' && stands?.kind === 'covered') return rejected('cell-covered');
    if (typeof stands === 'object' && stands?.kind === 'formula') return rejected('cell-formula');
    const after = written(sheet, operation.row, operation.column, operation.value, nextRow);
    book = withTab(book, operation.tab, after);
    return { status: 'applied', row: operation.row };
  });
  const changed = book !== before || push.operations.length === 0;
  return { book: changed ? { ...book, generation: push.generation } : before, outcomes };
}

function rejected(code: string): Outcome {
  return { status: 'rejected', code, params: {} };
}

function faultOf(value: CellValue, maxCellChars: number): string | null {
  if (typeof value === 'string' && value.length > maxCellChars) return 'text-too-long';
  return typeof value === 'number' && !Number.isFinite(value) ? 'not-a-cell-value' : null;
}

function newRow(
  sheet: Sheet,
  uid: number,
  cells: readonly { readonly column: number; readonly value: CellValue }[],
): SheetRow {
  return { uid, cells: sheet.columns.map((_, c) => cells.find(({ column }) => column === c)?.value ?? null) };
}

/** A cell below or right of everything grows the tab, as it does in a file. */
export function written(sheet: Sheet, row: number, column: number, value: CellValue, nextRow: () => number): Sheet {
  let grown = sheet;
  while (grown.columns.length <= column) {
    grown = { ...grown, columns: [...grown.columns, { uid: -grown.columns.length - 1, field: null }] };
  }
  while (grown.rows.length <= row) grown = { ...grown, rows: [...grown.rows, { uid: nextRow(), cells: [] }] };
  return withCell(grown, grown.rows[row]!.uid, column, value);
}
