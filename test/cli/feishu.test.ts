/** A workspace on Feishu from the command line: made, looked at by `doctor`, refused where something is missing. */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { runPass } from '../../src/app/pass.ts';
import { readEnvironment } from '../../src/config/env.ts';
import { openFolder } from '../../src/config/folder.ts';
import { openApp } from '../../src/node.ts';
import { demoPeople, serviceDirector } from '../../src/templates/people.ts';
import { type FakeFeishu, type FakeSpreadsheet, startFeishu } from '../fakes/feishu.ts';
import { createDesk, type Desk, type Json } from './harness.ts';

let feishu: FakeFeishu;
let desk: Desk;
const manager = demoPeople.find(({ name }) => name === serviceDirector)!.mail;

beforeAll(async () => {
  feishu = await startFeishu();
  for (const { name, mail } of demoPeople) feishu.addPerson({ name, email: mail });
  desk = await createDesk(variables());
});

afterAll(async () => {
  await desk.remove();
  await feishu.close();
});

const variables = (): Record<string, string> => ({
  ROWKEEPER_FEISHU_APP_ID: feishu.appId,
  ROWKEEPER_FEISHU_APP_SECRET: feishu.appSecret,
  ROWKEEPER_FEISHU_DOMAIN: feishu.domain,
  // No line of events in a process that runs commands only.
  ROWKEEPER_FEISHU_EVENTS: 'off',
});

test('init makes three spreadsheets with all tabs, the history in them and a manager who can open them', async () => {
  const made = await desk.run('init', 'online', '--connector', 'feishu', '--manager', manager, '--json');
  expect(made).toMatchObject({ exitCode: 0 });
  const { addresses } = made.json();
  expect(Object.keys(addresses)).toEqual(['team', 'admin', 'boss']);
  const settings = JSON.parse(await readFile(join(desk.dir, 'online', 'rowkeeper.json'), 'utf8'));
  expect(settings.workbooks.team).toMatchObject({ connector: 'feishu', url: addresses.team });
  expect(settings.channels.accounts.飞书).toMatchObject({ kind: 'feishu-app', baseUrl: feishu.domain });
  const team = feishu.spreadsheets.find(({ url }) => url === addresses.team)!;
  expect(team.tabs.map(({ title }) => title)).toEqual(['工单', '客户', '服务记录', '客户回访', '联系记录', '问题清单']);
  const numbers = team.tab('工单').cells.flatMap((row) => (row[0]?.content == null ? [] : [row[0].content]));
  expect(numbers).toHaveLength(43);
  const admin = feishu.spreadsheets.find(({ url }) => url === addresses.admin)!;
  expect(admin.tabs.map(({ title }) => title)).toContain('规则');
  expect([...feishu.members]).toEqual(feishu.spreadsheets.map(({ token }) => [`${token} ${manager}`, 'manage']));
});

test('doctor tries each step on the live document and says what is missing', async () => {
  const fine = (await desk.run('doctor', '--workspace', 'online', '--json')).json();
  const steps = (checks: readonly { check: string; state: string; message: string }[]) =>
    checks.filter(({ check }) => check.startsWith('workbook team ')).map(({ check, state }) => [check, state]);
  expect(steps(fine.checks)).toEqual([
    ['workbook team app', 'ok'],
    ['workbook team read', 'ok'],
    ['workbook team write', 'ok'],
    ['workbook team notices', 'warn'],
    ['workbook team people', 'ok'],
    ['workbook team bot', 'ok'],
  ]);
  for (const sheet of feishu.spreadsheets) sheet.removeApp();
  const broken = await desk.run('doctor', '--workspace', 'online', '--json');
  expect(broken.exitCode).toBe(1);
  const failed = broken.json().checks.find(({ check }: { check: string }) => check === 'workbook team read');
  expect(failed).toMatchObject({ state: 'fail', message: expect.stringContaining('权限') });
  expect(failed.hint).toContain('文档应用');
  for (const sheet of feishu.spreadsheets) sheet.addApp();
});

