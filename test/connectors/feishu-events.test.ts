/** What Feishu tells of files and cards: heard once, in time, and without harm to anybody. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { FeishuApp, FeishuCall } from '../../connectors/feishu/app.ts';
import { createFeishuEvents, type EventsBy, type FeishuEvents } from '../../connectors/feishu/events.ts';
import { type CardAnswer, flatEvent } from '../../connectors/feishu/events-api.ts';
import { SeenEvents } from '../../connectors/feishu/seen-events.ts';
import { eventsBy } from '../../connectors/feishu/shared-events.ts';
import { AppError, RetryableError } from '../../src/model/errors.ts';
import { testClock } from '../fakes/clock.ts';
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
