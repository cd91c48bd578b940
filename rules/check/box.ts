/**
 * A row as a box: for each field the cells of its domain that the row takes. What cannot be decided from a value alone (a
 * look inside a text, another field, the moment) makes two boxes: the cells the row may take, and those it surely takes.
 * A claim that rows cover something uses the sure boxes, a claim that nothing is there the possible ones.
 */
import type { FieldValue } from '../../src/model/field.ts';
import { addBit, type Bits, emptyBits, fullBits, keepBits, noBits, shareBits } from '../bits.ts';
import { compileTest } from '../cell/index.ts';
import type { CellTest } from '../cell-test.ts';
import { cellColumn, cellContext, type RuleContext } from '../context.ts';
import { type EventKind, eventKinds, type RuleRow } from '../rule.ts';
import type { Domain } from './domain.ts';
import { standingScope } from './written.ts';

/** Cells by dimension: the fields in the order of their domains, then the kinds of event. */
export type Box = readonly Bits[];

export interface RowBox {
  readonly row: RuleRow;
  readonly may: Box;
  readonly must: Box;
  /** Cells that no value satisfies, by themselves: places in the row's conditions. */
  readonly impossible: readonly number[];
}

interface Truth {
  readonly may: Bits;
  readonly must: Bits;
}

/** Boxes of rows over the same domains. */
export function boxesOf(rows: readonly RuleRow[], domains: readonly Domain[], context: RuleContext): readonly RowBox[] {
  const places = new Map(domains.map(({ field }, at) => [field.key, at]));
  return rows.map((row) => {
    const may = [...domains.map(({ values }) => fullBits(values.length)), eventBits(row.timing.events)];
    const must = [...may.map((bits) => bits.slice())];
    // Neither a wait for a change nor an hour of the day is a matter of values.
    if (row.timing.changed !== null || row.timing.daily !== null) must[domains.length] = emptyBits(eventKinds.length);
    const impossible: number[] = [];
    for (const [n, { field, test }] of row.conditions.entries()) {
      const at = field === null ? undefined : places.get(field);
      if (at === undefined) {
        // A free formula, or a field that is gone.
        must[domains.length] = emptyBits(eventKinds.length);
        continue;
      }
      const truth = truthOn(test, domains[at]!, context);
      if (noBits(truth.may)) impossible.push(n);
      keepBits(may[at]!, truth.may);
      keepBits(must[at]!, truth.must);
    }
    return { row, may, must, impossible };
  });
}

export function eventBits(events: readonly EventKind[]): Bits {
  const bits = emptyBits(eventKinds.length);
  for (const kind of events) addBit(bits, eventKinds.indexOf(kind));
  return bits;
}

function truthOn(test: CellTest, domain: Domain, context: RuleContext): Truth {
  const size = domain.values.length;
  const combine = (tests: readonly CellTest[], isAll: boolean): Truth => {
    const may = isAll ? fullBits(size) : emptyBits(size);
    const must = isAll ? fullBits(size) : emptyBits(size);
    for (const each of tests) {
      const truth = truthOn(each, domain, context);
      for (let word = 0; word < may.length; word++) {
        if (isAll) {
          may[word]! &= truth.may[word]!;
          must[word]! &= truth.must[word]!;
        } else {
          may[word]! |= truth.may[word]!;
          must[word]! |= truth.must[word]!;
        }
      }
    }
    return { may, must };
  };
  switch (test.op) {
    case 'not': {
      const { may, must } = truthOn(test.test, domain, context);
      return { may: without(must, size), must: without(may, size) };
    }
    case 'all':
      return combine(test.tests, true);
    case 'some':
      return combine(test.tests, false);
    case 'changed':
      return { may: truthOn(test.after, domain, context).may, must: emptyBits(size) };
    case 'formula':
      return { may: fullBits(size), must: emptyBits(size) };
    case 'me':
    case 'age':
      return { may: filled(size), must: emptyBits(size) };
    default:
      return decide(test, domain, context);
  }
}

function without(bits: Bits, size: number): Bits {
  const left = fullBits(size);
  for (let word = 0; word < left.length; word++) left[word]! &= ~bits[word]!;
  return left;
}

/** Every cell but the empty one. */
function filled(size: number): Bits {
  const bits = fullBits(size);
  bits[0]! &= ~1;
  return bits;
}

