/** A share of the histories on real .xlsx files, through the real connector: what the file shows is compared at every read. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tellFailure } from './simulator/histories.ts';
import { play } from './simulator/play.ts';
import { folderShelf, RealFile } from './simulator/real-file.ts';
import { tapes } from './simulator/tape.ts';

const HISTORIES = 50;

test(`${HISTORIES} histories on real .xlsx files hold I1 to I16`, async () => {
  let played = 0;
  for (const tape of fc.sample(tapes, { numRuns: HISTORIES, seed: 20_261_011 })) {
    const folder = mkdtempSync(join(tmpdir(), 'rowkeeper-histories-'));
    try {
      const { violations } = await play(tape, {
        file: (workbook, book, nextRow) => new RealFile(folderShelf(folder, workbook), book, nextRow),
      });
      expect(violations.length === 0 ? '' : tellFailure({ tape, violations })).toBe('');
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
    played += 1;
  }
  expect(played).toBe(HISTORIES);
});
