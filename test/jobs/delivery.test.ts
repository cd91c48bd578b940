/** From a message in a row to a message delivered: once, whatever happens in between. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { describe, expect, test } from 'vitest';
import { addMessages, forgetMessages, listDeadMessages, reviveMessages } from '../../src/db/messages.ts';
import { migrate } from '../../src/db/migrate.ts';
import { postgresDatabase } from '../../src/db/postgres.ts';
import type { Database } from '../../src/db/sql.ts';
import { beginDelivery, deliverDue, type LostMessage } from '../../src/jobs/delivery.ts';
import { delivered } from '../../src/notify/channel.ts';
import type { Notice } from '../../src/notify/message.ts';
import { createOutbound } from '../../src/notify/outbound.ts';
import { planMessage } from '../../src/notify/policy.ts';
import { channelsSchema, hostRules, readyAccounts } from '../../src/notify/settings.ts';
import { describeDatabases, withPostgres } from '../db/database.ts';
import { testClock } from '../fakes/clock.ts';
import { startReceiver } from '../fakes/receiver.ts';
import { add, deliveryParts, draft, failing, fakeAccount, states } from './messages.ts';

const MINUTE = 60_000;

describeDatabases('delivery', (open) => {
  async function desk() {
    const database = await open();
    await database.db.query('delete from messages');
    const clock = testClock('2026-03-10T02:00:00.000Z');
    const [a, b] = [fakeAccount('a'), fakeAccount('b')];
    const accounts = { a, b };
    return { database, clock, a, b, parts: deliveryParts(database, clock, accounts) };
  }

  test('a message is written once per event, recipient and channel, and with its change or not at all', async () => {
    const { database, clock } = await desk();
    expect(await add(database, clock, draft('e'), draft('e'), draft('e', { recipient: '李四' }))).toBe(2);
    expect(await add(database, clock, draft('e'), draft('f'))).toBe(1);
    const undone = database.db.transaction(async (tx) => {
      await addMessages(tx, [draft('undone')], clock.now());
      throw new Error('undo');
    });
    await expect(undone).rejects.toThrow('undo');
    expect(await states(database)).toEqual({ planned: 3 });
  });

  test('300 pasted rows are one digest, sent when the first has waited half a minute', async () => {
    const { database, clock, a, parts } = await desk();
    const rows = Array.from({ length: 300 }, (_, i) =>
      draft(`e${i}`, {
        ticket: { table: 'tickets', id: i },
        urgency: 'normal',
        // The paste took twenty seconds.
        notBefore: new Date(clock.now().getTime() + 30_000 + (i < 150 ? 0 : 20_000)).toISOString(),
      }),
    );
    await add(database, clock, ...rows);
    expect(await deliverDue(parts)).toMatchObject({ sent: 0, nextAt: new Date('2026-03-10T02:00:30.000Z') });
    clock.move(30_000);
    expect(await deliverDue(parts)).toMatchObject({ sent: 1, nextAt: null });
    expect(a.attempts.map(({ title }) => title)).toEqual(['300 ticket messages']);
    expect(a.attempts[0]!.text).toMatch(/^· T-e0\n· T-e1\n[\s\S]*… and 280 more$/);
    expect(await states(database)).toEqual({ sent: 1, merged: 299 });
  });

  test('a ticket is told of once in five minutes; what came meanwhile is one message', async () => {
    const { database, clock, a, parts } = await desk();
    const normal = (event: string) => draft(event, { urgency: 'normal', notBefore: clock.now().toISOString() });
    await add(database, clock, normal('1'));
    await deliverDue(parts);
    clock.move(MINUTE);
    await add(database, clock, normal('2'));
    clock.move(MINUTE);
    await add(database, clock, normal('3'));
    expect(await deliverDue(parts)).toMatchObject({ sent: 0, nextAt: new Date('2026-03-10T02:05:00.000Z') });
    clock.set('2026-03-10T02:05:00.000Z');
    await deliverDue(parts);
    expect(a.attempts.map(({ title }) => title)).toEqual(['T-1', 'T-3']);
    expect(await states(database)).toEqual({ sent: 2, skipped: 1 });
  });

  test('over the daily cap of its row a message waits for the next working morning, as one letter with the others', async () => {
    const { database, clock, a, parts } = await desk();
    const capped = (event: string, of = '派单') =>
      draft(event, {
        ticket: { table: 'tickets', id: Number(event) },
        urgency: 'normal',
        notBefore: clock.now().toISOString(),
        manner: { timeZone: 'America/New_York', quietHours: null, breaksThrough: false, cap: { of, perDay: 2 } },
      });
    // 21:00 of Monday in New York: two letters of Monday, and Tuesday begins three hours later.
    clock.set('2026-03-10T01:00:00.000Z');
    for (const event of ['1', '2', '3', '4']) {
      await add(database, clock, capped(event));
      await deliverDue(parts);
      clock.move(MINUTE);
    }
    await add(database, clock, capped('5', 'another row'));
    const run = await deliverDue(parts);
    expect(a.attempts.map(({ title }) => title)).toEqual(['T-1', 'T-2', 'T-5']);
    expect(run).toMatchObject({ lost: [], nextAt: new Date('2026-03-10T13:00:00.000Z') });
    clock.set('2026-03-10T13:00:00.000Z');
    await deliverDue(parts);
    expect(a.attempts.at(-1)!.text).toBe('· T-3\n· T-4');
    expect(await states(database)).toEqual({ sent: 4, merged: 1 });
  });

  test('an urgent message over the cap is listed, not sent in the morning and not lost without a word', async () => {
    const { database, clock, a, parts } = await desk();
    const told: string[] = [];
    const listing = { ...parts, onLost: async (_: unknown, { recipient }: LostMessage) => void told.push(recipient) };
    const manner = { ...draft('e').manner, cap: { of: '告知客户', perDay: 1 } };
    for (const event of ['1', '2', '3']) {
      await add(database, clock, draft(event, { recipient: '138', manner }));
      const run = await deliverDue(listing);
      if (event !== '1') expect(run.lost).toMatchObject([{ recipient: '138', reason: { code: 'notify-daily-cap' } }]);
    }
    expect(told).toEqual(['138', '138']);
    expect(a.attempts.map(({ title }) => title)).toEqual(['T-1']);
    expect(await states(database)).toEqual({ sent: 1, skipped: 2 });
    expect((await deliverDue(listing)).lost).toEqual([]);
  });

  test('a channel that is down for an hour: every message reaches its next channel, once', async () => {
    const { database, clock, a, b, parts } = await desk();
    a.answer = () => failing;
    const chain = [
      { account: 'a', to: '1' },
      { account: 'b', to: '2' },
    ];
    const people = ['甲', '乙', '丙'];
    await add(database, clock, ...people.map((recipient) => draft('e', { recipient, chain })));
    const start = clock.now().getTime();
    const times: number[] = [];
    for (;;) {
      const { nextAt } = await deliverDue(parts);
      if (nextAt === null) break;
      times.push((nextAt.getTime() - start) / MINUTE);
      clock.set(nextAt.getTime());
    }
    expect(times).toEqual([1, 6, 36]);
    expect(a.attempts.length).toBe(12);
    expect(b.attempts.map(({ to }) => to)).toEqual(['2', '2', '2']);
    // One key for every attempt on a channel, another on the next.
    expect(new Set(a.attempts.map(({ key }) => key)).size).toBe(3);
    expect(new Set([...a.attempts, ...b.attempts].map(({ key }) => key)).size).toBe(6);
    expect(await states(database)).toEqual({ sent: 3 });
  });

  test('with no other channel it is lost, told so once, and goes out with its old key when it is revived', async () => {
    const { database, clock, a, parts } = await desk();
    a.answer = () => failing;
    await add(database, clock, draft('e', { ticket: { table: 'tickets', id: 42 } }));
    const lost = [];
    for (let at: Date | null = clock.now(); at !== null; ) {
      clock.set(at.getTime());
      const run = await deliverDue(parts);
      lost.push(...run.lost);
      at = run.nextAt;
    }
    expect(lost).toMatchObject([
      { recipient: '张三', tickets: ['tickets/42'], reason: failing.outcome === 'retry' && failing.reason },
    ]);
    expect((await deliverDue(parts)).lost).toEqual([]);
    const [dead] = await listDeadMessages(database.db);
    expect(dead).toMatchObject({
      recipient: '张三',
      accounts: ['a'],
      title: 'T-e',
      tickets: ['tickets/42'],
      reason: { code: 'notify-status' },
    });
    a.answer = () => delivered;
    await database.db.transaction((tx) => reviveMessages(tx, [dead!.id], clock.now()));
    expect(await deliverDue(parts)).toMatchObject({ sent: 1 });
    expect(new Set(a.attempts.map(({ key }) => key)).size).toBe(1);
  });

  test('what is lost is told in the transaction that marks it: both, or neither and again', async () => {
    const { database, clock, a, parts } = await desk();
    a.answer = () => ({ outcome: 'refused', reason: { code: 'notify-status', params: {} } });
    await add(database, clock, draft('e'));
    const broken = { ...parts, onLost: () => Promise.reject(new Error('not now')) };
    await expect(deliverDue(broken)).rejects.toThrow('not now');
    expect(await states(database)).toEqual({ queued: 1 });
    clock.move(3 * MINUTE);
    const told: number[] = [];
    const { lost } = await deliverDue({ ...parts, onLost: async (_, { id }) => void told.push(id) });
    expect(told).toEqual(lost.map(({ id }) => id));
    expect(await states(database)).toEqual({ dead: 1 });
  });

  test('what somebody is owed at night is one message in the morning', async () => {
    const { database, clock, a, parts } = await desk();
    clock.set('2026-03-10T15:00:00.000Z');
    const recipient = {
      name: '张三',
      routes: [{ account: 'a', to: '' }],
      timeZone: 'Asia/Shanghai',
      quietHours: '22:00-08:00',
    };
    const letter = draft('x').letter;
    for (const id of [1, 2, 3]) {
      const notice: Notice = {
        event: `n${id}`,
        rule: 'r',
        ticket: { table: 'tickets', id },
        about: 's',
        actor: null,
        recipient,
        urgency: 'normal',
        breaksThrough: false,
        letter: { ...letter, title: `T-${id}` },
      };
      const world = {
        now: clock.now().getTime(),
        isWorkday: () => true,
        isCostly: () => false,
        isInternal: () => false,
      };
      await add(database, clock, planMessage(notice, world)!);
      clock.move(60 * MINUTE);
    }
    expect(await deliverDue(parts)).toMatchObject({ sent: 0, nextAt: new Date('2026-03-11T01:00:00.000Z') });
    clock.set('2026-03-11T01:00:00.000Z');
    expect(await deliverDue(parts)).toMatchObject({ sent: 1, nextAt: null });
    expect(a.attempts.map(({ text }) => text)).toEqual(['· T-1\n· T-2\n· T-3']);
  });

  test('a newer state takes the place of one that waits for another attempt', async () => {
    const { database, clock, a, parts } = await desk();
    a.answer = () => failing;
    await add(database, clock, draft('old'));
    await deliverDue(parts);
    await add(database, clock, draft('new', { notBefore: clock.now().toISOString() }));
    a.answer = () => delivered;
    clock.move(MINUTE);
    await deliverDue(parts);
    expect(a.attempts.map(({ title }) => title)).toEqual(['T-old', 'T-new']);
    expect(await states(database)).toEqual({ sent: 1, skipped: 1 });
  });

  test('cut off between sending and marking: sent again with the same key when the lease ends, and marked once', async () => {
    const { database, clock, a, parts } = await desk();
    let release: () => void = () => {};
    const arrived = new Promise<void>((resolve) => {
      a.answer = () => {
        resolve();
        return new Promise((end) => {
          release = () => end(delivered);
        });
      };
    });
    await add(database, clock, draft('e'));
    const stalled = deliverDue(parts);
    await arrived;
    a.answer = () => delivered;
    // Another worker leaves it alone while the lease lasts.
    expect(await deliverDue(parts)).toMatchObject({ sent: 0, nextAt: new Date('2026-03-10T02:03:00.000Z') });
    clock.move(3 * MINUTE);
    expect(await deliverDue(parts)).toMatchObject({ sent: 1, nextAt: null });
    expect(new Set(a.attempts.map(({ key }) => key)).size).toBe(1);
    // The stalled one comes back and marks nothing.
    release();
    expect(await stalled).toMatchObject({ sent: 0, postponed: 0, lost: [] });
    expect(await states(database)).toEqual({ sent: 1 });
  });

  test('a slow receiver holds up nothing but its own messages, and those go out after', async () => {
    const { database, clock, a, b, parts } = await desk();
    const releases: (() => void)[] = [];
    a.answer = () => new Promise((end) => releases.push(() => end(delivered)));
    const toB = { chain: [{ account: 'b', to: '' }] };
    const busy = new Set<string>();
    await add(database, clock, draft('1', { recipient: 'x' }), draft('2', { recipient: 'y', ...toB }));
    const slow = await beginDelivery(parts, busy);
    await add(database, clock, draft('3', { recipient: 'z' }), draft('4', { recipient: 'w', ...toB }));
    const quick = await beginDelivery(parts, busy);
    expect(quick.nextAt).toBeNull();
    const { sent } = await quick.finished;
    // Whoever finds the account free sends it: the second look, or the first after its own message.
    await expect.poll(() => b.attempts.map(({ title }) => title)).toEqual(['T-2', 'T-4']);
    expect(a.attempts.map(({ title }) => title)).toEqual(['T-1']);
    a.answer = () => delivered;
    releases[0]!();
    const last = await slow.finished;
    expect([sent + last.sent, last.nextAt]).toEqual([4, null]);
    expect(a.attempts.map(({ title }) => title)).toEqual(['T-1', 'T-3']);
    expect(busy).toEqual(new Set());
  });

  test('after the signal nothing more is begun, and what is under way is marked', async () => {
    const { database, clock, a, parts } = await desk();
    const stop = new AbortController();
    a.answer = () => {
      stop.abort();
      return delivered;
    };
    await add(database, clock, ...Array.from({ length: 30 }, (_, i) => draft('e', { recipient: `p${i}` })));
    expect(await deliverDue(parts, stop.signal)).toMatchObject({ sent: 20 });
    expect(await states(database)).toEqual({ sent: 20, queued: 10 });
  });

  test('a message that cuts its worker off every time is given up', async () => {
    const { database, clock, a, parts } = await desk();
    await add(database, clock, draft('e'));
    for (let i = 0; i < 4; i++) {
      const arrived = new Promise<void>((resolve) => {
        a.answer = () => {
          resolve();
          return new Promise(() => {});
        };
      });
      void deliverDue(parts);
      await arrived;
      clock.move(3 * MINUTE);
    }
    expect(await deliverDue(parts)).toMatchObject({ lost: [{ reason: { code: 'notify-worn-out' } }], nextAt: null });
    expect(a.attempts.length).toBe(4);
  });

  test('an account gets no more in a minute than it takes, the urgent first', async () => {
    const { database, clock } = await desk();
    const slow = fakeAccount('a', { perMinute: 20 });
    const parts = deliveryParts(database, clock, { a: slow });
    const rows = Array.from({ length: 50 }, (_, i) =>
      draft('e', { recipient: `p${i}`, urgency: i === 49 ? 'urgent' : 'normal' }),
    );
    await add(database, clock, ...rows);
    const counts: number[] = [];
    for (let i = 0; i < 4; i++) {
      const { sent, nextAt } = await deliverDue(parts);
      counts.push(sent);
      if (nextAt !== null) expect(nextAt.getTime()).toBeLessThanOrEqual(clock.now().getTime());
      clock.move(30_000);
    }
    expect(counts).toEqual([20, 0, 20, 0]);
    await deliverDue(parts);
    expect(slow.attempts.length).toBe(50);
    expect(
      (
        await database.db.query(
          `select count(*)::integer as n from messages where recipient = 'p49' and sent_at = '2026-03-10T02:00:00Z'`,
        )
      )[0]!.n,
    ).toBe(1);
  });

  test('an account that asks for time is left alone, and that is no failure', async () => {
    const { database, clock, a, parts } = await desk();
    await add(database, clock, draft('1', { recipient: 'x' }));
    a.answer = () => ({ outcome: 'retry', reason: { code: 'notify-throttled', params: {} }, afterMs: 10 * MINUTE });
    await deliverDue(parts);
    await add(database, clock, draft('2', { recipient: 'y' }));
    // One that came later is tried by itself, and joins the wait.
    await deliverDue(parts);
    expect(a.attempts.length).toBe(2);
    clock.move(9 * MINUTE);
    await deliverDue(parts);
    expect(a.attempts.length).toBe(2);
    a.answer = () => delivered;
    clock.move(MINUTE);
    expect(await deliverDue(parts)).toMatchObject({ sent: 2, nextAt: null });
    expect((await database.db.query('select max(waits) as waits from messages'))[0]!.waits).toBe(1);
  });

  test('an attempt that would fall into quiet hours waits for the morning', async () => {
    const { database, clock, a, parts } = await desk();
    clock.set('2026-03-10T13:58:00.000Z');
    a.answer = () => failing;
    const manner = { timeZone: 'Asia/Shanghai', quietHours: '22:00-08:00', breaksThrough: false };
    const quiet = draft('e', { manner });
    const loud = draft('f', { recipient: '李四', manner: { ...manner, breaksThrough: true } });
    await add(database, clock, quiet, loud);
    await deliverDue(parts);
    clock.move(MINUTE);
    await deliverDue(parts);
    // 21:59: the next attempts are due at 22:04.
    a.answer = () => delivered;
    clock.move(5 * MINUTE);
    expect(await deliverDue(parts)).toMatchObject({ sent: 1, nextAt: new Date('2026-03-11T01:00:00.000Z') });
    clock.set('2026-03-11T01:00:00.000Z');
    expect(await deliverDue(parts)).toMatchObject({ sent: 1, nextAt: null });
  });

  test('a person gets so many SMS a day; what is over goes to the next channel, or is not sent', async () => {
    const { database, clock } = await desk();
    const sms = fakeAccount('sms', { costly: true });
    const mail = fakeAccount('mail');
    const parts = deliveryParts(database, clock, { sms, mail });
    const chain = [
      { account: 'sms', to: '138' },
      { account: 'mail', to: 'x' },
    ];
    await add(database, clock, ...['1', '2', '3', '4'].map((event) => draft(event, { chain, about: null })));
    await add(database, clock, draft('5', { chain: chain.slice(0, 1), about: null }));
    const run = await deliverDue(parts);
    expect(sms.attempts.length).toBe(3);
    expect(mail.attempts.map(({ title }) => title)).toEqual(['T-4']);
    expect(run.lost).toMatchObject([{ reason: { code: 'notify-sms-cap', params: { count: '3' } } }]);
    // His midnight, not ours.
    clock.set('2026-03-10T16:00:00.000Z');
    await add(database, clock, draft('6', { chain, about: null, notBefore: clock.now().toISOString() }));
    await deliverDue(parts);
    expect(sms.attempts.length).toBe(4);
  });

  test('a clock that was set back holds messages, and sends none twice', async () => {
    const { database, clock, a, parts } = await desk();
    await add(database, clock, draft('1'));
    await deliverDue(parts);
    await add(database, clock, draft('2', { recipient: 'y' }));
    clock.move(-60 * MINUTE);
    expect(await deliverDue(parts)).toMatchObject({ sent: 0 });
    expect(await add(database, clock, draft('1'))).toBe(0);
    clock.move(60 * MINUTE);
    await deliverDue(parts);
    expect(a.attempts.map(({ title }) => title)).toEqual(['T-1', 'T-2']);
  });

  test('an account that is gone, and a channel with a fault of ours, stop nobody else', async () => {
    const { database, clock, a, b, parts } = await desk();
    const bug = new TypeError('a bug');
    a.answer = () => {
      throw bug;
    };
    await add(
      database,
      clock,
      draft('1', { recipient: 'x', chain: [{ account: 'gone', to: '' }] }),
      draft('2', { recipient: 'y' }),
      draft('3', { recipient: 'z', chain: [{ account: 'b', to: '' }] }),
    );
    const run = await deliverDue(parts);
    expect(run).toMatchObject({ sent: 1, postponed: 1, faults: [bug] });
    expect(run.lost).toMatchObject([
      { recipient: 'x', reason: { code: 'notify-no-account', params: { account: 'gone' } } },
    ]);
    expect(b.attempts.length).toBe(1);
  });

  test('old messages are forgotten, those not delivered are not', async () => {
    const { database, clock, a, parts } = await desk();
    const normal = { urgency: 'normal', notBefore: clock.now().toISOString() } as const;
    await add(database, clock, draft('1', { ...normal, ticket: null }), draft('2', { ...normal, ticket: null }));
    await deliverDue(parts);
    a.answer = () => ({ outcome: 'refused', reason: { code: 'notify-status', params: {} } });
    await add(database, clock, draft('3', { recipient: 'y' }));
    await deliverDue(parts);
    clock.move(MINUTE);
    await add(database, clock, draft('4'));
    await database.db.transaction((tx) => forgetMessages(tx, clock.now()));
    expect(await states(database)).toEqual({ dead: 1, planned: 1 });
  });
});

describe('several workers', () => {
  test('send every message once between them, and keep an account’s pace together', async () => {
    const { url, drop } = await withPostgres();
    const databases: Database[] = [
      postgresDatabase(url, 'en', 4),
      postgresDatabase(url, 'en', 4),
      postgresDatabase(url, 'en', 4),
    ];
    await migrate(databases[0]!, 'en');
    const clock = testClock('2026-03-10T02:00:00.000Z');
    const accounts = { a: fakeAccount('a'), slow: fakeAccount('slow', { perMinute: 20 }) };
    const rows = Array.from({ length: 200 }, (_, i) => draft('e', { recipient: `p${i}` }));
    const paced = rows.slice(0, 60).map((row) => ({ ...row, event: 'f', chain: [{ account: 'slow', to: '' }] }));
    const pasted = Array.from({ length: 100 }, (_, i) =>
      draft(`g${i}`, { recipient: 'one', urgency: 'normal', ticket: { table: 'tickets', id: i } }),
    );
    await add({ db: databases[0]! }, clock, ...rows, ...paced, ...pasted);
    const runs = await Promise.all(databases.map((db) => deliverDue(deliveryParts({ db }, clock, accounts))));
    expect(runs.reduce((sum, { sent }) => sum + sent, 0)).toBe(200 + 20 + 1);
    expect(accounts.a.attempts.length).toBe(201);
    expect(new Set(accounts.a.attempts.map(({ key }) => key)).size).toBe(201);
    expect(accounts.slow.attempts.length).toBe(20);
    for (const db of databases) await db.close();
    await drop();
  });

  test('a process killed after the receiver took the message: another delivers it under the same key', async () => {
    const { url, drop } = await withPostgres();
    const db = postgresDatabase(url, 'en', 4);
    await migrate(db, 'en');
    let tell: () => void = () => {};
    const arrived = new Promise<void>((resolve) => {
      tell = resolve;
    });
    const receiver = await startReceiver(() => {
      tell();
      return receiver.received.length === 1 ? 'silence' : {};
    });
    const clock = testClock('2026-03-10T02:00:00.000Z');
    await add({ db }, clock, draft('e', { chain: [{ account: 'hook', to: '' }] }));
    const settings = {
      hosts: [{ host: receiver.host, local: true, plain: true }],
      accounts: { hook: { kind: 'webhook', url: receiver.url, secretEnv: 'HOOK_SECRET' } },
    };
    const module = (path: string): string => JSON.stringify(new URL(`../../src/${path}`, import.meta.url).href);
    const program = `
      import { postgresDatabase } from ${module('db/postgres.ts')};
      import { beginDelivery, deliverDue } from ${module('jobs/delivery.ts')};
      import { createOutbound } from ${module('notify/outbound.ts')};
      import { channelsSchema, hostRules, readyAccounts } from ${module('notify/settings.ts')};
      const section = channelsSchema.parse(${JSON.stringify(settings)});
      await deliverDue({ onLost: async () => {}, db: postgresDatabase(${JSON.stringify(url)}, 'en', 2), locale: 'en', smsPerDay: 1, isWorkday: () => true,
        accounts: readyAccounts(section, { HOOK_SECRET: 's' }, 'en'), http: createOutbound({ hosts: hostRules(section) }),
        clock: { now: () => new Date('2026-03-10T02:00:00.000Z') } });`;
    const worker = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
      stdio: 'inherit',
    });
    const exited = once(worker, 'exit');
    await Promise.race([arrived, exited.then(() => expect.unreachable('the worker ended by itself'))]);
    worker.kill('SIGKILL');
    await exited;
    const section = channelsSchema.parse(settings);
    const parts = {
      ...deliveryParts({ db }, clock, {}),
      accounts: readyAccounts(section, { HOOK_SECRET: 's' }, 'en'),
      http: createOutbound({ hosts: hostRules(section) }),
    };
    expect(await deliverDue(parts)).toMatchObject({ sent: 0 });
    clock.move(3 * MINUTE);
    expect(await deliverDue(parts)).toMatchObject({ sent: 1 });
    const ids = receiver.received.map(({ headers }) => headers['x-rowkeeper-id']);
    expect(ids.length).toBe(2);
    expect(ids[0]).toBe(ids[1]);
    await receiver.close();
    await db.close();
    await drop();
  });
});
