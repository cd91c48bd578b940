/**
 * The desk that answers by itself: everything that happened to tickets, every moment that was waited for, every edit of the
 * configuration. One process answers at a time; what it answers is written in one transaction with the mark that it was
 * answered, so a restart neither loses nor repeats it.
 */
import { type DailyTime, dailyName, rowsOfHour } from '../../rules/rule.ts';
import type { Configuration } from '../config/configuration.ts';
import { internalKeys } from '../config/tabs/fields.ts';
import { waitingRecords } from '../db/clocks.ts';
import { claimEffects } from '../db/done-effects.ts';
import { addMessages } from '../db/messages.ts';
import {
  addHour,
  hasPending,
  loadPending,
  markAnswered,
  type Pending,
  skipFirstContact,
} from '../db/pending-events.ts';
import type { Database, Sql, Transaction } from '../db/sql.ts';
import type { Transact } from '../db/sync-store.ts';
import {
  clearTimers,
  type DueTimer,
  hasTimers,
  lockAnswers,
  payloadsOf,
  replaceTimers,
  setTimers,
} from '../db/timers.ts';
import type { Jobs } from '../jobs/queue.ts';
import { type ScheduledTick, setSchedules } from '../jobs/schedule.ts';
import { oweMessages, startTimers, wake } from '../jobs/wake.ts';
import type { Locale } from '../messages/index.ts';
import { createCalendar } from '../model/calendar.ts';
import { normaliseHeader } from '../model/header.ts';
import type { LifecycleRules } from '../model/lifecycle.ts';
import type { RecordId } from '../model/record.ts';
import { statusCategory } from '../model/status.ts';
import { wallOf } from '../model/wall-clock.ts';
import { type PlanWorld, planMessage } from '../notify/policy.ts';
import type { Clock, Logger } from '../ports.ts';
import { FencedError, type Lease, type Store, type StoreTransaction } from '../store.ts';
import { answerTickets } from './answer.ts';
import type { Answered } from './batch.ts';
import { type HeardContacts, hearContacts } from './contacts.ts';
import { isLeave, leaveTable, leaveTimers, wasPaused } from './handover.ts';
import { TooWide } from './hold.ts';
import { begunHandovers, resumedHandovers } from './leaves.ts';
import { answeredHolds, carryOutAnswers } from './let-go.ts';
import type { AccountKind } from './notices.ts';
import { PastCalendars } from './past-calendars.ts';
import { closesAt } from './status.ts';
import { isForeign, type Trigger } from './trigger.ts';
import { waitOf } from './waiting.ts';
import { type AnswerWorld, ticketTable } from './world.ts';

export interface AutomationDeps {
  readonly db: Database;
  readonly store: Store;
  readonly transact: Transact;
  /** What is in force now; inside a transaction it is asked through that. */
  readonly configuration: (tx?: Sql) => Promise<Configuration>;
  /** Message accounts by name. */
  readonly accounts: ReadonlyMap<string, AccountKind>;
  readonly lifecycle: LifecycleRules;
  readonly locale: Locale;
  readonly timeZone: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly owner: string;
  /** First tab that shows tickets: where their problems are listed. */
  readonly binding: string;
  /** First tab that shows contacts; where there is none, the same. */
  readonly contactsBinding: string;
  /** One rule may act on so many tickets of one look; more waits for a person. */
  readonly mostAtOnce: number;
}

export interface AutomationRun {
  /** Records that changed or were made: their tabs have something to show. */
  readonly changed: number;
  /** Tickets looked at. */
  readonly answered: number;
}

