/** A config tab as a test types it: a header, rows of plain cells, and what came of them in short. */

import { standardContext } from '../../src/config/tabs/index.ts';
import type { ConfigTab, TabContext, TabReading } from '../../src/config/tabs/reading/tab.ts';
import type { CellValue, Grid } from '../../src/model/cell.ts';

export const zh: TabContext = standardContext({
  locale: 'zh-CN',
  timeZone: 'Asia/Shanghai',
  now: '2026-03-10T04:00:00.000Z',
});

export function gridOf(...rows: readonly (readonly CellValue[])[]): Grid {
  return { tab: '配置', rows, merges: [] };
}

/** Each row as `state code@address code@address`. */
export function verdicts(reading: TabReading<unknown>): readonly string[] {
  return reading.rows.map(({ state, notes }) =>
    [state, ...notes.map((note) => `${note.code}@${note.address}`)].join(' '),
  );
}

/** Reads a tab whose header and rows are given. */
export function readRows<Value>(
  tab: ConfigTab<Value>,
  header: readonly CellValue[],
  rows: readonly (readonly CellValue[])[],
  context: TabContext = zh,
): TabReading<Value> {
  return tab.read(gridOf(header, ...rows), context);
}

export function dateCell(day: string, hasTime = false): CellValue {
  return { kind: 'date', wallMs: Date.parse(day.length > 10 ? `${day}Z` : `${day}T00:00:00Z`), hasTime };
}
