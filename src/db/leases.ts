/** One writer per workbook: a lease with a fence that grows with every holder. */
import { FencedError, type Lease } from '../store.ts';
import type { Sql, Transaction } from './sql.ts';

/** Takes a lease that is free, expired or this owner's own; null while another holds it. */
export async function takeLease(
  sql: Sql,
  workbook: string,
  owner: string,
  now: Date,
  ttlMs: number,
): Promise<Lease | null> {
  const [row] = await sql.query(
    `insert into leases as held (workbook, owner, fence, held_until) values ($1, $2, 1, $3::text::timestamptz)
     on conflict (workbook) do update set owner = excluded.owner, fence = held.fence + 1, held_until = excluded.held_until
     where held.owner = excluded.owner or held.held_until <= $4::text::timestamptz
     returning fence`,
    [workbook, owner, until(now, ttlMs), now.toISOString()],
  );
  return row === undefined ? null : { workbook, owner, fence: row.fence as number };
}

/** False when the lease is no longer this holder's. */
export async function renewLease(sql: Sql, lease: Lease, now: Date, ttlMs: number): Promise<boolean> {
  const renewed = await sql.query(
    `update leases set held_until = $4::text::timestamptz
     where workbook = $1 and owner = $2 and fence = $3::text::bigint returning fence`,
    [lease.workbook, lease.owner, String(lease.fence), until(now, ttlMs)],
  );
  return renewed.length > 0;
}

/** The fence stays, so that the next holder's is higher. */
export async function releaseLease(sql: Sql, lease: Lease): Promise<void> {
  await sql.query(
    `update leases set held_until = '-infinity' where workbook = $1 and owner = $2 and fence = $3::text::bigint`,
    [lease.workbook, lease.owner, String(lease.fence)],
  );
}

/** Throws `FencedError` unless the lease still is this holder's, and keeps it so until the transaction ends. */
export async function holdLease(tx: Transaction, lease: Lease): Promise<void> {
  // `for share`: whoever would take it over waits for this transaction. `for key share` would let him pass.
  const held = await tx.query(
    'select fence from leases where workbook = $1 and owner = $2 and fence = $3::text::bigint for share',
    [lease.workbook, lease.owner, String(lease.fence)],
  );
  if (held.length === 0) throw new FencedError(lease.workbook);
}

function until(now: Date, ttlMs: number): string {
  return new Date(now.getTime() + ttlMs).toISOString();
}
