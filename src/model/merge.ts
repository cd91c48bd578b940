/** Merging one ticket into another: who ends up where, and what moves along. Pure; tickets are named by their ids. */
import type { TicketClocks } from './sla/fold.ts';
import { unansweredSince } from './sla/fold.ts';

export interface Merge {
  readonly source: string;
  /** The end of the chain: what the target itself was merged into counts. */
  readonly into: string;
  /** Tickets merged into the source before, which now lead to `into` straight away. */
  readonly repointed: readonly string[];
  /** What goes over to the target. Its own creation time and clocks stay. */
  readonly moves: readonly ('comments' | 'attachments' | 'watchers')[];
  /** Since when the source's customer waits for a word, for the target's next response; null: nothing is unanswered. */
  readonly waitingSince: number | null;
}

export type MergeResult =
  | { readonly ok: true; readonly merge: Merge }
  /** A key of the message catalogue after `lifecycle.`. */
  | { readonly ok: false; readonly reason: 'merge-itself' | 'merge-cycle' | 'merge-already' };

/**
 * Merges `source` into `target`. `mergedInto` leads from every merged ticket to its target; `clocks` are those of the
 * source. Refused into itself, into a ticket that was merged into the source, and when the source was merged before.
 */
export function mergeTickets(
  source: string,
  target: string,
  mergedInto: ReadonlyMap<string, string>,
  clocks: TicketClocks | null,
): MergeResult {
  if (source === target) return { ok: false, reason: 'merge-itself' };
  if (mergedInto.has(source)) return { ok: false, reason: 'merge-already' };
  const into = endOfChain(target, mergedInto);
  if (into === null || into === source) return { ok: false, reason: 'merge-cycle' };
  const repointed = [...mergedInto.keys()].filter((id) => endOfChain(id, mergedInto) === source);
  const waitingSince = clocks === null ? null : unansweredSince(clocks);
  return {
    ok: true,
    merge: { source, into, repointed, moves: ['comments', 'attachments', 'watchers'], waitingSince },
  };
}

/** Where a ticket ended up; itself when it was not merged, null when the links run in a circle. */
export function endOfChain(id: string, mergedInto: ReadonlyMap<string, string>): string | null {
  const seen = new Set<string>();
  let at = id;
  for (let next = mergedInto.get(at); next !== undefined; next = mergedInto.get(at)) {
    if (seen.has(at)) return null;
    seen.add(at);
    at = next;
  }
  return at;
}
