/** `status`: how each tab stands, in numbers. */
import { z } from 'zod';
import type { App } from '../app.ts';
import { loadConfig } from '../db/config-versions.ts';
import { loadFigures } from '../db/figures.ts';
import { countMessages } from '../db/messages.ts';
import { countPending } from '../db/pending-events.ts';
import { say } from '../messages/index.ts';
import { AppError } from '../model/errors.ts';
import { saysTheSame } from '../model/kept-tab.ts';
import { instantOf, wallOf } from '../model/wall-clock.ts';
import { secretVariables } from '../notify/settings.ts';
import type { WriteWindow } from '../sync/write-window.ts';
import { configTabsOf, lookAtSheets, type SheetLook } from './config-look.ts';
import { operation } from './operation.ts';

export interface TabStatus {
  readonly workbook: string;
  readonly tab: string;
  readonly holds: string;
  /** `new` until the first run, then `live`, `hold` or `paused`; `idle` for a tab nothing is mirrored with. */
  readonly mode: string;
  /** The guard that holds the tab, in words, or null. */
  readonly held: string | null;
  /** Headers of columns that are held or gone. */
  readonly held_columns: readonly string[];
  readonly last_read_at: string | null;
  /** Records that have a row here. */
  readonly rows: number;
  readonly open_problems: number;
  /** Records whose change has not been written here yet. */
  readonly pending_writes: number;
  /**
   * Milliseconds from the last check of the tab to the answer to a write, since the process that answers here began:
   * what people typed meanwhile can be overwritten. Null where a write proves itself, or nothing was written.
   */
  readonly window_ms: WriteWindow | null;
}

/** A tab that configures the service. */
export interface ConfigStatus {
  readonly workbook: string;
  readonly tab: string;
  readonly holds: string;
  /** `in-force`; `waiting` for a second person; `missing` from its workbook; `faulty` header; `unread` while its workbook cannot be read. */
  readonly state: 'in-force' | 'waiting' | 'missing' | 'faulty' | 'unread';
  /** Rows in force. */
  readonly rows: number;
  /** Rows of the sheet that are not in force as they stand, of cases those that fail; null while it cannot be read. */
  readonly faulty: number | null;
}

/** An account messages go through. */
export interface AccountStatus {
  readonly name: string;
  readonly kind: string;
  readonly state: 'usable' | 'missing-secrets';
  /** Environment variables it needs. */
  readonly variables: readonly string[];
}

export interface StatusResult {
  readonly database: { readonly kind: string; readonly bytes: number; readonly hint: string | null };
  readonly records: Readonly<Record<string, number>>;
  readonly tabs: readonly TabStatus[];
  readonly config: {
    /** Version in force; 0 before any config tab was read. */
    readonly version: number;
    readonly waiting: { readonly version: number; readonly author: string | null; readonly since: string } | null;
    readonly tabs: readonly ConfigStatus[];
  };
  /** Events that rules have not answered, and those set aside by the rule that would act too widely. */
  readonly events: { readonly waiting: number; readonly held: Readonly<Record<string, number>> };
  readonly messages: { readonly planned: number; readonly sent_today: number; readonly dead: number };
  readonly accounts: readonly AccountStatus[];
}

const DAY_MS = 86_400_000;
/** Beyond this an embedded database answers slowly enough to be noticed. */
const LARGE_BYTES = 500_000_000;
const LARGE_RECORDS = 200_000;

/** The state of every tab, of the database and of what waits. Counts, and one look at the config tabs. */
export const status = operation({
  name: 'status',
  input: z.strictObject({}),
  async run(app): Promise<StatusResult> {
    const { db } = app.database;
    const [size] = await db.query('select pg_database_size(current_database())::bigint as bytes');
    const records: Record<string, number> = {};
    for (const table of Object.keys(app.bindings.fields)) {
      const [row] = await db.query(`select count(*)::integer as n from ${table} where deleted_at is null`);
      records[table] = Number(row?.n ?? 0);
    }
    const bytes = Number(size?.bytes ?? 0);
    const isLarge =
      db.kind === 'embedded' && (bytes > LARGE_BYTES || Object.values(records).some((n) => n > LARGE_RECORDS));
    return {
      database: { kind: db.kind, bytes, hint: isLarge ? say(app.settings.locale, 'cli-time-for-postgres') : null },
      records,
      tabs: await tabsOf(app),
      config: await configOf(app),
      ...(await waitingOf(app)),
      accounts: accountsOf(app),
    };
  },
});

