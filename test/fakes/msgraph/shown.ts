/** `text` of a range: what a person sees in the cell, whatever the width of its column. Knows the usual number formats. */
import { type Cell, isError, wallMsOf } from './cell.ts';

const MONTHS = ['January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October'];
const MONTH_NAMES = [...MONTHS, 'November', 'December'];
const DAYS = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday'];

export function shown({ content, format }: Cell): string {
  if (content === null) return '';
  if (isError(content)) return content.error;
  if (typeof content === 'boolean') return content ? 'TRUE' : 'FALSE';
  if (typeof content === 'string') return content;
  return number(content, format);
}

/** Whether a number in this format is a day or a time. */
export const isDateFormat = (format: string): boolean =>
  format !== 'General' && /[ymdhs]/i.test(bare(format.split(';')[0]!)) && !/General/i.test(format);

/** Without texts, colours and escapes. */
const bare = (format: string): string => format.replace(/"[^"]*"|\\.|\[(?![hms]+\])[^\]]*\]|[_*]./gi, '');

function general(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && (size >= 1e11 || size < 1e-9)) {
    const [mantissa, exponent] = value.toExponential(5).split('e') as [string, string];
    const digits = exponent.slice(1).padStart(2, '0');
    return `${Number(mantissa)}E${exponent.startsWith('-') ? '-' : '+'}${digits}`;
  }
  const whole = Math.trunc(size).toString().length;
  return String(Number(value.toFixed(Math.max(0, 10 - whole))));
}

function number(value: number, format: string): string {
  if (format === '' || /^General$/i.test(format) || format === '@') return general(value);
  const sections = format.split(/;(?=(?:[^"]*"[^"]*")*[^"]*$)/);
  const index = value < 0 && sections.length > 1 ? 1 : value === 0 && sections.length > 2 ? 2 : 0;
  const section = sections[index]!;
  if (isDateFormat(section)) return moment(value, section);
  return figure(index === 1 ? Math.abs(value) : value, section);
}

function figure(value: number, section: string): string {
  const clean = section.replace(/\[[^\]]*\]|[_*]./g, '');
  const pattern = /[#0?][#0?,.]*(?:[eE][+-]0+)?|\.0+/.exec(
    clean.replace(/"[^"]*"/g, (text) => ' '.repeat(text.length)),
  );
  const literal = (text: string): string => text.replace(/"([^"]*)"|\\(.)/g, '$1$2');
  if (pattern === null) return literal(clean.replace(/General/i, general(value)));
  const scaled = clean.includes('%') ? value * 100 : value;
  const decimals = (/\.([0#?]*)/.exec(pattern[0])?.[1] ?? '').length;
  let digits: string;
  if (/[eE]/.test(pattern[0])) {
    const [mantissa, exponent] = Math.abs(scaled).toExponential(decimals).split('e') as [string, string];
    digits = `${mantissa}E${exponent[0]}${exponent.slice(1).padStart(2, '0')}`;
  } else {
    digits = Math.abs(scaled).toFixed(decimals);
    const [whole, rest] = digits.split('.') as [string, string?];
    const least = (pattern[0].split('.')[0]!.match(/0/g) ?? []).length;
    const padded = whole.padStart(least, '0');
    const grouped = pattern[0].includes(',') ? padded.replace(/\B(?=(\d{3})+$)/g, ',') : padded;
    digits = rest === undefined ? grouped : `${grouped}.${rest}`;
  }
  const before = literal(clean.slice(0, pattern.index));
  const after = literal(clean.slice(pattern.index + pattern[0].length));
  return `${scaled < 0 ? '-' : ''}${before}${digits}${after}`;
}

function moment(serial: number, section: string): string {
  const at = new Date(wallMsOf(serial));
  const hasHalf = /am\/pm/i.test(section);
  const two = (value: number): string => String(value).padStart(2, '0');
  const clean = section.replace(/\[(?![hms]+\])[^\]]*\]|[_*]./gi, '');
  const tokens = clean.match(/"[^"]*"|\\.|am\/pm|\[h+\]|y+|m+|d+|h+|s+|\.0+|./gi) ?? [];
  let afterHour = false;
  return tokens
    .map((token, index) => {
      const key = token.toLowerCase();
      const hour = hasHalf ? at.getUTCHours() % 12 || 12 : at.getUTCHours();
      if (/^m+$/.test(key)) {
        const next = tokens.slice(index + 1).find((each) => /^[ymdhs]/i.test(each));
        if (afterHour || /^s/i.test(next ?? '')) return key.length > 1 ? two(at.getUTCMinutes()) : at.getUTCMinutes();
        const name = MONTH_NAMES[at.getUTCMonth()]!;
        const month = at.getUTCMonth() + 1;
        return key.length > 3 ? name : key.length === 3 ? name.slice(0, 3) : key.length === 2 ? two(month) : month;
      }
      if (/^[hyds]/.test(key)) afterHour = key.startsWith('h');
      switch (true) {
        case /^y+$/.test(key):
          return key.length > 2 ? at.getUTCFullYear() : two(at.getUTCFullYear() % 100);
        case /^d+$/.test(key): {
          const name = DAYS[at.getUTCDay()]!;
          const date = at.getUTCDate();
          return key.length > 3 ? name : key.length === 3 ? name.slice(0, 3) : key.length === 2 ? two(date) : date;
        }
        case /^h+$/.test(key):
          return key.length > 1 ? two(hour) : hour;
        case /^\[h+\]$/.test(key):
          return Math.floor(serial * 24);
        case /^s+$/.test(key):
          return key.length > 1 ? two(at.getUTCSeconds()) : at.getUTCSeconds();
        case /^\.0+$/.test(key):
          return `.${String(at.getUTCMilliseconds())
            .padStart(3, '0')
            .slice(0, key.length - 1)}`;
        case key === 'am/pm':
          return at.getUTCHours() < 12 ? 'AM' : 'PM';
        default:
          return token.replace(/^"|"$|^\\/g, '');
      }
    })
    .join('');
}
