/** A service with some tickets of its own making, and its pages: asked in this process, or served on a port. */
import type { Hono } from 'hono';
import { createMemoryConnector, MemoryWorkbook } from '../../connectors/memory.ts';
import { type App, createApp, type FeishuDesk, type MsgraphDesk } from '../../src/app.ts';
import { parseWorkspace } from '../../src/config/workspace.ts';
import { createRecords, editRecords } from '../../src/edit.ts';
import type { FieldValue } from '../../src/model/field.ts';
import { loadAssets } from '../../src/serve.ts';
import type { Hosts } from '../../src/web/http.ts';
import { createLive, type Live } from '../../src/web/live.ts';
import { createWeb } from '../../src/web/web.ts';
import { testDatabase } from '../db/database.ts';
import { type TestClock, testClock } from '../fakes/clock.ts';
import { hostile } from './hostile.ts';

export interface WebDesk {
  readonly app: App;
  readonly clock: TestClock;
  readonly live: Live;
  readonly logged: readonly Readonly<Record<string, unknown>>[];
  /** The pages as another machine, or this one, reaches them. */
  web(hosts?: Partial<Hosts>): Hono;
  /** The text of a page asked for from this machine; fails unless it has the status. */
  page(path: string, status?: number): Promise<string>;
  numberOf(title: string): Promise<string>;
  change(title: string, values: Readonly<Record<string, FieldValue>>): Promise<void>;
  close(): Promise<void>;
}

type Values = Readonly<Record<string, FieldValue>>;

const people = ['张伟', '陈静', '刘洋'];
const teams = ['华东', '华北'];

/** 24 tickets of February and March 2026: two teams, three people, some solved, one named to do harm. */
function usualTickets(): readonly Values[] {
  const tickets = Array.from({ length: 23 }, (_, n): Values => {
    const day = String((n % 27) + 1).padStart(2, '0');
    const month = n < 8 ? '02' : '03';
    const solved = n % 3 === 0 ? {} : { resolved_at: `2026-${month}-${day}T07:30:00.000Z`, status: '已解决' };
    return {
      title: `工单 ${n + 1}`,
      status: '处理中',
      created_at: `2026-${month}-${day}T01:30:00.000Z`,
      first_response_at: `2026-${month}-${day}T02:15:00.000Z`,
      customer: n % 2 === 0 ? '上海百联冷链' : '北京华北供应链',
      customer_level: n % 2 === 0 ? 'VIP' : '普通',
      assignee: people[n % 3]!,
      team: teams[n % 2]!,
      issue_type: n % 4 === 0 ? '硬件故障' : '使用咨询',
      priority: n % 5 === 0 ? '紧急' : '中',
      csat: n % 3 === 1 ? 5 : null,
      ...solved,
    };
  });
  const harm = {
    title: `=HYPERLINK("http://evil.example","${hostile}")`,
    status: '待受理',
    created_at: '2026-03-09T01:00:00.000Z',
    customer: hostile,
    assignee: '张伟',
    team: '华北',
  };
  return [...tickets, harm];
}

export async function openWebDesk({
  tickets = usualTickets(),
  settings = {},
  feishu = null,
  msgraph = null,
}: {
  readonly tickets?: readonly Values[];
  readonly feishu?: FeishuDesk | null;
  readonly msgraph?: MsgraphDesk | null;
  readonly settings?: Readonly<Record<string, unknown>>;
} = {}): Promise<WebDesk> {
  const clock = testClock('2026-03-28T06:00:00.000Z');
  const database = await testDatabase();
  const logged: Readonly<Record<string, unknown>>[] = [];
  const workbook = new MemoryWorkbook([{ name: '工单', rows: [] }]);
  const app = await createApp({
    settings: parseWorkspace(
      JSON.stringify({ workbooks: { team: { path: 'a.xlsx', tabs: { 工单: { holds: 'tickets' } } } }, ...settings }),
    ),
    database,
    accounts: new Map(),
    connect: async () => createMemoryConnector(workbook),
    feishu,
    msgraph,
    clock,
    logger: { log: (level, name, data) => logged.push({ level, name, ...data }) },
    owner: 'test',
  });
  const origin = (at: string) => ({
    actor: { kind: 'person' as const, name: '林晓' },
    source: 'team/工单',
    cause: null,
    happenedAt: at,
  });
  await database.store.transaction(null, async (tx) => {
    for (const at of new Set(tickets.map((values) => String(values.created_at)))) {
      const made = tickets
        .filter((values) => values.created_at === at)
        .map((values) => Object.fromEntries(Object.entries(values).filter(([, value]) => value !== null)));
      await createRecords(
        tx,
        made.map((values) => ({ table: 'tickets', values })),
        origin(at),
      );
    }
  });
  const assets = await loadAssets();
  const live = createLive();
  const find = async (title: string) => {
    const found = (await database.store.listRecords('tickets')).find(({ values }) => values.title === title);
    if (found === undefined) throw new Error(`no ticket ${title}`);
    return found;
  };
  const web: WebDesk['web'] = (hosts = {}) => {
    const address = { addressOf: () => '192.0.2.1' };
    return createWeb(app, { assets, live, hosts: { host: '127.0.0.1', url: null, names: [], ...hosts }, ...address });
  };
  const local = web();
  return {
    app,
    clock,
    live,
    logged,
    web,
    async page(path, status = 200) {
      const answer = await local.request(path);
      const text = await answer.text();
      if (answer.status !== status) throw new Error(`${path}: ${answer.status} ${text}`);
      return text;
    },
    numberOf: async (title) => (await find(title)).number,
    async change(title, values) {
      const { id } = await find(title);
      await database.store.transaction(null, (tx) =>
        editRecords(tx, [{ table: 'tickets', recordId: id, values }], origin(clock.now().toISOString())),
      );
    },
    close: () => app.close(),
  };
}
