/**
 * The store in memory. All state hangs on one immutable root: a transaction works on a draft of it and either becomes the next root
 * or is dropped, so a throwing transaction changes nothing and every old root stays readable. Transactions run one at a time.
 */
import type { BindingRow, WriteBatch } from '../../../src/model/binding.ts';
import type { ChangeDraft, OutboxEvent, Problem, ProblemAnswer } from '../../../src/model/change.ts';
import type { KeptRecord, RecordId } from '../../../src/model/record.ts';
import {
  type BindingHead,
  type DirtyMark,
  FencedError,
  type LastActor,
  type Lease,
  type RecordDraft,
  type RecordUpdate,
  type Store,
  type StoreTransaction,
} from '../../../src/store.ts';

/** One binding as kept. */
export interface KeptBinding {
  readonly table: string;
  readonly head: BindingHead;
  readonly rows: ReadonlyMap<RecordId, BindingRow>;
  readonly batches: ReadonlyMap<string, WriteBatch>;
  readonly dirty: ReadonlyMap<RecordId, number>;
  readonly cycles: ReadonlySet<number>;
}

/** A batch that left the list of unsettled ones. */
export interface SettledBatch {
  readonly binding: string;
  readonly batch: WriteBatch;
  readonly at: string;
}

interface KeptLease {
  readonly owner: string;
  readonly fence: number;
  readonly untilMs: number;
}

/** Everything committed at one moment. */
export interface StoreRoot {
  readonly tables: ReadonlyMap<string, ReadonlyMap<RecordId, KeptRecord>>;
  readonly numbers: ReadonlyMap<string, RecordId>;
  readonly bindings: ReadonlyMap<string, KeptBinding>;
  readonly problems: ReadonlyMap<string, Problem>;
  /** Entries of `MemoryStore.log` and `.events` and `.settled` that are committed. */
  readonly logLength: number;
  readonly eventsLength: number;
  readonly settledLength: number;
  readonly lastId: number;
  readonly lastMark: number;
  readonly lastProblem: number;
}

/** A store whose committed state the oracle can look at, at any moment and at once. */
export interface ObservedStore extends Store {
  readonly root: StoreRoot;
  /** Every log entry committed; `root.logLength` of them count. */
  readonly log: readonly ChangeDraft[];
  /** The fence of a workbook's present holder, 0 before the first. */
  fence(workbook: string): number;
}

const EMPTY_HEAD: BindingHead = {
  configHash: '',
  mode: 'new',
  heldBy: null,
  token: null,
  generation: 0,
  seenGeneration: 0,
  cycle: 0,
  lastReadAt: null,
  lookAgainAt: null,
  columns: {},
};

/** The number of a record: letters at its end keep a drag-fill from counting up into the next one (M1). */
export function numberOf(id: RecordId): string {
  const mixed = Math.imul(id + 7919, 2654435761) >>> 7;
  const letter = (n: number) => String.fromCharCode(65 + (n % 26));
  return `T-${String(id).padStart(6, '0')}-${letter(mixed)}${letter(Math.floor(mixed / 26))}`;
}

export class MemoryStore implements ObservedStore {
  /** Appended by commits only; shared by all roots, each of which knows its length. */
  readonly log: ChangeDraft[] = [];
  readonly events: OutboxEvent[] = [];
  readonly settled: SettledBatch[] = [];
  root: StoreRoot = {
    tables: new Map(),
    numbers: new Map(),
    bindings: new Map(),
    problems: new Map(),
    logLength: 0,
    eventsLength: 0,
    settledLength: 0,
    lastId: 0,
    lastMark: 0,
    lastProblem: 0,
  };
  readonly #leases = new Map<string, KeptLease>();
  #queue: Promise<unknown> = Promise.resolve();

  fence(workbook: string): number {
    return this.#leases.get(workbook)?.fence ?? 0;
  }

  async takeLease(workbook: string, owner: string, now: Date, ttlMs: number): Promise<Lease | null> {
    const held = this.#leases.get(workbook);
    if (held !== undefined && held.owner !== owner && held.untilMs > now.getTime()) return null;
    const fence = (held?.fence ?? 0) + 1;
    this.#leases.set(workbook, { owner, fence, untilMs: now.getTime() + ttlMs });
    return { workbook, owner, fence };
  }

  async renewLease(lease: Lease, now: Date, ttlMs: number): Promise<boolean> {
    const held = this.#leases.get(lease.workbook);
    if (held === undefined || held.fence !== lease.fence) return false;
    this.#leases.set(lease.workbook, { ...held, untilMs: now.getTime() + ttlMs });
    return true;
  }

