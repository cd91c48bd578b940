/**
 * Exact decimal comparison of amounts. A number of ours stands for the decimal a sheet shows for it, 15 significant digits
 * (whole numbers all of theirs): below that many digits no two decimals share a double, so comparing canonical doubles is
 * exact, and what adding cents as doubles leaves behind (0.1 + 0.2) is gone. A product or sum with another field is taken
 * in the decimals of FEEL, whose 34 digits hold the product of two such numbers whole.
 */
import { FeelNumber } from '../feel/value.ts';

const DIGITS = 15;

/** The double nearest to the decimal that is shown for a number. */
export function canonicalNumber(value: number): number {
  return Number.isSafeInteger(value) ? value : Number(value.toPrecision(DIGITS));
}

/** Compares finite numbers: below 0 when `value` is less than `other * times + plus`, 0 when equal. */
export function compareScaled(value: number, other: number, times: number, plus: number): number {
  return new FeelNumber(canonicalNumber(value)).cmp(new FeelNumber(canonicalNumber(other)).times(times).plus(plus));
}
