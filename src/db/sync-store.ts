/** The store of the sync engine on a real database: joins the queries of each table, and says what fails how. */
import type { Lease, Store, StoreTransaction } from '../store.ts';
import { loadRows, removeRows, saveRows } from './binding-rows.ts';
import { insertCycle, loadHead, saveHead } from './bindings.ts';
import { appendChanges, lastActors } from './changes.ts';
import { clearDirty, isDirty, loadDirty, markDirty } from './dirty.ts';
import { holdLease, releaseLease, renewLease, takeLease } from './leases.ts';
import { numberSecret } from './numbers.ts';
import { addEvents } from './outbox.ts';
import { answerProblem, closeProblems, loadProblems, saveProblems } from './problems.ts';
import { findRecords, insertRecords, listRecords, selectRecords, updateRecords } from './records.ts';
import type { Database, Transaction } from './sql.ts';
import { loadBatches, saveBatches, settleBatches } from './write-batches.ts';

/** A transaction with the store's verbs beside the queries of this folder, for work that needs both. */
export type Transact = <T>(
  lease: Lease | null,
  work: (tx: Transaction, store: StoreTransaction) => Promise<T>,
) => Promise<T>;

/** Transactions on a migrated database. */
export async function createTransact(db: Database): Promise<Transact> {
  const storeIn = await createStoreIn(db);
  return (lease, work) =>
    db.transaction(async (tx) => {
      if (lease !== null) await holdLease(tx, lease);
      return await work(tx, storeIn(tx));
    });
}

/** The store's verbs inside a transaction somebody else began. */
export async function createStoreIn(db: Database): Promise<(tx: Transaction) => StoreTransaction> {
  const secret = await numberSecret(db);
  return (tx) => transactionOf(tx, secret);
}

/** A store on a migrated database. */
export async function createSyncStore(db: Database): Promise<Store> {
  const transact = await createTransact(db);
  return {
    takeLease: (workbook, owner, now, ttlMs) => takeLease(db, workbook, owner, now, ttlMs),
    renewLease: (lease, now, ttlMs) => renewLease(db, lease, now, ttlMs),
    releaseLease: (lease) => releaseLease(db, lease),
    loadBindingHead: (bindingId) => loadHead(db, bindingId),
    async loadBinding(bindingId) {
      const head = await loadHead(db, bindingId);
      if (head === null) return null;
      const [rows, batches] = await Promise.all([loadRows(db, bindingId), loadBatches(db, bindingId)]);
      return { ...head, id: bindingId, rows, batches };
    },
    loadDirty: (bindingId) => loadDirty(db, bindingId),
    isDirty: (bindingId) => isDirty(db, bindingId),
    loadRecords: (table, ids) => selectRecords(db, table, ids),
    findRecords: (table, numbers) => findRecords(db, table, numbers),
    listRecords: (table) => listRecords(db, table),
    loadProblems: (bindingId) => loadProblems(db, bindingId),
    transaction: (lease, work) => transact(lease, (_tx, ofStore) => work(ofStore)),
  };
}

function transactionOf(tx: Transaction, secret: string): StoreTransaction {
  return {
    insertCycle: (bindingId, n) => insertCycle(tx, bindingId, n),
    lockRecords: (table, ids) => selectRecords(tx, table, ids, true),
    lastActors: (table, ids) => lastActors(tx, table, ids),
    createRecords: (drafts) => insertRecords(tx, drafts, secret),
    updateRecords: (updates) => updateRecords(tx, updates),
    appendChanges: (changes) => appendChanges(tx, changes),
    addEvents: (events) => addEvents(tx, events),
    markDirty: (table, ids, exceptBinding) => markDirty(tx, table, ids, exceptBinding ?? null),
    clearDirty: (bindingId, marks) => clearDirty(tx, bindingId, marks),
    saveBinding: (bindingId, table, head) => saveHead(tx, bindingId, table, head),
    saveRows: (bindingId, rows) => saveRows(tx, bindingId, rows),
    removeRows: (bindingId, ids) => removeRows(tx, bindingId, ids),
    saveBatches: (bindingId, batches) => saveBatches(tx, bindingId, batches),
    settleBatches: (bindingId, batchIds, now) => settleBatches(tx, bindingId, batchIds, now),
    saveProblems: (drafts, now) => saveProblems(tx, drafts, now),
    answerProblem: (key, answer) => answerProblem(tx, key, answer),
    closeProblems: (keys, as, now) => closeProblems(tx, keys, as, now),
  };
}
