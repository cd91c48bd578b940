/**
 * What becomes of a text that is typed into a cell, or sent in `values`, which is the same thing to Excel: numbers,
 * percentages, dates, truth values and formulas are recognised, an apostrophe hides itself, a cell formatted `@` keeps
 * everything as text. `Jan-15-2016` stays text in the documented sample; `1-2` and `3/4` become days of this year, as
 * every keeper of article numbers knows.
 */
import { type Content, fifteenDigits, serialOf } from './cell.ts';
import { invalidArgument } from './failure.ts';
import { isFormula } from './formula.ts';

export interface Typed {
  readonly content: Content;
  readonly formula: string | null;
  /** A format that comes with the way it was written; taken only by a cell that is formatted General. */
  readonly format: string | null;
  readonly isQuoted: boolean;
}

const plain = (content: Content, format: string | null = null): Typed => ({
  content,
  formula: null,
  format,
  isQuoted: false,
});

/** A cell holds at most this many characters. */
const LONGEST_TEXT = 32_767;

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];

/** Reads one value. `format` is the cell's own; `now` gives the year of a day without one. */
export function typed(value: string | number | boolean, format: string, now: Date): Typed {
  if (typeof value === 'string' && value.length > LONGEST_TEXT)
    throw invalidArgument('The text is longer than a cell can hold.');
  if (format === '@') {
    const text = String(value === true ? 'TRUE' : value === false ? 'FALSE' : value);
    return { ...plain(text.startsWith("'") ? text.slice(1) : text), isQuoted: text.startsWith("'") };
  }
  if (typeof value === 'number') return plain(fifteenDigits(value));
  if (typeof value === 'boolean') return plain(value);
  if (value.startsWith("'")) return { ...plain(value.slice(1)), isQuoted: true };
  const text = value.trim();
  const read = number(text) ?? moment(text, now) ?? word(text);
  if (read !== null) return read;
  if (/^[=+-]./s.test(text)) {
    const formula = text.startsWith('=') ? text : `=${text}`;
    if (!isFormula(formula)) throw invalidArgument('The formula has an incorrect format.');
    return { content: null, formula, format: null, isQuoted: false };
  }
  return plain(value);
}

function word(text: string): Typed | null {
  if (/^(true|false)$/i.test(text)) return plain(text.toLowerCase() === 'true');
  return /^#(N\/A|DIV\/0!|REF!|VALUE!|NAME\?|NUM!|NULL!)$/.test(text) ? plain({ error: text }) : null;
}

/** Digits beyond the fifteenth become zeros. */
function digits(text: string): number {
  let seen = 0;
  const cut = text.replace(/\d/g, (digit) => {
    if (seen > 0 || digit !== '0') seen++;
    return seen > 15 ? '0' : digit;
  });
  return Number(cut);
}

function number(text: string): Typed | null {
  const match =
    /^([-+]?)(\(?)\s*(\$?)\s*((?:\d{1,3}(?:,\d{3})+|\d+)(\.\d*)?|\.\d+)(?:[eE]([-+]?\d{1,3}))?\s*(%?)(\)?)$/.exec(text);
  if (match === null) return null;
  const [, sign, open, currency, body, decimals, exponent, percent, close] = match;
  if ((open === '') !== (close === '') || (open !== '' && sign !== '')) return null;
  const bare = digits(body!.replaceAll(',', '')) * 10 ** Number(exponent ?? 0);
  const size = percent === '%' ? bare / 100 : bare;
  if (!Number.isFinite(size)) return null;
  const hasDecimals = (decimals ?? '').length > 1;
  const format =
    percent === '%'
      ? hasDecimals
        ? '0.00%'
        : '0%'
      : currency === '$'
        ? hasDecimals
          ? '"$"#,##0.00'
          : '"$"#,##0'
        : exponent !== undefined
          ? '0.00E+00'
          : body!.includes(',')
            ? hasDecimals
              ? '#,##0.00'
              : '#,##0'
            : null;
  return plain(fifteenDigits(sign === '-' || open === '(' ? -size : size), format);
}

function moment(text: string, now: Date): Typed | null {
  const match = /^(\S+)(?:\s+(\d{1,2}:\d{2}(?::\d{2})?(?:\s*[AaPp][Mm])?))?$/.exec(text);
  if (match === null) return null;
  const alone = timeOf(text);
  if (alone !== null) return plain(alone, text.split(':').length > 2 ? 'h:mm:ss' : 'h:mm');
  const day = dayOf(match[1]!, now);
  if (day === null) return null;
  if (match[2] === undefined) return plain(day.serial, day.format);
  const time = timeOf(match[2]);
  return time === null ? null : plain(fifteenDigits(day.serial + time), 'm/d/yyyy h:mm');
}

function timeOf(text: string): number | null {
  const match = /^(\d{1,2}):(\d{2})(?::(\d{2}))?(?:\s*([AaPp])[Mm])?$/.exec(text);
  if (match === null) return null;
  const [hour, minute, second] = [Number(match[1]), Number(match[2]), Number(match[3] ?? 0)];
  if (minute > 59 || second > 59 || hour > (match[4] === undefined ? 23 : 12)) return null;
  const shifted = match[4] === undefined ? hour : (hour % 12) + (match[4].toLowerCase() === 'p' ? 12 : 0);
  return fifteenDigits((shifted * 3600 + minute * 60 + second) / 86_400);
}

function dayOf(text: string, now: Date): { readonly serial: number; readonly format: string } | null {
  const year = now.getUTCFullYear();
  let match = /^(\d{4})([-/])(\d{1,2})\2(\d{1,2})$/.exec(text);
  if (match !== null) return day(Number(match[1]), Number(match[3]), Number(match[4]), 'm/d/yyyy');
  match = /^(\d{1,2})([-/])(\d{1,2})\2(\d{4})$/.exec(text);
  if (match !== null) return day(Number(match[4]), Number(match[1]), Number(match[3]), 'm/d/yyyy');
  match = /^(\d{1,2})[-/](\d{1,2})$/.exec(text);
  if (match !== null) return day(year, Number(match[1]), Number(match[2]), 'd-mmm');
  match = /^(\d{1,2})-([A-Za-z]{3})(?:-(\d{4}))?$/.exec(text);
  if (match === null) return null;
  const month = MONTHS.indexOf(match[2]!.toLowerCase()) + 1;
  return day(Number(match[3] ?? year), month, Number(match[1]), match[3] === undefined ? 'd-mmm' : 'd-mmm-yy');
}

function day(year: number, month: number, date: number, format: string): ReturnType<typeof dayOf> {
  const at = new Date(Date.UTC(year, month - 1, date));
  const isReal = at.getUTCMonth() === month - 1 && at.getUTCDate() === date;
  return isReal && year >= 1901 && year <= 9999 ? { serial: serialOf(at.getTime()), format } : null;
}
