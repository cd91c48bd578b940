/** Who may see what: this machine, other machines with and without a pass, passes for a part of the tickets, names that are not ours. */
import type { Hono } from 'hono';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keyOf, type Pass, readPass, signPass } from '../../src/app/access.ts';
import { dashboardLink, dashboardRevoke } from '../../src/app/dashboard-link.ts';
import { openWebDesk, type WebDesk } from './desk.ts';

let desk: WebDesk;
/** The pages as they are when served to everybody. */
let open: Hono;
beforeAll(async () => {
  desk = await openWebDesk({ settings: { web: { host: '0.0.0.0', url: 'https://rows.example' } } });
  open = desk.web({ host: '0.0.0.0', url: 'https://rows.example' });
});
afterAll(async () => {
  await desk.close();
});

const manager: Omit<Pass, 'expiresAt'> = { role: 'manager', name: '李经理', filter: { team: ['华东'] } };
const host = { host: 'rows.example' };

async function cookieFor(pass: Partial<Pass> = {}): Promise<Readonly<Record<string, string>>> {
  const expiresAt = desk.clock.now().getTime() + 86_400_000;
  return {
    ...host,
    cookie: `rowkeeper_pass=${await signPass({ ...manager, expiresAt, ...pass }, await keyOf(desk.app))}`,
  };
}

async function statusOf(web: Hono, path: string, headers: Readonly<Record<string, string>>): Promise<number> {
  return (await web.request(path, { headers })).status;
}

