/**
 * Days and moments: `2026-03-01`, `2026-03`, `今天-3天`, `最近7天`, `本周`, `现在`, and ages such as `2小时`. Words that move
 * with the clock stay words in the test; nothing here knows what day it is.
 */
import { readDateText } from '../../src/model/date-text.ts';
import { instantOf } from '../../src/model/wall-clock.ts';
import type { Operand, Span } from '../cell-test.ts';
import { refuseSpanHyphen } from './duration-measure.ts';
import { readReference } from './field-reference.ts';
import { cut, type Piece } from './piece.ts';
import type { Measure, MeasureReader, Reader } from './reader.ts';
import { Refusal } from './refusal.ts';
import { looksLikeSpan, readSpan, spanUnitOf } from './span.ts';
import { nearestWord } from './suggestion.ts';

/** 8 hours: what 工作日 means where the workspace does not say. */
const WORK_DAY_SECONDS = 28_800;
const DAY_SECONDS = 86_400;

const NAMED_DAYS: Readonly<Record<string, number>> = {
  大前天: -3,
  前天: -2,
  昨天: -1,
  昨日: -1,
  今天: 0,
  今日: 0,
  当天: 0,
  明天: 1,
  明日: 1,
  后天: 2,
  大后天: 3,
  yesterday: -1,
  today: 0,
  tomorrow: 1,
};
const MOVED =
  /^(?<base>大前天|前天|昨[天日]|[今当][天日]|明[天日]|大?后天|yesterday|today|tomorrow|现在|此刻|now)\s*(?:(?<sign>[+\-−–])\s*(?<span>.*))?$/is;
const PERIOD =
  /^(?:在\s*|in\s+)?(?<which>本|这一?个?|当|上上个?|上一?个?|下下个?|下一?个?|今|去|明|this|current|last|previous|next)\s*(?<period>周|星期|礼拜|月|季度?|年|week|month|quarter|year)$/i;
const LATEST =
  /^(?:最近|近|过去|前|(?:in\s+)?(?:the\s+)?(?:last|past|previous))\s*(?<span>\S.*?)(?:内|以内|之内|里)?$/is;
const COMING =
  /^(?:未来|接下来|今后|往后|(?:in\s+)?(?:the\s+)?(?:next|coming|following))\s*(?<span>\S.*?)(?:内|以内|之内|里)?$/is;
const AGO = /^(?<span>.+?)\s*(?:前|ago)$/is;
const AHEAD = /^(?:(?<span>.+?)\s*(?:后|from now|ahead)|in\s+(?<en>.+))$/is;
const MONTH = /^(?<year>\d{4})(?:[-/.](?<month>\d{1,2})|年\s*(?<zh>\d{1,2})月(?:份)?)$/;
const YEAR = /^(?<year>\d{4})年$/;
const UNFINISHED = /^(?:\d{1,2}月(?:份)?|\d{4}|\d{1,2}[日号])$/;
const DAY = '\\d{4}[-/.年]\\d{1,2}[-/.月]\\d{1,2}日?';
const HYPHEN = new RegExp(`^(?<low>${DAY})\\s*[-–—−]\\s*(?<high>${DAY})$`);

/** Two years far enough apart: a text whose day moves with today's year did not say its own. */
const SOME_DAYS = [Date.UTC(2000, 5, 15), Date.UTC(2010, 5, 15)] as const;

const NO_SPAN: Span = { years: 0, months: 0, days: 0, seconds: 0 };
const today: Operand = { from: 'clock', unit: 'day', shift: NO_SPAN };
const point = (operand: Operand): Measure => ({ is: 'point', operand });
const constant = (value: string): Operand => ({ from: 'constant', value });

function spanOf(piece: Piece, reader: Reader): ReturnType<typeof readSpan> {
  refuseSpanHyphen(piece);
  return readSpan(piece, reader.context.workDaySeconds ?? WORK_DAY_SECONDS);
}

/** A span that a calendar can be moved by; working time has no calendar here. */
function calendarSpan(piece: Piece, reader: Reader): Span {
  const { span, business } = spanOf(piece, reader);
  if (business) throw new Refusal('duration-unit', piece);
  return span;
}

