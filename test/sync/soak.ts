/**
 * Plays as many histories as asked: `npm run soak -- --histories N [--model file|feishu|graph|records] [--seed S] [--workers 2]`, or one
 * after the other with `--go-on` whatever fails. The first failing history is shrunk, printed and stored in `test/regress`; figures
 * tell how many histories broke which invariant, and how often what is outside the promise was met (X1, X2). `npm run soak -- --tape FILE` plays one stored history and tells what happens. Exit code 1 on a violation.
 */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { type CampaignResult, playHistories, tellFailure } from './simulator/histories.ts';
import { play } from './simulator/play.ts';
import { saveRegression } from './simulator/regressions.ts';
import { MODELS, type Tape } from './simulator/tape.ts';

const { values } = parseArgs({
  options: {
    histories: { type: 'string', default: '10000' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000_007) },
    workers: { type: 'string', default: '2' },
    model: { type: 'string', default: 'file' },
    'go-on': { type: 'boolean', default: false },
    tape: { type: 'string' },
    child: { type: 'boolean', default: false },
  },
});
const histories = Number(values.histories);
const seed = Number(values.seed);
const workers = Number(values.workers);
const model = MODELS.find((name) => name === values.model);
if (
  model === undefined ||
  ![histories, seed, workers].every((n) => Number.isInteger(n) && n >= 0) ||
  workers < 1 ||
  histories < 1
) {
  console.error(
    'usage: npm run soak -- --histories N [--model file|feishu|graph|records] [--go-on] [--seed S] [--workers 2]',
  );
  process.exit(2);
}

const step = 100;
process.exitCode =
  values.tape !== undefined
    ? await tell(values.tape)
    : values.child || workers === 1
      ? await playShare()
      : await shareOut();

/** One history, line by line, and how everything stands at its end. */
async function tell(path: string): Promise<number> {
  const tape = JSON.parse(readFileSync(path, 'utf8')) as Tape;
  const { violations, books, store } = await play(tape, { narrate: (line) => console.log(line) });
  for (const [workbook, book] of books) {
    for (const [tab, sheet] of book.tabs) {
      console.log(`\n${workbook}/${tab}, generation ${book.generation}`);
      for (const row of sheet.rows) console.log(`  ${row.uid}: ${JSON.stringify(row.cells)}`);
    }
  }
  for (const [table, records] of store.root.tables) {
    for (const record of records.values()) console.log(`${table} ${JSON.stringify(record)}`);
  }
  for (const [id, binding] of store.root.bindings) {
    console.log(`${id} ${JSON.stringify(binding.head)}`);
    for (const row of binding.rows.values()) console.log(`  ${JSON.stringify(row)}`);
  }
  for (const problem of store.root.problems.values()) console.log(JSON.stringify(problem));
  for (const { id, message } of violations) console.log(`VIOLATION ${id}: ${message}`);
  return violations.length === 0 ? 0 : 1;
}

/** Plays in this process; tells its parent of progress, or draws the bar itself. */
async function playShare(): Promise<number> {
  const startedAt = performance.now();
  const result = await playHistories({
    model: model!,
    histories,
    seed,
    goOn: values['go-on'],
    onHistory: (played) => {
      if (played % step !== 0) return;
      if (process.send !== undefined) process.send(played);
      else drawBar(played, startedAt);
    },
  });
  if (process.send === undefined) endBar();
  console.log(tellFigures(result));
  if (result.failure !== null) {
    const name = saveRegression(result.failure.violations[0]!.id, result.failure.tape);
    console.log(
      `seed ${seed}: history ${result.played} failed, stored as test/regress/${name}\n${tellFailure(result.failure)}`,
    );
    return 1;
  }
  if (result.unrepeatable > 0) {
    console.log(`seed ${seed}: ${result.unrepeatable} of ${result.repeated} repeated histories went another way`);
    return 1;
  }
  console.log(`seed ${seed}: ${result.played} histories, no violation`);
  return 0;
}

/** How many histories broke each invariant, and how often the windows outside the promise were met (section 16). */
function tellFigures({ played, broken, counters }: CampaignResult): string {
  const ids = Array.from({ length: 16 }, (_, n) => `I${n + 1}`);
  const others = [...broken.keys()].filter((id) => !ids.includes(id));
  const figures = [...ids, ...others].map((id) => `${id} ${broken.get(id) ?? 0}`).join(', ');
  const of = (name: string): number => counters.get(name) ?? 0;
  const share = (n: number): string => `${((100 * n) / Math.max(1, of('cell written'))).toFixed(3)} %`;
  return [
    `${model}, seed ${seed}: ${played} histories; broken: ${figures}`,
    `outside the promise: X1 ${of('X1')} (${share(of('X1'))} of ${of('cell written')} cells written), X2 ${of('X2')} (${share(of('X2'))})`,
  ].join('\n');
}

/** One child a core; the bar shows all of them together. */
async function shareOut(): Promise<number> {
  const startedAt = performance.now();
  const progress = new Array<number>(workers).fill(0);
  const codes = await Promise.all(
    progress.map((_, worker) => {
      const share = Math.floor(histories / workers) + (worker < histories % workers ? 1 : 0);
      if (share === 0) return 0;
      const args = [
        ...process.execArgv,
        import.meta.filename,
        '--child',
        `--histories=${share}`,
        `--seed=${seed + worker}`,
        `--model=${model}`,
        ...(values['go-on'] ? ['--go-on'] : []),
      ];
      const child = spawn(process.execPath, args, { stdio: ['ignore', 'inherit', 'inherit', 'ipc'] });
      child.on('message', (played) => {
        progress[worker] = Number(played);
        drawBar(
          progress.reduce((sum, n) => sum + n, 0),
          startedAt,
        );
      });
      return new Promise<number>((resolve) => child.on('close', (code) => resolve(code ?? 1)));
    }),
  );
  endBar();
  return Math.max(...codes);
}

function drawBar(played: number, startedAt: number): void {
  if (!process.stderr.isTTY) return;
  const share = played / histories;
  const seconds = (performance.now() - startedAt) / 1000;
  const bar = '█'.repeat(Math.round(share * 30)).padEnd(30, '░');
  const left = Math.round((seconds / share) * (1 - share));
  process.stderr.write(`\r${bar} ${played}/${histories}  ${Math.round(played / seconds)}/s  ${left} s left   `);
}

function endBar(): void {
  if (process.stderr.isTTY) process.stderr.write('\n');
}
