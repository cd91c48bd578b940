/** One line or a few words of free text: titles, models, serial numbers. Kept as typed, blanks at the ends aside. */
import type { FieldContext, FieldType, Parsed, TypedCell } from '../field.ts';
import { accept, cellText, MAX_CHARS, refuse, storableText } from '../typed.ts';

/** Numbers from here on have lost digits in the app that stored them. */
const FIRST_UNSAFE = 1e15;
/** What exports leave of a long number: `1.23457E+17`. */
const SCIENTIFIC = /^\d\.\d{2,}E\+\d{2,}$/;

/**
 * Reads any cell as text (T2). A number gives its shortest text; one with more than 15 digits, or shown in powers of ten,
 * is `precision-lost`. A date is `date-in-text`: nobody can tell whether `3/4` was typed or a day.
 */
export function parseText(cell: TypedCell): Parsed {
  if (typeof cell === 'string') {
    const text = storableText(cell);
    if (text.length > MAX_CHARS) return refuse('too-long', cell, { limit: String(MAX_CHARS) });
    if (text.length < 16 && text.includes('E+') && SCIENTIFIC.test(text)) return refuse('precision-lost', cell);
    return accept(text);
  }
  if (typeof cell === 'number') return parseNumberAsText(cell);
  if (typeof cell === 'boolean') return accept(cellText(cell));
  return refuseDate(cell);
}

function parseNumberAsText(cell: number): Parsed {
  const text = String(Object.is(cell, -0) ? 0 : cell);
  const digits = text.replace(/^-?0?\.?0*|\./g, '').length;
  const exact = Math.abs(cell) < FIRST_UNSAFE && digits <= 15 && !text.includes('e') && Number.isFinite(cell);
  return exact ? accept(text) : refuse('precision-lost', cell);
}

/** `date-in-text`, naming the day the app made of it and what may have been typed. */
export function refuseDate(cell: Exclude<TypedCell, string | number | boolean>): Parsed {
  const shown = cellText(cell);
  const [, month, day] = /^-?\d+-(\d\d)-(\d\d)/.exec(shown)?.map(Number) ?? [];
  const asText = month === undefined || day === undefined ? shown : `${month}-${day} / ${month}/${day}`;
  return refuse('date-in-text', cell, { date: shown, text: asText });
}

export const text: FieldType = {
  name: 'text',
  parse(cell: TypedCell, _context: FieldContext): Parsed {
    const parsed = parseText(cell);
    return parsed.ok ? accept(String(parsed.value).trimStart()) : parsed;
  },
  format: String,
  sql: 'text',
  samples: ['无法开机', '007', '1-5', 'TRUE', '=1+1', 'a\nb', '#N/A', '3.10', "'quoted", '😀 "x" & <y>'],
  weight: 3,
  kind: 'text',
};
