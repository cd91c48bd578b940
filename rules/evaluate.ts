/**
 * What a table asks for when something happens to a record. Pure: the same table, event and scope give the same effects
 * with the same keys. Nothing that is wrong in a row makes it throw.
 *
 * When a row is looked at:
 * - A new record, a comment, a click: every row of that 时机. A moment that has come: the rows it came for.
 * - A record that waits for a free hand: the rows that found nobody.
 * - A changed record: rows that look at a field which changed, and rows without conditions. Rows that depend on those above
 *   them (the 分配 table, a stage with 停止 in it, rows that write the same field) are looked at together or not at all.
 * - After a pass: rows that look at a field which a rule has written since they were last looked at.
 * A row acts at most once for an event. A row that refuses ends the event after its stage.
 */
import type { FieldValue } from '../src/model/field.ts';
import type { ActionScope } from './action.ts';
import { actionNamed } from './actions/index.ts';
import { type Bits, hasBit } from './bits.ts';
import type { CompiledRules } from './compile.ts';
import type { Circle, Decision } from './decision.ts';
import { type AssignTarget, type Effect, type EffectBody, slotOf, targetOf } from './effect.ts';
import { Ledger, writtenValue } from './ledger.ts';
import { firstRows, nextRows } from './looked-at.ts';
import { type EventKind, hitPolicies, type RuleAction, type RuleRow, type Stage, stages } from './rule.ts';
import type { RuleScope, Values } from './scope.ts';
import { Trail } from './trail.ts';

/** Something that happened to a record. */
export interface RuleEvent {
  /** Of the event, or of the moment that has come: what makes its effects unlike those of another. */
  readonly id: string;
  readonly record: string;
  readonly kind: EventKind;
  /** Ids of the only rows to begin with: those a moment came for, or a person chose. Absent: all of the kind. */
  readonly rows?: readonly string[];
  /** Ids of rows that ask once more for what they could not have: they are all there is to begin with, whatever their 时机. */
  readonly again?: readonly string[];
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
  // Only a new record comes out of nothing.
  const start = event.kind === 'create' || scope.before !== null ? scope : { ...scope, before: scope.values };
  const active = firstRows(compiled, event.kind, start.before ?? start.values, start.values, event.rows, event.again);
  const list = compiled.matcher.match(active, start);
  // Most events concern no rule, and then there is nothing more to keep than that.
  if (list.length === 0 && compiled.matcher.broken.size === 0) return untouched(compiled, event, start);
  return new Chain(compiled, event, start, pick).run(active, list);
}

function untouched({ version }: CompiledRules, { id }: RuleEvent, { values }: RuleScope): Evaluation {
  const decision: Decision = {
    rules: version,
    event: id,
    matched: NONE,
    outcomes: NONE,
    seen: NOTHING,
    later: NONE,
    passes: 1,
    circle: null,
    broken: NONE,
  };
  return { effects: NONE, values, decision };
}

interface Landing {
  readonly value: FieldValue;
  readonly row: number;
}

const NONE: readonly never[] = [];
const NOTHING: Decision['seen'] = {};

/** Everything that follows from one event. */
class Chain {
  readonly compiled: CompiledRules;
  readonly event: RuleEvent;
  readonly pick: Pick | undefined;
  readonly start: RuleScope;
  readonly ledger: Ledger;
  /** The record as it stands now. */
  values: Values;
  /** Rows that have acted, and rows that matched without acting. */
  readonly acted: number[] = [];
  passedOver: readonly number[] = NONE;
  /** Rows of each pass. */
  readonly actives: Bits[] = [];
  /** Stages are counted through all passes. */
  tick = 0;
  /** Null as long as no rule has written anything. */
  trail: Trail | null = null;
  broken: Set<number> | null = null;
  circle: Circle | null = null;

  constructor(compiled: CompiledRules, event: RuleEvent, start: RuleScope, pick: Pick | undefined) {
    this.compiled = compiled;
    this.event = event;
    this.pick = pick;
    this.start = start;
    this.values = start.values;
    this.ledger = new Ledger(event.record, event.id);
  }

