/**
 * A person answered what a too wide rule held: it is let go on with, or what was held is dropped. The command and the 处理
 * column come to the same place.
 */
import { dropEvents, type HeldEvents, heldEvents, releaseEvents } from '../db/pending-events.ts';
import { loadProblems } from '../db/problems.ts';
import type { Database, Transaction } from '../db/sql.ts';
import type { Transact } from '../db/sync-store.ts';
import type { Lease, StoreTransaction } from '../store.ts';
import { problemsTable } from '../sync/problems.ts';

/** Message of the problem line of a rule that holds events; its `name` is what is to be released. */
export const heldMessage = 'automation-held';

export interface LetGo {
  /** Events the rule held. */
  readonly events: number;
  /** Other rules that hold some of the same events: nothing happens to those before they are released too. */
  readonly heldBy: readonly string[];
}

/** Lets a rule go on with what it holds, or drops it: then no rule answers those events, also none that held them too. */
export async function letGo(
  tx: Transaction,
  store: StoreTransaction,
  name: string,
  how: 'release' | 'drop',
  now: Date,
): Promise<LetGo> {
  const held: HeldEvents = how === 'drop' ? await dropEvents(tx, name) : await releaseEvents(tx, name);
  const holding = new Set(await heldEvents(tx));
  const solved = (await loadProblems(tx))
    .filter(({ message, params }) => message === heldMessage && !holding.has(params.name ?? ''))
    .map(({ key }) => key);
  await store.closeProblems(solved, 'resolved', now);
  if (solved.length > 0) await store.markDirty(problemsTable, [0]);
  return held;
}

/** Rules whose problem line was answered in the 处理 column, and how. */
export async function answeredHolds(
  db: Database,
): Promise<readonly { readonly name: string; readonly how: 'release' | 'drop' }[]> {
  return (await loadProblems(db)).flatMap(({ message, state, answer, params }) => {
    if (message !== heldMessage || state !== 'open' || (answer !== 'use-mine' && answer !== 'ignore')) return [];
    return [{ name: params.name ?? '', how: answer === 'ignore' ? ('drop' as const) : ('release' as const) }];
  });
}

/** Carries those answers out. */
export async function carryOutAnswers(db: Database, transact: Transact, lease: Lease, now: Date): Promise<void> {
  for (const { name, how } of await answeredHolds(db)) {
    await transact(lease, async (tx, store) => void (await letGo(tx, store, name, how, now)));
  }
}
