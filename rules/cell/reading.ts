/** What a test says, in plain words: the 解读 column. Every operator has one wording, brackets show what belongs together. */
import { type Params, say } from '../../src/messages/index.ts';
import { duration } from '../../src/model/fields/duration.ts';
import type { Bound, CellTest } from '../cell-test.ts';
import type { CellColumn, CellLanguageContext } from './column.ts';
import { literal, OperandReading, type ReadingContext } from './operand-reading.ts';

export type { ReadingContext } from './operand-reading.ts';

const NO_CONTEXT: ReadingContext = { fields: [], timeZone: 'UTC' };

type Locale = CellLanguageContext['locale'];

/**
 * The test with the column's label before it: `金额 大于 100000`, `优先级 为 紧急 或 高`. Without `context` other fields show as
 * their keys and moments in UTC.
 */
export function readingOf(
  test: CellTest,
  column: CellColumn,
  locale: Locale,
  context: ReadingContext = NO_CONTEXT,
): string {
  return `${column.label} ${conditionReading(test, column, locale, context)}`;
}

/** The test alone. */
export function conditionReading(
  test: CellTest,
  column: CellColumn,
  locale: Locale,
  context: ReadingContext = NO_CONTEXT,
): string {
  return new Reading(column, locale, context).of(test);
}

/** What a reading of free text should offer: a bare word means the whole text. Null where there is nothing to offer. */
export function adviceOf(test: CellTest, column: CellColumn, locale: Locale): string | null {
  if (column.kind !== 'text') return null;
  const words = (test.op === 'some' ? test.tests : [test]).map((each) =>
    each.op === 'equals' && each.to.from === 'constant' ? String(each.to.value) : null,
  );
  if (words.includes(null)) return null;
  return say(locale, 'cell.whole-text', { words: words.join(locale === 'en' ? ', ' : '，') });
}

class Reading {
  private readonly column: CellColumn;
  private readonly locale: Locale;
  private readonly operands: OperandReading;

  constructor(column: CellColumn, locale: Locale, context: ReadingContext) {
    this.column = column;
    this.locale = locale;
    this.operands = new OperandReading(column, locale, context);
  }

  of(test: CellTest): string {
    switch (test.op) {
      case 'any':
        return this.say('any');
      case 'empty':
        return this.say('empty');
      case 'equals':
        return this.say(this.isMeasured() ? 'equals-number' : 'equals', { value: this.operands.of(test.to) });
      case 'within':
        return this.within(test.low, test.high);
      case 'contains':
        return this.say('contains', { text: literal(test.text) });
      case 'starts':
        return this.say('starts', { text: literal(test.text) });
      case 'matches':
        return this.say('matches', { pattern: test.pattern });
      case 'has':
        return this.say('has', { value: literal(test.value) });
      case 'me':
        return this.say('me');
      case 'in-group':
        return this.say('in-group', { group: test.group });
      case 'has-role':
        return this.say('has-role', { role: test.role });
      case 'age':
        return this.age(test);
      case 'changed':
        return this.changed(test);
      case 'formula':
        return this.say('formula', { source: test.source });
      case 'not':
        return this.negated(test.test);
      case 'all':
        return this.all(test.tests);
      case 'some':
        return this.some(test.tests);
    }
  }

  private say(key: string, params: Params = {}): string {
    return say(this.locale, `cell.${key}`, params);
  }

  private isMeasured(): boolean {
    return this.column.kind === 'number' || this.column.kind === 'duration';
  }

  /** Several values of one wording are told in one: `为 紧急 或 高`. */
  private some(tests: readonly CellTest[]): string {
    const shared = this.sharedList(tests, 'or') ?? this.sharedChange(tests);
    return shared ?? tests.map((test) => this.grouped(test)).join(this.say('or'));
  }

  private all(tests: readonly CellTest[]): string {
    const [first, second] = tests;
    // `2小时内` asks for what has been, which goes without saying.
    if (
      tests.length === 2 &&
      first?.op === 'age' &&
      first.compare === '>=' &&
      first.seconds === 0 &&
      second?.op === 'age'
    ) {
      return this.age(second);
    }
    return this.sharedList(tests, 'and') ?? tests.map((test) => this.grouped(test)).join(this.say('and'));
  }

  /** In brackets where the wording has an 或 or 且 of its own. */
  private grouped(test: CellTest): string {
    const text = this.of(test);
    return isCompound(test) ? this.say('group', { text }) : text;
  }

  private sharedList(tests: readonly CellTest[], by: 'or' | 'and'): string | null {
    const [first] = tests;
    if (!first || tests.length < 2) return null;
    const values: string[] = [];
    for (const test of tests) {
      if (test.op !== first.op) return null;
      if (test.op === 'equals' && by === 'or') values.push(this.operands.of(test.to));
      else if (test.op === 'contains' || test.op === 'starts') values.push(literal(test.text));
      else if (test.op === 'has') values.push(literal(test.value));
      else return null;
    }
    const joined = values.join(this.say(by));
    if (first.op === 'equals') return this.say(this.isMeasured() ? 'equals-number' : 'equals', { value: joined });
    if (first.op === 'has') return this.say('has', { value: joined });
    return this.say(first.op, { text: joined });
  }

