/** Runs the program of a pattern over a text: every position costs at most one look at each step, whatever the text. */
import type { Pattern } from './pattern.ts';
import type { Run } from './run.ts';

/** Work of a look at one step, in units of a run: only whether there is a match, or also where. */
const LOOK_UNITS = 0.03;
const MARKED_LOOK_UNITS = 0.2;

/** A way through the program: the step it stands at and the places it marked. */
interface Thread {
  readonly at: number;
  readonly marks: readonly number[];
}

/** A text as code points, ready to be searched. */
export function codePoints(run: Run, text: string): readonly number[] {
  run.spend(text.length / 50);
  return Array.from(text, (char) => char.codePointAt(0)!);
}

/** Whether a pattern matches anywhere in a text: `search` without remembering where. */
export function isFound(run: Run, pattern: Pattern, text: readonly number[]): boolean {
  const { steps } = pattern;
  const seen = new Int32Array(steps.length).fill(-1);
  const open: number[] = [];
  let reading: number[] = [];
  for (let position = 0; position <= text.length; position += 1) {
    let looks = 1;
    open.push(0);
    while (open.length > 0) {
      const at = open.pop()!;
      if (seen[at] === position) continue;
      seen[at] = position;
      looks += 1;
      const step = steps[at]!;
      if (step.op === 'found') return true;
      if (step.op === 'set') reading.push(at);
      else if (step.op === 'fork') open.push(step.second, step.first);
      else if (step.op === 'jump') open.push(step.to);
      else if (step.op === 'mark' || atEdge(text, position, step.op, step.lines)) open.push(at + 1);
    }
    run.spend((looks + reading.length) * LOOK_UNITS);
    if (position === text.length) break;
    const code = text[position]!;
    for (const at of reading) {
      const step = steps[at]!;
      if (step.op === 'set' && step.has(code)) open.push(at + 1);
    }
    reading = [];
  }
  return false;
}

/**
 * The first match at or after `from`: where it and its groups begin and end, -1 for a group that took no part; null
 * when there is none.
 */
export function search(run: Run, pattern: Pattern, text: readonly number[], from = 0): readonly number[] | null {
  const seen = new Int32Array(pattern.steps.length).fill(-1);
  const unmarked = Array<number>((pattern.groups + 1) * 2).fill(-1);
  let found: readonly number[] | null = null;
  let threads: Thread[] = [];
  let looks = 0;
  for (let position = from; position <= text.length; position += 1) {
    if (found === null) looks += follow(pattern, seen, text, position, 0, unmarked, threads);
    else if (threads.length === 0) break;
    run.spend((threads.length + looks + 1) * MARKED_LOOK_UNITS);
    looks = 0;
    const next: Thread[] = [];
    for (const { at, marks } of threads) {
      const step = pattern.steps[at]!;
      if (step.op === 'found') {
        found = marks;
        break;
      }
      if (step.op !== 'set' || position >= text.length || !step.has(text[position]!)) continue;
      looks += follow(pattern, seen, text, position + 1, at + 1, marks, next);
    }
    threads = next;
  }
  return found;
}

/**
 * Adds the threads that a step leads to without reading a character, the preferred one first; each step once a position.
 * Answers how many steps it looked at.
 */
function follow(
  pattern: Pattern,
  seen: Int32Array,
  text: readonly number[],
  position: number,
  start: number,
  startMarks: readonly number[],
  threads: Thread[],
): number {
  let looks = 0;
  const open: Thread[] = [{ at: start, marks: startMarks }];
  for (let thread = open.pop(); thread !== undefined; thread = open.pop()) {
    const { at, marks } = thread;
    if (seen[at] === position) continue;
    seen[at] = position;
    looks += 1;
    const step = pattern.steps[at]!;
    if (step.op === 'jump') open.push({ at: step.to, marks });
    else if (step.op === 'fork') open.push({ at: step.second, marks }, { at: step.first, marks });
    else if (step.op === 'mark') open.push({ at: at + 1, marks: marks.with(step.slot, position) });
    else if (step.op === 'start' || step.op === 'end') {
      if (atEdge(text, position, step.op, step.lines)) open.push({ at: at + 1, marks });
    } else threads.push(thread);
  }
  return looks;
}

const NEWLINE = 10;

function atEdge(text: readonly number[], position: number, edge: 'start' | 'end', lines: boolean): boolean {
  if (edge === 'start') return position === 0 || (lines && text[position - 1] === NEWLINE);
  return position === text.length || (lines && text[position] === NEWLINE);
}

/** Every match from left to right, none of them empty: null when the pattern also matches the empty text. */
export function searchAll(run: Run, pattern: Pattern, text: readonly number[]): readonly (readonly number[])[] | null {
  const found: (readonly number[])[] = [];
  if (isFound(run, pattern, [])) return null;
  for (let from = 0; from <= text.length; ) {
    const match = search(run, pattern, text, from);
    if (match === null) break;
    if (match[1] === match[0]) return null;
    found.push(match);
    from = match[1]!;
  }
  return found;
}
