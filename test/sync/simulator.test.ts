/** The engine against histories: first those that once failed, then new ones. */
import { describe, expect, test } from 'vitest';
import { play } from './simulator/play.ts';
import { loadRegressions } from './simulator/regressions.ts';
import { testHistories } from './simulator/suite.ts';

describe('histories that once failed', () => {
  test.each(loadRegressions())('$name', async ({ tape }) => {
    const { violations } = await play(tape);
    expect(violations).toEqual([]);
  });
});

/** What every run must meet: a generator that never gets there proves nothing. */
const interesting = [
  'crash',
  'created from a row',
  'edit applied',
  'append',
  'old copy saved',
  'row recognised by its content',
  'problem conflict',
  'problem guard',
  'problem header',
  'problem invalid-value',
  'problem incomplete-row',
  'problem duplicate-id',
  'problem unknown-id',
  'problem maybe-ticket',
  'problem missing-row',
  'problem reverted',
  'problem stale-copy',
  'problem unreadable-cell',
  'batch settled',
  'run began with an unsettled write',
  'taken over in the middle of a run',
];

testHistories({ histories: 2_500, seed: 20_260_310 }, interesting);
