/**
 * The tree keeps its shape: imports point one way, part files stand in their lists, texts exist in every language, and
 * what must stay out of a place stays out. The rules are data; a failure names the file and the rule.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';
import { catalogue } from '../src/messages/index.ts';

const root = resolve(import.meta.dirname, '..');

/** From top to bottom; a place may import itself and whatever stands in a later line. */
const order: readonly (readonly string[])[] = [
  ['src/rowkeeper.js'],
  ['src/joined-sources.js'],
  ['src/cli.ts'],
  ['src/cli/'],
  ['src/node.ts', 'src/service.ts', 'src/serve.ts'],
  ['src/due.ts'],
  ['src/web/'],
  ['src/control.ts'],
  ['src/kpi-loop.ts'],
  ['src/app/'],
  ['src/app.ts'],
  ['src/templates/'],
  ['src/automation/', 'src/admin/'],
  ['src/sync/', 'src/jobs/', 'src/kpi/'],
  ['src/config/', 'src/db/'],
  ['src/notify/'],
  ['connectors/', 'rules/'],
  ['src/edit.ts'],
  ['src/store.ts', 'src/ports.ts'],
  ['src/package-folder.ts'],
  ['src/messages/'],
  ['src/model/'],
];

/** Every file of a folder must be named in the list beside it. `aside`: files that are not parts. */
const lists: readonly { readonly folder: string; readonly list: string; readonly aside: RegExp }[] = [
  { folder: 'src/model/fields', list: 'src/model/fields/index.ts', aside: /^index\.ts$/ },
  { folder: 'src/config/tabs', list: 'src/config/tabs/index.ts', aside: /^index\.ts$/ },
  { folder: 'src/messages', list: 'src/messages/index.ts', aside: /^(index|catalogue)\.ts$/ },
  { folder: 'rules/actions', list: 'rules/actions/index.ts', aside: /^index\.ts$/ },
  {
    folder: 'src/notify',
    list: 'src/notify/index.ts',
    aside:
      /^(index|channel|cloud-signature|daily-cap|exchange|feishu-card|letter|message|outbound|addresses|policy|quiet-hours|settings|shapes|template)\.ts$/,
  },
  {
    folder: 'src/kpi/kpis',
    list: 'src/kpi/index.ts',
    aside: /^(common|promises|ratings|resolution)\.ts$/,
  },
  { folder: 'connectors', list: 'connectors/index.ts', aside: /^(index|connector|call)\.ts$|-api\.ts$/ },
  { folder: 'migrations', list: 'migrations/meta/_journal.json', aside: /^meta$/ },
];

/** Text that must not stand in the files of a place. */
const bans: readonly { readonly where: RegExp; readonly text: RegExp; readonly why: string }[] = [
  {
    where: /^(src\/(sync|model|messages|kpi)|rules)\/.*\.ts$/,
    text: /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bset(Timeout|Interval|Immediate)\b|\bperformance\.|\bprocess\.|['"]node:/,
    why: 'clock, chance, timers and Node are handed in',
  },
  {
    where: /^src\/notify\/.*\.ts$/,
    text: /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bset(Timeout|Interval|Immediate)\b/,
    why: 'messages wait in rows, not in timers, and the time is handed in',
  },
  { where: /./, text: /(?<![\w~})\]])\/(work|root|tmp)\//, why: "one machine's paths are not everybody's" },
  { where: /./, text: /registry\.[a-z]+\.(org|com)|npm[m]irror/, why: 'registries are configured, not named' },
  {
    where: /^(src|connectors|rules|test)\/.*\.ts$/,
    text: /\b(TO[D]O|FIX[M]E|XX[X])\b/,
    why: 'finish it or leave it out',
  },
  { where: /^(src|connectors|rules)\/.*\.ts$/, text: /^(?!\/\*\*|\/\/|#!)/, why: 'a file opens with what it is for' },
];

const tracked = execFileSync('git', ['ls-files', '-z'], { cwd: root, encoding: 'utf8' })
  .split('\0')
  .filter((file) => file !== '' && existsSync(join(root, file)));
const code = tracked.filter((file) => /^(src|connectors|rules)\/.*\.[jt]s$/.test(file));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** The place of a file and its line in the order, or null. A place that ends in `/` holds all below it. */
function placeOf(file: string): { readonly place: string; readonly line: number } | null {
  for (const [line, places] of order.entries()) {
    const place = places.find((name) => (name.endsWith('/') ? file.startsWith(name) : file === name));
    if (place !== undefined) return { place, line };
  }
  return null;
}

/** Paths of our own files that a file imports, also for types and on demand. */
function importsOf(file: string): readonly string[] {
  const specifiers = read(file).matchAll(/(?:\bfrom|\bimport)\s*\(?\s*['"](\.[^'"]+)['"]/g);
  return [...specifiers].map(([, path]) => relative(root, resolve(root, dirname(file), path as string)));
}

describe('layout', () => {
  test('every source file has its place, a plain name and imports that point down', () => {
    const faults = code.flatMap((file) => {
      const from = placeOf(file);
      if (from === null) return [`${file}: no place in the order of imports`];
      const named = /^[a-z0-9]+(-[a-z0-9]+)*(\.config)?\.[jt]s$/.test(basename(file))
        ? []
        : [`${file}: not a kebab-case name`];
      const arrows = importsOf(file).filter((target) => {
        const to = placeOf(target);
        return to === null || (to.place !== from.place && to.line <= from.line);
      });
      return [...named, ...arrows.map((target) => `${file} imports ${target}`)];
    });
    expect(faults).toEqual([]);
  });

  test.each(lists)('$list names every part of $folder', ({ folder, list, aside }) => {
    const parts = readdirSync(join(root, folder), { withFileTypes: true })
      .filter((entry) => entry.isFile() && !aside.test(entry.name))
      .map((entry) => entry.name);
    const text = read(list);
    expect(parts.filter((part) => !text.includes(part) && !text.includes(part.replace(/\.sql$/, '"')))).toEqual([]);
  });

  test.each(bans)('$why', ({ where, text }) => {
    const files = tracked.filter((file) => where.test(file) && !/\.(png|xlsx|svg|gz)$|^package-lock\.json$/.test(file));
    expect(files.filter((file) => text.test(read(file)))).toEqual([]);
  });

  test('every message stands in each language with the same places', () => {
    const places = (text: string): string => [...new Set(text.match(/\{\w+\}/g))].sort().join();
    const faults = Object.entries(catalogue).filter(
      ([, text]) => text.en.trim() === '' || text['zh-CN'].trim() === '' || places(text.en) !== places(text['zh-CN']),
    );
    expect(faults.map(([key]) => key)).toEqual([]);
  });

  test('Chinese texts have the punctuation of Chinese', () => {
    // Han on either side, or a colon right behind what is filled in. Examples of rules are the language of the cells.
    const narrow = /\p{Script=Han}[”」）》]?[,;]|[,;][“「（《]?\p{Script=Han}|\}:[\p{Script=Han}]/u;
    const faults = Object.entries(catalogue).filter(
      ([key, text]) => narrow.test(text['zh-CN']) && !key.startsWith('rule.example.'),
    );
    expect(faults.map(([key]) => key)).toEqual([]);
  });
});
