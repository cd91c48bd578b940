/**
 * A table of records (多维表格): a write names its record and field, and hits them wherever people have moved them. It proves nothing
 * else: a person's edit of the same cell is overwritten unseen, and an outcome may stay unknown.
 */
import type { OnlineTraits } from './online-model.ts';

export const recordsTraits: OnlineTraits = {
  kind: 'records',
  capabilities: {
    canWrite: true,
    canAppend: true,
    compareAndSet: 'no',
    stableRows: true,
    knowsEditor: false,
    dateTimePrecisionMs: 1,
    maxCellChars: 100_000,
    keepsGeneration: false,
    canPublish: false,
    canLayOut: false,
    canNotify: false,
  },
  countsChanges: true,
  cellsPerRequest: 3,
  namesRows: true,
};
