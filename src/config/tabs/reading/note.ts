/** What is told about a cell of a config tab. */
import { type Locale, type MessageKey, say } from '../../../messages/index.ts';
import { address } from '../../../model/cell.ts';

/** What fills the places of a message; `x-en` stands for `x` in English. */
export type NoteParams = Readonly<Record<string, string | number>>;

/** Something to tell about a cell. */
export interface CellNote {
  readonly level: 'warning' | 'error' | 'incomplete';
  /** Row and column of the cell, counted from 0. */
  readonly row: number;
  readonly column: number;
  /** The A1 address people see. */
  readonly address: string;
  readonly code: MessageKey;
  readonly params: NoteParams;
  /** The whole sentence, remedy included. */
  readonly message: Readonly<Record<Locale, string>>;
}

/** `incomplete`: something needed is still missing, so the row is not in force yet, and nobody is blamed. */
export type RowState = 'ok' | 'warning' | 'error' | 'incomplete';

/** A note with its address and its sentence in each language. */
export function cellNote(
  level: CellNote['level'],
  row: number,
  at: number,
  code: MessageKey,
  params: NoteParams,
): CellNote {
  const inEnglish = Object.entries(params).flatMap(([key, value]) =>
    key.endsWith('-en') ? [[key.slice(0, -3), value]] : [],
  );
  const message = {
    'zh-CN': say('zh-CN', code, params),
    en: say('en', code, { ...params, ...Object.fromEntries(inEnglish) }),
  };
  return { level, row, column: at, address: address(row, at), code, params, message };
}

/** A sentence of another part of the catalogue in both languages, as the param `reason` of a note. */
export function sentence(code: string, params: NoteParams): NoteParams {
  return { reason: say('zh-CN', code, params), 'reason-en': say('en', code, params) };
}

/** A word of the catalogue in both languages, as a param of a note. */
export function word(name: string, code: MessageKey): NoteParams {
  return { [name]: say('zh-CN', code), [`${name}-en`]: say('en', code) };
}
