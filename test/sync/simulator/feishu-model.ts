/**
 * A Feishu sheet: one revision for the whole workbook, counted up by every write of anybody and told in every reply. A reply that is
 * one ahead of what was known proves that nobody wrote in between; anything else says only that the write landed somewhere.
 */
import type { OnlineTraits } from './online-model.ts';

export const feishuTraits: OnlineTraits = {
  kind: 'feishu',
  capabilities: {
    canWrite: true,
    canAppend: true,
    compareAndSet: 'after-the-fact',
    stableRows: false,
    knowsEditor: false,
    dateTimePrecisionMs: 1,
    maxCellChars: 40_000,
    keepsGeneration: false,
    canPublish: false,
    canLayOut: false,
    canNotify: false,
  },
  countsChanges: true,
  cellsPerRequest: 3,
  namesRows: false,
};
