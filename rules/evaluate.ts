/**
 * What a table asks for when something happens to a record. Pure: the same table, event and scope give the same effects
 * with the same keys. Nothing that is wrong in a row makes it throw.
 *
 * When a row is looked at:
 * - A new record, a comment, a click: every row of that 时机. A moment that has come: the rows it came for.
 * - A changed record: rows that look at a field which changed, rows without conditions, and the whole 分配 table (or a stage
 *   with 停止 in it) as soon as one of its rows looks at such a field, because there a row depends on those above it.
 * - After a pass: rows that look at a field which a rule has written since they were last looked at.
 * A row acts at most once for an event. A row that refuses ends the event after its stage.
 */
import type { FieldValue } from '../src/model/field.ts';
import type { Action, ActionScope } from './action.ts';
import { actionNamed } from './actions/index.ts';
import { addBit, type Bits, bitList, emptyBits, hasBit, joinBits, keepBits, noBits, shareBits } from './bits.ts';
import type { CompiledRules } from './compile.ts';
import type { Became, Circle, Decision, Outcome } from './decision.ts';
import { type AssignTarget, type Effect, type EffectBody, recipientName, slotOf, targetOf } from './effect.ts';
import { type EventKind, hitPolicies, type RuleAction, type RuleRow, type Stage, stages } from './rule.ts';
import type { RuleScope, Values } from './scope.ts';

/** Something that happened to a record. */
export interface RuleEvent {
  /** Of the event, or of the moment that has come: what makes its effects unlike those of another. */
  readonly id: string;
  readonly record: string;
  readonly kind: EventKind;
  /** Ids of the only rows to begin with: those a moment came for, or a person chose. Absent: all of the kind. */
  readonly rows?: readonly string[];
}

export interface Evaluation {
  readonly effects: readonly Effect[];
  /** The record after the effects, as far as they are known beforehand. */
  readonly values: Values;
  readonly decision: Decision;
}

/** Chooses one of several people; null when nobody can take it. */
export type Pick = (target: AssignTarget, values: Values) => string | null;

export const MOST_PASSES = 5;

/** Evaluates one event. Without `pick` the choice among several people is left open: the effect names no person. */
export function evaluate(compiled: CompiledRules, event: RuleEvent, scope: RuleScope, pick?: Pick): Evaluation {
  return new Chain(compiled, event, scope, pick).run();
}

/** The fields whose values differ, among those that some row looks at. */
function changedFields({ readers }: CompiledRules, before: Values, values: Values): readonly string[] {
  const changed: string[] = [];
  for (const key of readers.keys()) if ((before[key] ?? null) !== (values[key] ?? null)) changed.push(key);
  return changed;
}

interface Write {
  readonly field: string;
  readonly row: number;
  /** The stage at whose end it landed. */
  readonly tick: number;
}

interface Standing {
  readonly effect: Effect;
  readonly outcome: number;
}

/** Everything that follows from one event. */
class Chain {
  readonly compiled: CompiledRules;
  readonly event: RuleEvent;
  readonly pick: Pick | undefined;
  readonly start: RuleScope;
  values: Values;

  readonly matched: string[] = [];
  readonly outcomes: Outcome[] = [];
  readonly seen: Record<string, FieldValue> = {};
  readonly later: Decision['later'][number][] = [];
  readonly broken = new Set<number>();
  /** Effects that stand, in the order in which they were asked for; one that was overtaken is gone. */
  readonly standing = new Set<Standing>();
  /** Who has a field or a clock. */
  readonly slots = new Map<string, Standing>();
  readonly fired = new Set<number>();
  circle: Circle | null = null;
  passes = 0;

  /** Rows of each pass. */
  readonly actives: Bits[] = [];
  /** Stages are counted through all passes. */
  tick = 0;
  /** When and by which row a field was last written. */
  readonly written = new Map<string, Write>();
  /** For a row that acted because a field had been written: the field, and by which row. */
  readonly cause = new Map<number, Write>();

  constructor(compiled: CompiledRules, event: RuleEvent, scope: RuleScope, pick: Pick | undefined) {
    this.compiled = compiled;
    this.event = event;
    this.pick = pick;
    // Only a new record comes out of nothing.
    this.start = event.kind === 'create' || scope.before !== null ? scope : { ...scope, before: scope.values };
    this.values = scope.values;
  }

