/** Timers that run when a test turns them, in the order of their times. */
import type { Timers } from '../../src/ports.ts';

export interface HandTimers extends Timers {
  /** Lets so much time pass, and does what falls due in it. */
  pass(ms: number): void;
  /** Pieces of work that wait. */
  readonly waiting: number;
}

export function handTimers(): HandTimers {
  let now = 0;
  const waiting = new Set<{ readonly at: number; readonly work: () => void }>();
  return {
    after(ms, work) {
      const timer = { at: now + ms, work };
      waiting.add(timer);
      return () => void waiting.delete(timer);
    },
    pass(ms) {
      const end = now + ms;
      for (;;) {
        const [next] = [...waiting].filter(({ at }) => at <= end).sort((a, b) => a.at - b.at);
        if (next === undefined) break;
        now = Math.max(now, next.at);
        waiting.delete(next);
        next.work();
      }
      now = end;
    },
    get waiting() {
      return waiting.size;
    },
  };
}
