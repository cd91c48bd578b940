/**
 * `npm run bench [-- --rows 10000,100000] [--only read,cell] [--runs N] [--json]`: how fast the main work is, always as
 * ratios within one run, because machines differ. Every measurement runs in a fresh process; runs of one size are
 * interleaved, so that a noisy minute hits all alike. The figure is the median.
 */
import { execFile, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs, promisify } from 'node:util';
import { openBenchDatabase } from './database.ts';
import { makeImportWorkbook } from './import-workbook.ts';
import { type Figure, format, judge, type Line, median } from './table.ts';
import { makeBenchWorkbook } from './workbook-fixture.ts';
import { peers, type Work, works } from './works.ts';

const COLUMNS = 20;
const here = import.meta.dirname;
const run = promisify(execFile);

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '10000,100000' },
    only: { type: 'string', default: works.map(({ name }) => name).join() },
    runs: { type: 'string', default: '3' },
    json: { type: 'boolean', default: false },
  },
});
const sizes = options.rows.split(',').map(Number);
const names = options.only.split(',');
const runs = Number(options.runs);
const unknown = names.filter((name) => !works.some((work) => work.name === name));
if (unknown.length > 0 || ![...sizes, runs].every((count) => Number.isInteger(count) && count > 0)) {
  console.error(`--only takes ${works.map(({ name }) => name).join()}; --rows and --runs take whole numbers`);
  process.exit(2);
}

const progress = (text: string): void => {
  if (process.stderr.isTTY) process.stderr.write(`\r\u001b[2K${text}`);
};

const isInstalled = (library: string): boolean => existsSync(join(here, 'node_modules', library));
const manifest = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8')) as Record<string, object>;
const libraries = [...Object.keys(manifest.dependencies ?? {}), ...Object.keys(manifest.optionalDependencies ?? {})];
if (!libraries.every(isInstalled)) {
  progress('installing the libraries to compare with');
  const installed = spawnSync('npm', ['install', '--no-package-lock', '--prefix', here], {
    stdio: ['ignore', 'ignore', 'inherit'],
    shell: process.platform === 'win32',
  });
  if (installed.status !== 0) process.exit(1);
}

/** A work without the comparisons whose library could not be installed. */
function withoutMissing(work: Work): Work {
  const missing = Object.entries(work.against).filter(([, names]) =>
    names.split('+').some((name) => peers[name] !== undefined && !isInstalled(peers[name])),
  );
  if (missing.length === 0) return work;
  console.error(
    `${work.title}: ${missing.map(([title]) => title).join(', ')} could not be installed here and is left out`,
  );
  return {
    ...work,
    against: Object.fromEntries(
      Object.entries(work.against).filter((each) => !missing.some(([title]) => title === each[0])),
    ),
  };
}

const chosen = works.filter(({ name }) => names.includes(name)).map(withoutMissing);

const importVariant = (path: string): string => path.replace(/\.xlsx$/, '-import.xlsx');

/** One measurement once, in a process and a folder of its own. */
async function measureOnce(
  name: string,
  path: string,
  rows: number,
  folder: string,
  database: string | undefined,
): Promise<Figure> {
  mkdirSync(folder);
  const given = JSON.stringify({ path, importPath: importVariant(path), folder, rows, columns: COLUMNS, database });
  const args = ['--import', 'tsx', '--max-old-space-size=8192', join(here, 'measure.ts'), name, given];
  const { stdout } = await run(process.execPath, args, { maxBuffer: 1 << 26 });
  rmSync(folder, { recursive: true });
  return JSON.parse(stdout.trim().split('\n').at(-1) as string) as Figure;
}

/** Names of all measurements the works need, each once. */
const measurements = (list: readonly Work[]): readonly string[] => [
  ...new Set(list.flatMap((work) => [work.ours, ...Object.values(work.against)]).flatMap((name) => name.split('+'))),
];

function medianOf(figures: readonly Figure[]): Figure {
  return {
    ms: median(figures.map(({ ms }) => ms)),
    peakMb: median(figures.map(({ peakMb }) => peakMb)),
    counts: figures.at(-1)?.counts ?? {},
  };
}

const folder = mkdtempSync(join(tmpdir(), 'rowkeeper-bench-'));
const database = chosen.some(({ needsDatabase }) => needsDatabase) ? await openBenchDatabase(folder) : null;
const lines: Line[] = [];
try {
  for (const rows of sizes) {
    const path = join(folder, `${rows}.xlsx`);
    progress(`making a workbook of ${rows} x ${COLUMNS}`);
    makeBenchWorkbook(rows, COLUMNS, path);
    await makeImportWorkbook(path, importVariant(path));
    const due = chosen.filter(({ onlyRows = rows }) => onlyRows === rows);
    const needed = measurements(due);
    const figures = new Map<string, Figure[]>(needed.map((name) => [name, []]));
    for (let round = 1; round <= runs; round++) {
      for (const [n, name] of needed.entries()) {
        progress(`${rows} rows, round ${round} of ${runs}: ${name} (${n + 1} of ${needed.length})`);
        figures.get(name)?.push(await measureOnce(name, path, rows, join(folder, 'one'), database?.url));
      }
    }
    const figure = (names: string): Figure => {
      const parts = names.split('+').map((name) => medianOf(figures.get(name) ?? []));
      return {
        ms: parts.reduce((sum, { ms }) => sum + ms, 0),
        peakMb: Math.max(...parts.map(({ peakMb }) => peakMb)),
        counts: parts[0]?.counts ?? {},
      };
    };
    for (const work of due) {
      const theirs = new Map(Object.entries(work.against).map(([title, names]) => [title, figure(names)]));
      const ours = figure(work.ours);
      for (const [title, { counts }] of theirs) {
        const differing = (work.same ?? []).filter((key) => counts[key] !== ours.counts[key]);
        if (differing.length > 0) throw new Error(`${work.title}: ${differing.join()} of ${title} differ from ours`);
      }
      lines.push(judge(work, rows, ours, theirs));
    }
  }
} finally {
  progress('');
  await database?.close();
  rmSync(folder, { recursive: true, force: true });
}

if (options.json) console.log(JSON.stringify({ node: process.version, runs, columns: COLUMNS, lines }, null, 2));
else {
  console.log(`Node ${process.version}, ${COLUMNS} columns, median of ${runs}; time and memory are theirs over ours\n`);
  console.log(format(lines));
}
