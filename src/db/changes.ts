/** The append-only log of changes: appending with the hash chain, a record's history, the last actors of its fields. */
import type { ChangeDraft } from '../model/change.ts';
import type { FieldValue } from '../model/field.ts';
import type { ActorKind, RecordId } from '../model/record.ts';
import type { LastActor } from '../store.ts';
import { type ChainedEntry, entryHash } from './chain.ts';
import { keptValues, quoted, shapeOf } from './record-shape.ts';
import { idArray, isoInstant, literal, type Param, type Row, type Sql, storable, type Transaction } from './sql.ts';

/** An entry as kept. */
export interface HistoryEntry extends ChainedEntry {
  readonly prevHash: string | null;
  readonly hash: string;
}

interface Head {
  readonly seq: number;
  readonly hash: string;
}

const columns = [
  'table_name',
  'record_id',
  'seq',
  'kind',
  'field',
  'old_value',
  'new_value',
  'new_values',
  'typed',
  'actor_kind',
  'actor_name',
  'source',
  'cause',
  'happened_at',
  'recorded_at',
  'prev_hash',
  'hash',
];

/**
 * Appends in order. A creation is its record's first entry; anything else follows the record's newest one. Two
 * transactions that append to one record at once are kept apart by the record's lock, or one of them fails.
 */
export async function appendChanges(tx: Transaction, drafts: readonly ChangeDraft[]): Promise<void> {
  if (drafts.length === 0) return;
  const heads = await newestEntries(tx, drafts);
  const recordedAt = (await tx.query('select now() as now'))[0]!.now as string;
  await tx.copyIn('changes', columns, chain(drafts, heads, recordedAt));
  await saveHeads(tx, heads);
}

/** Newest entries by table and record. */
type Heads = ReadonlyMap<string, Map<RecordId, Head>>;

/** The rows of new entries, made one at a time while they are sent; `heads` moves along. */
function* chain(drafts: readonly ChangeDraft[], heads: Heads, recordedAt: string): Generator<Param[]> {
  for (const draft of drafts) {
    const ofTable = heads.get(draft.table)!;
    const previous = ofTable.get(draft.recordId);
    const entry = keptEntry(draft, (previous?.seq ?? 0) + 1, recordedAt);
    const hash = entryHash(previous?.hash ?? null, entry);
    ofTable.set(draft.recordId, { seq: entry.seq, hash });
    yield entryRow(entry, previous?.hash ?? null, hash);
  }
}

async function newestEntries(sql: Sql, drafts: readonly ChangeDraft[]): Promise<Heads> {
  const ids = new Map<string, Set<RecordId>>();
  for (const { kind, table, recordId } of drafts) {
    let ofTable = ids.get(table);
    if (ofTable === undefined) {
      ofTable = new Set();
      ids.set(table, ofTable);
    }
    if (kind !== 'create') ofTable.add(recordId);
  }
  const heads = new Map<string, Map<RecordId, Head>>();
  for (const [table, ofTable] of ids) {
    const rows = ofTable.size === 0 ? [] : await selectNewest(sql, table, [...ofTable]);
    heads.set(
      table,
      new Map(rows.map((row) => [row.record_id as number, { seq: row.seq as number, hash: row.hash as string }])),
    );
  }
  return heads;
}

async function selectNewest(sql: Sql, table: string, ids: readonly RecordId[]): Promise<readonly Row[]> {
  return await sql.query(
    `select c.record_id, c.seq, encode(c.hash, 'hex') as hash
     from unnest($2::text::bigint[]) as wanted(id)
     cross join lateral (
       select record_id, seq, hash from changes
       where table_name = $1 and record_id = wanted.id order by seq desc limit 1
     ) as c`,
    [table, idArray(ids)],
  );
}

/** A record whose log is only its creation has no head. */
async function saveHeads(tx: Transaction, heads: Heads): Promise<void> {
  const rows: object[] = [];
  for (const [t, ofTable] of heads) {
    for (const [r, { seq: s, hash: h }] of ofTable) if (s > 1) rows.push({ t, r, s, h });
  }
  if (rows.length === 0) return;
  await tx.query(
    `insert into change_heads (table_name, record_id, seq, hash)
     select t, r, s, decode(h, 'hex') from jsonb_to_recordset($1::text::jsonb) as p(t text, r bigint, s integer, h text)
     on conflict (table_name, record_id) do update set seq = excluded.seq, hash = excluded.hash`,
    [JSON.stringify(rows)],
  );
}

