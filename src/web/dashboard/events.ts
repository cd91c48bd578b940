/** Server-sent events: an open page hears that figures changed, and asks for them itself. */
import type { Context } from 'hono';
import type { Live } from '../live.ts';

/** A reader that is so many events behind is gone. */
const MOST_WAITING = 16;

/**
 * Answers with the stream, or 503 where there are too many. Before each event `mayHear` is asked again and throws when
 * the pass is void by now; then the stream ends.
 */
export function eventStream(context: Context, live: Live, mayHear: () => Promise<void>): Response {
  const encoder = new TextEncoder();
  let stop: (() => void) | null = null;
  const stream = new ReadableStream<Uint8Array>(
    {
      start(controller) {
        let isOpen = true;
        const end = (): void => {
          if (!isOpen) return;
          isOpen = false;
          stop?.();
          controller.close();
        };
        const send = (text: string): void => {
          mayHear().then(
            () => {
              if (!isOpen) return;
              if ((controller.desiredSize ?? 0) < -MOST_WAITING) end();
              else controller.enqueue(encoder.encode(text));
            },
            () => end(),
          );
        };
        stop = live.listen({
          changed: (at) => send(`event: figures\ndata: ${JSON.stringify({ at })}\n\n`),
          beat: () => send(': alive\n\n'),
          end,
        });
        if (stop === null) controller.close();
        else controller.enqueue(encoder.encode('retry: 2000\n\n'));
        context.req.raw.signal.addEventListener('abort', end);
      },
      cancel() {
        stop?.();
      },
    },
    { highWaterMark: 1 },
  );
  if (stop === null) return context.text('', 503);
  context.header('content-type', 'text/event-stream; charset=utf-8');
  // Some proxies collect what they pass on.
  context.header('x-accel-buffering', 'no');
  return context.body(stream);
}
