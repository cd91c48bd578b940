/**
 * The reference connector: a workbook in this process. It keeps every law exactly, so it shows what the others are
 * measured against; tests use it as a platform, with `edit` as the person. Any number of connectors share one workbook.
 *
 * `overrides` declare another kind of platform: without compare-and-set a push for an old version writes at the
 * addresses it was planned on, as such platforms do, and with `after-the-fact` it then says `unknown`.
 */
import { address, type CellInput, type CellRange, type CellValue, type Grid } from '../src/model/cell.ts';
import { AppError, RefusedError, RetryableError } from '../src/model/errors.ts';
import type { Published, PublishedTab } from '../src/model/published-tab.ts';
import type {
  Capabilities,
  Connector,
  Operation,
  Outcome,
  PublishOptions,
  Pulled,
  Push,
  Pushed,
  Version,
} from './connector.ts';
import { wholeFileCapabilities } from './connector.ts';
import { type PublishedMemory, publishInto } from './memory/publish.ts';

/** A tab as it is kept. Its rows may be changed by `edit`, in place or by giving new ones. */
export interface MemoryTab {
  name: string;
  hidden: boolean;
  rows: CellValue[][];
  merges: CellRange[];
}

/** What connectors share: the content, and the platform's own counters. */
export class MemoryWorkbook {
  /** In order. To look at; changed by `edit` and `push` only. */
  readonly tabs: MemoryTab[];
  /** While true, every push is refused as if somebody had the workbook open. */
  locked = false;
  /** Calls that reached the workbook, as a remote platform would count them. */
  calls = 0;
  /** The stamp the last push left. */
  generation: number | null = null;
  editor: string | null = null;
  /** What was published, by key of its tab. */
  readonly published = new Map<string, PublishedMemory<MemoryTab>>();
  private saves = 1;
  private readonly notices = new Set<() => void>();

  constructor(tabs: readonly { readonly name: string; readonly rows?: readonly (readonly CellValue[])[] }[] = []) {
    this.tabs = tabs.map(({ name, rows = [] }) => ({
      name,
      hidden: false,
      rows: rows.map((row) => [...row]),
      merges: [],
    }));
  }

  get version(): Version {
    return `v${this.saves}`;
  }

  /** A person's edit: all of it is one save. `editor` is the name the platform would tell. */
  edit(change: (tabs: MemoryTab[]) => void, editor: string | null = null): void {
    change(this.tabs);
    this.editor = editor;
    this.saved();
  }

  /** A new version: whoever listens is told, later. */
  saved(): void {
    this.saves++;
    for (const notice of this.notices) queueMicrotask(() => this.notices.has(notice) && notice());
  }

  /** Tells of every save until the function returned is called. */
  listen(notice: () => void): () => void {
    const told = (): void => notice();
    this.notices.add(told);
    return () => void this.notices.delete(told);
  }
}

const reference: Capabilities = { ...wholeFileCapabilities, canNotify: true };