  run(): Evaluation {
    let active: Bits | null = this.firstRows();
    while (active !== null && this.passes < MOST_PASSES) {
      this.passes++;
      const isRefused = this.pass(active);
      active = isRefused ? null : this.nextRows();
    }
    if (active !== null && this.circle === null) this.reportEndless(active);
    return this.result();
  }

  /** Rows to begin with. */
  private firstRows(): Bits {
    const { compiled, event, start } = this;
    const active = compiled.timed[event.kind].slice();
    const isUpdate = event.kind === 'update';
    const changed = isUpdate ? changedFields(compiled, start.before!, start.values) : [];
    if (isUpdate) {
      for (const key of changed) {
        const rows = compiled.waiting.get(key);
        if (rows !== undefined) joinBits(active, rows);
      }
      keepBits(active, this.readersOf(changed, true));
    }
    if (event.rows !== undefined) {
      const named = emptyBits(compiled.rows.length);
      for (const [at, row] of compiled.rows.entries()) {
        if (event.rows.includes(row.id)) addBit(named, at);
      }
      keepBits(active, named);
    }
    return active;
  }

  /** Rows that look at one of the fields, and the whole table of which only the first row acts when one of its rows does. */
  private readersOf(fields: readonly string[], withAlways: boolean): Bits {
    const { compiled } = this;
    const rows = emptyBits(compiled.rows.length);
    for (const key of fields) {
      const readers = compiled.readers.get(key);
      if (readers !== undefined) joinBits(rows, readers);
    }
    if (withAlways) joinBits(rows, compiled.always);
    for (const table of compiled.tables) {
      const isMeant = fields.some((key) => {
        const readers = compiled.readers.get(key);
        return readers !== undefined && shareBits(readers, table.rows);
      });
      if (isMeant || (withAlways && table.always)) joinBits(rows, table.rows);
      else for (let word = 0; word < rows.length; word++) rows[word]! &= ~table.rows[word]!;
    }
    return rows;
  }

  /** One pass over all stages; true when a row refused. */
  private pass(active: Bits): boolean {
    const { rows, matcher } = this.compiled;
    this.actives.push(active);
    let list = matcher.match(active, this.scope(), this.broken);
    let at = 0;
    for (const stage of stages) {
      this.tick++;
      const begin = at;
      while (at < list.length && rows[list[at]!]!.stage === stage) at++;
      if (at === begin) continue;
      const isWritten = this.stage(stage, list, begin, at);
      if (stage === 'validate' && [...this.standing].some(({ effect }) => effect.do === 'refuse')) return true;
      if (isWritten && stage !== 'notify') {
        list = matcher.match(active, this.scope(), this.broken);
        at = list.findIndex((row) => stages.indexOf(rows[row]!.stage) > stages.indexOf(stage));
        if (at === -1) at = list.length;
      }
    }
    return false;
  }

  private scope(): RuleScope {
    return this.values === this.start.values ? this.start : { ...this.start, values: this.values };
  }

  /** The rows `list[from]` to `list[to - 1]` act on what stood at the stage's start; true when they wrote something. */
  private stage(stage: Stage, list: readonly number[], from: number, to: number): boolean {
    const { rows } = this.compiled;
    const scope: ActionScope = { ...this.scope(), event: this.event.kind, ...(this.pick ? { pick: this.pick } : {}) };
    const written = new Map<string, { readonly value: FieldValue; readonly row: number }>();
    const taken = new Map<string, number>();
    const isFirst = hitPolicies[stage] === 'first';
    let winner: number | null = null;
    let stopped: number | null = null;
    for (let n = from; n < to; n++) {
      const at = list[n]!;
      const row = rows[at]!;
      const isAgain = this.fired.has(at);
      if (!isAgain) this.note(row);
      const before = stopped ?? winner;
      if (before !== null) {
        if (!isAgain) this.shadow(row, rows[before]!);
        continue;
      }
      const isReal = row.mode === 'on';
      if (isAgain) {
        if (!isFirst && isReal) this.checkAgain(at, row, scope);
      } else {
        this.fired.add(at);
        this.setCause(at, row);
        for (const action of row.actions) this.act(at, row, action, scope, taken, written);
      }
      if (!isReal) continue;
      if (isFirst) winner = at;
      if (row.stop) stopped = at;
    }
    if (written.size === 0) return false;
    const values: Record<string, FieldValue> = { ...this.values };
    for (const [field, { value, row }] of written) {
      values[field] = value;
      this.written.set(field, { field, tick: this.tick, row });
    }
    this.values = values;
    return true;
  }

