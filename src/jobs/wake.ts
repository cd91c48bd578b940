/**
 * Joins the queue with what waits in rows: a job wakes a worker when messages or timers are due, and each run leaves a job
 * for the next due instant. No loop looks around for work.
 */
import { addMessages } from '../db/messages.ts';
import type { Transaction } from '../db/sql.ts';
import { setTimers, type TimerDraft } from '../db/timers.ts';
import type { Notice } from '../notify/message.ts';
import { type PlanWorld, planMessage } from '../notify/policy.ts';
import type { Clock } from '../ports.ts';
import type { Jobs, QueueDefinition } from './queue.ts';

/** What can be woken. */
export const wakeQueues = [
  { name: 'deliver', kind: 'wake' },
  { name: 'timers', kind: 'wake' },
] as const satisfies readonly QueueDefinition[];

export type WakeQueue = (typeof wakeQueues)[number]['name'];

/** Nothing is woken more than once a second for one instant. */
const grainMs = 1000;

/**
 * Sees to it that messages or timers are looked at, not before `at`. Within the transaction that wrote them, or by itself
 * when null. Cheap to call often: for one second of due time there is one job.
 */
export async function wake(jobs: Jobs, tx: Transaction | null, queue: WakeQueue, at: Date): Promise<void> {
  const startAt = new Date(Math.ceil(at.getTime() / grainMs) * grainMs);
  await jobs.send(tx, { queue, key: startAt.toISOString(), data: {}, startAt });
}

/**
 * Works off one of the queues in this process, one job at a time. `run` does what is due and says when it wants to run next;
 * it is run once at the start, for whatever fell due while nothing ran.
 */
export async function workOnWake(
  jobs: Jobs,
  queue: WakeQueue,
  clock: Clock,
  run: (signal: AbortSignal) => Promise<Date | null>,
): Promise<void> {
  await jobs.work(queue, 1, async ({ signal }) => {
    const nextAt = await run(signal);
    if (nextAt === null) return;
    // What is due but could not be done yet (an account's minute is full) is looked at again in a second.
    await wake(jobs, null, queue, new Date(Math.max(nextAt.getTime(), clock.now().getTime() + grainMs)));
  });
  await wake(jobs, null, queue, clock.now());
}

/**
 * Owes people messages, in the transaction of what they are told of: plans each notice, writes what comes of it and wakes
 * the delivery. Returns how many messages are new.
 */
export async function oweMessages(
  jobs: Jobs,
  tx: Transaction,
  notices: readonly Notice[],
  world: PlanWorld,
): Promise<number> {
  const drafts = notices.map((notice) => planMessage(notice, world)).filter((draft) => draft !== null);
  const added = await addMessages(tx, drafts, new Date(world.now));
  if (added > 0) await wake(jobs, tx, 'deliver', earliest(drafts.map(({ notBefore }) => notBefore)));
  return added;
}

/** Sets timers in the transaction of the change that starts their clocks, and wakes whoever carries them out. */
export async function startTimers(jobs: Jobs, tx: Transaction, drafts: readonly TimerDraft[]): Promise<void> {
  if (drafts.length === 0) return;
  await setTimers(tx, drafts);
  await wake(jobs, tx, 'timers', earliest(drafts.map(({ dueAt }) => dueAt)));
}

/** Each run looks for the next due instant by itself: waking it for the first is enough. */
function earliest(instants: readonly string[]): Date {
  return new Date(Math.min(...instants.map((instant) => Date.parse(instant))));
}
