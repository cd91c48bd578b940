/** `status`: how each tab stands, in numbers. */
import { z } from 'zod';
import type { App } from '../app.ts';
import { say } from '../messages/index.ts';
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
}

export interface StatusResult {
  readonly database: { readonly kind: string; readonly bytes: number; readonly hint: string | null };
  readonly records: Readonly<Record<string, number>>;
  readonly tabs: readonly TabStatus[];
}

/** Beyond this an embedded database answers slowly enough to be noticed. */
const LARGE_BYTES = 500_000_000;
const LARGE_RECORDS = 200_000;

/** The state of every tab and of the database. Cheap: counts only. */
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
    };
  },
});

async function tabsOf(app: App): Promise<readonly TabStatus[]> {
  const { store, db } = app.database;
  const problems = (await store.loadProblems()).filter((problem) => problem.state === 'open');
  const tabs: TabStatus[] = [];
  for (const { key, bindings, problemTabs, idleTabs } of app.bindings.workbooks) {
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
      });
    }
    const idle = { mode: 'idle', held: null, held_columns: [], last_read_at: null, rows: 0, pending_writes: 0 };
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
    for (const { tab, holds } of idleTabs) tabs.push({ ...idle, workbook: key, tab, holds, open_problems: 0 });
  }
  return tabs;
}
