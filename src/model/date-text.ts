/**
 * Reading days and times as people type them: `2026-3-4`, `2026年3月4日`, `3月4日 下午2点`, `7.3`, `昨天 14:30`. A text
 * that can be two days is never decided; it gives both.
 */

/** A day, and the time of day when one was typed. */
export interface ReadMoment {
  /** Midnight of the day as a wall clock, milliseconds as if UTC. */
  readonly dayMs: number;
  /** Milliseconds since midnight of the wall clock, or null: the day is all that is known. */
  readonly timeMs: number | null;
  /** Minutes east of UTC, when the text names an offset. */
  readonly offsetMinutes?: number;
}

export type DateReading =
  | ({ readonly kind: 'moment' } & ReadMoment)
  | { readonly kind: 'ambiguous'; readonly dayMs: readonly number[] }
  | { readonly kind: 'time-only' }
  | { readonly kind: 'none' };

const NONE: DateReading = { kind: 'none' };
const DAY_MS = 86_400_000;
const FIRST_YEAR = 1900;
const LAST_YEAR = 9999;

/** Midnight of a day as a wall clock, undefined when the calendar or a spreadsheet has no such day. */
export function dayOf(year: number, month: number, day: number): number | undefined {
  if (year < FIRST_YEAR || year > LAST_YEAR || month < 1 || month > 12 || day < 1 || day > 31) return undefined;
  const ms = Date.UTC(year, month - 1, day);
  return new Date(ms).getUTCDate() === day ? ms : undefined;
}

const ISO_MOMENT =
  /^(\d{4})-(\d\d)-(\d\d)[T ](\d\d):(\d\d)(?::(\d\d)(?:\.(\d{1,3})\d*)?)?(?: ?(Z)| ?([+-]\d\d):?(\d\d))?$/i;
const YEAR_FIRST = /^(\d{4})(?:[-/.] ?(\d{1,2})[-/.] ?(\d{1,2})|年 ?(\d{1,2})月 ?(\d{1,2})[日号]?)/;
const COMPACT = /^(\d{4})(\d\d)(\d\d)(?!\d)/;
/** A year has two or four digits here, so `26.3.4` has one reading and `3/4/26` two. */
const SHORT_YEAR = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{1,2})(?!\d)/;
const MONTH_DAY = /^(?:(\d{1,2})月 ?(\d{1,2})[日号]?|(\d{1,2})[-/.](\d{1,2})(?![\d:]))/;
const NAMED_MONTH =
  /^(?:(?<m1>[a-z]{3,9})\.? (?<d1>\d{1,2})(?:st|nd|rd|th)?(?:,? (?<y1>\d{4}))?|(?<d2>\d{1,2})(?:st|nd|rd|th)?[ -](?<m2>[a-z]{3,9})\.?(?:,?[ -](?<y2>\d{4}))?)(?![\d:])/i;
const WEEKDAY = /^ ?\(?(?:星期|周|礼拜)[一二三四五六日天]\)?/;
const RELATIVE: Readonly<Record<string, number>> = {
  大前天: -3,
  前天: -2,
  昨天: -1,
  昨日: -1,
  今天: 0,
  今日: 0,
  明天: 1,
  明日: 1,
  后天: 2,
};
const RELATIVE_EN: Readonly<Record<string, number>> = { yesterday: -1, today: 0, tomorrow: 1 };
const RELATIVE_WORD = /^(?:大前天|前天|昨[天日]|今[天日]|明[天日]|后天|(?:yesterday|today|tomorrow)\b)/i;
const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const MONTHS_FULL = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];

/** What a text may leave unsaid. */
export interface DateHints {
  /** Midnight of today's wall clock. 今天 is this day, and a day without a year is in the year that brings it nearest. */
  readonly todayMs: number;
  /** A bare `3/4` is March 4, as Chinese always reads it; else it is ambiguous. */
  readonly monthFirst: boolean;
  /** The text tells of something that has been, so a day without a year lies behind, or is a slip of a month at most. */
  readonly past: boolean;
}

/** Reads a cleaned text (`plainText`). */
export function readDateText(text: string, hints: DateHints): DateReading {
  const iso = ISO_MOMENT.exec(text);
  if (iso) return readIso(iso);
  const found = readDay(text, hints);
  if (!found) return readTime(text) === undefined ? NONE : { kind: 'time-only' };
  const days = [...new Set(found.days)];
  if (days.length === 0) return NONE;
  let rest = text.slice(found.length).replace(WEEKDAY, '').trim();
  rest = rest.replace(/^[,T] ?(?=\d)/, '');
  const timeMs = rest === '' ? null : readTime(rest);
  if (timeMs === undefined) return NONE;
  return days.length > 1 ? { kind: 'ambiguous', dayMs: days } : { kind: 'moment', dayMs: days[0]!, timeMs };
}

function readIso(iso: RegExpExecArray): DateReading {
  const dayMs = dayOf(Number(iso[1]), Number(iso[2]), Number(iso[3]));
  const timeMs = timeOf(Number(iso[4]), Number(iso[5]), Number(iso[6] ?? 0), Number((iso[7] ?? '').padEnd(3, '0')));
  if (dayMs === undefined || timeMs === undefined) return NONE;
  if (iso[8]) return { kind: 'moment', dayMs, timeMs, offsetMinutes: 0 };
  if (iso[9] === undefined) return { kind: 'moment', dayMs, timeMs };
  const hours = Number(iso[9]);
  const minutes = Math.abs(hours) * 60 + Number(iso[10]);
  return { kind: 'moment', dayMs, timeMs, offsetMinutes: iso[9].startsWith('-') ? -minutes : minutes };
}

interface FoundDay {
  /** Every day the text can mean. */
  readonly days: readonly number[];
  /** Characters it takes. */
  readonly length: number;
}

