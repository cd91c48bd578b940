/** Any workbook as a file, for the `xlsx` commands: cells read as typed, cells changed with everything else left as it lay. */
import { basename, dirname, join, resolve } from 'node:path';
import type { Operation } from '../../connectors/connector.ts';
import { parseCell, parseRange } from '../../connectors/xlsx/a1.ts';
import { notNow, realDisk } from '../../connectors/xlsx/disk.ts';
import { createWorkbookFile } from '../../connectors/xlsx/file.ts';
import { createLockWatcher } from '../../connectors/xlsx/lock.ts';
import { openPackage, PACKAGE_LIMITS } from '../../connectors/xlsx/package.ts';
import { patchWorkbook } from '../../connectors/xlsx/patch.ts';
import { readTab } from '../../connectors/xlsx/read.ts';
import { type Locale, say } from '../messages/index.ts';
import { address, type CellInput, type CellRange, type CellValue, cellAt, type Grid, wallText } from '../model/cell.ts';
import { InputError, NotFoundError, RetryableError, StaleError } from '../model/errors.ts';
import type { Clock } from '../ports.ts';

export interface ReadRange {
  readonly tab: string;
  readonly range: CellRange;
  readonly values: readonly (readonly CellValue[])[];
}

export interface Assignment {
  readonly tab: string;
  readonly row: number;
  readonly column: number;
  readonly value: CellInput;
}

/** The cells of `'Tab!A1:D20'`, `Tab` or `A1:D20`; whole tabs, rows and columns reach as far as anything stands in them. */
export async function readRange(path: string, target: string, clock: Clock, locale: Locale): Promise<ReadRange> {
  const { bytes } = await fileAt(path, clock).read().catch(notFound(path, locale));
  const pkg = await openPackage(bytes);
  const names = pkg.sheets.map((sheet) => sheet.name);
  const { tab, place } = splitTarget(target, names);
  const sheet = pkg.sheets.find((each) => each.name === tab);
  const range = place === null ? undefined : parseRange(place);
  if (sheet === undefined) throw unknownTab(tab, names, locale);
  if (range === null) {
    throw new InputError('bad-range', say(locale, 'cli-bad-range', { text: place ?? '' }), {
      hint: say(locale, 'cli-bad-range-hint'),
      details: { range: place },
    });
  }
  const grid = await readTab(pkg, sheet);
  const used = usedRange(grid);
  const wanted = range ?? used;
  // Whole rows and columns have no end of their own.
  const bottom = wanted.bottom > 1_000_000 ? used.bottom : wanted.bottom;
  const right = wanted.right > 16_000 ? used.right : wanted.right;
  const values: CellValue[][] = [];
  for (let row = wanted.top; row <= bottom; row++) {
    const line: CellValue[] = [];
    for (let column = wanted.left; column <= right; column++) line.push(cellAt(grid, row, column));
    values.push(line);
  }
  return { tab: sheet.name, range: { ...wanted, bottom, right }, values };
}

/**
 * Writes cells and saves atomically; the content from before is kept in `.rowkeeper/backups` beside the file. All or
 * nothing: throws `InputError` `bad-cells` when a cell cannot take its value, `RetryableError` while an app has the
 * file open, `StaleError` when somebody saved meanwhile.
 */
export async function writeCells(
  path: string,
  cells: readonly Assignment[],
  clock: Clock,
  locale: Locale,
): Promise<void> {
  const file = fileAt(path, clock);
  const locks = createLockWatcher(realDisk, clock);
  const assertFree = async (savedAtMs: number): Promise<void> => {
    const lock = await locks.check(await file.paths(), savedAtMs);
    if (lock === null) return;
    throw notNow(path, 'workbook-locked', 0, {
      ...(lock.holder === null ? {} : { key: 'workbook-locked-by' as const }),
      params: { lock: lock.file, holder: lock.holder ?? '' },
    });
  };
  const from = await file.read().catch(notFound(path, locale));
  const pkg = await openPackage(from.bytes);
  const names = pkg.sheets.map((sheet) => sheet.name);
  for (const { tab } of cells) if (!names.includes(tab)) throw unknownTab(tab, names, locale);
  await assertFree(file.savedAtMs());
  const operations = cells.map((cell): Operation => ({ kind: 'cell', ...cell }));
  const { bytes, outcomes } = await patchWorkbook(pkg, operations, { generation: null, allowFormulaOverwrite: true });
  const faults = outcomes.flatMap((outcome, index) => {
    const cell = cells[index];
    if (outcome.status !== 'rejected' || cell === undefined) return [];
    return [
      { cell: `${cell.tab}!${address(cell.row, cell.column)}`, message: say(locale, outcome.code, outcome.params) },
    ];
  });
  if (faults.length > 0) {
    const lines = faults.map((fault) => `  ${fault.cell}: ${fault.message}`);
    throw new InputError('bad-cells', [say(locale, 'cli-bad-cells', { file: basename(path) }), ...lines].join('\n'), {
      details: { problems: faults },
    });
  }
  const replaced = await file.replace({ from, bytes, assertFree });
  if (replaced === null) {
    throw new StaleError('workbook-changed', say(locale, 'cli-workbook-changed', { file: basename(path) }), {
      hint: say(locale, 'cli-workbook-changed-hint'),
    });
  }
}

