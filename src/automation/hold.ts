/**
 * Rules that were written too wide: events on which one would act on more tickets at once than anybody is likely to mean
 * are set aside, and a problem names the rule and how many they are. A person lets them go on.
 */
import type { CompiledRules } from '../../rules/compile.ts';
import { evaluate, type RuleEvent } from '../../rules/evaluate.ts';
import { rowsOfHour } from '../../rules/rule.ts';
import { holdEvents, type Pending } from '../db/pending-events.ts';
import type { Transact } from '../db/sync-store.ts';
import type { KeptRecord, RecordId } from '../model/record.ts';
import type { Lease, Store } from '../store.ts';
import { problemsTable } from '../sync/problems.ts';
import { heldMessage } from './let-go.ts';
import { eventOf, isForeign, type Trigger, valuesBefore } from './trigger.ts';
import { type AnswerWorld, scopeOf, ticketTable } from './world.ts';

/** What reaches people outside the sheet, or makes records: what cannot be taken back by editing a cell. */
const OUTWARD: ReadonlySet<string> = new Set(['notify', 'escalate', 'webhook', 'create']);

/** Events that wait, and the tickets each rule would act on with them. */
interface Hit {
  readonly tickets: Set<RecordId>;
  readonly events: Set<number>;
}

/** Of one run over what waits: a rule that was held at its start is held to its end, however the events fall into parts. */
export class TooWide {
  readonly #most: number;
  readonly #counts = new Map<string, number>();

  /** `most`: so many tickets may one rule act on at once. */
  constructor(most: number) {
    this.#most = most;
  }

  /** Sets events aside and returns them. */
  async hold(
    pending: Pending,
    world: AnswerWorld,
    { store, transact }: { readonly store: Store; readonly transact: Transact },
    lease: Lease,
  ): Promise<ReadonlySet<number>> {
    const { rules } = world.configuration;
    const asked = rules === null ? [] : askedOf(pending, rules);
    if (rules === null || (asked.length <= this.#most && this.#counts.size === 0)) return new Set();
    const records = await store.loadRecords(ticketTable, [...new Set(asked.map(({ recordId }) => recordId))]);
    const held = new Set<number>();
    for (const [rowId, { tickets, events }] of hitsOf(asked, records, rules, world)) {
      const count = (this.#counts.get(rowId) ?? 0) + tickets.size;
      if (count <= this.#most) continue;
      this.#counts.set(rowId, count);
      for (const id of events) held.add(id);
      await setAside(transact, lease, [...events], nameOf(rowId, rules), count, world);
    }
    return held;
  }
}

function nameOf(rowId: string, { rows }: CompiledRules): string {
  return rows.find(({ id }) => id === rowId)?.name ?? rowId;
}

/** What is to be released for a rule, in one line. */
export function holdName(rule: string): string {
  return `rules/${rule.replaceAll(/\s+/g, ' ')}`;
}

interface Asked {
  readonly recordId: RecordId;
  readonly trigger: Trigger;
  readonly events: readonly number[];
  /** Rules a person has let go on with it. */
  readonly released: ReadonlySet<string>;
}

function askedOf({ records, hours }: Pending, rules: CompiledRules): readonly Asked[] {
  const changed = records.flatMap(({ table, recordId, events, changes, released }): readonly Asked[] => {
    const foreign = changes.filter(isForeign);
    if (table !== ticketTable || foreign.length === 0) return [];
    return [{ recordId, trigger: { kind: 'changed', changes: foreign }, events, released }];
  });
  const daily = hours.flatMap(({ event, hour, at, recordIds, released }): readonly Asked[] => {
    const rows = rowsOfHour(rules.rows, hour);
    const trigger: Trigger = { kind: 'daily', rows, at };
    return recordIds.map((recordId) => ({ recordId, trigger, events: [event], released }));
  });
  return [...changed, ...daily];
}

function hitsOf(
  asked: readonly Asked[],
  records: ReadonlyMap<RecordId, KeptRecord>,
  rules: CompiledRules,
  world: AnswerWorld,
): ReadonlyMap<string, Hit> {
  const hits = new Map<string, Hit>();
  for (const { recordId, trigger, events, released } of asked) {
    const record = records.get(recordId);
    if (record === undefined || record.deletedAt !== null) continue;
    const event: RuleEvent = eventOf(record, trigger, world.configuration, world.now)!;
    const changes = trigger.kind === 'changed' ? trigger.changes : [];
    const before = event.kind === 'create' ? null : valuesBefore(record.values, changes);
    const { effects } = evaluate(rules, event, scopeOf(record, record.values, before, null, world));
    for (const effect of effects) {
      if (!OUTWARD.has(effect.do) || released.has(holdName(nameOf(effect.row, rules)))) continue;
      const hit = hits.get(effect.row) ?? { tickets: new Set(), events: new Set() };
      hits.set(effect.row, hit);
      hit.tickets.add(recordId);
      for (const id of events) hit.events.add(id);
    }
  }
  return hits;
}

async function setAside(
  transact: Transact,
  lease: Lease,
  events: readonly number[],
  rule: string,
  count: number,
  { binding, now }: AnswerWorld,
): Promise<void> {
  const name = holdName(rule);
  await transact(lease, async (tx, store) => {
    await holdEvents(tx, events, name);
    const problem = {
      key: `${binding}|held|${name}`,
      kind: 'guard',
      binding,
      recordId: null,
      field: null,
      row: null,
      column: null,
      typed: null,
      current: null,
      message: heldMessage,
      params: { rule, count: String(count), name },
      lasting: 'event',
    } as const;
    await store.saveProblems([problem], now);
    await store.markDirty(problemsTable, [0]);
  });
}
