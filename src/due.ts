/**
 * What falls due while the service runs: messages, the moments that rules, clocks and schedules wait for, and the morning
 * digest. Each is carried out by whichever process is woken first.
 */

import { boardOf } from './app/board.ts';
import { createCardDresser } from './app/card-dresser.ts';
import type { App } from './app.ts';
import { morningNotices } from './automation/morning.ts';
import { reportNotices } from './automation/report.ts';
import { isRuleSchedule, planWorld, workdays } from './automation/run.ts';
import { isMessageDue } from './db/messages.ts';
import { openTickets } from './db/morning.ts';
import type { Transaction } from './db/sql.ts';
import { createStoreIn } from './db/sync-store.ts';
import { isTimerDue } from './db/timers.ts';
import { beginDelivery, type DeliveryRun, type LostMessage } from './jobs/delivery.ts';
import type { Jobs } from './jobs/queue.ts';
import {
  fireSchedule,
  isSchedule,
  type Schedule,
  type ScheduledTick,
  scheduleQueue,
  setSchedules,
} from './jobs/schedule.ts';
import { runDueTimers } from './jobs/timers.ts';
import { oweMessages, type Waking, workOnWake } from './jobs/wake.ts';
import { readPeriod } from './kpi/period.ts';
import { createPictures } from './kpi/picture.ts';
import { sectionsOf } from './kpi/sections/index.ts';
import { figuresLetter } from './kpi/weekly-letter.ts';
import { say } from './messages/index.ts';
import type { ProblemDraft } from './model/change.ts';
import { createOutbound } from './notify/outbound.ts';
import { hostRules, usualSmsPerDay } from './notify/settings.ts';
import { problemsTable } from './sync/problems.ts';

/** When people get their digest, in the workspace's zone. */
const MORNING: Omit<Schedule, 'timeZone'> = { name: 'morning', pattern: '0 9 * * *' };

/** The schedule of the letter with figures; when it is, the settings say. */
const FIGURES = 'figures';

export interface TellDue {
  /** Records were changed: whoever mirrors them has something to do. */
  changed(): void;
  failed(what: string, error: unknown): void;
  /** What failed before, if it did, has been done now. */
  recovered(what: string): void;
}

/**
 * Begins to work off what is due: schedules, timers and messages. After `stop` no message is begun. Returns whom to ask now
 * and then whether something was forgotten (`lookAround`).
 */
export async function workOnDue(app: App, jobs: Jobs, stop: AbortSignal, tell: TellDue): Promise<readonly Waking[]> {
  const { database, clock, accounts, settings, automation, keeper } = app;
  const { db } = database;
  const storeIn = await createStoreIn(db);
  const { timeZone, kpi } = settings;
  const schedules = [{ ...MORNING, timeZone }];
  if (kpi.digest !== null) schedules.push({ name: FIGURES, pattern: kpi.digest.at, timeZone });
  await db.transaction((tx) => setSchedules(tx, schedules, clock.now(), (name) => !isRuleSchedule(name)));
  await jobs.work(scheduleQueue.name, 1, async ({ data }) => {
    const { name, tick } = data as unknown as ScheduledTick;
    if (name === MORNING.name) await sendMorning(app, jobs, tick);
    else if (name === FIGURES) await sendFigures(app, jobs, tick, storeIn, tell);
    else if (isRuleSchedule(name) && (await automation.runScheduled({ name, tick }, jobs)).changed > 0) tell.changed();
  });
  const timers = await workOnWake(jobs, 'timers', clock, {
    isDue: (now) => isTimerDue(db, now),
    async run() {
      let moved = 0;
      const run = await runDueTimers({ db, clock }, async (tx, timer, now) => {
        if (isSchedule(timer)) await fireSchedule(tx, timer, now, jobs);
        else moved += (await automation.due(tx, storeIn(tx), timer, jobs)).changed;
      });
      for (const { error } of run.failed) tell.failed('#timers', error);
      if (run.failed.length === 0) tell.recovered('#timers');
      if (moved > 0) tell.changed();
      return run;
    },
  });
  const http = createOutbound({ hosts: settings.channels === null ? [] : hostRules(settings.channels) });
  const onLost = async (tx: Transaction, lost: LostMessage): Promise<void> => {
    const store = storeIn(tx);
    await store.saveProblems([lostProblem(lost, app)], clock.now());
    await store.markDirty(problemsTable, [0]);
  };
  const smsPerDay = settings.channels?.smsPerDay ?? usualSmsPerDay;
  const busy = new Set<string>();
  const dress = createCardDresser(app);
  const draw = createPictures();
  const told = (run: DeliveryRun): Date | null => {
    for (const error of run.faults) tell.failed('#messages', error);
    if (run.faults.length === 0) tell.recovered('#messages');
    if (run.lost.length > 0) tell.changed();
    return run.nextAt;
  };
  const messages = await workOnWake(jobs, 'deliver', clock, {
    isDue: (now) => isMessageDue(db, now),
    async run() {
      const isWorkday = workdays(await keeper.current());
      const parts = {
        db,
        accounts,
        http,
        clock,
        locale: settings.locale,
        isWorkday,
        smsPerDay,
        onLost,
        draw,
        dress,
      };
      const { nextAt, finished } = await beginDelivery(parts, busy, stop);
      const rest = finished.then(told, (error: unknown) => {
        tell.failed('#messages', error);
        return null;
      });
      return { nextAt, rest };
    },
  });
  return [timers, messages];
}

