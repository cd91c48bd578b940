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

/** Feeds a whole part to a reader. */
export async function feedPart(chunks: AsyncIterable<Uint8Array>, reader: PartReader): Promise<void> {
  let rest: Uint8Array = new Uint8Array();
  let waiting: Uint8Array[] = [];
  let waitingBytes = 0;
  const feed = (last: boolean): void => {
    const end = rest.length + waitingBytes;
    const window = Buffer.concat([rest, ...waiting], end + MARGIN_BYTES);
    rest = window.subarray(reader.feed(window, end, last), end);
    waiting = [];
    waitingBytes = 0;
  };
  for await (const chunk of chunks) {
    waiting.push(chunk);
    waitingBytes += chunk.length;
    // What was left over at least doubles before it is tried again: one endless cell costs no more than many small ones.
    if (waitingBytes >= rest.length) feed(false);
  }
  feed(true);
}
