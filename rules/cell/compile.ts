/** From a test to a closure. Closures are total: every value, the empty one and one of a wrong type included, is true or false. */
import type { FieldValue } from '../../src/model/field.ts';
import type { Bound, CellTest, Operand } from '../cell-test.ts';
import type { RuleScope } from '../scope.ts';
import type { CellColumn, CellLanguageContext } from './column.ts';
import { canonicalNumber, compareScaled } from './decimal.ts';
import { compileFormulaTest } from './formula-test.ts';
import { ageSeconds, compareMoments, momentOf, operandMoment } from './moment-value.ts';
import { patternTest } from './pattern.ts';
import { fold } from './piece.ts';
import { foldedParts, foldedText, isBlank, peopleIn } from './word-values.ts';

/** Whether a value of the column satisfies the cell. Never throws. */
export type CompiledCell = (value: FieldValue, scope: RuleScope) => boolean;

export function compileTest(test: CellTest, column: CellColumn, context: CellLanguageContext): CompiledCell {
  const inner = (each: CellTest) => compileTest(each, column, context);
  switch (test.op) {
    case 'any':
      return () => true;
    case 'empty':
      return isBlank;
    case 'equals':
      return compileEquals(test.to, column);
    case 'within':
      return compileWithin(test.low, test.high, column);
    case 'contains': {
      const text = fold(test.text);
      return (value) => foldedText(value)?.includes(text) ?? false;
    }
    case 'starts': {
      const text = fold(test.text);
      return (value) => foldedText(value)?.startsWith(text) ?? false;
    }
    case 'matches':
      return compileMatches(test.pattern);
    case 'has':
      return compileHas(test.value, column);
    case 'me':
      return (value, { me, directory }) => me !== null && holdsPerson(value, me, directory);
    case 'in-group':
      return (value, { directory }) => peopleIn(value, directory).some((name) => directory.inGroup(name, test.group));
    case 'has-role':
      return (value, { directory }) => peopleIn(value, directory).some((name) => directory.hasRole(name, test.role));
    case 'age':
      return compileAge(test);
    case 'changed':
      return compileChanged(column.key, inner(test.before), inner(test.after));
    case 'formula':
      return compileFormulaTest(test.source, column, context);
    case 'not': {
      const negated = inner(test.test);
      return (value, scope) => !negated(value, scope);
    }
    case 'all': {
      const tests = test.tests.map(inner);
      return (value, scope) => tests.every((each) => each(value, scope));
    }
    case 'some':
      return compileSome(test.tests, column, inner);
  }
}

function holdsPerson(value: FieldValue, name: string, directory: RuleScope['directory']): boolean {
  const [person] = peopleIn(name, directory);
  return person !== undefined && peopleIn(value, directory).includes(person);
}

/** A list of words or numbers is one look into a set. */
function compileSome(
  tests: readonly CellTest[],
  { kind }: CellColumn,
  inner: (test: CellTest) => CompiledCell,
): CompiledCell {
  const constants = tests.map((test) => (test.op === 'equals' && test.to.from === 'constant' ? test.to.value : null));
  if (!constants.includes(null)) {
    if (kind === 'text' || kind === 'choice') {
      const words = new Set(constants.map((value) => fold(String(value))));
      return (value) => {
        const text = foldedText(value);
        return text !== null && words.has(text);
      };
    }
    if (kind === 'number' || kind === 'duration') {
      const numbers = new Set(constants.map((value) => canonicalNumber(Number(value))));
      return (value) => typeof value === 'number' && numbers.has(canonicalNumber(value));
    }
  }
  const compiled = tests.map(inner);
  return (value, scope) => compiled.some((each) => each(value, scope));
}

function compileEquals(to: Operand, { kind }: CellColumn): CompiledCell {
  switch (kind) {
    case 'number':
    case 'duration': {
      const compare = compileNumber(to);
      return (value, scope) => typeof value === 'number' && compare(value, scope) === 0;
    }
    case 'date':
    case 'datetime':
      return (value, scope) => {
        const moment = typeof value === 'string' ? momentOf(value, scope.timeZone) : null;
        const other = moment && operandMoment(to, scope);
        return moment !== null && other !== null && compareMoments(moment, other) === 0;
      };
    case 'boolean':
      return to.from === 'field'
        ? (value, { values }) => value !== null && value === (values[to.key] ?? null)
        : (value) => to.from === 'constant' && value === to.value;
    case 'person':
    case 'people':
      return (value, scope) => {
        const wanted = to.from === 'constant' ? String(to.value) : to.from === 'field' ? scope.values[to.key] : null;
        const names = peopleIn(wanted ?? null, scope.directory);
        return peopleIn(value, scope.directory).some((name) => names.includes(name));
      };
    case 'choices':
      return (value, scope) => {
        const wanted = foldedParts(to.from === 'field' ? (scope.values[to.key] ?? null) : wordOf(to));
        return foldedParts(value).some((part) => wanted.includes(part));
      };
    default:
      return compileEqualWord(to);
  }
}

