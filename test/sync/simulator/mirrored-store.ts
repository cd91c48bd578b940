/**
 * Any store, with its committed state in memory beside it: what the oracle must see at once is read again after every commit. The
 * store does the work; the mirror only looks.
 */
import type { ChangeDraft, Problem } from '../../../src/model/change.ts';
import type { KeptRecord, RecordId } from '../../../src/model/record.ts';
import type { BindingHead, Lease, Store, StoreTransaction } from '../../../src/store.ts';
import type { KeptBinding, ObservedStore, StoreRoot } from './memory-store.ts';

/** What one transaction did that a later look at the store does not tell. */
interface Seen {
  readonly log: ChangeDraft[];
  readonly records: { readonly table: string; readonly id: RecordId }[];
  readonly bindings: Map<string, string>;
  settled: number;
}

export class MirroredStore implements ObservedStore {
  readonly log: ChangeDraft[] = [];
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
  readonly #store: Store;
  readonly #fences = new Map<string, number>();
  readonly #ids = new Map<string, Set<RecordId>>();
  readonly #bindingTables = new Map<string, string>();

  constructor(store: Store) {
    this.#store = store;
  }

  fence(workbook: string): number {
    return this.#fences.get(workbook) ?? 0;
  }

  async takeLease(workbook: string, owner: string, now: Date, ttlMs: number): Promise<Lease | null> {
    const lease = await this.#store.takeLease(workbook, owner, now, ttlMs);
    if (lease !== null) this.#fences.set(workbook, lease.fence);
    return lease;
  }

  renewLease(lease: Lease, now: Date, ttlMs: number): Promise<boolean> {
    return this.#store.renewLease(lease, now, ttlMs);
  }

  releaseLease(lease: Lease): Promise<void> {
    return this.#store.releaseLease(lease);
  }

  loadBindingHead(bindingId: string) {
    return this.#store.loadBindingHead(bindingId);
  }

  loadBinding(bindingId: string) {
    return this.#store.loadBinding(bindingId);
  }

  loadDirty(bindingId: string) {
    return this.#store.loadDirty(bindingId);
  }

  isDirty(bindingId: string) {
    return this.#store.isDirty(bindingId);
  }

  loadRecords(table: string, ids: readonly RecordId[]) {
    return this.#store.loadRecords(table, ids);
  }

  findRecords(table: string, numbers: readonly string[]) {
    return this.#store.findRecords(table, numbers);
  }

  listRecords(table: string) {
    return this.#store.listRecords(table);
  }

  loadProblems(bindingId?: string) {
    return this.#store.loadProblems(bindingId);
  }

  async transaction<T>(lease: Lease | null, work: (tx: StoreTransaction) => Promise<T>): Promise<T> {
    let seen = nothingSeen();
    const result = await this.#store.transaction(lease, (tx) => {
      // A store may run the work again after a failure of its own.
      seen = nothingSeen();
      return work(listening(tx, seen));
    });
    await this.#look(seen);
    return result;
  }

  async #look(seen: Seen): Promise<void> {
    for (const { table, id } of seen.records) this.#ids.set(table, (this.#ids.get(table) ?? new Set()).add(id));
    for (const [binding, table] of seen.bindings) this.#bindingTables.set(binding, table);
    const { root } = this;
    const tables = new Map<string, ReadonlyMap<RecordId, KeptRecord>>();
    for (const [table, ids] of this.#ids) tables.set(table, await this.#store.loadRecords(table, [...ids]));
    const bindings = new Map<string, KeptBinding>();
    for (const [id, table] of this.#bindingTables) {
      const { id: _id, rows, batches, ...head } = (await this.#store.loadBinding(id))!;
      const dirty = new Map((await this.#store.loadDirty(id)).map(({ recordId, mark }) => [recordId, mark]));
      const kept = new Map(batches.map((batch) => [batch.id, batch]));
      bindings.set(id, { table, head: head satisfies BindingHead, rows, batches: kept, dirty, cycles: new Set() });
    }
    const open = new Map((await this.#store.loadProblems()).map((problem) => [problem.key, problem]));
    const problems = new Map<string, Problem>();
    for (const [key, problem] of root.problems) problems.set(key, { ...problem, state: 'resolved' });
    for (const [key, problem] of open) problems.set(key, sameAs(root.problems.get(key), problem));
    this.log.push(...seen.log);
    this.root = {
      ...root,
      tables: alike(root.tables, tables) ? root.tables : tables,
      bindings,
      problems,
      logLength: this.log.length,
      settledLength: root.settledLength + seen.settled,
      lastProblem: Math.max(root.lastProblem, ...[...open.values()].map(({ id }) => id)),
    };
  }
}

function nothingSeen(): Seen {
  return { log: [], records: [], bindings: new Map(), settled: 0 };
}

function listening(tx: StoreTransaction, seen: Seen): StoreTransaction {
  return {
    insertCycle: (binding, n) => tx.insertCycle(binding, n),
    lockRecords: (table, ids) => tx.lockRecords(table, ids),
    lastActors: (table, ids) => tx.lastActors(table, ids),
    createRecords: async (drafts) => {
      const created = await tx.createRecords(drafts);
      seen.records.push(...created);
      return created;
    },
    updateRecords: (updates) => tx.updateRecords(updates),
    appendChanges: async (changes) => {
      await tx.appendChanges(changes);
      seen.log.push(...changes);
    },
    addEvents: (events) => tx.addEvents(events),
    markDirty: (table, ids, except) => tx.markDirty(table, ids, except),
    clearDirty: (binding, marks) => tx.clearDirty(binding, marks),
    saveBinding: async (binding, table, head) => {
      await tx.saveBinding(binding, table, head);
      seen.bindings.set(binding, table);
    },
    saveRows: (binding, rows) => tx.saveRows(binding, rows),
    removeRows: (binding, ids) => tx.removeRows(binding, ids),
    saveBatches: (binding, batches) => tx.saveBatches(binding, batches),
    settleBatches: async (binding, ids, now) => {
      await tx.settleBatches(binding, ids, now);
      seen.settled += ids.length;
    },
    saveProblems: (drafts, now) => tx.saveProblems(drafts, now),
    answerProblem: (key, answer) => tx.answerProblem(key, answer),
    closeProblems: (keys, as, now) => tx.closeProblems(keys, as, now),
  };
}

/** The old object where nothing changed: what was looked at once need not be looked at again. */
function sameAs<T>(old: T | undefined, now: T): T {
  return old !== undefined && JSON.stringify(old) === JSON.stringify(now) ? old : now;
}

function alike(a: StoreRoot['tables'], b: StoreRoot['tables']): boolean {
  const plain = (tables: StoreRoot['tables']): string =>
    JSON.stringify([...tables].map(([table, records]) => [table, [...records.values()].sort((x, y) => x.id - y.id)]));
  return plain(a) === plain(b);
}
