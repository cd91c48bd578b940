/** Cells about the event itself: `变为 已解决`, `从 处理中 变为 已解决`, `已变更`, `离开 新建`. */
import type { CellTest } from '../cell-test.ts';
import { after, BECOMES, BECOMES_AGAIN, CHANGED, FROM_TO, LEAVES, LEAVES_AGAIN } from './operators.ts';
import { cut, type Piece } from './piece.ts';
import { Refusal } from './refusal.ts';

const any: CellTest = { op: 'any' };

/** Reads a change; null when the piece is none. `condition` reads what the values must satisfy. */
export function readChange(piece: Piece, condition: (piece: Piece) => CellTest): CellTest | null {
  if (CHANGED.test(piece.text)) return { op: 'changed', before: any, after: any };
  const both = FROM_TO.exec(piece.text)?.groups;
  if (both) {
    const [from, to] = [(both.from ?? both.enFrom)!, (both.to ?? both.enTo)!];
    const fromAt = piece.text.indexOf(from, 1);
    const target = cut(piece, piece.text.length - to.length);
    if (target.text === '') throw new Refusal('incomplete', piece);
    return { op: 'changed', before: condition(cut(piece, fromAt, fromAt + from.length)), after: condition(target) };
  }
  const to = after(piece, BECOMES);
  if (to) return becoming(condition(saidOnce(required(to, piece), BECOMES_AGAIN)));
  const from = after(piece, LEAVES);
  if (from) return leaving(condition(saidOnce(required(from, piece), LEAVES_AGAIN)));
  return null;
}

/** The values alone where the word of the change stands before each; blanks keep every place where it was. */
function saidOnce(piece: Piece, again: RegExp): Piece {
  return { text: piece.text.replace(again, (word) => ' '.repeat(word.length)), at: piece.at };
}

function required(piece: Piece, whole: Piece): Piece {
  if (piece.text === '') throw new Refusal('incomplete', whole);
  return piece;
}

/** Several values are several events: 变为 紧急,高 also holds from 紧急 to 高. */
export function becoming(test: CellTest): CellTest {
  if (test.op === 'some') return { op: 'some', tests: test.tests.map(becoming) };
  return { op: 'changed', before: { op: 'not', test }, after: test };
}

export function leaving(test: CellTest): CellTest {
  if (test.op === 'some') return { op: 'some', tests: test.tests.map(leaving) };
  return { op: 'changed', before: test, after: { op: 'not', test } };
}
