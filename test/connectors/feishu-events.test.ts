/** What Feishu tells of files and cards: heard once, in time, and without harm to anybody. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createFeishuApp, type FeishuApp, type FeishuCall } from '../../connectors/feishu/app.ts';
import { createFeishuEvents, type EventsBy, type FeishuEvents } from '../../connectors/feishu/events.ts';
import { type CardAnswer, flatEvent } from '../../connectors/feishu/events-api.ts';
import { SeenEvents } from '../../connectors/feishu/seen-events.ts';
import { eventsBy } from '../../connectors/feishu/shared-events.ts';
import { AppError, RetryableError } from '../../src/model/errors.ts';
import { testClock } from '../fakes/clock.ts';
import { type FakeFeishu, type FakeSpreadsheet, startFeishu } from '../fakes/feishu.ts';
import { type HandTimers, handTimers } from '../fakes/hand-timers.ts';

const token = 'shtcnToken';

interface Desk {
  readonly events: FeishuEvents;
  readonly timers: HandTimers;
  readonly calls: FeishuCall[];
  readonly logged: { readonly name: string; readonly data: Readonly<Record<string, unknown>> }[];
  /** What the next calls are answered; nothing: they work. */
  readonly failures: Error[];
}

let count = 0;
function edited(id = `event-${count++}`, type = 'drive.file.edit_v1', fileToken = token) {
  const header = { event_id: id, event_type: type, token: 'v', create_time: '1767000000000', app_id: 'cli_1' };
  const event = { file_type: 'sheet', file_token: fileToken, operator_id_list: [{ open_id: 'ou_1' }] };
  return flatEvent({ schema: '2.0', header, event })!;
}

function clicked(value: unknown, id = `click-${count++}`) {
  const header = { event_id: id, event_type: 'card.action.trigger', token: 'v', create_time: '1767000000000000' };
  const event = {
    operator: { open_id: 'ou_1', union_id: 'on_1' },
    token: 'c-update',
    action: { value, tag: 'button' },
    context: { open_message_id: 'om_1', open_chat_id: 'oc_1' },
  };
  return flatEvent({ schema: '2.0', header, event })!;
}

function openDesk(by: EventsBy = 'webhook'): Desk {
  const calls: FeishuCall[] = [];
  const failures: Error[] = [];
  const logged: Desk['logged'] = [];
  const timers = handTimers();
  const app: FeishuApp = {
    domain: 'http://127.0.0.1:1',
    appId: 'cli_0123456789abcdef',
    requests: 0,
    async call<T>(call: FeishuCall): Promise<T> {
      calls.push(call);
      const failure = failures.shift();
      if (failure !== undefined) throw failure;
      return {} as T;
    },
    close: async () => undefined,
  };
  const events = createFeishuEvents({
    app,
    appSecret: 'secret',
    by,
    clock: testClock('2026-03-10T02:00:00.000Z'),
    logger: { log: (_, name, data) => void logged.push({ name, data }) },
    timers,
  });
  return { events, timers, calls, logged, failures };
}

/** Lets promises that are settled be heard. */
const settled = (): Promise<void> => new Promise((done) => setImmediate(done));

