/**
 * A workbook in Excel Online: nothing proves a write, a read may be seconds old and look like any other, a reply of 200 may be followed
 * by nothing, a 504 by rows that landed.
 */
import type { OnlineTraits } from './online-model.ts';

export const graphTraits: OnlineTraits = {
  kind: 'graph',
  capabilities: {
    canWrite: true,
    canAppend: true,
    compareAndSet: 'no',
    stableRows: false,
    knowsEditor: false,
    dateTimePrecisionMs: 1,
    maxCellChars: 32_767,
    keepsGeneration: false,
    canPublish: false,
    canLayOut: false,
    canNotify: false,
  },
  countsChanges: false,
  cellsPerRequest: 2,
  namesRows: false,
};
