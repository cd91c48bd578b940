/**
 * Pure: whether a person is done with a new row (N1). Where every cell that is typed can be read at once, a row becomes a
 * record only when it has stood unchanged for some seconds; a file was saved, so its rows are done.
 */
import type { DataRow } from './rows.ts';

const restMs = 5_000;

/** When each new row was first seen as it stands, by its content. */
export type FirstSeen = ReadonlyMap<string, number>;

export interface Rested {
  readonly done: readonly DataRow[];
  readonly typing: readonly DataRow[];
  readonly seen: FirstSeen;
  /** When the first of those still being typed may be done, in milliseconds, or null. */
  readonly nextMs: number | null;
}

export function restedRows(fresh: readonly DataRow[], before: FirstSeen, nowMs: number): Rested {
  const done: DataRow[] = [];
  const typing: DataRow[] = [];
  const seen = new Map<string, number>();
  let nextMs: number | null = null;
  for (const row of fresh) {
    const key = [row.id, ...row.raws].join('\u0000');
    const since = before.get(key) ?? nowMs;
    seen.set(key, since);
    if (nowMs - since >= restMs) {
      done.push(row);
      continue;
    }
    typing.push(row);
    nextMs = Math.min(nextMs ?? since + restMs, since + restMs);
  }
  return { done, typing, seen, nextMs };
}