export interface Automation {
  /** Message accounts by name. */
  readonly accounts: ReadonlyMap<string, AccountKind>;
  /** Is there nothing to answer? */
  isQuiet(): Promise<boolean>;
  /** Answers everything that waits. Nothing while another process does. */
  run(jobs: Jobs | null): Promise<AutomationRun>;
  /** Answers a moment that was waited for, in the transaction that takes its timer. */
  due(tx: Transaction, store: StoreTransaction, timer: DueTimer, jobs: Jobs | null): Promise<AutomationRun>;
  /**
   * Looks at every open ticket because an hour of the day has come: the tick of a schedule that `isRuleSchedule` knows.
   * The same tick counts once.
   */
  runScheduled(tick: ScheduledTick, jobs: Jobs | null): Promise<AutomationRun>;
}

/** True for the name of a schedule that rules asked for with their 时机; the rest are others'. */
export function isRuleSchedule(name: string): boolean {
  return name.startsWith(SCHEDULES);
}

const SCHEDULES = 'rules ';
const LEASE = '#automation';
const leaseMs = 60_000;
/** Tickets that are answered in one transaction, more or less. */
const ticketsAtOnce = 200;
/** Setting that remembers which configuration open tickets were last judged by. */
const JUDGED_BY = 'automation_judged_by';
const NOTHING: AutomationRun = { changed: 0, answered: 0 };

export function createAutomation(deps: AutomationDeps): Automation {
  return new Desk(deps);
}

class Desk implements Automation {
  readonly #deps: AutomationDeps;
  readonly #pastCalendars: PastCalendars;
  /** The newest configuration this process knows all tickets to be judged by. */
  #judgedBy = 0;
  /** True once this process has seen that the leaves of the configuration are timers. */
  #knowsLeaves = false;

  constructor(deps: AutomationDeps) {
    this.#deps = deps;
    this.#pastCalendars = new PastCalendars(deps);
  }

  get accounts(): ReadonlyMap<string, AccountKind> {
    return this.#deps.accounts;
  }

