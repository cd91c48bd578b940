/**
 * Exact decimal arithmetic for amounts. A number of ours stands for the decimal a sheet shows for it, 15 significant
 * digits (whole numbers all of theirs): below that many digits no two decimals share a double, so comparing canonical
 * doubles is exact, and what adding cents as doubles leaves behind (0.1 + 0.2) is gone. Products and sums with another
 * field are taken in whole numbers with a scale.
 */

const DIGITS = 15;

/** The double nearest to the decimal that is shown for a number. */
export function canonicalNumber(value: number): number {
  return Number.isSafeInteger(value) ? value : Number(value.toPrecision(DIGITS));
}

/** `digits` times ten to the power of minus `scale`. */
export interface Decimal {
  readonly digits: bigint;
  readonly scale: number;
}

/** The decimal shown for a finite number. */
export function decimalOf(value: number): Decimal {
  const [mantissa, power] = canonicalNumber(value).toString().split('e') as [string, string?];
  const [whole, fraction = ''] = mantissa.split('.') as [string, string?];
  const scale = fraction.length - Number(power ?? 0);
  const digits = BigInt(whole + fraction);
  return scale >= 0 ? { digits, scale } : { digits: digits * 10n ** BigInt(-scale), scale: 0 };
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  return { digits: a.digits * b.digits, scale: a.scale + b.scale };
}

export function add(a: Decimal, b: Decimal): Decimal {
  const scale = Math.max(a.scale, b.scale);
  return { digits: raised(a, scale) + raised(b, scale), scale };
}

/** Below 0 when `a` is less, 0 when equal. */
export function compareDecimals(a: Decimal, b: Decimal): number {
  const scale = Math.max(a.scale, b.scale);
  const difference = raised(a, scale) - raised(b, scale);
  return difference < 0n ? -1 : difference > 0n ? 1 : 0;
}

function raised({ digits, scale }: Decimal, to: number): bigint {
  return digits * 10n ** BigInt(to - scale);
}