function wordOf(operand: Operand): string | null {
  return operand.from === 'constant' ? String(operand.value) : null;
}

function compileEqualWord(to: Operand): CompiledCell {
  if (to.from === 'field') {
    return (value, { values }) => {
      const other = foldedText(values[to.key] ?? null);
      return other !== null && other !== '' && foldedText(value) === other;
    };
  }
  const word = fold(wordOf(to) ?? '');
  return (value) => word !== '' && foldedText(value) === word;
}

function compileHas(wanted: string, { kind }: CellColumn): CompiledCell {
  if (kind === 'person' || kind === 'people') {
    return (value, { directory }) => holdsPerson(value, wanted, directory);
  }
  const part = fold(wanted);
  return (value) => foldedParts(value).includes(part);
}

/** Compares a number with an operand: below 0 when it is less, NaN when the operand has no number. */
function compileNumber(operand: Operand): (value: number, scope: RuleScope) => number {
  if (operand.from === 'constant') {
    const constant = canonicalNumber(Number(operand.value));
    return (value) => canonicalNumber(value) - constant;
  }
  if (operand.from !== 'field') return () => Number.NaN;
  const { key, times, plus } = operand;
  return (value, { values }) => {
    const other = values[key];
    if (typeof other !== 'number' || !Number.isFinite(other) || !Number.isFinite(value)) return Number.NaN;
    if (times === 1 && plus === 0) return canonicalNumber(value) - canonicalNumber(other);
    return compareScaled(value, other, times, plus);
  };
}

function compileWithin(low: Bound | null, high: Bound | null, { kind }: CellColumn): CompiledCell {
  if (kind === 'date' || kind === 'datetime') return compileMomentWithin(low, high);
  const compareLow = low && compileNumber(low.operand);
  const compareHigh = high && compileNumber(high.operand);
  return (value, scope) =>
    typeof value === 'number' &&
    (compareLow === null || isAbove(compareLow(value, scope), low!.inclusive)) &&
    (compareHigh === null || isBelow(compareHigh(value, scope), high!.inclusive));
}

function isAbove(difference: number, inclusive: boolean): boolean {
  return inclusive ? difference >= 0 : difference > 0;
}

function isBelow(difference: number, inclusive: boolean): boolean {
  return inclusive ? difference <= 0 : difference < 0;
}

function compileMomentWithin(low: Bound | null, high: Bound | null): CompiledCell {
  const difference = (value: FieldValue, bound: Bound, scope: RuleScope): number => {
    const moment = typeof value === 'string' ? momentOf(value, scope.timeZone) : null;
    const other = moment && operandMoment(bound.operand, scope);
    return moment && other ? compareMoments(moment, other) : Number.NaN;
  };
  return (value, scope) =>
    (low === null || isAbove(difference(value, low, scope), low.inclusive)) &&
    (high === null || isBelow(difference(value, high, scope), high.inclusive));
}

function compileAge({ compare, seconds, business }: Extract<CellTest, { op: 'age' }>): CompiledCell {
  const inclusive = compare.endsWith('=');
  const holds = compare.startsWith('>') ? isAbove : isBelow;
  return (value, scope) => {
    const moment = typeof value === 'string' ? momentOf(value, scope.timeZone) : null;
    return moment !== null && holds(ageSeconds(moment, business, scope) - seconds, inclusive);
  };
}

const ANSWERS_KEPT = 1000;

function compileMatches(pattern: string): CompiledCell {
  const matches = patternTest(pattern);
  const answers = new Map<string, boolean>();
  return (value) => {
    if (value === null) return false;
    const text = String(value);
    let answer = answers.get(text);
    if (answer === undefined) {
      answer = matches(text);
      if (answers.size >= ANSWERS_KEPT) answers.clear();
      answers.set(text, answer);
    }
    return answer;
  };
}

/** What a new record has came out of nothing, so its creation changes every field that is not empty. */
function compileChanged(key: string, before: CompiledCell, after: CompiledCell): CompiledCell {
  return (value, scope) => {
    const earlier = scope.before?.[key] ?? null;
    return earlier !== (value ?? null) && before(earlier, scope) && after(value, scope);
  };
}
