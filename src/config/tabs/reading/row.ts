/** One row of a config tab while it is read: its cells by column key, and what is noted about them. */
import type { MessageKey } from '../../../messages/index.ts';
import { type CellValue, type DateCell, shownText } from '../../../model/cell.ts';
import type { Fault, TypedCell } from '../../../model/field.ts';
import { cellText, plainText } from '../../../model/typed.ts';
import { type CellNote, cellNote, type NoteParams, type RowState } from './note.ts';

/** Nothing a person can see. */
export function isBlank(cell: CellValue | undefined): boolean {
  if (cell === null || cell === undefined) return true;
  if (typeof cell === 'string') return plainText(cell) === '';
  if (typeof cell !== 'object') return false;
  if (cell.kind === 'covered') return true;
  if (cell.kind === 'link') return plainText(cell.text) === '';
  return cell.kind === 'formula' && isBlank(cell.result);
}

/** What a person typed, an error aside: a formula stands for its result, a link for its text. */
export function typedCell(cell: CellValue | undefined): TypedCell | null {
  if (cell === undefined || isBlank(cell)) return null;
  const plain = cell as Exclude<CellValue, null>;
  if (typeof plain !== 'object') return plain;
  switch (plain.kind) {
    case 'date':
      return plain;
    case 'link':
      return plain.text;
    case 'formula':
      return typedCell(plain.result);
    default:
      return null;
  }
}

/** The text of a cell, one line, plain forms. Empty for an error. */
export function plainCell(cell: CellValue | undefined): string {
  const typed = typedCell(cell);
  return typed === null ? '' : plainText(cellText(typed));
}

function errorOf(cell: CellValue | undefined): string | null {
  if (typeof cell !== 'object' || cell === null) return null;
  if (cell.kind === 'error') return cell.code;
  return cell.kind === 'formula' ? errorOf(cell.result) : null;
}

/** Key of the column the service writes its verdict into. */
export const CHECK_KEY = 'check';

const RANKS: readonly RowState[] = ['ok', 'warning', 'incomplete', 'error'];

export class TabRow {
  /** Counted from 0. */
  readonly row: number;
  readonly #cells: readonly CellValue[];
  readonly #places: ReadonlyMap<string, readonly number[]>;
  readonly #notes: CellNote[] = [];

  constructor(row: number, cells: readonly CellValue[], places: ReadonlyMap<string, readonly number[]>) {
    this.row = row;
    this.#cells = cells;
    this.#places = places;
    for (const [key, columns] of places) {
      // An error in the service's own cell is overwritten, not told.
      if (key === CHECK_KEY) continue;
      for (const at of columns) {
        const code = errorOf(cells[at]);
        if (code !== null) this.noteAt('error', at, 'tab-sheet-error', { typed: shownText(code) });
      }
    }
  }

  get notes(): readonly CellNote[] {
    return this.#notes;
  }

  /** The worst of what was noted. */
  get state(): RowState {
    return this.#notes.reduce<RowState>(
      (worst, { level }) => (RANKS.indexOf(level) > RANKS.indexOf(worst) ? level : worst),
      'ok',
    );
  }

  /** Nothing was noted that keeps the row from being in force. */
  get isSound(): boolean {
    return this.state === 'ok' || this.state === 'warning';
  }

  /** The cells of a column that may stand several times. */
  cells(key: string): readonly { readonly column: number; readonly cell: TypedCell }[] {
    return (this.#places.get(key) ?? []).flatMap((at) => {
      const cell = typedCell(this.#cells[at]);
      return cell === null ? [] : [{ column: at, cell }];
    });
  }

  /** A cell as typed; null when blank or not in the tab. */
  cell(key: string): TypedCell | null {
    return this.cells(key)[0]?.cell ?? null;
  }

  /** The raw content of a column, for readers of their own language. */
  raw(at: number): CellValue {
    return this.#cells[at] ?? null;
  }

  isBlank(key: string): boolean {
    return (this.#places.get(key) ?? []).every((at) => isBlank(this.#cells[at]));
  }

  /** The text of a cell, one line; empty when blank. */
  text(key: string): string {
    const cell = this.cell(key);
    return cell === null ? '' : plainText(cellText(cell));
  }

  /** A date cell, which is what an app makes of `1-5` or `3/10`. */
  date(key: string): DateCell | null {
    const cell = this.cell(key);
    return typeof cell === 'object' ? cell : null;
  }

  columnOf(key: string): number {
    return this.#places.get(key)?.[0] ?? 0;
  }

  note(level: CellNote['level'], key: string, code: MessageKey, params: NoteParams = {}): void {
    this.noteAt(level, this.columnOf(key), code, params);
  }

  noteAt(level: CellNote['level'], at: number, code: MessageKey, params: NoteParams = {}): void {
    this.#notes.push(cellNote(level, this.row, at, code, params));
  }

  /** What a field type said of a cell, in its own words. */
  noteFault(level: CellNote['level'], key: string, fault: Fault): void {
    const code = `fault.${fault.code}` as const;
    this.note(level, key, code, fault.params);
  }

  /** A yes-or-no cell; `usual` when blank. Another word is an error. */
  flag(key: string, usual: boolean): boolean {
    const cell = this.cell(key);
    if (cell === null) return usual;
    const word = plainText(cellText(cell))
      .toLowerCase()
      .replace(/\ufe0f/g, '');
    if (YES.has(word)) return true;
    if (!NO.has(word)) this.note('error', key, 'tab-not-a-flag', { typed: shortened(word) });
    return usual && !NO.has(word);
  }

  /** The words of a cell that holds several, each once: parted by 、 , ; | / or a line break. */
  words(key: string, separators = /[、,;|/\n]/): readonly string[] {
    const cell = this.cell(key);
    if (cell === null) return [];
    const parts = cellText(cell).normalize('NFKC').split(separators).map(plainText);
    return [...new Set(parts.filter((part) => part !== ''))];
  }
}

const YES = new Set(['是', '对', '有', '√', '✓', '✔', '☑', '✅', 'y', 'yes', 'true', '1', 'on', '启用', '开', '在职']);
const NO = new Set([
  '否',
  '不',
  '不是',
  '无',
  '×',
  'x',
  '✗',
  '✘',
  '☐',
  '❌',
  'n',
  'no',
  'false',
  '0',
  'off',
  '停用',
  '关',
  '离职',
]);

const LONGEST = 60;

/** A text as a message repeats it. */
export function shortened(text: string): string {
  return text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
}
