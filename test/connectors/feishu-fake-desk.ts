/** The local Feishu with a small workbook, and the vendor's own SDK speaking to it: what the tests of the fake begin with. */
import { Client, EventDispatcher, LoggerLevel, WSClient } from '@larksuiteoapi/node-sdk';
import { type FakeFeishu, type FakeSpreadsheet, startFeishu } from '../fakes/feishu.ts';

export interface Reply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly code: number;
  readonly msg: string;
  // biome-ignore lint/suspicious/noExplicitAny: the vendor's replies, looked at member by member
  readonly data: any;
}

export const silent = { error: () => {}, warn: () => {}, info: () => {}, debug: () => {}, trace: () => {} };

export interface Desk {
  readonly feishu: FakeFeishu;
  readonly sheet: FakeSpreadsheet;
  readonly client: Client;
  /** The clock of the server. */
  nowMs: number;
  /** One call by the SDK, whatever it came to; throws when no reply came. `path` from `open-apis/` on. */
  ask(method: string, path: string, data?: unknown, params?: Readonly<Record<string, string>>): Promise<Reply>;
  /** A call of sheets v2 or v3 on the workbook. */
  v2(method: string, path: string, data?: unknown, params?: Readonly<Record<string, string>>): Promise<Reply>;
  v3(method: string, path: string, data?: unknown, params?: Readonly<Record<string, string>>): Promise<Reply>;
  /** The id of a tab; of the first one when left out. */
  id(tab?: string): string;
  /** `valueRange` of an area of the first tab. */
  read(
    area: string,
    params?: Readonly<Record<string, string>>,
  ): Promise<{ range: string; revision: number; values: unknown[][] }>;
  put(area: string, values: unknown[][]): Promise<Reply>;
  /** The SDK's long connection. */
  listen(handlers: Readonly<Record<string, (data: never) => unknown>>): Promise<WSClient>;
  close(): Promise<void>;
}

export async function openDesk(): Promise<Desk> {
  let nowMs = Date.parse('2026-11-26T08:00:00Z');
  const feishu = await startFeishu({ now: () => new Date(nowMs) });
  const sheet = feishu.addSpreadsheet('售后', [
    {
      name: '工单',
      rows: [
        ['编号', '标题', '时间', '合计', '链接'],
        [
          'T-1',
          12.5,
          { kind: 'date', wallMs: Date.UTC(2026, 2, 10, 12), hasTime: true },
          { kind: 'formula', formula: 'B2*2', result: 0 },
          { kind: 'link', text: '官网', url: 'https://a.example' },
        ],
      ],
    },
    { name: '人员', rows: [['姓名']] },
  ]);
  const settings = {
    appId: feishu.appId,
    appSecret: feishu.appSecret,
    domain: feishu.domain,
    logger: silent,
    loggerLevel: LoggerLevel.fatal,
  };
  const client = new Client(settings);
  const lines: WSClient[] = [];

  const ask: Desk['ask'] = async (method, path, data, params) => {
    try {
      const answer = await client.request({ method, url: `/open-apis/${path}`, data, params });
      return { status: 200, headers: {}, ...answer };
    } catch (error) {
      const { response } = error as { response?: { status: number; headers: Record<string, string>; data: object } };
      if (response === undefined) throw error;
      return { status: response.status, headers: response.headers, code: 0, msg: '', data: {}, ...response.data };
    }
  };
  const v2: Desk['v2'] = (method, path, data, params) =>
    ask(method, `sheets/v2/spreadsheets/${sheet.token}/${path}`, data, params);
  const id = (tab = '工单'): string => sheet.tab(tab).id;

  return {
    feishu,
    sheet,
    client,
    get nowMs() {
      return nowMs;
    },
    set nowMs(to) {
      nowMs = to;
    },
    ask,
    v2,
    v3: (method, path, data, params) => ask(method, `sheets/v3/spreadsheets/${sheet.token}/${path}`, data, params),
    id,
    read: async (area, params) =>
      (await v2('GET', `values/${encodeURIComponent(`${id()}!${area}`)}`, undefined, params)).data?.valueRange,
    put: (area, values) => v2('PUT', 'values', { valueRange: { range: `${id()}!${area}`, values } }),
    async listen(handlers) {
      const dispatcher = new EventDispatcher({ logger: silent, loggerLevel: LoggerLevel.fatal });
      dispatcher.register(handlers as never);
      const line = new WSClient(settings);
      lines.push(line);
      await line.start({ eventDispatcher: dispatcher });
      await feishu.connected(lines.length);
      return line;
    },
    async close() {
      for (const line of lines) line.close();
      await feishu.close();
    },
  };
}
