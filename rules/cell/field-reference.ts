/** Another field of the record inside a cell: `{预算}`, `{报价}*1.1`, `{截止时间}-2天`. */

import type { ValueKind } from '../../src/model/field.ts';
import { wordKey } from '../../src/model/typed.ts';
import type { Operand } from '../cell-test.ts';
import type { CellField, CellLanguageContext } from './column.ts';
import { cut, type Piece } from './piece.ts';
import type { Reader } from './reader.ts';
import { Refusal } from './refusal.ts';
import { nearestWord } from './suggestion.ts';

/** The field that a name means; undefined when none does. Keys and labels go before other names. */
export function fieldNamed(name: string, { fields }: CellLanguageContext): CellField | undefined {
  const key = wordKey(name);
  return (
    fields.find((field) => wordKey(field.label) === key || wordKey(field.key) === key) ??
    fields.find((field) => field.names.some((each) => wordKey(each) === key))
  );
}

/** The label of the field whose name comes nearest. */
export function nearestField(name: string, { fields }: CellLanguageContext): string | null {
  const labels = new Map(
    fields.flatMap((field) => [field.label, field.key, ...field.names].map((each) => [each, field.label] as const)),
  );
  const found = nearestWord(name, [...labels.keys()]);
  return found === null ? null : labels.get(found)!;
}

const REFERENCE = /^\{(?<name>[^{}]*)\}\s*(?<rest>.*)$/s;
const TIMES = /^[*×✕x]\s*(?<times>\d+(?:\.\d+)?|\.\d+)\s*(?<percent>%?)\s*/i;

/** Kinds whose values can be compared with each other. */
function family(kind: ValueKind): string {
  if (kind === 'date' || kind === 'datetime') return 'moment';
  if (kind === 'person' || kind === 'people') return 'person';
  if (kind === 'text' || kind === 'choice' || kind === 'choices') return 'word';
  return kind;
}

/**
 * Reads a reference; null when the piece is none. `plus` reads what is added: the number of a number column, the
 * seconds of a moment or duration; columns without one take the bare field only.
 */
export function readReference(
  piece: Piece,
  reader: Reader,
  plus: ((piece: Piece) => number) | null,
): Extract<Operand, { from: 'field' }> | null {
  if (!piece.text.startsWith('{')) return null;
  const found = REFERENCE.exec(piece.text)?.groups;
  if (!found) throw new Refusal('bracket', piece, { suggestion: `${piece.text}}` });
  const name = found.name!.trim();
  if (name === '') throw new Refusal('incomplete', piece);
  const field = fieldNamed(name, reader.context);
  if (!field) {
    const near = nearestField(name, reader.context);
    throw new Refusal('unknown-field', piece, { suggestion: near === null ? null : `{${near}}`, params: { name } });
  }
  if (family(field.kind) !== family(reader.column.kind)) {
    throw new Refusal('operator-not-for-type', piece, { params: { field: field.label } });
  }
  reader.reads.add(field.key);
  let rest = cut(piece, piece.text.length - found.rest!.length);
  let times = 1;
  const factor = reader.column.kind === 'number' || reader.column.kind === 'duration' ? TIMES.exec(rest.text) : null;
  if (factor) {
    times = Number(`${factor.groups!.times}${factor.groups!.percent === '' ? '' : 'e-2'}`);
    rest = cut(rest, factor[0].length);
  }
  if (rest.text === '') return { from: 'field', key: field.key, times, plus: 0 };
  const sign = /^[+\-−–]/.exec(rest.text)?.[0];
  if (sign === undefined || plus === null) throw new Refusal('incomplete', rest);
  const added = plus(cut(rest, 1));
  return { from: 'field', key: field.key, times, plus: sign === '+' ? added : -added };
}