/** The clock moved by a span, as a day where the span has no hours. Sums of spans are taken part by part. */
function moved(span: Span, sign: 1 | -1, days = 0): Operand {
  const unit = span.seconds === 0 ? 'day' : 'instant';
  return { from: 'clock', unit, shift: scaled(span, sign, days) };
}

function scaled(span: Span, sign: 1 | -1, days: number): Span {
  const times = (part: number): number => (part === 0 ? 0 : part * sign);
  return {
    years: times(span.years),
    months: times(span.months),
    days: times(span.days) + days,
    seconds: times(span.seconds),
  };
}

function readMoved(piece: Piece, reader: Reader): Measure | null {
  const found = MOVED.exec(piece.text)?.groups;
  if (!found) return null;
  const base = found.base!.toLowerCase();
  const days = NAMED_DAYS[base];
  if (found.sign === undefined) {
    return point({
      from: 'clock',
      unit: days === undefined ? 'instant' : 'day',
      shift: { ...NO_SPAN, days: days ?? 0 },
    });
  }
  const span = calendarSpan(cut(piece, piece.text.length - found.span!.length), reader);
  const shift = scaled(span, found.sign === '+' ? 1 : -1, days ?? 0);
  if (days !== undefined && shift.seconds !== 0) throw new Refusal('duration-unit', piece);
  return point({ from: 'clock', unit: days === undefined ? 'instant' : 'day', shift });
}

const PERIODS: Readonly<Record<string, 'week' | 'month' | 'quarter' | 'year'>> = {
  周: 'week',
  星期: 'week',
  礼拜: 'week',
  月: 'month',
  季: 'quarter',
  季度: 'quarter',
  年: 'year',
  week: 'week',
  month: 'month',
  quarter: 'quarter',
  year: 'year',
};

function readPeriod(text: string): Measure | null {
  const found = PERIOD.exec(text)?.groups;
  if (!found) return null;
  const period = PERIODS[found.period!.toLowerCase()]!;
  const which = found.which!.toLowerCase();
  if (/^[今去明]/.test(which) && period !== 'year') return null;
  const shift = /^上上/.test(which)
    ? -2
    : /^下下/.test(which)
      ? 2
      : /^(?:上|去|last|previous)/.test(which)
        ? -1
        : /^(?:下|明|next)/.test(which)
          ? 1
          : 0;
  const edge = (which: 'first' | 'last'): Operand => ({ from: 'period', period, edge: which, shift });
  return { is: 'stretch', first: edge('first'), last: edge('last') };
}

/** 最近7天 is today and the six days before; 未来3天 is today and the two days after; with hours both begin at this moment. */
function readNear(piece: Piece, reader: Reader): Measure | null {
  for (const [pattern, sign] of [
    [LATEST, -1],
    [COMING, 1],
  ] as const) {
    const found = pattern.exec(piece.text)?.groups;
    if (!found) continue;
    const from = piece.text.indexOf(found.span!, piece.text.length - found.span!.length - 3);
    const typed = cut(piece, from, from + found.span!.length);
    const span = calendarSpan(
      /^(?:天|日|day|周|week|月|month|年|year|小时|hour)s?$/i.test(typed.text)
        ? { ...typed, text: `1${typed.text}` }
        : typed,
      reader,
    );
    const byDay = span.seconds === 0;
    const near: Operand = byDay ? today : { from: 'clock', unit: 'instant', shift: NO_SPAN };
    const far = moved(span, sign, byDay ? -sign : 0);
    return sign < 0 ? { is: 'stretch', first: far, last: near } : { is: 'stretch', first: near, last: far };
  }
  return null;
}

function readMonth(piece: Piece): Measure | null {
  const year = YEAR.exec(piece.text)?.groups?.year;
  if (year !== undefined) return { is: 'stretch', first: constant(`${year}-01-01`), last: constant(`${year}-12-31`) };
  const found = MONTH.exec(piece.text)?.groups;
  if (!found) return null;
  const month = Number(found.month ?? found.zh);
  if (month < 1 || month > 12) throw new Refusal('date', piece);
  const last = new Date(Date.UTC(Number(found.year), month, 0)).toISOString().slice(0, 10);
  return { is: 'stretch', first: constant(`${last.slice(0, 8)}01`), last: constant(last) };
}

