/**
 * Work by the wall clock: every morning at nine, on the first of the month. A schedule is a timer set for its next tick
 * (croner says when that is, in the schedule's zone, over changes of summer time too); when it goes off, a job is sent whose
 * key names the tick, and the timer is set for the next. Ticks missed while nothing ran become one, the latest.
 */
import { Cron } from 'croner';
import type { Sql, Transaction } from '../db/sql.ts';
import {
  type DueTimer,
  lockSchedules,
  removeTimers,
  rewindTimers,
  setTimers,
  type TimerDraft,
  timersOf,
} from '../db/timers.ts';
import { type Jobs, type QueueDefinition, unfinished } from './queue.ts';

/** Jobs of schedules; `data` is a `ScheduledTick`. */
export const scheduleQueue: QueueDefinition = { name: 'scheduled', kind: 'once' };

/** Where the timers of schedules are kept: they belong to no record. */
export const scheduleTable = 'schedules';
const kind = 'schedule';

export interface Schedule {
  readonly name: string;
  /** Cron pattern of five fields, or six with seconds first. */
  readonly pattern: string;
  /** IANA zone. */
  readonly timeZone: string;
}

export interface ScheduledTick {
  readonly name: string;
  /** The instant it is for, ISO 8601 in UTC. */
  readonly tick: string;
}

/** Null when a pattern can be used, else what croner says against it. */
export function scheduleFault({ pattern, timeZone }: Schedule): string | null {
  try {
    nextTick({ pattern, timeZone }, new Date(0));
    return null;
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

/** The first tick after an instant; null when there is none. Throws for a pattern or zone that is none. */
export function nextTick({ pattern, timeZone }: Omit<Schedule, 'name'>, after: Date): Date | null {
  return new Cron(pattern, { timezone: timeZone, paused: true }).nextRun(after);
}

/** The last tick at or before an instant; null when there is none. */
function lastTick({ pattern, timeZone }: Omit<Schedule, 'name'>, at: Date): Date | null {
  const [tick] = new Cron(pattern, { timezone: timeZone, paused: true }).previousRuns(1, new Date(at.getTime() + 1));
  return tick ?? null;
}

/**
 * Makes these the schedules among those whose names `owns` says are meant: new and changed ones wait for their next tick,
 * those that are no longer named are gone, all others stay as they are.
 */
export async function setSchedules(
  tx: Transaction,
  schedules: readonly Schedule[],
  now: Date,
  owns: (name: string) => boolean = () => true,
): Promise<void> {
  // Processes that start at once would see each other's half.
  await lockSchedules(tx);
  const known = await timersOf(tx, scheduleTable, 0);
  const drafts = schedules.flatMap((schedule): TimerDraft[] => {
    const standing = known.find(({ key }) => key === schedule.name)?.payload as Omit<Schedule, 'name'> | undefined;
    const { name, pattern, timeZone } = schedule;
    if (standing?.pattern === pattern && standing.timeZone === timeZone) return [];
    return timerOf({ name, pattern, timeZone }, now);
  });
  const names = new Set(schedules.map(({ name }) => name));
  await removeTimers(
    tx,
    known.filter(({ key }) => owns(key) && !names.has(key)),
  );
  await setTimers(tx, drafts);
}

function timerOf({ name, ...payload }: Schedule, now: Date): TimerDraft[] {
  const tick = nextTick(payload, now);
  return tick === null
    ? []
    : [{ table: scheduleTable, recordId: 0, kind, key: name, dueAt: tick.toISOString(), payload }];
}

/** True for a timer that a schedule has set: hand it to `fireSchedule`. */
export function isSchedule({ table }: Pick<DueTimer, 'table'>): boolean {
  return table === scheduleTable;
}

/** Sends the job of the tick that is due, in the transaction that takes the timer, and sets the timer for the next. */
export async function fireSchedule(tx: Transaction, timer: DueTimer, now: Date, jobs: Jobs): Promise<void> {
  const schedule = { name: timer.key, ...(timer.payload as Omit<Schedule, 'name'>) };
  const latest = lastTick(schedule, now);
  const tick = latest !== null && latest.toISOString() > timer.dueAt ? latest.toISOString() : timer.dueAt;
  const data: ScheduledTick = { name: schedule.name, tick };
  await jobs.send(tx, { queue: scheduleQueue.name, key: `${schedule.name}@${tick}`, data: { ...data } });
  await setTimers(tx, timerOf(schedule, new Date(Math.max(now.getTime(), Date.parse(tick)))));
}

/**
 * Takes over to another database the ticks whose jobs are not done in this one: jobs stay behind when a workspace moves.
 * Their timers, moved before, go off for them again.
 */
export async function moveTicks(source: Sql, target: Transaction): Promise<void> {
  const ticks = (await unfinished(source, scheduleQueue)) as readonly ScheduledTick[];
  // The earliest: when it goes off it becomes the latest that was missed.
  const first = new Map<string, string>();
  for (const { name, tick } of ticks) if (tick < (first.get(name) ?? '~')) first.set(name, tick);
  await rewindTimers(
    target,
    [...first].map(([name, tick]) => ({ table: scheduleTable, recordId: 0, kind, key: name, dueAt: tick })),
  );
}
