/** The test every model of a workbook is put to: so many histories, all of them sound, and none of the generator's corners left out. */
import { expect, test } from 'vitest';
import { type Campaign, playHistories, tellFailure } from './histories.ts';

/** What people and platforms do in every model of a workbook online: a generator that never gets there proves nothing. */
export const onlineCorners = [
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

/** More than anything else waits for: thousands of histories on a busy machine. */
const timeLimitMs = 600_000;

/** `corners`: what must have been met at least once. */
export function testHistories(campaign: Campaign, corners: readonly string[]): void {
  const title = `${campaign.histories} histories hold I1 to I16, repeat exactly and meet everything interesting`;
  const run = async (): Promise<void> => {
    const result = await playHistories(campaign);
    expect(result.failure === null ? '' : tellFailure(result.failure)).toBe('');
    expect(result.unrepeatable).toBe(0);
    expect(corners.filter((name) => !result.counters.has(name))).toEqual([]);
  };
  test(title, run, timeLimitMs);
}
