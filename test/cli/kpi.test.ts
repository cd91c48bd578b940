/** `kpi` as somebody types it, and the letter with figures as the running service sends it. */

import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { address } from '../../src/model/cell.ts';
import { keepInStep } from '../../src/service.ts';
import { type SmtpFake, startSmtp } from '../fakes/smtp.ts';
import { createDesk, type Desk, type Json } from './harness.ts';

let desk: Desk;
let smtp: SmtpFake;

beforeAll(async () => {
  desk = await createDesk();
  smtp = await startSmtp({ tls: 'none' });
  await desk.madeWorkspace();
});
afterAll(async () => {
  await smtp.close();
  await desk.remove();
});

const kpi = (...args: readonly string[]) => desk.run('kpi', '-w', 'made', ...args);
const cardsOf = (answer: Json): Json[] => answer.sections[0].panels[0].cards;

describe('kpi', () => {
  test('tells the figures of a period, alike in words, as JSON and as CSV', async () => {
    const answer = (await kpi('--period', 'last-90-days', '--json')).json();
    expect(answer.tickets).toBe(42);
    const created = cardsOf(answer).find(({ kpi: name }) => name === 'created');
    const { out } = await kpi('--period', 'last-90-days');
    expect(out).toContain(`新建工单      ${created.value}`);
    const csv = (await kpi('--period', 'last-90-days', '--csv')).out;
    expect(csv.startsWith('\uFEFF概览,核心指标')).toBe(true);
    expect(csv).toContain(`新建工单,${created.value},`);
    const anew = (await kpi('--period', 'last-90-days', '--rebuild', '--json')).json();
    const figures = (of: Json) => cardsOf(of).map(({ kpi: name, value, before }) => [name, value, before]);
    // Ages move with the clock; they are shown to the hour.
    expect(figures(anew).filter(([name]) => name !== 'age')).toEqual(
      figures(answer).filter(([name]) => name !== 'age'),
    );
  });

  test('a filter counts a part, and parts come to the whole', async () => {
    const count = async (...filter: string[]): Promise<number> => {
      const answer = (await kpi('--period', 'last-90-days', '--json', ...filter)).json();
      return cardsOf(answer).find(({ kpi: name }) => name === 'created').value;
    };
    const levels = ['VIP', '重要', '普通'];
    let sum = 0;
    for (const level of levels) sum += await count('--filter', `customer-level=${level}`);
    expect(sum).toBe(await count());
    expect(await count('--filter', 'customer-level=VIP|重要|普通')).toBe(sum);
  });

  test('lists the tickets behind a figure with the reason why some are left out', async () => {
    const { tickets } = (await kpi('--tickets', 'first-response', '--period', 'last-90-days', '--json')).json();
    expect(tickets.filter(({ leftOut }: Json) => leftOut === 'cancelled')).toHaveLength(1);
    expect(tickets.every(({ number }: Json) => /^T-\d{6}-[A-Z]{2}$/.test(number))).toBe(true);
    expect((await kpi('--tickets', 'first-response', '--period', '2020')).out).toContain('没有');
  });

  test('draws every chart as a picture', async () => {
    const { exitCode, json } = await kpi('--png', join(desk.dir, 'pictures'), '--json');
    expect(exitCode).toBe(0);
    const { pictures } = json();
    expect(pictures.length).toBeGreaterThan(8);
    for (const path of pictures) expect(readFileSync(path).subarray(1, 4).toString()).toBe('PNG');
  });

  test.each([
    ['a period', ['--period', 'soon'], 'today'],
    ['a section', ['--section', 'trends'], 'trend'],
    ['a figure', ['--tickets', 'first-respons'], 'first-response'],
    ['a filter', ['--filter', 'color=red'], 'team='],
    ['a name', ['--filter', 'customer-level=VPI'], 'VIP'],
    ['a tab', ['--restore', '概揽'], '概览'],
  ])('%s that is none is refused and says what would do', async (_, args, hint) => {
    const { exitCode, err } = await kpi(...args);
    expect(exitCode).not.toBe(0);
    expect(err).toContain(hint);
  });

  test('writes the tabs of figures, once; a deleted file of figures is made again by asking', async () => {
    const first = (await kpi('--publish', '--json')).json();
    expect(first[0]).toMatchObject({ workbook: 'boss', state: 'published' });
    expect(existsSync(join(desk.dir, 'made', 'KPI看板.xlsx'))).toBe(true);
    expect((await kpi('--publish', '--json')).json()[0]).toMatchObject({ state: 'unchanged', changed: 0 });
  });
});

test('the figures of the last week reach the people of the settings by mail, with pictures, once', async () => {
  await desk.freshWorkspace();
  await desk.settings((data) => {
    data.channels.accounts = {
      邮件: {
        kind: 'mail',
        host: '127.0.0.1',
        port: smtp.port,
        tls: 'none',
        from: 'a@example.com',
        domains: ['example.com'],
      },
    };
    // Soon and often: each tick is told once.
    data.kpi = { digest: { at: '*/15 * * * * *', to: ['角色没有人', '郑海涛'] } };
    data.web = null;
  });
  await withoutQuietHours('郑海涛');
  const app = await desk.serve('ws');
  const stop = new AbortController();
  const failures: unknown[] = [];
  const running = keepInStep(app, stop.signal, {
    ran: () => undefined,
    configured: () => undefined,
    answered: () => undefined,
    failed: (_, error) => failures.push(error),
    recovered: () => undefined,
  });
  try {
    await expect.poll(() => smtp.mails.length, { timeout: 90_000 }).toBeGreaterThan(0);
  } finally {
    stop.abort();
    await running;
  }
  const problems = await app.database.store.loadProblems();
  expect(problems.map(({ message }) => message)).toContain('problem.figures-unreached');
  await app.close();
  expect(failures).toEqual([]);
  const [mail] = smtp.mails;
  expect(mail!.source.match(/^Content-Type: image\/png/gm)!.length).toBeGreaterThan(1);
  const ids = smtp.mails.map(({ source }) => /^Message-ID: (.*)$/im.exec(source)![1]);
  expect(new Set(ids).size).toBe(ids.length);
});

/** At night his letter would wait for the morning. */
async function withoutQuietHours(name: string): Promise<void> {
  const file = 'ws/管理配置.xlsx';
  const { values } = (await desk.run('xlsx', 'get', file, '人员!A1:Z40', '--json')).json();
  const row = values.findIndex((cells: readonly unknown[]) => cells[0] === name);
  const column = values[0].indexOf('免打扰');
  expect((await desk.run('xlsx', 'set', file, `人员!${address(row, column)}=`)).exitCode).toBe(0);
}
