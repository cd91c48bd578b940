/** The pure functions a run is made of, in one object, so that a test can plant a fault in one of them and see it caught. */
import { confirmIntents, rewindRow } from './accounting.ts';
import { detectEdits } from './detect.ts';
import { guard } from './guard.ts';
import { matchRows } from './match.ts';
import { judgeMissing } from './missing.ts';
import { reconcileNewRow, reconcileRow } from './reconcile.ts';
import { settleBatches } from './settle.ts';
import { settleCells } from './settle-cells.ts';
import { readShape } from './shape.ts';
import { planAppend, planRowWrites } from './writes.ts';

export const syncParts = {
  readShape,
  settleBatches,
  settleCells,
  rewindRow,
  matchRows,
  detectEdits,
  guard,
  reconcileRow,
  reconcileNewRow,
  judgeMissing,
  planRowWrites,
  planAppend,
  confirmIntents,
};

export type SyncParts = typeof syncParts;
