/** The engine against histories of tables of records, which people edit while they are written. */
import { expect, test } from 'vitest';
import { playHistories, tellFailure } from './simulator/histories.ts';

const HISTORIES = 2_500;

/** What every run must meet: a generator that never gets there proves nothing. */
const interesting = [
  'crash',
  'created from a row',
  'edit applied',
  'append',
  'X1',

  'write held up',
  'late write landed',
  'unknown append landed',
  'stale read',
  'problem conflict',
  'problem guard',
  'problem header',
  'problem misplaced',
  'problem missing-row',
  'batch settled',
  'run began with an unsettled write',
  'taken over in the middle of a run',
];

test(`${HISTORIES} histories hold I1 to I16, repeat exactly and meet everything interesting`, async () => {
  const result = await playHistories({ model: 'records', histories: HISTORIES, seed: 20260313 });
  expect(result.failure === null ? '' : tellFailure(result.failure)).toBe('');
  expect(result.unrepeatable).toBe(0);
  expect(interesting.filter((name) => !result.counters.has(name))).toEqual([]);
});
