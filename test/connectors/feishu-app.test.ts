/** The shared client on the wire: tokens, the meaning of replies, silence. A server that answers what each test says. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { inspect } from 'node:util';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createFeishuApp, type FeishuApp, type FeishuCall } from '../../connectors/feishu/app.ts';
import { FeishuError } from '../../connectors/feishu/errors.ts';
import { domainOf, sharedFeishuApp } from '../../connectors/feishu/shared-app.ts';
import type { Shared } from '../../connectors/index.ts';
import { AppError, ConfigError, RetryableError, UncertainError } from '../../src/model/errors.ts';
import { certificate, certificateKey } from '../fakes/certificate.ts';

const SECRET = 'secret-of-the-app';
const TOKEN_PATH = '/open-apis/auth/v3/tenant_access_token/internal';

interface Asked {
  readonly method: string;
  readonly path: string;
  readonly token: string | undefined;
  readonly type: string | undefined;
  readonly body: string;
}
type Answer = { readonly status?: number; readonly headers?: Record<string, string>; readonly body: unknown } | 'cut';

let server: Server;
let asked: Asked[];
let at: number;
let issued: number;
/** Answers to calls, in order; the last one stays. */
let answers: ((asked: Asked) => Answer | Promise<Answer>)[];
let answerToken: () => Answer;
const apps: FeishuApp[] = [];

const ok = (data: unknown = {}): Answer => ({ body: { code: 0, msg: 'success', data } });
const code = (value: number, status = 200, headers: Record<string, string> = {}): Answer => ({
  status,
  headers,
  body: { code: value, msg: `about 身份证4711 ${SECRET}` },
});

async function take(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const pieces: Buffer[] = [];
  for await (const piece of request) pieces.push(piece as Buffer);
  const one: Asked = {
    method: request.method ?? '',
    path: request.url ?? '',
    token: request.headers.authorization,
    type: request.headers['content-type'],
    body: Buffer.concat(pieces).toString('latin1'),
  };
  asked.push(one);
  const answer =
    one.path === TOKEN_PATH ? answerToken() : await (answers.length > 1 ? answers.shift() : answers[0])!(one);
  if (answer === 'cut') {
    request.socket.destroy();
    return;
  }
  response.writeHead(answer.status ?? 200, { 'content-type': 'application/json', ...answer.headers });
  response.end(typeof answer.body === 'string' ? answer.body : JSON.stringify(answer.body));
}

