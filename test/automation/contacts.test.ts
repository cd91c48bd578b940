/** Contacts as events of their tickets: first and later answers, what a customer wrote, numbers nobody has. */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Values } from '../../rules/scope.ts';
import { explain } from '../../src/app/explain.ts';
import { parseWorkspace } from '../../src/config/workspace.ts';
import type { HistoryEntry } from '../../src/db/changes.ts';
import { historyOf } from '../../src/db/changes.ts';
import { type Cells, Desk, openDesk } from './desk.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk({
    prepare: (books) => {
      const row = books.find('SLA', '名称', '高');
      const header = (start: string) =>
        books
          .rows('SLA')[0]!
          .map(String)
          .find((text) => text.startsWith(start))!;
      books.set('SLA', row, {
        [header('再次响应')]: '1小时',
        [header('升级')]: '解决80%→负责人\n再次响应到期→技术总监',
      });
    },
  });
});
afterAll(() => desk.database.close());

/** Types contacts about the ticket with a title. */
async function write(title: string, ...lines: readonly Cells[]): Promise<void> {
  const { number } = await desk.ticket(title);
  desk.add('联系记录', ...lines.map((line) => ({ 工单号: number, ...line })));
  await desk.settle();
}

async function clock(title: string, metric: string, cycle = 0): Promise<Values> {
  const { number } = await desk.ticket(title);
  const { clocks } = await explain.run(desk.main.app, { number, rule: null, all: false });
  const found = clocks.find((each) => each.metric === metric && each.cycle === cycle);
  return found === undefined ? {} : { state: found.state, due: found.due_at };
}

async function breaches(title: string): Promise<readonly string[]> {
  const { id } = await desk.ticket(title);
  const rows = await desk.database.db.query(
    'select metric, cycle from breaches where record_id = $1::text::bigint order by metric, cycle',
    [String(id)],
  );
  return rows.map(({ metric, cycle }) => `${metric}:${cycle}`);
}

async function history(title: string, field: string): Promise<readonly HistoryEntry[]> {
  const { number } = await desk.ticket(title);
  return (await historyOf(desk.database.db, 'tickets', number)).filter((entry) => entry.field === field);
}