/** The digest, on working days; a second try at the same morning writes nobody a second letter. */
async function sendMorning(
  { database, keeper, automation, settings, clock }: App,
  jobs: Jobs,
  tick: string,
): Promise<void> {
  const configuration = await keeper.current();
  const world = { configuration, accounts: automation.accounts, now: clock.now() };
  const day = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone: settings.timeZone }).format(
    Date.parse(tick),
  );
  if (!workdays(configuration)(day)) return;
  const notices = morningNotices(await openTickets(database.db), tick, { ...world, ...settings });
  await database.db.transaction((tx) => oweMessages(jobs, tx, notices, planWorld(world)));
}

/** The figures of the last whole week before a tick. */
async function sendFigures(
  app: App,
  jobs: Jobs,
  tick: string,
  storeIn: Awaited<ReturnType<typeof createStoreIn>>,
  tell: TellDue,
): Promise<void> {
  const { database, keeper, automation, settings, clock } = app;
  const { locale, timeZone, web, kpi } = settings;
  if (kpi.digest === null) return;
  const lastWeek = readPeriod('week', Date.parse(tick) - 7 * 86_400_000, timeZone)!;
  const board = await boardOf(app, { period: lastWeek.name });
  const sections = sectionsOf(board);
  const link = web?.url == null ? null : new URL('dashboard', web.url.endsWith('/') ? web.url : `${web.url}/`).href;
  const world = { configuration: await keeper.current(), accounts: automation.accounts, now: clock.now() };
  const letter = figuresLetter(board, sections, link);
  const { notices, unreached } = reportNotices(letter, tick, kpi.digest.to, { ...world, timeZone });
  await database.db.transaction(async (tx) => {
    await oweMessages(jobs, tx, notices, planWorld(world));
    if (unreached.length === 0) return;
    const store = storeIn(tx);
    await store.saveProblems([unreachedProblem(unreached.join(say(locale, 'kpi.list-separator')), app)], clock.now());
    await store.markDirty(problemsTable, [0]);
  });
  if (unreached.length > 0) tell.changed();
}

function unreachedProblem(names: string, app: App): ProblemDraft {
  return {
    key: 'figures|recipients',
    kind: 'message',
    binding: app.workbooks.flatMap(({ bindings }) => bindings)[0]?.id ?? '',
    recordId: null,
    field: null,
    row: null,
    column: null,
    typed: null,
    current: null,
    message: 'problem.figures-unreached',
    params: { names },
    lasting: 'event',
  };
}

function lostProblem({ id, recipient, tickets, reason }: LostMessage, app: App): ProblemDraft {
  const { locale } = app.settings;
  const [table, recordId] = (tickets[0] ?? '').split('/');
  const binding = app.workbooks.flatMap(({ bindings }) => bindings).find((each) => each.table === (table ?? 'tickets'));
  return {
    key: `message|${id}`,
    kind: 'message',
    binding: binding?.id ?? '',
    recordId: recordId === undefined || recordId === '' ? null : Number(recordId),
    field: null,
    row: null,
    column: null,
    typed: null,
    current: null,
    message: 'problem.message-lost',
    params: { recipient, reason: say(locale, reason.code, reason.params) },
    lasting: 'event',
  };
}
