/** Keeps what became of the rows of one event: the values they looked at, the outcome of each action, the effects that stand. */
import type { FieldValue } from '../src/model/field.ts';
import { actionNamed } from './actions/index.ts';
import type { Became, Decision, Outcome } from './decision.ts';
import { type Effect, type EffectBody, recipientName, slotOf, targetOf } from './effect.ts';
import type { RuleRow } from './rule.ts';
import type { Values } from './scope.ts';

interface Standing {
  /** Null once another row has overtaken it. */
  effect: Effect | null;
  readonly slot: string | null;
  readonly outcome: number;
}

const NONE: readonly never[] = [];

export class Ledger {
  /** Ids of the rows that matched, each once. */
  readonly matched: string[] = [];
  readonly outcomes: Outcome[] = [];
  readonly seen: Record<string, FieldValue> = {};
  later: Decision['later'][number][] | null = null;
  private readonly standing: Standing[] = [];
  private readonly before: string;
  private readonly after: string;

  constructor(record: string, event: string) {
    this.before = `${record}|`;
    this.after = `|${event}|`;
  }

  /** A row matched; `reads` are the fields its cells looked at. */
  note(row: RuleRow, reads: readonly string[], values: Values): void {
    this.matched.push(row.id);
    const { seen } = this;
    for (const field of reads) {
      const value = values[field] ?? null;
      const first = seen[field];
      if (first === undefined) seen[field] = value;
      else if (first !== value) {
        this.later ??= [];
        this.later.push({ row: row.id, field, value });
      }
    }
  }

  /** A row matched, but another one had the table or ended it. */
  shadow(row: RuleRow, by: RuleRow): void {
    for (const { action, params } of row.actions) {
      if (action === 'stop') continue;
      const target = actionNamed(action)!.writes(params)[0]?.field ?? '';
      this.tell(row, action, target, 'shadowed', by.id);
    }
  }

  tell(row: RuleRow, action: string, target: string, became: Became, by?: string): void {
    this.outcomes.push(
      by === undefined ? { row: row.id, action, target, became } : { row: row.id, action, target, became, by },
    );
  }

  /** Lets an effect stand; what stood in its slot is overtaken, and nobody is told the same thing twice. */
  stand(row: RuleRow, action: string, asked: EffectBody, became: 'applied' | 'refused'): void {
    const target = targetOf(asked);
    const body = asked.do === 'notify' ? this.withoutTold(asked) : asked;
    if (body === null) {
      const told = this.standing.find(({ effect }) => effect !== null && isSameMessage(effect, asked));
      this.tell(row, action, target, 'shadowed', told?.effect?.row ?? row.id);
      return;
    }
    const slot = slotOf(body);
    if (slot !== null) {
      const overtaken = this.standing.find((each) => each.slot === slot && each.effect !== null);
      if (overtaken !== undefined) {
        overtaken.effect = null;
        this.change(overtaken.outcome, 'shadowed', row.id);
      }
    }
    const { id } = row;
    const key = `${this.before + id}|${row.hash}${this.after}${action}|${target}`;
    this.standing.push({ effect: withKey(body, key, id), slot, outcome: this.outcomes.length });
    this.outcomes.push({ row: id, action, target, became });
  }

  get isRefused(): boolean {
    return this.standing.some(({ effect }) => effect?.do === 'refuse');
  }

  /** The effects that stand, in the order in which they were asked for. What comes out as it was is no change. */
  effects(start: Values): readonly Effect[] {
    if (this.standing.length === 0) return NONE;
    const effects: Effect[] = [];
    for (const { effect, slot, outcome } of this.standing) {
      if (effect === null) continue;
      const value = slot === null ? undefined : writtenValue(effect);
      if (slot !== null && value !== undefined && value === (start[slot] ?? null)) this.change(outcome, 'no-change');
      else effects.push(effect);
    }
    return effects;
  }

  private change(outcome: number, became: Became, by?: string): void {
    const { row, action, target } = this.outcomes[outcome]!;
    this.outcomes[outcome] = by === undefined ? { row, action, target, became } : { row, action, target, became, by };
  }

  /** A message without the recipients that get the same one already; null when nobody is left. */
  private withoutTold(body: Extract<EffectBody, { do: 'notify' }>): EffectBody | null {
    let to = body.to;
    for (const { effect } of this.standing) {
      if (effect?.do !== 'notify' || !isSameMessage(effect, body)) continue;
      const told = new Set(effect.to.map(recipientName));
      to = to.filter((recipient) => !told.has(recipientName(recipient)));
    }
    if (to.length === 0) return null;
    return to.length === body.to.length ? body : { ...body, to };
  }
}

/** A body is made for one event and nobody else has it, so it is completed, not copied: that halves the time of an event. */
function withKey(body: EffectBody, key: string, row: string): Effect {
  const effect: EffectBody & { key?: string; row?: string } = body;
  effect.key = key;
  effect.row = row;
  return effect as Effect;
}

/** The value an effect puts into its field; undefined when it puts none, or none that is known yet. */
export function writtenValue(body: EffectBody): FieldValue | undefined {
  if (body.do === 'set' || body.do === 'status') return body.value;
  return body.do === 'assign' && body.person !== null ? body.person : undefined;
}

function isSameMessage(a: EffectBody, b: EffectBody): boolean {
  return (
    a.do === 'notify' &&
    b.do === 'notify' &&
    a.template === b.template &&
    a.text === b.text &&
    a.channels.join() === b.channels.join()
  );
}
