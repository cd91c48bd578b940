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

export interface PassOptions {
  readonly dryRun?: boolean;
  readonly confirmFirstContact?: boolean;
  /** Waits; handed in where a workbook that is busy for a moment shall be tried again. */
  readonly wait?: (ms: number) => Promise<void>;
}

/** What one workbook took may be owed to another, and what that answers to the first. */
const MAX_ROUNDS = 4;
/** A workbook that is being saved, or in the hands of another process, is free again within moments. */
const SHORT_WAIT_MS = 2_000;
const MAX_WAITS = 5;

/** Runs every workbook until nothing more is to do right now. */
export async function runPass(app: App, options: PassOptions = {}): Promise<PassResult> {
  const { wait, ...runOptions } = options;
  const cycles = new Map<string, CycleReport>();
  const planned: PlannedCell[] = [];
  const busy = new Map<string, number>();
  let waits = wait === undefined ? 0 : MAX_WAITS;
  const isDry = options.dryRun === true;
  if (!isDry) await runAdmins(app);
  for (let round = 1; round <= (isDry ? 1 : MAX_ROUNDS); round++) {
    let changed = 0;
    for (const { key, runner } of app.workbooks) {
      if (round > 1 && !busy.has(key) && (await runner.isQuiet())) continue;
      const result = await runner.run(runOptions);
      planned.push(...result.planned);
      if (result.retryAfterMs === null) busy.delete(key);
      else busy.set(key, result.retryAfterMs);
      for (const report of result.reports) {
        const place = `${report.workbook}/${report.tab}`;
        cycles.set(place, summed(cycles.get(place), report));
        changed += report.created + report.applied + report.written;
      }
    }
    // What the rules answer shows in the sheets in the next round.
    if (!isDry && !(await app.automation.isQuiet())) changed += (await app.automation.run(null)).changed;
    const soon = Math.min(...busy.values());
    if (wait !== undefined && soon <= SHORT_WAIT_MS && waits > 0) {
      waits--;
      round = 1;
      await wait(soon);
    } else if (changed === 0) break;
  }
  return {
    cycles: [...cycles.values()],
    planned,
    retryAfterMs: busy.size === 0 ? null : Math.max(...busy.values()),
  };
}

/** Puts what stands in the config tabs in force, a second time when the first gave rows something new to name. */
async function runAdmins(app: App): Promise<void> {
  for (let round = 0; round < 2; round++) {
    for (const { runner } of app.admins) if (!(await runner.isQuiet())) await runner.run();
  }
  await app.refresh();
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
    // A further look only looks at what moved.
    problems: Math.max(before.problems, now.problems),
    conflicts: before.conflicts + now.conflicts,
  };
}
