/** The append-only log of changes: appending with the hash chain, a record's history, the last actors of its fields. */
import type { ChangeDraft } from '../model/change.ts';
import type { FieldValue } from '../model/field.ts';
import type { ActorKind, RecordId } from '../model/record.ts';
import type { LastActor } from '../store.ts';
import { type Link, linkHash } from './chain.ts';
import { escaped, escapedJson, plainLine } from './copy-text.ts';
import { keptText, quoted, shapeOf, type Values } from './record-shape.ts';
import { idArray, isoInstant, literal, type Row, type Sql, storable, type Transaction } from './sql.ts';

/** An entry of a record's log, for people and programs to read. */
export interface HistoryEntry extends ChangeDraft {
  /** Place in the record's log, from 1. */
  readonly seq: number;
  /** When the database took it; ISO 8601 in UTC with milliseconds. */
  readonly recordedAt: string;
}

/** An entry with its place in the chain. */
export interface KeptLink extends Link {
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
  const recordedAt = await beganAt(tx);
  await tx.copyIn('changes', columns, chain(drafts, heads, recordedAt));
  await saveHeads(tx, heads);
}

const moments = new WeakMap<Transaction, string>();

/** The moment a transaction began, by the database's clock: asked once, because asking waits for what is under way. */
async function beganAt(tx: Transaction): Promise<string> {
  let moment = moments.get(tx);
  if (moment === undefined) {
    moment = (await tx.query('select now() as now'))[0]!.now as string;
    moments.set(tx, moment);
  }
  return moment;
}

/** Newest entries by table and record. */
type Heads = ReadonlyMap<string, Map<RecordId, Head>>;

/** The lines of new entries, made while they are sent; `heads` moves along. */
function* chain(drafts: readonly ChangeDraft[], heads: Heads, recordedAt: string): Generator<string> {
  const linkOf = linkMaker(recordedAt);
  for (const draft of drafts) {
    const ofTable = heads.get(draft.table)!;
    const previous = ofTable.get(draft.recordId);
    const prevHash = previous?.hash ?? null;
    const link = linkOf(draft, (previous?.seq ?? 0) + 1);
    const hash = linkHash(prevHash, link);
    ofTable.set(draft.recordId, { seq: link.seq, hash });
    yield plainLine([
      escaped(link.table),
      link.recordId,
      link.seq,
      link.kind,
      orNull(link.field, escaped),
      orNull(link.oldValue, escapedJson),
      orNull(link.newValue, escapedJson),
      orNull(link.newValues, escapedJson),
      orNull(link.typed, escaped),
      link.actorKind,
      orNull(link.actorName, escaped),
      escaped(link.source),
      orNull(link.cause, escaped),
      link.happenedAt,
      link.recordedAt,
      prevHash === null ? null : `\\\\x${prevHash}`,
      `\\\\x${hash}`,
    ]);
  }
}

function orNull(text: string | null, change: (text: string) => string): string | null {
  return text === null ? null : change(text);
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

/** Makes entries as they will read back, so that their hash can be checked for ever. */
function linkMaker(recordedAt: string): (draft: ChangeDraft, seq: number) => Link {
  const json = (value: FieldValue): string | null =>
    value === null ? null : JSON.stringify(typeof value === 'string' ? storable(value) : value);
  // Entries of one change share its moment.
  let moment = { given: '', iso: '' };
  const instant = (given: string): string => {
    if (moment.given !== given) moment = { given, iso: new Date(given).toISOString() };
    return moment.iso;
  };
  return (draft, seq) => ({
    table: draft.table,
    recordId: draft.recordId,
    seq,
    kind: draft.kind,
    field: draft.field,
    oldValue: json(draft.oldValue),
    newValue: json(draft.newValue),
    newValues: draft.kind === 'create' ? keptText(draft.newValues).text : null,
    typed: orNull(draft.typed, storable),
    actorKind: draft.actor.kind,
    actorName: orNull(draft.actor.name, storable),
    source: storable(draft.source),
    cause: orNull(draft.cause, storable),
    happenedAt: instant(draft.happenedAt),
    recordedAt,
  });
}

/** A record's log, oldest first; empty when the table has no record of that number. */
export async function historyOf(sql: Sql, table: string, number: string): Promise<readonly HistoryEntry[]> {
  const shape = shapeOf(table);
  const only = shape.only === null ? '' : `${shape.only} and `;
  const [row] = await sql.query(`select id from ${shape.sqlTable} where ${only}${quoted(shape.numberColumn)} = $1`, [
    storable(number),
  ]);
  if (row === undefined) return [];
  return (await linksBetween(sql, table, row.id as number, row.id as number)).map(historyEntry);
}

/** An entry of a log as people and programs read it. */
export function historyEntry(link: KeptLink): HistoryEntry {
  const json = (text: string | null): FieldValue => (text === null ? null : (JSON.parse(text) as FieldValue));
  return {
    table: link.table,
    recordId: link.recordId,
    seq: link.seq,
    kind: link.kind,
    field: link.field,
    oldValue: json(link.oldValue),
    newValue: json(link.newValue),
    newValues: link.newValues === null ? {} : (JSON.parse(link.newValues) as Values),
    typed: link.typed,
    actor: { kind: link.actorKind, name: link.actorName },
    source: link.source,
    cause: link.cause,
    happenedAt: link.happenedAt,
    recordedAt: link.recordedAt,
  };
}

/** Records of which something happened since an instant, in id order. */
export async function changedSince(sql: Sql, table: string, since: Date): Promise<readonly RecordId[]> {
  const lines = await sql.copyOut(
    `select distinct record_id from changes
     where table_name = ${literal(table)} and happened_at >= ${literal(since.toISOString())} order by record_id`,
  );
  return lines.map(([id]) => Number(id));
}

/** The logs of records with an id from `from` to `to`, by record, oldest entry first. */
export async function linksBetween(
  sql: Sql,
  table: string,
  from: RecordId,
  to: RecordId,
): Promise<readonly KeptLink[]> {
  const lines = await sql.copyOut(
    `select ${columns.join()} from changes
     where table_name = ${literal(table)} and record_id between ${from} and ${to} order by record_id, seq`,
  );
  return lines.map(
    (line): KeptLink => ({
      table,
      recordId: Number(line[1]),
      seq: Number(line[2]),
      kind: line[3] as ChangeDraft['kind'],
      field: line[4]!,
      oldValue: line[5]!,
      newValue: line[6]!,
      newValues: line[7]!,
      typed: line[8]!,
      actorKind: line[9] as ActorKind,
      actorName: line[10]!,
      source: line[11]!,
      cause: line[12]!,
      happenedAt: isoInstant(line[13]!),
      recordedAt: isoInstant(line[14]!),
      prevHash: line[15]?.slice(2) ?? null,
      hash: line[16]!.slice(2),
    }),
  );
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
