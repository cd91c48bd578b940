/**
 * A workbook people edit together while it is written: no compare-and-set. A push is several requests, each carried out at the places
 * it was planned on, whatever has become of the rows; people act before every one of them. What sets one platform apart from another
 * is said by its traits: `feishu-model.ts`, `graph-model.ts`, `records-model.ts`.
 */
import type {
  Capabilities,
  Connector,
  Operation,
  Outcome,
  Pulled,
  Push,
  Pushed,
} from '../../../connectors/connector.ts';
import type { Grid } from '../../../src/model/cell.ts';
import { AppError, NotFoundError, RetryableError } from '../../../src/model/errors.ts';
import { carriedOut, type WorkbookFile } from './file-model.ts';
import { type Book, gridOf, type Sheet } from './sheet.ts';

/** What one kind of platform does its own way. */
export interface OnlineTraits {
  readonly kind: string;
  readonly capabilities: Capabilities;
  /** Every change counts the version up, and replies tell it: a push can be proven. Else the version is only a digest of the content. */
  readonly countsChanges: boolean;
  /** Cells that one request carries. Appended rows go one by one. */
  readonly cellsPerRequest: number;
  /** Rows and columns are named by what they are, not by where they stand. */
  readonly namesRows: boolean;
}

/** What becomes of one request. */
export type Fate =
  | 'lands'
  /** Refused before anything was done. */
  | 'refused'
  /** No reply, and nothing was done. */
  | 'lost'
  /** It landed, and no reply came. */
  | 'unanswered'
  /** No reply now; it lands some time later. */
  | 'late'
  /** The reply says it landed, and it did not. */
  | 'dropped';

/** Operations of one request as they reach the platform. */
export interface Landing {
  /** As it was asked for, and where it hits now; null where there is nothing to hit any more. */
  readonly operations: readonly { readonly asked: Operation; readonly hits: Operation | null }[];
  /** The content they were planned on; null when nobody remembers it. */
  readonly planned: Book | null;
  /** It lands after its sender gave it up. */
  readonly late: boolean;
}

/** The way between an engine and the platform: who acts on it, what goes wrong on it, who watches. */
export interface Wire {
  /** A request is about to be sent: people may act. Throws when its sender dies before it. */
  sending(): Promise<void>;
  /** Decided once people have acted. */
  fate(operations: readonly Operation[]): Fate;
  landing(landing: Landing): void;
  /** Rows were added, and nobody was told. */
  unanswered(operations: readonly Operation[]): void;
  landed(landing: Landing): void;
  /** Lands what was held up, at a moment of the wire's own. */
  later(land: () => void): void;
  /** Throws when the sender dies after this request was carried out. */
  sent(): void;
  /** The content a read is served from, of all there were; the last is the present one. */
  served(versions: readonly DatedBook[]): DatedBook;
}

/** A content and the version people would see it under. */
export interface DatedBook {
  readonly book: Book;
  readonly revision: number;
  readonly sinceMs: number;
}

/** Nothing goes wrong, and nobody acts in between. */
export const quietWire: Wire = {
  sending: async () => undefined,
  fate: () => 'lands',
  landing: () => undefined,
  unanswered: () => undefined,
  landed: () => undefined,
  later: (land) => land(),
  sent: () => undefined,
  served: (versions) => versions.at(-1)!,
};

/** Contents that are remembered to be served late. */
const remembered = 40;

export class OnlineModel implements WorkbookFile {
  state: WorkbookFile['state'] = 'whole';
  locked = false;
  /** Requests that reached the platform. */
  calls = 0;
  readonly traits: OnlineTraits;
  readonly #nextRow: () => number;
  readonly #nowMs: () => number;
  readonly #tokens = new WeakMap<Book, string>();
  readonly #byVersion = new Map<string, Book>();
  #versions: DatedBook[];
  #lastToken = 0;

  constructor(traits: OnlineTraits, book: Book, nextRow: () => number, nowMs: () => number = () => 0) {
    this.traits = traits;
    this.#nextRow = nextRow;
    this.#nowMs = nowMs;
    this.#versions = [{ book, revision: 1, sinceMs: nowMs() }];
  }

  get book(): Book {
    return this.#versions.at(-1)!.book;
  }

  /** Any change, also one back to what was there before, is a new version. */
  set book(book: Book) {
    const last = this.#versions.at(-1)!;
    if (book === last.book) return;
    this.#versions.push({ book, revision: last.revision + 1, sinceMs: this.#nowMs() });
    if (this.#versions.length > remembered) this.#versions = this.#versions.slice(-remembered);
  }

  async takes(): Promise<boolean> {
    return this.state === 'whole' && !this.locked;
  }

  connect(wire: Wire = quietWire): Connector {
    let closed = false;
    const look = (): void => {
      if (closed) throw new AppError('connector-closed', 'the connector is closed');
      this.#reach();
    };
    const { kind, capabilities } = this.traits;
    return {
      kind,
      capabilities,
      describe: async () => {
        look();
        return { tabs: [...this.book.tabs.keys()].map((name) => ({ name, id: name, hidden: false })) };
      },
      version: async () => {
        look();
        return this.#tokenOf(this.#versions.at(-1)!);
      },
      pull: async (tabs) => {
        look();
        return this.#pull(tabs, wire.served(this.#versions));
      },
      push: async (push) => {
        look();
        return this.#push(push, wire);
      },
      close: async () => {
        closed = true;
      },
    };
  }

  #reach(): void {
    this.calls += 1;
    if (this.state === 'absent') throw new NotFoundError('workbook-missing', 'the document was removed');
    if (this.state === 'empty') throw new RetryableError('unreachable', 'the platform does not answer', 2_000);
  }

