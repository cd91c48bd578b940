/** The other half of the histories, in a file of its own so that both cores work. */
import { expect, test } from 'vitest';
import { playHistories, tellFailure } from './simulator/histories.ts';

const HISTORIES = 2_500;

test(`${HISTORIES} more histories hold I1 to I16`, async () => {
  const result = await playHistories({ histories: HISTORIES, seed: 20_260_717 });
  expect(result.failure === null ? '' : tellFailure(result.failure)).toBe('');
  expect(result.unrepeatable).toBe(0);
});
