/** Notices of Microsoft Graph over real HTTP: from a person's edit to the watcher that is woken, and what is not believed. */
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Shared } from '../../connectors/index.ts';
import { createMsgraphNotices, type MsgraphNotices } from '../../connectors/msgraph/notices.ts';
import type { Timers } from '../../src/ports.ts';
import { type Serving, serveWeb } from '../../src/serve.ts';
import { type MsgraphDesk, openDesk, requestsOf } from '../connectors/msgraph-desk.ts';
import type { FakeFile } from '../fakes/msgraph.ts';
import { openWebDesk, type WebDesk } from './desk.ts';

let graph: MsgraphDesk;
let web: WebDesk;
let serving: Serving;
let notices: MsgraphNotices;
let file: FakeFile;
let waiting: { readonly ms: number; readonly work: () => void }[];
let logged: string[];

const timers: Timers = {
  after(ms, work) {
    const task = { ms, work };
    waiting.push(task);
    return () => {
      waiting = waiting.filter((one) => one !== task);
    };
  },
};

/** Lets put-off work of this length happen, and what follows from it. */
async function pass(ms: number): Promise<void> {
  await notices.settled();
  const due = waiting.filter((task) => task.ms === ms);
  waiting = waiting.filter((task) => task.ms !== ms);
  for (const { work } of due) work();
  await notices.settled();
}

const GATHER_MS = 1_000;
const HALF_LIFE_MS = 12 * 3_600_000;

beforeAll(async () => {
  web = await openWebDesk({ tickets: [], msgraph: { open: async () => notices } });
  serving = await serveWeb(web.app, { host: '127.0.0.1', port: 0, url: null });
});

beforeEach(async () => {
  waiting = [];
  logged = [];
  graph = await openDesk();
  notices = createMsgraphNotices({
    app: graph.app,
    url: `${serving.address}/hooks/msgraph`,
    clock: { now: () => new Date(graph.clock.at) },
    logger: { log: (...line) => void logged.push(JSON.stringify(line)) },
    timers,
  });
  file = graph.graph.addFile('工单.xlsx', { tabs: [{ name: 'T', rows: [['a']] }] });
});

afterEach(async () => {
  expect(graph.graph.undocumented).toEqual([]);
  await notices.close();
  await graph.close();
});

afterAll(async () => {
  await serving.close();
  await web.close();
});

test('an edit wakes who watches the file, once for many, and nobody else', async () => {
  const other = graph.graph.addFile('别的.xlsx', { tabs: [{ name: 'T', rows: [] }] });
  const heard: string[] = [];
  notices.watch(file, () => heard.push('file'));
  notices.watch(other, () => heard.push('other'));
  await notices.settled();
  expect(notices.isTold(file.driveId)).toBe(true);
  const subscriptions = graph.graph.requests.filter(
    ({ method, path }) => method === 'POST' && path.endsWith('/subscriptions'),
  );
  expect(subscriptions.map(({ status }) => status)).toEqual([201]);
  file.type('T', { A1: 'x' });
  await graph.graph.deliver();
  file.type('T', { A1: 'y' });
  await graph.graph.deliver();
  await pass(GATHER_MS);
  expect(heard).toEqual(['file']);
  other.type('T', { A1: 'z' });
  await graph.graph.deliver();
  await pass(GATHER_MS);
  expect(heard).toEqual(['file', 'other']);
});

test('a subscription is renewed at half its life, and made again when Graph has lost it', async () => {
  let heard = 0;
  notices.watch(file, () => heard++);
  await pass(HALF_LIFE_MS);
  const renewals = requestsOf(graph.graph).filter((request) => /^PATCH .*subscriptions/.test(request));
  expect(renewals).toHaveLength(1);
  graph.clock.at += 2 * 24 * 3_600_000;
  await pass(HALF_LIFE_MS);
  expect(heard).toBe(1);
  file.type('T', { A1: 'x' });
  await graph.graph.deliver();
  await pass(GATHER_MS);
  expect(heard).toBe(2);
});

test('Graph that asks for new authorization gets it', async () => {
  notices.watch(file, () => undefined);
  await notices.settled();
  const before = graph.graph.requests.length;
  graph.graph.askForReauthorization();
  await graph.graph.deliver();
  await notices.settled();
  expect(requestsOf(graph.graph, before).map((request) => request.replace(/[^/]*$/, ''))).toEqual([
    'PATCH /v1.0/subscriptions/',
  ]);
});