/** Tests whose answer depends on the value alone, and those that compare with something else. */
function decide(test: CellTest, domain: Domain, context: RuleContext): Truth {
  const size = domain.values.length;
  const isRelative =
    (test.op === 'equals' && test.to.from !== 'constant') ||
    (test.op === 'within' &&
      [test.low, test.high].some((bound) => bound !== null && bound.operand.from !== 'constant'));
  if (isRelative || domain.isOpen)
    return {
      may: test.op === 'any' || test.op === 'empty' ? fullBits(size) : filled(size),
      must: test.op === 'any' ? fullBits(size) : emptyBits(size),
    };
  const holds = compileTest(test, cellColumn(domain.field, context.locale), cellContext(context));
  const scope = standingScope(context);
  const may = emptyBits(size);
  for (const [at, value] of domain.values.entries()) if (holds(value, scope)) addBit(may, at);
  const must = may.slice();
  const looksInside = test.op === 'contains' || test.op === 'starts' || test.op === 'matches';
  // What stands for all other words must not be looked into.
  if (looksInside && domain.other !== -1) {
    addBit(may, domain.other);
    must[domain.other >>> 5]! &= ~(1 << (domain.other & 31));
  }
  return { may, must };
}

export function isEmptyBox(box: Box): boolean {
  return box.some(noBits);
}

export function boxesMeet(a: Box, b: Box): boolean {
  for (let at = 0; at < a.length; at++) if (!shareBits(a[at]!, b[at]!)) return false;
  return true;
}

export function meetOf(a: Box, b: Box): Box {
  return a.map((bits, at) => {
    const both = bits.slice();
    keepBits(both, b[at]!);
    return both;
  });
}

/** True when every cell of `inner` is in `outer`. */
export function boxHolds(outer: Box, inner: Box): boolean {
  for (let at = 0; at < inner.length; at++) {
    const [o, i] = [outer[at]!, inner[at]!];
    for (let word = 0; word < i.length; word++) if ((i[word]! & ~o[word]!) !== 0) return false;
  }
  return true;
}

export type Uncovered =
  | { readonly is: 'covered'; readonly by: readonly number[] }
  /** A part of the box that no cover reaches. */
  | { readonly is: 'open'; readonly part: Box }
  | { readonly is: 'undecided' };

/**
 * Whether the covers together hold the box: the box is cut along one cover after another, the largest first, until a part
 * meets no cover or nothing is left. `budget` bounds the cuts.
 */
export function uncoveredPart(box: Box, covers: readonly Box[], budget: number): Uncovered {
  const single = covers.findIndex((cover) => boxHolds(cover, box));
  if (single !== -1) return { is: 'covered', by: [single] };
  const order = covers
    .flatMap((cover, at) => (boxesMeet(cover, box) ? [{ cover, at, size: sharedSize(cover, box) }] : []))
    .sort((a, b) => b.size - a.size);
  const used = new Set<number>();
  let left = budget;
  const cut = (part: Box, from: number): Box | null | undefined => {
    for (let n = from; n < order.length; n++) {
      const { cover, at } = order[n]!;
      if (!boxesMeet(part, cover)) continue;
      used.add(at);
      let rest = part;
      for (let dimension = 0; dimension < part.length; dimension++) {
        const outside = rest[dimension]!.slice();
        const inside = rest[dimension]!.slice();
        for (let word = 0; word < outside.length; word++) {
          outside[word]! &= ~cover[dimension]![word]!;
          inside[word]! &= cover[dimension]![word]!;
        }
        if (!noBits(outside)) {
          left--;
          if (left < 0) return undefined;
          const found = cut(replaced(rest, dimension, outside), n + 1);
          if (found !== null) return found;
        }
        rest = replaced(rest, dimension, inside);
      }
      return null;
    }
    return part;
  };
  const part = isEmptyBox(box) ? null : cut(box, 0);
  if (part === undefined) return { is: 'undecided' };
  return part === null ? { is: 'covered', by: [...used].sort((a, b) => a - b) } : { is: 'open', part };
}

function replaced(box: Box, dimension: number, bits: Bits): Box {
  const copy = box.slice();
  copy[dimension] = bits;
  return copy;
}

/** Logarithm of the number of points two boxes share. */
function sharedSize(a: Box, b: Box): number {
  let size = 0;
  for (let at = 0; at < a.length; at++) {
    const [one, other] = [a[at]!, b[at]!];
    let count = 0;
    for (let word = 0; word < one.length; word++) {
      for (let rest = one[word]! & other[word]!; rest !== 0; rest &= rest - 1) count++;
    }
    size += Math.log(count);
  }
  return size;
}

/** One value for each dimension that the part restricts; words that stand for others come last. */
export function sampleOf(part: Box, domains: readonly Domain[]): Readonly<Record<string, FieldValue>> {
  const sample: Record<string, FieldValue> = {};
  for (const [at, { field, values, other, gone }] of domains.entries()) {
    const bits = part[at]!;
    const has = (place: number): boolean => (bits[place >>> 5]! & (1 << (place & 31))) !== 0;
    const places = values.map((_, place) => place).filter(has);
    if (places.length === values.length) continue;
    const plain = places.find((place) => place !== 0 && place !== other && !gone.has(place));
    sample[field.key] = values[plain ?? places.find((place) => !gone.has(place)) ?? places[0]!] ?? null;
  }
  return sample;
}
