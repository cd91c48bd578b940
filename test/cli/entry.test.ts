/** The command's entry point on a program of its own: what is joined is the sources as they are, always. */
import { spawnSync } from 'node:child_process';
import {
  cpSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';

const root = resolve(import.meta.dirname, '../..');
const program = mkdtempSync(join(tmpdir(), 'rowkeeper-program-'));
const cache = join(program, 'node_modules/.cache');
const kept = join(cache, 'rowkeeper');

beforeAll(() => {
  for (const part of ['src', 'connectors', 'rules', 'migrations', 'package.json']) {
    cpSync(join(root, part), join(program, part), { recursive: true });
  }
  mkdirSync(join(program, 'node_modules'));
  for (const library of readdirSync(join(root, 'node_modules'))) {
    if (library !== '.cache') symlinkSync(join(root, 'node_modules', library), join(program, 'node_modules', library));
  }
});
beforeEach(() => rmSync(cache, { recursive: true, force: true }));
afterAll(() => rmSync(program, { recursive: true }));

function run(...argv: string[]): { readonly code: number | null; readonly out: string; readonly err: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(program, 'src/rowkeeper.js'), ...argv], {
    encoding: 'utf8',
  });
  return { code: status, out: stdout, err: stderr };
}

/** Changes a source for as long as `work` takes. */
function withChange(file: string, from: string, to: string, work: () => void): void {
  const path = join(program, file);
  const before = readFileSync(path, 'utf8');
  expect(before).toContain(from);
  writeFileSync(path, before.replace(from, to));
  try {
    work();
  } finally {
    writeFileSync(path, before);
  }
}

const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly version: string };

test('the sources are joined once; a change to one of them is in the next run, and taking it back needs nothing new', () => {
  expect(run('--version')).toEqual({ code: 0, out: `${version}\n`, err: '' });
  const [first] = readdirSync(kept);
  expect(run('--version')).toMatchObject({ code: 0 });
  expect(readdirSync(kept)).toEqual([first]);
  withChange('src/cli.ts', ".version(version, '", ".version(version + ' changed', '", () => {
    expect(run('--version').out).toBe(`${version} changed\n`);
  });
  expect(readdirSync(kept)).toHaveLength(2);
  expect(run('--version').out).toBe(`${version}\n`);
  expect(readdirSync(kept)).toHaveLength(2);
});

test('a fault is told with its place in the sources', () => {
  withChange('src/cli.ts', 'const stopping = new AbortController();', "throw new Error('broken here');", () => {
    const { code, err } = run('--version');
    expect(code).toBe(1);
    expect(err).toMatch(/broken here[\s\S]*src\/cli\.ts:\d+/);
  });
});

test('what was not started for a month goes when something new comes, what was started since stays', () => {
  run('--version');
  const [first] = readdirSync(kept);
  const old = new Date(Date.now() - 40 * 24 * 3_600_000);
  mkdirSync(join(kept, 'older'));
  for (const name of ['older', first!]) utimesSync(join(kept, name), old, old);
  run('--version');
  withChange('src/cli.ts', ".version(version, '", ".version(version + '!', '", () => run('--version'));
  expect(existsSync(join(kept, 'older'))).toBe(false);
  expect(readdirSync(kept)).toContain(first);
  expect(readdirSync(kept)).toHaveLength(2);
});

test('where nothing can be kept beside the libraries it runs from the sources themselves', () => {
  writeFileSync(cache, '');
  expect(run('--version')).toEqual({ code: 0, out: `${version}\n`, err: '' });
});
