/** LibreOffice as the person: types, sorts, inserts and saves in the bound workbook; the service answers in the file. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, type TestContext, test } from 'vitest';
import { templateFiles } from '../../src/templates/index.ts';
import { testDatabase } from '../db/database.ts';
import { type Office, readWithOpenpyxl, requireWitness, startOffice } from './office.ts';
import { gridOf, openRealDesk, type RealDesk, rowsByHeader, scratchFolder } from './real-desk.ts';

const tabs = { 工单: { holds: 'tickets' }, 客户: { holds: 'customers' }, 问题清单: { holds: 'problems' } };
const scratch = scratchFolder();
const path = join(scratch.folder, '售后工单.xlsx');
let desk: RealDesk;
let office: Office | undefined;

/** The office, started for the first test that finds it installed. */
async function person(context: TestContext): Promise<Office> {
  requireWitness(context, 'office');
  requireWitness(context, 'openpyxl');
  office ??= await startOffice();
  return office;
}
const rows = async (): Promise<readonly Readonly<Record<string, string>>[]> => rowsByHeader(await gridOf(path, '工单'));

beforeAll(async () => {
  const [team] = await templateFiles('zh-CN', 'blank', new Date('2026-03-01T01:00:00Z'));
  writeFileSync(path, team?.bytes ?? '');
  desk = await openRealDesk(path, tabs, await testDatabase());
  await desk.sync();
});
afterAll(async () => {
  await desk.close();
  await office?.close();
  scratch.remove();
});

describe('a person at LibreOffice', () => {
  beforeEach(async (context) => {
    const hands = await person(context);
    if ((await desk.tickets()).length > 0) return;
    await hands.edit(path, '工单', {
      B2: '处理中',
      C2: '紧急',
      D2: '打印机卡纸',
      I2: '13800001201',
      C3: '低',
      D3: '扫码枪无法连接',
      C4: '中',
      D4: '门禁读卡失败',
    });
    await desk.sync();
  });

  test('types three rows and finds their numbers in the file; every reader sees the same', async (context) => {
    const hands = await person(context);
    const tickets = await desk.tickets();
    expect(tickets.map((ticket) => [ticket.title, ticket.priority, ticket.phone])).toEqual([
      ['打印机卡纸', '紧急', '13800001201'],
      ['扫码枪无法连接', '低', null],
      ['门禁读卡失败', '中', null],
    ]);
    const written = (await rows()).slice(0, 3);
    expect(written.map((row) => row.工单号)).toEqual(tickets.map((ticket) => ticket.ticket_no));
    const columns = ['工单号', '状态', '优先级', '问题标题'];
    const wanted = written.map((row) => columns.map((column) => row[column]));
    expect((await hands.read(path, '工单')).slice(1, 4).map((row) => row.slice(0, 4))).toEqual(wanted);
    expect(
      readWithOpenpyxl(path, '工单')
        .slice(1, 4)
        .map((row) => row.slice(0, 4)),
    ).toEqual(wanted);
  });

  test('changes a status; the log names cell, old and new', async (context) => {
    const hands = await person(context);
    await hands.edit(path, '工单', { B2: '已解决' });
    await desk.sync();
    const [first] = await desk.tickets();
    expect(first?.status).toBe('已解决');
    const last = (await desk.log(String(first?.ticket_no))).filter(({ field }) => field === 'status').at(-1);
    expect(last).toMatchObject({ old: '处理中', new: '已解决', source: expect.stringContaining('B2') });
  });

  test('text from the database is text in the sheet, whatever it begins with', async (context) => {
    const hands = await person(context);
    const [, second] = await desk.tickets();
    const nasty = '=HYPERLINK("http://x","点我")';
    await desk.set(String(second?.ticket_no), `description=${nasty}`);
    await desk.sync();
    expect((await rows())[1]?.详细描述).toBe(nasty);
    expect((await hands.read(path, '工单'))[2]?.[4]).toBe(nasty);
    expect(readWithOpenpyxl(path, '工单')[2]?.[4]).toBe(nasty);
  });

  test('holds the workbook open: the service reads on, leaves the file alone, and writes after it was closed', async (context) => {
    const hands = await person(context);
    const [, , third] = await desk.tickets();
    const open = await hands.open(path);
    const before = readFileSync(path);
    await desk.set(String(third?.ticket_no), 'title=门禁读卡失败（三楼）');
    expect((await desk.sync()).retryAfterMs).not.toBeNull();
    expect(readFileSync(path).equals(before)).toBe(true);
    await open.type('工单', { H4: '王工' });
    await open.save();
    await open.close();
    await desk.sync();
    expect((await rows())[2]).toMatchObject({ 问题标题: '门禁读卡失败（三楼）', 联系人: '王工' });
    expect((await desk.tickets())[2]).toMatchObject({ title: '门禁读卡失败（三楼）', contact: '王工' });
  });

  test('sorts whole rows and puts a new one in their middle: every row keeps its ticket', async (context) => {
    const hands = await person(context);
    const before = new Map((await desk.tickets()).map((ticket) => [ticket.ticket_no, ticket]));
    const open = await hands.open(path);
    await open.sort('工单', 0, 3, false);
    await open.insertRows('工单', 2, 1);
    await open.type('工单', { D3: '插在中间的问题', C3: '高' });
    await open.save();
    await open.close();
    await desk.sync();

    const after = await desk.tickets();
    expect(after).toHaveLength(before.size + 1);
    for (const [number, ticket] of before) {
      expect(after.find((each) => each.ticket_no === number)).toEqual(ticket);
    }
    const inFile = (await rows()).slice(0, after.length);
    expect(inFile[1]).toMatchObject({ 问题标题: '插在中间的问题', 工单号: after.at(-1)?.ticket_no });
    for (const row of inFile) {
      expect(after.find((ticket) => ticket.ticket_no === row.工单号)?.title).toBe(row.问题标题);
    }
  });

  test('types what no priority is: it stays, is listed with its cell, and the other rows go on', async (context) => {
    const hands = await person(context);
    await hands.edit(path, '工单', { C2: '紧鸡', D6: '另一个新问题' });
    await desk.sync();
    const listed = (await desk.problems()).find(({ typed }) => typed === '紧鸡');
    expect(listed).toMatchObject({ kind: 'invalid-value', workbook: 'team', tab: '工单', cell: 'C2' });
    const shown = await hands.read(path, '工单');
    expect(shown[1]?.[2]).toBe('紧鸡');
    expect(shown[5]?.[0]).toMatch(/^T-\d{6}-[A-Z]{2}$/);
    expect((await hands.read(path, '问题清单')).flat()).toContain('紧鸡');
  });
});
