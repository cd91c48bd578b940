/** Reading amounts as people type them: `１,２３４.５`, `1,5`, `￥3.5万`, `1亿2000万元`, `50%`, `(120)`. */
import type { Parsed, TypedCell } from './field.ts';
import { accept, plainText, refuse } from './typed.ts';

const PLAIN_DECIMAL = /^-?\d{1,15}(?:\.\d+)?$/;
const CURRENCY_BEFORE = /^(?:RMB|CNY|USD|US\$|人民币|[¥$€£])\s*/i;
const CURRENCY_AFTER = /\s*(?:元整?|块钱?|圆|RMB|CNY|USD|[¥$€£])$/i;
const LARGE = /^(?:(?<yi>[\d.,]+)亿)?(?:(?<wan>[\d.,]+)万)?(?:(?<rest>[\d.,]+))?$/;
const DIGITS_KEPT = 15;

/**
 * Reads a number. A comma groups thousands where groups of three follow it, and is a decimal comma before one or two
 * digits (or after a single 0); any other comma is refused rather than guessed. Text with more than 15 digits is `precision-lost`.
 */
export function parseAmount(cell: TypedCell, allow: { readonly percent: boolean } = { percent: true }): Parsed {
  if (typeof cell === 'number')
    return Number.isFinite(cell) ? accept(cell === 0 ? 0 : cell) : refuse('not-a-number', cell);
  if (typeof cell !== 'string') return refuse('not-a-number', cell);
  const read = readAmount(plainText(cell), allow.percent);
  if (read === undefined || !Number.isFinite(read.value)) return refuse('not-a-number', cell);
  return read.digits > DIGITS_KEPT ? refuse('precision-lost', cell) : accept(read.value === 0 ? 0 : read.value);
}

interface Amount {
  readonly value: number;
  /** Significant digits typed. */
  readonly digits: number;
}

function readAmount(text: string, percent: boolean): Amount | undefined {
  if (PLAIN_DECIMAL.test(text)) return { value: Number(text), digits: significantDigits(text) };
  let rest = text.replace(/[−–]/g, '-');
  let negative = false;
  const bracketed = /^\((.+)\)$/.exec(rest);
  if (bracketed) {
    negative = true;
    rest = bracketed[1]!.trim();
  }
  const sign = () => {
    const found = /^[+-]\s*/.exec(rest);
    if (!found) return false;
    if (found[0].startsWith('-')) negative = !negative;
    rest = rest.slice(found[0].length);
    return true;
  };
  const signed = sign();
  rest = rest.replace(CURRENCY_BEFORE, '');
  if (!signed) sign();
  rest = rest.replace(CURRENCY_AFTER, '').replace(/(?<=\d) (?=\d{3}(?!\d))/g, '');
  let shift = '';
  if (percent && rest.endsWith('%')) {
    shift = 'e-2';
    rest = rest.slice(0, -1).trimEnd();
  }
  const read = shift === '' && /[万亿]/.test(rest) ? readLarge(rest.replaceAll(' ', '')) : readDecimal(rest, shift);
  return read && negative ? { ...read, value: -read.value } : read;
}

/** `1亿2000万` and its parts; powers of ten are put into the text, so that 1.1万 is exactly 11000. */
function readLarge(text: string): Amount | undefined {
  const parts = LARGE.exec(text)?.groups;
  if (!parts) return undefined;
  let value = 0;
  let digits = 0;
  for (const [name, shift] of [
    ['yi', 'e8'],
    ['wan', 'e4'],
    ['rest', ''],
  ] as const) {
    const typed = parts[name];
    if (typed === undefined) continue;
    const part = readDecimal(typed, shift);
    if (!part) return undefined;
    value += part.value;
    digits = Math.max(digits, part.digits);
  }
  return { value: Number(value.toPrecision(DIGITS_KEPT)), digits };
}

function readDecimal(text: string, shift: string): Amount | undefined {
  let plain = text;
  if (text.includes(',')) {
    if (/^[1-9]\d{0,2}(?:,\d{3})+(?:\.\d*)?$/.test(text)) plain = text.replaceAll(',', '');
    else if (/^(?:\d+,\d{1,2}|0,\d+)$/.test(text)) plain = text.replace(',', '.');
    else return undefined;
  }
  const scientific = shift === '' && /^\d+(?:\.\d+)?e[+-]?\d{1,3}$/i.test(plain);
  if (!scientific && !/^(?:\d+\.?\d*|\.\d+)$/.test(plain)) return undefined;
  return { value: Number(`${plain}${shift}`), digits: significantDigits(plain) };
}

function significantDigits(text: string): number {
  const mantissa = text.replace(/e.*$/i, '').replace(/[-.]/g, '').replace(/^0+/, '');
  return text.includes('.') ? mantissa.length : mantissa.replace(/0+$/, '').length;
}