  /** Keeps the values a row looked at. */
  private note(row: RuleRow): void {
    this.matched.push(row.id);
    for (const { reads } of row.conditions) {
      for (const field of reads) {
        const value = this.values[field] ?? null;
        const first = this.seen[field];
        if (first === undefined) this.seen[field] = value;
        else if (first !== value && !this.later.some((each) => each.row === row.id && each.field === field)) {
          this.later.push({ row: row.id, field, value });
        }
      }
    }
  }

  private shadow(row: RuleRow, by: RuleRow): void {
    for (const { action, params } of row.actions) {
      if (action === 'stop') continue;
      const field = actionNamed(action)!.writes(params)[0]?.field ?? '';
      this.outcomes.push({ row: row.id, action, target: field, became: 'shadowed', by: by.id });
    }
  }

  private act(
    at: number,
    row: RuleRow,
    { action: name, params }: RuleAction,
    scope: ActionScope,
    taken: Map<string, number>,
    written: Map<string, { readonly value: FieldValue; readonly row: number }>,
  ): void {
    if (name === 'stop') return;
    const bodies = this.apply(actionNamed(name)!, params, scope);
    if (bodies === null || bodies.length === 0) {
      this.tell(row, name, '', bodies === null ? 'failed' : 'no-change');
      return;
    }
    for (const body of bodies) {
      const target = targetOf(body);
      if (row.mode === 'rehearse') {
        this.tell(row, name, target, 'rehearsed');
        continue;
      }
      const slot = slotOf(body);
      const holder = slot === null ? undefined : taken.get(slot);
      if (holder !== undefined && !row.overwrite) {
        this.tell(row, name, target, 'shadowed', this.compiled.rows[holder]!.id);
        continue;
      }
      if (slot !== null) taken.set(slot, at);
      const value = writtenValue(body);
      if (value !== undefined && slot !== null) {
        // An overwriting row may also bring back what stood before.
        if (value === (this.values[slot] ?? null) && !written.has(slot)) {
          this.tell(row, name, target, 'no-change');
          continue;
        }
        written.set(slot, { value, row: at });
      }
      this.stand(row, name, target, body, slot);
    }
  }

  private apply(action: Action<unknown>, params: unknown, scope: ActionScope): readonly EffectBody[] | null {
    try {
      return action.apply(params, scope);
    } catch {
      return null;
    }
  }

  private tell(row: RuleRow, action: string, target: string, became: Became, by?: string): void {
    this.outcomes.push({ row: row.id, action, target, became, ...(by === undefined ? {} : { by }) });
  }

  /** Lets an effect stand; what stood in its slot is overtaken. */
  private stand(row: RuleRow, action: string, target: string, asked: EffectBody, slot: string | null): void {
    const body = this.withoutTold(asked);
    if (body === null) {
      const told = [...this.standing].find(({ effect }) => isSameMessage(effect, asked));
      this.tell(row, action, target, 'shadowed', told?.effect.row ?? row.id);
      return;
    }
    const { record, id } = this.event;
    const key = `${record}|${row.id}|${row.hash}|${id}|${action}|${target}`;
    const isNobody = body.do === 'assign' && body.person === null && this.pick !== undefined;
    const standing: Standing = { effect: { ...body, key, row: row.id }, outcome: this.outcomes.length };
    this.tell(row, action, target, isNobody ? 'refused' : 'applied');
    this.standing.add(standing);
    if (slot === null) return;
    const overtaken = this.slots.get(slot);
    if (overtaken !== undefined) {
      this.standing.delete(overtaken);
      this.outcomes[overtaken.outcome] = { ...this.outcomes[overtaken.outcome]!, became: 'shadowed', by: row.id };
    }
    this.slots.set(slot, standing);
  }

  /** A message without the recipients that get the same one already; null when nobody is left. */
  private withoutTold(body: EffectBody): EffectBody | null {
    if (body.do !== 'notify') return body;
    let to = body.to;
    for (const { effect } of this.standing) {
      if (!isSameMessage(effect, body) || effect.do !== 'notify') continue;
      const told = new Set(effect.to.map(recipientName));
      to = to.filter((recipient) => !told.has(recipientName(recipient)));
    }
    if (to.length === 0) return null;
    return to.length === body.to.length ? body : { ...body, to };
  }

  private setCause(at: number, row: RuleRow): void {
    if (this.written.size === 0) return;
    const writes = row.conditions.flatMap(({ reads }) => reads.flatMap((field) => this.written.get(field) ?? []));
    const latest = writes.sort((a, b) => b.tick - a.tick)[0];
    if (latest !== undefined) this.cause.set(at, latest);
  }

