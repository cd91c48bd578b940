/**
 * Joins the queue with what waits in rows: a job wakes a worker when messages or timers are due, and each run leaves a job
 * for the next due instant. Jobs are how work is found soon; that it is found at all stands on the rows: `lookAround`, called
 * every few seconds, carries out what is due whatever became of its job.
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

/** What a run has done, or begun. */
export interface Woken {
  /** When it wants to run next; null when nothing waits. */
  readonly nextAt: Date | null;
  /** What goes on after the run, without keeping others waiting; tells when to run after that. Must not reject. */
  readonly rest?: Promise<Date | null>;
}

/** Work that is done when woken. */
export interface Chore {
  /** Does, or begins, what is due. */
  run(): Promise<Woken>;
  /** True when something is due now; cheap. */
  isDue(now: Date): Promise<boolean>;
}

export interface Waking {
  /** Runs what is due if nobody in this process is at it: what no job, or a job that waits for its next try, stands for. */
  lookAround(): Promise<void>;
  /** Resolves when nothing is going on after a run any more. */
  settled(): Promise<void>;
}

/**
 * Works off one of the queues in this process, one job at a time; it is run once at the start, for whatever fell due while
 * nothing ran.
 */
export async function workOnWake(jobs: Jobs, queue: WakeQueue, clock: Clock, chore: Chore): Promise<Waking> {
  const rests = new Set<Promise<void>>();
  let running = 0;
  // What is due but could not be done yet (an account's minute is full) is looked at again in a second.
  const again = async (nextAt: Date | null): Promise<void> => {
    if (nextAt === null) return;
    await wake(jobs, null, queue, new Date(Math.max(nextAt.getTime(), clock.now().getTime() + grainMs)));
  };
  const follow = (rest: Promise<Date | null>): void => {
    // A wake that cannot be sent is one that `lookAround` makes up for.
    const followed = rest.then(again).catch(() => {});
    rests.add(followed);
    void followed.then(() => rests.delete(followed));
  };
  const run = async (): Promise<void> => {
    running += 1;
    try {
      const { nextAt, rest } = await chore.run();
      if (rest !== undefined) follow(rest);
      await again(nextAt);
    } finally {
      running -= 1;
    }
  };
  await jobs.work(queue, 1, run);
  await wake(jobs, null, queue, clock.now());
  return {
    async lookAround() {
      const isDue = running === 0 && (await chore.isDue(clock.now()));
      // Somebody may have begun while the rows were looked at.
      if (isDue && running === 0) await run();
    },
    async settled() {
      while (rests.size > 0) await Promise.all(rests);
    },
  };
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
