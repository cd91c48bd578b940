/**
 * The whole promise, as a person sees it: a workspace made by `init`, the service running, rows typed in LibreOffice, and
 * mail and robot servers that check what reaches them.
 */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, type TestContext, test } from 'vitest';
import { address } from '../../src/model/cell.ts';
import { demoAccounts } from '../../src/templates/index.ts';
import { type Receiver, startReceiver } from '../fakes/receiver.ts';
import { dingtalkRobot, wecomRobot } from '../fakes/robots.ts';
import { type SmtpFake, startSmtp } from '../fakes/smtp.ts';
import { type Office, requireWitness, startOffice } from './office.ts';
import { gridOf, rowsByHeader, scratchFolder } from './real-desk.ts';
import { ask, rowkeeper, type Service, startService, until } from './service.ts';

const scratch = scratchFolder();
const workspace = join(scratch.folder, '工单');
const team = join(workspace, '售后工单.xlsx');
const admin = join(workspace, '管理配置.xlsx');
const variables = {
  ROWKEEPER_DINGTALK_TOKEN: 'token',
  ROWKEEPER_DINGTALK_SECRET: 'SECabc',
  ROWKEEPER_WECOM_KEY: 'key',
  ROWKEEPER_SMS_KEY: 'sms',
};
const clock = { now: () => new Date() };
/** For each thing that is waited for; a slow machine takes a few seconds. */
const patienceMs = 150_000;
const timeout = 10 * patienceMs;

let smtp: SmtpFake;
let dingtalk: Receiver;
let wecom: Receiver;
let sms: Receiver;
let service: Service | undefined;
let office: Office | undefined;

beforeAll(async () => {
  smtp = await startSmtp({ tls: 'none' });
  dingtalk = await startReceiver(dingtalkRobot(clock, 'token', 'SECabc'));
  wecom = await startReceiver(wecomRobot(clock, 'key'));
  sms = await startReceiver();
});
afterAll(async () => {
  await service?.stop('SIGTERM');
  await office?.close();
  await Promise.all([smtp, dingtalk, wecom, sms].map((server) => server.close()));
  scratch.remove();
});

/** Accounts of the demo, led to the servers of this test. */
function lead(file: string): void {
  const settings = JSON.parse(readFileSync(file, 'utf8'));
  settings.channels = {
    hosts: [dingtalk, wecom, sms].map(({ host }) => ({ host, local: true, plain: true })),
    accounts: {
      [demoAccounts.mail]: {
        kind: 'mail',
        host: '127.0.0.1',
        port: smtp.port,
        tls: 'none',
        from: 'service@example.com',
        domains: ['example.com'],
      },
      [demoAccounts.dingtalk]: {
        kind: 'dingtalk',
        tokenEnv: 'ROWKEEPER_DINGTALK_TOKEN',
        secretEnv: 'ROWKEEPER_DINGTALK_SECRET',
        baseUrl: dingtalk.url,
      },
      [demoAccounts.wecom]: { kind: 'wecom', keyEnv: 'ROWKEEPER_WECOM_KEY', baseUrl: wecom.url },
      [demoAccounts.sms]: {
        kind: 'sms-http',
        url: `${sms.url}/send`,
        body: '{"to":"{to}","text":"{text}"}',
        secretEnv: 'ROWKEEPER_SMS_KEY',
      },
    },
  };
  writeFileSync(file, JSON.stringify(settings));
}

type Lines = readonly Readonly<Record<string, string>>[];
const known = new Map<string, { readonly state: string; readonly lines: Lines }>();

/** The lines of a tab. A file that has not changed is not read again: who waits for it must not keep it from changing. */
async function lines(path: string, tab: string): Promise<Lines> {
  const { mtimeNs, size, ino } = statSync(path, { bigint: true });
  const state = [mtimeNs, size, ino].join();
  const key = `${path} ${tab}`;
  const last = known.get(key);
  if (last?.state === state) return last.lines;
  const read = rowsByHeader(await gridOf(path, tab));
  known.set(key, { state, lines: read });
  return read;
}