  async releaseLease(lease: Lease): Promise<void> {
    const held = this.#leases.get(lease.workbook);
    if (held?.fence === lease.fence) this.#leases.set(lease.workbook, { ...held, untilMs: 0 });
  }

  async loadBindingHead(bindingId: string) {
    return this.root.bindings.get(bindingId)?.head ?? null;
  }

  async loadBinding(bindingId: string) {
    const kept = this.root.bindings.get(bindingId);
    if (kept === undefined) return null;
    return { ...kept.head, id: bindingId, rows: kept.rows, batches: [...kept.batches.values()] };
  }

  async loadDirty(bindingId: string): Promise<readonly DirtyMark[]> {
    const dirty = this.root.bindings.get(bindingId)?.dirty ?? new Map<RecordId, number>();
    return [...dirty].map(([recordId, mark]) => ({ recordId, mark }));
  }

  async isDirty(bindingId: string): Promise<boolean> {
    return (this.root.bindings.get(bindingId)?.dirty.size ?? 0) > 0;
  }

  async loadRecords(table: string, ids: readonly RecordId[]): Promise<ReadonlyMap<RecordId, KeptRecord>> {
    return pick(this.root.tables.get(table), ids);
  }

  async findRecords(table: string, numbers: readonly string[]): Promise<ReadonlyMap<string, KeptRecord>> {
    const found = new Map<string, KeptRecord>();
    for (const number of numbers) {
      const id = this.root.numbers.get(`${table}:${number}`);
      const record = id === undefined ? undefined : this.root.tables.get(table)?.get(id);
      if (record !== undefined) found.set(number, record);
    }
    return found;
  }

  async listRecords(table: string): Promise<readonly KeptRecord[]> {
    return [...(this.root.tables.get(table)?.values() ?? [])].filter((record) => record.deletedAt === null);
  }

  async loadProblems(bindingId?: string): Promise<readonly Problem[]> {
    return [...this.root.problems.values()]
      .filter((problem) => problem.state !== 'resolved' && (bindingId === undefined || problem.binding === bindingId))
      .sort((a, b) => a.id - b.id);
  }

  transaction<T>(lease: Lease | null, work: (tx: StoreTransaction) => Promise<T>): Promise<T> {
    const turn = this.#queue.then(async () => {
      if (lease !== null && this.fence(lease.workbook) !== lease.fence) throw new FencedError(lease.workbook);
      const draft = new Draft(this.root, this.log);
      const result = await work(draft);
      draft.close();
      this.log.push(...draft.log);
      this.events.push(...draft.events);
      this.settled.push(...draft.settled);
      this.root = draft.finish();
      return result;
    });
    this.#queue = turn.catch(() => undefined);
    return turn;
  }
}

function pick<K, V>(map: ReadonlyMap<K, V> | undefined, keys: readonly K[]): Map<K, V> {
  const picked = new Map<K, V>();
  for (const key of keys) {
    const value = map?.get(key);
    if (value !== undefined) picked.set(key, value);
  }
  return picked;
}

/** A transaction at work: maps of the root are copied when they are first written. */
class Draft implements StoreTransaction {
  readonly log: ChangeDraft[] = [];
  readonly events: OutboxEvent[] = [];
  readonly settled: SettledBatch[] = [];
  readonly #base: StoreRoot;
  readonly #committedLog: readonly ChangeDraft[];
  readonly #locked = new Set<string>();
  readonly #tables = new Map<string, Map<RecordId, KeptRecord>>();
  readonly #bindings = new Map<string, DraftBinding>();
  #numbers: Map<string, RecordId> | null = null;
  #problems: Map<string, Problem> | null = null;
  #lastId: number;
  #lastMark: number;
  #lastProblem: number;
  #open = true;

  constructor(base: StoreRoot, committedLog: readonly ChangeDraft[]) {
    this.#base = base;
    this.#committedLog = committedLog;
    this.#lastId = base.lastId;
    this.#lastMark = base.lastMark;
    this.#lastProblem = base.lastProblem;
  }

  /** After this every call throws: a transaction must not be used once its work is over. */
  close(): void {
    this.#open = false;
  }

