/** Functions of text (DMN 1.5, table 66). Positions count characters, not code units, and start at 1. */
import { compilePattern } from '../pattern.ts';
import { codePoints, isFound, searchAll } from '../pattern-search.ts';
import type { Run } from '../run.ts';
import { FeelNumber, type FeelValue } from '../value.ts';
import { asCount, asList, asText, type Functions, form } from './function.ts';

type TextTest = (text: string, part: string) => FeelValue;

/** A function of a text and a part of it; null when either is no text. */
const withPart = (name: string, test: TextTest) =>
  form(`string, ${name}`, (run, string, match) => {
    const [text, part] = [asText(string), asText(match)];
    if (text === null || part === null) return null;
    run.spend(text.length / 100);
    return test(text, part);
  });

const ofText = (convert: (text: string) => FeelValue) =>
  form('string', (run, string) => {
    const text = asText(string);
    run.spend((text?.length ?? 0) / 100);
    return text === null ? null : convert(text);
  });

export const textFunctions: Functions = {
  contains: [withPart('match', (text, part) => text.includes(part))],
  'starts with': [withPart('match', (text, part) => text.startsWith(part))],
  'ends with': [withPart('match', (text, part) => text.endsWith(part))],
  'substring before': [withPart('match', (text, part) => text.slice(0, Math.max(0, text.indexOf(part))))],
  'substring after': [
    withPart('match', (text, part) => (text.includes(part) ? text.slice(text.indexOf(part) + part.length) : '')),
  ],
  'string length': [ofText((text) => new FeelNumber(characters(text)))],
  'upper case': [ofText((text) => text.toUpperCase())],
  'lower case': [ofText((text) => text.toLowerCase())],
  substring: [
    form('string, start position', (run, string, start) => substring(run, string, start, undefined)),
    form('string, start position, length', substring),
  ],
  'string join': [form('list, delimiter?, prefix?, suffix?', join)],
  matches: [form('input, pattern, flags?', matches)],
  replace: [form('input, pattern, replacement, flags?', replace)],
  split: [form('string, delimiter', split)],
};

function characters(text: string): number {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

function substring(run: Run, string: FeelValue, start: FeelValue, length: FeelValue | undefined): FeelValue {
  const [text, first] = [asText(string), asCount(start)];
  if (text === null || first === null || first === 0) return null;
  run.spend(text.length / 50);
  const chars = Array.from(text);
  const from = first > 0 ? first - 1 : chars.length + first;
  if (from < 0 || from >= chars.length) return null;
  if (length === undefined) return chars.slice(from).join('');
  const count = asCount(length);
  return count === null || count < 1 ? null : chars.slice(from, from + count).join('');
}

/** Null in the list is left away; anything else that is no text makes the answer null. */
function join(run: Run, list: FeelValue, delimiter: FeelValue, prefix: FeelValue, suffix: FeelValue): FeelValue {
  const parts = asList(list)?.filter((part) => part !== null);
  if (!parts?.every((part) => typeof part === 'string')) return null;
  const [between, before, after] = [delimiter, prefix, suffix].map((text) => (text === null ? '' : asText(text)));
  if (between == null || before == null || after == null) return null;
  const size = parts.reduce((sum, part) => sum + part.length + between.length, before.length + after.length);
  run.spend(size / 100);
  return before + parts.join(between) + after;
}

/** What the three functions of patterns begin with; null when an argument is no text or the pattern is refused. */
function prepare(run: Run, input: FeelValue, pattern: FeelValue, flags: FeelValue) {
  const [text, source, options] = [asText(input), asText(pattern), flags === null ? '' : asText(flags)];
  const program = text === null || source === null || options === null ? null : compilePattern(source, options);
  if (text === null || program === null) return null;
  return { text, program, points: codePoints(run, text), plain: options?.includes('q') ?? false };
}

function matches(run: Run, input: FeelValue, pattern: FeelValue, flags: FeelValue): FeelValue {
  const ready = prepare(run, input, pattern, flags);
  return ready === null ? null : isFound(run, ready.program, ready.points);
}

/** `$1` is a group, `\$` a dollar sign, `\\` a backslash (XPath 3.1 functions, 5.6.4). */
function replace(run: Run, input: FeelValue, pattern: FeelValue, replacement: FeelValue, flags: FeelValue): FeelValue {
  const ready = prepare(run, input, pattern, flags);
  const by = asText(replacement);
  if (ready === null || by === null) return null;
  const parts = ready.plain ? [by] : replacementParts(by, ready.program.groups);
  const found = parts === null ? null : searchAll(run, ready.program, ready.points);
  if (parts === null || found === null) return null;
  let answer = '';
  let past = 0;
  for (const match of found) {
    answer += pieceOf(ready.points, past, match[0]!);
    for (const part of parts) {
      if (typeof part === 'string') answer += part;
      else if (match[part * 2 + 1]! >= 0) answer += pieceOf(ready.points, match[part * 2]!, match[part * 2 + 1]!);
    }
    run.spend(1 + answer.length / 1000);
    past = match[1]!;
  }
  return answer + pieceOf(ready.points, past, ready.points.length);
}

/** One by one, because a call takes a bounded number of arguments. */
function pieceOf(points: readonly number[], from: number, to: number): string {
  let text = '';
  for (let at = from; at < to; at += 1) text += String.fromCodePoint(points[at]!);
  return text;
}

/** Text and group numbers of a replacement; null when it is malformed. */
function replacementParts(source: string, groups: number): readonly (string | number)[] | null {
  const parts: (string | number)[] = [];
  for (let at = 0; at < source.length; ) {
    const [whole, escaped, digits, text] = /^(?:\\([\\$])|\$(\d+)|([^\\$]+))/.exec(source.slice(at)) ?? [];
    if (whole === undefined) return null;
    at += whole.length;
    if (digits === undefined) parts.push(escaped ?? text ?? '');
    else {
      // As many digits as name a group; the others are text.
      let length = digits.length;
      while (length > 1 && Number(digits.slice(0, length)) > groups) length -= 1;
      if (Number(digits.slice(0, length)) <= groups) parts.push(Number(digits.slice(0, length)));
      parts.push(digits.slice(length));
    }
  }
  return parts;
}

function split(run: Run, string: FeelValue, delimiter: FeelValue): FeelValue {
  const ready = prepare(run, string, delimiter, null);
  const found = ready === null ? null : searchAll(run, ready.program, ready.points);
  if (ready === null || found === null) return null;
  run.spend(found.length);
  const ends = [...found.map((match) => match[0]!), ready.points.length];
  const starts = [0, ...found.map((match) => match[1]!)];
  return ends.map((end, index) => pieceOf(ready.points, starts[index]!, end));
}
