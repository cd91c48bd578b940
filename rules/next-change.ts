/** The moment at which a row's truth can next turn by time alone, for a table of moments: nothing then needs to be scanned. */
import type { FieldValue } from '../src/model/field.ts';
import { instantOf, wallOf } from '../src/model/wall-clock.ts';
import { moveWall } from './action-length.ts';
import type { CellTest, Operand } from './cell-test.ts';
import type { RuleRow } from './rule.ts';
import type { RuleScope } from './scope.ts';

const DAY_MS = 86_400_000;
const DAY_LENGTH = 10;

/**
 * Milliseconds since 1970 in UTC, always after `scope.now`; null when time alone never changes the row again. The row is
 * to be asked again then: it may have turned, and it cannot have turned before. Formulas are not looked into.
 */
export function nextChange(row: RuleRow, scope: RuleScope): number | null {
  let next: number | null = null;
  for (const { field, test } of row.conditions) {
    if (field === null) continue;
    for (const at of turns(test, scope.values[field] ?? null, scope)) {
      if (at > scope.now && (next === null || at < next)) next = at;
    }
  }
  return next;
}

/** Moments around which a test can turn. */
function turns(test: CellTest, value: FieldValue, scope: RuleScope): readonly number[] {
  switch (test.op) {
    case 'age':
      return typeof value === 'string' ? ageTurns(test, value, scope) : [];
    case 'equals':
      return typeof value === 'string' ? operandTurns(test.to, value, scope) : [];
    case 'within':
      if (typeof value !== 'string') return [];
      return [test.low, test.high].flatMap((bound) => (bound ? operandTurns(bound.operand, value, scope) : []));
    case 'not':
      return turns(test.test, value, scope);
    case 'all':
    case 'some':
      return test.tests.flatMap((each) => turns(each, value, scope));
    case 'changed':
      return turns(test.after, value, scope);
    default:
      return [];
  }
}

function ageTurns(
  { compare, seconds, business }: Extract<CellTest, { op: 'age' }>,
  value: string,
  { now, timeZone, calendar }: RuleScope,
): readonly number[] {
  const ms = Date.parse(value);
  if (Number.isNaN(ms)) return [];
  const isDay = value.length === DAY_LENGTH;
  // The age passes the limit; `>` and `<=` turn just after it.
  const isAfter = compare === '>' || compare === '<=';
  if (business) {
    const at = isDay ? instantOf(ms, timeZone) : ms;
    try {
      return isAfter ? [calendar.add(at, seconds) + 1, calendar.add(at, seconds + 1)] : [calendar.add(at, seconds)];
    } catch {
      // The calendar has no such time: it never comes.
      return [];
    }
  }
  if (!isDay) return [ms + seconds * 1000 + (isAfter ? 1 : 0)];
  // A day's age counts in whole days of the wall clock.
  const days = isAfter ? Math.floor(seconds / 86_400) + 1 : Math.ceil(seconds / 86_400);
  const turn = instantOf(ms + days * DAY_MS, timeZone);
  return turn > now ? [turn] : [];
}

/** Moments at which an operand that moves with the clock passes a value. */
function operandTurns(operand: Operand, value: string, { now, timeZone }: RuleScope): readonly number[] {
  const ms = Date.parse(value);
  if (Number.isNaN(ms)) return [];
  const isDay = value.length === DAY_LENGTH;
  const wall = isDay ? ms : wallOf(ms, timeZone);
  const day = Math.floor(wall / DAY_MS) * DAY_MS;
  if (operand.from === 'period') return periodTurns(operand, day, timeZone);
  if (operand.from !== 'clock') return [];
  const { shift, unit } = operand;
  if (unit === 'instant' && !isDay) {
    const isFixed = shift.years === 0 && shift.months === 0 && shift.days === 0;
    const at = isFixed ? ms : instantOf(moveWall(wall, shift, -1), timeZone);
    const turn = at - shift.seconds * 1000;
    if (isFixed) return [turn, turn + 1];
    return near(wallOf(turn, timeZone), timeZone).flatMap((each) => [each, each + 1]);
  }
  // Days are compared, and the day of the operand turns at a midnight moved by its seconds.
  const back = moveWall(day, shift, -1);
  return near(back, timeZone)
    .map((at) => at - shift.seconds * 1000)
    .filter((at) => at > now);
}

/** Months have no length, so the way back from a month's end is only known to a few days. */
function near(wallMs: number, timeZone: string): readonly number[] {
  return [-3, -2, -1, 0, 1, 2, 3, 4].map((days) => instantOf(wallMs + days * DAY_MS, timeZone));
}

/** The edge of a running period passes a day when the period of that day begins to run, or ends. */
function periodTurns(
  { period, shift }: Extract<Operand, { from: 'period' }>,
  day: number,
  timeZone: string,
): readonly number[] {
  const date = new Date(day);
  const begins = (count: number): number => {
    if (period === 'week') return day - ((date.getUTCDay() + 6) % 7) * DAY_MS + count * 7 * DAY_MS;
    const length = { month: 1, quarter: 3, year: 12 }[period];
    const start = Math.floor(date.getUTCMonth() / length) * length;
    return Date.UTC(date.getUTCFullYear(), start + count * length, 1);
  };
  return [-1, 0, 1].map((more) => instantOf(begins(more - shift), timeZone));
}