test('where the mark is too old everybody is woken, and it goes on', async () => {
  let heard = 0;
  notices.watch(file, () => heard++);
  await notices.settled();
  graph.graph.switches.expiredDeltas = 1;
  file.type('T', { A1: 'x' });
  await graph.graph.deliver();
  await pass(GATHER_MS);
  expect(heard).toBe(1);
  file.type('T', { A1: 'y' });
  await graph.graph.deliver();
  await pass(GATHER_MS);
  expect(heard).toBe(2);
});

test('what does not carry the secret is not believed, and is answered all the same', async () => {
  let heard = 0;
  notices.watch(file, () => heard++);
  await notices.settled();
  const post = (body: unknown) =>
    fetch(`${serving.address}/hooks/msgraph`, {
      method: 'POST',
      // A line each: the server ends one on which too much was sent.
      headers: { 'content-type': 'application/json', connection: 'close' },
      body: typeof body === 'string' ? body : JSON.stringify(body),
    });
  const { id } = await graph.app
    .call<{ value: { id: string }[] }>({ method: 'GET', path: '/subscriptions', writes: false })
    .then(({ value }) => value[0] ?? expect.fail('none'));
  for (const body of [
    { value: [{ subscriptionId: id, clientState: 'guess' }] },
    { value: [{ subscriptionId: id }] },
    { value: [{ subscriptionId: 'another', clientState: 'guess' }, null, 7] },
    { value: 'x' },
    'no json',
    [],
  ]) {
    expect((await post(body)).status).toBe(202);
  }
  await pass(GATHER_MS);
  expect(heard).toBe(0);
  expect((await post('x'.repeat(300_000))).status).toBe(413);
  expect((await fetch(`${serving.address}/hooks/msgraph`)).status).not.toBe(200);
});

test('the handshake is answered in plain text, whatever is in it', async () => {
  const token = '<script>alert(1)</script> & +';
  const reply = await fetch(`${serving.address}/hooks/msgraph?validationToken=${encodeURIComponent(token)}`, {
    method: 'POST',
  });
  expect([reply.status, await reply.text()]).toEqual([200, token]);
  expect(reply.headers.get('content-type')).toMatch(/^text\/plain/);
  expect(reply.headers.get('x-content-type-options')).toBe('nosniff');
  const long = await fetch(`${serving.address}/hooks/msgraph?validationToken=${'x'.repeat(2_000)}`, { method: 'POST' });
  expect(long.status).toBe(400);
});

test('no subscription, no notices: it is told once and tried again', async () => {
  graph.graph.switches.failures.push({
    status: 403,
    code: 'AccessDenied',
    times: 2,
    matches: ({ path }) => path.endsWith('/subscriptions'),
  });
  let heard = 0;
  notices.watch(file, () => heard++);
  await notices.settled();
  expect(notices.isTold(file.driveId)).toBe(false);
  await pass(60_000);
  await pass(120_000);
  expect(notices.isTold(file.driveId)).toBe(true);
  expect(logged.filter((line) => line.includes('msgraph:deaf'))).toHaveLength(1);
});

test('a connector watches as soon as it knows its file, and is looked at less often while it is told', async () => {
  const shared = ((name: string) => (name === 'msgraph' ? graph.app : notices)) as unknown as Shared;
  const connector = graph.connect(file.shareUrl, { publicUrl: 'https://desk.example.com', shared });
  expect(connector.capabilities.canNotify).toBe(true);
  let heard = 0;
  const stop = await connector.watch?.(() => heard++);
  expect(connector.lookEveryMs).toBe(30_000);
  await connector.version();
  await notices.settled();
  expect(connector.lookEveryMs).toBe(300_000);
  file.type('T', { A1: 'x' });
  await graph.graph.deliver();
  await pass(GATHER_MS);
  expect(heard).toBe(1);
  await stop?.();
  file.type('T', { A1: 'y' });
  await graph.graph.deliver();
  await pass(GATHER_MS);
  expect(heard).toBe(1);
});

test('at the end the subscription is taken back', async () => {
  notices.watch(file, () => undefined);
  await notices.settled();
  await notices.close();
  await notices.close();
  const { value } = await graph.app.call<{ value: unknown[] }>({
    method: 'GET',
    path: '/subscriptions',
    writes: false,
  });
  expect(value).toEqual([]);
});
