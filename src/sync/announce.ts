/** Pure: what is to be written, as batches: one that is sent now, and one that is owed because people are at work in its rows (W2, W7). */
import type { StrayRow, WriteBatch } from '../model/binding.ts';
import type { PlannedWrite } from './writes.ts';

export interface Announcement {
  /** Writes of the batch that is sent. */
  readonly sent: readonly PlannedWrite[];
  readonly batch: WriteBatch | null;
  readonly owed: WriteBatch | null;
}

export function announce(
  writes: readonly PlannedWrite[],
  mayWrite: (row: number) => boolean,
  about: Pick<WriteBatch, 'id' | 'generation' | 'token' | 'at'>,
  /** Rows a write may hit by mistake; null where it cannot. */
  strays: (() => readonly StrayRow[]) | null,
): Announcement {
  const sent: PlannedWrite[] = [];
  const held: PlannedWrite[] = [];
  for (const write of writes) (mayWrite(write.intent.row) ? sent : held).push(write);
  const intents = (of: readonly PlannedWrite[]) => of.map((write) => write.intent);
  const beside = strays === null ? {} : { strays: strays() };
  return {
    sent,
    batch: sent.length === 0 ? null : { ...about, state: 'sent', intents: intents(sent), ...beside },
    owed: held.length === 0 ? null : { ...about, id: `${about.id}+`, state: 'planned', intents: intents(held) },
  };
}
