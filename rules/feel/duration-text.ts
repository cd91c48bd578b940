/** Durations as text: `P1Y2M` in years and months, `P1DT2H3M4.5S` in days and time; the two never mix (DMN 1.5, 10.3.4.1). */
import { FeelMonths, FeelSpan } from './value.ts';

const MONTHS = /^(-?)P(?:(\d{1,12})Y)?(?:(\d{1,12})M)?$/;
const SPAN = /^(-?)P(?:(\d{1,12})D)?(?:T(?=\d)(?:(\d{1,12})H)?(?:(\d{1,12})M)?(?:(\d{1,12})(?:\.(\d{1,18}))?S)?)?$/;

export const SECOND = 1_000_000_000n;
const MINUTE = 60n * SECOND;
const HOUR = 60n * MINUTE;
const DAY = 24n * HOUR;

/** Null for a text that is no duration. */
export function parseDuration(text: string): FeelMonths | FeelSpan | null {
  if (!/\d/.test(text)) return null;
  const months = MONTHS.exec(text);
  if (months) {
    const size = Number(months[2] ?? 0) * 12 + Number(months[3] ?? 0);
    return new FeelMonths(months[1] === '-' && size > 0 ? -size : size);
  }
  const span = SPAN.exec(text);
  if (!span) return null;
  const [days, hours, minutes, seconds] = [2, 3, 4, 5].map((at) => BigInt(span[at] ?? 0));
  const fraction = BigInt((span[6] ?? '').slice(0, 9).padEnd(9, '0'));
  const nanos = days! * DAY + hours! * HOUR + minutes! * MINUTE + seconds! * SECOND + fraction;
  return new FeelSpan(span[1] === '-' ? -nanos : nanos);
}

export function formatMonths({ months }: FeelMonths): string {
  const size = Math.abs(months);
  const [years, rest] = [Math.floor(size / 12), size % 12];
  if (size === 0) return 'P0M';
  return `${months < 0 ? '-' : ''}P${years === 0 ? '' : `${years}Y`}${rest === 0 ? '' : `${rest}M`}`;
}

/** The parts of a days and time duration, each with the sign of the whole. */
export interface SpanParts {
  readonly days: bigint;
  readonly hours: bigint;
  readonly minutes: bigint;
  readonly seconds: bigint;
  /** Nanoseconds below a second. */
  readonly rest: bigint;
}

export function spanParts({ nanos }: FeelSpan): SpanParts {
  return {
    days: nanos / DAY,
    hours: (nanos % DAY) / HOUR,
    minutes: (nanos % HOUR) / MINUTE,
    seconds: (nanos % MINUTE) / SECOND,
    rest: nanos % SECOND,
  };
}

export function formatSpan({ nanos }: FeelSpan): string {
  if (nanos === 0n) return 'PT0S';
  const { days, hours, minutes, seconds, rest } = spanParts(new FeelSpan(nanos < 0n ? -nanos : nanos));
  const fraction = rest === 0n ? '' : `.${String(rest).padStart(9, '0').replace(/0+$/, '')}`;
  const part = (size: bigint, unit: string): string => (size === 0n ? '' : `${size}${unit}`);
  const tail = seconds === 0n && rest === 0n ? '' : `${seconds}${fraction}S`;
  const clock = `${part(hours, 'H')}${part(minutes, 'M')}${tail}`;
  return `${nanos < 0n ? '-' : ''}P${part(days, 'D')}${clock === '' ? '' : `T${clock}`}`;
}