function found(length: number, ...days: (number | undefined)[]): FoundDay {
  return { length, days: days.filter((day) => day !== undefined) };
}

function readDay(text: string, hints: DateHints): FoundDay | undefined {
  let match = YEAR_FIRST.exec(text);
  if (match) {
    return found(match[0].length, dayOf(Number(match[1]), Number(match[2] ?? match[4]), Number(match[3] ?? match[5])));
  }
  match = COMPACT.exec(text);
  if (match) return found(match[0].length, dayOf(Number(match[1]), Number(match[2]), Number(match[3])));
  match = SHORT_YEAR.exec(text);
  if (match) {
    const [a, b, c] = [Number(match[1]), Number(match[3]), Number(match[4])];
    const yearFirst =
      match[1]!.length === 2 && match[4]!.length < 4 ? dayOf(nearestCentury(a, hints.todayMs), b, c) : undefined;
    const year = match[4]!.length === 4 ? c : match[4]!.length === 2 ? nearestCentury(c, hints.todayMs) : Number.NaN;
    return found(match[0].length, yearFirst, dayOf(year, a, b), dayOf(year, b, a));
  }
  match = MONTH_DAY.exec(text);
  if (match) {
    if (match[1]) return found(match[0].length, nearestDay(Number(match[1]), Number(match[2]), hints));
    const [a, b] = [Number(match[3]), Number(match[4])];
    return found(match[0].length, nearestDay(a, b, hints), hints.monthFirst ? undefined : nearestDay(b, a, hints));
  }
  match = RELATIVE_WORD.exec(text);
  if (match) {
    const word = match[0];
    return found(word.length, hints.todayMs + (RELATIVE[word] ?? RELATIVE_EN[word.toLowerCase()] ?? 0) * DAY_MS);
  }
  return readNamedMonth(text, hints);
}

function readNamedMonth(text: string, hints: DateHints): FoundDay | undefined {
  const match = NAMED_MONTH.exec(text);
  const named = match?.groups;
  if (!match || !named) return undefined;
  const word = (named.m1 ?? named.m2 ?? '').toLowerCase();
  const month = Math.max(MONTHS.indexOf(word === 'sept' ? 'sep' : word), MONTHS_FULL.indexOf(word)) + 1;
  if (month === 0) return undefined;
  const day = Number(named.d1 ?? named.d2);
  const year = named.y1 ?? named.y2;
  return found(match[0].length, year === undefined ? nearestDay(month, day, hints) : dayOf(Number(year), month, day));
}

/** The year with these last two digits that lies nearest to today. */
function nearestCentury(digits: number, todayMs: number): number {
  const thisYear = new Date(todayMs).getUTCFullYear();
  return thisYear + ((((digits - thisYear + 50) % 100) + 100) % 100) - 50;
}

const SLIP_MS = 31 * DAY_MS;

/** The nearest day of that name; a February 29 that no year beside this one has is none. */
function nearestDay(month: number, day: number, { todayMs, past }: DateHints): number | undefined {
  const thisYear = new Date(todayMs).getUTCFullYear();
  let nearest: number | undefined;
  for (let year = thisYear - 1; year <= thisYear + 1; year++) {
    const ms = dayOf(year, month, day);
    if (ms === undefined || (past && ms > todayMs + SLIP_MS)) continue;
    if (nearest === undefined || Math.abs(ms - todayMs) < Math.abs(nearest - todayMs)) nearest = ms;
  }
  return nearest;
}

function timeOf(hour: number, minute: number, second: number, ms: number): number | undefined {
  return hour > 23 || minute > 59 || second > 59 ? undefined : ((hour * 60 + minute) * 60 + second) * 1000 + ms;
}

const HALF_DAY = '凌晨|清晨|早上|早晨|早|上午|中午|下午|傍晚|晚上|晚|am|pm|a\\.m\\.|p\\.m\\.';
const TIME = new RegExp(
  `^(?<before>${HALF_DAY})? ?(?<hour>\\d{1,2}) ?(?::(?<minute>\\d\\d)(?::(?<second>\\d\\d)(?:\\.(?<ms>\\d{1,3}))?)?|[点时](?: ?(?:(?<half>半)|整|(?<quarter>[一三])刻|(?<minute2>\\d{1,2})(?:分(?:(?<second2>\\d{1,2})秒)?)?))?)? ?(?<after>am|pm|a\\.m\\.|p\\.m\\.)?$`,
  'i',
);
const HALF_DAY_ALONE = new RegExp(`^(?:${HALF_DAY})$`, 'i');

/** Milliseconds since midnight of a cleaned text; null for a part of the day (上午) that is no time; undefined for anything else. */
export function readTime(text: string): number | null | undefined {
  if (HALF_DAY_ALONE.test(text)) return null;
  const part = TIME.exec(text)?.groups;
  if (!part) return undefined;
  const half = (part.before ?? part.after ?? '').toLowerCase().replaceAll('.', '');
  const bare = part.minute === undefined && !/[点时]/.test(text);
  if (bare && half === '') return undefined;
  let hour = Number(part.hour);
  if (/^(?:下午|傍晚|晚上|晚|pm)$/.test(half) && hour < 12) hour += 12;
  else if (half === '中午' && hour < 6) hour += 12;
  else if (/^(?:凌晨|上午|am)$/.test(half) && hour === 12) hour = half === '上午' ? 12 : 0;
  const quarter = part.quarter === '一' ? 15 : part.quarter === '三' ? 45 : undefined;
  const minute = part.half ? 30 : (quarter ?? Number(part.minute ?? part.minute2 ?? 0));
  return timeOf(hour, minute, Number(part.second ?? part.second2 ?? 0), Number((part.ms ?? '').padEnd(3, '0')));
}
