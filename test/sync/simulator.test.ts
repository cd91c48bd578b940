/** The engine against histories: first those that once failed, then new ones. */
import { describe, expect, test } from 'vitest';
import { playHistories, tellFailure } from './simulator/histories.ts';
import { play } from './simulator/play.ts';
import { loadRegressions } from './simulator/regressions.ts';

const HISTORIES = 2_500;

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

test(`${HISTORIES} histories hold I1 to I16, repeat exactly and meet everything interesting`, async () => {
  const result = await playHistories({ histories: HISTORIES, seed: 20_260_310 });
  expect(result.failure === null ? '' : tellFailure(result.failure)).toBe('');
  expect(result.unrepeatable).toBe(0);
  expect(interesting.filter((name) => !result.counters.has(name))).toEqual([]);
});