  /** `first` are the rows to begin with, `list` those of them that match. */
  run(first: Bits, list: readonly number[]): Evaluation {
    const { compiled, event } = this;
    this.noteBroken();
    let active: Bits | null = first;
    while (active !== null && this.actives.length < MOST_PASSES) {
      const isRefused = this.pass(active, active === first ? list : this.match(active));
      active =
        isRefused || this.trail === null
          ? null
          : nextRows(compiled, event.kind, this.trail.writes, (row) => this.lastLook(row));
    }
    if (active !== null && this.circle === null) this.reportEndless(active);
    return this.result();
  }

  /** One pass over all stages; true when a row refused. */
  private pass(active: Bits, matching: readonly number[]): boolean {
    const { rows } = this.compiled;
    this.actives.push(active);
    let list = matching;
    let at = 0;
    for (let order = 0; order < stages.length; order++) {
      const stage = stages[order]!;
      this.tick++;
      const begin = at;
      while (at < list.length && rows[list[at]!]!.stage === stage) at++;
      if (at === begin) continue;
      const isWritten = this.stage(stage, list, begin, at);
      if (stage === 'validate' && this.ledger.isRefused) return true;
      if (!isWritten) continue;
      list = this.match(active);
      at = list.findIndex((row) => stages.indexOf(rows[row]!.stage) > order);
      if (at === -1) at = list.length;
    }
    return false;
  }

  private match(active: Bits): readonly number[] {
    const { matcher } = this.compiled;
    const scope = this.values === this.start.values ? this.start : { ...this.start, values: this.values };
    const list = matcher.match(active, scope);
    this.noteBroken();
    return list;
  }

  private noteBroken(): void {
    const { broken } = this.compiled.matcher;
    if (broken.size > 0) this.broken = new Set([...(this.broken ?? []), ...broken]);
  }

  private actionScope(): ActionScope {
    const { before, now, timeZone, me, directory, calendar } = this.start;
    const scope = { values: this.values, before, now, timeZone, me, directory, calendar, event: this.event.kind };
    return this.pick === undefined ? scope : { ...scope, pick: this.pick };
  }

  /** The rows `list[from]` to `list[to - 1]` act on what stood at the stage's start; true when they wrote something. */
  private stage(stage: Stage, list: readonly number[], from: number, to: number): boolean {
    const { rows, reads } = this.compiled;
    const turn = new Turn(this.actionScope());
    const isFirst = hitPolicies[stage] === 'first';
    /** The row that keeps those below it from acting. */
    let holder: RuleRow | null = null;
    for (let n = from; n < to; n++) {
      const at = list[n]!;
      const row = rows[at]!;
      const isAgain = this.acted.includes(at);
      const isKnown = isAgain || this.passedOver.includes(at);
      if (!isKnown) this.ledger.note(row, reads[at]!, this.values);
      if (holder !== null) {
        if (!isKnown) {
          this.passedOver = [...this.passedOver, at];
          this.ledger.shadow(row, holder);
        }
        continue;
      }
      const isReal = row.mode === 'on';
      if (!isAgain) {
        this.acted.push(at);
        this.trail?.acts(at);
        for (const action of row.actions) this.act(at, row, action, turn);
      } else if (isReal && !isFirst) this.checkAgain(at, row, turn.scope);
      if (isReal && (isFirst || row.stop)) holder = row;
    }
    return this.land(turn);
  }

  /** What a stage wrote becomes what the next one reads. */
  private land({ written }: Turn): boolean {
    if (written === null) return false;
    const values: Record<string, FieldValue> = { ...this.values };
    this.trail ??= new Trail(this.compiled);
    for (const [field, { value, row }] of written) {
      values[field] = value;
      this.trail.add({ field, tick: this.tick, row });
    }
    this.values = values;
    return true;
  }