describe('changed files', () => {
  let desk: Desk;
  let notices: string[];
  beforeEach(() => {
    desk = openDesk();
    notices = [];
  });
  const listen = (file = token): (() => void) =>
    desk.events.onFile(file, 'sheet', ({ kind }) => void notices.push(kind));

  test('are subscribed once for all who listen, and told to each until he stops', async () => {
    const stop = listen();
    const stopOther = listen();
    await settled();
    expect(desk.calls.map(({ method, path, params }) => [method, path, params])).toEqual([
      ['POST', `/open-apis/drive/v1/files/${token}/subscribe`, { file_type: 'sheet' }],
    ]);
    expect(await desk.events.receive(edited())).toEqual({});
    expect(notices).toEqual(['edited', 'edited']);
    stop();
    desk.timers.pass(2_000);
    await desk.events.receive(edited());
    expect(notices).toHaveLength(3);
    stopOther();
    desk.timers.pass(2_000);
    await desk.events.receive(edited());
    expect(notices).toHaveLength(3);
    expect(desk.timers.waiting).toBe(0);
  });

  test('ring once when the same event is told again', async () => {
    listen();
    await desk.events.receive(edited('same'));
    desk.timers.pass(2_000);
    await desk.events.receive(edited('same'));
    expect(notices).toEqual(['edited']);
  });

  test('ring twice for a thousand events in a moment: at once, and a second later', async () => {
    listen();
    for (let n = 0; n < 1_000; n++) await desk.events.receive(edited());
    expect(notices).toHaveLength(1);
    desk.timers.pass(60_000);
    expect(notices).toHaveLength(2);
  });

  test.each([
    ['drive.file.title_updated_v1', 'renamed'],
    ['drive.file.trashed_v1', 'trashed'],
    ['drive.file.deleted_v1', 'deleted'],
    ['drive.file.permission_member_removed_v1', 'access'],
    ['drive.file.bitable_record_changed_v1', 'records'],
  ])('%s is told as %s', async (type, kind) => {
    listen();
    await desk.events.receive(edited(undefined, type));
    expect(notices).toEqual([kind]);
  });

  test('of others, and what is no event of ours, ring nothing', async () => {
    listen();
    await desk.events.receive(edited(undefined, 'drive.file.edit_v1', 'another'));
    await desk.events.receive(edited(undefined, 'drive.file.read_v1'));
    await desk.events.receive({ event_type: 'drive.file.edit_v1' });
    await desk.events.receive({});
    expect(notices).toEqual([]);
  });

  test('that cannot be subscribed are told once, tried again later each time, and heard when it works', async () => {
    const forbidden = (): Error => new AppError('feishu-refused', 'no', { details: { code: 1069603 } });
    desk.failures.push(forbidden(), forbidden(), new RetryableError('throttled', 'wait', 300_000));
    listen();
    await settled();
    expect(desk.events.state.deaf).toEqual([{ fileToken: token, code: '1069603' }]);
    for (const [wait, calls] of [
      [59_999, 1],
      [1, 2],
      [119_999, 2],
      [1, 3],
      // Asked for five minutes, which is more than the four it would have waited.
      [299_999, 3],
      [1, 4],
    ] as const) {
      desk.timers.pass(wait);
      await settled();
      expect(desk.calls).toHaveLength(calls);
    }
    expect(desk.events.state.deaf).toEqual([]);
    expect(desk.logged).toEqual([{ name: 'feishu:deaf', data: { fileType: 'sheet', code: '1069603' } }]);
    expect(JSON.stringify(desk.logged)).not.toContain(token);
  });

  test('are subscribed anew when somebody changed who may open them, and every few hours', async () => {
    listen();
    await settled();
    await desk.events.receive(edited(undefined, 'drive.file.permission_member_removed_v1'));
    await settled();
    expect(desk.calls).toHaveLength(2);
    desk.timers.pass(6 * 3_600_000);
    await settled();
    expect(desk.calls).toHaveLength(3);
  });

  test('are not subscribed where events are off', async () => {
    desk = openDesk('off');
    listen();
    await settled();
    expect(desk.calls).toEqual([]);
  });
});

describe('pressed buttons', () => {
  const answer: CardAnswer = {
    toast: { kind: 'success', text: { 'zh-CN': '已受理', en: 'Accepted' } },
    card: { schema: '2.0' },
  };

  test('go to the handler and come back as the vendor wants it, in both languages', async () => {
    const { events } = openDesk();
    const clicks: unknown[] = [];
    events.onCardAction(async (click) => {
      clicks.push(click);
      return answer;
    });
    expect(await events.receive(clicked({ do: 'accept' }, 'e1'))).toEqual({
      toast: { type: 'success', content: '已受理', i18n: { zh_cn: '已受理', en_us: 'Accepted' } },
      card: { type: 'raw', data: { schema: '2.0' } },
    });
    expect(clicks).toEqual([
      {
        eventId: 'e1',
        openId: 'ou_1',
        value: { do: 'accept' },
        option: null,
        messageId: 'om_1',
        updateToken: 'c-update',
      },
    ]);
  });

  test('are told to the handler again when the vendor tells them again: it knows what became of the first', async () => {
    const { events } = openDesk();
    let calls = 0;
    events.onCardAction(async () => {
      calls++;
      return answer;
    });
    await events.receive(clicked({}, 'again'));
    await events.receive(clicked({}, 'again'));
    expect(calls).toBe(2);
  });

  test('that take long are answered in time, and the card is changed afterwards', async () => {
    const { events, timers, calls } = openDesk();
    let finish = (_: CardAnswer): void => undefined;
    events.onCardAction(
      () =>
        new Promise((done) => {
          finish = done;
        }),
    );
    const answered = events.receive(clicked({}));
    timers.pass(2_500);
    expect(await answered).toMatchObject({ toast: { type: 'info', content: expect.stringContaining('处理中') } });
    finish(answer);
    await settled();
    expect(calls).toEqual([]);
    timers.pass(500);
    expect(calls).toMatchObject([
      { path: '/open-apis/interactive/v1/card/update', data: { token: 'c-update', card: { schema: '2.0' } } },
    ]);
  });

  test('whose handler fails say so and change nothing', async () => {
    const { events, logged } = openDesk();
    events.onCardAction(async () => {
      throw new Error('客户电话 13800138000');
    });
    const told = await events.receive(clicked({}));
    expect(told).toMatchObject({ toast: { type: 'error' } });
    expect(told).not.toHaveProperty('card');
    expect(logged).toEqual([{ name: 'feishu:card-failed', data: { error: 'Error' } }]);
  });

  test('that nobody takes are answered too', async () => {
    const { events } = openDesk();
    const stop = events.onCardAction(async () => answer);
    stop();
    expect(await events.receive(clicked({}))).toMatchObject({ toast: { type: 'warning' } });
  });

  test('without a person or a message are no clicks', async () => {
    const { events } = openDesk();
    events.onCardAction(() => Promise.reject(new Error('asked')));
    for (const missing of ['operator', 'context', 'action', 'event_id']) {
      expect(await events.receive({ ...clicked({}), [missing]: undefined })).toEqual({});
    }
  });
});

