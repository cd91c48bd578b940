/** Lengths of time of a duration column, in whole seconds. A day is 24 hours; months and working time have no fixed length. */
import { duration } from '../../src/model/fields/duration.ts';
import { readReference } from './field-reference.ts';
import type { Piece } from './piece.ts';
import type { MeasureReader, Reader } from './reader.ts';
import { Refusal } from './refusal.ts';
import { readSpan, spanUnitOf } from './span.ts';

const CLOCK = /^\d{1,5}:\d\d(?::\d\d)?$/;
const HYPHEN = /^(?<low>[\d.]+)\s*(?<lowUnit>\D*?)\s*[-–—−]\s*(?<high>[\d.]+)\s*(?<unit>\D+)$/;
const DAY_SECONDS = 86_400;

/** Refuses `1-3小时`. */
export function refuseSpanHyphen(piece: Piece): void {
  const found = HYPHEN.exec(piece.text)?.groups;
  if (!found) return;
  const { low, lowUnit, high, unit } = found;
  throw new Refusal('hyphen-range', piece, { suggestion: `${low}${lowUnit || unit}..${high}${unit}` });
}

function secondsOf(piece: Piece, reader: Reader): number {
  if (CLOCK.test(piece.text)) {
    const parsed = duration.parse(piece.text, { timeZone: 'UTC', locale: 'zh-CN', options: [], now: '' });
    if (!parsed.ok) throw new Refusal('duration', piece);
    return Number(parsed.value);
  }
  refuseSpanHyphen(piece);
  const { span, business } = readSpan(piece, reader.context.workDaySeconds ?? 0);
  if (business || span.months !== 0 || span.years !== 0) throw new Refusal('duration-unit', piece);
  return span.days * DAY_SECONDS + span.seconds;
}

export const durationMeasure: MeasureReader = {
  read(piece, reader) {
    const reference = readReference(piece, reader, (added) => secondsOf(added, reader));
    if (reference) return { is: 'point', operand: reference };
    return { is: 'point', operand: { from: 'constant', value: secondsOf(piece, reader) } };
  },
  unitOf: spanUnitOf,
};
