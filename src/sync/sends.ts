/** Announced writes as operations of one push: a cell each, or a whole row that is appended. */
import type { Operation } from '../../connectors/connector.ts';
import type { RecordId } from '../model/record.ts';
import type { TabResult } from './apply.ts';
import type { PlannedWrite } from './writes.ts';

/** One operation and the announced cells it carries. */
export interface Send {
  readonly result: TabResult;
  readonly operation: Operation;
  readonly writes: readonly PlannedWrite[];
  /** Cells that get content, for the count. */
  readonly cells: number;
}

export function groupSends(result: TabResult): Send[] {
  const tab = result.report.tab;
  const sends: Send[] = [];
  const appends = new Map<RecordId, PlannedWrite[]>();
  for (const write of result.writes) {
    const { intent, value } = write;
    if (intent.row >= 0) {
      const operation: Operation = { kind: 'cell', tab, row: intent.row, column: intent.column, value };
      sends.push({ result, operation, writes: [write], cells: 1 });
      continue;
    }
    const together = appends.get(intent.recordId);
    if (together === undefined) appends.set(intent.recordId, [write]);
    else together.push(write);
  }
  for (const writes of appends.values()) {
    const cells = writes.flatMap(({ intent, value }) => (value === null ? [] : [{ column: intent.column, value }]));
    sends.push({ result, operation: { kind: 'append', tab, cells }, writes, cells: cells.length });
  }
  return sends;
}
