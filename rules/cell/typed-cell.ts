/**
 * What the app made of what a person typed: `1-5` became a day, `1:30` a time, `50%` the number 0.5, `TRUE` a boolean, a
 * sign at the beginning a formula. Gives the text to read, or says what happened.
 */
import type { CellValue, DateCell } from '../../src/model/cell.ts';
import { cellText, isTimeOnly } from '../../src/model/typed.ts';
import type { CellColumn } from './column.ts';
import type { Piece } from './piece.ts';
import { Refusal } from './refusal.ts';

const ERROR_TEXT = /^#(?:REF!|N\/A|VALUE!|DIV\/0!|NAME\?|NUM!|NULL!|SPILL!|CALC!|GETTING_DATA|#+)$/i;
const FORMULA_TEXT = /^=\s*(?:\$?[A-Z]{1,3}\$?\d+\b|[A-Z][A-Z.]*\()/i;
/** Whole numbers from here on have lost digits in the app that stored them. */
const FIRST_UNSAFE = 1e15;
const LONGEST = 1000;

/** The text a cell stands for; a refusal tells what the app did instead. */
export function typedText(cell: CellValue, column: CellColumn): string {
  const at = (text: string): Piece => ({ text, at: 0 });
  if (cell === null) return '';
  if (typeof cell === 'string') return textOf(cell);
  if (typeof cell === 'boolean') {
    if (column.kind === 'number' || column.kind === 'duration') throw new Refusal('number', at(cellText(cell)));
    return cellText(cell);
  }
  if (typeof cell === 'number') return numberText(cell, column);
  switch (cell.kind) {
    case 'link':
      return textOf(cell.text);
    case 'covered':
      return '';
    case 'error':
      throw new Refusal('sheet-error', at(cell.code));
    case 'formula':
      throw new Refusal('spreadsheet-formula', at(`=${cell.formula}`), {
        suggestion: /^[+-]?\d+(?:\.\d+)?$/.test(cell.formula) ? cell.formula.replace(/^\+/, '') : null,
      });
    case 'date':
      return dateText(cell, column);
  }
}

function textOf(text: string): string {
  const piece = { text: text.trim(), at: 0 };
  if (text.length > LONGEST) throw new Refusal('too-long', piece, { params: { limit: String(LONGEST) } });
  if (ERROR_TEXT.test(piece.text)) throw new Refusal('sheet-error', piece);
  if (FORMULA_TEXT.test(piece.text)) throw new Refusal('spreadsheet-formula', piece);
  return text;
}

function numberText(cell: number, column: CellColumn): string {
  const text = String(cell);
  if (!Number.isFinite(cell) || Math.abs(cell) >= FIRST_UNSAFE) throw new Refusal('number', { text, at: 0 });
  if (column.kind === 'number' || !text.includes('e')) return text;
  throw new Refusal('number', { text, at: 0 });
}

function dateText(cell: DateCell, column: CellColumn): string {
  const shown = cellText(cell);
  if (column.kind === 'duration' && isTimeOnly(cell)) return shown;
  if ((column.kind === 'date' || column.kind === 'datetime') && !isTimeOnly(cell) && /^\d{4}-/.test(shown))
    return shown;
  const [, month, day] = /^-?\d+-(\d\d)-(\d\d)/.exec(shown)?.map(Number) ?? [];
  const known = month !== undefined && day !== undefined;
  const range = column.kind === 'number' && known ? `${month}..${day}` : null;
  throw new Refusal(
    'excel-date',
    { text: shown, at: 0 },
    {
      suggestion: range,
      params: { date: shown, typed: known ? `${month}-${day} / ${month}/${day}` : shown },
    },
  );
}