/** The entry as it will read back, so that its hash can be checked for ever. */
function keptEntry(draft: ChangeDraft, seq: number, recordedAt: string): ChainedEntry {
  const text = (value: string | null): string | null => (value === null ? null : storable(value));
  const value = (of: FieldValue): FieldValue => (typeof of === 'string' ? storable(of) : of);
  return {
    table: draft.table,
    recordId: draft.recordId,
    seq,
    kind: draft.kind,
    field: draft.field,
    oldValue: value(draft.oldValue),
    newValue: value(draft.newValue),
    newValues: keptValues(draft.newValues),
    typed: text(draft.typed),
    actor: { kind: draft.actor.kind, name: text(draft.actor.name) },
    source: storable(draft.source),
    cause: text(draft.cause),
    happenedAt: new Date(draft.happenedAt).toISOString(),
    recordedAt,
  };
}

function entryRow(entry: ChainedEntry, previous: string | null, hash: string): Param[] {
  const json = (value: FieldValue): string | null => (value === null ? null : JSON.stringify(value));
  return [
    entry.table,
    entry.recordId,
    entry.seq,
    entry.kind,
    entry.field,
    json(entry.oldValue),
    json(entry.newValue),
    entry.kind === 'create' ? JSON.stringify(entry.newValues) : null,
    entry.typed,
    entry.actor.kind,
    entry.actor.name,
    entry.source,
    entry.cause,
    entry.happenedAt,
    entry.recordedAt,
    previous === null ? null : `\\x${previous}`,
    `\\x${hash}`,
  ];
}

/** A record's log, oldest first; empty when the table has no record of that number. */
export async function historyOf(sql: Sql, table: string, number: string): Promise<readonly HistoryEntry[]> {
  const shape = shapeOf(table);
  const only = shape.only === null ? '' : `${shape.only} and `;
  const [row] = await sql.query(`select id from ${shape.sqlTable} where ${only}${quoted(shape.numberColumn)} = $1`, [
    storable(number),
  ]);
  return row === undefined ? [] : await entriesBetween(sql, table, row.id as number, row.id as number);
}

/** The logs of records with an id from `from` to `to`, by record, oldest entry first. */
export async function entriesBetween(
  sql: Sql,
  table: string,
  from: RecordId,
  to: RecordId,
): Promise<readonly HistoryEntry[]> {
  const lines = await sql.copyOut(
    `select ${columns.join()} from changes
     where table_name = ${literal(table)} and record_id between ${from} and ${to} order by record_id, seq`,
  );
  return lines.map((line): HistoryEntry => {
    const json = (at: number): FieldValue => (line[at] == null ? null : (JSON.parse(line[at]) as FieldValue));
    const hash = (at: number): string | null => (line[at] == null ? null : line[at].slice(2));
    return {
      table,
      recordId: Number(line[1]),
      seq: Number(line[2]),
      kind: line[3] as ChangeDraft['kind'],
      field: line[4]!,
      oldValue: json(5),
      newValue: json(6),
      newValues: line[7] == null ? {} : JSON.parse(line[7]),
      typed: line[8]!,
      actor: { kind: line[9] as ActorKind, name: line[10]! },
      source: line[11]!,
      cause: line[12]!,
      happenedAt: isoInstant(line[13]!),
      recordedAt: isoInstant(line[14]!),
      prevHash: hash(15),
      hash: hash(16)!,
    };
  });
}

/** Who changed each field last, by `id:field`; what only the creation set is absent. */
export async function lastActors(
  sql: Sql,
  table: string,
  ids: readonly RecordId[],
): Promise<ReadonlyMap<string, LastActor>> {
  if (ids.length === 0) return new Map();
  const rows = await sql.query(
    `select distinct on (record_id, field) record_id, field, actor_kind, actor_name, source
     from changes where table_name = $1 and record_id = any($2::text::bigint[]) and field is not null
     order by record_id, field, seq desc`,
    [table, idArray(ids)],
  );
  return new Map(
    rows.map((row) => [
      `${row.record_id}:${row.field}`,
      { kind: row.actor_kind as ActorKind, name: row.actor_name as string | null, source: row.source as string },
    ]),
  );
}