const WORDS = [
  '今天',
  '昨天',
  '明天',
  '前天',
  '后天',
  '现在',
  '本周',
  '上周',
  '下周',
  '本月',
  '上月',
  '下月',
  '本季度',
  '今年',
  '去年',
  '明年',
  '最近7天',
  '未来3天',
  'today',
  'yesterday',
  'tomorrow',
  'now',
  'this week',
  'last week',
  'next week',
  'this month',
  'last month',
  'next month',
  'this year',
  'last 7 days',
  'next 3 days',
];

function readCalendarText(piece: Piece, { column, context }: Reader): Measure {
  if (UNFINISHED.test(piece.text)) throw new Refusal('date-incomplete', piece);
  const [one, other] = SOME_DAYS.map((todayMs) =>
    readDateText(piece.text.replace(/\s+/g, ' '), { todayMs, monthFirst: context.locale === 'zh-CN', past: false }),
  ) as [ReturnType<typeof readDateText>, ReturnType<typeof readDateText>];
  if (one.kind === 'time-only') throw new Refusal('date-incomplete', piece);
  if (one.kind === 'ambiguous') throw new Refusal('date', piece, { suggestion: isoDay(one.dayMs[0]!) });
  if (one.kind === 'none' || other.kind !== 'moment') {
    throw new Refusal('date', piece, { suggestion: nearestWord(piece.text, WORDS) });
  }
  // 今天 14:00 moves with the clock, and no word of the language is a time of it.
  if (one.dayMs !== other.dayMs)
    throw new Refusal(/\d.*[-/.月]|[a-z]{3,} \d/i.test(piece.text) ? 'date-incomplete' : 'date', piece);
  if (one.timeMs === null || column.kind === 'date') return point(constant(isoDay(one.dayMs)));
  const wallMs = one.dayMs + one.timeMs;
  const atMs =
    one.offsetMinutes === undefined ? instantOf(wallMs, context.timeZone) : wallMs - one.offsetMinutes * 60_000;
  return point(constant(new Date(atMs).toISOString()));
}

function isoDay(dayMs: number): string {
  return new Date(dayMs).toISOString().slice(0, 10);
}

function readAge(piece: Piece, reader: Reader): Measure {
  const { span, business } = spanOf(piece, reader);
  if (span.months === 0) return { is: 'age', seconds: span.days * DAY_SECONDS + span.seconds, business };
  return {
    is: 'months-age',
    operand: { from: 'clock', unit: span.seconds === 0 ? 'day' : 'instant', shift: scaled(span, -1, 0) },
  };
}

export const momentMeasure: MeasureReader = {
  read(piece, reader) {
    if (piece.text === '') throw new Refusal('incomplete', piece);
    const seconds = (added: Piece): number => {
      const span = calendarSpan(added, reader);
      if (span.months !== 0) throw new Refusal('duration-unit', added);
      return span.days * DAY_SECONDS + span.seconds;
    };
    const reference = readReference(piece, reader, seconds);
    if (reference) return point(reference);
    const hyphen = HYPHEN.exec(piece.text)?.groups;
    if (hyphen) throw new Refusal('hyphen-range', piece, { suggestion: `${hyphen.low}..${hyphen.high}` });
    if (/^[[(\]]|[\])[]$/.test(piece.text)) throw new Refusal('bracket', piece);
    if (/^\d{1,3}(?:\.\d+)?$/.test(piece.text)) throw new Refusal('duration-unit', piece);
    const named = readMoved(piece, reader) ?? readPeriod(piece.text) ?? readMonth(piece);
    if (named) return named;
    const near = readNear(piece, reader);
    if (near) return near;
    const ago = AGO.exec(piece.text)?.groups?.span;
    if (ago !== undefined && looksLikeSpan(ago))
      return point(moved(calendarSpan(cut(piece, 0, ago.length), reader), -1));
    const ahead = AHEAD.exec(piece.text)?.groups;
    const typed = ahead?.span ?? ahead?.en;
    if (typed !== undefined && looksLikeSpan(typed)) {
      return point(moved(calendarSpan({ text: typed, at: piece.at + piece.text.indexOf(typed) }, reader), 1));
    }
    if (looksLikeSpan(piece.text) && !/^\d{1,2}月|^\d{3,}年/.test(piece.text)) return readAge(piece, reader);
    return readCalendarText(piece, reader);
  },
  unitOf: (text) => (looksLikeSpan(text) ? spanUnitOf(text) : ''),
};
