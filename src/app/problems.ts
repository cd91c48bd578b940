/** `problems`: everything that waits for a person. */
import { z } from 'zod';
import { say } from '../messages/index.ts';
import type { ProblemKind } from '../model/change.ts';
import { problemNumber } from '../sync/problem-tab.ts';
import { problemPlace } from '../sync/problems.ts';
import { operation } from './operation.ts';

export interface ProblemLine {
  /** The number it has in the problems tab. */
  readonly id: string;
  readonly kind: ProblemKind;
  readonly workbook: string;
  readonly tab: string;
  /** A1 address at the last read; null when it concerns the tab. */
  readonly cell: string | null;
  readonly ticket_no: string | null;
  readonly field: string | null;
  readonly typed: string | null;
  readonly current: string | null;
  readonly message: string;
  /** ISO 8601 in UTC. */
  readonly since: string;
}

/** Open problems, oldest first. */
export const problems = operation({
  name: 'problems',
  input: z.strictObject({}),
  async run(app): Promise<readonly ProblemLine[]> {
    const { store } = app.database;
    const open = (await store.loadProblems()).filter((problem) => problem.state === 'open');
    const tables = new Map(app.workbooks.flatMap(({ bindings }) => bindings.map(({ id, table }) => [id, table])));
    const numbers = new Map<string, string>();
    for (const table of new Set(tables.values())) {
      const ids = open.flatMap((each) =>
        each.recordId !== null && tables.get(each.binding) === table ? [each.recordId] : [],
      );
      for (const record of (await store.loadRecords(table, ids)).values())
        numbers.set(`${table}:${record.id}`, record.number);
    }
    return open.map((problem) => {
      const { workbook, tab, cell } = problemPlace(problem);
      return {
        id: problemNumber(problem),
        kind: problem.kind,
        workbook,
        tab,
        cell,
        ticket_no: numbers.get(`${tables.get(problem.binding)}:${problem.recordId}`) ?? null,
        field: problem.field,
        typed: problem.typed,
        current: problem.current,
        message: say(app.settings.locale, problem.message, problem.params),
        since: problem.firstSeenAt,
      };
    });
  },
});
