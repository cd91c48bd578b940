/**
 * Merging as people do it: the number of another ticket in 合并到, and the status. What may not be merged is put back; what
 * was merged leads to the end of its chain, its contacts go there, and whoever waits for an answer waits there.
 */
import type { Values } from '../../rules/scope.ts';
import { mergeCause, ticketsOfNumbers } from '../db/contacts.ts';
import { contactIdsOf, mergedTickets } from '../db/merges.ts';
import type { Transaction } from '../db/sql.ts';
import { editRecords } from '../edit.ts';
import { type Merge, type MergeResult, mergeTickets } from '../model/merge.ts';
import type { KeptRecord, RecordId } from '../model/record.ts';
import type { TicketClocks } from '../model/sla.ts';
import { statusCategory } from '../model/status.ts';
import type { StoreTransaction } from '../store.ts';
import { ticketNumber } from './contacts.ts';
import { isCreation, type Trigger } from './trigger.ts';
import { ticketTable } from './world.ts';

/** A merge that stands, or why it may not; a key of the message catalogue after `lifecycle.`. */
export type MergeVerdict =
  | { readonly ok: true; readonly merge: Merge; readonly target: RecordId }
  | { readonly ok: false; readonly reason: Extract<MergeResult, { ok: false }>['reason'] | 'merge-unknown' };

/** What merges are judged by. */
export class Merges {
  /** Tickets by number: those that merged ones lead to, and what people typed. */
  readonly #tickets: ReadonlyMap<string, RecordId>;
  readonly #ids: ReadonlyMap<string, RecordId>;
  readonly #mergedInto: Map<string, string>;

  private constructor(
    tickets: ReadonlyMap<string, RecordId>,
    ids: ReadonlyMap<string, RecordId>,
    mergedInto: Map<string, string>,
  ) {
    this.#tickets = tickets;
    this.#ids = ids;
    this.#mergedInto = mergedInto;
  }

  /** Loads what merges among these changes need; nothing is read when there are none. */
  static async load(
    tx: Transaction,
    records: readonly KeptRecord[],
    triggers: ReadonlyMap<RecordId, Trigger>,
  ): Promise<Merges> {
    const asking = records.filter((record) => asksForMerge(record, triggers.get(record.id)!));
    if (asking.length === 0) return new Merges(new Map(), new Map(), new Map());
    const merged = await mergedTickets(tx);
    const typed = [...merged.map(({ into }) => into), ...asking.map(({ values }) => String(values.merged_into))];
    const tickets = await ticketsOfNumbers(tx, [...new Set(typed.map(ticketNumber))]);
    const links = merged.map(({ number, into }): [string, string] => [number, ticketNumber(into)]);
    return new Merges(tickets, new Map(merged.map(({ number, id }) => [number, id])), new Map(links));
  }

  /** The verdict on a merge somebody asks for; null when nobody does. `clocks` are those of the ticket before it. */
  judge(record: KeptRecord, trigger: Trigger, before: Values | null, clocks: TicketClocks | null): MergeVerdict | null {
    if (!asksForMerge(record, trigger)) return null;
    const source = record.number;
    const target = ticketNumber(String(record.values.merged_into));
    const former = before === null || !isMerged(before) ? null : ticketNumber(String(before.merged_into ?? ''));
    if (former === target) return null;
    const others = new Map(this.#mergedInto);
    if (former === null || former === '') others.delete(source);
    else others.set(source, former);
    const verdict = this.#tickets.has(target) ? mergeTickets(source, target, others, clocks) : null;
    if (verdict?.ok) {
      this.#mergedInto.set(source, verdict.merge.into);
      for (const number of verdict.merge.repointed) this.#mergedInto.set(number, verdict.merge.into);
      return { ...verdict, target: this.#tickets.get(verdict.merge.into)! };
    }
    if (former === null || former === '') this.#mergedInto.delete(source);
    return verdict ?? { ok: false, reason: 'merge-unknown' };
  }

  /** Id of a ticket that was merged before. */
  idOf(number: string): RecordId {
    return this.#ids.get(number)!;
  }
}

/** Hands what was written about a merged ticket to the one it went into. Returns how many contacts moved. */
export async function moveContacts(
  tx: Transaction,
  store: StoreTransaction,
  { source, into }: Pick<Merge, 'source' | 'into'>,
  now: Date,
): Promise<number> {
  const ids = await contactIdsOf(tx, source);
  const edits = ids.map((recordId) => ({ table: 'contacts', recordId, values: { ticket_no: into } }));
  const moved = await editRecords(store, edits, {
    actor: { kind: 'system', name: null },
    source: ticketTable,
    cause: `${mergeCause}${source}`,
    happenedAt: now.toISOString(),
  });
  return moved.length;
}

function isMerged({ status }: Values): boolean {
  return statusCategory(String(status ?? '')) === 'merged';
}

function asksForMerge({ values }: KeptRecord, trigger: Trigger): boolean {
  if (trigger.kind !== 'changed' || !isMerged(values)) return false;
  if (typeof values.merged_into !== 'string' || values.merged_into.trim() === '') return false;
  const { changes } = trigger;
  return isCreation(changes) || changes.some(({ field }) => field === 'status' || field === 'merged_into');
}
