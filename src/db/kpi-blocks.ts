/**
 * Packed facts of tickets by block, the marks of blocks that are out of date, and the histories a block is folded from.
 * Marks are only ever added by writers and only ever deleted by the reader that has seen them, so none is lost.
 */
import type { FieldValue } from '../model/field.ts';
import type { RecordId } from '../model/record.ts';
import { idArray, isoInstant, literal, type Sql, type Transaction } from './sql.ts';

export interface KeptBlock {
  readonly block: number;
  readonly revision: number;
  /** As `made_with` in the schema. */
  readonly madeWith: string;
}

/** All blocks without their bodies, by number. */
export async function listBlocks(sql: Sql): Promise<readonly KeptBlock[]> {
  const lines = await sql.copyOut('select block, revision, made_with from kpi_blocks order by block');
  return lines.map(([block, revision, madeWith]) => ({
    block: Number(block),
    revision: Number(revision),
    madeWith: madeWith!,
  }));
}

/** Bodies of some blocks; blocks that are not there are left out. */
export async function loadBlocks(
  sql: Sql,
  blocks: readonly number[],
): Promise<readonly { readonly block: number; readonly revision: number; readonly body: Uint8Array }[]> {
  if (blocks.length === 0) return [];
  const lines = await sql.copyOut(
    `select block, revision, encode(body, 'base64') from kpi_blocks where block in (${blocks.map(Math.floor).join()})`,
  );
  return lines.map(([block, revision, body]) => ({
    block: Number(block),
    revision: Number(revision),
    body: Buffer.from(body!, 'base64'),
  }));
}

/** Writes blocks; each gets its next revision. */
export async function saveBlocks(
  tx: Transaction,
  blocks: readonly { readonly block: number; readonly body: Uint8Array }[],
  madeWith: string,
): Promise<void> {
  if (blocks.length === 0) return;
  await tx.query(
    `insert into kpi_blocks (block, revision, made_with, body)
     select b, 1, $2, decode(d, 'base64') from json_to_recordset($1::text::json) as given(b integer, d text)
     on conflict (block) do update
     set revision = kpi_blocks.revision + 1, made_with = excluded.made_with, body = excluded.body`,
    [
      JSON.stringify(blocks.map(({ block, body }) => ({ b: block, d: Buffer.from(body).toString('base64') }))),
      madeWith,
    ],
  );
}

/**
 * Holds off every other folding until the transaction ends. Who folds later reads later, so that the block that is kept
 * is never older than the marks that were cleared for it. Must run before the first reading of a block.
 */
export async function lockFolding(tx: Transaction): Promise<void> {
  await tx.query('select pg_advisory_xact_lock(7241908)');
}

/** What changes whenever any block is written. */
export async function blocksToken(sql: Sql): Promise<string> {
  const [row] = await sql.query("select count(*) || '|' || coalesce(sum(revision), 0) as token from kpi_blocks");
  return String(row?.token);
}

/** Marks that wait, the oldest first, `limit` at most. */
export async function dirtyBlocks(
  sql: Sql,
  limit: number,
): Promise<readonly { readonly id: number; readonly block: number }[]> {
  const rows = await sql.query(`select id, block from kpi_dirty order by id limit ${Math.floor(limit)}`);
  return rows.map((row) => ({ id: row.id as number, block: row.block as number }));
}

export async function clearDirty(tx: Transaction, ids: readonly number[]): Promise<void> {
  if (ids.length > 0) await tx.query('delete from kpi_dirty where id = any($1::text::bigint[])', [idArray(ids)]);
}

/** Numbers of all blocks that have a ticket. */
export async function blocksInUse(sql: Sql, blockSize: number): Promise<readonly number[]> {
  const lines = await sql.copyOut(
    `select distinct (id / ${Math.floor(blockSize)})::integer as block from tickets order by block`,
  );
  return lines.map(([block]) => Number(block));
}

/** A log entry as figures need it. */
export interface LoggedStep {
  readonly recordId: RecordId;
  readonly kind: 'create' | 'set' | 'delete' | 'restore';
  readonly field: string | null;
  readonly newValue: FieldValue;
  readonly newValues: Readonly<Record<string, FieldValue>>;
  /** ISO 8601 in UTC. */
  readonly happenedAt: string;
  /** Who wrote it: `system` is the service by itself. */
  readonly actorKind: string;
  readonly cause: string | null;
}

