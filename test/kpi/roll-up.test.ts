/** Facts kept in step with the database: whatever is written, by whomever and whenever, the figures are those of the log. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readConfiguration } from '../../src/config/configuration.ts';
import { saveClocks } from '../../src/db/clocks.ts';
import type { Database, Sql, Transaction } from '../../src/db/sql.ts';
import { createRecords, deleteRecords, editRecords, firstContact, type Origin } from '../../src/edit.ts';
import { blockSize } from '../../src/kpi/block.ts';
import type { FactSet } from '../../src/kpi/fact-set.ts';
import { kpiOf } from '../../src/kpi/index.ts';
import { type Measured, measure } from '../../src/kpi/measure.ts';
import { kpiDefaults, type Query } from '../../src/kpi/query.ts';
import { createRollUp, type RollUp } from '../../src/kpi/roll-up.ts';
import { chinaOffice } from '../../src/model/calendars/index.ts';
import type { FieldValue } from '../../src/model/field.ts';
import type { SlaEvent } from '../../src/model/sla.ts';
import { openDesk } from '../automation/desk.ts';
import { postgresTestDatabase, type TestDatabase, testDatabase } from '../db/database.ts';
import { at, calendars, cn, created, policy } from '../model/sla-desk.ts';

const zone = 'Asia/Shanghai';
const configuration = readConfiguration(
  1,
  {},
  { locale: 'zh-CN', timeZone: zone, channels: [], webhooks: [], fields: {} },
  '2026-03-01T00:00:00.000Z',
);
const opened: TestDatabase[] = [];
afterAll(async () => {
  for (const each of opened) await each.close();
});

async function open(create: () => Promise<TestDatabase> = testDatabase): Promise<TestDatabase> {
  const database = await create();
  opened.push(database);
  return database;
}

function rollUpOf(db: Database, timeZone = zone): RollUp {
  return createRollUp({ db, timeZone, configuration: async () => configuration });
}

type Values = Readonly<Record<string, FieldValue>>;

/** Writes as the app does: each call is one save of somebody, a minute after the one before. */
class Writer {
  readonly #database: TestDatabase;
  now = at('03-02 09:00');

  constructor(database: TestDatabase) {
    this.#database = database;
  }

  #origin(more: Partial<Origin> = {}): Origin {
    this.now += 60_000;
    const happenedAt = new Date(this.now).toISOString();
    return { actor: { kind: 'person', name: '小张' }, source: 'team/工单', cause: null, happenedAt, ...more };
  }

  async create(table: string, rows: readonly Values[], more: Partial<Origin> = {}): Promise<readonly number[]> {
    const origin = this.#origin(more);
    const drafts = rows.map((values) => ({ table, values }));
    const records = await this.#database.store.transaction(null, (tx) => createRecords(tx, drafts, origin));
    return records.map(({ id }) => id);
  }

  async edit(table: string, recordId: number, values: Values, more: Partial<Origin> = {}): Promise<void> {
    const origin = this.#origin(more);
    await this.#database.store.transaction(null, (tx) => editRecords(tx, [{ table, recordId, values }], origin));
  }

  async delete(table: string, id: number): Promise<void> {
    const origin = this.#origin();
    await this.#database.store.transaction(null, (tx) => deleteRecords(tx, table, [id], origin));
  }

  async restore(id: number): Promise<void> {
    const { actor, source, cause, happenedAt } = this.#origin();
    const entry = { field: null, kind: 'restore', oldValue: null, newValue: null, newValues: {}, typed: null } as const;
    await this.#database.store.transaction(null, async (tx) => {
      await tx.updateRecords([{ table: 'tickets', id, values: {}, deletedAt: null }]);
      await tx.appendChanges([{ ...entry, table: 'tickets', recordId: id, actor, source, cause, happenedAt }]);
    });
  }

  async number(id: number): Promise<string> {
    return (await this.#database.store.loadRecords('tickets', [id])).get(id)!.number;
  }

  async clocks(recordId: number, events: readonly SlaEvent[]): Promise<void> {
    const kept = { recordId, policy: null, policyVersion: null, isLive: true, clocks: { events } };
    await this.#database.db.transaction((tx) => saveClocks(tx, 'tickets', [kept]));
  }
}

