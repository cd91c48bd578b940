/** Plays many histories, and brings a failing one down to the few steps that matter. */
import fc from 'fast-check';
import type { Violation } from './oracle/findings.ts';
import { play } from './play.ts';
import type { Mutation } from './stage/engines.ts';
import type { PlayOptions } from './stage/options.ts';
import { type Desk, type ModelName, PLAIN_DESK, type Tape, tapesOf } from './tape.ts';

export interface Campaign {
  /** What the workbooks live in; files unless given. */
  readonly model?: ModelName;
  readonly histories: number;
  readonly seed: number;
  readonly mutation?: Mutation;
  /** Off for canaries: that it fails is all they want to know. */
  readonly shrink?: boolean;
  readonly tapes?: fc.Arbitrary<Tape>;
  readonly onHistory?: (played: number) => void;
  /** Plays on after a failure; the first is still the one reported. */
  readonly goOn?: boolean;
}

export interface CampaignResult {
  /** Histories played until the first failure, or all. */
  readonly played: number;
  readonly failure: Failure | null;
  /** Histories by the invariant they broke first. */
  readonly broken: ReadonlyMap<string, number>;
  /** What was met, summed over all histories. */
  readonly counters: ReadonlyMap<string, number>;
  /** Histories played twice, and how many of them did not repeat exactly. */
  readonly repeated: number;
  readonly unrepeatable: number;
}

export interface Failure {
  readonly tape: Tape;
  readonly violations: readonly Violation[];
}

/** Plays histories until one fails. Every hundredth is played twice. */
export async function playHistories(campaign: Campaign): Promise<CampaignResult> {
  const counters = new Map<string, number>();
  let played = 0;
  let repeated = 0;
  let unrepeatable = 0;
  let failure: Failure | null = null;
  const broken = new Map<string, number>();
  const options = campaign.mutation === undefined ? {} : { mutation: campaign.mutation };
  const property = fc.asyncProperty(campaign.tapes ?? tapesOf(campaign.model ?? 'file'), async (tape) => {
    const verdict = await play(tape, options);
    played += 1;
    for (const [name, count] of verdict.counters) counters.set(name, (counters.get(name) ?? 0) + count);
    campaign.onHistory?.(played);
    if (verdict.violations.length > 0) {
      const id = verdict.violations[0]!.id;
      broken.set(id, (broken.get(id) ?? 0) + 1);
      failure ??= { tape, violations: verdict.violations };
      return campaign.goOn === true;
    }
    if (played % 100 === 0) {
      repeated += 1;
      if ((await play(tape, options)).hash !== verdict.hash) unrepeatable += 1;
    }
    return true;
  });
  await fc.check(property, { numRuns: campaign.histories, seed: campaign.seed, endOnFailure: true });
  if (failure !== null && campaign.shrink !== false) failure = await shrink(failure, options);
  return { played, failure, broken, counters, repeated, unrepeatable };
}

/**
 * The smallest tape found that still breaks the same invariant. Tapes are plain data of which every part may be left out, so this
 * goes faster and further than shrinking by the values they were made from.
 */
export async function shrink(failure: Failure, options: PlayOptions): Promise<Failure> {
  let smallest = failure;
  for (let changed = true; changed; ) {
    changed = false;
    for (const make of simplifications(smallest.tape)) {
      const tape = make(smallest.tape);
      if (tape === null) continue;
      const { violations } = await play(tape, options);
      if (violations[0]?.id !== failure.violations[0]!.id) continue;
      smallest = { tape, violations };
      changed = true;
    }
  }
  return smallest;
}

/** Ways to make a tape simpler, the boldest first; each gets the tape as it is by then. */
function simplifications(tape: Tape): ((tape: Tape) => Tape | null)[] {
  const without = <T>(items: readonly T[], from: number, count: number): readonly T[] => [
    ...items.slice(0, from),
    ...items.slice(from + count),
  ];
  const replaced = <T>(items: readonly T[], at: number, item: T): readonly T[] =>
    items.map((old, i) => (i === at ? item : old));
  const ways: ((tape: Tape) => Tape | null)[] = [];
  for (let count = Math.max(1, tape.steps.length >> 1); count >= 1; count >>= 1) {
    for (let from = tape.steps.length - count; from >= 0; from -= count) {
      ways.push((t) => (from < t.steps.length ? { ...t, steps: without(t.steps, from, count) } : null));
    }
  }
  for (let at = tape.faults.length - 1; at >= 0; at--) {
    ways.push((t) => (at < t.faults.length ? { ...t, faults: without(t.faults, at, 1) } : null));
    ways.push((t) => {
      const fault = t.faults[at];
      return fault?.after == null ? null : { ...t, faults: replaced(t.faults, at, { ...fault, after: null }) };
    });
  }
  for (const key of Object.keys(PLAIN_DESK) as (keyof Desk)[]) {
    ways.push((t) => (t.desk[key] === PLAIN_DESK[key] ? null : { ...t, desk: { ...t.desk, [key]: PLAIN_DESK[key] } }));
  }
  for (let at = 0; at < tape.steps.length; at++) {
    for (const key of ['gap', 'who', 'tab', 'row', 'column', 'n'] as const) {
      for (const divisor of [Number.POSITIVE_INFINITY, 2]) {
        ways.push((t) => {
          const step = t.steps[at];
          if (step === undefined || step[key] === 0) return null;
          return { ...t, steps: replaced(t.steps, at, { ...step, [key]: Math.floor(step[key] / divisor) }) };
        });
      }
    }
  }
  return ways;
}

/** What a failure says: the invariant first, then the tape to keep. */
export function tellFailure({ tape, violations }: Failure): string {
  const lines = violations.map(({ id, message }) => `${id}: ${message}`);
  return `${lines.join('\n')}\ntape: ${JSON.stringify(tape)}`;
}
