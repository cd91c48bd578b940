/** Reading a part window by window, so that a sheet of a hundred megabytes is never in memory whole. */
import { Buffer } from 'node:buffer';

/** Something that reads a part in pieces. */
export interface PartReader {
  /**
   * Reads what is complete in the first `end` bytes of a window; returns how many of them are done with. The others open
   * the next window. `last`: nothing follows, whatever is incomplete now is damaged.
   */
  feed(window: Buffer, end: number, last: boolean): number;
}

/**
 * Zero bytes behind each window. A reader may look a little ahead without asking where the window ends; reading outside
 * a buffer would be right too, but makes the engine throw away the compiled code each time.
 */
const MARGIN_BYTES = 256;

const FIRST_WINDOW_BYTES = 1_048_576;

/** Feeds a whole part to a reader. A window is only good until the next one, except the last. */
export async function feedPart(chunks: AsyncIterable<Uint8Array>, reader: PartReader): Promise<void> {
  let window = Buffer.alloc(FIRST_WINDOW_BYTES);
  let end = 0;
  let left = 0;
  for await (const chunk of chunks) {
    if (end + chunk.length + MARGIN_BYTES > window.length) {
      const larger = Buffer.alloc(2 * (end + chunk.length + MARGIN_BYTES));
      window.copy(larger, 0, 0, end);
      window = larger;
    }
    window.set(chunk, end);
    end += chunk.length;
    // What was left over at least doubles before it is tried again: one endless cell costs no more than many small ones.
    if (end < 2 * left) continue;
    window.fill(0, end, end + MARGIN_BYTES);
    const done = reader.feed(window, end, false);
    window.copyWithin(0, done, end);
    end -= done;
    left = end;
  }
  window.fill(0, end, end + MARGIN_BYTES);
  reader.feed(window, end, true);
}
