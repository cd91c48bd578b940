/** What becomes of the text of formulas when cells move or tabs get other names. */
import { columnLetters } from '../../../src/model/cell.ts';
import { columnNumber } from './range.ts';

/** A formula after lines of its own tab moved: every reference without a tab before it is rewritten by `move`. */
export function moved(text: string, move: (row: number, column: number) => readonly [number, number] | null): string {
  return text.replace(
    /"(?:[^"]|"")*"|(?:'(?:[^']|'')+'|[\p{L}_][\p{L}\d_]*)!\$?[A-Za-z]{1,3}\$?\d+|(?<![\p{L}\d_$])(\$?)([A-Za-z]{1,3})(\$?)(\d+)(?![\p{L}\d_(])/gu,
    (whole, first, letters, second, digits) => {
      if (letters === undefined) return whole;
      const to = move(Number(digits) - 1, columnNumber(letters));
      return to === null ? '#REF!' : `${first}${columnLetters(to[1])}${second}${to[0] + 1}`;
    },
  );
}

/** A formula after a tab got another name. */
export function retitled(text: string, from: string, to: string): string {
  const quoted = `'${to.replaceAll("'", "''")}'!`;
  return text.replace(/"(?:[^"]|"")*"|('(?:[^']|'')+'|[\p{L}_][\p{L}\d_]*)!/gu, (whole, tab) => {
    if (tab === undefined) return whole;
    return tab.replace(/^'|'$/g, '').replaceAll("''", "'") === from ? quoted : whole;
  });
}