async function bodies(db: Sql): Promise<readonly string[]> {
  const rows = await db.query("select block, encode(body, 'hex') as body from kpi_blocks order by block");
  return rows.map(({ block, body }) => `${block}: ${body}`);
}

function figure(facts: FactSet, name: string, more: Partial<Query> = {}): Measured {
  const window = { from: at('03-01 00:00'), to: at('05-01 00:00'), asOf: at('05-01 00:00') };
  const settings = { ...kpiDefaults, calendar: calendars(cn) };
  return measure(facts, kpiOf(name)!, { window, mode: 'calendar', filter: {}, settings, ...more });
}

/** Folding what changed gave the same bytes as folding everything. */
async function expectSameAsRebuilt(db: Database, rollUp: RollUp): Promise<void> {
  const facts = await rollUp.current();
  const kept = await bodies(db);
  const sizes = facts.size;
  await rollUp.rebuild();
  expect(await bodies(db)).toEqual(kept);
  expect((await rollUp.current()).size).toBe(sizes);
}

const solved = { status: '已解决' };

describe('whatever is written', () => {
  let database: TestDatabase;
  let write: Writer;
  let rollUp: RollUp;
  let tickets: readonly number[];
  beforeAll(async () => {
    database = await open();
    write = new Writer(database);
    rollUp = rollUpOf(database.db);
    // More than two blocks.
    const rows = Array.from({ length: 2 * blockSize + 40 }, (_, n) => ({
      status: '待受理',
      created_at: new Date(at('03-02 09:00') + n * 60_000).toISOString(),
      assignee: n % 3 === 0 ? '张伟' : '李娜、王强',
      customer: `客户${n % 5}`,
    }));
    write.now = at('03-04 09:00');
    tickets = await write.create('tickets', rows);
    await rollUp.current();
  });

  it('the facts are those of a rebuild, change by change', async () => {
    let state = 7;
    const below = (count: number): number => {
      state = (state * 1_103_515_245 + 12_345) % 2_147_483_648;
      return Math.floor((state / 2_147_483_648) * count);
    };
    const of = <T>(list: readonly T[]): T => list[below(list.length)]!;
    const statuses = ['处理中', '等待客户', '已解决', '已关闭', '已作废', '已合并', '待受理'];
    const contacts: number[] = [];
    const deleted = new Set<number>();
    for (let n = 0; n < 60; n++) {
      const id = of(tickets);
      switch (below(9)) {
        case 0:
        case 1:
        case 2:
          await write.edit('tickets', id, { status: of(statuses) });
          break;
        case 3:
          await write.edit('tickets', id, {
            ...solved,
            resolved_at: of(['2026-03-05', '2026-03-05T02:00:00.000Z', null]),
          });
          break;
        case 4:
          await write.edit('tickets', id, { csat: of([1, 3, 5, null]), assignee: of(['张伟', '王强', null]) });
          break;
        case 5: {
          const values = {
            ticket_no: await write.number(id),
            contacted_at: of([new Date(write.now).toISOString(), '2026-03-03', null]),
            kind: of(['回复', '电话', '上门', '自动回复', '客户来信']),
            person: of(['张伟', null]),
          };
          contacts.push(...(await write.create('contacts', [values])));
          break;
        }
        case 6:
          if (contacts.length > 0) await write.edit('contacts', of(contacts), { ticket_no: await write.number(id) });
          break;
        case 7:
          if (contacts.length > 0) await write.delete('contacts', of(contacts));
          break;
        default:
          if (deleted.has(id)) await write.restore(id);
          else await write.delete('tickets', id);
          if (!deleted.delete(id)) deleted.add(id);
      }
      if (n % 6 === 0) await write.clocks(id, [created('03-02 09:00', policy({ 'first-response': 30 + n }))]);
      if (n % 3 === 0) await expectSameAsRebuilt(database.db, rollUp);
      else await rollUp.current();
    }
    await expectSameAsRebuilt(database.db, rollUp);
  });

  it('the figures are what SQL makes of the log', async () => {
    const { db } = database;
    for (const [n, id] of tickets.slice(100, 112).entries()) {
      const said = { ticket_no: await write.number(id), kind: '回复', person: '张伟' };
      await write.create('contacts', [{ ...said, contacted_at: new Date(write.now + n * n * 600_000).toISOString() }]);
    }
    const facts = await rollUp.current();
    const [log] = await db.query(
      `with entry as (
         select record_id, seq, coalesce(new_value #>> '{}', new_values ->> 'status') as status
         from changes where table_name = 'tickets' and (kind = 'create' or field = 'status')
       ), last as (
         select distinct on (record_id) record_id, status from entry order by record_id, seq desc
       )
       select count(*) filter (where last.status in ('待受理', '处理中', '等待客户')) as backlog,
         count(*) filter (where last.status not in ('已作废', '已合并')) as created
       from last join tickets on tickets.id = record_id and deleted_at is null`,
    );
    const isDropped = { window: { from: at('03-01 00:00'), to: at('05-01 00:00'), asOf: at('05-01 00:00') } };
    expect(figure(facts, 'backlog', isDropped).value).toBe(Number(log!.backlog));
    expect(figure(facts, 'created').value).toBe(Number(log!.created));
    const [answers] = await db.query(
      `with answer as (
         select tickets.id, extract(epoch from min(contacted_at) - min(created_at)) as took,
           bool_or(contacts.day_fields <> '{}') as by_day
         from tickets join contacts using (ticket_no)
         where tickets.deleted_at is null and contacts.deleted_at is null and kind in ('回复', '电话', '上门')
           and tickets.status not in ('已作废', '已合并')
           and (contacted_at >= created_at
             or (contacts.day_fields <> '{}' and (contacted_at at time zone 'UTC')::date >= (created_at at time zone 'Asia/Shanghai')::date))
         group by tickets.id
       )
       select count(*) as n, avg(took)::float8 as mean, percentile_cont(0.5) within group (order by took) as median,
         percentile_cont(0.9) within group (order by took) as p90 from answer where not by_day`,
    );
    const measured = figure(facts, 'first-response');
    expect(measured.n).toBe(Number(answers!.n));
    expect(measured.n).toBeGreaterThan(3);
    for (const key of ['mean', 'median', 'p90'] as const) expect(measured[key]).toBeCloseTo(Number(answers![key]), 6);
  });

  it('a contact that is moved marks the ticket it left and the one it came to', async () => {
    const [from, to] = [tickets[0]!, tickets.at(-1)!];
    await write.edit('tickets', from, { status: '处理中', first_response_at: null });
    const before = figure(await rollUp.current(), 'first-response').n;
    const said = { contacted_at: new Date(write.now).toISOString(), kind: '回复', person: '王强' };
    const [contact] = await write.create('contacts', [{ ...said, ticket_no: await write.number(from) }]);
    expect(await rollUp.isQuiet()).toBe(false);
    const one = (await rollUp.current()).revisionOf(Math.floor(from / blockSize));
    await write.edit('contacts', contact!, { ticket_no: await write.number(to) });
    const facts = await rollUp.current();
    expect(facts.revisionOf(Math.floor(from / blockSize))).toBe(one! + 1);
    await write.delete('contacts', contact!);
    expect(figure(await rollUp.current(), 'first-response').n).toBeLessThanOrEqual(before + 1);
    await expectSameAsRebuilt(database.db, rollUp);
  });

  it('is quiet until something changes, in this process or another', async () => {
    const other = rollUpOf(database.db);
    await rollUp.current();
    await other.current();
    expect(await rollUp.isQuiet()).toBe(true);
    await write.edit('tickets', tickets[1]!, { status: '处理中', priority: '高' });
    expect(await rollUp.isQuiet()).toBe(false);
    // The other one folds it; what this one has in memory is old all the same.
    const theirs = figure(await other.current(), 'created', { filter: { priority: ['高'] } }).n;
    expect(theirs).toBe(1);
    expect(await rollUp.isQuiet()).toBe(false);
    expect(figure(await rollUp.current(), 'created', { filter: { priority: ['高'] } }).n).toBe(1);
    expect(await rollUp.isQuiet()).toBe(true);
    await write.create('customers', [{ name: '新客户' }]);
    expect(await rollUp.isQuiet()).toBe(true);
  });

  it('days of another time zone are other instants: everything is folded anew', async () => {
    const { db } = database;
    const before = await rollUp.current();
    const revision = before.revisionOf(0)!;
    const there = rollUpOf(db, 'America/New_York');
    await there.current();
    await expectSameAsRebuilt(db, there);
    expect((await rollUp.current()).revisionOf(0)).toBeGreaterThan(revision);
    await expectSameAsRebuilt(db, rollUp);
  });

  it('other hours of a calendar too', async () => {
    const { db } = database;
    let inForce = configuration;
    const watched = createRollUp({ db, timeZone: zone, configuration: async () => inForce });
    const revision = (await watched.current()).revisionOf(0)!;
    expect((await watched.current()).revisionOf(0)).toBe(revision);
    const off = { from: '2026-03-04', to: '2026-03-04', kind: 'off' as const, name: '停电' };
    const edited = { ...chinaOffice, timeZone: zone, dates: [...chinaOffice.dates, off] };
    inForce = { ...configuration, calendars: [edited], calendarRef: () => ({ name: edited.name, version: 'edited' }) };
    expect((await watched.current()).revisionOf(0)).toBe(revision + 1);
  });
});