  private act(at: number, row: RuleRow, { action, params }: RuleAction, turn: Turn): void {
    if (action === 'stop') return;
    const { ledger } = this;
    const bodies = apply(action, params, turn.scope);
    if (bodies === null || bodies.length === 0) {
      ledger.tell(row, action, '', bodies === null ? 'failed' : 'no-change');
      return;
    }
    for (const body of bodies) {
      if (row.mode === 'rehearse') {
        ledger.tell(row, action, targetOf(body), 'rehearsed');
        continue;
      }
      const slot = slotOf(body);
      if (slot !== null) {
        const holder = turn.taken?.get(slot);
        if (holder !== undefined && !row.overwrite) {
          ledger.tell(row, action, targetOf(body), 'shadowed', this.compiled.rows[holder]!.id);
          continue;
        }
        turn.take(slot, at);
        const value = writtenValue(body);
        // An overwriting row may also bring back what stood before.
        if (value === (this.values[slot] ?? null) && turn.written?.has(slot) !== true) {
          ledger.tell(row, action, targetOf(body), 'no-change');
          continue;
        }
        if (value !== undefined) turn.write(slot, value, at);
      }
      const isNobody = body.do === 'assign' && body.person === null && this.pick !== undefined;
      ledger.stand(row, action, body, isNobody ? 'refused' : 'applied');
    }
  }

  /** A row that has acted matches again: when it would change something once more, rows set each other off. */
  private checkAgain(at: number, row: RuleRow, scope: ActionScope): void {
    if (this.circle !== null) return;
    const write = this.trail?.writeByOther(at);
    if (write === undefined) return;
    const isChanging = row.actions.some(({ action, params }) =>
      (apply(action, params, scope) ?? NONE).some((body) => {
        const value = writtenValue(body);
        return value !== undefined && value !== (this.values[slotOf(body)!] ?? null);
      }),
    );
    if (isChanging) this.circle = this.trail!.circle(at, write, 'again');
  }

  /** The stage in which a row was last looked at; 0 when it was not. */
  private lastLook(row: number): number {
    const pass = this.actives.findLastIndex((active) => hasBit(active, row));
    return pass === -1 ? 0 : pass * stages.length + stages.indexOf(this.compiled.rows[row]!.stage) + 1;
  }

  /** After the last pass there still are rows that would act. */
  private reportEndless(active: Bits): void {
    const pending = this.match(active).find((row) => !this.acted.includes(row) && !this.passedOver.includes(row));
    if (pending === undefined) return;
    this.circle = this.trail!.circle(pending, this.trail!.writeByOther(pending), 'passes');
  }

  private result(): Evaluation {
    const { compiled, event, ledger, circle, broken } = this;
    const effects = ledger.effects(this.start.values);
    const decision: Decision = {
      rules: compiled.version,
      event: event.id,
      matched: ledger.matched,
      outcomes: ledger.outcomes,
      seen: ledger.seen,
      later: ledger.later ?? NONE,
      passes: this.actives.length,
      circle,
      broken: broken === null ? NONE : [...broken].map((row) => compiled.rows[row]!.id),
    };
    return { effects, values: this.values, decision };
  }
}

/** One stage of one pass: what it reads, which slots its rows have taken, what they write. */
class Turn {
  readonly scope: ActionScope;
  taken: Map<string, number> | null = null;
  written: Map<string, Landing> | null = null;

  constructor(scope: ActionScope) {
    this.scope = scope;
  }

  take(slot: string, row: number): void {
    this.taken ??= new Map();
    this.taken.set(slot, row);
  }

  write(field: string, value: FieldValue, row: number): void {
    this.written ??= new Map();
    this.written.set(field, { value, row });
  }
}

/** What an action asks for; null when it broke off, which is our fault and stops nothing else. */
function apply(name: string, params: unknown, scope: ActionScope): readonly EffectBody[] | null {
  try {
    return actionNamed(name)!.apply(params, scope);
  } catch {
    return null;
  }
}
