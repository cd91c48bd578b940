/** Short ways to write what happened to tickets, and to measure it. Times are of 2026 in Shanghai. */
import { packBlock } from '../../src/kpi/block.ts';
import { type FactSet, factSetOf } from '../../src/kpi/fact-set.ts';
import type { TicketFacts } from '../../src/kpi/facts.ts';
import { type FoldWorld, foldFacts } from '../../src/kpi/fold.ts';
import type { HistoryContact, HistoryStep, TicketHistory } from '../../src/kpi/history.ts';
import { type Filter, kpiDefaults, type Query } from '../../src/kpi/query.ts';
import { type ContactKind, isAnswer } from '../../src/model/contact.ts';
import type { FieldValue } from '../../src/model/field.ts';
import { foldClocks, type SlaEvent, type SlaPolicy } from '../../src/model/sla.ts';
import { statusCategory } from '../../src/model/status.ts';
import { at, calendars, cn, policy } from '../model/sla-desk.ts';

export const world: FoldWorld = {
  timeZone: 'Asia/Shanghai',
  calendars,
  calendar: cn,
  pausing: ['wait_customer', 'wait_third'],
};

type Values = Readonly<Record<string, FieldValue>>;

/** What happened at a moment: fields that were written, or a contact by somebody. */
export type Deed = readonly [when: string, what: Values | ContactKind, person?: string];

/** A ticket from its creation on. A field `created_at` in the first values wins over `when`, as it does in the product. */
export function history(
  id: number,
  when: string,
  values: Values,
  deeds: readonly Deed[] = [],
  promise: SlaPolicy | null = policy({ 'first-response': values.priority === '紧急' ? 30 : 120 }),
): TicketHistory {
  const steps: HistoryStep[] = [{ kind: 'create', at: at(when), values: { status: '待受理', ...values } }];
  const contacts: HistoryContact[] = [];
  const events: SlaEvent[] = [{ kind: 'created', at: at(when), category: 'new', policy: promise, calendar: cn }];
  for (const [moment, what, person = null] of deeds) {
    if (typeof what === 'string') {
      contacts.push({ at: at(moment), kind: what, person });
      if (isAnswer(what)) events.push({ kind: 'response', at: at(moment) });
      if (what === 'customer') events.push({ kind: 'customer-message', at: at(moment) });
      continue;
    }
    steps.push({ kind: 'set', at: at(moment), values: what });
    const category = typeof what.status === 'string' ? statusCategory(what.status) : undefined;
    if (category !== undefined) events.push({ kind: 'status', at: at(moment), category });
  }
  return { id, steps, contacts, clocks: promise === null ? null : foldClocks(events, calendars) };
}

export function factsOf(histories: readonly TicketHistory[]): TicketFacts[] {
  return histories.flatMap((each) => foldFacts(each, world) ?? []);
}

/** The facts of histories in memory, in blocks of a few tickets. */
export function setOf(histories: readonly TicketHistory[], perBlock = 3): FactSet {
  const facts = factsOf(histories);
  const blocks = Array.from({ length: Math.ceil(facts.length / perBlock) }, (_, n) =>
    packBlock(facts.slice(n * perBlock, (n + 1) * perBlock)),
  );
  return factSetOf(blocks);
}

/** A question about `[from, to)`, seen from `asOf` or from the end. */
export function query(
  from: string,
  to: string,
  more: { readonly asOf?: string; readonly mode?: Query['mode']; readonly filter?: Filter } = {},
): Query {
  return {
    window: { from: at(from), to: at(to), asOf: at(more.asOf ?? to) },
    mode: more.mode ?? 'business',
    filter: more.filter ?? {},
    settings: { ...kpiDefaults, calendar: calendars(cn) },
  };
}