  #tokenOf({ book, revision }: DatedBook): string {
    let token = this.traits.countsChanges ? `r${revision}` : this.#tokens.get(book);
    if (token === undefined) {
      this.#lastToken += 1;
      token = `h${this.#lastToken}`;
      this.#tokens.set(book, token);
    }
    this.#byVersion.set(token, book);
    return token;
  }

  #pull(tabs: readonly string[], served: DatedBook): Pulled {
    const grids = new Map<string, Grid>();
    for (const tab of tabs) {
      const sheet = served.book.tabs.get(tab);
      if (sheet !== undefined) grids.set(tab, gridOf(tab, sheet));
    }
    const pulled = { version: this.#tokenOf(served), generation: null, editor: null, grids };
    return this.traits.countsChanges ? { ...pulled, revision: served.revision } : pulled;
  }

  async #push(push: Push, wire: Wire): Promise<Pushed> {
    const outcomes: Outcome[] = [];
    const planned = this.#byVersion.get(push.version) ?? null;
    const planRevision = this.traits.countsChanges ? Number(push.version.slice(1)) : 0;
    let answered = true;
    let done = 0;
    let told: number | undefined;
    for (const operations of this.#requests(push.operations)) {
      const off = (outcome: Outcome): void => void outcomes.push(...operations.map(() => outcome));
      // After a request that failed the rest is not sent: it may have been planned on what never came.
      if (!answered || outcomes.at(-1)?.status === 'stale') {
        off({ status: 'stale' });
        continue;
      }
      await wire.sending();
      const fate = wire.fate(operations);
      try {
        this.#reach();
        if (this.locked || fate === 'refused') throw new RetryableError('throttled', 'too many requests', 1_000);
      } catch (error) {
        if (outcomes.length === 0) throw error;
        off({ status: 'stale' });
        continue;
      }
      const before = this.#versions.at(-1)!.revision;
      const land = (late: boolean): readonly Outcome[] => this.#land(operations, planned, late, push, wire);
      switch (fate) {
        case 'lost':
          answered = false;
          off({ status: 'unknown', reason: 'no reply' });
          break;
        case 'late':
          answered = false;
          wire.later(() => land(true));
          off({ status: 'unknown', reason: 'no reply' });
          break;
        case 'unanswered':
          answered = false;
          land(false);
          wire.unanswered(operations);
          off({ status: 'unknown', reason: 'no reply' });
          break;
        case 'dropped':
          outcomes.push(
            ...operations.map((of): Outcome => ({ status: 'applied', row: of.kind === 'cell' ? of.row : 0 })),
          );
          break;
        default: {
          const landed = land(false);
          told = this.#versions.at(-1)!.revision;
          const proves = this.traits.capabilities.compareAndSet === 'after-the-fact';
          const proven = !proves || before === planRevision + done;
          if (this.#versions.at(-1)!.revision > before) done += 1;
          const unsure: Outcome = { status: 'unknown', reason: 'somebody wrote in between', answered: true };
          outcomes.push(...landed.map((of) => (proven || of.status !== 'applied' ? of : unsure)));
        }
      }
      wire.sent();
    }
    if (!this.traits.countsChanges) return { outcomes, version: null };
    const revision = told === undefined ? {} : { revision: told };
    return { outcomes, version: answered ? this.#tokenOf(this.#versions.at(-1)!) : null, ...revision };
  }

  #requests(operations: readonly Operation[]): readonly (readonly Operation[])[] {
    const requests: Operation[][] = [];
    for (const operation of operations) {
      const last = requests.at(-1);
      const joins =
        operation.kind === 'cell' && last?.[0]?.kind === 'cell' && last.length < this.traits.cellsPerRequest;
      if (joins) last.push(operation);
      else requests.push([operation]);
    }
    return requests;
  }

  #land(asked: readonly Operation[], planned: Book | null, late: boolean, push: Push, wire: Wire): readonly Outcome[] {
    const operations = asked.map((operation) => ({
      asked: operation,
      hits: this.traits.namesRows && planned !== null ? followed(operation, planned, this.book) : operation,
    }));
    wire.landing({ operations, planned, late });
    const hits = operations.flatMap((operation) => operation.hits ?? []);
    const { maxCellChars } = this.traits.capabilities;
    const { book, outcomes } = carriedOut(this.book, { ...push, operations: hits }, this.#nextRow, maxCellChars);
    // A document carries no stamp of ours.
    if (book.tabs !== this.book.tabs) this.book = { ...book, generation: null };
    wire.landed({ operations, planned, late });
    let next = 0;
    return operations.map(
      (operation): Outcome =>
        operation.hits === null ? { status: 'rejected', code: 'row-gone', params: {} } : outcomes[next++]!,
    );
  }
}

/** Where the cell meant stands now; null when its row or column is gone. */
function followed(operation: Operation, planned: Book, now: Book): Operation | null {
  const [before, after] = [planned.tabs.get(operation.tab), now.tabs.get(operation.tab)];
  if (before === undefined || after === undefined) return operation;
  if (operation.kind === 'append') {
    const cells = operation.cells.flatMap(({ column, value }) => {
      const place = columnNow(before, after, column);
      return place === null ? [] : [{ column: place, value }];
    });
    return { ...operation, cells };
  }
  const uid = before.rows[operation.row]?.uid;
  const row = uid === undefined ? operation.row : after.rows.findIndex((each) => each.uid === uid);
  const column = columnNow(before, after, operation.column);
  return row < 0 || column === null ? null : { ...operation, row, column };
}

function columnNow(before: Sheet, after: Sheet, column: number): number | null {
  const uid = before.columns[column]?.uid;
  if (uid === undefined) return column;
  const place = after.columns.findIndex((each) => each.uid === uid);
  return place < 0 ? null : place;
}
