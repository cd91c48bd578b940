/**
 * All that the answers to some tickets ask for, gathered and then written in batches: however many tickets, so many
 * statements. Nothing is read here that an answer depends on.
 */
import { addBreaches, type KeptBreach, type KeptClocks, saveClocks } from '../db/clocks.ts';
import { addDecisions, type KeptDecision } from '../db/decisions.ts';
import { claimEffects } from '../db/done-effects.ts';
import { markOwnAnswered } from '../db/pending-events.ts';
import { openProblems } from '../db/problems.ts';
import { addHits } from '../db/rule-hits.ts';
import type { Transaction } from '../db/sql.ts';
import { keepTimers, type TimerDraft } from '../db/timers.ts';
import { saveTurns, type Turn } from '../db/turns.ts';
import { createRecords, editRecords, type RecordCreation, type RecordEdit } from '../edit.ts';
import type { ProblemDraft } from '../model/change.ts';
import type { RecordId } from '../model/record.ts';
import type { Notice } from '../notify/message.ts';
import type { StoreTransaction } from '../store.ts';
import { problemsTable } from '../sync/problems.ts';
import { ticketTable } from './world.ts';

export interface Answered {
  /** Fields that changed, records that were made. */
  readonly changed: number;
  readonly notices: readonly Notice[];
  readonly timers: readonly TimerDraft[];
}

/** Who wrote: a row of the rules, or the service by itself. */
export type Author = 'rule' | 'system';

export class Batch {
  readonly edits: { readonly edit: RecordEdit; readonly author: Author }[] = [];
  /** Records to make; each key once, for ever. */
  readonly creations: { readonly creation: RecordCreation; readonly key: string }[] = [];
  readonly notices: Notice[] = [];
  readonly timers: TimerDraft[] = [];
  readonly clocks: KeptClocks[] = [];
  readonly breaches: KeptBreach[] = [];
  readonly decisions: KeptDecision[] = [];
  /** Hits by rule. */
  readonly hits = new Map<string, number>();
  readonly problems: ProblemDraft[] = [];
  /** Problems that are none any more: the ticket of each by its key. */
  readonly solved = new Map<string, RecordId>();

  /** Writes it all. `ids` are the tickets that were answered: what they waited for and do not any more is taken away. */
  async write(
    tx: Transaction,
    store: StoreTransaction,
    ids: readonly RecordId[],
    turns: ReadonlyMap<string, readonly Turn[]>,
    now: Date,
    timeZone: string,
  ): Promise<Answered> {
    const changed = await this.#writeRecords(tx, store, now);
    await saveClocks(tx, ticketTable, this.clocks);
    await addBreaches(tx, ticketTable, this.breaches, now);
    await addDecisions(tx, ticketTable, this.decisions);
    const day = new Intl.DateTimeFormat('sv-SE', { dateStyle: 'short', timeZone }).format(now);
    await addHits(
      tx,
      [...this.hits].map(([rule, hits]) => ({ rule, hits })),
      day,
      now,
    );
    for (const [pool, moved] of turns) await saveTurns(tx, pool, moved);
    await this.#writeProblems(tx, store, now);
    const timers = await keepTimers(tx, ticketTable, ids, this.timers, now);
    return { changed, notices: this.notices, timers };
  }

  async #writeRecords(tx: Transaction, store: StoreTransaction, now: Date): Promise<number> {
    const originOf = (author: Author) => {
      return { actor: { kind: author, name: null }, source: author, cause: null, happenedAt: now.toISOString() };
    };
    let changed = 0;
    for (const author of ['rule', 'system'] as const) {
      const edits = this.edits.filter((each) => each.author === author).map(({ edit }) => edit);
      changed += (await editRecords(store, edits, originOf(author))).length;
    }
    const keys = this.creations.map(({ key }) => key);
    const fresh = new Set(await claimEffects(tx, keys, now));
    const creations = this.creations.filter(({ key }) => fresh.has(key)).map(({ creation }) => creation);
    changed += (await createRecords(store, creations, originOf('rule'))).length;
    if (changed > 0) await markOwnAnswered(tx);
    return changed;
  }

  async #writeProblems(tx: Transaction, store: StoreTransaction, now: Date): Promise<void> {
    const told = new Set(this.problems.map(({ key }) => key));
    const gone = await openProblems(
      tx,
      [...this.solved.keys()].filter((key) => !told.has(key)),
    );
    if (told.size + gone.length === 0) return;
    await store.saveProblems(this.problems, now);
    await store.closeProblems(gone, 'resolved', now);
    // The tab says it beside the row too.
    const about = [...this.problems.map(({ recordId }) => recordId!), ...gone.map((key) => this.solved.get(key)!)];
    await store.markDirty(ticketTable, [...new Set(about)]);
    await store.markDirty(problemsTable, [0]);
  }
}
