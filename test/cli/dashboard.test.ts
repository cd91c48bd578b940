import { afterAll, beforeAll, expect, test } from 'vitest';
import { createDesk, type Desk } from './harness.ts';

let desk: Desk;
beforeAll(async () => {
  desk = await createDesk({ ROWKEEPER_SECRET: 'a secret of the operator' });
  expect((await desk.run('init', 'made', '--template', 'blank')).exitCode).toBe(0);
  await desk.freshWorkspace();
});
afterAll(() => desk.remove());

const dashboard = (...words: string[]) => desk.run('dashboard', ...words, '-w', 'ws');

test('a link names who it is for and until when; in words and as data', async () => {
  const told = await dashboard('link', '--role', 'manager', '--name', '李经理', '--days', '2');
  expect(told.exitCode).toBe(0);
  expect(told.out).toMatch(/^http:\/\/127\.0\.0\.1:8420\/dashboard\/login\?token=[\w.-]+\nmanager \(李经理\)/);
  const data = (await dashboard('link', '--role', 'admin', '--json')).json();
  expect(data).toMatchObject({ role: 'admin', name: null, filter: {} });
});

test('the service answers too while it holds the database', async () => {
  const app = await desk.serve('ws');
  expect((await dashboard('link', '--role', 'admin')).exitCode).toBe(0);
  expect((await dashboard('revoke', '--json')).json()).toEqual({ revoked: true });
  await app.close();
});

test.each([
  [['link'], '--role'],
  [['link', '--role', 'king'], 'manager'],
  [['link', '--role', 'manager', '--days', '0'], '3650'],
  [['link', '--role', 'manager', '--days', 'x'], '3650'],
  [['link', '--role', 'manager', '--filter', 'nix'], 'customer-level'],
  [['link', '--role', 'manager', '--filter', 'team=nix'], 'nix'],
])('%j is refused and says why', async (words, told) => {
  const { exitCode, err, out } = await dashboard(...words);
  expect([exitCode, out]).toEqual([2, '']);
  expect(err).toContain(told);
});