test('status tells how long nobody looked while a spreadsheet was written', async () => {
  const clock = { at: Date.now() };
  const environment = readEnvironment(variables());
  const folder = await openFolder(join(desk.dir, 'online'), environment);
  const service = await openApp(folder, environment, () => new Date(clock.at));
  const wait = async (ms: number): Promise<void> => {
    clock.at += ms;
  };
  try {
    await runPass(service, { wait });
    const [{ ticket_no: number }] = (await desk.run('tickets', '--workspace', 'online', '--json')).json();
    await desk.run('set', number, 'assignee=王工', '--workspace', 'online');
    clock.at += 10_000;
    await runPass(service, { wait });
    const { tabs } = (await desk.run('status', '--workspace', 'online', '--json')).json();
    expect(tabs).toContainEqual(expect.objectContaining({ tab: '工单', window_ms: { last: 0, longest: 0 } }));
    expect(tabs).toContainEqual(expect.objectContaining({ tab: '问题清单', window_ms: null }));
    expect((await desk.run('status', '--workspace', 'online')).out).toMatch(/team\/工单：.*最长 0 毫秒/);
  } finally {
    await service.close();
  }
});

test('a tab that is an embedded base is told as one, with the tabs there are instead', async () => {
  const [team, admin] = feishu.spreadsheets as [FakeSpreadsheet, FakeSpreadsheet];
  const replace = (sheet: FakeSpreadsheet, tab: string): (() => void) => {
    sheet.renameTab(tab, '原来的');
    sheet.embedBase(tab);
    return () => {
      sheet.removeTab(tab);
      sheet.renameTab('原来的', tab);
    };
  };
  const undo = [replace(team, '工单'), replace(admin, '规则')];
  const { checks } = (await desk.run('doctor', '--workspace', 'online', '--json')).json();
  const [ticket] = checks.filter(
    ({ check, state }: { check: string; state: string }) => check === 'workbook team' && state === 'fail',
  );
  expect(ticket.message).toContain('“工单”是嵌入的多维表格');
  expect(ticket.hint).toContain('bitable');
  expect(ticket.hint).toContain('原来的、客户、服务记录、客户回访、联系记录、问题清单。');
  const ran = await desk.run('rules', 'check', '--workspace', 'online', '--json');
  const rules = ran.json();
  expect(rules.error ?? null).toBeNull();
  expect(rules.findings[0].text).toContain('“规则”页是嵌入的多维表格');
  await desk.run('sync', '--once', '--workspace', 'online');
  const told: readonly Json[] = (await desk.run('problems', '--workspace', 'online', '--json')).json();
  const texts = told.map(({ message }) => message).filter((message: string) => message.includes('嵌入'));
  expect(texts.toSorted()).toEqual([expect.stringContaining('“规则”'), expect.stringContaining('「工单」')]);
  for (const back of undo) back();
});

test('init on 多维表格 keeps tickets in a base, rules and figures in spreadsheets', async () => {
  const made = await desk.run('init', 'base', '--connector', 'bitable', '--manager', manager, '--json');
  expect(made).toMatchObject({ exitCode: 0 });
  const settings = JSON.parse(await readFile(join(desk.dir, 'base', 'rowkeeper.json'), 'utf8'));
  const homes = Object.values<{ connector: string }>(settings.workbooks).map(({ connector }) => connector);
  expect(homes).toEqual(['bitable', 'feishu', 'feishu']);
  const tables = (await desk.run('doctor', '--workspace', 'base', '--json'))
    .json()
    .checks.filter(({ check }: { check: string }) => check === 'workbook team');
  expect(tables.map(({ state }: { state: string }) => state)).toEqual(Array.from({ length: 5 }, () => 'ok'));
  expect(feishu.bases.map(({ tables: all }) => all.map(({ name }) => name))).toEqual([
    ['工单', '客户', '服务记录', '客户回访', '联系记录', '问题清单'],
  ]);
  expect(feishu.bases[0]!.table('工单').records).toHaveLength(42);
});

test('without credentials nothing is made and the variables are named', async () => {
  const bare = await createDesk({});
  const before = feishu.requests.length;
  const refused = await bare.run('init', 'x', '--connector', 'feishu');
  expect(refused.exitCode).toBe(2);
  expect(refused.err).toContain('ROWKEEPER_FEISHU_APP_ID');
  expect(refused.err).toContain('ROWKEEPER_FEISHU_APP_SECRET');
  expect(feishu.requests).toHaveLength(before);
  await bare.remove();
});

test('a manager nobody knows is told, with the documents that were made until then', async () => {
  const refused = await desk.run('init', 'y', '--connector', 'feishu', '--manager', '13900000000');
  expect(refused.exitCode).toBe(3);
  expect(refused.err).toContain('13900000000');
});

test('a wrong secret is told in plain words', async () => {
  const wrong = await createDesk({ ...variables(), ROWKEEPER_FEISHU_APP_SECRET: 'wrong' });
  const refused = await wrong.run('init', 'x', '--connector', 'feishu');
  expect(refused.err).toContain('App Secret');
  await wrong.remove();
});
