/** The text format of COPY, in both directions (PostgreSQL manual, COPY, "Text Format"). Pure. */
import { Buffer } from 'node:buffer';
import type { Param } from './sql.ts';
import { storable } from './sql.ts';

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\t': '\\t', '\n': '\\n', '\r': '\\r' };
const unescapes: Readonly<Record<string, string>> = { t: '\t', n: '\n', r: '\r', b: '\b', f: '\f', v: '\v' };

/** One line, with its line break. */
export function copyLine(values: readonly Param[]): string {
  let line = '';
  for (let i = 0; i < values.length; i++) {
    if (i > 0) line += '\t';
    const value = values[i];
    if (value === null || value === undefined) line += '\\N';
    else if (typeof value === 'string') line += escaped(value);
    else line += value;
  }
  return `${line}\n`;
}

/** The same line for values of which the caller knows that nothing in them is to be escaped. */
export function plainLine(values: readonly Param[]): string {
  let line = '';
  for (let i = 0; i < values.length; i++) {
    if (i > 0) line += '\t';
    line += values[i] ?? '\\N';
  }
  return `${line}\n`;
}

/**
 * A text that `JSON.stringify` made, as a value of `plainLine`: of all that a line must escape it can hold only the
 * backslash, and to look for that alone is quick.
 */
export function escapedJson(text: string): string {
  return text.includes('\\') ? text.replaceAll('\\', '\\\\') : text;
}

/** A text as a value of `plainLine`. */
export function escaped(text: string): string {
  // A quick look first: almost no text has any of these, and this runs on every value of an import.
  if (!/[\\\t\n\r\0\ud800-\udfff]/.test(text)) return text;
  return storable(text).replace(/[\\\t\n\r]/g, (character) => escapes[character]!);
}

const pieceBytes = 1 << 20;
const mostBytesPerUnit = 3;

/**
 * Rows, or lines made of them, in pieces of about a megabyte: few calls, bounded memory. The next piece may take the
 * place of the last one, so each must be sent or copied before the next is asked for.
 */
export function* copyPieces(rows: Iterable<readonly Param[] | string>): Generator<Buffer> {
  let piece = Buffer.allocUnsafe(pieceBytes);
  let used = 0;
  for (const row of rows) {
    const line = typeof row === 'string' ? row : copyLine(row);
    const most = line.length * mostBytesPerUnit;
    if (used + most > piece.length) {
      if (used > 0) yield piece.subarray(0, used);
      used = 0;
      if (most > piece.length) piece = Buffer.allocUnsafe(most);
    }
    used += piece.write(line, used);
  }
  if (used > 0) yield piece.subarray(0, used);
}

/** The rows of a whole COPY output. */
export function parseCopy(text: string): (string | null)[][] {
  const lines = text.split('\n');
  lines.pop();
  return lines.map((line) => line.split('\t').map(unescaped));
}

function unescaped(value: string): string | null {
  if (!value.includes('\\')) return value;
  if (value === '\\N') return null;
  return value.replace(/\\(.)/gs, (_, character: string) => unescapes[character] ?? character);
}