  async isQuiet(): Promise<boolean> {
    if ((await hasPending(this.#deps.db)) || (await answeredHolds(this.#deps.db)).length > 0) return false;
    const configuration = await this.#deps.configuration();
    return (await this.#isJudged(configuration.version)) && (await this.#hasLeaves(configuration));
  }

  async run(jobs: Jobs | null): Promise<AutomationRun> {
    const { store, clock, owner, logger, db, transact } = this.#deps;
    const lease = await store.takeLease(LEASE, owner, clock.now(), leaseMs);
    if (lease === null) return NOTHING;
    try {
      await skipFirstContact(db);
      await carryOutAnswers(db, transact, lease, clock.now());
      let run = await this.#judgeAnew(lease, jobs);
      await this.#setMissingLeaves(lease, jobs);
      const tooWide = new TooWide(this.#deps.mostAtOnce);
      for (;;) {
        const some = await this.#answerSome(lease, tooWide, jobs);
        if (some === null) return run;
        run = sum(run, some);
        await this.#renew(lease);
      }
    } catch (error) {
      if (!(error instanceof FencedError)) throw error;
      logger.log('warn', 'lease:lost', { workbook: LEASE });
      return NOTHING;
    } finally {
      await store.releaseLease(lease).catch(() => undefined);
    }
  }

  async due(tx: Transaction, store: StoreTransaction, timer: DueTimer, jobs: Jobs | null): Promise<AutomationRun> {
    const world = await this.#world(tx);
    if (isLeave(timer))
      return await this.#answer(tx, store, await begunHandovers(tx, store, timer, world), world, jobs);
    if (timer.kind === 'assign') return await this.#offerWaiting(tx, store, timer, world, jobs);
    const record = (await store.lockRecords(ticketTable, [timer.recordId])).get(timer.recordId);
    const trigger = record === undefined ? null : this.#triggerOf(timer, world, record.values);
    if (trigger === null) return NOTHING;
    return await this.#answer(tx, store, new Map([[timer.recordId, trigger]]), world, jobs);
  }

  async runScheduled({ name, tick }: ScheduledTick, jobs: Jobs | null): Promise<AutomationRun> {
    const { transact, clock, timeZone } = this.#deps;
    const hour = name.slice(SCHEDULES.length);
    await transact(null, async (tx) => {
      const { rules, ...configuration } = await this.#deps.configuration(tx);
      const { daily } =
        rules?.rows.find(({ timing }) => timing.daily && dailyName(timing.daily) === hour)?.timing ?? {};
      const day = new Date(wallOf(Date.parse(tick), timeZone)).toISOString().slice(0, 10);
      if (!daily || (daily.days === 'working' && !workdays(configuration)(day))) return;
      const fresh = await claimEffects(tx, [`schedule ${name}@${tick}`], clock.now());
      if (fresh.length > 0) await addHour(tx, hour, tick, ticketsAtOnce);
    });
    return await this.run(jobs);
  }

  #triggerOf(timer: DueTimer, world: AnswerWorld, values: Parameters<typeof closesAt>[0]): Trigger | null {
    switch (timer.kind) {
      case 'clock':
        return { kind: 'clock' };
      case 'rule': {
        const { hash } = timer.payload as { readonly hash?: string };
        const row = world.configuration.rules?.rows.find(({ id }) => id === timer.key);
        return row === undefined || row.hash !== hash
          ? { kind: 'settings' }
          : { kind: 'rule-due', rows: [row.id], at: timer.dueAt };
      }
      case 'auto-close': {
        const at = closesAt(values, world.lifecycle);
        return at !== null && at <= world.now.toISOString() ? { kind: 'auto-close' } : { kind: 'settings' };
      }
      default:
        return null;
    }
  }

  /** Judges open tickets by a configuration that is new to them: due times, and what rules and schedules wait for. */
  async #judgeAnew(lease: Lease, jobs: Jobs | null): Promise<AutomationRun> {
    const { db, transact, clock, timeZone } = this.#deps;
    const configuration = await this.#deps.configuration();
    const { version, rules } = configuration;
    if (await this.#isJudged(version)) return NOTHING;
    let run = NOTHING;
    const ids = await waitingRecords(db, ticketTable);
    for (let from = 0; from < ids.length; from += ticketsAtOnce) {
      const triggers = new Map(
        ids.slice(from, from + ticketsAtOnce).map((id): [RecordId, Trigger] => [id, { kind: 'settings' }]),
      );
      run = sum(
        run,
        await transact(lease, async (tx, store) => {
          await lockAnswers(tx);
          return await this.#answer(tx, store, triggers, await this.#world(tx), jobs);
        }),
      );
      await this.#renew(lease);
    }
    const schedules = hoursOf(rules?.rows.map(({ timing }) => timing.daily) ?? []).map((time) => {
      return { name: `${SCHEDULES}${dailyName(time)}`, pattern: `${time.minute} ${time.hour} * * *`, timeZone };
    });
    await transact(lease, async (tx) => {
      await setSchedules(tx, schedules, clock.now(), isRuleSchedule);
      await replaceTimers(tx, leaveTable, 0, leaveTimers(configuration, clock.now()));
      if (jobs !== null) await wake(jobs, tx, 'timers', clock.now());
      await tx.query(
        `insert into settings (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value`,
        [JUDGED_BY, String(version)],
      );
    });
    this.#judgedBy = version;
    return run;
  }

  /** A database from before leaves were timers has none until they are set. */
  async #hasLeaves(configuration: Configuration): Promise<boolean> {
    this.#knowsLeaves ||= await hasTimers(this.#deps.db, leaveTimers(configuration, this.#deps.clock.now()));
    return this.#knowsLeaves;
  }

  async #setMissingLeaves(lease: Lease, jobs: Jobs | null): Promise<void> {
    const { transact, clock } = this.#deps;
    if (await this.#hasLeaves(await this.#deps.configuration())) return;
    await transact(lease, async (tx) => {
      await replaceTimers(tx, leaveTable, 0, leaveTimers(await this.#deps.configuration(tx), clock.now()));
      if (jobs !== null) await wake(jobs, tx, 'timers', clock.now());
    });
    this.#knowsLeaves = true;
  }

  /** Another process may have judged since: that is asked before anything is done. */
  async #isJudged(version: number): Promise<boolean> {
    if (version === this.#judgedBy) return true;
    const [row] = await this.#deps.db.query('select value from settings where key = $1', [JUDGED_BY]);
    this.#judgedBy = Number(row?.value ?? 0);
    return version === this.#judgedBy;
  }

  /** Null when nothing waits. */
  async #answerSome(lease: Lease, tooWide: TooWide, jobs: Jobs | null): Promise<AutomationRun | null> {
    const { db, transact, mostAtOnce } = this.#deps;
    // Enough to see that a rule is too wide.
    const pending = await loadPending(db, Math.max(ticketsAtOnce, mostAtOnce + 1));
    if (pending.events.length === 0) return null;
    const held = await tooWide.hold(pending, await this.#world(), this.#deps, lease);
    return await transact(lease, async (tx, store) => {
      await lockAnswers(tx);
      const world = await this.#world(tx);
      let run = NOTHING;
      const contacts = await hearContacts(tx, store, pending, held, world);
      for (const triggers of triggersOf(pending, held, contacts, world))
        run = sum(run, await this.#answer(tx, store, triggers, world, jobs, contacts));
      if (freesHands(pending)) run = sum(run, await this.#offerWaiting(tx, store, null, world, jobs));
      await markAnswered(
        tx,
        pending.events.filter((id) => !held.has(id)),
      );
      return run;
    });
  }

  /** Offers tickets that nobody could take, all of them together: the first in line is served first. */
  async #offerWaiting(
    tx: Transaction,
    store: StoreTransaction,
    moment: DueTimer | null,
    world: AnswerWorld,
    jobs: Jobs | null,
  ): Promise<AutomationRun> {
    const waiting = new Map(await payloadsOf(tx, ticketTable, 'assign', { limit: ticketsAtOnce }));
    if (moment !== null) waiting.set(moment.recordId, moment.payload);
    const records = await store.lockRecords(ticketTable, [...waiting.keys()]);
    const triggers = new Map(
      [...records.values()].map(({ id, values }): [RecordId, Trigger] => {
        const isTaken = (values.assignee ?? null) !== null || closedOver(values.status);
        return [id, { kind: isTaken ? 'settings' : 'assign', wait: waitOf(waiting.get(id)) }];
      }),
    );
    return await this.#answer(tx, store, triggers, world, jobs);
  }

  async #answer(
    tx: Transaction,
    store: StoreTransaction,
    triggers: ReadonlyMap<RecordId, Trigger>,
    world: AnswerWorld,
    jobs: Jobs | null,
    contacts: HeardContacts = new Map(),
  ): Promise<AutomationRun> {
    const records = await store.lockRecords(ticketTable, [...triggers.keys()]);
    const paused = [...records.keys()].filter((id) => wasPaused(records.get(id)!, triggers.get(id)!));
    const answered = await answerTickets(tx, store, records, triggers, contacts, world);
    const gone = [...records.values()].filter(({ deletedAt }) => deletedAt !== null).map(({ id }) => id);
    await clearTimers(tx, ticketTable, gone);
    await this.#owe(tx, answered, world, jobs);
    const run = { changed: answered.changed, answered: triggers.size };
    if (paused.length === 0) return run;
    const resumed = await resumedHandovers(tx, store, paused, world);
    return resumed.size === 0 ? run : sum(run, await this.#answer(tx, store, resumed, world, jobs));
  }

  async #renew(lease: Lease): Promise<void> {
    const { store, clock } = this.#deps;
    if (!(await store.renewLease(lease, clock.now(), leaseMs))) throw new FencedError(LEASE);
  }

  async #world(tx?: Sql): Promise<AnswerWorld> {
    const { accounts, lifecycle, locale, timeZone, clock, binding, contactsBinding } = this.#deps;
    const configuration = await this.#deps.configuration(tx);
    return {
      configuration,
      accounts,
      lifecycle,
      locale,
      timeZone,
      now: clock.now(),
      binding,
      contactsBinding,
      pastCalendars: this.#pastCalendars,
    };
  }

  /** Messages and timers in the transaction that owes them. Without a queue they wait for the next service that has one. */
  async #owe(tx: Transaction, { notices, timers }: Answered, world: AnswerWorld, jobs: Jobs | null): Promise<void> {
    const plan = planWorld(world);
    if (jobs !== null) {
      if (notices.length > 0) await oweMessages(jobs, tx, notices, plan);
      await startTimers(jobs, tx, timers);
      return;
    }
    const drafts = notices.map((notice) => planMessage(notice, plan)).filter((draft) => draft !== null);
    await addMessages(tx, drafts, world.now);
    await setTimers(tx, timers);
  }
}

/** Why each ticket is looked at: first for what people did to it and wrote about it, then for each hour that has come. */
function triggersOf(
  { records, hours }: Pending,
  held: ReadonlySet<number>,
  contacts: HeardContacts,
  { configuration }: AnswerWorld,
): readonly ReadonlyMap<RecordId, Trigger>[] {
  const changed = new Map([...contacts.keys()].map((id): [RecordId, Trigger] => [id, { kind: 'contact' }]));
  for (const { table, recordId, events, changes } of records) {
    const foreign = changes.filter(isForeign);
    if (table !== ticketTable || foreign.length === 0 || events.some((id) => held.has(id))) continue;
    changed.set(recordId, { kind: 'changed', changes: foreign });
  }
  const daily = hours.flatMap(({ event, hour, at, recordIds }) => {
    const rows = rowsOfHour(configuration.rules?.rows ?? [], hour);
    if (held.has(event) || rows.length === 0) return [];
    return [new Map(recordIds.map((id): [RecordId, Trigger] => [id, { kind: 'daily', rows, at }]))];
  });
  return [changed, ...daily].filter(({ size }) => size > 0);
}

/** True when somebody may have a hand free after these. */
function freesHands({ records }: Pending): boolean {
  return records.some(({ changes }) =>
    changes.some(({ kind, field }) => kind === 'delete' || field === 'status' || field === 'assignee'),
  );
}

/** Hours by their names, each once. */
function hoursOf(times: readonly (DailyTime | null)[]): readonly DailyTime[] {
  return [...new Map(times.flatMap((time) => (time === null ? [] : [[dailyName(time), time] as const]))).values()];
}

function closedOver(status: unknown): boolean {
  const category = statusCategory(String(status ?? ''));
  return category !== undefined && category !== 'new' && category !== 'open';
}

function sum(a: AutomationRun, b: AutomationRun): AutomationRun {
  return { changed: a.changed + b.changed, answered: a.answered + b.answered };
}

/** What planning a message must know. */
export function planWorld({
  accounts,
  configuration,
  now,
}: Pick<AnswerWorld, 'accounts' | 'configuration' | 'now'>): PlanWorld {
  const keys = internalKeys(ticketTable, configuration.definitions);
  const internal = new Set(
    configuration.ruleContext.fields
      .filter(({ key }) => keys.has(key))
      .flatMap(({ key, label, headers }) => [key, ...Object.values(label), ...headers].map(normaliseHeader)),
  );
  return {
    now: now.getTime(),
    isWorkday: workdays(configuration),
    isCostly: (account) => {
      const kind = accounts.get(account);
      return kind === undefined ? undefined : kind === 'sms';
    },
    isInternal: (place) => internal.has(normaliseHeader(place)),
  };
}

/** Days with working hours in the workspace's own calendar. */
export function workdays({ calendars }: Pick<Configuration, 'calendars'>): (day: string) => boolean {
  const [first] = calendars;
  if (first === undefined) return () => true;
  const calendar = createCalendar(first);
  return (day) => calendar.day(day).hours.length > 0;
}