beforeEach(async () => {
  asked = [];
  issued = 0;
  at = Date.UTC(2026, 2, 10);
  answers = [() => ok({ revision: 7 })];
  answerToken = () => ({ body: { code: 0, msg: 'ok', tenant_access_token: `t-${++issued}`, expire: 7_200 } });
  server = createServer((request, response) => void take(request, response));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  await Promise.all(apps.splice(0).map((app) => app.close()));
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const domain = (): string => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

function connect(more: { domain?: string; timeoutMs?: number } = {}): FeishuApp {
  const app = createFeishuApp({
    domain: domain(),
    appId: 'cli_0123456789abcdef',
    appSecret: SECRET,
    clock: { now: () => new Date(at) },
    logger: { log: () => undefined },
    ...more,
  });
  apps.push(app);
  return app;
}

const read: FeishuCall = {
  method: 'GET',
  path: '/open-apis/sheets/v2/spreadsheets/shtcn1/metainfo',
  params: { user_id_type: 'open_id' },
  writes: false,
};
const write: FeishuCall = {
  method: 'PUT',
  path: '/open-apis/sheets/v2/spreadsheets/shtcn1/values',
  data: { valueRange: { range: 'a!A1:A1', values: [['身份证4711']] } },
  writes: true,
};

async function failure(work: Promise<unknown>): Promise<AppError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('expected a failure');
}

const tokenCalls = (): number => asked.filter(({ path }) => path === TOKEN_PATH).length;

test('a call carries the token and brings the data; many at once ask for one token', async () => {
  const app = connect();
  const replies = await Promise.all(Array.from({ length: 5 }, () => app.call(read)));
  expect(replies).toEqual(Array(5).fill({ revision: 7 }));
  expect(tokenCalls()).toBe(1);
  expect(app.requests).toBe(6);
  expect(asked[1]).toMatchObject({ method: 'GET', path: `${read.path}?user_id_type=open_id`, token: 'Bearer t-1' });
  answers = [() => ({ body: { code: 0, msg: 'Success' } })];
  expect(await app.call(write)).toEqual({});
  expect(JSON.parse(Buffer.from(asked.at(-1)!.body, 'latin1').toString())).toEqual(write.data);
});

test.each([200, 400])(
  'a dead token answered as HTTP %i is replaced once for all who used it, and the calls replayed',
  async (status) => {
    const app = connect();
    await app.call(read);
    answers = [({ token }) => (token === 'Bearer t-1' ? code(99991663, status) : ok({ by: token }))];
    expect(await Promise.all([app.call(read), app.call(write), app.call(read)])).toEqual(
      Array(3).fill({ by: 'Bearer t-2' }),
    );
    expect(tokenCalls()).toBe(2);
  },
);

test('a token that is refused again is an error for now, after one replay', async () => {
  answers = [() => code(99991664, 400)];
  const app = connect();
  const error = await failure(app.call(write));
  expect([error.code, error instanceof RetryableError]).toEqual(['feishu-token-refused', true]);
  expect(asked.map(({ path }) => path === TOKEN_PATH)).toEqual([true, false, true, false]);
  answers = [() => ok()];
  expect(await app.call(write)).toEqual({});
});

test('a token is renewed before it dies, and when the clock was set back', async () => {
  const app = connect();
  await app.call(read);
  at += 6_500_000;
  await app.call(read);
  expect(tokenCalls()).toBe(1);
  at += 200_000;
  await app.call(read);
  expect(tokenCalls()).toBe(2);
  at -= 86_400_000;
  await app.call(read);
  expect(tokenCalls()).toBe(3);
});

test('a failure to get a token is not kept', async () => {
  const app = connect();
  answerToken = () => 'cut';
  expect((await failure(app.call(write))).code).toBe('feishu-no-reply');
  expect(await failure(app.call(write))).toBeInstanceOf(RetryableError);
  answerToken = () => ({ body: { code: 0, msg: 'ok', tenant_access_token: 't-late', expire: 600 } });
  expect(await app.call(write)).toEqual({ revision: 7 });
});

test.each([
  [10003, 'invalid param'],
  [10014, 'app secret invalid'],
])('code %i to a wrong secret or an app of the other platform names both variables', async (value, msg) => {
  answerToken = () => ({ body: { code: value, msg } });
  const error = await failure(connect().call(read));
  expect(error).toBeInstanceOf(FeishuError);
  expect(error.code).toBe('feishu-wrong-credentials');
  expect(error.message).toContain('cli_0123456789abcdef');
  expect(error.hint).toContain('ROWKEEPER_FEISHU_APP_SECRET');
  expect(error.hint).toContain('ROWKEEPER_FEISHU_DOMAIN');
});

test.each([400, 429])('throttled with HTTP %i: come back when the header says', async (status) => {
  answers = [() => code(99991400, status, { 'x-ogw-ratelimit-reset': '7' })];
  const error = (await failure(connect().call(write))) as RetryableError;
  expect([error.code, error instanceof RetryableError, error.retryAfterMs]).toEqual(['feishu-throttled', true, 7_000]);
});

test.each([90203, 90217, 90235, 90242, 1310217, 1310235, 96201, 1254290, 1254291])(
  'code %i: busy, nothing was done',
  async (value) => {
    answers = [() => code(value)];
    for (const call of [read, write]) {
      const error = await failure(connect().call(call));
      expect([error.code, error instanceof RetryableError]).toEqual(['feishu-busy', true]);
    }
  },
);

test.each([
  [90213, 403, 'feishu-no-permission'],
  [1310213, 400, 'feishu-no-permission'],
  [91403, 403, 'feishu-no-permission'],
  [90214, 200, 'feishu-document-gone'],
  [1310249, 400, 'feishu-document-gone'],
  [91402, 404, 'feishu-document-gone'],
  [90215, 200, 'feishu-tab-gone'],
  [90218, 200, 'feishu-locked-cells'],
  [90219, 200, 'feishu-too-many-cells'],
  [99991401, 400, 'feishu-address-not-allowed'],
  [99991403, 429, 'feishu-quota-gone'],
  [99991673, 400, 'feishu-app-disabled'],
  [90202, 200, 'feishu-refused'],
])(
  'code %i with HTTP %i is %s: for a person, with a remedy and without what the vendor quotes',
  async (value, status, fault) => {
    answers = [() => code(value, status, { 'x-tt-logid': '20260310' })];
    const error = await failure(connect().call(write));
    expect(error).toBeInstanceOf(FeishuError);
    expect(error).toMatchObject({ code: fault, details: { code: value, status, logId: '20260310' } });
    expect(error.hint).toMatch(/\p{Script=Han}/u);
    const said = inspect(error, { depth: 9, showHidden: true });
    for (const word of ['身份证4711', SECRET, 't-1']) expect(said.includes(word)).toBe(false);
  },
);

test('a missing scope is named', async () => {
  const msg =
    'Access denied. One of the following scopes is required: [sheets:spreadsheet, drive:drive].应用尚未开通所需的应用身份权限:[sheets:spreadsheet, drive:drive],点击链接申请:https://open.feishu.cn/app/cli_1/auth';
  answers = [() => ({ status: 400, body: { code: 99991672, msg } })];
  const error = await failure(connect().call(read));
  expect(error.message).toBe('应用缺少接口权限，开通其中任意一项即可：sheets:spreadsheet, drive:drive');
});

test.each([
  ['a cut connection', (): Answer => 'cut'],
  ['HTTP 502 with a page', (): Answer => ({ status: 502, body: '<html>bad gateway</html>' })],
  ['HTTP 504 with an empty body', (): Answer => ({ status: 504, body: '' })],
  ['HTTP 200 with half a reply', (): Answer => ({ body: '{"code":0,"da' })],
  ['HTTP 500 with an unknown code', () => code(1315201, 500)],
])('%s: uncertain when the call writes, later when it reads', async (_, answer) => {
  const app = connect();
  answers = [answer];
  expect(await failure(app.call(write))).toBeInstanceOf(UncertainError);
  expect(await failure(app.call(read))).toBeInstanceOf(RetryableError);
  const said = inspect(await failure(app.call(write)), { depth: 9, showHidden: true });
  for (const word of ['身份证4711', SECRET, 't-1']) expect(said.includes(word)).toBe(false);
});

test('a line that was closed while it lay idle: what only reads is asked once more, what writes is not', async () => {
  const app = connect();
  let cuts = 1;
  answerToken = () => (cuts-- > 0 ? 'cut' : { body: { code: 0, tenant_access_token: 't-1', expire: 7_200 } });
  answers = [() => 'cut', () => ok({ revision: 8 })];
  expect(await app.call(read)).toEqual({ revision: 8 });
  expect(asked.map(({ path }) => path === TOKEN_PATH)).toEqual([true, true, false, false]);
  answers = [() => 'cut', () => ok()];
  expect(await failure(app.call(write))).toBeInstanceOf(UncertainError);
  expect(asked).toHaveLength(5);
});

test('a reply that does not come in time is not waited for', async () => {
  let release = (): void => undefined;
  answers = [() => new Promise<Answer>((resolve) => (release = () => resolve(ok())))];
  const app = connect({ timeoutMs: 50 });
  expect(await failure(app.call(write))).toMatchObject({ code: 'feishu-no-reply' });
  release();
});

test('nobody there: nothing was sent, for a writing call too', async () => {
  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  const app = connect({ domain: `http://127.0.0.1:${port}` });
  const error = await failure(app.call(write));
  expect([error.code, error instanceof RetryableError]).toEqual(['feishu-unreachable', true]);
  expect(error.message).toContain(`http://127.0.0.1:${port}`);
});

test('a certificate that cannot be verified speaks of the clock, and no secret was sent', async () => {
  const tls = createTlsServer(
    { cert: certificate, key: certificateKey },
    (request, response) => void take(request, response),
  );
  await new Promise<void>((resolve) => tls.listen(0, '127.0.0.1', resolve));
  const app = connect({ domain: `https://127.0.0.1:${(tls.address() as AddressInfo).port}` });
  const error = await failure(app.call(write));
  expect([error.code, error instanceof RetryableError]).toEqual(['feishu-certificate', true]);
  expect(error.hint).toContain('时钟');
  expect(asked).toEqual([]);
  tls.closeAllConnections();
  await new Promise((resolve) => tls.close(resolve));
});

test('proxy variables are not obeyed', async () => {
  const before = process.env.HTTP_PROXY;
  process.env.HTTP_PROXY = 'http://127.0.0.1:9';
  try {
    expect(await connect().call(read)).toEqual({ revision: 7 });
  } finally {
    if (before === undefined) delete process.env.HTTP_PROXY;
    else process.env.HTTP_PROXY = before;
  }
});

test('a file goes as a form with its other parts', async () => {
  const bytes = Uint8Array.from([0, 255, 13, 10, 7]);
  await connect().call({
    method: 'POST',
    path: '/open-apis/drive/v1/medias/upload_all',
    data: { file_name: '图.png', parent_type: 'sheet_image', size: 5 },
    file: { name: '图.png', bytes },
    writes: true,
  });
  const { type, body } = asked.at(-1)!;
  expect(type).toMatch(/^multipart\/form-data; ?boundary=/);
  expect(body).toContain('name="parent_type"\r\n\r\nsheet_image\r\n');
  expect(body).toMatch(/name="file"; filename="[^"]+"/);
  expect(body).toContain(`\r\n\r\n${Buffer.from(bytes).toString('latin1')}\r\n--`);
});

test('after close no call goes out', async () => {
  const app = connect();
  await app.call(read);
  await app.close();
  await app.close();
  const before = asked.length;
  expect((await failure(app.call(read))).code).toBe('connector-closed');
  expect(asked.length).toBe(before);
});

const settings = (variables: Record<string, string>, place = '') => {
  const made = new Map<string, { close(): Promise<void> }>();
  const shared = ((name, make) => {
    if (!made.has(name)) made.set(name, make());
    return made.get(name);
  }) as Shared;
  return { place, variables, clock: { now: () => new Date(at) }, logger: { log: () => undefined }, shared };
};

test('one app for all workbooks of a platform; the address tells which, a variable decides', () => {
  const variables = { ROWKEEPER_FEISHU_APP_ID: 'cli_1', ROWKEEPER_FEISHU_APP_SECRET: 's' };
  const one = settings(variables, 'https://acme.feishu.cn/sheets/shtcn1');
  expect(sharedFeishuApp(one)).toBe(sharedFeishuApp({ ...one, place: 'https://acme.feishu.cn/wiki/wik1' }));
  expect(sharedFeishuApp(one).domain).toBe('https://open.feishu.cn');
  expect(domainOf('https://acme.larksuite.com/sheets/shtlg1')).toBe('https://open.larksuite.com');
  expect(domainOf('https://acme.sg.larksuite.com/base/b')).toBe('https://open.larksuite.com');
  const told = { ...variables, ROWKEEPER_FEISHU_DOMAIN: 'http://127.0.0.1:8080/' };
  expect(sharedFeishuApp(settings(told, 'https://acme.feishu.cn/sheets/x')).domain).toBe('http://127.0.0.1:8080');
});

test('variables that are missing or malformed are named, all at once', () => {
  const fault = (variables: Record<string, string>): ConfigError => {
    try {
      sharedFeishuApp(settings(variables));
    } catch (error) {
      if (error instanceof ConfigError) return error;
    }
    throw new Error('expected a ConfigError');
  };
  expect(fault({ ROWKEEPER_FEISHU_APP_ID: ' ' }).message).toBe(
    '没有设置环境变量 ROWKEEPER_FEISHU_APP_ID; 没有设置环境变量 ROWKEEPER_FEISHU_APP_SECRET',
  );
  const plain = { ROWKEEPER_FEISHU_APP_ID: 'a', ROWKEEPER_FEISHU_APP_SECRET: SECRET };
  for (const address of ['http://example.com', 'open.feishu.cn', 'https://open.feishu.cn/open-apis']) {
    const error = fault({ ...plain, ROWKEEPER_FEISHU_DOMAIN: address });
    expect(error.message).toContain('ROWKEEPER_FEISHU_DOMAIN');
    expect(inspect(error, { depth: 9 })).not.toContain(SECRET);
  }
});
