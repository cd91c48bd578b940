/**
 * Working time: weekly hours, days that differ, and arithmetic on both (`due` is where elapsed equals target).
 *
 * Everything is counted in whole seconds: an instant stands for the second it lies in. Hours are read on the wall clock
 * of the calendar's zone, so a day on which the clocks change is shorter or longer. Hours begin and end at the first
 * moment the wall clock shows their time or, where the clocks jump over it, a later one.
 */
import {
  type CalendarDay,
  type CalendarDefinition,
  calendarFaults,
  dayNumber,
  type Hours,
  layOut,
} from './calendar-days.ts';
import { ConfigError } from './errors.ts';
import { instantOf, wallOf } from './wall-clock.ts';

/** Working time of one calendar. Instants are milliseconds since 1970 in UTC; durations are whole seconds. */
export interface WorkCalendar {
  /** Seconds of working time in `[from, to)`; 0 when `to` is not after `from`. Looks at most fifty years ahead. */
  elapsed(from: number, to: number): number;
  /** The earliest instant at which `elapsed(from, instant)` equals `seconds`. Throws `RangeError` when the calendar has no such time within ten years. */
  add(from: number, seconds: number): number;
}

export interface Calendar extends WorkCalendar {
  readonly definition: CalendarDefinition;
  /** A day by its date, `YYYY-MM-DD`. */
  day(on: string): CalendarDay;
}

const DAY_MS = 86_400_000;
/** A day typed as 9999 must not make anybody wait. */
const FARTHEST_MS = 50 * 365.25 * DAY_MS;
const TEN_YEARS_MS = 10 * 365.25 * DAY_MS;
const BLOCK_MS = 400 * DAY_MS;
const MOST_BLOCKS = 128;

/** Every second counts: 24x7, and calendar time. */
export const alwaysOpen: WorkCalendar = {
  elapsed: (from, to) => Math.max(0, wholeSecond(to) - wholeSecond(from)) / 1000,
  add(from, seconds) {
    checkSeconds(seconds);
    if (seconds * 1000 > TEN_YEARS_MS) throw tooFar(seconds);
    return wholeSecond(from) + seconds * 1000;
  },
};

/** Working spans of `BLOCK_MS`, with the seconds of work before each. Milliseconds, but for the seconds. */
interface Block {
  readonly starts: Float64Array;
  readonly ends: Float64Array;
  readonly before: Float64Array;
  readonly total: number;
}

/**
 * A calendar that answers in logarithmic time: the spans of 400 days at a time are laid out when first asked for.
 * Throws a `ConfigError` (`calendar-invalid`) whose `details.faults` are those of `calendarFaults`.
 */
export function createCalendar(definition: CalendarDefinition): Calendar {
  const faults = calendarFaults(definition);
  if (faults.length > 0) throw new ConfigError('calendar-invalid', definition.name, { details: { faults } });
  const { timeZone } = definition;
  const hoursOf = layOut(definition);
  const blocks = new Map<number, Block>();

  const blockAt = (index: number): Block => {
    let block = blocks.get(index);
    if (block === undefined) {
      if (blocks.size >= MOST_BLOCKS) blocks.clear();
      block = makeBlock(index * BLOCK_MS, timeZone, (day) => hoursOf(day).hours);
      blocks.set(index, block);
    }
    return block;
  };

  return {
    definition,
    day(on) {
      const day = dayNumber(on);
      if (day === null) throw new RangeError(`not a date: ${on}`);
      return { on, ...hoursOf(day) };
    },
    elapsed(from, to) {
      const first = wholeSecond(from);
      const last = Math.min(wholeSecond(to), first + FARTHEST_MS);
      if (!(last > first)) return 0;
      const lastIndex = Math.floor(last / BLOCK_MS);
      let index = Math.floor(first / BLOCK_MS);
      let seconds = -secondsUntil(blockAt(index), first);
      for (; index < lastIndex; index++) seconds += blockAt(index).total;
      return seconds + secondsUntil(blockAt(lastIndex), last);
    },
    add(from, seconds) {
      checkSeconds(seconds);
      const first = wholeSecond(from);
      if (seconds === 0) return first;
      let index = Math.floor(first / BLOCK_MS);
      let left = seconds + secondsUntil(blockAt(index), first);
      for (let block = blockAt(index); block.total < left; block = blockAt(++index)) {
        left -= block.total;
        if (index * BLOCK_MS > first + TEN_YEARS_MS) throw tooFar(seconds);
      }
      const at = instantAfter(blockAt(index), left);
      if (at > first + TEN_YEARS_MS) throw tooFar(seconds);
      return at;
    },
  };
}

function makeBlock(startMs: number, timeZone: string, hoursOf: (day: number) => readonly Hours[]): Block {
  const endMs = startMs + BLOCK_MS;
  const starts: number[] = [];
  const ends: number[] = [];
  const firstDay = Math.floor(wallOf(startMs, timeZone) / DAY_MS) - 1;
  const lastDay = Math.floor(wallOf(endMs, timeZone) / DAY_MS) + 1;
  for (let day = firstDay; day <= lastDay; day++) {
    for (const { from, to } of hoursOf(day)) {
      const start = Math.max(startMs, firstShown(day * DAY_MS + from * 1000, timeZone));
      const end = Math.min(endMs, firstShown(day * DAY_MS + to * 1000, timeZone));
      if (end <= start) continue;
      if (ends.at(-1) === start) ends[ends.length - 1] = end;
      else {
        starts.push(start);
        ends.push(end);
      }
    }
  }
  const before = new Float64Array(starts.length);
  let total = 0;
  for (const [n, start] of starts.entries()) {
    before[n] = total;
    total += (ends[n]! - start) / 1000;
  }
  return { starts: Float64Array.from(starts), ends: Float64Array.from(ends), before, total };
}

/** The first instant at which a wall clock shows a time or a later one. */
function firstShown(wallMs: number, timeZone: string): number {
  const at = instantOf(wallMs, timeZone);
  if (wallOf(at, timeZone) === wallMs) return at;
  // The clocks jump over it: find the jump, which is less than the 25 hours before.
  let low = at - DAY_MS - 3_600_000;
  let high = at;
  while (high - low > 1000) {
    const middle = low + Math.floor((high - low) / 2000) * 1000;
    if (wallOf(middle, timeZone) < wallMs) low = middle;
    else high = middle;
  }
  return high;
}

/** How many of ascending figures are not above `limit`. */
function countUpTo(figures: Float64Array, limit: number): number {
  let low = 0;
  let high = figures.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (figures[middle]! <= limit) low = middle + 1;
    else high = middle;
  }
  return low;
}

function secondsUntil({ starts, ends, before }: Block, atMs: number): number {
  const n = countUpTo(starts, atMs) - 1;
  return n < 0 ? 0 : before[n]! + (Math.min(atMs, ends[n]!) - starts[n]!) / 1000;
}

/** `seconds` is above 0 and not above the block's total; the end of a span belongs to it, not the start of the next. */
function instantAfter({ starts, before }: Block, seconds: number): number {
  const n = countUpTo(before, seconds - 1) - 1;
  return starts[n]! + (seconds - before[n]!) * 1000;
}

function wholeSecond(atMs: number): number {
  return Math.floor(atMs / 1000) * 1000;
}

function checkSeconds(seconds: number): void {
  if (!Number.isSafeInteger(seconds) || seconds < 0) throw new RangeError(`not a length in whole seconds: ${seconds}`);
}

function tooFar(seconds: number): RangeError {
  return new RangeError(`no ${seconds} seconds of working time within ten years`);
}