/** A1 address of the cell of a column in the first line that `is`, or below the last line when there is none. */
async function cellOf(
  path: string,
  tab: string,
  header: string,
  is: (line: Lines[number]) => boolean,
): Promise<string> {
  const grid = await gridOf(path, tab);
  const column = (grid.rows[0] ?? []).indexOf(header);
  const at = rowsByHeader(grid).findIndex(is);
  if (column < 0 || at < 0) throw new Error(`${tab} has no such cell of ${header}`);
  return address(at + 1, column);
}

async function person(context: TestContext): Promise<Office> {
  requireWitness(context, 'office');
  office ??= await startOffice();
  return office;
}

/** Types a ticket into the first blank row and saves. */
async function file(hands: Office, cells: Readonly<Record<string, string>>): Promise<void> {
  const isBlank = (line: Lines[number]): boolean => Object.values(line).every((text) => text === '');
  const typed: Record<string, string> = {};
  const grid = await gridOf(team, '工单');
  const blank = rowsByHeader(grid).findIndex(isBlank);
  const row = blank < 0 ? grid.rows.length : blank + 1;
  for (const [header, text] of Object.entries(cells)) typed[address(row, (grid.rows[0] ?? []).indexOf(header))] = text;
  await hands.edit(team, '工单', typed);
}

/** The line of a ticket as soon as it is as wanted. */
const ticketWhen = (title: string, is: (line: Lines[number]) => boolean): Promise<Lines[number]> =>
  until(async () => (await lines(team, '工单')).find((line) => line.问题标题 === title && is(line)), patienceMs);

test('urgent, leaking, in Shanghai: number, assignee and due time in the file, one message at each server, and the reason', {
  timeout,
}, async (context) => {
  const hands = await person(context);
  expect((await rowkeeper(['init', workspace])).code).toBe(0);
  lead(join(workspace, 'rowkeeper.json'));
  const named = (line: Lines[number]): boolean => line.名称 === '紧急新单短信';
  await hands.edit(admin, '规则', { [await cellOf(admin, '规则', '通知渠道', named)]: '邮件、钉钉' });
  service = await startService(workspace, { variables });
  await until(async () => ((await lines(admin, '规则')).find(named)?.检查 === '✓' ? true : undefined), patienceMs);

  await file(hands, { 优先级: '紧急', 问题标题: '三楼机房漏水', 区域: '上海' });
  const line = await ticketWhen('三楼机房漏水', (each) => each.负责人 !== '' && each.截止时间 !== '');
  expect(line.工单号).toMatch(/^T-\d{6}-\w\w$/);
  expect(line.负责人).toMatch(/张伟|刘洋/);
  const number = line.工单号!;
  const about = (text: string): boolean => text.includes(number);
  await until(
    async () => (smtp.mails.length > 0 && dingtalk.received.length > 0 && wecom.received.length > 0 ? true : undefined),
    patienceMs,
  ).catch(async (error: unknown) => {
    const known = JSON.stringify(await ask(['explain', number, '--workspace', workspace], variables));
    throw new Error(`a message did not come: ${known}\n${service?.output()}`, { cause: error });
  });
  expect(smtp.mails.map(({ to }) => to)).toEqual([['wu.min@example.com']]);
  expect(dingtalk.received.map(({ body }) => about(body))).toEqual([true]);
  expect(wecom.received.map(({ body }) => about(body))).toEqual([true]);
  expect(sms.received).toEqual([]);

  const told = JSON.stringify(await ask(['explain', number, '--workspace', workspace], variables));
  for (const words of ['上海漏水抢修', '紧急新单短信', '包含 漏水']) expect(told).toContain(words);
});

test('a rule that is broken in LibreOffice says why beside it, and the old one stays in force', {
  timeout,
}, async (context) => {
  const hands = await person(context);
  const named = (line: Lines[number]): boolean => line.名称 === '停机即紧急';
  const cell = await cellOf(admin, '规则', '设置.优先级', named);
  await hands.edit(admin, '规则', { [cell]: '紧集' });
  const told = await until(async () => {
    const check = (await lines(admin, '规则')).find(named)?.检查 ?? '';
    return check.includes('⚠') ? check : undefined;
  }, patienceMs);
  expect(told).toMatch(/紧集.*紧急/s);
  await file(hands, { 问题标题: '包装线停机', 优先级: '低' });
  const line = await ticketWhen('包装线停机', (each) => each.负责人 !== '');
  expect(line.优先级).toBe('紧急');
});
