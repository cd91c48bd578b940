/** One pass over all workbooks, as `sync --once` makes it. */
import { z } from 'zod';
import type { App } from '../app.ts';
import type { CycleReport, PlannedCell } from '../sync/run.ts';
import { operation } from './operation.ts';

export interface PassResult {
  /** One per tab; counts are summed over the runs of the pass. */
  readonly cycles: readonly CycleReport[];
  /** Cells a dry run would touch; empty otherwise. */
  readonly planned: readonly PlannedCell[];
  /** Set when a workbook could not be handled now and should be tried again after this time. */
  readonly retryAfterMs: number | null;
}

/** What one workbook took may be owed to another, and what that answers to the first. */
const MAX_ROUNDS = 3;

/** Runs every workbook until nothing more is to do right now. */
export async function runPass(
  app: App,
  options: { readonly dryRun?: boolean; readonly confirmFirstContact?: boolean } = {},
): Promise<PassResult> {
  const cycles = new Map<string, CycleReport>();
  const planned: PlannedCell[] = [];
  let retryAfterMs: number | null = null;
  for (let round = 1; round <= (options.dryRun === true ? 1 : MAX_ROUNDS); round++) {
    let changed = 0;
    for (const { runner } of app.workbooks) {
      if (round > 1 && (await runner.isQuiet())) continue;
      const result = await runner.run(options);
      planned.push(...result.planned);
      if (result.retryAfterMs !== null) retryAfterMs = Math.max(retryAfterMs ?? 0, result.retryAfterMs);
      for (const report of result.reports) {
        const key = `${report.workbook}/${report.tab}`;
        cycles.set(key, summed(cycles.get(key), report));
        changed += report.created + report.applied + report.written;
      }
    }
    if (changed === 0) break;
  }
  return { cycles: [...cycles.values()], planned, retryAfterMs };
}

/** A dry run over all workbooks: what a pass would do, with nothing changed anywhere. */
export const dryRun = operation({
  name: 'dry-run',
  input: z.strictObject({}),
  run: async (app): Promise<PassResult> => await runPass(app, { dryRun: true }),
});

function summed(before: CycleReport | undefined, now: CycleReport): CycleReport {
  if (before === undefined) return now;
  return {
    ...now,
    read: Math.max(before.read, now.read),
    created: before.created + now.created,
    applied: before.applied + now.applied,
    written: before.written + now.written,
    conflicts: before.conflicts + now.conflicts,
  };
}
