/**
 * The store as the sync engine sees it: coarse, batched, transactional. Two things keep this promise: `db/sync-store.ts` (Postgres or
 * PGlite) and the simulator's memory store; `test/laws/store.ts` runs against both.
 *
 * All objects handed out are immutable; a change is saved as a new object. Times are handed in, never read from a clock.
 */
import type { BindingRow, BindingState, WriteBatch } from './model/binding.ts';
import type { ChangeDraft, OutboxEvent, Problem, ProblemAnswer, ProblemDraft } from './model/change.ts';
import type { FieldValue } from './model/field.ts';
import type { ActorKind, KeptRecord, RecordId } from './model/record.ts';

/** The right to write for one workbook. `fence` grows with every holder; a holder with an old fence changes nothing (I10). */
export interface Lease {
  readonly workbook: string;
  readonly owner: string;
  readonly fence: number;
}

/** Thrown by `transaction` when the lease was taken over: stop, change nothing. */
export class FencedError extends Error {
  constructor(workbook: string) {
    super(`the lease on workbook ${workbook} was taken over`);
    this.name = 'FencedError';
  }
}

/** A record the binding must look at again, and the mark that proves which change it was seen with. */
export interface DirtyMark {
  readonly recordId: RecordId;
  readonly mark: number;
}

/** The latest change of one field: who, and from where. */
export interface LastActor {
  readonly kind: ActorKind;
  readonly name: string | null;
  readonly source: string;
}

export interface RecordDraft {
  readonly table: string;
  readonly values: Readonly<Record<string, FieldValue>>;
}

export interface RecordUpdate {
  readonly table: string;
  readonly id: RecordId;
  /** Only the fields that change; null clears. */
  readonly values: Readonly<Record<string, FieldValue>>;
  /** Sets or lifts the tombstone; left alone when undefined. */
  readonly deletedAt?: string | null;
}

/** The scalar part of a binding's state. */
export type BindingHead = Omit<BindingState, 'id' | 'rows' | 'batches'>;

export interface Store {
  /** Takes the lease when it is free, expired or already this owner's; null while another holds it. Bumps the fence. */
  takeLease(workbook: string, owner: string, now: Date, ttlMs: number): Promise<Lease | null>;
  /** False when the lease is no longer this holder's. */
  renewLease(lease: Lease, now: Date, ttlMs: number): Promise<boolean>;
  releaseLease(lease: Lease): Promise<void>;

  /** The scalar state only, or null when the binding was never run. */
  loadBindingHead(bindingId: string): Promise<BindingHead | null>;
  /** The whole state, or null when the binding was never run. */
  loadBinding(bindingId: string): Promise<BindingState | null>;
  /** Marks of records this binding shows, or could show, that changed since it last cleared them. */
  loadDirty(bindingId: string): Promise<readonly DirtyMark[]>;
  /** Cheap: is there any dirty mark? */
  isDirty(bindingId: string): Promise<boolean>;
  /** Records by id; unknown ids are absent. Tombstones included. */
  loadRecords(table: string, ids: readonly RecordId[]): Promise<ReadonlyMap<RecordId, KeptRecord>>;
  /** Records by the number people see; unknown numbers are absent. */
  findRecords(table: string, numbers: readonly string[]): Promise<ReadonlyMap<string, KeptRecord>>;
  /** All records of a table that are not deleted. */
  listRecords(table: string): Promise<readonly KeptRecord[]>;
  /** Problems of one binding, or of all when undefined, that are open or dismissed (not resolved ones), oldest first. */
  loadProblems(bindingId?: string): Promise<readonly Problem[]>;
  /**
   * Runs `work` in one transaction: all or nothing. With a lease, its fence is checked and held for the transaction,
   * or `FencedError` is thrown. Must not be nested. A serialization failure is thrown as `RetryableError`.
   */
  transaction<T>(lease: Lease | null, work: (tx: StoreTransaction) => Promise<T>): Promise<T>;
}

export interface StoreTransaction {
  /** Proves that cycle `n` of a binding was applied; throws when it already was. */
  insertCycle(bindingId: string, n: number): Promise<void>;
  /** Locks records in id order and returns them as they stand. */
  lockRecords(table: string, ids: readonly RecordId[]): Promise<ReadonlyMap<RecordId, KeptRecord>>;
  /**
   * Who changed each field of these records last: decides who wins a conflict (C2). Key `id:field`; fields that only the
   * creation set are absent.
   */
  lastActors(table: string, ids: readonly RecordId[]): Promise<ReadonlyMap<string, LastActor>>;
  /** New records with their numbers, in the order of the drafts. */
  createRecords(drafts: readonly RecordDraft[]): Promise<readonly KeptRecord[]>;
  /** Applies updates, revision + 1 each; returns the records as they then stand. Records must be locked. */
  updateRecords(updates: readonly RecordUpdate[]): Promise<readonly KeptRecord[]>;
  /** Appends to the log, in order; chains each entry to the record's entry before it. */
  appendChanges(changes: readonly ChangeDraft[]): Promise<void>;
  addEvents(events: readonly OutboxEvent[]): Promise<void>;
  /** Marks records dirty in every binding of their table, except one. */
  markDirty(table: string, ids: readonly RecordId[], exceptBinding?: string): Promise<void>;
  /** Clears marks that still are what they were when loaded. */
  clearDirty(bindingId: string, marks: readonly DirtyMark[]): Promise<void>;
  /** Creates the binding's state or changes the named parts of it. */
  saveBinding(bindingId: string, table: string, head: Partial<BindingHead>): Promise<void>;
  saveRows(bindingId: string, rows: readonly BindingRow[]): Promise<void>;
  removeRows(bindingId: string, ids: readonly RecordId[]): Promise<void>;
  /** Adds or replaces unsettled batches by id. */
  saveBatches(bindingId: string, batches: readonly WriteBatch[]): Promise<void>;
  /** A settled batch leaves the list; its record of what was written stays for the history. */
  settleBatches(bindingId: string, batchIds: readonly string[], now: Date): Promise<void>;
  /**
   * Opens problems or refreshes open ones of the same key (place, typed, current, message). A key a person dismissed
   * stays dismissed until it was resolved once.
   */
  saveProblems(drafts: readonly ProblemDraft[], now: Date): Promise<void>;
  /** Notes what a person answered; the binding the problem belongs to carries it out in its next run. An answer marks the record dirty there, null (taken back) does not. */
  answerProblem(key: string, answer: ProblemAnswer | null): Promise<void>;
  /** `dismissed`: answered by a person, not to be listed again while the same cause stands. */
  closeProblems(keys: readonly string[], as: 'resolved' | 'dismissed', now: Date): Promise<void>;
}
