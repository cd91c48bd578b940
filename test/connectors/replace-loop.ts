/**
 * Another process of ours, for the tests of the file: `count PATH BACKUPS TIMES` adds one to the number in the file that
 * many times, reading again whenever somebody was faster; `die PATH BACKUPS` is killed right before the rename.
 */

import { realDisk } from '../../connectors/xlsx/disk.ts';
import { createWorkbookFile } from '../../connectors/xlsx/file.ts';
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

for (let done = 0; done < Number(times); ) {
  try {
    const from = await file.read();
    const bytes = Buffer.from(String(Number(Buffer.from(from.bytes).toString()) + 1));
    if ((await file.replace({ from, bytes, assertFree: async () => undefined })) !== null) done++;
  } catch (error) {
    if (!(error instanceof RetryableError)) throw error;
  }
}
