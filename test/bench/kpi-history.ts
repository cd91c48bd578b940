/**
 * A long history for figures: tickets with eight log entries each over two years, made inside the database, because
 * eight million entries through the engine would take an hour. The log of a ticket tells: created, assigned, answered,
 * taken up, waiting for the customer, at work again, solved, rated or closed.
 */
import type { Database } from '../../src/db/sql.ts';

export const entriesPerTicket = 8;

/** Fills an empty, migrated database with `count` tickets. Takes minutes for a million. */
export async function makeKpiHistory(db: Database, count: number): Promise<void> {
  // Everything from the number alone: two runs measure the same.
  const seconds = Math.floor((730 * 86_400) / count);
  const pick = (values: readonly string[], salt: number): string =>
    `(array[${values.map((value) => `'${value}'`).join()}])[1 + (hashint8(n * 31 + ${salt}) & 2147483647) % ${values.length}]`;
  const people = Array.from({ length: 50 }, (_, n) => `工程师${n + 1}`);
  const customers = Array.from({ length: 400 }, (_, n) => `客户${n + 1}`);
  const length = (salt: number, most: number): string =>
    `make_interval(secs => 60 + (hashint8(n * 17 + ${salt}) & 2147483647) % ${most})`;
  await db.transaction(async (tx) => {
    await tx.query('set local session_replication_role = replica');
    await tx.query(`create temporary table made on commit drop as
      select n, timestamptz '2024-12-01 00:00+08' + make_interval(secs => n * ${seconds}) as created,
        ${length(1, 7_200)} as answered, ${length(2, 200_000)} as worked, ${length(3, 90_000)} as waited,
        ${pick(people, 4)} as person, ${pick(customers, 5)} as customer, ${pick(['华东组', '华南组', '华北组', '客服组'], 6)} as team,
        ${pick(['硬件', '软件', '安装', '咨询', '投诉', '漏水', '网络', '其他'], 7)} as kind, ${pick(['暖通', '电梯', '安防', '照明'], 8)} as product,
        ${pick(['紧急', '高', '中', '低'], 9)} as priority, ${pick(['VIP', '普通', '普通', '普通'], 10)} as level,
        (n > ${count} - ${count} / 50) as is_open, 1 + (hashint8(n * 13) & 2147483647) % 5 as score
      from generate_series(1::bigint, ${count}) as n`);
    await tx.query(`insert into tickets (id, ticket_no, revision, title, created_at, status, assignee, customer, team,
        issue_type, product_line, priority, customer_level, resolved_at, csat)
      select n, 'T-' || n, 8, '问题 ' || n, created, case when is_open then '处理中' else '已解决' end, person, customer,
        team, kind, product, priority, level, case when is_open then null else created + answered + worked + waited end,
        case when is_open then null else score end from made`);
    await tx.query(`insert into changes (table_name, record_id, seq, kind, field, new_value, new_values, actor_kind, source, happened_at, recorded_at, hash)
      select 'tickets', n, 1, 'create', null, null::json, json_build_object('title', '问题 ' || n, 'created_at',
          to_char(created at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.000"Z"'), 'status', '待受理', 'customer', customer, 'team', team, 'issue_type', kind,
          'product_line', product, 'priority', priority, 'customer_level', level)::json, 'person', 'bench', created, created, '\\x00'::bytea from made
      union all select 'tickets', n, 2, 'set', 'assignee', to_json(person), null, 'rule', 'bench', created + interval '5 s', created, '\\x00'::bytea from made
      union all select 'tickets', n, 3, 'set', 'first_response_at', to_json(to_char((created + answered) at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.000"Z"')), null,
          'person', 'bench', created + answered, created, '\\x00'::bytea from made
      union all select 'tickets', n, 4, 'set', 'status', '"处理中"'::json, null, 'person', 'bench', created + answered, created, '\\x00'::bytea from made
      union all select 'tickets', n, 5, 'set', 'status', '"等待客户"'::json, null, 'person', 'bench', created + answered + worked / 2, created, '\\x00'::bytea from made
      union all select 'tickets', n, 6, 'set', 'status', '"处理中"'::json, null, 'person', 'bench', created + answered + worked / 2 + waited, created, '\\x00'::bytea from made
      union all select 'tickets', n, 7, 'set', case when is_open then 'note' else 'status' end, case when is_open then '"…"'::json else '"已解决"'::json end, null,
          'person', 'bench', created + answered + worked + waited, created, '\\x00'::bytea from made
      union all select 'tickets', n, 8, 'set', case when is_open then 'note' else 'csat' end, case when is_open then '"…"'::json else to_json(score) end, null,
          'customer', 'bench', created + answered + worked + waited + interval '1 hour', created, '\\x00'::bytea from made`);
    await tx.query(`insert into kpi_dirty (block) select distinct (n / 256)::integer from made`);
  });
  await db.query('analyze tickets');
  await db.query('analyze changes');
}
