/** From the samples of a KPI to figures: one for a period, one per group, and the tickets behind them. Pure. */
import type { RecordId } from '../model/record.ts';
import type { Block } from './block.ts';
import { isOverBefore } from './block-life.ts';
import type { FactSet } from './fact-set.ts';
import type { Kpi, LeftOut, Sink } from './kpi.ts';
import { type Query, selectionOf } from './query.ts';
import { type Spread, spreadOf } from './statistics.ts';

/** A figure. Durations in seconds, shares as part of 1. */
export interface Measured extends Spread {
  /** What is shown: the count of a `count`, else the mean, which of a share is the share. Null when there is nothing. */
  readonly value: number | null;
  /** How many tickets of the period are not in it, by reason. */
  readonly leftOut: Readonly<Partial<Record<LeftOut, number>>>;
  /** Samples that may still change; with unanswered tickets the figure is provisional. */
  readonly doubtful: number;
}

/** Samples of one group while they are gathered. */
class Tally {
  readonly leftOut: Partial<Record<LeftOut, number>> = {};
  doubtful = 0;
  #n = 0;
  #sum = 0;
  /** Null where nobody asks for a percentile: of samples that are 0 or 1 it says nothing. */
  readonly #values: number[] | null;

  constructor({ unit }: Kpi) {
    this.#values = unit === 'duration' || unit === 'score' ? [] : null;
  }

  add(value: number): void {
    this.#n++;
    this.#sum += value;
    this.#values?.push(value);
  }

  measured({ unit }: Kpi): Measured {
    const mean = this.#n === 0 ? null : this.#sum / this.#n;
    const spread = this.#values === null ? { n: this.#n, mean, median: null, p90: null } : spreadOf(this.#values);
    const value = unit === 'count' ? this.#n : spread.mean;
    return { ...spread, value, leftOut: this.leftOut, doubtful: this.doubtful };
  }
}

type Group = (block: Block, ticket: number, at: number, person: number) => number;

/** The figure of all tickets of the query. */
export function measure(facts: FactSet, kpi: Kpi, query: Query): Measured {
  return measureBy(facts, kpi, query, () => 0).get(0) ?? new Tally(kpi).measured(kpi);
}

/**
 * One figure per group; `group` gives each sample the number of its group: a code of `FactSet`, a place in a list of
 * spans. Groups without a sample are not in the answer.
 */
export function measureBy(facts: FactSet, kpi: Kpi, query: Query, group: Group): ReadonlyMap<number, Measured> {
  const tallies = new Map<number, Tally>();
  let last: Tally | undefined;
  const tallyOf = (key: number): Tally => {
    let tally = tallies.get(key);
    if (tally === undefined) {
      tally = new Tally(kpi);
      tallies.set(key, tally);
    }
    return tally;
  };
  scan(facts, kpi, query, (block) => ({
    take(ticket, at, value, person) {
      last = tallyOf(group(block, ticket, at, person));
      last.add(value);
    },
    leaveOut(ticket, at, reason, person) {
      const { leftOut } = tallyOf(group(block, ticket, at, person));
      leftOut[reason] = (leftOut[reason] ?? 0) + 1;
    },
    doubt() {
      if (last !== undefined) last.doubtful++;
    },
  }));
  return new Map([...tallies].map(([key, tally]) => [key, tally.measured(kpi)]));
}

/** A ticket behind a figure: with its value, or with the reason why it is not in it. */
export interface Listed {
  readonly id: RecordId;
  readonly value: number | null;
  readonly leftOut: LeftOut | null;
}

/** The tickets behind a figure, in the order of their ids. */
export function list(facts: FactSet, kpi: Kpi, query: Query): readonly Listed[] {
  const listed: Listed[] = [];
  scan(facts, kpi, query, ({ tickets }) => ({
    take: (ticket, _at, value) => listed.push({ id: tickets.id[ticket]!, value, leftOut: null }),
    leaveOut: (ticket, _at, reason) => listed.push({ id: tickets.id[ticket]!, value: null, leftOut: reason }),
    doubt() {},
  }));
  return listed;
}

/** Hands the samples of all blocks to a sink, those of other people than the query's left out. */
export function scan(facts: FactSet, kpi: Kpi, query: Query, sinkOf: (block: Block) => Sink): void {
  const selection = selectionOf(facts, query.filter);
  const { people } = selection;
  for (const block of facts.blocks) {
    // An instant that is asked about may lie before the window, whose end it is then.
    if (isOverBefore(block, Math.min(query.window.from, query.window.to, query.window.asOf))) continue;
    const sink = sinkOf(block);
    kpi.scan(block, selection.marks(block), query, people === null ? sink : only(people, sink));
  }
}

function only(people: ReadonlySet<number>, sink: Sink): Sink {
  let isTaken = false;
  return {
    take(ticket, at, value, person) {
      isTaken = people.has(person);
      if (isTaken) sink.take(ticket, at, value, person);
    },
    leaveOut(ticket, at, reason, person) {
      if (people.has(person)) sink.leaveOut(ticket, at, reason, person);
    },
    doubt() {
      if (isTaken) sink.doubt();
    },
  };
}