/** A connector on a workbook. Its rejections are the ones every connector gives. */
export function createMemoryConnector(workbook: MemoryWorkbook, overrides: Partial<Capabilities> = {}): Connector {
  const capabilities: Capabilities = { ...reference, ...overrides };
  const stops = new Set<() => void>();
  let closed = false;

  async function call(): Promise<void> {
    if (closed) throw new AppError('connector-closed', 'the connector is closed');
    workbook.calls++;
  }

  async function pull(tabs: readonly string[]): Promise<Pulled> {
    await call();
    const grids = new Map(workbook.tabs.filter((tab) => tabs.includes(tab.name)).map((tab) => [tab.name, gridOf(tab)]));
    const generation = capabilities.keepsGeneration ? workbook.generation : null;
    const editor = capabilities.knowsEditor ? workbook.editor : null;
    return { version: workbook.version, generation, editor, grids };
  }

  async function push({ version, generation, operations }: Push): Promise<Pushed> {
    if (!capabilities.canWrite) throw new RefusedError('read-only', 'this connector does not write');
    if (!capabilities.canAppend && operations.some(({ kind }) => kind === 'append')) {
      throw new RefusedError('no-append', 'this connector does not append rows');
    }
    await call();
    if (workbook.locked) throw new RetryableError('workbook-locked', 'the workbook is open', 5_000);
    const interleaved = version !== workbook.version;
    if (interleaved && capabilities.compareAndSet === 'yes') {
      return { outcomes: operations.map(() => ({ status: 'stale' })), version: null };
    }
    const outcomes = operations.map((operation) => carryOut(workbook.tabs, operation, capabilities.maxCellChars));
    if (outcomes.length > 0 && !outcomes.some(({ status }) => status === 'applied'))
      return { outcomes, version: interleaved ? null : version };
    if (capabilities.keepsGeneration) workbook.generation = generation;
    workbook.saved();
    if (!interleaved) return { outcomes, version: workbook.version };
    if (capabilities.compareAndSet === 'no') return { outcomes, version: null };
    const unsure: Outcome = { status: 'unknown', reason: 'somebody wrote in between' };
    return { outcomes: outcomes.map((outcome) => (outcome.status === 'applied' ? unsure : outcome)), version: null };
  }

  async function publish(plans: readonly PublishedTab[], options: PublishOptions): Promise<Published> {
    if (!capabilities.canWrite) throw new RefusedError('read-only', 'this connector does not write');
    await call();
    if (workbook.locked) throw new RetryableError('workbook-locked', 'the workbook is open', 5_000);
    const { tabs, published } = workbook;
    const result = publishInto(tabs, published, plans, options, (name) => {
      const tab: MemoryTab = { name, hidden: false, rows: [], merges: [] };
      tabs.push(tab);
      return tab;
    });
    if (result.changed > 0) workbook.saved();
    return result;
  }

  return {
    kind: 'memory',
    capabilities,
    pull,
    push,
    ...(capabilities.canPublish ? { publish } : {}),
    async describe() {
      await call();
      return { tabs: workbook.tabs.map(({ name, hidden }) => ({ name, id: name, hidden })) };
    },
    async version() {
      await call();
      return workbook.version;
    },
    async watch(notice) {
      await call();
      const stop = workbook.listen(notice);
      stops.add(stop);
      return async () => stop();
    },
    async close() {
      closed = true;
      for (const stop of stops) stop();
    },
  };
}

const isFilled = (value: CellValue | undefined): boolean => value !== undefined && value !== null;

/** Rows in use: one more than the last row that holds anything. */
function height(tab: MemoryTab): number {
  let rows = tab.rows.length;
  while (rows > 0 && !tab.rows[rows - 1]!.some(isFilled)) rows--;
  return rows;
}

function isCovered(tab: MemoryTab, row: number, column: number): boolean {
  return tab.merges.some(
    ({ top, left, bottom, right }) =>
      row >= top && row <= bottom && column >= left && column <= right && (row !== top || column !== left),
  );
}

/** A copy without blank rows at the end; covered cells show as such. */
function gridOf(tab: MemoryTab): Grid {
  const rows = tab.rows.slice(0, height(tab)).map((row) => Array.from(row, (value) => value ?? null));
  for (const { top, left, bottom, right } of tab.merges) {
    for (let r = top; r <= Math.min(bottom, rows.length - 1); r++) {
      const cells = rows[r]!;
      while (cells.length <= right) cells.push(null);
      for (let c = left; c <= right; c++) if (r !== top || c !== left) cells[c] = { kind: 'covered' };
    }
  }
  return { tab: tab.name, rows, merges: [...tab.merges] };
}

/** Checks everything first: a rejected operation leaves no part of itself. */
function carryOut(tabs: readonly MemoryTab[], operation: Operation, maxCellChars: number): Outcome {
  const tab = tabs.find(({ name }) => name === operation.tab);
  if (tab === undefined) return { status: 'rejected', code: 'patch-no-tab', params: { tab: operation.tab } };
  const cells = operation.kind === 'cell' ? [operation] : operation.cells;
  const row = operation.kind === 'cell' ? operation.row : height(tab);
  for (const { column, value } of cells) {
    const reject = (code: string, more: Readonly<Record<string, string>> = {}): Outcome => ({
      status: 'rejected',
      code,
      params: { tab: tab.name, cell: address(row, column), ...more },
    });
    const stands = tab.rows[row]?.[column] ?? null;
    if (typeof value === 'string' && value.length > maxCellChars) {
      return reject('patch-text-too-long', { length: String(value.length), limit: String(maxCellChars) });
    }
    if (typeof value === 'number' && !Number.isFinite(value)) return reject('patch-number');
    if (isCovered(tab, row, column)) return reject('patch-covered');
    if (typeof stands === 'object' && stands?.kind === 'formula') return reject('patch-formula');
  }
  for (const { column, value } of cells) write(tab, row, column, value);
  return { status: 'applied', row };
}

function write(tab: MemoryTab, row: number, column: number, value: CellInput): void {
  while (tab.rows.length <= row) tab.rows.push([]);
  const cells = tab.rows[row]!;
  while (cells.length < column) cells.push(null);
  cells[column] = value;
}