async function configOf(app: App): Promise<StatusResult['config']> {
  const { inForce, waiting } = await loadConfig(app.database.db);
  const look = await lookAtSheets(app).catch((error: unknown) => {
    // A workbook that cannot be read now has a problem of its own; what is in force can still be told.
    if (error instanceof AppError) return null;
    throw error;
  });
  const tabs = configTabsOf(app).map(({ workbook, tab, holds, id }): ConfigStatus => {
    const seen = look?.tabs.find((each) => each.id === id)?.seen ?? null;
    const isWaiting = waiting !== null && !saysTheSame(inForce?.tabs[id], waiting.tabs[id]);
    const state = isWaiting ? 'waiting' : stateOf(look, seen);
    const rows = inForce?.tabs[id]?.rows.length ?? 0;
    return { workbook, tab, holds, state, rows, faulty: seen === null ? null : faultyRows(seen.look) };
  });
  const { id = 0 } = inForce ?? {};
  return {
    version: id,
    waiting: waiting === null ? null : { version: waiting.id, author: waiting.author, since: waiting.savedAt },
    tabs,
  };
}

function stateOf(look: SheetLook | null, seen: SheetLook['tabs'][number]['seen']): ConfigStatus['state'] {
  if (look === null) return 'unread';
  if (seen === null) return 'missing';
  return seen.look.headRow < 0 ? 'faulty' : 'in-force';
}

function faultyRows({ rows, remarks }: NonNullable<SheetLook['tabs'][number]['seen']>['look']): number {
  const faulty = [
    ...rows.filter(({ isSound }) => !isSound).map(({ row }) => row),
    ...remarks.filter(({ level }) => level === 'error').map(({ row }) => row),
  ];
  return new Set(faulty).size;
}

async function waitingOf(app: App): Promise<Pick<StatusResult, 'events' | 'messages'>> {
  const { db } = app.database;
  const { waiting, held } = await countPending(db);
  const { planned, sent, dead } = await countMessages(db, startOfDay(app));
  return {
    events: { waiting, held: Object.fromEntries(held) },
    messages: { planned, sent_today: sent, dead },
  };
}

function startOfDay({ clock, settings: { timeZone } }: App): Date {
  const wall = wallOf(clock.now().getTime(), timeZone);
  return new Date(instantOf(wall - (wall % DAY_MS), timeZone));
}

/** All accounts of the settings; one whose secrets are not in the environment sends nothing. */
export function accountsOf({ settings: { channels }, accounts }: App): readonly AccountStatus[] {
  return Object.entries(channels?.accounts ?? {}).map(([name, settings]) => ({
    name,
    kind: String(settings.kind),
    state: accounts.has(name) ? 'usable' : 'missing-secrets',
    variables: secretVariables(settings),
  }));
}

async function tabsOf(app: App): Promise<readonly TabStatus[]> {
  const { store, db } = app.database;
  const problems = (await store.loadProblems()).filter((problem) => problem.state === 'open');
  const tabs: TabStatus[] = [];
  const runners = new Map(app.workbooks.map(({ key, runner }) => [key, runner]));
  for (const { key, bindings, problemTabs, figureTabs, idleTabs } of app.bindings.workbooks) {
    for (const { id, tab, table } of bindings) {
      const head = await store.loadBindingHead(id);
      const own = problems.filter((problem) => problem.binding === id);
      const [rows] = await db.query(
        `select count(*)::integer as n from binding_rows where binding_id = $1 and state in ('live', 'claim', 'frozen')`,
        [id],
      );
      const [pending] = await db.query('select count(*)::integer as n from binding_dirty where binding_id = $1', [id]);
      const guard = own.find((problem) => problem.kind === 'guard' && problem.field === null);
      const heldBy = head?.heldBy ?? null;
      tabs.push({
        workbook: key,
        tab,
        holds: table,
        mode: heldBy !== null ? 'hold' : (head?.mode ?? 'new'),
        held:
          heldBy === null ? null : guard === undefined ? heldBy : say(app.settings.locale, guard.message, guard.params),
        held_columns: Object.values(head?.columns ?? {})
          .filter((column) => column.heldBy !== null || !column.attached)
          .map((column) => column.header),
        last_read_at: head?.lastReadAt ?? null,
        rows: Number(rows?.n ?? 0),
        open_problems: own.length,
        pending_writes: Number(pending?.n ?? 0),
        window_ms: runners.get(key)?.writeWindow(id) ?? null,
      });
    }
    const idle = {
      mode: 'idle',
      held: null,
      held_columns: [],
      last_read_at: null,
      rows: 0,
      pending_writes: 0,
      window_ms: null,
    };
    for (const { tab } of problemTabs) {
      tabs.push({
        ...idle,
        workbook: key,
        tab,
        holds: 'problems',
        mode: 'live',
        rows: problems.length,
        open_problems: 0,
      });
    }
    for (const tab of figureTabs) {
      const kept = await loadFigures(db, key);
      const mode = kept === null ? 'new' : 'live';
      tabs.push({ ...idle, workbook: key, tab, holds: 'kpi', mode, last_read_at: kept?.at ?? null, open_problems: 0 });
    }
    for (const { tab, holds } of idleTabs) tabs.push({ ...idle, workbook: key, tab, holds, open_problems: 0 });
  }
  return tabs;
}