/** `Tab!B2=text` as a cell and its value. Throws `InputError` `bad-assignment`. */
export function parseAssignment(text: string, asText: boolean, locale: Locale): Assignment {
  const match = /^('(?:[^']|'')+'|[^!]+)!(\$?[A-Za-z]{1,3}\$?\d+)=(.*)$/s.exec(text);
  const place = match === null ? null : parseCell(match[2] as string);
  if (match === null || place === null) {
    throw new InputError('bad-assignment', say(locale, 'cli-bad-cell-assignment', { text }), {
      hint: say(locale, 'cli-bad-cell-assignment-hint'),
      details: { assignment: text },
    });
  }
  const typed = match[3] as string;
  return { tab: unquoted(match[1] as string), ...place, value: asText ? typed : understood(typed) };
}

/** A cell as JSON: plain values as they are, dates as ISO text, formulas and errors as objects. */
export function cellJson(value: CellValue): unknown {
  if (value === null || typeof value !== 'object') return value;
  switch (value.kind) {
    case 'date':
      return wallText(value).replace(' ', 'T');
    case 'error':
      return { error: value.code };
    case 'formula':
      return { formula: value.formula, value: cellJson(value.result) };
    case 'link':
      return value.text;
    case 'covered':
      return null;
  }
}

/** A cell as a person reads it. */
export function cellShown(value: CellValue): string {
  if (value === null) return '';
  if (typeof value !== 'object') return typeof value === 'boolean' ? String(value).toUpperCase() : String(value);
  if (value.kind === 'formula') return cellShown(value.result);
  return value.kind === 'date'
    ? wallText(value)
    : value.kind === 'error'
      ? value.code
      : value.kind === 'link'
        ? value.text
        : '';
}

function fileAt(path: string, clock: Clock): ReturnType<typeof createWorkbookFile> {
  const full = resolve(path);
  return createWorkbookFile({
    path: full,
    backupDir: join(dirname(full), '.rowkeeper', 'backups'),
    maxFileBytes: PACKAGE_LIMITS.maxFileBytes,
    clock,
    disk: realDisk,
    changed: () => undefined,
  });
}

/** A file named on the command line that is not there is the caller's mistake; waiting would not help. */
function notFound(path: string, locale: Locale): (error: unknown) => never {
  return (error) => {
    if (error instanceof RetryableError && (error.code === 'workbook-absent' || error.code === 'folder-absent')) {
      throw new NotFoundError('file-not-found', say(locale, 'cli-file-not-found', { file: path }), { cause: error });
    }
    throw error;
  };
}

/** `'My Tab'!A1:B2` as tab and place; place null for a whole tab. */
function splitTarget(
  target: string,
  names: readonly string[],
): { readonly tab: string; readonly place: string | null } {
  const plain = unquoted(target);
  if (names.includes(plain)) return { tab: plain, place: null };
  const match = /^('(?:[^']|'')+'|.+)!([^!]*)$/s.exec(target);
  if (match !== null) return { tab: unquoted(match[1] as string), place: match[2] as string };
  return parseRange(target) === null ? { tab: plain, place: null } : { tab: names[0] ?? '', place: target };
}

function unquoted(name: string): string {
  return /^'.*'$/s.test(name) ? name.slice(1, -1).replaceAll("''", "'") : name;
}

function unknownTab(tab: string, names: readonly string[], locale: Locale): NotFoundError {
  return new NotFoundError('tab-not-found', say(locale, 'cli-tab-not-found', { tab }), {
    hint: say(locale, 'cli-tab-not-found-hint', { known: names.join(', ') }),
    details: { tab, known: names },
  });
}

function usedRange(grid: Grid): CellRange {
  const right = grid.rows.reduce((most, row) => Math.max(most, row.length - 1), -1);
  return { top: 0, left: 0, bottom: grid.rows.length - 1, right };
}

const NUMBER = /^[+-]?(?:0|[1-9]\d*)(?:\.\d+)?(?:e[+-]?\d{1,3})?$/i;
const DATE = /^(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d):(\d\d)(?::(\d\d))?)?$/;
/** A spreadsheet keeps 15 digits; a longer number is an id and stays text, as do leading zeros. */
const MAX_DIGITS = 15;

/** The value a typed text stands for. Nothing is ever a formula: a text that begins with `=` is that text. */
function understood(typed: string): CellInput {
  if (typed === '') return null;
  if (/^(true|false)$/i.test(typed)) return typed.toLowerCase() === 'true';
  if (
    NUMBER.test(typed) &&
    typed.replace(/e.*$/i, '').replace(/\D/g, '').length <= MAX_DIGITS &&
    Number.isFinite(Number(typed))
  ) {
    return Number(typed);
  }
  const date = DATE.exec(typed);
  if (date !== null) {
    const [year, month, day, hour = 0, minute = 0, second = 0] = date
      .slice(1)
      .map((part) => (part === undefined ? 0 : Number(part)));
    const wallMs = Date.UTC(year ?? 0, (month ?? 1) - 1, day, hour, minute, second);
    // A day such as 2026-02-30 would quietly become another one.
    const isReal =
      Number(month) <= 12 && hour < 24 && minute < 60 && second < 60 && new Date(wallMs).getUTCDate() === day;
    if (isReal && (year ?? 0) >= 1900) return { kind: 'date', wallMs, hasTime: date[4] !== undefined };
  }
  return typed;
}
