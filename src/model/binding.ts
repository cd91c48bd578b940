/** Binding: which tab mirrors which records, column by column, and who may write; and what is remembered of it between runs. */
import type { Field, Flow } from './field.ts';
import type { RecordId } from './record.ts';

export interface BindingColumn {
  readonly field: Field;
  readonly flow: Flow;
  /** Header texts that name this column, the preferred one first. */
  readonly headers: readonly string[];
  /** Higher wins when two bindings disagree over one field (C2). */
  readonly rank: number;
}

/** What happens to a record whose row was removed from the tab (D1). */
export type OnMissing = 'hide' | 'restore' | 'close' | 'delete';

/** Shares and counts at which a plan looks like an accident (D3). */
export interface GuardLimits {
  /** G2: more rows missing than both of these holds deletions; more than `missingAllShare` holds the binding. */
  readonly missingCount: number;
  readonly missingShare: number;
  readonly missingAllShare: number;
  /** G3: this many changed cells with the same multiset of values is a column sorted alone. */
  readonly sortedCount: number;
  /** G4 */
  readonly clearedCount: number;
  readonly clearedShare: number;
  /** G5 */
  readonly bulkCount: number;
  readonly bulkShare: number;
}

/** Configuration of one binding; plain data. */
export interface Binding {
  /** `workbook/tab`, as in `rowkeeper.json`. */
  readonly id: string;
  readonly workbook: string;
  readonly tab: string;
  readonly table: string;
  readonly idColumn: BindingColumn;
  readonly columns: readonly BindingColumn[];
  /** The column that shows open problems of a row in words, if the tab has one. */
  readonly hintColumn: BindingColumn | null;
  readonly readOnly: boolean;
  readonly onMissing: OnMissing;
  /** Only records that satisfy it are shown here; field key to accepted values. Empty: all. */
  readonly filter: Readonly<Record<string, readonly string[]>>;
  readonly guards: GuardLimits;
  readonly timeZone: string;
  readonly locale: 'zh-CN' | 'en';
  /** Changes with anything that makes the base unusable (mapping, tab, ID column, filters). */
  readonly configHash: string;
}

/**
 * What was last accounted for in one cell: `raw` is the sheet's content, `val` the database value it stood for, as this
 * sheet would show it. Both are raw texts (`rawText`). They differ while a person's text waits as a problem, or
 * between taking an edit and writing its canonical form.
 */
export interface BaseCell {
  readonly raw: string;
  readonly val: string;
  /** Generation of the file in which `raw` first stood. */
  readonly gen: number;
  /** `old`: learnt under another mapping; good for recognising the row, no base to judge by. */
  readonly state?: 'problem' | 'formula' | 'covered' | 'old';
}

/** A value a cell had during the generations `from..to`, kept so that an old copy can be told from an edit (K2). */
export interface PastCell {
  readonly field: string;
  readonly from: number;
  readonly to: number;
  readonly raw: string;
  readonly val: string;
  readonly state?: BaseCell['state'];
}

/**
 * - `live`: has a row with a confirmed ID
 * - `claim`: made from a row whose ID is not yet confirmed
 * - `append`: belongs here but has no row yet
 * - `missing`: its row was not seen in the last good read
 * - `hidden`: its row was removed; not written here until restored
 * - `frozen`: its ID stands on several rows; nothing is read or written until that is mended
 */
export type RowState = 'live' | 'claim' | 'append' | 'missing' | 'hidden' | 'frozen';

/** A record as remembered in one binding. Immutable: a change makes a new one. */
export interface BindingRow {
  readonly recordId: RecordId;
  readonly number: string;
  readonly state: RowState;
  /** Row at the last good read; a tie-breaker, never evidence (M8). */
  readonly rowHint: number;
  readonly missCount: number;
  /** ISO 8601 in UTC, or null. */
  readonly missingSince: string | null;
  /** Generation at which the row first stood in the file. */
  readonly bornGen: number;
  readonly cells: Readonly<Record<string, BaseCell>>;
  readonly past: readonly PastCell[];
}

/** What is remembered of a column. */
export interface ColumnState {
  readonly header: string;
  /** Column at the last good read. */
  readonly index: number;
  readonly attached: boolean;
  /** A header a person gave it, learnt from its content (H4). */
  readonly alias: string | null;
  /** A guard that holds this column, or null. */
  readonly heldBy: string | null;
}

/**
 * One write that was announced before it was sent (W2). `field` null is the ID cell. `recordId` 0 is a row that is no
 * record's: something of ours that stood in it by mistake is put right.
 */
export interface WriteIntent {
  readonly recordId: RecordId;
  readonly field: string | null;
  /** Row it was meant for; -1 for an append. */
  readonly row: number;
  readonly column: number;
  readonly oldRaw: string;
  readonly newRaw: string;
  /** The database value `newRaw` stands for, as raw text. */
  readonly val: string;
  /**
   * What the platform said, for kinds without compare-and-set: `proven`, nobody wrote in between; `answered`, it was done,
   * and where it landed is for a read to tell. Absent: nothing was said, and it may land late (W5).
   */
  readonly reply?: 'proven' | 'answered';
}

/** A row that was no record's when a batch was planned: what a write may hit by mistake, and is then put back (W4). */
export interface StrayRow {
  readonly row: number;
  /** Raw text of the ID cell. */
  readonly id: string;
  /** Raw texts by field. */
  readonly cells: Readonly<Record<string, string>>;
}

/** A batch of announced writes whose outcome is not yet settled. */
export interface WriteBatch {
  readonly id: string;
  /**
   * - `planned`: not sent, only owed
   * - `sent`: what became of it is for the next read to tell; nothing else is done until then
   * - `watched`: looked at, and parts of it may still land, or stand where they were not meant for
   */
  readonly state: 'planned' | 'sent' | 'watched';
  readonly generation: number;
  /** Token of the grid the batch was planned on. */
  readonly token: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly intents: readonly WriteIntent[];
  /** For kinds without compare-and-set: rows beside the records, whose own cells are known from their base. */
  readonly strays?: readonly StrayRow[];
}

/** Everything remembered of one binding between runs. */
export interface BindingState {
  readonly id: string;
  readonly configHash: string;
  /** `new` until the first look was accounted for. */
  readonly mode: 'new' | 'live';
  /** Guard that holds the whole binding, or null. */
  readonly heldBy: string | null;
  /** Token of the last read that was fully accounted for. */
  readonly token: string | null;
  /** Highest generation stamp ever given out for a write, whether it landed or not. */
  readonly generation: number;
  /** Highest generation stamp known to have stood in the workbook: a file with a lower one is an old copy (K2). */
  readonly seenGeneration: number;
  /** Number of the last finished cycle. */
  readonly cycle: number;
  readonly lastReadAt: string | null;
  /** Earliest moment at which an unchanged file must be looked at again, or null. */
  readonly lookAgainAt: string | null;
  readonly columns: Readonly<Record<string, ColumnState>>;
  readonly rows: ReadonlyMap<RecordId, BindingRow>;
  readonly batches: readonly WriteBatch[];
}