describe('the door', () => {
  test('this machine needs no pass, whatever its port', async () => {
    for (const name of ['127.0.0.1:8420', 'localhost:9000', '[::1]:8420', 'LOCALHOST'])
      expect(await statusOf(desk.web(), '/dashboard', { host: name })).toBe(200);
  });

  test('a name of somebody else that points here is refused, with and without a pass', async () => {
    for (const name of ['evil.example', 'localhost.evil.example', '127.0.0.1.evil.example', 'a b', '']) {
      expect(await statusOf(desk.web(), '/dashboard', { host: name })).toBe(403);
      expect(await statusOf(open, '/dashboard', { ...(await cookieFor()), host: name })).toBe(403);
    }
    expect(await statusOf(open, '/dashboard/login?token=x', { host: 'evil.example' })).toBe(403);
  });

  test.each([
    '/dashboard',
    '/dashboard/overview',
    '/dashboard/tickets?kpi=created',
    '/dashboard/tickets.csv?kpi=created',
    '/dashboard/tickets/T-000001-AA',
    '/dashboard/events',
  ])('%s needs a pass when the pages are served to everybody', async (path) => {
    expect(await statusOf(open, path, host)).toBe(401);
    expect(await statusOf(open, path, { ...host, cookie: 'rowkeeper_pass=abc.def' })).toBe(401);
    expect(await statusOf(open, path, { host: '192.0.2.7:8420' })).toBe(401);
    // Behind a proxy on this machine everybody looks local.
    expect(await statusOf(open, path, { host: '127.0.0.1' })).toBe(401);
    expect(await statusOf(desk.web(), path, { host: '127.0.0.1', 'x-forwarded-for': '192.0.2.9' })).toBe(401);
  });

  test('a link sets a cookie no script sees and leads to an address without it', async () => {
    const { url, expires_at: until } = await dashboardLink.run(desk.app, {
      role: 'manager',
      name: '李',
      days: 2,
      filter: ['team=华东'],
    });
    expect(url.startsWith('https://rows.example/dashboard/login?token=')).toBe(true);
    expect(until).toBe('2026-03-30T06:00:00.000Z');
    const answer = await open.request(new URL(url).pathname + new URL(url).search, { headers: host });
    expect([answer.status, answer.headers.get('location')]).toEqual([303, '/dashboard']);
    const cookie = answer.headers.get('set-cookie')!;
    expect(cookie).toMatch(/HttpOnly/);
    expect(cookie).toMatch(/SameSite=Lax/);
    expect(cookie).toMatch(/Secure/);
    expect(cookie).toMatch(/Max-Age=172800/);
    expect(await statusOf(open, '/dashboard', { ...host, cookie: cookie.split(';')[0]! })).toBe(200);
  });

  test('over plain http the cookie goes without Secure, or it would never come back', async () => {
    const plain = desk.web({ host: '192.0.2.1', url: null });
    const token = await signPass({ ...manager, expiresAt: desk.clock.now().getTime() + 1e6 }, await keyOf(desk.app));
    const answer = await plain.request(`/dashboard/login?token=${token}`, { headers: { host: '192.0.2.1:8420' } });
    expect(answer.headers.get('set-cookie')).not.toMatch(/Secure/);
  });

  test('a pass ends at its time, and the browser forgets it', async () => {
    const late = await open.request('/dashboard', {
      headers: await cookieFor({ expiresAt: desk.clock.now().getTime() }),
    });
    expect(late.status).toBe(401);
    expect(late.headers.get('set-cookie')).toMatch(/rowkeeper_pass=;.*Max-Age=0/);
  });

  test('a pass with one letter changed is none', async () => {
    const key = await keyOf(desk.app);
    const now = desk.clock.now().getTime();
    const token = await signPass({ ...manager, expiresAt: now + 1_000 }, key);
    expect(await readPass(token, key, now)).toMatchObject(manager);
    for (const at of [0, 5, 20, token.indexOf('.') - 2, token.indexOf('.') + 3]) {
      const other = token[at] === 'A' ? 'B' : 'A';
      expect(await readPass(token.slice(0, at) + other + token.slice(at + 1), key, now)).toBeNull();
    }
    expect(await readPass(`${token}.`, key, now)).toBeNull();
    expect(await readPass(token, { ...key, secret: 'other' }, now)).toBeNull();
    expect(await readPass('', key, now)).toBeNull();
  });

  test('revoking makes all links void at once; new ones work', async () => {
    const before = await cookieFor();
    expect(await statusOf(open, '/dashboard', before)).toBe(200);
    await dashboardRevoke.run(desk.app, {});
    expect(await statusOf(open, '/dashboard', before)).toBe(401);
    expect(await statusOf(open, '/dashboard', await cookieFor())).toBe(200);
  });

  test('who tries many wrong links is slowed down, those with a pass are not', async () => {
    const web = desk.web({ host: '0.0.0.0', url: 'https://rows.example' });
    const tries = Array.from({ length: 25 }, (_, n) => statusOf(web, `/dashboard/login?token=a.${n}`, host));
    const statuses = await Promise.all(tries);
    expect(statuses).toContain(401);
    expect(await statusOf(web, '/dashboard/login?token=a.b', host)).toBe(429);
    expect(await statusOf(web, '/dashboard', await cookieFor())).toBe(200);
    desk.clock.move(61_000);
    expect(await statusOf(web, '/dashboard/login?token=a.b', host)).toBe(401);
  });

  test('no pass stands in the log', async () => {
    expect(JSON.stringify(desk.logged)).not.toMatch(/token|rowkeeper_pass/);
  });
});

