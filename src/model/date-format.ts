/**
 * What a number format shows. A spreadsheet has no date type: a date is a number in a cell whose number format has parts
 * of a date (ECMA-376 part 1, 18.8.31).
 */

/** No date, a day alone, or a clock time (with or without a day). */
export type DateKind = 'none' | 'day' | 'time';

/** Kind of a format code, for example `yyyy"年"m"月"d"日"`. `[h]`, `[mm]`, `[ss]` (elapsed time) are clock times. */
export function dateKindOfCode(code: string): DateKind {
  // Quoted text, escaped characters, widths (`_x`) and fills (`*x`) are not parts of the format.
  const bare = code.replace(/"[^"]*"?|\\.|_.|\*./gs, '');
  if (/\[(h+|m+|s+)\]/i.test(bare)) return 'time';
  const letters = bare.replace(/\[[^\]]*\]?/g, '');
  if (/[hs]/i.test(letters)) return 'time';
  return /[ymd]/i.test(letters) ? 'day' : 'none';
}
