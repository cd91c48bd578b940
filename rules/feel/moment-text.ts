/** Dates, times and date-times as text: the forms of XML Schema, with `@Area/City` for a named zone (DMN 1.5, 10.3.4.1). */
import {
  civilOf,
  epochDayOf,
  FeelDate,
  FeelDateTime,
  FeelTime,
  type FeelZone,
  isZoneName,
  SECOND_NANOS,
} from './moment.ts';

const DATE = /^(-?(?:[1-9]\d{4,8}|\d{4}))-(\d\d)-(\d\d)$/;
const TIME = /^(\d\d):(\d\d):(\d\d)(?:\.(\d+))?(Z|[+-]\d\d:\d\d(?::\d\d)?|@.+)?$/;
const OFFSET = /^([+-])(\d\d):(\d\d)(?::(\d\d))?$/;
/** XML Schema allows 14 hours; FEEL's engines agree on 18. */
const LAST_OFFSET = 18 * 3600;

/** `2026-03-10`; null for anything else. */
export function parseDate(text: string): FeelDate | null {
  const [, year, month, day] = DATE.exec(text) ?? [];
  const epochDay = year === undefined ? null : epochDayOf(Number(year), Number(month), Number(day));
  return epochDay === null ? null : new FeelDate(epochDay);
}

/** `10:30:00`, `10:30:00.5Z`, `10:30:00+08:00`, `10:30:00@Asia/Shanghai`; null for anything else. */
export function parseTime(text: string): FeelTime | null {
  const match = TIME.exec(text);
  if (match === null) return null;
  const [hour, minute, second] = [Number(match[1]), Number(match[2]), Number(match[3])];
  if (hour > 23 || minute > 59 || second > 59) return null;
  const zone = parseZone(match[5]);
  if (zone === undefined) return null;
  const fraction = Number((match[4] ?? '').slice(0, 9).padEnd(9, '0'));
  return new FeelTime((hour * 3600 + minute * 60 + second) * SECOND_NANOS + fraction, zone);
}

/** A date, `T` and a time; a date alone is its midnight. Null for anything else. */
export function parseDateTime(text: string): FeelDateTime | null {
  const cut = text.indexOf('T');
  const date = parseDate(cut < 0 ? text : text.slice(0, cut));
  if (date === null) return null;
  if (cut < 0) return new FeelDateTime(date.epochDay, 0, null);
  const time = parseTime(text.slice(cut + 1));
  return time === null ? null : new FeelDateTime(date.epochDay, time.nanos, time.zone);
}

/** Undefined for a zone that does not exist. */
function parseZone(text: string | undefined): FeelZone | undefined {
  if (text === undefined) return null;
  if (text === 'Z') return 0;
  if (text.startsWith('@')) return isZoneName(text.slice(1)) ? text.slice(1) : undefined;
  const [, sign, hours, minutes, seconds] = OFFSET.exec(text) ?? [];
  if (Number(minutes) > 59 || Number(seconds ?? 0) > 59) return undefined;
  const offset = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds ?? 0);
  if (offset > LAST_OFFSET) return undefined;
  return sign === '-' && offset > 0 ? -offset : offset;
}

const pad = (part: number, digits = 2): string => String(part).padStart(digits, '0');

export function formatDate({ epochDay }: FeelDate): string {
  const { year, month, day } = civilOf(epochDay);
  return `${year < 0 ? '-' : ''}${pad(Math.abs(year), 4)}-${pad(month)}-${pad(day)}`;
}

export function formatTime({ nanos, zone }: FeelTime): string {
  const seconds = Math.floor(nanos / SECOND_NANOS);
  const fraction = pad(nanos - seconds * SECOND_NANOS, 9).replace(/0+$/, '');
  const clock = `${pad(Math.floor(seconds / 3600))}:${pad(Math.floor(seconds / 60) % 60)}:${pad(seconds % 60)}`;
  return `${clock}${fraction === '' ? '' : `.${fraction}`}${formatZone(zone)}`;
}

export function formatDateTime({ epochDay, nanos, zone }: FeelDateTime): string {
  return `${formatDate(new FeelDate(epochDay))}T${formatTime(new FeelTime(nanos, zone))}`;
}

function formatZone(zone: FeelZone): string {
  if (zone === null) return '';
  if (typeof zone === 'string') return `@${zone}`;
  if (zone === 0) return 'Z';
  const size = Math.abs(zone);
  const seconds = size % 60 === 0 ? '' : `:${pad(size % 60)}`;
  return `${zone < 0 ? '-' : '+'}${pad(Math.floor(size / 3600))}:${pad(Math.floor(size / 60) % 60)}${seconds}`;
}