describe('a pass for one team', () => {
  const ask = async (path: string): Promise<Response> => open.request(path, { headers: await cookieFor() });

  test('sees figures of that team only, whatever the address asks for', async () => {
    const figure = async (path: string): Promise<string> =>
      /新建工单<\/span>\s*<span class="figure">([^<]*)</.exec(await (await ask(path)).text())![1]!.trim();
    expect(await figure('/dashboard?period=2026-Q1')).toBe('12');
    expect(await figure(`/dashboard?period=2026-Q1&team=${encodeURIComponent('华东')}`)).toBe('12');
    expect((await ask(`/dashboard?period=2026-Q1&team=${encodeURIComponent('华北')}`)).status).toBe(400);
    expect((await ask(`/dashboard?team=${encodeURIComponent('华东|华北')}`)).status).toBe(400);
  });

  test('is not told names of others', async () => {
    const pages = [
      '/dashboard/all?period=2026-Q1',
      '/dashboard/tickets?kpi=created&period=2026-Q1',
      '/dashboard/tickets.csv?kpi=created&period=2026-Q1',
    ];
    for (const path of pages) {
      const text = await (await ask(path)).text();
      expect(text).toContain('上海百联冷链');
      expect(text).not.toContain('北京华北供应链');
      expect(text).not.toContain('华北');
    }
  });

  test('opens tickets of the team; those of others are as if they were not there', async () => {
    const [own, other] = [await desk.numberOf('工单 1'), await desk.numberOf('工单 2')];
    expect((await ask(`/dashboard/tickets/${own}`)).status).toBe(200);
    const hidden = await ask(`/dashboard/tickets/${other}`);
    expect(hidden.status).toBe(404);
    const nobody = await ask('/dashboard/tickets/T-999999-ZZ');
    expect((await hidden.text()).replaceAll(other, '#')).toBe((await nobody.text()).replaceAll('T-999999-ZZ', '#'));
    expect(
      (await open.request(`/dashboard/tickets/${other}`, { headers: await cookieFor({ filter: {} }) })).status,
    ).toBe(200);
  });

  test('of one person sees what he has, answered or solved', async () => {
    const headers = await cookieFor({ filter: { person: ['陈静'] } });
    const [own, other] = [await desk.numberOf('工单 2'), await desk.numberOf('工单 1')];
    expect(await statusOf(open, `/dashboard/tickets/${own}`, headers)).toBe(200);
    expect(await statusOf(open, `/dashboard/tickets/${other}`, headers)).toBe(404);
  });
});

test('links name their faults: a slip in a name, a filter that is none, an admin with a filter, no pages at all', async () => {
  const link = (filter: string[], role: 'manager' | 'admin' = 'manager') =>
    dashboardLink.run(desk.app, { role, name: null, days: 30, filter });
  await expect(link(['person=张维'])).rejects.toMatchObject({
    code: 'web-name',
    hint: expect.stringContaining('张伟'),
  });
  await expect(link(['华东'])).rejects.toMatchObject({ code: 'dashboard-bad-filter' });
  await expect(link(['shoe=big'])).rejects.toMatchObject({ code: 'dashboard-bad-filter' });
  await expect(link(['team=华东'], 'admin')).rejects.toMatchObject({ code: 'dashboard-admin-filter' });
  expect((await link(['team=华东|华北', 'status=处理中'])).filter).toEqual({
    team: ['华东', '华北'],
    status: ['open'],
  });
  const none = await openWebDesk({ settings: { web: null }, tickets: [] });
  await expect(dashboardLink.run(none.app, { role: 'admin', name: null, days: 1, filter: [] })).rejects.toMatchObject({
    code: 'dashboard-no-web',
  });
  await none.close();
});

test('the stream of changes tells nothing but that there are some, and ends when the pass does', async () => {
  const answer = await open.request('/dashboard/events', { headers: await cookieFor() });
  expect(answer.headers.get('content-type')).toContain('text/event-stream');
  const reader = answer.body!.getReader();
  const read = async (): Promise<string | null> => {
    const { value, done } = await reader.read();
    return done ? null : new TextDecoder().decode(value);
  };
  expect(await read()).toContain('retry');
  desk.live.changed(5);
  expect(await read()).toBe('event: figures\ndata: {"at":5}\n\n');
  desk.live.beat();
  expect(await read()).toBe(': alive\n\n');
  await dashboardRevoke.run(desk.app, {});
  desk.live.changed(6);
  expect(await read()).toBeNull();
  expect(desk.live.listeners).toBe(0);
});

test('nobody listens once the service has ended', async () => {
  const headers = await cookieFor();
  const answer = await open.request('/dashboard/events', { headers });
  desk.live.close();
  const text = await answer.text();
  expect(text).toContain('retry');
  expect(await statusOf(open, '/dashboard/events', headers)).toBe(503);
});
