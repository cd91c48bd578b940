/** `rules test`: runs the cases of the 用例 tab with the rules as they stand in the sheets. */
import { z } from 'zod';
import { runCases } from '../config/tab-reading.ts';
import { lookAtSheets } from './config-look.ts';
import { operation } from './operation.ts';

export interface CaseLine {
  readonly workbook: string;
  readonly tab: string;
  /** Row number as the sheet shows it. */
  readonly row: number;
  readonly name: string;
  readonly passed: boolean;
  /** What was expected and what came instead; empty when it passed. */
  readonly reasons: readonly string[];
}

export interface CaseResult {
  readonly cases: readonly CaseLine[];
  readonly passed: number;
  readonly failed: number;
  /** What is wrong with the tab as a whole: then its cases say little. */
  readonly faults: readonly string[];
}

/** Runs every case. Nobody is chosen among several people: that depends on load and turn. Changes nothing. */
export const rulesTest = operation({
  name: 'rules-test',
  input: z.strictObject({}),
  async run(app): Promise<CaseResult> {
    const { tabs, configuration } = await lookAtSheets(app);
    const cases: CaseLine[] = [];
    const faults: string[] = [];
    for (const { workbook, tab, holds, seen } of tabs) {
      if (holds !== 'cases' || seen === null) continue;
      faults.push(...seen.look.faults);
      const rows = runCases(seen.grid, configuration)?.run.rows ?? [];
      for (const { row, name, passed, reasons } of rows)
        cases.push({ workbook, tab, row: row + 1, name, passed, reasons });
    }
    const failed = cases.filter(({ passed }) => !passed).length;
    return { cases, passed: cases.length - failed, failed, faults };
  },
});