describe('what the team said', () => {
  it('is told by the words the team has for it, and not by what a rule wrote', async () => {
    const database = await open();
    const write = new Writer(database);
    const [byPerson, byRule] = await write.create('tickets', [{ title: '甲' }, { title: '乙' }]);
    const contacted_at = new Date(write.now + 600_000).toISOString();
    const said = async (id: number) => ({
      ticket_no: await write.number(id),
      kind: '微信语音',
      person: '张伟',
      contacted_at,
    });
    await write.create('contacts', [await said(byPerson!)]);
    await write.create('contacts', [await said(byRule!)], { actor: { kind: 'rule', name: null } });
    let inForce = configuration;
    const watched = createRollUp({ db: database.db, timeZone: zone, configuration: async () => inForce });
    const answered = async () => contactsOf(await watched.current());
    expect(await answered()).toEqual([0, 0]);
    const kinds = configuration.fields.contacts!.map((field) =>
      field.key === 'kind' ? { ...field, options: [{ label: '微信语音', aliases: [], category: 'call' }] } : field,
    );
    inForce = { ...configuration, fields: { ...configuration.fields, contacts: kinds } };
    expect(await answered()).toEqual([1, 0]);
    await expectSameAsRebuilt(database.db, watched);
  });
});

/** 1 for each ticket somebody of the team said something about. */
function contactsOf(facts: FactSet): readonly number[] {
  return facts.blocks.flatMap(({ tickets }) => [...tickets.respondedAt].map((at) => (Number.isNaN(at) ? 0 : 1)));
}

