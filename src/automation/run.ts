/**
 * The desk that answers by itself: everything that happened to tickets, every moment that was waited for, every edit of the
 * configuration. One process answers at a time (a lease with a fence); what it answers is written in one transaction with
 * the mark that it was answered, so a restart neither loses nor repeats it.
 */
import { evaluate } from '../../rules/evaluate.ts';
import type { Configuration } from '../config/configuration.ts';
import { internalKeys } from '../config/tabs/fields.ts';
import { liveClocks } from '../db/clocks.ts';
import { addMessages } from '../db/messages.ts';
import {
  hasPending,
  holdEvents,
  loadPending,
  markAnswered,
  type PendingRecord,
  skipFirstContact,
} from '../db/pending-events.ts';
import type { Database, Sql, Transaction } from '../db/sql.ts';
import type { Transact } from '../db/sync-store.ts';
import { type DueTimer, setTimers } from '../db/timers.ts';
import type { Jobs } from '../jobs/queue.ts';
import { oweMessages, startTimers } from '../jobs/wake.ts';
import type { Locale } from '../messages/index.ts';
import { createCalendar } from '../model/calendar.ts';
import { normaliseHeader } from '../model/header.ts';
import type { LifecycleRules } from '../model/lifecycle.ts';
import type { RecordId } from '../model/record.ts';
import { type PlanWorld, planMessage } from '../notify/policy.ts';
import type { Clock, Logger } from '../ports.ts';
import { FencedError, type Lease, type Store, type StoreTransaction } from '../store.ts';
import { problemsTable } from '../sync/problems.ts';
import { type Answered, type AnswerWorld, answerTickets, forgetTimers, type Trigger } from './answer.ts';
import type { AccountKind } from './notices.ts';
import { closesAt } from './status.ts';

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
}

const TABLE = 'tickets';
const LEASE = '#automation';
const leaseMs = 60_000;
const eventsAtOnce = 500;
const ticketsAtOnce = 200;
/** Setting that remembers which configuration open tickets were last judged by. */
const JUDGED_BY = 'automation_judged_by';

export function createAutomation(deps: AutomationDeps): Automation {
  return new Desk(deps);
}

class Desk implements Automation {
  readonly #deps: AutomationDeps;
  #judgedBy: number | null = null;

  constructor(deps: AutomationDeps) {
    this.#deps = deps;
  }

  get accounts(): ReadonlyMap<string, AccountKind> {
    return this.#deps.accounts;
  }

