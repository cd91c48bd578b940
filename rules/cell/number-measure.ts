/** Numbers and amounts: `100000`, `10万`, `1.5k`, `50%`, `{报价}*1.1`. */
import { parseAmount } from '../../src/model/amount.ts';
import { readReference } from './field-reference.ts';
import type { Piece } from './piece.ts';
import type { MeasureReader, Reader } from './reader.ts';
import { Refusal } from './refusal.ts';

/** Powers of ten by the letter or word after a number; 万 and 亿 belong to `parseAmount`. */
const POWERS: Readonly<Record<string, number>> = { k: 3, 千: 3, w: 4, m: 6, 百万: 6, 千万: 7, bn: 9, b: 9 };
const POWER = /^(?<digits>-?\d+(?:\.\d+)?) ?(?<power>k|千|w|m|百万|千万|bn|b)$/i;
/** Measure words say nothing that the column does not. */
const MEASURE_WORD = /(?<=[\d万亿千kKmMwW]) ?(?:个|次|件|台|条|人|项|份|张|套|户|单|分|星|岁|米|公斤|times|items)$/;
const UNIT = /(?:百万|千万|[万亿千kmw%])$/i;
/** `1,000`: groups of three after a comma. */
const THOUSANDS = /(?<![\d.,])[1-9]\d{0,2}(?:,\d{3})+(?![\d,])/;
const HYPHEN = /^(?<low>-?[\d.]+(?:[万亿千kmw%])?)\s*[-–—−]\s*(?<high>[\d.]+(?:[万亿千kmw%])?)$/i;

/** Refuses a comma that may group thousands or part two values. To be asked of the whole cell, before lists are cut. */
export function refuseThousands(piece: Piece): void {
  const found = THOUSANDS.exec(piece.text);
  if (!found) return;
  const [typed] = found;
  throw new Refusal(
    'ambiguous-comma',
    { text: typed, at: piece.at + found.index },
    {
      suggestion: typed.replaceAll(',', ''),
      params: { one: typed.replaceAll(',', ''), several: typed.replaceAll(',', '、') },
    },
  );
}

/** Refuses `1-5`, which is a range to one person and a day to the app. */
export function refuseHyphen(piece: Piece): void {
  const found = HYPHEN.exec(piece.text)?.groups;
  if (found) throw new Refusal('hyphen-range', piece, { suggestion: `${found.low}..${found.high}` });
}

/** The number a text means; undefined when it means none. */
export function readNumber(text: string): number | undefined {
  const plain = text.replace(/^[−–]/, '-').replace(MEASURE_WORD, '');
  const power = POWER.exec(plain)?.groups;
  if (power) return Number(`${power.digits}e${POWERS[power.power!.toLowerCase()]}`);
  if (/[(),]/.test(plain)) return undefined;
  const parsed = parseAmount(plain);
  return parsed.ok ? Number(parsed.value) : undefined;
}

function numberOf(piece: Piece): number {
  if (piece.text === '') throw new Refusal('incomplete', piece);
  refuseHyphen(piece);
  if (/^[[(\]]|[\])[]$/.test(piece.text)) throw new Refusal('bracket', piece);
  const value = readNumber(piece.text);
  if (value === undefined) throw new Refusal('number', piece);
  return value;
}

export const numberMeasure: MeasureReader = {
  read(piece: Piece, reader: Reader) {
    const reference = readReference(piece, reader, numberOf);
    if (reference) return { is: 'point', operand: reference };
    return { is: 'point', operand: { from: 'constant', value: numberOf(piece) } };
  },
  unitOf: (text) => UNIT.exec(text)?.[0] ?? '',
};