describe('the first answer of a person', () => {
  test('is the first response: it ends the clock at its time and is written into the ticket', async () => {
    await desk.file({ 问题标题: '首答', 优先级: '高' });
    const { created_at: created } = await desk.ticket('首答');
    await desk.pass(40);
    const at = new Date(Date.parse(String(created)) + 25 * 60_000).toISOString();
    await write('首答', { 方式: '电话', 联系时间: '2026-03-10 10:25:00', 联系人员: '张伟', 内容: '已联系' });
    expect((await desk.ticket('首答')).first_response_at).toBe(at);
    expect(await clock('首答', 'first-response')).toMatchObject({ state: 'met' });
    const [entry] = await history('首答', 'first_response_at');
    expect([entry!.actor.kind, entry!.cause]).toEqual(['system', expect.stringMatching(/^contact:L-/)]);
    await desk.pass(60);
    expect(await breaches('首答')).toEqual([]);
    // The same event told again is the same answer.
    const kept = 'select clocks::text as clocks from record_clocks order by record_id limit 1';
    const before = await desk.database.db.query(kept);
    await desk.database.db.query(`update outbox set done_at = null where table_name = 'contacts'`);
    await desk.settle();
    expect(await desk.database.db.query(kept)).toEqual(before);
    expect(await history('首答', 'first_response_at')).toHaveLength(1);
  });

  test('is neither a machine’s, nor a note among colleagues, nor one from before the ticket', async () => {
    await desk.file({ 问题标题: '没答', 优先级: '高' });
    await desk.pass(5);
    await write(
      '没答',
      { 方式: '自动回复', 内容: '已收到' },
      { 方式: '内部备注', 内容: '等零件' },
      { 方式: '电话', 联系时间: '2026-03-09 10:00:00' },
    );
    expect((await desk.ticket('没答')).first_response_at).toBeUndefined();
    expect(await clock('没答', 'first-response')).toMatchObject({ state: 'running' });
  });

  test('follows the contact that is corrected, and stays what a person typed', async () => {
    await desk.file({ 问题标题: '改答', 优先级: '高' });
    await desk.pass(30);
    await write('改答', { 方式: '回复', 内容: '改我' });
    const first = String((await desk.ticket('改答')).first_response_at);
    const row = desk.find('联系记录', '内容', '改我');
    await desk.pass(30);
    desk.set('联系记录', row, { 方式: '内部备注' });
    await desk.settle();
    expect((await desk.ticket('改答')).first_response_at).toBeUndefined();
    expect(await clock('改答', 'first-response')).toMatchObject({ state: 'running' });
    desk.set('联系记录', row, { 方式: '回复' });
    await desk.settle();
    expect((await desk.ticket('改答')).first_response_at).toBe(first);
    const typed = new Date(Date.parse(first) - 5 * 60_000);
    const shanghai = new Date(typed.getTime() + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ');
    await desk.change('改答', { 首次响应时间: shanghai });
    desk.set('联系记录', row, { 方式: '内部备注' });
    await desk.settle();
    expect((await desk.ticket('改答')).first_response_at).toBe(typed.toISOString());
  });

  test('on a day without a time gives the ticket that day, and ends the clock', async () => {
    await desk.file({ 问题标题: '那天', 优先级: '高' });
    await desk.pass(10);
    const today = new Date(desk.clock.now().getTime() + 8 * 3_600_000).toISOString().slice(0, 10);
    await write('那天', { 方式: '上门', 联系时间: today });
    expect((await desk.ticket('那天')).first_response_at).toBe(today);
    expect(await clock('那天', 'first-response')).toMatchObject({ state: 'met' });
  });
});

test('a customer who writes again waits for the next response: warned, due, told, and ended by an answer', async () => {
  const own = await openDesk({
    at: '2026-03-10T01:00:00.000Z',
    prepare: (books) => {
      const row = books.find('SLA', '名称', '高');
      const header = (start: string) =>
        books
          .rows('SLA')[0]!
          .map(String)
          .find((text) => text.startsWith(start))!;
      books.set('SLA', row, { [header('再次响应')]: '1小时', [header('升级')]: '再次响应到期→技术总监' });
    },
  });
  const shared = desk;
  desk = own;
  try {
    await own.file({ 问题标题: '再问', 优先级: '高', 负责人: '张伟' });
    await own.pass(10);
    await write('再问', { 方式: '回复', 内容: '请稍等' });
    expect(await clock('再问', 'next-response')).toEqual({});
    await own.pass(50);
    // 10:00, 10:20 and 10:50 are one waiting; the oldest counts.
    await write('再问', { 方式: '客户来信', 联系时间: '2026-03-10 10:00:00', 内容: '好了吗' });
    expect(await clock('再问', 'next-response')).toEqual({ state: 'running', due: '2026-03-10T03:00:00.000Z' });
    await own.pass(20);
    await write('再问', { 方式: '客户来信', 联系时间: '2026-03-10 10:20:00', 内容: '在吗' });
    own.letters();
    await own.pass(30, 2);
    expect(
      own
        .letters()
        .filter((letter) => letter.includes('再次响应'))
        .join(),
    ).toMatch(/邮件→zhang.*再次响应时限已用 50%： 再问.*再次响应时限已用 80%： 再问/);
    await own.pass(11, 6);
    expect(own.letters().join()).toMatch(/再次响应已超时 0 分钟：/);
    expect(await breaches('再问')).toEqual(['next-response:0']);
    await write('再问', { 方式: '自动回复', 内容: '收到' });
    expect(await clock('再问', 'next-response')).toMatchObject({ state: 'breached' });
    await own.pass(9);
    await write('再问', { 方式: '电话', 联系时间: '2026-03-10 11:10:00' });
    await write('再问', { 方式: '客户来信', 联系时间: '2026-03-10 11:10:00', 内容: '谢谢，还有一个问题' });
    expect(await clock('再问', 'next-response', 1)).toEqual({ state: 'running', due: '2026-03-10T05:40:00.000Z' });
    await own.pass(10);
    await write('再问', { 方式: '回复', 内容: '答复' });
    expect(await clock('再问', 'next-response', 1)).toMatchObject({ state: 'met' });
    own.letters();
    await own.pass(300, 60);
    expect(own.letters().filter((letter) => letter.includes('再次响应'))).toEqual([]);
    expect(await breaches('再问')).toEqual(['next-response:0']);
  } finally {
    desk = shared;
    await own.database.close();
  }
});

describe('the number of a ticket', () => {
  test('that does not exist is a problem until it is corrected', async () => {
    await desk.file({ 问题标题: '错号', 优先级: '高' });
    await desk.pass(5);
    desk.add('联系记录', { 工单号: 'T-999999-XX', 方式: '电话', 内容: '打错号' });
    await desk.settle();
    await desk.settle();
    expect((await desk.problems()).join()).toContain('没有工单“T-999999-XX”');
    const row = desk.find('联系记录', '内容', '打错号');
    expect(desk.shown('联系记录', row, '系统提示')).toContain('没有工单“T-999999-XX”');
    desk.set('联系记录', row, { 工单号: (await desk.ticket('错号')).number });
    await desk.settle();
    await desk.settle();
    expect((await desk.problems()).join()).not.toContain('T-999999-XX');
    expect(desk.shown('联系记录', row, '系统提示')).toBe('');
    expect(await clock('错号', 'first-response')).toMatchObject({ state: 'met' });
  });

  test('that was written differently is put right', async () => {
    await desk.file({ 问题标题: '小写', 优先级: '高' });
    await desk.pass(5);
    const { number } = await desk.ticket('小写');
    desk.add('联系记录', { 工单号: ` ${number.toLowerCase()}`, 方式: '电话', 内容: '小写号' });
    await desk.settle();
    expect(desk.shown('联系记录', desk.find('联系记录', '内容', '小写号'), '工单号')).toBe(number);
    expect((await desk.ticket('小写')).first_response_at).toBeTypeOf('string');
  });

  test('that moves to another ticket takes the answer along', async () => {
    await desk.file({ 问题标题: '甲', 优先级: '高' }, { 问题标题: '乙', 优先级: '高' });
    await desk.pass(5);
    await write('甲', { 方式: '电话', 内容: '搬家' });
    expect(await clock('甲', 'first-response')).toMatchObject({ state: 'met' });
    desk.set('联系记录', desk.find('联系记录', '内容', '搬家'), { 工单号: (await desk.ticket('乙')).number });
    await desk.settle();
    expect(await clock('甲', 'first-response')).toMatchObject({ state: 'running' });
    expect((await desk.ticket('甲')).first_response_at).toBeUndefined();
    expect(await clock('乙', 'first-response')).toMatchObject({ state: 'met' });
  });
});

test('contacts that stood in a tab before it was mirrored are answered by nobody, and count when one is written', async () => {
  const { workbooks } = parseWorkspace('{}');
  const withoutContacts = Object.fromEntries(
    workbooks.map(({ key, place, tabs }) => [
      key,
      { path: place, tabs: Object.fromEntries(Object.entries(tabs).filter(([, { holds }]) => holds !== 'contacts')) },
    ]),
  );
  const first = await openDesk({ settings: { workbooks: withoutContacts } });
  try {
    await first.file({ 问题标题: '补记', 优先级: '高' });
    const { number, created_at: created } = await first.ticket('补记');
    await first.pass(20);
    first.add(
      '联系记录',
      { 工单号: number, 方式: '客户来信', 联系时间: '2026-03-10 10:02:00' },
      { 工单号: number, 方式: '电话', 联系时间: '2026-03-10 10:10:00' },
    );
    const later = new Desk(first.books, first.database, { at: first.clock.now().toISOString() });
    later.main = await later.start('first');
    await later.settle();
    expect(await first.database.store.listRecords('contacts')).toHaveLength(2);
    expect((await later.ticket('补记')).first_response_at).toBeUndefined();
    later.add('联系记录', { 工单号: number, 方式: '回复' });
    await later.settle();
    expect((await later.ticket('补记')).first_response_at).toBe(
      new Date(Date.parse(String(created)) + 10 * 60_000).toISOString(),
    );
    expect(await later.problems()).toEqual([]);
  } finally {
    await first.database.close();
  }
});

test('a ticket that nobody can take stays in line whatever is written about it and whatever its clocks say', async () => {
  const full = await openDesk({
    prepare: (books) => {
      const header = books
        .rows('人员')[0]!
        .map(String)
        .find((text) => /容量|上限/.test(text))!;
      for (const { 姓名: name } of books.lines('人员'))
        books.set('人员', books.find('人员', '姓名', name!), { [header]: 0 });
    },
  });
  const inLine = async (): Promise<number> => {
    const rows = await full.database.db.query(
      `select 1 as one from timers where kind = 'assign' and fired_at is distinct from due_at`,
    );
    return rows.length;
  };
  try {
    await full.file({ 问题标题: '排队', 优先级: '高' });
    expect([(await full.ticket('排队')).assignee, await inLine()]).toEqual([undefined, 1]);
    full.add('联系记录', { 工单号: (await full.ticket('排队')).number, 方式: '客户来信', 内容: '有人吗' });
    await full.main.pass();
    expect(await inLine()).toBe(1);
    full.clock.move(31 * 60_000);
    await full.main.timers();
    expect(await inLine()).toBe(1);
    await full.change('排队', { 负责人: '张伟' });
    expect(await inLine()).toBe(0);
  } finally {
    await full.database.close();
  }
});
