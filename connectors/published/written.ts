/**
 * What was written into the cells of a published tab, as connectors remember it in the workbook: by it our own older
 * figures are told from what people typed. The one rule: what is about to be written is remembered before it is written,
 * so that a service that dies in between knows its figures again.
 */
import { createHash } from 'node:crypto';

/** What was written into a cell last. */
export interface WrittenCell {
  /** The mark of its content; several in a row while it is not known which of them stands. Empty: nothing of ours. */
  readonly mark: string;
  /** The key of its look; `UNKNOWN_LOOK` while it is not known which one it has. */
  readonly look: string;
}

/** Differs from the key of every look: whatever the cell is to look like, it is drawn anew. */
export const UNKNOWN_LOOK = '?';

/** Length of a mark. */
export const MARK_CHARS = 4;

/** Four characters that stand for a content; a person's has the same in one of 16 million cases. */
export function markOf(content: string): string {
  return createHash('sha256').update(content).digest('base64url').slice(0, MARK_CHARS);
}

/** The single marks of a cell. */
export function marksOf({ mark }: WrittenCell): readonly string[] {
  return Array.from({ length: mark.length / MARK_CHARS }, (_, n) => mark.slice(n * MARK_CHARS, (n + 1) * MARK_CHARS));
}

/** What stands in the cell is what we wrote. `standing`: its mark, empty for an empty cell. */
export function isOwn(last: WrittenCell | null, standing: string): boolean {
  return standing === (last?.mark ?? '') || (last !== null && marksOf(last).includes(standing));
}

/** To be remembered while the cell is being written: it holds what stands there, where that is ours, or what is to stand there. */
export function announced(last: WrittenCell | null, standing: string, wanted: WrittenCell): WrittenCell {
  const marks = new Set([...(isOwn(last, standing) ? [standing] : []), wanted.mark]);
  return { mark: [...marks].join(''), look: (last?.look ?? '') === wanted.look ? wanted.look : UNKNOWN_LOOK };
}
