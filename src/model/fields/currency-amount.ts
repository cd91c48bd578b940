/**
 * An amount together with its currency, for teams that are paid in several: kept and shown as `1200.5 USD`. A bare number
 * is of the first currency among the field's options; without any it is refused, for nobody can tell which is meant.
 */
import { parseAmount } from '../amount.ts';
import type { FieldContext, FieldType, Parsed, TypedCell } from '../field.ts';
import { accept, plainText, refuse } from '../typed.ts';

/** Above it a double cannot tell cents apart in every app's 15 digits. */
const LIMIT = 1e13;
/** What adding cents as doubles leaves behind; anything larger was one decimal more. */
const DUST = 1e-6;

/** Longer signs first: HK$ is no $. */
const SIGNS: readonly (readonly [string, string])[] = [
  ['US$', 'USD'],
  ['HK$', 'HKD'],
  ['NT$', 'TWD'],
  ['人民币', 'CNY'],
  ['美元', 'USD'],
  ['美金', 'USD'],
  ['欧元', 'EUR'],
  ['港元', 'HKD'],
  ['港币', 'HKD'],
  ['日元', 'JPY'],
  ['英镑', 'GBP'],
  ['新台币', 'TWD'],
  ['RMB', 'CNY'],
  ['块钱', 'CNY'],
  ['元', 'CNY'],
  ['块', 'CNY'],
  ['$', 'USD'],
  ['€', 'EUR'],
  ['£', 'GBP'],
];

const CODES: ReadonlySet<string> = new Set(Intl.supportedValuesOf('currency'));
const NUMBER_ONLY = /^[+-]? ?[\d.,万亿 ]+$/;

interface Priced {
  readonly amount: string;
  readonly currency: string | null;
}

/** Parts a text into its number and the currency that stands on one side of it. */
function part(text: string, locale: FieldContext['locale']): Priced {
  const sign = /^[+-]/.exec(text)?.[0] ?? '';
  const bare = text.slice(sign.length).trim();
  // In English ¥ is as likely yen; 元 is not.
  const known = locale === 'zh-CN' ? [...SIGNS, ['¥', 'CNY'] as const] : SIGNS;
  const upper = bare.toUpperCase();
  for (const [word, currency] of known) {
    if (upper.startsWith(word)) return { amount: `${sign}${bare.slice(word.length).trim()}`, currency };
    if (upper.endsWith(word)) return { amount: `${sign}${bare.slice(0, -word.length).trim()}`, currency };
  }
  const before = /^([a-z]{3}) ?(?=[\d.+-])(.*)$/i.exec(bare);
  if (before) return { amount: `${sign}${before[2]}`, currency: before[1]!.toUpperCase() };
  const after = /^(.*?) ?([a-z]{3})$/i.exec(bare);
  if (after) return { amount: `${sign}${after[1]}`, currency: after[2]!.toUpperCase() };
  return { amount: text, currency: null };
}

function decimalsOf(currency: string): number {
  return new Intl.NumberFormat('en', { style: 'currency', currency }).resolvedOptions().maximumFractionDigits ?? 2;
}

/** The number of a cell, and the currency it names. */
function readPriced(cell: TypedCell, locale: FieldContext['locale']): { parsed: Parsed; currency: string | null } {
  if (typeof cell !== 'string') return { parsed: parseAmount(cell), currency: null };
  const { amount, currency } = part(plainText(cell), locale);
  const parsed = NUMBER_ONLY.test(amount) ? parseAmount(amount, { percent: false }) : refuse('not-a-number', cell);
  return { parsed, currency };
}

export const currencyAmount: FieldType = {
  name: 'currency-amount',
  parse(cell, { options, locale }): Parsed {
    const allowed = options.map((option) => option.label.toUpperCase()).filter((label) => CODES.has(label));
    const { parsed, currency: named } = readPriced(cell, locale);
    const currency = named ?? allowed[0];
    if (!parsed.ok) return refuse(parsed.fault.code, cell);
    if (currency === undefined) return refuse('currency-missing', cell);
    if (!CODES.has(currency) || (allowed.length > 0 && !allowed.includes(currency))) {
      const known = allowed.length > 0 ? allowed.join(' / ') : 'CNY / USD / EUR / HKD / JPY / …';
      return refuse('unknown-currency', cell, { currency, known });
    }
    const amount = Number(parsed.value);
    if (Math.abs(amount) >= LIMIT) return refuse('precision-lost', cell);
    const rounded = Number(amount.toFixed(decimalsOf(currency)));
    if (Math.abs(amount - rounded) >= DUST) return refuse('too-many-decimals', cell);
    return accept(`${rounded === 0 ? 0 : rounded} ${currency}`);
  },
  format: String,
  sql: 'text',
  samples: ['1200.5 USD', '0 CNY', '-99.9 EUR', '5000 JPY'],
  weight: 1,
  kind: 'text',
};
