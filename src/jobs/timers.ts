/**
 * Timers that fall due: each is taken and carried out in one transaction, so that it has gone off exactly when what it
 * does is done. One that was missed while nothing ran goes off once, late; a clock that was set back lets none go off a
 * second time, because a timer remembers the instant it has gone off for.
 */
import type { Database, Transaction } from '../db/sql.ts';
import { type DueTimer, lockAnswers, nextTimerAt, postponeTimer, takeTimer } from '../db/timers.ts';
import { retryLadderMs } from '../notify/policy.ts';
import type { Clock } from '../ports.ts';

/** Carries a timer out. May set it again, to another instant. */
export type TimerHandler = (tx: Transaction, timer: DueTimer, now: Date) => Promise<void>;

export interface TimerRun {
  readonly fired: number;
  /** Timers whose handler threw; each is tried again after 1, 5, 30, 30 … minutes, and stands in nobody's way. */
  readonly failed: readonly { readonly timer: DueTimer; readonly error: unknown }[];
  /** When there is something to do next; null when no timer is set. */
  readonly nextAt: Date | null;
}

/**
 * Lets every timer go off that is due now, the earliest first; `limit` of them at most. Any number of processes may run
 * it at once: they take turns.
 */
export async function runDueTimers(
  { db, clock }: { readonly db: Database; readonly clock: Clock },
  handle: TimerHandler,
  limit = 10_000,
): Promise<TimerRun> {
  const now = clock.now();
  const failed: { timer: DueTimer; error: unknown }[] = [];
  let fired = 0;
  while (fired + failed.length < limit) {
    let taken: DueTimer | null = null;
    try {
      await db.transaction(async (tx) => {
        await lockAnswers(tx);
        taken = await takeTimer(tx, now);
        if (taken !== null) await handle(tx, taken, now);
      });
      if (taken === null) break;
      fired += 1;
    } catch (error) {
      const timer = taken as DueTimer | null;
      // Not the handler's fault: the database did not answer.
      if (timer === null) throw error;
      const restMs = retryLadderMs[Math.min(timer.attempts, retryLadderMs.length - 1)]!;
      await db.transaction((tx) => postponeTimer(tx, timer, new Date(now.getTime() + restMs)));
      failed.push({ timer, error });
    }
  }
  return { fired, failed, nextAt: await nextTimerAt(db) };
}
