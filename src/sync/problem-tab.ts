/** The tab that lists problems, between the store and the grid: answers in, lines out. */
import type { Operation, Pulled } from '../../connectors/connector.ts';
import type { Locale } from '../messages/catalogue.ts';
import { catalogue, say } from '../messages/index.ts';
import type { Binding } from '../model/binding.ts';
import type { CellInput, DateCell } from '../model/cell.ts';
import type { Problem, ProblemAnswer } from '../model/change.ts';
import type { RecordId } from '../model/record.ts';
import { wallOf } from '../model/wall-clock.ts';
import type { Clock } from '../ports.ts';
import type { Lease, Store } from '../store.ts';
import { isTabGuard, problemPlace, problemsTable } from './problems.ts';
import {
  type ProblemColumn,
  type ProblemLine,
  problemColumns,
  projectProblems,
  readAnswers,
  readProblemTab,
} from './projection.ts';

export interface ProblemTabInput {
  readonly store: Store;
  readonly clock: Clock;
  readonly locale: Locale;
  readonly timeZone: string;
  readonly workbook: string;
  readonly tab: string;
  /** Every binding of the workspace, to name tickets and fields. */
  readonly bindings: readonly Binding[];
}

const labels = Object.fromEntries(
  problemColumns.map((column) => {
    const text = catalogue[`problems.${column}`]!;
    return [column, [text['zh-CN'], text.en]];
  }),
) as unknown as Readonly<Record<ProblemColumn, readonly string[]>>;

const answerWords: readonly ProblemAnswer[] = ['use-mine', 'use-system', 'restore', 'ignore'];

/** An answer as people pick or type it, in either language; null when it is none. */
export function understandAnswer(text: string): ProblemAnswer | null {
  const word = text.normalize('NFKC').trim().toLowerCase();
  return (
    answerWords.find((answer) =>
      Object.values(catalogue[`answer.${answer}`]!).some((each) => each.toLowerCase() === word),
    ) ?? null
  );
}

/** The number people see for a problem. */
export function problemNumber(problem: Pick<Problem, 'id'>): string {
  return `P-${problem.id}`;
}

/** Notes the answers standing in the tab; returns how many were new. */
export async function takeAnswers(input: ProblemTabInput, lease: Lease, pulled: Pulled): Promise<number> {
  const grid = pulled.grids.get(input.tab);
  const shape = grid === undefined ? null : readProblemTab(grid, labels);
  if (grid === undefined || shape === null) return 0;
  const given = readAnswers(grid, shape, understandAnswer).filter((each) => each.answer !== null);
  if (given.length === 0) return 0;
  const open = new Map((await input.store.loadProblems()).map((problem) => [problemNumber(problem), problem]));
  let taken = 0;
  for (const { number, answer } of given) {
    const problem = open.get(number);
    if (problem === undefined || problem.state !== 'open' || answer === null || problem.answer === answer) continue;
    taken += 1;
    const now = input.clock.now();
    await input.store.transaction(lease, async (tx) => {
      // What a rule holds is dropped by who holds it, and may be held again another time.
      if (answer === 'ignore' && (problem.kind !== 'guard' || isTabGuard(problem))) {
        await tx.closeProblems([problem.key], 'dismissed', now);
        const binding = input.bindings.find((each) => each.id === problem.binding);
        if (binding !== undefined && problem.recordId !== null) await tx.markDirty(binding.table, [problem.recordId]);
        await tx.markDirty(problemsTable, [0]);
      } else {
        await tx.answerProblem(problem.key, answer);
        // An answer to a problem without a record still has to wake the binding it belongs to.
        const binding = input.bindings.find((each) => each.id === problem.binding);
        if (binding !== undefined && problem.recordId === null) await tx.markDirty(binding.table, [0]);
      }
    });
  }
  return taken;
}

/** The writes that bring the tab up to date; null when the tab has no usable header. */
export async function drawProblems(input: ProblemTabInput, pulled: Pulled): Promise<readonly Operation[] | null> {
  const grid = pulled.grids.get(input.tab);
  const shape = grid === undefined ? null : readProblemTab(grid, labels);
  if (grid === undefined || shape === null) return null;
  const open = (await input.store.loadProblems()).filter((problem) => problem.state === 'open');
  const numbers = await ticketNumbers(input, open);
  const unknown = new Map(
    readAnswers(grid, shape, understandAnswer).flatMap((each) =>
      each.answer === null ? [[each.number, each.text]] : [],
    ),
  );
  const lines = open.map((problem) => lineOf(input, problem, numbers, unknown.get(problemNumber(problem))));
  return projectProblems(grid, input.tab, shape, lines, understandAnswer);
}

function lineOf(
  input: ProblemTabInput,
  problem: Problem,
  numbers: ReadonlyMap<string, string>,
  unknownAnswer: string | undefined,
): ProblemLine {
  const { locale } = input;
  const place = problemPlace(problem);
  const binding = input.bindings.find((each) => each.id === problem.binding);
  const field = binding?.columns.find((column) => column.field.key === problem.field)?.field;
  const message = say(locale, problem.message, problem.params);
  const since: DateCell = {
    kind: 'date',
    wallMs: Math.floor(wallOf(Date.parse(problem.firstSeenAt), input.timeZone) / 1000) * 1000,
    hasTime: true,
  };
  const blank = (text: string | null): CellInput => (text === null || text === '' ? null : text);
  return {
    number: problemNumber(problem),
    cells: {
      kind: say(locale, `kind.${problem.kind}`),
      workbook: place.workbook,
      // What is about a whole workbook stands in no tab; an empty text is nothing every platform can hold.
      place: blank(place.cell === null ? place.tab : `${place.tab}!${place.cell}`),
      ticket: blank(numbers.get(`${problem.binding}|${problem.recordId}`) ?? null),
      field: blank(field === undefined ? problem.field : field.label[locale]),
      typed: blank(problem.typed),
      current: blank(problem.current),
      message:
        unknownAnswer === undefined ? message : say(locale, 'problem.unknown-answer', { message, text: unknownAnswer }),
      since,
    },
  };
}

async function ticketNumbers(input: ProblemTabInput, open: readonly Problem[]): Promise<Map<string, string>> {
  const numbers = new Map<string, string>();
  for (const table of new Set(input.bindings.map((binding) => binding.table))) {
    const of = open.filter(
      (problem) =>
        problem.recordId !== null && input.bindings.some((each) => each.id === problem.binding && each.table === table),
    );
    if (of.length === 0) continue;
    const ids: RecordId[] = [...new Set(of.map((problem) => problem.recordId!))];
    const records = await input.store.loadRecords(table, ids);
    for (const problem of of) {
      const number = records.get(problem.recordId!)?.number;
      if (number !== undefined) numbers.set(`${problem.binding}|${problem.recordId}`, number);
    }
  }
  return numbers;
}