  /** `变为 已解决 或 已关闭`. */
  private sharedChange(tests: readonly CellTest[]): string | null {
    const changes = tests.map((test) => (test.op === 'changed' ? valueOfChange(test) : null));
    const [first] = changes;
    const values: string[] = [];
    for (const change of changes) {
      if (!first || change?.word !== first.word || change.test.op !== 'equals') return null;
      values.push(this.operands.of(change.test.to));
    }
    return this.say(first!.word, { value: values.join(this.say('or')) });
  }

  /** What is not so is also where nothing stands; that is said, because nobody expects it. */
  private negated(test: CellTest): string {
    if (test.op === 'empty') return this.say('not-empty');
    const text =
      test.op === 'contains'
        ? this.say('not-contains', { text: literal(test.text) })
        : test.op === 'equals'
          ? this.say('not-equals', { value: this.operands.of(test.to) })
          : this.say('not', { text: this.of(test) });
    return holdsForEmpty(test) ? text : `${text}${this.say('or-empty')}`;
  }

  private within(low: Bound | null, high: Bound | null): string {
    const moments = this.column.kind === 'date' || this.column.kind === 'datetime';
    const kind = moments ? 'moment' : 'number';
    if (low && high) {
      const whole = low.inclusive && high.inclusive;
      if (!whole) return `${this.within(low, null)}${this.say('and')}${this.within(null, high)}`;
      const params = { low: this.operands.of(low.operand), high: this.operands.of(high.operand) };
      return this.stretch(low, high) ?? this.say('between', params);
    }
    if (low)
      return this.say(`${kind}-${low.inclusive ? 'at-least' : 'above'}`, { value: this.operands.of(low.operand) });
    if (high)
      return this.say(`${kind}-${high.inclusive ? 'at-most' : 'below'}`, { value: this.operands.of(high.operand) });
    return this.say('any');
  }

  /** `本周` in its own word instead of its two ends. */
  private stretch(low: Bound, high: Bound): string | null {
    const [from, to] = [low.operand, high.operand];
    if (from.from !== 'period' || to.from !== 'period') return null;
    if (from.edge !== 'first' || to.edge !== 'last' || from.period !== to.period || from.shift !== to.shift)
      return null;
    return this.say('in-period', { period: this.operands.period(from) });
  }

  private age({ compare, seconds, business }: Extract<CellTest, { op: 'age' }>): string {
    const words = { '>': 'above', '>=': 'at-least', '<': 'below', '<=': 'at-most' } as const;
    const hours = String(duration.format(seconds, { timeZone: 'UTC', locale: this.locale, options: [], now: '' }));
    const span = business ? this.say('business', { span: hours }) : this.operands.seconds(seconds);
    return this.say(`age-${words[compare]}`, { span });
  }

  private changed(test: Extract<CellTest, { op: 'changed' }>): string {
    const { before, after } = test;
    if (before.op === 'any' && after.op === 'any') return this.say('changed');
    const change = valueOfChange(test);
    if (change) return this.say(change.word, { value: this.bare(change.test) });
    return this.say('from-to', { before: this.bare(before), after: this.bare(after) });
  }

  /** A value without its 为: `变为 已解决`. */
  private bare(test: CellTest): string {
    if (test.op === 'equals') return this.operands.of(test.to);
    if (test.op === 'has') return literal(test.value);
    return this.grouped(test);
  }
}

function isCompound(test: CellTest): boolean {
  switch (test.op) {
    case 'some':
    case 'all':
      return true;
    case 'not':
      return isCompound(test.test);
    case 'within':
      return test.low !== null && test.high !== null && !(test.low.inclusive && test.high.inclusive);
    default:
      return false;
  }
}

/** What a change becomes or leaves, when it says one of the two only. */
function valueOfChange({ before, after }: Extract<CellTest, { op: 'changed' }>): {
  readonly word: 'became' | 'left';
  readonly test: CellTest;
} | null {
  if (after.op === 'any' || (after.op === 'not' && isSame(after.test, before))) return { word: 'left', test: before };
  if (before.op === 'any' || (before.op === 'not' && isSame(before.test, after)))
    return { word: 'became', test: after };
  return null;
}

/** Whether an empty field satisfies a test. */
function holdsForEmpty(test: CellTest): boolean {
  switch (test.op) {
    case 'any':
    case 'empty':
      return true;
    case 'not':
      return !holdsForEmpty(test.test);
    case 'all':
      return test.tests.every(holdsForEmpty);
    case 'some':
      return test.tests.some(holdsForEmpty);
    default:
      return false;
  }
}

function isSame(one: CellTest, other: CellTest): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