describe('sizes', () => {
  it('no ticket, one ticket, and five thousand at once', async () => {
    const database = await open();
    const rollUp = rollUpOf(database.db);
    const none = await rollUp.current();
    expect(none.size).toBe(0);
    expect(figure(none, 'first-response')).toMatchObject({ n: 0, value: null, mean: null, median: null, p90: null });
    expect(figure(none, 'backlog').value).toBe(0);
    expect((await rollUp.rebuild()).size).toBe(0);

    const write = new Writer(database);
    await write.create('tickets', [{ status: '待受理', created_at: '2026-03-02T01:00:00.000Z' }]);
    expect(figure(await rollUp.current(), 'backlog').value).toBe(1);

    write.now = at('04-01 09:00');
    const old = Array.from({ length: 5_000 }, (_, n) => ({
      status: n % 2 === 0 ? '已关闭' : '处理中',
      created_at: new Date(at('03-03 09:00') + n * 60_000).toISOString(),
      ...(n % 2 === 0 ? { resolved_at: new Date(at('03-03 10:00') + n * 60_000).toISOString() } : {}),
    }));
    await write.create('tickets', old, { cause: firstContact });
    const seen: string[] = [];
    const facts = await rollUp.current((done, all) => seen.push(`${done}/${all}`));
    expect(facts.size).toBe(5_001);
    expect(seen).toEqual(['16/20', '20/20']);
    expect(figure(facts, 'backlog').value).toBe(2_501);
    expect(figure(facts, 'resolution')).toMatchObject({ n: 2_500, mean: 3600, median: 3600, p90: 3600 });
    await expectSameAsRebuilt(database.db, rollUp);
  });
});