/** The log of tickets `[from, to)`, of the given fields only, ticket by ticket in order. */
export async function loadSteps(
  sql: Sql,
  from: RecordId,
  to: RecordId,
  fields: readonly string[],
): Promise<readonly LoggedStep[]> {
  const lines = await sql.copyOut(
    `select record_id, kind, field, new_value::text, new_values::text, happened_at, actor_kind, cause from changes
     where table_name = 'tickets' and record_id >= ${Math.floor(from)} and record_id < ${Math.floor(to)}
       and (field is null or field in (${fields.map(literal).join()}))
     order by record_id, seq`,
  );
  return lines.map(([recordId, kind, field, newValue, newValues, happenedAt, actorKind, cause]) => ({
    recordId: Number(recordId),
    kind: kind as LoggedStep['kind'],
    field: field ?? null,
    newValue: newValue === null || newValue === undefined ? null : (JSON.parse(newValue) as FieldValue),
    newValues:
      newValues === null || newValues === undefined
        ? {}
        : (JSON.parse(newValues) as Readonly<Record<string, FieldValue>>),
    happenedAt: isoInstant(happenedAt!),
    actorKind: actorKind!,
    cause: cause ?? null,
  }));
}

export interface LoggedContact {
  readonly ticketId: RecordId;
  /** ISO 8601 in UTC, or a day; null: no time was typed. */
  readonly at: string | null;
  readonly kind: string;
  readonly person: string | null;
  /** A rule or the service wrote it: nobody of the team spoke. */
  readonly isByMachine: boolean;
}

/** Contacts of tickets `[from, to)` that are not deleted. */
export async function loadContacts(sql: Sql, from: RecordId, to: RecordId): Promise<readonly LoggedContact[]> {
  const lines = await sql.copyOut(
    `select tickets.id, contacted_at, 'contacted_at' = any(contacts.day_fields), contacts.kind, person,
       first.actor_kind in ('rule', 'system')
     from contacts join tickets on tickets.ticket_no = contacts.ticket_no
     join changes as first on first.table_name = 'contacts' and first.record_id = contacts.id and first.seq = 1
     where contacts.deleted_at is null and contacts.kind is not null
       and tickets.id >= ${Math.floor(from)} and tickets.id < ${Math.floor(to)}
     order by tickets.id, contacted_at, contacts.id`,
  );
  return lines.map(([ticketId, at, isDay, kind, person, isByMachine]) => ({
    ticketId: Number(ticketId),
    at: at === null || at === undefined ? null : isDay === 't' ? at.slice(0, 10) : isoInstant(at),
    kind: kind!,
    person: person ?? null,
    isByMachine: isByMachine === 't',
  }));
}

/** Kept clocks of tickets `[from, to)`, as `saveClocks` keeps them. */
export async function loadClockStates(sql: Sql, from: RecordId, to: RecordId): Promise<ReadonlyMap<RecordId, unknown>> {
  const lines = await sql.copyOut(
    `select record_id, clocks::text from record_clocks
     where table_name = 'tickets' and record_id >= ${Math.floor(from)} and record_id < ${Math.floor(to)}`,
  );
  return new Map(lines.map(([id, clocks]) => [Number(id), JSON.parse(clocks!) as unknown]));
}

export interface ListedTicket {
  readonly id: RecordId;
  readonly number: string;
  readonly title: string | null;
  readonly customer: string | null;
  readonly assignee: string | null;
  readonly status: string | null;
  readonly priority: string | null;
  readonly createdAt: string | null;
}

/** What a list of tickets shows of each, in the order of the ids. */
export async function listTickets(sql: Sql, ids: readonly RecordId[]): Promise<readonly ListedTicket[]> {
  if (ids.length === 0) return [];
  const lines = await sql.copyOut(
    `select id, ticket_no, title, customer, assignee, status, priority, created_at, 'created_at' = any(day_fields)
     from tickets where id in (${ids.map(Math.floor).join()})`,
  );
  const byId = new Map(lines.map((line) => [Number(line[0]), line]));
  return ids.flatMap((id) => {
    const line = byId.get(id);
    if (line === undefined) return [];
    const [, number, title, customer, assignee, status, priority, createdAt, isDay] = line;
    const created = createdAt ?? null;
    return [
      {
        id,
        number: number!,
        title: title ?? null,
        customer: customer ?? null,
        assignee: assignee ?? null,
        status: status ?? null,
        priority: priority ?? null,
        createdAt: created === null ? null : isDay === 't' ? created.slice(0, 10) : isoInstant(created),
      },
    ];
  });
}
