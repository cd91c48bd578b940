/**
 * What a config tab is and how its rows are read: a header that people may word as they like, rows that may be half
 * typed, and for each row a verdict that can be written beside it. A faulty row never stops another.
 */
import type { Locale, MessageKey } from '../../../messages/index.ts';
import type { CalendarDefinition } from '../../../model/calendar-days.ts';
import { address, type Grid } from '../../../model/cell.ts';
import type { Field } from '../../../model/field.ts';
import { normaliseHeader } from '../../../model/header.ts';
import { nearest } from '../../../model/nearest.ts';
import { type CellNote, cellNote, type NoteParams, type RowState } from './note.ts';
import { CHECK_KEY, isBlank, plainCell, TabRow } from './row.ts';

/** What the tabs may refer to. `null`: not known here, so names are taken as they stand. */
export interface TabContext {
  readonly locale: Locale;
  /** IANA zone of the workspace. */
  readonly timeZone: string;
  /** The moment of reading, ISO 8601 in UTC: for years that were not typed. */
  readonly now: string;
  /** Fields of a ticket, its number included. */
  readonly fields: readonly Field[];
  /** Keys of the fields customers never see. */
  readonly internal: ReadonlySet<string>;
  readonly calendars: readonly CalendarDefinition[] | null;
  /** Names of the configured channels. */
  readonly channels: readonly string[] | null;
}

export interface RowCheck {
  /** Counted from 0. */
  readonly row: number;
  readonly state: RowState;
  readonly notes: readonly CellNote[];
}

export interface TabReading<Value> {
  /** What the rows without errors say. */
  readonly value: Value;
  /** Every row that is not blank, from top to bottom. */
  readonly rows: readonly RowCheck[];
  /** What is wrong with the header. With an error among it nothing was read. */
  readonly head: readonly CellNote[];
  /** Row of the header, -1 when there is none. */
  readonly headRow: number;
  /** Column of the 检查 cells, null when the tab has none. */
  readonly checkColumn: number | null;
}

/** A column of a tab. */
export interface ConfigColumn {
  readonly key: string;
  readonly label: Readonly<Record<Locale, string>>;
  /** Other texts people write above it. */
  readonly headers: readonly string[];
  /** A row without it is incomplete, a tab without it cannot be read. */
  readonly required?: true;
  /** May stand in the header more than once: morning and afternoon hours. */
  readonly repeated?: true;
}

/** `label` is `中文 / English`, `headers` a list with commas. */
export function column(
  key: string,
  label: string,
  headers = '',
  more: { readonly required?: true; readonly repeated?: true } = {},
): ConfigColumn {
  const [zh, en] = label.split(' / ') as [string, string];
  return { key, label: { 'zh-CN': zh, en }, headers: headers === '' ? [] : headers.split(', '), ...more };
}

/** The column the service writes its verdict into. */
export const checkColumn = column(CHECK_KEY, '检查 / Check', '检查结果, 校验, 状态检查, Status check, Result');

/** One kind of tab: a file in this folder and a line in `index.ts`. */
export interface ConfigTab<Value> {
  /** What `holds` calls it in `rowkeeper.json`. */
  readonly name: string;
  readonly columns: readonly ConfigColumn[];
  /** Pure and total: whatever stands in the grid, a reading comes back. */
  read(grid: Grid, context: TabContext): TabReading<Value>;
}

interface Head {
  readonly row: number;
  /** Columns by key, from left to right. */
  readonly places: ReadonlyMap<string, readonly number[]>;
  /** Columns with a text that names none of the tab's. */
  readonly others: readonly { readonly column: number; readonly text: string }[];
}

/** A title or a note may stand above the header. */
const ROWS_LOOKED_AT = 10;

