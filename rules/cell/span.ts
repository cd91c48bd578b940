/** Lengths of time as people type them: `2小时`, `1天12小时`, `4个工作小时`, `3 business days`, `半小时`. */
import { numerals } from '../../src/model/typed.ts';
import type { Span } from '../cell-test.ts';
import type { Piece } from './piece.ts';
import { Refusal } from './refusal.ts';

export interface ReadSpan {
  readonly span: Span;
  /** Working time: only seconds, 工作日 counted by the workspace's length of one. */
  readonly business: boolean;
}

type Unit = keyof Span | 'weeks' | 'quarters' | 'work-days';

interface UnitWords {
  readonly unit: Unit;
  /** Seconds, for units of time. */
  readonly seconds?: number;
  readonly business?: boolean;
  readonly words: string;
}

const units: readonly UnitWords[] = [
  { unit: 'work-days', business: true, words: '工作日|工作天|(?:business|working|work)\\s*days?' },
  {
    unit: 'seconds',
    seconds: 3600,
    business: true,
    words: '工作小时|工作时|(?:business|working|work)\\s*(?:hours?|hrs?|h)',
  },
  { unit: 'seconds', seconds: 60, business: true, words: '工作分钟|(?:business|working|work)\\s*(?:minutes?|mins?)' },
  { unit: 'seconds', seconds: 3600, words: '小时|钟头|时|hours?|hrs?|h' },
  { unit: 'seconds', seconds: 900, words: '刻钟?' },
  { unit: 'months', words: '月|months?|mo' },
  { unit: 'seconds', seconds: 60, words: '分钟?|minutes?|mins?|m' },
  { unit: 'seconds', seconds: 1, words: '秒钟?|seconds?|secs?|s' },
  { unit: 'weeks', words: '周|星期|礼拜|weeks?|wks?|w' },
  { unit: 'quarters', words: '季度?|quarters?' },
  { unit: 'days', words: '天|日|days?|d' },
  { unit: 'years', words: '年|years?|yrs?|y' },
];

const NUMERALS: Readonly<Record<string, string>> = {
  ...numerals,
  半: '0.5',
  a: '1',
  an: '1',
  one: '1',
  two: '2',
  three: '3',
  half: '0.5',
};
const NUMBER = '\\d+(?:\\.\\d+)?|\\.\\d+|[半一两二三四五六七八九十]|(?:an|a|one|two|three|half)(?=\\s)';
const PART = new RegExp(
  `^\\s*(?<number>${NUMBER})\\s*个?(?<half1>半)?\\s*(?:${units.map(({ words }, i) => `(?<u${i}>(?:${words})(?![a-z]))`).join('|')})(?<half2>半)?`,
  'i',
);
const UNIT_AT_END = new RegExp(`(?:个?(?:${units.map(({ words }) => words).join('|')}))$`, 'i');
const LOOKS_LIKE_SPAN = new RegExp(
  `^\\s*(?:${NUMBER})\\s*个?(?:${units.map(({ words }) => words).join('|')})(?![a-z])`,
  'i',
);

/** Whether a text begins as a length of time. */
export function looksLikeSpan(text: string): boolean {
  return LOOKS_LIKE_SPAN.test(text);
}

export function spanUnitOf(text: string): string {
  return UNIT_AT_END.exec(text)?.[0] ?? '';
}

/** Longer lengths mean nothing in tickets, and sums of them must stay safe whole numbers. */
const MOST = 100_000_000;

/**
 * Reads a length of time. A number without unit is `duration-unit`, anything else that is none `duration`. Parts of days
 * and of longer units are refused, except half weeks and half days, which are whole hours.
 */
export function readSpan(piece: Piece, workDaySeconds: number): ReadSpan {
  if (piece.text === '') throw new Refusal('incomplete', piece);
  if (/^\d+(?:\.\d+)?$/.test(piece.text)) throw new Refusal('duration-unit', piece);
  const total = { years: 0, months: 0, days: 0, seconds: 0 };
  let business: boolean | null = null;
  let rest = piece.text;
  while (rest !== '') {
    const found = PART.exec(rest);
    if (!found) throw new Refusal(/^\s*\d/.test(rest) ? 'duration-unit' : 'duration', piece);
    const groups = found.groups!;
    const index = units.findIndex((_, i) => groups[`u${i}`] !== undefined);
    const unit = units[index]!;
    const typed = groups.number!.toLowerCase();
    const count = Number(NUMERALS[typed] ?? typed) + (groups.half1 || groups.half2 ? 0.5 : 0);
    if (business !== null && business !== (unit.business ?? false)) throw new Refusal('duration-unit', piece);
    business = unit.business ?? false;
    if (!(count <= MOST)) throw new Refusal('duration', piece);
    add(total, unit, count, workDaySeconds, piece);
    rest = rest.slice(found[0].length).replace(/^\s*(?:零|又|and\b)?\s*/, '');
  }
  return { span: total, business: business ?? false };
}

function add(
  total: { -readonly [K in keyof Span]: number },
  unit: UnitWords,
  count: number,
  workDaySeconds: number,
  piece: Piece,
): void {
  const whole = (number: number): number => {
    if (!Number.isInteger(number)) throw new Refusal('duration', piece);
    return number;
  };
  switch (unit.unit) {
    case 'work-days':
      total.seconds += Math.round(count * workDaySeconds);
      break;
    case 'seconds':
      total.seconds += Math.round(count * unit.seconds!);
      break;
    case 'days':
    case 'weeks': {
      const days = unit.unit === 'weeks' ? count * 7 : count;
      total.days += Math.floor(days);
      total.seconds += Math.round((days - Math.floor(days)) * 86_400);
      break;
    }
    case 'quarters':
      total.months += whole(count * 3);
      break;
    case 'months':
      total.months += whole(count);
      break;
    case 'years':
      total.months += whole(count * 12);
      break;
  }
}
