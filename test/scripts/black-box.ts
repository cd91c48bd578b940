/**
 * The program from outside, as somebody finds it who has just cloned it: a copy of the tracked files with the installed
 * dependencies, its two commands, its workbooks, its exit codes. Prints a line a check and ends with `N passed, N failed`.
 */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { columnLetters } from '../../src/model/cell.ts';
import { until } from '../witness/service.ts';

const source = resolve(import.meta.dirname, '../..');
const copy = mkdtempSync(join(tmpdir(), 'rowkeeper-clone-'));
const workspace = join(copy, 'workspace');
const book = join(workspace, '售后工单.xlsx');
const tally = { passed: 0, failed: 0 };

type Json = Readonly<Record<string, unknown>>;
interface Run {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

async function check(name: string, test: () => Promise<void> | void): Promise<void> {
  try {
    await test();
    tally.passed++;
    console.log(`ok      ${name}`);
  } catch (error) {
    tally.failed++;
    console.log(`FAILED  ${name}: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function demand(holds: boolean, what: string): void {
  if (!holds) throw new Error(what);
}

interface KpiAnswer {
  readonly sections: readonly {
    readonly panels: readonly { readonly cards?: readonly { readonly kpi: string; readonly value: number }[] }[];
  }[];
}

const environment = { ...process.env, DATABASE_URL: '' };

/** One command, as typed in the folder of the copy. */
function run(...args: readonly string[]): Run {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['src/rowkeeper.js', ...args], {
    cwd: copy,
    env: environment,
    encoding: 'utf8',
  });
  return { code: status, out: stdout, err: stderr };
}

function json<T>(...args: readonly string[]): T {
  const { code, out, err } = run(...args, '--json');
  demand(code === 0, `${args.join(' ')} ended with ${code}: ${out}${err}`);
  return JSON.parse(out) as T;
}

const admin = join(workspace, '管理配置.xlsx');
const tickets = (): readonly Json[] => json('tickets');
const cells = (range: string, file = book): readonly (readonly unknown[])[] =>
  json<{ readonly values: readonly (readonly unknown[])[] }>('xlsx', 'get', file, range).values;
/** Letters of the column under a header. */
function headerColumns(tab = '工单', file = book): (header: string) => string {
  const header = cells(`${tab}!A1:BA1`, file)[0] ?? [];
  return (text) => columnLetters(header.indexOf(text));
}
const waitFor = <T>(look: () => T | undefined): Promise<T> => until(async () => look(), 20_000);

/** `npm start` in the copy, running once it has said so. */
async function start(): Promise<{
  readonly child: ChildProcess;
  readonly said: () => string;
  readonly ended: Promise<number | null>;
}> {
  const child = spawn('npm', ['start'], {
    cwd: copy,
    env: environment,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
  }
  let code: number | null | undefined;
  const ended = new Promise<number | null>((done) =>
    child.once('close', (status) => {
      code = status;
      done(status);
    }),
  );
  await until(async () => {
    demand(code === undefined, `npm start ended with ${code}: ${text}`);
    return text.includes('Ctrl-C') ? true : undefined;
  }, 60_000);
  return { child, said: () => text, ended };
}

/** Ctrl-C reaches the whole foreground group, npm and the service alike. */
async function interrupt({ child, ended }: Awaited<ReturnType<typeof start>>): Promise<number | null> {
  process.kill(-(child.pid as number), 'SIGINT');
  return ended;
}

function makeCopy(): void {
  const files = execFileSync('git', ['ls-files', '-z'], { cwd: source, encoding: 'utf8' }).split('\0');
  for (const file of files.filter((name) => name !== '' && existsSync(join(source, name)))) {
    mkdirSync(dirname(join(copy, file)), { recursive: true });
    copyFileSync(join(source, file), join(copy, file));
  }
  symlinkSync(join(source, 'node_modules'), join(copy, 'node_modules'));
}

async function runningService(): Promise<void> {
  const service = await start();
  const all = tickets();
  const number = String(all[0]?.ticket_no);
  const last = 1 + all.length;
  try {
    await check('npm start makes three workbooks with a history and says where they are', () => {
      for (const file of ['售后工单.xlsx', '管理配置.xlsx', 'KPI看板.xlsx']) {
        demand(existsSync(join(workspace, file)), `${file} is missing`);
        demand(service.said().includes(file), `${file} is not mentioned`);
      }
      demand(all.length >= 30, `only ${all.length} tickets`);
      demand(service.said().includes('http') || service.said().trim().split('\n').length < 20, 'the greeting is long');
    });
    await check('tickets --json speaks in the English keys', () => {
      for (const key of ['ticket_no', 'status', 'priority', 'title', 'custom', 'revision']) {
        demand(key in (all[0] as Json), `${key} is missing`);
      }
    });
    await check('a new row has its number in the file soon after the save', async () => {
      const row = last + 1;
      run('xlsx', 'set', book, `工单!D${row}=黑盒新问题`, `工单!C${row}=高`);
      const found = await waitFor(() => (cells(`工单!A${row}`)[0]?.[0] as string | null) ?? undefined);
      demand(/^T-\d{6}-[A-Z]{2}$/.test(found), `${found} is no number`);
      demand(
        tickets().some((ticket) => ticket.ticket_no === found && ticket.title === '黑盒新问题'),
        'no such ticket',
      );
    });
    await check('a changed cell is in the log with cell, old and new', async () => {
      run('xlsx', 'set', book, '工单!D2=黑盒改过');
      await waitFor(() => tickets().find((ticket) => ticket.title === '黑盒改过'));
      const changes = json<readonly Json[]>('log', number);
      const change = changes.at(-1) as Json;
      for (const key of ['at', 'happened_at', 'actor', 'source', 'field', 'old', 'new', 'cause'])
        demand(key in change, key);
      demand(
        change.field === 'title' && change.new === '黑盒改过' && change.old === all[0]?.title,
        JSON.stringify(change),
      );
      demand(String(change.source).includes('D2'), `source ${change.source}`);
    });
    await check('set shows in the file', async () => {
      demand(run('set', number, 'description=由命令行写入').code === 0, 'set failed');
      await waitFor(() => (cells('工单!E2')[0]?.[0] === '由命令行写入' ? true : undefined));
    });
    await check('a wrong value stays, is listed with its cell, and goes when it is mended', async () => {
      run('xlsx', 'set', book, '工单!C3=紧鸡');
      const problem = await waitFor(() => json<readonly Json[]>('problems').find(({ typed }) => typed === '紧鸡'));
      for (const key of ['kind', 'workbook', 'tab', 'cell', 'ticket_no', 'field', 'typed', 'current', 'message']) {
        demand(key in problem, `${key} is missing`);
      }
      demand(problem.cell === 'C3' && problem.field === 'priority', JSON.stringify(problem));
      demand(cells('工单!C3')[0]?.[0] === '紧鸡', 'the text is gone');
      await waitFor(() => (cells('问题清单!A1:K5').flat().includes('紧鸡') ? true : undefined));
      run('xlsx', 'set', book, '工单!C3=低');
      await waitFor(() => (json<readonly Json[]>('problems').length === 0 ? true : undefined));
    });
    await check('an urgent leak in Shanghai gets a person and a due time, and explain names the rule', async () => {
      const row = last + 2;
      const column = headerColumns();
      run('xlsx', 'set', book, `工单!C${row}=紧急`, `工单!D${row}=机房漏水`, `工单!${column('区域')}${row}=上海`);
      const number = await waitFor(() => (cells(`工单!A${row}`)[0]?.[0] as string | null) ?? undefined);
      await waitFor(() => cells(`工单!${column('负责人')}${row}`)[0]?.[0] ?? undefined);
      await waitFor(() => cells(`工单!${column('截止时间')}${row}`)[0]?.[0] ?? undefined);
      const { out } = run('explain', number);
      demand(out.includes('上海漏水抢修') && out.includes('机房漏水'), out);
    });
    await check(
      'a broken rule says why beside it and stays in force as it was; mended, it is in force again',
      async () => {
        const at = cells('规则!B1:B40', admin).findIndex(([name]) => name === '上海漏水抢修') + 1;
        const cell = `规则!${headerColumns('规则', admin)('区域')}${at}`;
        const verdict = (): string => String(cells(`规则!${headerColumns('规则', admin)('检查')}${at}`, admin)[0]?.[0]);
        run('xlsx', 'set', admin, `${cell}=公式: ? >`);
        await waitFor(() => (verdict().includes('⚠') ? true : undefined));
        run('xlsx', 'set', admin, `${cell}=上海`);
        await waitFor(() => (verdict() === '✓' ? true : undefined));
      },
    );
    await check('rules check and rules test find nothing wrong with the shipped rules', () => {
      demand(run('rules', 'check').code === 0, run('rules', 'check').out);
      demand(run('rules', 'test').code === 0, run('rules', 'test').out);
    });
    await check('a change of one ticket moves the KPI tab, the dashboard and the command alike', async () => {
      const board = join(workspace, 'KPI看板.xlsx');
      const address = /http:\/\/[\d.:]+\/dashboard/.exec(service.said())?.[0] ?? '';
      demand(address !== '', 'the greeting names no dashboard');
      const figure = (): number =>
        json<KpiAnswer>('kpi', '--section', 'overview').sections[0]!.panels[0]!.cards!.find(
          ({ kpi }) => kpi === 'created',
        )!.value;
      const shownInTab = (): unknown => cells('概览!A1:A12', board).flat();
      await waitFor(() => ((shownInTab() as unknown[]).includes(figure()) ? true : undefined));
      const before = figure();
      const row = last + 3;
      run('xlsx', 'set', book, `工单!D${row}=又一个新问题`);
      await waitFor(() => ((shownInTab() as unknown[]).includes(before + 1) ? true : undefined));
      demand(figure() === before + 1, `the command says ${figure()}`);
      const page = await (await fetch(`${address}/overview`)).text();
      demand(new RegExp(`>\\s*${before + 1}\\b`).test(page), 'the dashboard shows another figure');
      const listed = json<{ readonly tickets: readonly Json[] }>('kpi', '--tickets', 'created').tickets;
      demand(
        listed.some(({ title }) => title === '又一个新问题'),
        'the new ticket is not behind the figure',
      );
    });
    await check('figures draw pictures, and a period that is none is refused', () => {
      const { code, out } = run('kpi', '--period', 'last-90-days', '--png', join(copy, 'pictures'));
      demand(code === 0 && existsSync(join(copy, 'pictures', 'trend-flow.png')), out);
      demand(run('kpi', '--period', 'nonsense').code === 2, 'a period that is none was taken');
    });
    await check('a second start is refused and told who is there', () => {
      const second = run('start');
      demand(second.code === 3, `exit code ${second.code}`);
      demand(/\d{2,}/.test(second.err), `no process is named: ${second.err}`);
    });
    await check('sync --dry-run --json plans nothing while all is quiet', () => {
      const { planned } = json<{ readonly planned: readonly unknown[] }>('sync', '--dry-run');
      demand(planned.length === 0, JSON.stringify(planned));
    });
    await check('status --json tells of every tab', () => {
      const { tabs } = json<{ readonly tabs: readonly Json[] }>('status');
      demand(
        tabs.some(({ tab, mode }) => tab === '工单' && mode === 'live'),
        JSON.stringify(tabs),
      );
    });
  } finally {
    await check('Ctrl-C ends it cleanly', async () => {
      const code = await interrupt(service);
      // npm may pass the signal on as its own end; the service itself says when it has closed everything.
      demand(
        code !== 1 && service.said().trim().endsWith('已停止，数据都在。'),
        `exit code ${code}: ${service.said()}`,
      );
    });
  }
}

async function afterwards(): Promise<void> {
  const before = readFileSync(book);
  const kept = tickets();
  await check('sync --once --json counts, and changes nothing when nothing changed', () => {
    const { cycles } = json<{ readonly cycles: readonly Json[] }>('sync', '--once');
    for (const cycle of cycles) {
      for (const key of ['workbook', 'tab', 'read', 'created', 'applied', 'written', 'problems', 'conflicts', 'held']) {
        demand(key in cycle, `${key} is missing`);
      }
      demand(
        cycle.created === 0 && cycle.applied === 0 && cycle.written === 0 && cycle.held === null,
        JSON.stringify(cycle),
      );
    }
    demand(readFileSync(book).equals(before), 'the file changed');
  });
  await check('a second start carries on with the same tickets and leaves the file alone', async () => {
    const again = await start();
    const seen = tickets();
    await interrupt(again);
    demand(JSON.stringify(seen) === JSON.stringify(kept), 'other tickets than before');
    demand(readFileSync(book).equals(before), 'the file changed');
  });
  await check('an emptied column is held until it is released', async () => {
    const last = 1 + kept.length;
    const cleared = Array.from({ length: last - 1 }, (_, n) => `工单!E${n + 2}=`);
    demand(run('xlsx', 'set', book, ...cleared).code === 0, 'clearing failed');
    const held = run('sync', '--once', '--json');
    demand(held.code === 0 || held.code === 3, `exit code ${held.code}: ${held.err}`);
    demand(tickets().filter((ticket) => ticket.description !== null).length > 20, 'descriptions were cleared');
    demand(
      json<readonly Json[]>('problems').some(({ kind }) => kind === 'guard'),
      'nobody is told',
    );
    demand(run('release', 'team/工单').code === 0, 'release failed');
    run('sync', '--once');
    demand(
      tickets().every((ticket) => ticket.description === null),
      'the release had no effect',
    );
  });
  await check('doctor finds all in order', () => demand(run('doctor').code === 0, run('doctor').out));
}

async function wrongThings(): Promise<void> {
  const settings = join(workspace, 'rowkeeper.json');
  const good = readFileSync(settings, 'utf8');
  await check('a wrong rowkeeper.json is refused with every fault named', () => {
    const refused = (change: (given: Record<string, never>) => unknown, words: readonly string[]): void => {
      writeFileSync(settings, JSON.stringify(change(JSON.parse(good))));
      const { code, err } = run('sync', '--once');
      writeFileSync(settings, good);
      demand(code === 2, `exit code ${code}`);
      for (const word of words) demand(err.includes(word), `${word} is not named: ${err}`);
    };
    refused(
      (given) => ({ ...given, timezone: 'Asia/Shanghai', locale: 'fr' }),
      ['timezone', 'timeZone', 'locale', 'fr'],
    );
    refused((given) => ({ ...given, workbooks: { team: { path: '../outside.xlsx', tabs: {} } } }), ['outside.xlsx']);
  });
  await check('a wrong command, option or ticket is a usage error', () => {
    for (const args of [['synk'], ['sync', '--onse'], ['set', 'T-999999-ZZ', '状态=处理中'], ['log']]) {
      const { code, err } = run(...args);
      demand(code === 2 && err.trim() !== '', `${args.join(' ')} ended with ${code}: ${err}`);
    }
  });
  await check('with --json a failure is one document too', () => {
    const { code, out } = run('log', 'T-999999-ZZ', '--json');
    demand(code === 2 && typeof JSON.parse(out) === 'object', `${code}: ${out}`);
  });
  await check('a file that is no workbook is refused and left alone', () => {
    const junk = join(copy, 'junk.xlsx');
    writeFileSync(junk, 'PK\u0003\u0004 and nothing more');
    const { code, err } = run('xlsx', 'set', junk, 'A!A1=1');
    demand(code !== 0 && err.trim() !== '', `exit code ${code}`);
    demand(readFileSync(junk, 'utf8') === 'PK\u0003\u0004 and nothing more', 'it was changed');
  });
  await check('init refuses a folder in use', () => {
    const { code } = run('init', workspace);
    demand(code === 3, `exit code ${code}`);
  });
}

makeCopy();
try {
  await runningService();
  await afterwards();
  await wrongThings();
} finally {
  rmSync(copy, { recursive: true, force: true });
}
console.log(`\n${tally.passed} passed, ${tally.failed} failed`);
process.exitCode = tally.failed === 0 && tally.passed > 0 ? 0 : 1;