  finish(): StoreRoot {
    const { logLength, eventsLength, settledLength } = this.#base;
    return {
      tables: this.#tables.size === 0 ? this.#base.tables : new Map([...this.#base.tables, ...this.#tables]),
      numbers: this.#numbers ?? this.#base.numbers,
      bindings: this.#bindings.size === 0 ? this.#base.bindings : new Map([...this.#base.bindings, ...this.#bindings]),
      problems: this.#problems ?? this.#base.problems,
      logLength: logLength + this.log.length,
      eventsLength: eventsLength + this.events.length,
      settledLength: settledLength + this.settled.length,
      lastId: this.#lastId,
      lastMark: this.#lastMark,
      lastProblem: this.#lastProblem,
    };
  }

  async insertCycle(bindingId: string, n: number): Promise<void> {
    const binding = this.#binding(bindingId);
    if (binding.cycles.has(n)) throw new Error(`cycle ${n} of ${bindingId} was already applied`);
    binding.cycles = new Set(binding.cycles).add(n);
  }

  async lockRecords(table: string, ids: readonly RecordId[]): Promise<ReadonlyMap<RecordId, KeptRecord>> {
    this.#check();
    for (const id of ids) this.#locked.add(`${table}:${id}`);
    return pick(this.#table(table), ids);
  }

  async lastActors(table: string, ids: readonly RecordId[]): Promise<ReadonlyMap<string, LastActor>> {
    this.#check();
    const wanted = new Set(ids);
    const actors = new Map<string, LastActor>();
    const note = (entry: ChangeDraft): void => {
      if (entry.table !== table || entry.field === null || !wanted.has(entry.recordId)) return;
      actors.set(`${entry.recordId}:${entry.field}`, {
        kind: entry.actor.kind,
        name: entry.actor.name,
        source: entry.source,
      });
    };
    for (let i = 0; i < this.#base.logLength; i++) note(this.#committedLog[i]!);
    this.log.forEach(note);
    return actors;
  }

  async createRecords(drafts: readonly RecordDraft[]): Promise<readonly KeptRecord[]> {
    this.#check();
    return drafts.map((draft) => {
      const id = ++this.#lastId;
      const record: KeptRecord = {
        id,
        table: draft.table,
        number: numberOf(id),
        revision: 1,
        values: filled(draft.values),
        deletedAt: null,
      };
      this.#ownTable(draft.table).set(id, record);
      this.#numbers ??= new Map(this.#base.numbers);
      this.#numbers.set(`${draft.table}:${record.number}`, id);
      this.#locked.add(`${draft.table}:${id}`);
      return record;
    });
  }

  async updateRecords(updates: readonly RecordUpdate[]): Promise<readonly KeptRecord[]> {
    this.#check();
    return updates.map((update) => {
      if (!this.#locked.has(`${update.table}:${update.id}`)) throw new Error(`record ${update.id} is not locked`);
      const old = this.#table(update.table)?.get(update.id);
      if (old === undefined) throw new Error(`record ${update.id} does not exist`);
      const record: KeptRecord = {
        ...old,
        revision: old.revision + 1,
        values: filled({ ...old.values, ...update.values }),
        deletedAt: update.deletedAt === undefined ? old.deletedAt : update.deletedAt,
      };
      this.#ownTable(update.table).set(record.id, record);
      return record;
    });
  }

  async appendChanges(changes: readonly ChangeDraft[]): Promise<void> {
    this.#check();
    this.log.push(...changes);
  }

  async addEvents(events: readonly OutboxEvent[]): Promise<void> {
    this.#check();
    this.events.push(...events);
  }

  async markDirty(table: string, ids: readonly RecordId[], exceptBinding?: string): Promise<void> {
    this.#check();
    if (ids.length === 0) return;
    for (const bindingId of new Set([...this.#base.bindings.keys(), ...this.#bindings.keys()])) {
      const kept = this.#bindings.get(bindingId) ?? this.#base.bindings.get(bindingId);
      if (kept?.table !== table || bindingId === exceptBinding) continue;
      const binding = this.#binding(bindingId);
      const dirty = new Map(binding.dirty);
      for (const id of ids) dirty.set(id, ++this.#lastMark);
      binding.dirty = dirty;
    }
  }

  async clearDirty(bindingId: string, marks: readonly DirtyMark[]): Promise<void> {
    const binding = this.#binding(bindingId);
    const stale = marks.filter(({ recordId, mark }) => binding.dirty.get(recordId) === mark);
    if (stale.length === 0) return;
    const dirty = new Map(binding.dirty);
    for (const { recordId } of stale) dirty.delete(recordId);
    binding.dirty = dirty;
  }

  async saveBinding(bindingId: string, table: string, head: Partial<BindingHead>): Promise<void> {
    const binding = this.#binding(bindingId, table);
    binding.head = { ...binding.head, ...head };
  }

  async saveRows(bindingId: string, rows: readonly BindingRow[]): Promise<void> {
    const binding = this.#binding(bindingId);
    if (rows.length === 0) return;
    const kept = new Map(binding.rows);
    for (const row of rows) kept.set(row.recordId, row);
    binding.rows = kept;
  }

  async removeRows(bindingId: string, ids: readonly RecordId[]): Promise<void> {
    const binding = this.#binding(bindingId);
    if (ids.length === 0) return;
    const kept = new Map(binding.rows);
    for (const id of ids) kept.delete(id);
    binding.rows = kept;
  }

  async saveBatches(bindingId: string, batches: readonly WriteBatch[]): Promise<void> {
    const binding = this.#binding(bindingId);
    if (batches.length === 0) return;
    const kept = new Map(binding.batches);
    for (const batch of batches) kept.set(batch.id, batch);
    binding.batches = kept;
  }

  async settleBatches(bindingId: string, batchIds: readonly string[], now: Date): Promise<void> {
    const binding = this.#binding(bindingId);
    if (batchIds.length === 0) return;
    const kept = new Map(binding.batches);
    for (const id of batchIds) {
      const batch = kept.get(id);
      if (batch === undefined) continue;
      kept.delete(id);
      this.settled.push({ binding: bindingId, batch, at: now.toISOString() });
    }
    binding.batches = kept;
  }

  async saveProblems(drafts: Parameters<StoreTransaction['saveProblems']>[0], now: Date): Promise<void> {
    this.#check();
    if (drafts.length === 0) return;
    this.#problems ??= new Map(this.#base.problems);
    const at = now.toISOString();
    for (const draft of drafts) {
      const old = this.#problems.get(draft.key);
      if (old?.state === 'dismissed') continue;
      const seen =
        old?.state === 'open'
          ? { id: old.id, firstSeenAt: old.firstSeenAt, answer: old.answer }
          : { id: ++this.#lastProblem, firstSeenAt: at, answer: null };
      this.#problems.set(draft.key, { ...draft, ...seen, lastSeenAt: at, state: 'open' });
    }
  }

  async answerProblem(key: string, answer: ProblemAnswer | null): Promise<void> {
    this.#check();
    const old = (this.#problems ?? this.#base.problems).get(key);
    if (old === undefined || old.answer === answer) return;
    this.#problems ??= new Map(this.#base.problems);
    this.#problems.set(key, { ...old, answer });
    if (answer === null || old.recordId === null || !this.#base.bindings.has(old.binding)) return;
    const binding = this.#binding(old.binding);
    binding.dirty = new Map(binding.dirty).set(old.recordId, ++this.#lastMark);
  }

  async closeProblems(keys: readonly string[], as: 'resolved' | 'dismissed', now: Date): Promise<void> {
    this.#check();
    for (const key of keys) {
      const old = (this.#problems ?? this.#base.problems).get(key);
      if (old === undefined || old.state === as || (old.state === 'resolved' && as === 'dismissed')) continue;
      this.#problems ??= new Map(this.#base.problems);
      this.#problems.set(key, { ...old, state: as, lastSeenAt: now.toISOString() });
    }
  }

  #check(): void {
    if (!this.#open) throw new Error('the transaction is over');
  }

  #table(table: string): ReadonlyMap<RecordId, KeptRecord> | undefined {
    return this.#tables.get(table) ?? this.#base.tables.get(table);
  }

  #ownTable(table: string): Map<RecordId, KeptRecord> {
    let own = this.#tables.get(table);
    if (own === undefined) {
      own = new Map(this.#base.tables.get(table));
      this.#tables.set(table, own);
    }
    return own;
  }

  /** The draft of a binding; a binding that was never saved needs its table first. */
  #binding(bindingId: string, table?: string): DraftBinding {
    this.#check();
    let own = this.#bindings.get(bindingId);
    if (own !== undefined) return own;
    const kept = this.#base.bindings.get(bindingId);
    if (kept !== undefined) own = { ...kept };
    else if (table !== undefined) {
      own = { table, head: EMPTY_HEAD, rows: new Map(), batches: new Map(), dirty: new Map(), cycles: new Set() };
    } else throw new Error(`binding ${bindingId} was never saved`);
    this.#bindings.set(bindingId, own);
    return own;
  }
}

type DraftBinding = { -readonly [K in keyof KeptBinding]: KeptBinding[K] };

function filled(values: KeptRecord['values']): KeptRecord['values'] {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null));
}