  async isQuiet(): Promise<boolean> {
    if (await hasPending(this.#deps.db)) return false;
    return (await this.#deps.configuration()).version === (await this.#judged());
  }

  async run(jobs: Jobs | null): Promise<AutomationRun> {
    const { store, clock, owner, logger } = this.#deps;
    const lease = await store.takeLease(LEASE, owner, clock.now(), leaseMs);
    if (lease === null) return { changed: 0, answered: 0 };
    try {
      await skipFirstContact(this.#deps.db);
      const settings = await this.#judgeAnew(lease, jobs);
      let { changed, answered } = settings;
      for (;;) {
        const some = await this.#answerSome(lease, jobs);
        if (some === null) break;
        changed += some.changed;
        answered += some.answered;
        if (!(await store.renewLease(lease, clock.now(), leaseMs))) throw new FencedError(LEASE);
      }
      return { changed, answered };
    } catch (error) {
      if (!(error instanceof FencedError)) throw error;
      logger.log('warn', 'lease:lost', { workbook: LEASE });
      return { changed: 0, answered: 0 };
    } finally {
      await store.releaseLease(lease).catch(() => undefined);
    }
  }

  async due(tx: Transaction, store: StoreTransaction, timer: DueTimer, jobs: Jobs | null): Promise<AutomationRun> {
    const world = await this.#world(tx);
    const records = await store.lockRecords(TABLE, [timer.recordId]);
    const record = records.get(timer.recordId);
    if (record === undefined || record.deletedAt !== null) return { changed: 0, answered: 0 };
    const trigger = this.#triggerOf(timer, world, record.values);
    if (trigger === null) return { changed: 0, answered: 0 };
    const answered = await answerTickets(tx, store, records, new Map([[timer.recordId, trigger]]), world);
    await this.#owe(tx, answered, world, jobs);
    return { changed: answered.changed, answered: 1 };
  }

  #triggerOf(timer: DueTimer, world: AnswerWorld, values: Parameters<typeof closesAt>[0]): Trigger | null {
    switch (timer.kind) {
      case 'clock':
        return { kind: 'clock' };
      case 'assign':
        return (values.assignee ?? null) === null ? { kind: 'assign' } : null;
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

  /** Open tickets by a configuration that is new to them: due times and what rules wait for. */
  async #judgeAnew(lease: Lease, jobs: Jobs | null): Promise<AutomationRun> {
    const { db, transact } = this.#deps;
    const { version } = await this.#deps.configuration();
    if (version === (await this.#judged())) return { changed: 0, answered: 0 };
    const ids = await liveClocks(db, TABLE);
    let changed = 0;
    for (let from = 0; from < ids.length; from += ticketsAtOnce) {
      const some = ids.slice(from, from + ticketsAtOnce);
      const world = await this.#world();
      changed += await transact(lease, async (tx, store) => {
        const records = await store.lockRecords(TABLE, some);
        const triggers = new Map(some.map((id): [RecordId, Trigger] => [id, { kind: 'settings' }]));
        const answered = await answerTickets(tx, store, records, triggers, world);
        await this.#owe(tx, answered, world, jobs);
        return answered.changed;
      });
    }
    await transact(lease, async (tx) => {
      await tx.query(
        `insert into settings (key, value) values ($1, $2) on conflict (key) do update set value = excluded.value`,
        [JUDGED_BY, String(version)],
      );
    });
    this.#judgedBy = version;
    return { changed, answered: ids.length };
  }

  async #judged(): Promise<number> {
    if (this.#judgedBy === null) {
      const [row] = await this.#deps.db.query('select value from settings where key = $1', [JUDGED_BY]);
      this.#judgedBy = Number(row?.value ?? 0);
    }
    return this.#judgedBy;
  }

  /** Null when nothing waits. */
  async #answerSome(lease: Lease, jobs: Jobs | null): Promise<AutomationRun | null> {
    const { db, transact } = this.#deps;
    const pending = await loadPending(db, eventsAtOnce);
    if (pending.events.length === 0) return null;
    const world = await this.#world();
    const held = await this.#heldEvents(pending.records, world.configuration, lease);
    const records = pending.records.filter(({ events }) => !events.some((id) => held.has(id)));
    return await transact(lease, async (tx, store) => {
      const triggers = new Map<RecordId, Trigger>();
      for (const { table, recordId, changes } of records) {
        const byPeople = changes.filter(({ actor }) => actor.kind !== 'rule' && actor.kind !== 'system');
        if (table === TABLE && byPeople.length > 0) triggers.set(recordId, { kind: 'changed', changes: byPeople });
      }
      const locked = await store.lockRecords(TABLE, [...triggers.keys()]);
      const answered = await answerTickets(tx, store, locked, triggers, world);
      const gone = [...locked.values()].filter(({ deletedAt }) => deletedAt !== null).map(({ id }) => id);
      await forgetTimers(tx, gone);
      await this.#owe(tx, answered, world, jobs);
      await markAnswered(
        tx,
        pending.events.filter((id) => !held.has(id)),
      );
      return { changed: answered.changed, answered: triggers.size };
    });
  }

  /**
   * Events that a rule would answer on more tickets at once than anybody is likely to mean. They wait, and a problem names the
   * rule and how many they are.
   */
  async #heldEvents(
    records: readonly PendingRecord[],
    { rules, directory, calendarOf, calendarRef }: Configuration,
    lease: Lease,
  ): Promise<ReadonlySet<number>> {
    const { mostAtOnce, store, clock, timeZone, transact, binding } = this.#deps;
    const fresh = records.filter(({ table, isReleased }) => table === TABLE && !isReleased);
    if (rules === null || fresh.length <= mostAtOnce) return new Set();
    const known = await store.loadRecords(
      TABLE,
      fresh.map(({ recordId }) => recordId),
    );
    const hits = new Map<string, PendingRecord[]>();
    for (const record of fresh) {
      const values = known.get(record.recordId)?.values ?? {};
      const kind = record.changes.some((change) => change.kind === 'create') ? 'create' : 'update';
      const scope = {
        values,
        before: kind === 'create' ? null : {},
        now: clock.now().getTime(),
        timeZone,
        me: null,
        directory,
        calendar: calendarOf(calendarRef(null)),
      };
      const { effects } = evaluate(rules, { id: 'look', record: String(record.recordId), kind }, scope);
      for (const row of new Set(effects.filter(({ do: what }) => OUTWARD.has(what)).map((effect) => effect.row))) {
        const list = hits.get(row) ?? [];
        hits.set(row, list);
        list.push(record);
      }
    }
    const held = new Set<number>();
    for (const [rowId, list] of hits) {
      if (list.length <= mostAtOnce) continue;
      const row = rules.rows.find(({ id }) => id === rowId);
      const name = `rules/${row?.name ?? rowId}`;
      const events = [...new Set(list.flatMap((record) => record.events))];
      for (const id of events) held.add(id);
      await transact(lease, async (tx, ofStore) => {
        await holdEvents(tx, events, name);
        await ofStore.saveProblems(
          [
            {
              key: `${binding}|held|${name}`,
              kind: 'guard',
              binding,
              recordId: null,
              field: null,
              row: null,
              column: null,
              typed: null,
              current: null,
              message: 'automation-held',
              params: { rule: row?.name ?? rowId, count: String(list.length), name },
              lasting: 'event',
            },
          ],
          clock.now(),
        );
        await ofStore.markDirty(problemsTable, [0]);
      });
    }
    return held;
  }

  async #world(tx?: Sql): Promise<AnswerWorld> {
    const { accounts, lifecycle, locale, timeZone, clock, binding } = this.#deps;
    const configuration = await this.#deps.configuration(tx);
    return { configuration, accounts, lifecycle, locale, timeZone, now: clock.now(), binding };
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

/** What reaches people outside the sheet, or makes records: what cannot be taken back by editing a cell. */
const OUTWARD: ReadonlySet<string> = new Set(['notify', 'escalate', 'webhook', 'create']);

/** What planning a message must know. */
export function planWorld({
  accounts,
  configuration,
  now,
}: Pick<AnswerWorld, 'accounts' | 'configuration' | 'now'>): PlanWorld {
  const keys = internalKeys(TABLE, configuration.definitions);
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
export function workdays({ calendars }: Configuration): (day: string) => boolean {
  const [first] = calendars;
  if (first === undefined) return () => true;
  const calendar = createCalendar(first);
  return (day) => calendar.day(day).hours.length > 0;
}
