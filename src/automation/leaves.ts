/** The tickets that leaves hand over: when one begins, and when a ticket that was paused then goes on. */
import { assignedSince, runningTickets } from '../db/crew.ts';
import type { Transaction } from '../db/sql.ts';
import type { DueTimer } from '../db/timers.ts';
import type { RecordId } from '../model/record.ts';
import type { StoreTransaction } from '../store.ts';
import { absenceOf, absencesNow, handoverTriggers, runningOf } from './handover.ts';
import type { Trigger } from './trigger.ts';
import { type AnswerWorld, ticketTable } from './world.ts';

/** What the timer of a leave hands over; locks the tickets of the absent person. */
export async function begunHandovers(
  tx: Transaction,
  store: StoreTransaction,
  timer: DueTimer,
  world: AnswerWorld,
): Promise<ReadonlyMap<RecordId, Trigger>> {
  const absence = absenceOf(timer, world);
  if (absence === null) return new Map();
  const { name, aliases } = absence.person;
  const records = await store.lockRecords(ticketTable, await runningTickets(tx, [name, ...aliases]));
  return handoverTriggers(absence, records.values(), world);
}

/**
 * What of tickets that were paused until now is handed over as if it had been running when the leave began; locks them. A
 * ticket that somebody got since then is meant to be theirs.
 */
export async function resumedHandovers(
  tx: Transaction,
  store: StoreTransaction,
  paused: readonly RecordId[],
  world: AnswerWorld,
): Promise<ReadonlyMap<RecordId, Trigger>> {
  const absences = absencesNow(world);
  if (absences.length === 0) return new Map();
  const records = await store.lockRecords(ticketTable, paused);
  const handovers = new Map<RecordId, Trigger>();
  for (const absence of absences) {
    const running = runningOf(absence, records.values(), world);
    if (running.length === 0) continue;
    const ids = running.map(({ id }) => id);
    const meant = await assignedSince(tx, ids, absence.leave.from);
    const own = running.filter(({ id }) => !meant.has(id));
    for (const [id, trigger] of handoverTriggers(absence, own, world)) handovers.set(id, trigger);
  }
  return handovers;
}