/** The row in which most columns are named, the first of them. */
function findHead(grid: Grid, columns: readonly ConfigColumn[]): Head | null {
  const keys = new Map<string, string>();
  for (const each of columns) {
    for (const text of [each.label['zh-CN'], each.label.en, ...each.headers]) {
      const key = normaliseHeader(text);
      if (!keys.has(key)) keys.set(key, each.key);
    }
  }
  let best: Head | null = null;
  for (const [row, cells] of grid.rows.slice(0, ROWS_LOOKED_AT).entries()) {
    const places = new Map<string, number[]>();
    const others: { column: number; text: string }[] = [];
    for (const [at, cell] of cells.entries()) {
      const text = isBlank(cell) ? '' : plainCell(cell);
      if (text === '') continue;
      const key = keys.get(normaliseHeader(text));
      if (key === undefined) others.push({ column: at, text });
      else places.set(key, [...(places.get(key) ?? []), at]);
    }
    if (places.size > (best?.places.size ?? 0)) best = { row, places, others };
  }
  return best;
}

/** What a tab's own code is given for its rows. */
export interface TabRows {
  readonly rows: readonly TabRow[];
  /** Header cells that name none of the tab's columns. */
  readonly others: Head['others'];
  /** Adds a note on a header cell. */
  noteHead(level: 'warning' | 'error', column: number, code: MessageKey, params?: NoteParams): void;
}

/**
 * Finds header and rows of a tab and lets `read` take the rows that have all required cells. A header that lacks a
 * required column gives `empty`. `takesOthers`: further headers mean something to the tab, so it judges them itself.
 */
export function readTab<Value>(
  grid: Grid,
  columns: readonly ConfigColumn[],
  empty: Value,
  read: (rows: TabRows) => Value,
  { takesOthers = false }: { readonly takesOthers?: boolean } = {},
): TabReading<Value> {
  const all = [...columns, checkColumn];
  const head = findHead(grid, all);
  const notes: CellNote[] = [];
  const noteHead = (level: 'warning' | 'error', at: number, code: MessageKey, params: NoteParams = {}) =>
    notes.push(cellNote(level, head?.row ?? 0, at, code, params));
  const missing = columns.filter((each) => each.required && !head?.places.has(each.key));
  for (const { label } of missing) {
    notes.push(cellNote('error', head?.row ?? 0, 0, 'tab-no-column', columnParams(label)));
  }
  for (const each of all) {
    const [first, ...more] = head?.places.get(each.key) ?? [];
    if (each.repeated) continue;
    for (const at of more) {
      noteHead('warning', at, 'tab-column-twice', { ...columnParams(each.label), first: lettersOf(first) });
    }
  }
  if (!takesOthers) {
    const known = all.flatMap(({ label, headers }) => [label['zh-CN'], label.en, ...headers]);
    for (const { column: at, text } of head?.others ?? []) {
      const meant = nearest(text, known);
      if (meant !== null) noteHead('warning', at, 'tab-header-near', { typed: text, meant });
    }
  }
  const headRow = head?.row ?? -1;
  const check = head?.places.get(checkColumn.key)?.[0] ?? null;
  if (head === null || missing.length > 0) {
    return { value: empty, rows: [], head: notes, headRow, checkColumn: check };
  }

  const rows = grid.rows.slice(head.row + 1).flatMap((cells, n): TabRow[] => {
    const filled = cells.some((cell, at) => at !== check && !isBlank(cell));
    return filled ? [new TabRow(head.row + 1 + n, cells, head.places)] : [];
  });
  const whole = rows.filter((row) => {
    const lacking = columns.filter((each) => each.required && row.isBlank(each.key));
    for (const { key, label } of lacking) {
      row.note('incomplete', key, 'tab-incomplete', columnParams(label));
    }
    return lacking.length === 0;
  });
  const value = read({ rows: whole, others: head.others, noteHead });
  return {
    value,
    rows: rows.map((row) => ({ row: row.row, state: row.state, notes: row.notes })),
    head: notes,
    headRow,
    checkColumn: check,
  };
}

function lettersOf(at: number | undefined): string {
  return address(0, at ?? 0).slice(0, -1);
}

function columnParams(label: ConfigColumn['label']): NoteParams {
  return { column: label['zh-CN'], 'column-en': label.en };
}
