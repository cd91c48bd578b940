/** Functions of numbers (DMN 1.5, table 67) and the conversion of text to a number. */
import { Decimal } from 'decimal.js';
import { absolute } from '../arithmetic.ts';
import type { Run } from '../run.ts';
import { type FeelNumber, type FeelValue, finite, numberFrom } from '../value.ts';
import { valueText } from '../value-text.ts';
import { asCount, asNumber, asText, type Form, type Functions, form, single } from './function.ts';

/** Scales a decimal128 can have. */
const SCALES = { least: -6111, most: 6176 };
const ROOT_UNITS = 50;

function round(number: FeelValue, scale: FeelValue, rounding: Decimal.Rounding): FeelNumber | null {
  const [value, places] = [asNumber(number), asCount(scale)];
  if (value === null || places === null || places < SCALES.least || places > SCALES.most) return null;
  if (places >= 0) return finite(value.toDecimalPlaces(places, rounding));
  const unit = new Decimal(10).pow(-places);
  return finite(value.dividedBy(unit).toDecimalPlaces(0, rounding).times(unit));
}

/** A rounding with a scale of 0 unless one is given. */
function rounded(rounding: Decimal.Rounding): readonly Form[] {
  return [
    form('n', (_run, n) => wholePlaces(n, rounding)),
    form('n, scale', (_run, n, scale) => round(n, scale, rounding)),
  ];
}

function wholePlaces(n: FeelValue, rounding: Decimal.Rounding): FeelNumber | null {
  const value = asNumber(n);
  return value === null ? null : finite(value.toDecimalPlaces(0, rounding));
}

/** A function of one number that costs about as much as a root; null outside its domain. */
function heavy(convert: (value: FeelNumber) => FeelNumber): readonly Form[] {
  return [
    form('number', (run, number) => {
      const value = asNumber(number);
      run.spend(ROOT_UNITS);
      return value === null ? null : finite(convert(value));
    }),
  ];
}

function divisible(number: FeelValue, rest: number): FeelValue {
  const value = asNumber(number);
  return value === null || !value.isInteger() ? null : value.modulo(2).abs().equals(rest);
}

function modulo(_run: Run, dividend: FeelValue, divisor: FeelValue): FeelValue {
  const [a, b] = [asNumber(dividend), asNumber(divisor)];
  if (a === null || b === null || b.isZero()) return null;
  const rest = a.modulo(b);
  return finite(rest.isZero() || rest.isNegative() === b.isNegative() ? rest : rest.plus(b));
}

/** Separators are removed, then the text must be a number as FEEL writes it. */
function read(_run: Run, from: FeelValue, grouping: FeelValue = null, decimal: FeelValue = null): FeelValue {
  const text = asText(from);
  const [group, point] = [grouping, decimal].map((separator) => (separator === null ? '' : asText(separator)));
  if (text === null || !['', ' ', ',', '.'].includes(group ?? '?') || !['', ',', '.'].includes(point ?? '?'))
    return null;
  if (group !== '' && group === point) return null;
  const plain = group === '' ? text : text.replaceAll(group!, '');
  if (point === ',' && plain.includes('.')) return null;
  return numberFrom(point === ',' ? plain.replace(',', '.') : plain);
}

export const numberFunctions: Functions = {
  decimal: [form('n, scale', (_run, n, scale) => round(n, scale, Decimal.ROUND_HALF_EVEN))],
  floor: rounded(Decimal.ROUND_FLOOR),
  ceiling: rounded(Decimal.ROUND_CEIL),
  'round up': rounded(Decimal.ROUND_UP),
  'round down': rounded(Decimal.ROUND_DOWN),
  'round half up': rounded(Decimal.ROUND_HALF_UP),
  'round half down': rounded(Decimal.ROUND_HALF_DOWN),
  abs: [form('n', (_run, n) => absolute(single(n)))],
  modulo: [form('dividend, divisor', modulo)],
  sqrt: heavy((value) => value.sqrt()),
  log: heavy((value) => value.ln()),
  exp: heavy((value) => value.exp()),
  odd: [form('number', (_run, number) => divisible(number, 1))],
  even: [form('number', (_run, number) => divisible(number, 0))],
  number: [form('from', read), form('from, grouping separator, decimal separator', read)],
  string: [form('from', (run, from) => valueText(run, from))],
};
