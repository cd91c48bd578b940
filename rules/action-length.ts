/** Lengths of time as people write them in actions: `30分钟`, `1小时30分`, `2个工作日`, `3 working hours`, `1个月`. */
import { say } from '../src/messages/index.ts';
import { numerals, plainText } from '../src/model/typed.ts';
import type { Span } from './cell-test.ts';

export interface Length {
  readonly span: Span;
  /** True when `span.seconds` counts working time. */
  readonly business: boolean;
}

const DIGITS: Readonly<Record<string, string>> = { ...numerals, 半: '0.5' };

type Unit = 'years' | 'months' | 'days' | 'hours' | 'minutes' | 'seconds' | 'weeks';

const UNITS: readonly (readonly [RegExp, Unit])[] = [
  [/^(?:年|years?|y)$/, 'years'],
  [/^(?:个?月|months?|mo)$/, 'months'],
  [/^(?:个?星期|周|weeks?|w)$/, 'weeks'],
  [/^(?:天|日|days?|d)$/, 'days'],
  [/^(?:个?小时|个?钟头|时|hours?|hrs?|h)$/, 'hours'],
  [/^(?:分钟?|minutes?|mins?|m)$/, 'minutes'],
  [/^(?:秒钟?|seconds?|secs?|s)$/, 'seconds'],
];
const SECONDS = { weeks: 604_800, days: 86_400, hours: 3600, minutes: 60, seconds: 1 } as const;
const PIECE =
  /^([\d.]+)\s*(个?工作(?=[日天小分])|working |business |work)?\s*([a-z]+|个?[^\d\s.a-z]+?)(?=[\d\s.]|$)\s*/;

/**
 * Reads a length; null when the text is none. Working days count `workDaySeconds` each; a length cannot be of working
 * and of calendar time at once.
 */
export function parseLength(text: string, workDaySeconds: number): Length | null {
  let rest = plainText(text)
    .toLowerCase()
    .replace(/[半一二两三四五六七八九十](?=个|年|月|周|天|日|小时|分|秒|工作)/g, (digit) => DIGITS[digit]!);
  if (rest === '') return null;
  const span = { years: 0, months: 0, days: 0, seconds: 0 };
  let business: boolean | null = null;
  while (rest !== '') {
    const piece = PIECE.exec(rest);
    const count = Number(piece?.[1]);
    const unit = UNITS.find(([words]) => words.test(piece?.[3] ?? ''))?.[1];
    if (piece === null || !Number.isFinite(count) || unit === undefined) return null;
    const working = piece[2] !== undefined;
    if (business !== null && business !== working) return null;
    business = working;
    if (working) {
      if (unit === 'years' || unit === 'months' || unit === 'weeks') return null;
      span.seconds += Math.round(count * (unit === 'days' ? workDaySeconds : SECONDS[unit]));
    } else if (unit === 'years' || unit === 'months') {
      if (!Number.isInteger(count)) return null;
      span[unit] += count;
    } else if ((unit === 'days' || unit === 'weeks') && Number.isInteger(count)) {
      span.days += count * (unit === 'weeks' ? 7 : 1);
    } else span.seconds += Math.round(count * SECONDS[unit]);
    rest = rest.slice(piece[0].length);
  }
  return { span, business: business === true };
}

/** Whole seconds of a length whose days have 24 hours; null when months or years are in it. */
export function lengthSeconds({ span }: Length): number | null {
  return span.years !== 0 || span.months !== 0 ? null : span.days * 86_400 + span.seconds;
}

/** `3天`, `2小时30分钟`; working time is told in hours, because a working day has no fixed length. */
export function lengthReading({ span, business }: Length, locale: 'zh-CN' | 'en'): string {
  const parts = [
    ['years', span.years],
    ['months', span.months],
    ['days', span.days],
    [business ? 'working-hours' : 'hours', Math.floor(span.seconds / 3600)],
    [business ? 'working-minutes' : 'minutes', Math.floor(span.seconds / 60) % 60],
    ['seconds', span.seconds % 60],
  ] as const;
  const told = parts.filter(([, n]) => n !== 0).map(([unit, n]) => say(locale, `rule.length.${unit}`, { n }));
  return told.join(locale === 'en' ? ' ' : '');
}

const DAY_MS = 86_400_000;

/** A wall clock moved by the calendar parts of a span; the 31st of a shorter month is its last day. Milliseconds. */
export function moveWall(wallMs: number, span: Span, sign: 1 | -1): number {
  const at = new Date(wallMs);
  const months = at.getUTCFullYear() * 12 + at.getUTCMonth() + sign * (span.years * 12 + span.months);
  const last = new Date(Date.UTC(Math.floor(months / 12), (((months % 12) + 12) % 12) + 1, 0)).getUTCDate();
  const day = Date.UTC(Math.floor(months / 12), ((months % 12) + 12) % 12, Math.min(at.getUTCDate(), last));
  const inDay = ((wallMs % DAY_MS) + DAY_MS) % DAY_MS;
  return day + inDay + sign * span.days * DAY_MS;
}
