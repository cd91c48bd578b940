/** The append-only log of changes: appending with the hash chain, a record's history, the last actors of its fields. */
import type { ChangeDraft } from '../model/change.ts';
import type { FieldValue } from '../model/field.ts';
import type { ActorKind, RecordId } from '../model/record.ts';
import type { LastActor } from '../store.ts';
import { type ChainedEntry, entryHash } from './chain.ts';
import { keptValues, quoted, shapeOf } from './record-shape.ts';
import { idArray, isoInstant, literal, type Param, type Sql, storable, type Transaction } from './sql.ts';

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
  const moved = new Map<string, { readonly draft: ChangeDraft; readonly head: Head }>();
  const rows: Param[][] = [];
  for (const draft of drafts) {
    const name = `${draft.table}:${draft.recordId}`;
    const previous = heads.get(name);
    const entry = keptEntry(draft, (previous?.seq ?? 0) + 1, recordedAt);
    const head = { seq: entry.seq, hash: entryHash(previous?.hash ?? null, entry) };
    rows.push(entryRow(entry, previous?.hash ?? null, head.hash));
    heads.set(name, head);
    if (head.seq > 1) moved.set(name, { draft, head });
  }
  await tx.copyIn('changes', columns, rows);
  await saveHeads(tx, [...moved.values()]);
}

async function newestEntries(sql: Sql, drafts: readonly ChangeDraft[]): Promise<Map<string, Head>> {
  const ids = new Map<string, Set<RecordId>>();
  for (const { kind, table, recordId } of drafts) {
    if (kind === 'create') continue;
    const ofTable = ids.get(table);
    if (ofTable === undefined) ids.set(table, new Set([recordId]));
    else ofTable.add(recordId);
  }
  const heads = new Map<string, Head>();
  for (const [table, ofTable] of ids) {
    const rows = await sql.query(
      `select c.record_id, c.seq, encode(c.hash, 'hex') as hash
       from unnest($2::text::bigint[]) as wanted(id)
       cross join lateral (
         select record_id, seq, hash from changes
         where table_name = $1 and record_id = wanted.id order by seq desc limit 1
       ) as c`,
      [table, idArray([...ofTable])],
    );
    for (const row of rows)
      heads.set(`${table}:${row.record_id}`, { seq: row.seq as number, hash: row.hash as string });
  }
  return heads;
}

async function saveHeads(
  tx: Transaction,
  moved: readonly { readonly draft: ChangeDraft; readonly head: Head }[],
): Promise<void> {
  if (moved.length === 0) return;
  const rows = moved.map(({ draft, head }) => ({ t: draft.table, r: draft.recordId, s: head.seq, h: head.hash }));
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