describe('a status that may not stand', () => {
  it('is put back by the service and never was', async () => {
    const database = await open();
    const write = new Writer(database);
    const [id] = await write.create('tickets', [{ status: '待受理', created_at: '2026-03-02T01:00:00.000Z' }]);
    write.now = at('03-04 09:00');
    const system = { actor: { kind: 'system', name: null } } as const;
    await write.edit('tickets', id!, { status: '已关闭' });
    await write.edit('tickets', id!, { resolved_at: '2026-03-02T02:00:00.000Z' }, system);
    // Too late to be reopened: the service closes it again.
    await write.edit('tickets', id!, { status: '处理中' });
    await write.edit('tickets', id!, { status: '已关闭' }, system);
    const facts = await rollUpOf(database.db).current();
    expect(figure(facts, 'reopen-rate')).toMatchObject({ n: 1, value: 0 });
    expect(figure(facts, 'resolution')).toMatchObject({ n: 1, value: 3600 });
    // One that stays open is a reopening.
    await write.edit('tickets', id!, { status: '处理中' });
    expect(figure(await rollUpOf(database.db).current(), 'reopen-rate')).toMatchObject({ n: 1, value: 1 });
  });

  it('closing by itself is no putting back', async () => {
    const database = await open();
    const write = new Writer(database);
    const [id] = await write.create('tickets', [{ status: '处理中', created_at: '2026-03-02T01:00:00.000Z' }]);
    await write.edit('tickets', id!, solved);
    await write.edit('tickets', id!, { status: '已关闭' }, { actor: { kind: 'system', name: null } });
    const facts = await rollUpOf(database.db).current();
    expect(figure(facts, 'resolved').n).toBe(1);
    expect(figure(facts, 'closing').n).toBe(1);
  });
});

describe('the service at work', () => {
  it('what people type and what the service answers come to the figures of what truly happened', async () => {
    const desk = await openDesk({ at: '2026-03-10T02:00:00.000Z' });
    opened.push(desk.database);
    const facts = () => desk.main.app.kpi.current();
    await desk.file({ 问题标题: '漏水', 创建时间: '2026-03-10 09:00', 负责人: '张伟' });
    await desk.pass(30);
    await desk.change('漏水', { 状态: '处理中', 首次响应时间: '2026-03-10 10:15' });
    await desk.pass(30);
    await desk.change('漏水', { 状态: '已解决', 解决方案: '换了垫圈', 解决时间: '2026-03-10 10:50' });
    await desk.pass(30);
    await desk.change('漏水', { 状态: '已关闭' });
    expect(figure(await facts(), 'first-response')).toMatchObject({ n: 1, mean: 75 * 60 });
    expect(figure(await facts(), 'resolution')).toMatchObject({ n: 1, mean: 110 * 60 });
    expect(figure(await facts(), 'closing')).toMatchObject({ n: 1, mean: 150 * 60 });

    // Long after its window it cannot be opened again; the service puts the status back.
    await desk.pass(20 * 24 * 60);
    // Time goes by between what is typed and the answer to it.
    const { now } = desk.clock;
    Object.assign(desk.clock, {
      now: () => {
        desk.clock.move(7);
        return now();
      },
    });
    await desk.change('漏水', { 状态: '处理中' });
    expect((await desk.ticket('漏水')).status).toBe('已关闭');
    expect(figure(await facts(), 'reopen-rate')).toMatchObject({ n: 1, value: 0 });
    expect(figure(await facts(), 'resolution')).toMatchObject({ n: 1, mean: 110 * 60 });
    expect(figure(await facts(), 'backlog').value).toBe(0);
    await expectSameAsRebuilt(desk.database.db, desk.main.app.kpi);
  });
});