test('ids of events are kept as long as they may come again, and no more of them than fit', () => {
  const clock = testClock('2026-03-10T02:00:00.000Z');
  const seen = new SeenEvents(clock);
  expect([seen.isNew('a'), seen.isNew('a')]).toEqual([true, false]);
  clock.move(7 * 3_600_000);
  expect(seen.isNew('a')).toBe(false);
  clock.move(3_600_001);
  expect(seen.isNew('b')).toBe(true);
  expect(seen.size).toBe(1);
  for (let n = 0; n < 50_000; n++) seen.isNew(`storm ${n}`);
  expect(seen.size).toBeLessThanOrEqual(20_001);
});

test('the environment says how events come', () => {
  expect(eventsBy({})).toBe('line');
  expect(eventsBy({ ROWKEEPER_FEISHU_VERIFICATION_TOKEN: 'v' })).toBe('webhook');
  expect(eventsBy({ ROWKEEPER_FEISHU_ENCRYPT_KEY: ' ' })).toBe('line');
  expect(eventsBy({ ROWKEEPER_FEISHU_ENCRYPT_KEY: 'k', ROWKEEPER_FEISHU_EVENTS: 'off' })).toBe('off');
});

describe('over the long connection, by the vendor’s own client', () => {
  let feishu: FakeFeishu;
  let sheet: FakeSpreadsheet;
  let app: FeishuApp;
  let events: FeishuEvents;
  let timers: HandTimers;
  let logged: string[];
  /** Waits for the next notice of the sheet. */
  let next: () => Promise<string>;
  const notices: string[] = [];
  let wake: (() => void) | null = null;

  beforeEach(async () => {
    feishu = await startFeishu();
    sheet = feishu.addSpreadsheet('工单', [{ name: '工单', rows: [['标题'], ['一']] }]);
    sheet.addApp('manage');
    timers = handTimers();
    logged = [];
    notices.length = 0;
    const tools = {
      clock: { now: () => new Date() },
      logger: { log: (_: string, name: string, data: object) => void logged.push(`${name} ${JSON.stringify(data)}`) },
    };
    const { domain, appId, appSecret } = feishu;
    app = createFeishuApp({ domain, appId, appSecret, ...tools });
    events = createFeishuEvents({ app, appSecret, by: 'line', timers, ...tools });
    next = async () => {
      if (notices.length === 0) await new Promise<void>((done) => (wake = done));
      // What else comes within the second waits for its end.
      timers.pass(1_000);
      return notices.splice(0).join();
    };
  });
  afterEach(async () => {
    await events.close();
    await app.close();
    await feishu.close();
  });

  function listen(): () => void {
    return events.onFile(sheet.token, 'sheet', ({ kind }) => {
      notices.push(kind);
      wake?.();
    });
  }

  const edit = (): void => sheet.type('工单', [{ row: 1, column: 0, value: `改 ${count++}` }]);
  const subscribed = (): Promise<void> =>
    new Promise((done) => {
      feishu.after = ({ path }) => {
        if (path.endsWith('/subscribe')) done();
      };
    });

  async function ready(): Promise<void> {
    const subscription = subscribed();
    listen();
    await Promise.all([subscription, feishu.connected()]);
  }

  test('an edit is heard, in one piece or in many', async () => {
    await ready();
    edit();
    expect(await next()).toBe('edited');
    feishu.switches.frameBytes = 50;
    edit();
    expect(await next()).toBe('edited');
    expect(events.state).toMatchObject({ line: 'up', deaf: [] });
    await feishu.idle();
    expect(feishu.events.every(({ state }) => state === 'delivered')).toBe(true);
  });

  test('the same event told twice is heard once', async () => {
    feishu.switches.duplicateEvents = true;
    await ready();
    edit();
    await feishu.idle();
    expect(await next()).toBe('edited');
  });

  test('after the line was cut it stands again, files are subscribed anew and looked at', async () => {
    await ready();
    const again = subscribed();
    feishu.dropConnections();
    expect(await next()).toBe('edited');
    await again;
    await feishu.connected();
    edit();
    expect(await next()).toBe('edited');
    expect(logged).toEqual(['feishu:line {"state":"lost"}', 'feishu:line {"state":"up"}']);
  });

  test('a click is answered with what the handler says', async () => {
    const person = feishu.addPerson({ name: '张伟' });
    events.onCardAction(async ({ openId, value, option }) => ({
      toast: { kind: 'success', text: { 'zh-CN': `${openId === person.openId} ${value.do} ${option}`, en: '' } },
      card: { schema: '2.0', config: { update_multi: true }, body: { elements: [] } },
    }));
    await feishu.connected();
    await app.call({
      method: 'POST',
      path: '/open-apis/im/v1/messages',
      params: { receive_id_type: 'open_id' },
      data: {
        receive_id: person.openId,
        msg_type: 'interactive',
        content: JSON.stringify({ schema: '2.0', config: { update_multi: true }, body: { elements: [] } }),
      },
      writes: true,
    });
    const answer = await feishu.click(feishu.messages[0]!, person, { do: 'hand-over' }, { option: '乙' });
    expect(answer).toMatchObject({ toast: { type: 'success', content: 'true hand-over 乙' } });
  });

  test('a file the app may not manage is told once, and heard when it may', async () => {
    sheet.addApp('edit');
    await ready();
    await settled();
    expect(events.state.deaf).toMatchObject([{ fileToken: sheet.token }]);
    sheet.addApp('manage');
    const again = subscribed();
    timers.pass(60_000);
    await again;
    edit();
    expect(await next()).toBe('edited');
    expect(logged.filter((line) => line.startsWith('feishu:deaf'))).toHaveLength(1);
  });

  test('refused by the platform, it is tried again after a while', async () => {
    feishu.switches.endpointCode = 514;
    const refused = new Promise<void>((done) => {
      feishu.after = ({ path }) => {
        if (path === '/callback/ws/endpoint') done();
      };
    });
    listen();
    await refused;
    feishu.switches.endpointCode = 0;
    await expect.poll(() => events.state.line).toBe('refused');
    timers.pass(5 * 60_000);
    await feishu.connected();
    edit();
    expect(await next()).toBe('edited');
  });

  test('nothing of a secret is logged, and closing lets the line go', async () => {
    await ready();
    await events.close();
    await events.close();
    expect(logged.join()).not.toContain(feishu.appSecret);
    expect(events.state.deaf).toEqual([]);
  });
});

test('an app id the vendor’s client would not even try is told', async () => {
  const timers = handTimers();
  const logged: unknown[] = [];
  const events = createFeishuEvents({
    app: {
      domain: 'http://127.0.0.1:1',
      appId: 'cli_x',
      requests: 0,
      call: async () => ({}) as never,
      close: async () => undefined,
    },
    appSecret: 's',
    by: 'line',
    timers,
    clock: testClock('2026-03-10T02:00:00.000Z'),
    logger: { log: (_, name, data) => void logged.push({ name, ...data }) },
  });
  events.onCardAction(async () => ({ toast: { kind: 'info', text: { 'zh-CN': '', en: '' } } }));
  await expect.poll(() => events.state.line).toBe('bad-app-id');
  expect(logged).toEqual([{ name: 'feishu:line', state: 'bad-app-id' }]);
  await events.close();
});
