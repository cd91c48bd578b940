/**
 * Another process of ours, for the tests of the file: `count PATH BACKUPS TIMES` adds one to the number in the file that
 * many times, reading again whenever somebody was faster; `die PATH BACKUPS` is killed right before the rename;
 * `watch PATH` starts and stops watching, and ends by itself if nothing of that is left.
 */

import { writeFileSync } from 'node:fs';
import { realDisk } from '../../connectors/xlsx/disk.ts';
import { createWorkbookFile } from '../../connectors/xlsx/file.ts';
import { watchWorkbook } from '../../connectors/xlsx/watch.ts';
import { RetryableError } from '../../src/model/errors.ts';

const [work, path = '', backupDir = '', times = '1'] = process.argv.slice(2);
const file = createWorkbookFile({
  path,
  backupDir,
  maxFileBytes: 1_000_000,
  clock: { now: () => new Date() },
  changed: () => undefined,
  disk: {
    ...realDisk,
    rename: async (from, to) => {
      if (work === 'die') process.kill(process.pid, 'SIGKILL');
      await realDisk.rename(from, to);
    },
  },
});

if (work === 'watch') {
  const stop = await watchWorkbook({ disk: realDisk, path, pollMs: 5, settleMs: 3_600_000, notice: () => undefined });
  writeFileSync(path, 'changed');
  await stop();
  await stop();
  process.exitCode = 7;
}

for (let done = work === 'watch' ? 1 : 0; done < Number(times); ) {
  try {
    const from = await file.read();
    const bytes = Buffer.from(String(Number(Buffer.from(from.bytes).toString()) + 1));
    if ((await file.replace({ from, bytes, assertFree: async () => undefined })) !== null) done++;
  } catch (error) {
    if (!(error instanceof RetryableError)) throw error;
  }
}
