/**
 * Embedded databases that go from test to test: emptying one takes a tenth of the time that starting one takes. Whoever
 * gets one finds it as the migrations leave it; one whose tables, triggers or settings were changed is not lent again.
 */
import type { PGlite } from '@electric-sql/pglite';

/** Free ones that are kept; each has some hundred megabytes of memory. */
const mostFree = 2;
const free: { readonly pglite: PGlite; readonly shape: string }[] = [];

/** One that nobody has; `start` makes a migrated one where none is free. Closing it gives it back, and it is closed for whoever had it. */
export async function borrow(start: () => Promise<PGlite>): Promise<PGlite> {
  const kept = free.pop();
  if (kept !== undefined) return lent(kept.pglite, kept.shape);
  const pglite = await start();
  return lent(pglite, await shapeOf(pglite));
}

function lent(pglite: PGlite, shape: string): PGlite {
  let isClosed = false;
  const unlisten: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    if (isClosed) throw new Error('PGlite is closed');
    isClosed = true;
    for (const each of unlisten) await each();
    await giveBack(pglite, shape);
  };
  return new Proxy(pglite, {
    get(target, key) {
      if (key === 'closed') return isClosed;
      if (key === 'close') return close;
      const value = Reflect.get(target, key, target) as unknown;
      if (typeof value !== 'function') return value;
      return (...args: unknown[]): unknown => {
        if (isClosed) throw new Error('PGlite is closed');
        const result: unknown = value.apply(target, args);
        if (key === 'listen') void (result as Promise<() => Promise<void>>).then((end) => unlisten.push(end));
        return result;
      };
    },
  });
}

async function giveBack(pglite: PGlite, shape: string): Promise<void> {
  await empty(pglite);
  if (free.length < mostFree && (await shapeOf(pglite)) === shape) free.push({ pglite, shape });
  else await pglite.close();
}

async function empty(pglite: PGlite): Promise<void> {
  // The log refuses to be emptied, but for this.
  await pglite.exec('set session_replication_role = replica; drop schema if exists pgboss cascade');
  const { rows: used } = await pglite.query<{ name: string }>(
    `select oid::regclass::text as name from pg_class
     where relnamespace = 'public'::regnamespace and relkind = 'r' and relname <> 'schema_migrations'
       and pg_relation_size(oid) > 0`,
  );
  if (used.length > 0) await pglite.exec(`truncate ${used.map(({ name }) => name).join()} restart identity cascade`);
  const { rows: counted } = await pglite.query<{ name: string }>(
    `select format('%I', sequencename) as name from pg_sequences where schemaname = 'public' and last_value is not null`,
  );
  for (const { name } of counted) await pglite.exec(`alter sequence ${name} restart`);
  await pglite.exec('discard all');
}

/** All that is in the database but rows, and which migrations it has had. */
async function shapeOf(pglite: PGlite): Promise<string> {
  const { rows } = await pglite.query<{ shape: string }>(
    `with ours as (select oid from pg_namespace where nspname !~ '^pg_' and nspname <> 'information_schema'),
       part(name) as (
         select concat('space ', nspname) from pg_namespace where pg_namespace.oid in (select oid from ours)
         union all select concat('column ', relname, ' ', relkind, ' ', attname, ' ', format_type(atttypid, atttypmod), ' ',
             attnotnull, ' ', attidentity, ' ', pg_get_expr(adbin, adrelid))
           from pg_class left join pg_attribute on attrelid = pg_class.oid and attnum > 0 and not attisdropped
           left join pg_attrdef on adrelid = attrelid and adnum = attnum
           where relnamespace in (select oid from ours)
         union all select concat('constraint ', conrelid::regclass, ' ', pg_get_constraintdef(oid)) from pg_constraint
           where connamespace in (select oid from ours)
         union all select concat('trigger ', pg_get_triggerdef(oid), ' ', tgenabled) from pg_trigger where not tgisinternal
         union all select concat('function ', pg_get_functiondef(oid)) from pg_proc
           where pronamespace in (select oid from ours) and prokind in ('f', 'p')
         union all select concat('index ', indexdef) from pg_indexes where schemaname = 'public'
         union all select concat('setting ', setdatabase, ' ', setrole, ' ', setconfig) from pg_db_role_setting
         union all select concat('migration ', number, ' ', hash) from schema_migrations
       )
     select string_agg(name, e'\\n' order by name) as shape from part`,
  );
  return rows[0]!.shape;
}