  /** A row that has acted matches again: when it would change something once more, rows set each other off. */
  private checkAgain(at: number, row: RuleRow, scope: ActionScope): void {
    if (this.circle !== null) return;
    const writes = row.conditions.flatMap(({ reads }) => reads.flatMap((field) => this.written.get(field) ?? []));
    const write = writes.find((each) => each.row !== at);
    if (write === undefined) return;
    const isChanging = row.actions.some(({ action, params }) =>
      (this.apply(actionNamed(action)!, params, scope) ?? []).some((body) => {
        const slot = slotOf(body);
        const value = writtenValue(body);
        return slot !== null && value !== undefined && value !== (this.values[slot] ?? null);
      }),
    );
    if (isChanging) this.circle = { steps: this.wayTo(at, write), end: row.id, why: 'again' };
  }

  /** The rows and fields that led to a row by way of a write, as far back as that row itself. */
  private wayTo(at: number, write: Write): Circle['steps'] {
    const steps: { row: string; field: string }[] = [];
    const met = new Set<number>();
    for (
      let next: Write | undefined = write;
      next !== undefined && !met.has(next.row);
      next = this.cause.get(next.row)
    ) {
      met.add(next.row);
      steps.unshift({ row: this.compiled.rows[next.row]!.id, field: next.field });
      if (next.row === at) break;
    }
    return steps;
  }

  /** Rows to look at again, or for the first time, because of what this pass wrote; null when there are none. */
  private nextRows(): Bits | null {
    if (this.written.size === 0) return null;
    const { compiled, event } = this;
    const due: string[] = [];
    const next = emptyBits(compiled.rows.length);
    for (const [field, { tick }] of this.written) {
      const readers = compiled.readers.get(field);
      if (readers === undefined) continue;
      due.push(field);
      // A write lands at the end of its stage, so a row of the same stage has not seen it.
      for (const row of bitList(readers)) if (this.lastLook(row) <= tick) addBit(next, row);
    }
    for (const table of compiled.tables) if (shareBits(next, table.rows)) joinBits(next, table.rows);
    const timed = compiled.timed[event.kind].slice();
    // What a rule writes changes the record, whatever the event was; a new record is still being made.
    if (event.kind !== 'create') joinBits(timed, compiled.timed.update);
    for (const field of due) {
      const rows = compiled.waiting.get(field);
      if (rows !== undefined) joinBits(timed, rows);
    }
    keepBits(next, timed);
    return noBits(next) ? null : next;
  }

  /** The stage in which a row was last looked at; 0 when it was not. */
  private lastLook(row: number): number {
    const pass = this.actives.findLastIndex((active) => hasBit(active, row));
    return pass === -1 ? 0 : pass * stages.length + stages.indexOf(this.compiled.rows[row]!.stage) + 1;
  }

  /** After the last pass there still are rows that would act. */
  private reportEndless(active: Bits): void {
    const { rows, matcher } = this.compiled;
    const pending = matcher.match(active, this.scope(), this.broken).find((row) => !this.fired.has(row));
    if (pending === undefined) return;
    const writes = rows[pending]!.conditions.flatMap(({ reads }) =>
      reads.flatMap((key) => this.written.get(key) ?? []),
    );
    const steps = writes.length === 0 ? [] : this.wayTo(pending, writes[0]!);
    this.circle = { steps, end: rows[pending]!.id, why: 'passes' };
  }

  private result(): Evaluation {
    const effects: Effect[] = [];
    for (const { effect, outcome } of this.standing) {
      const value = writtenValue(effect);
      const slot = slotOf(effect);
      // Rules may write a field to and fro; what comes out as it was is no change.
      if (value !== undefined && slot !== null && value === (this.start.values[slot] ?? null)) {
        this.outcomes[outcome] = { ...this.outcomes[outcome]!, became: 'no-change' };
      } else effects.push(effect);
    }
    const { compiled, event, matched, outcomes, seen, later, passes, circle, broken } = this;
    const decision: Decision = {
      rules: compiled.version,
      event: event.id,
      matched,
      outcomes,
      seen,
      later,
      passes,
      circle,
      broken: broken.size === 0 ? [] : [...broken].map((row) => compiled.rows[row]!.id),
    };
    return { effects, values: this.values, decision };
  }
}

/** The value an effect puts into its field; undefined when it puts none, or none that is known yet. */
function writtenValue(body: EffectBody): FieldValue | undefined {
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
