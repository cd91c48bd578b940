/**
 * Checks the whole log (I14): every hash, every head, and that replaying a record's entries gives the record. Reads in
 * slices of records, so that its memory does not grow with the log.
 */
import type { FieldValue } from '../model/field.ts';
import type { KeptRecord, RecordId } from '../model/record.ts';
import { linkHash } from './chain.ts';
import { type KeptLink, linksBetween } from './changes.ts';
import { recordRange } from './records.ts';
import { literal, type Sql } from './sql.ts';

export interface ChainBreak {
  readonly table: string;
  readonly recordId: RecordId;
  /** Null when the record itself is gone. */
  readonly number: string | null;
  /** Entry at which it was noticed, or null when it concerns the log as a whole. */
  readonly seq: number | null;
  /**
   * - `altered`: the entry does not fit its hash, or its hash does not follow the one before
   * - `missing-entry`: entries before this one, at the end, or all of them are gone
   * - `missing-record`: the log tells of a record that is not there
   * - `differs`: replaying the log gives other values than the record has
   */
  readonly kind: 'altered' | 'missing-entry' | 'missing-record' | 'differs';
}

const slice = 5000;

/** All breaks, one per record at most; none: the log is whole and explains every record. */
export async function verifyChain(sql: Sql): Promise<readonly ChainBreak[]> {
  const breaks: ChainBreak[] = [];
  const counters = await sql.query('select table_name, last from record_counters order by table_name');
  for (const { table_name, last } of counters) {
    const table = table_name as string;
    for (let from = 1; from <= (last as number); from += slice) {
      breaks.push(...(await verifySlice(sql, table, from, from + slice - 1)));
    }
  }
  return breaks;
}

async function verifySlice(sql: Sql, table: string, from: RecordId, to: RecordId): Promise<ChainBreak[]> {
  const records = new Map((await recordRange(sql, table, from, to)).map((record) => [record.id, record]));
  const heads = new Map(
    (
      await sql.copyOut(
        `select record_id, seq, encode(hash, 'hex') from change_heads
         where table_name = ${literal(table)} and record_id between ${from} and ${to}`,
      )
    ).map(([id, seq, hash]) => [Number(id), { seq: Number(seq), hash: hash! }]),
  );
  const logs = new Map<RecordId, KeptLink[]>();
  for (const entry of await linksBetween(sql, table, from, to)) {
    const log = logs.get(entry.recordId);
    if (log === undefined) logs.set(entry.recordId, [entry]);
    else log.push(entry);
  }
  const breaks: ChainBreak[] = [];
  const ids = new Set([...records.keys(), ...logs.keys(), ...heads.keys()]);
  for (const recordId of [...ids].sort((a, b) => a - b)) {
    const record = records.get(recordId);
    const found = faultOf(logs.get(recordId) ?? [], heads.get(recordId), record);
    if (found !== null) breaks.push({ table, recordId, number: record?.number ?? null, ...found });
  }
  return breaks;
}

function faultOf(
  log: readonly KeptLink[],
  head: { readonly seq: number; readonly hash: string } | undefined,
  record: KeptRecord | undefined,
): Pick<ChainBreak, 'seq' | 'kind'> | null {
  let previous: KeptLink | undefined;
  for (const entry of log) {
    if (entry.seq !== (previous?.seq ?? 0) + 1) return { seq: entry.seq, kind: 'missing-entry' };
    const before = previous?.hash ?? null;
    if (entry.prevHash !== before || entry.hash !== linkHash(before, entry)) return { seq: entry.seq, kind: 'altered' };
    previous = entry;
  }
  if (record === undefined) return { seq: null, kind: 'missing-record' };
  if (previous === undefined || (head?.seq ?? 1) > previous.seq) return { seq: null, kind: 'missing-entry' };
  // More than one entry needs a head of exactly the newest; a record that changed needs more than its creation.
  if (previous.seq > 1 && head?.hash !== previous.hash) return { seq: previous.seq, kind: 'altered' };
  if (previous.seq === 1 && record.revision > 1) return { seq: null, kind: 'missing-entry' };
  return isReplayed(log, record) ? null : { seq: null, kind: 'differs' };
}

function isReplayed(log: readonly KeptLink[], record: KeptRecord): boolean {
  const values = new Map<string, FieldValue>();
  let deleted = false;
  for (const entry of log) {
    if (entry.kind === 'create') for (const [key, value] of parsedValues(entry.newValues)) values.set(key, value);
    else if (entry.kind === 'delete') deleted = true;
    else if (entry.kind === 'restore') deleted = false;
    else if (entry.newValue === null) values.delete(entry.field!);
    else values.set(entry.field!, JSON.parse(entry.newValue) as FieldValue);
  }
  const keys = Object.keys(record.values);
  return (
    deleted === (record.deletedAt !== null) &&
    keys.length === values.size &&
    keys.every((key) => values.get(key) === record.values[key])
  );
}

function parsedValues(text: string | null): [string, FieldValue][] {
  return text === null ? [] : Object.entries(JSON.parse(text) as Record<string, FieldValue>);
}