/** A database that does something at a moment of a transaction: before the n-th statement that matches. */
function interrupted(db: Database, matches: RegExp, meanwhile: () => Promise<void>): Database {
  let isDone = false;
  const before = async (statement: string): Promise<void> => {
    if (isDone || !matches.test(statement)) return;
    isDone = true;
    await meanwhile();
  };
  const watched = <T extends Sql>(sql: T): T =>
    new Proxy(sql, {
      get(target, key) {
        const value = Reflect.get(target, key) as unknown;
        if (key === 'query' || key === 'copyOut') {
          return async (statement: string, ...rest: unknown[]) => {
            await before(statement);
            return await (value as (...all: unknown[]) => unknown).call(target, statement, ...rest);
          };
        }
        if (key === 'transaction') {
          return (work: (tx: Transaction) => Promise<unknown>) => db.transaction((tx) => work(watched(tx)));
        }
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
  return watched(db);
}

describe('while others write', () => {
  it('a change between the folding and the clearing of marks is not lost', async () => {
    const database = await open();
    const write = new Writer(database);
    const [id] = await write.create('tickets', [{ status: '处理中', created_at: '2026-03-02T01:00:00.000Z' }]);
    // After the folding, on the same connection: the embedded database has only one.
    const db = new Proxy(database.db, {
      get(target, key) {
        if (key !== 'transaction') return Reflect.get(target, key) as unknown;
        return async (work: (tx: Transaction) => Promise<unknown>) => {
          const result = await target.transaction(work);
          if (count++ === 0) await write.edit('tickets', id!, solved);
          return result;
        };
      },
    });
    let count = 0;
    const rollUp = rollUpOf(db);
    await rollUp.current();
    expect(await rollUp.isQuiet()).toBe(false);
    expect(figure(await rollUp.current(), 'resolved').n).toBe(1);
    expect(await rollUp.isQuiet()).toBe(true);
  });

  it('a block that was read while somebody wrote is read again', async () => {
    const database = await open(postgresTestDatabase);
    const write = new Writer(database);
    const [id] = await write.create('tickets', [{ status: '处理中', created_at: '2026-03-02T01:00:00.000Z' }]);
    const number = await write.number(id!);
    // Between the reading of steps and that of contacts: the block sees the contact and not the end.
    const db = interrupted(database.db, /from contacts/, async () => {
      await write.edit('tickets', id!, solved);
      const said = { ticket_no: number, contacted_at: new Date(at('03-02 09:01')).toISOString(), kind: '回复' };
      await write.create('contacts', [said]);
    });
    const rollUp = rollUpOf(db);
    const torn = await rollUp.current();
    expect([figure(torn, 'resolved').n, figure(torn, 'first-response').n]).toEqual([0, 1]);
    expect(await rollUp.isQuiet()).toBe(false);
    const whole = await rollUp.current();
    expect([figure(whole, 'resolved').n, figure(whole, 'first-contact').value]).toEqual([1, 1]);
    await expectSameAsRebuilt(database.db, rollUp);
  });

  it('an older reading does not overwrite a newer one of another process', async () => {
    const database = await open(postgresTestDatabase);
    const write = new Writer(database);
    const [id] = await write.create('tickets', [{ status: '处理中', created_at: '2026-03-02T01:00:00.000Z' }]);
    const other = rollUpOf(database.db);
    let theirs: Promise<FactSet> | undefined;
    // All is read and nothing saved; now a change comes, and the other process folds it.
    const db = interrupted(database.db, /insert into kpi_blocks/, async () => {
      await write.edit('tickets', id!, solved);
      let isDone = false;
      theirs = other.current().finally(() => {
        isDone = true;
      });
      const isWaiting = async (): Promise<boolean> => {
        const [row] = await database.db.query(
          "select exists (select from pg_locks where locktype = 'advisory' and not granted) as waits",
        );
        return row!.waits === true;
      };
      while (!isDone && !(await isWaiting()));
    });
    const rollUp = rollUpOf(db);
    await rollUp.current();
    await theirs;
    expect(figure(await rollUp.current(), 'resolved').n).toBe(1);
    expect(figure(await other.current(), 'resolved').n).toBe(1);
    await expectSameAsRebuilt(database.db, rollUp);
  });
});
