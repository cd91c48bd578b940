/** The loops of the running service, on a workbook in memory. */
import { afterEach, expect, test } from 'vitest';
import type { Connector } from '../../connectors/connector.ts';
import { createMemoryConnector, MemoryWorkbook } from '../../connectors/memory.ts';
import { createApp } from '../../src/app.ts';
import { parseWorkspace } from '../../src/config/workspace.ts';
import { keepInStep } from '../../src/service.ts';
import { embeddedTestDatabase } from '../db/database.ts';

const TAB = '工单';
const header = ['工单号', '处理状态', '优先级', '问题标题', '客户名称'];

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

test('a platform that refuses notices at first stops nobody: the workbook is looked at, and notices are asked for again', async () => {
  const workbook = new MemoryWorkbook([
    { name: TAB, rows: [header, ['T-000001-AA', '待受理', '高', '卡纸', '甲公司']] },
  ]);
  const memory = createMemoryConnector(workbook);
  let asked = 0;
  const connector: Connector = {
    ...memory,
    async watch(notice) {
      asked += 1;
      if (asked === 1) throw new Error('no notices now');
      return await memory.watch!(notice);
    },
  };
  const settings = parseWorkspace(
    JSON.stringify({ workbooks: { team: { path: 'a.xlsx', tabs: { [TAB]: { holds: 'tickets' } } } } }),
  );
  const app = await createApp({
    settings,
    database: await embeddedTestDatabase(),
    connect: async () => connector,
    accounts: new Map(),
    clock: { now: () => new Date() },
    logger: { log: () => undefined },
    owner: 'test',
  });
  closing.push(() => app.close());
  const failed: string[] = [];
  const recovered: string[] = [];
  let runs = 0;
  const stop = new AbortController();
  const running = keepInStep(app, stop.signal, {
    ran: () => {
      runs += 1;
    },
    configured: () => undefined,
    answered: () => undefined,
    failed: (workbookKey) => void failed.push(workbookKey),
    recovered: (workbookKey) => void recovered.push(workbookKey),
  });
  closing.push(async () => {
    stop.abort();
    await running;
  });
  // A service that ends by itself says why.
  const told = () => [asked, runs > 0, recovered.filter((name) => name === 'team').length];
  await Promise.race([expect.poll(told, { timeout: 30_000 }).toEqual([2, true, 1]), running]);
  expect(failed).toEqual(['team']);
});
