/** The text format of COPY, in both directions (PostgreSQL manual, COPY, "Text Format"). Pure. */
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
    else if (typeof value === 'string') line += escaped(storable(value));
    else line += value;
  }
  return `${line}\n`;
}

function escaped(text: string): string {
  return /[\\\t\n\r]/.test(text) ? text.replace(/[\\\t\n\r]/g, (character) => escapes[character]!) : text;
}

/** Lines gathered into pieces of about a megabyte: few calls, bounded memory. */
export function* copyPieces(rows: Iterable<readonly Param[]>): Generator<string> {
  let piece = '';
  for (const row of rows) {
    piece += copyLine(row);
    if (piece.length > 1_000_000) {
      yield piece;
      piece = '';
    }
  }
  if (piece !== '') yield piece;
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
