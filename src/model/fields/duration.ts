/**
 * A length of time in whole seconds, shown as `2小时30分` or `2h 30m`. A bare number is hours, because 耗时 and 工时 are
 * counted in hours where no unit is written; above 24 it is refused, since it is then as likely minutes. A day (天) is
 * refused too: it may be 8 or 24 hours.
 */
import type { FieldType, Parsed } from '../field.ts';
import { accept, EPOCH_WALL, isTimeOnly, numerals, plainText, refuse } from '../typed.ts';

const MOST_BARE_HOURS = 24;
const MOST_SECONDS = 1e10;

const NUMBER = '\\d+(?:\\.\\d+)?|\\.\\d+';
const SPELT = new RegExp(
  `^(?:(?<hours>${NUMBER}) ?(?:个?(?:小时|钟头)|时|h|hrs?|hours?)(?<half>半)?)? ?(?:(?<minutes>${NUMBER}) ?(?:分钟?|m|mins?|minutes?))? ?(?:(?<seconds>${NUMBER}) ?(?:秒钟?|s|secs?|seconds?))?$`,
  'i',
);
const CLOCK = /^(\d{1,5}):([0-5]\d)(?::([0-5]\d))?$/;

function readSpelt(text: string): number | undefined {
  const typed = text
    .replace(/^[一二两三四五六七八九十](?=个|小时|钟头|刻|分)/, (digit) => numerals[digit]!)
    .replace(/^(\d+)个半(?=小时|钟头)/, '$1.5')
    .replace(/^半个?(?=小时|钟头)/, '0.5')
    .replace(/([1-3])刻钟?$/, (_, quarters: string) => `${Number(quarters) * 15}分`)
    .replace(/^(\d+(?:\.\d+)?个?小时)零?(\d+)$/, '$1$2分')
    .replace(/(\d[hH]) ?(\d{1,2})$/, '$1$2m')
    .replace(/小时零/, '小时');
  const part = SPELT.exec(typed)?.groups;
  if (!part || typed === '') return undefined;
  if (part.hours === undefined && part.minutes === undefined && part.seconds === undefined) return undefined;
  const half = part.half ? 1800 : 0;
  return Number(part.hours ?? 0) * 3600 + half + Number(part.minutes ?? 0) * 60 + Number(part.seconds ?? 0);
}

function readSeconds(text: string): number | undefined {
  const clock = CLOCK.exec(text);
  if (clock) return Number(clock[1]) * 3600 + Number(clock[2]) * 60 + Number(clock[3] ?? 0);
  if (/^(?:\d+\.?\d*|\.\d+|\d+,\d{1,2})$/.test(text)) return bareHours(Number(text.replace(',', '.')));
  return readSpelt(text);
}

function bareHours(hours: number): number | undefined {
  return hours >= 0 && hours <= MOST_BARE_HOURS ? hours * 3600 : undefined;
}

export const duration: FieldType = {
  name: 'duration',
  parse(cell): Parsed {
    let seconds: number | undefined;
    if (typeof cell === 'number') seconds = bareHours(cell);
    else if (typeof cell === 'string') seconds = readSeconds(plainText(cell));
    else if (typeof cell === 'object' && isTimeOnly(cell)) seconds = (cell.wallMs - EPOCH_WALL) / 1000;
    const whole = seconds === undefined ? Number.NaN : Math.round(seconds);
    return whole <= MOST_SECONDS ? accept(whole === 0 ? 0 : whole) : refuse('not-a-duration', cell);
  },
  format(value, { locale }) {
    const total = Number(value);
    const parts = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
    const units = locale === 'en' ? ['h', 'm', 's'] : ['小时', '分', '秒'];
    const shown = parts.flatMap((part, i) => (part === 0 ? [] : [`${part}${units[i]}`]));
    return shown.length === 0 ? `0${units[1]}` : shown.join(locale === 'en' ? ' ' : '');
  },
  sql: 'bigint',
  samples: [0, 59, 1800, 9000, 5405, 360000],
  weight: 1,
  kind: 'duration',
};
