/**
 * Independent witnesses: LibreOffice as the person who opens, types and saves, and as a reader; openpyxl as a second
 * reader. Neither shares code with us. `ROWKEEPER_REQUIRE_WITNESSES=1` (CI) makes a missing one a failure.
 */
import { type ChildProcessWithoutNullStreams, execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { TestContext } from 'vitest';

/** Debian's own interpreter, the one its office and openpyxl packages are built for. */
const python = '/usr/bin/python3';

/** Skips the test with its reason when a witness is missing; fails instead where all are required. */
export function requireWitness(context: TestContext, witness: 'office' | 'openpyxl'): void {
  // Without Pillow openpyxl drops the pictures it reads.
  const module = witness === 'office' ? 'uno' : 'openpyxl, PIL';
  const found =
    spawnSync(python, ['-c', `import ${module}`]).status === 0 &&
    (witness === 'openpyxl' || spawnSync('soffice', ['--version']).status === 0);
  if (found) return;
  const reason = `${witness === 'office' ? 'LibreOffice with its Python bridge' : 'openpyxl with Pillow'} is not installed`;
  if (process.env.ROWKEEPER_REQUIRE_WITNESSES === '1') throw new Error(reason);
  context.skip(reason);
}

/** A workbook held open in LibreOffice, with its lock file beside it until `close`. */
export interface OpenFile {
  /** Types texts into cells by A1 address; the office takes numbers, dates and formulas for what they look like. */
  type(tab: string, cells: Readonly<Record<string, string>>): Promise<void>;
  /** Rows counted from 0. */
  insertRows(tab: string, row: number, count: number): Promise<void>;
  removeRows(tab: string, row: number, count: number): Promise<void>;
  renameTab(tab: string, name: string): Promise<void>;
  /** To a place counted from 0. */
  moveTab(tab: string, position: number): Promise<void>;
  removeTab(tab: string): Promise<void>;
  removeChart(tab: string, name: string): Promise<void>;
  /** Names of the charts drawn on a tab, as the list of objects has them. */
  charts(tab: string): Promise<readonly string[]>;
  /** Sorts whole rows below the header row. */
  sort(tab: string, header: number, column: number, ascending: boolean): Promise<void>;
  /** Every cell as the text on the screen. */
  shown(tab: string): Promise<readonly (readonly string[])[]>;
  save(): Promise<void>;
  close(): Promise<void>;
}

export interface Office {
  open(path: string): Promise<OpenFile>;
  /** Opens, types, saves, closes: what a person does in one go. */
  edit(path: string, tab: string, cells: Readonly<Record<string, string>>): Promise<void>;
  /** The texts of a tab, from a fresh look at the file. */
  read(path: string, tab: string): Promise<readonly (readonly string[])[]>;
  toPdf(path: string, to: string): Promise<void>;
  /** A range of a tab as the screen shows it, with row and column headings, as a PDF of one page, the first row on top. */
  picture(path: string, tab: string, range: string, to: string): Promise<void>;
  close(): Promise<void>;
}

interface Answer {
  readonly ok: boolean;
  readonly result?: unknown;
  readonly error?: string;
}

/** Starts a headless LibreOffice with a profile of its own; about three seconds. Close it. */
export async function startOffice(): Promise<Office> {
  const profile = mkdtempSync(join(tmpdir(), 'rowkeeper-office-'));
  const hands: ChildProcessWithoutNullStreams = spawn(python, [join(import.meta.dirname, 'office.py'), profile]);
  const complaints: string[] = [];
  hands.stderr.setEncoding('utf8').on('data', (text: string) => complaints.push(text));
  const ended = new Promise<void>((resolve) => hands.once('close', () => resolve()));
  const answers = createInterface({ input: hands.stdout })[Symbol.asyncIterator]();

  const nextAnswer = async (): Promise<unknown> => {
    const line = await answers.next();
    if (line.done === true) throw new Error(`the office ended: ${complaints.join('')}`);
    const answer = JSON.parse(line.value) as Answer;
    if (!answer.ok) throw new Error(answer.error);
    return answer.result;
  };
  let queue: Promise<unknown> = nextAnswer();
  const ask = (order: Readonly<Record<string, unknown>>): Promise<unknown> => {
    const turn = async (): Promise<unknown> => {
      hands.stdin.write(`${JSON.stringify(order)}\n`);
      return nextAnswer();
    };
    queue = queue.then(turn, turn);
    return queue;
  };
  await queue;

  const open = async (path: string): Promise<OpenFile> => {
    await ask({ do: 'open', path });
    return {
      type: async (tab, cells) => void (await ask({ do: 'type', path, tab, cells })),
      insertRows: async (tab, row, count) => void (await ask({ do: 'insert_rows', path, tab, row, count })),
      removeRows: async (tab, row, count) => void (await ask({ do: 'remove_rows', path, tab, row, count })),
      renameTab: async (tab, name) => void (await ask({ do: 'rename_tab', path, tab, name })),
      moveTab: async (tab, position) => void (await ask({ do: 'move_tab', path, tab, position })),
      removeTab: async (tab) => void (await ask({ do: 'remove_tab', path, tab })),
      removeChart: async (tab, name) => void (await ask({ do: 'remove_chart', path, tab, name })),
      charts: async (tab) => (await ask({ do: 'charts', path, tab })) as readonly string[],
      sort: async (tab, header, column, ascending) =>
        void (await ask({ do: 'sort', path, tab, header, column, ascending })),
      shown: async (tab) => (await ask({ do: 'shown', path, tab })) as readonly (readonly string[])[],
      save: async () => void (await ask({ do: 'save', path })),
      close: async () => void (await ask({ do: 'close', path })),
    };
  };

  return {
    open,
    edit: async (path, tab, cells) => {
      const file = await open(path);
      await file.type(tab, cells);
      await file.save();
      await file.close();
    },
    read: async (path, tab) => {
      const file = await open(path);
      const texts = await file.shown(tab);
      await file.close();
      return texts;
    },
    toPdf: async (path, to) => void (await ask({ do: 'convert', path, to, filter: 'calc_pdf_Export' })),
    picture: async (path, tab, range, to) => void (await ask({ do: 'picture', path, tab, range, to })),
    close: async () => {
      hands.stdin.end();
      await ended;
      rmSync(profile, { recursive: true, force: true });
    },
  };
}

const READ_TAB = `
import json, sys, openpyxl
tab = openpyxl.load_workbook(sys.argv[1], data_only=True)[sys.argv[2]]
print(json.dumps([[None if v is None else v if isinstance(v, (int, float, str, bool)) else str(v) for v in row]
                  for row in tab.iter_rows(values_only=True)]))
`;

/** The values of a tab as openpyxl reads them; dates as `2026-03-10 11:30:00`. */
export function readWithOpenpyxl(
  path: string,
  tab: string,
): readonly (readonly (string | number | boolean | null)[])[] {
  return JSON.parse(execFileSync(python, ['-c', READ_TAB, path, tab], { encoding: 'utf8', maxBuffer: 1 << 28 }));
}

const DIGEST_PARTS = `
import hashlib, json, sys, zipfile
with zipfile.ZipFile(sys.argv[1]) as file:
    assert file.testzip() is None
    print(json.dumps({name: hashlib.sha256(file.read(name)).hexdigest() for name in file.namelist()}))
`;

/** Every part of a package by name with a digest of its bytes, as Python's zip module finds them; checks their sums on the way. */
export function partDigests(path: string): Readonly<Record<string, string>> {
  return JSON.parse(execFileSync(python, ['-c', DIGEST_PARTS, path], { encoding: 'utf8' }));
}

/** Makes a workbook with a tab 工单 of 30 rows and all that a team adds in years: charts, a photo, macros, comments, formats. */
export function makeRichWorkbook(path: string): void {
  execFileSync(python, [join(import.meta.dirname, 'rich-workbook.py'), path]);
}

const COUNT_OBJECTS = `
import json, sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1])
print(json.dumps({tab.title: {
    'charts': len(tab._charts), 'comments': sum(1 for row in tab.iter_rows() for cell in row if cell.comment),
    'formats': sum(len(each.rules) for each in tab.conditional_formatting), 'choices': len(tab.data_validations.dataValidation),
    'tables': len(tab.tables)} for tab in book.worksheets}))
`;

/** What openpyxl finds on each tab beside its cells. */
export function objectsByTab(path: string): Readonly<Record<string, Readonly<Record<string, number>>>> {
  return JSON.parse(execFileSync(python, ['-c', COUNT_OBJECTS, path], { encoding: 'utf8' }));
}

/** What a strict reader finds wrong with packages, by path: parts, relationships, order of elements, ids. */
export function packageFaults(paths: readonly string[]): Readonly<Record<string, readonly string[]>> {
  const output = execFileSync(python, [join(import.meta.dirname, 'check-package.py'), ...paths], {
    encoding: 'utf8',
    maxBuffer: 1 << 26,
  });
  return JSON.parse(output);
}

const DESCRIBE_CHARTS = `
import json, sys, openpyxl
def title(chart):
    runs = [run.t for line in chart.title.tx.rich.p for run in line.r or []] if chart.title else []
    return ''.join(runs)
def source(data):
    return None if data is None else (data.numRef or data.strRef).f
book = openpyxl.load_workbook(sys.argv[1])
print(json.dumps({tab.title: [{'type': type(chart).__name__, 'title': title(chart), 'series': [
    {'name': each.tx.strRef.f if each.tx else None, 'categories': source(each.cat or each.xVal), 'values': source(each.val or each.yVal)}
    for each in chart.series]} for chart in tab._charts] for tab in book.worksheets}))
`;

/** A chart as openpyxl reads it. */
export interface ReadChart {
  readonly type: string;
  readonly title: string;
  readonly series: readonly { readonly name: string | null; readonly categories: string; readonly values: string }[];
}

/** The charts on each tab as openpyxl reads them. */
export function chartsByTab(path: string): Readonly<Record<string, readonly ReadChart[]>> {
  return JSON.parse(execFileSync(python, ['-c', DESCRIBE_CHARTS, path], { encoding: 'utf8' }));
}

/** Opened and saved by openpyxl, as a script of somebody's would: what it does not know is lost. */
export function saveWithOpenpyxl(path: string): void {
  const script = 'import sys, openpyxl; openpyxl.load_workbook(sys.argv[1]).save(sys.argv[1])';
  execFileSync(python, ['-c', script, path]);
}
