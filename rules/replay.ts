/** What a new table would have done with events that have been: the same evaluation, without the last step. */
import type { FieldValue } from '../src/model/field.ts';
import type { CompiledRules } from './compile.ts';
import { type Effect, slotOf, targetOf } from './effect.ts';
import { type Evaluation, evaluate, type Pick, type RuleEvent } from './evaluate.ts';
import type { RuleScope } from './scope.ts';

export interface PastEvent {
  readonly event: RuleEvent;
  readonly scope: RuleScope;
  readonly pick?: Pick;
}

/** One thing that would be otherwise. */
export interface Difference {
  readonly record: string;
  readonly event: string;
  /** Field, clock or target of the action. */
  readonly target: string;
  readonly action: Effect['do'];
  /** What the table in force asks for, what the new one would; null: nothing. */
  readonly now: Asked | null;
  readonly wouldBe: Asked | null;
}

export interface Asked {
  /** Id of the row because of which. */
  readonly row: string;
  /** A field's value where there is one. */
  readonly value: FieldValue;
  readonly effect: Effect;
}

export interface Replay {
  readonly events: number;
  /** Records of which something would be otherwise. */
  readonly records: number;
  readonly differences: readonly Difference[];
  /** How often each row of the new table matched, by id. */
  readonly hits: ReadonlyMap<string, number>;
}

/** Evaluates each event with both tables. `most` bounds the differences that are listed, not those that are counted. */
export function replay(
  events: Iterable<PastEvent>,
  inForce: CompiledRules,
  next: CompiledRules,
  most = Number.POSITIVE_INFINITY,
): Replay {
  const differences: Difference[] = [];
  const records = new Set<string>();
  const hits = new Map<string, number>(next.rows.map(({ id }) => [id, 0]));
  let count = 0;
  for (const { event, scope, pick } of events) {
    count++;
    const before = evaluate(inForce, event, scope, pick);
    const after = evaluate(next, event, scope, pick);
    for (const id of after.decision.matched) hits.set(id, (hits.get(id) ?? 0) + 1);
    const found = differencesOf(event, before, after);
    if (found.length > 0) records.add(event.record);
    for (const each of found) if (differences.length < most) differences.push(each);
  }
  return { events: count, records: records.size, differences, hits };
}

function differencesOf(event: RuleEvent, before: Evaluation, after: Evaluation): readonly Difference[] {
  const now = byTarget(before.effects);
  const wouldBe = byTarget(after.effects);
  const differences: Difference[] = [];
  for (const key of new Set([...now.keys(), ...wouldBe.keys()])) {
    const [a, b] = [now.get(key) ?? null, wouldBe.get(key) ?? null];
    if (a !== null && b !== null && meaning(a.effect) === meaning(b.effect)) continue;
    const { effect } = (a ?? b)!;
    differences.push({
      record: event.record,
      event: event.id,
      target: targetOf(effect),
      action: effect.do,
      now: a,
      wouldBe: b,
    });
  }
  return differences;
}

/** Effects that exclude each other are told apart by field or clock, all others by what they are. */
function byTarget(effects: readonly Effect[]): ReadonlyMap<string, Asked> {
  return new Map(
    effects.map((effect) => [
      slotOf(effect) ?? meaning(effect),
      { row: effect.row, value: askedValue(effect), effect },
    ]),
  );
}

function askedValue(effect: Effect): FieldValue {
  if (effect.do === 'set' || effect.do === 'status') return effect.value;
  if (effect.do === 'assign') return effect.person;
  return effect.do === 'sla' ? effect.seconds : null;
}

/** The effect without what names the row. */
function meaning({ key: _key, row: _row, ...body }: Effect): string {
  return JSON.stringify(body);
}
