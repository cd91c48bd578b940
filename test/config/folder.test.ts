import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { readEnvironment } from '../../src/config/env.ts';
import { chooseFolder, missingWorkbookError, missingWorkbooks, openFolder } from '../../src/config/folder.ts';

let dir: string;
const none = readEnvironment({});

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'rowkeeper-'));
});
afterEach(async () => {
  await rm(dir, { recursive: true, force: true });
});

async function workspace(path: string, more: object = {}): Promise<string> {
  const at = join(dir, 'ws');
  await mkdir(at, { recursive: true });
  const data = { ...more, workbooks: { team: { path, tabs: { 工单: { holds: 'tickets' } } } } };
  await writeFile(join(at, 'rowkeeper.json'), JSON.stringify(data));
  return at;
}

test('a folder without settings is named, with the command that makes one', async () => {
  await expect(openFolder(join(dir, 'nowhere'), none)).rejects.toMatchObject({
    code: 'config-no-workspace',
    hint: expect.stringContaining('rowkeeper init'),
  });
});

test('a link that leads out of the workspace is refused, as a file, a folder, and before it exists', async () => {
  const at = await workspace('out/a.xlsx');
  await mkdir(join(dir, 'elsewhere'));
  await symlink(join(dir, 'elsewhere'), join(at, 'out'));
  await expect(openFolder(at, none)).rejects.toMatchObject({ code: 'config-invalid' });

  await writeFile(join(dir, 'elsewhere', 'b.xlsx'), '');
  await symlink(join(dir, 'elsewhere', 'b.xlsx'), join(at, 'b.xlsx'));
  await workspace('b.xlsx');
  await expect(openFolder(at, none)).rejects.toMatchObject({ code: 'config-invalid' });

  await symlink(join(dir, 'elsewhere', 'c.xlsx'), join(at, 'c.xlsx'));
  await workspace('c.xlsx');
  await expect(openFolder(at, none)).rejects.toMatchObject({ code: 'config-invalid' });
});

test('a link inside the workspace, and a workspace that is itself a link, are fine', async () => {
  const at = await workspace('in/a.xlsx');
  await mkdir(join(at, 'real'));
  await symlink(join(at, 'real'), join(at, 'in'));
  await symlink(at, join(dir, 'alias'));
  const folder = await openFolder(join(dir, 'alias'), none);
  expect(missingWorkbooks(folder)).toEqual(['team']);
  expect(missingWorkbookError(folder, ['team']).message).toContain('in/a.xlsx');
  await writeFile(join(at, 'real', 'a.xlsx'), '');
  expect(missingWorkbooks(folder)).toEqual([]);
});

test('the environment moves the database, and a bad address is refused without being repeated', async () => {
  const at = await workspace('a.xlsx', { database: 'postgres://me@host/one' });
  expect((await openFolder(at, none)).database).toEqual({ kind: 'postgres', url: 'postgres://me@host/one' });
  const other = readEnvironment({ DATABASE_URL: 'postgres://me:pw@host/two' });
  expect((await openFolder(at, other)).database).toEqual({ kind: 'postgres', url: 'postgres://me:pw@host/two' });
  const bad = await openFolder(at, readEnvironment({ DATABASE_URL: 'mysql://me:pw@host' })).catch((error) => error);
  expect(bad.details.problems).toMatchObject([{ path: 'DATABASE_URL' }]);
  expect(JSON.stringify([bad.message, bad.hint, bad.details])).not.toContain('pw');
});

test('the folder of a command: as given, else the current workspace, else ./workspace', async () => {
  const at = await workspace('a.xlsx');
  expect(chooseFolder('x', dir)).toBe(join(dir, 'x'));
  expect(chooseFolder(undefined, at)).toBe(at);
  expect(chooseFolder(undefined, dir)).toBe(join(dir, 'workspace'));
});
