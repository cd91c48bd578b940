/** A clock that shows what a test says. */
import type { Clock } from '../../src/ports.ts';

export interface TestClock extends Clock {
  /** Sets it, also backwards. */
  set(at: string | number): void;
  /** Moves it by milliseconds. */
  move(ms: number): void;
}

export function testClock(at: string): TestClock {
  let now = Date.parse(at);
  return {
    now: () => new Date(now),
    set: (to) => {
      now = typeof to === 'number' ? to : Date.parse(to);
    },
    move: (ms) => {
      now += ms;
    },
  };
}
