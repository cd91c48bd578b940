/**
 * Rows nobody claims become records, each with a claim, so that a second look cannot make them twice (N1, N2). Some
 * thousand rows at a time: while the database takes in what was made of some, the next are read.
 */
import { addRecords, firstContact, tellCreated } from '../edit.ts';
import type { BindingRow } from '../model/binding.ts';
import { address } from '../model/cell.ts';
import type { ProblemDraft } from '../model/change.ts';
import { newRecordValues } from '../model/defaults.ts';
import type { FieldValue } from '../model/field.ts';
import type { KeptRecord } from '../model/record.ts';
import type { LastActor, StoreTransaction } from '../store.ts';
import { incompleteProblem } from './problems.ts';
import type { ReconcileContext } from './reconcile.ts';
import type { DataRow } from './rows.ts';
import type { Shape } from './shape.ts';
import { newRow, type Turn } from './turn.ts';

const rowsAtOnce = 4_000;
const noActors: ReadonlyMap<string, LastActor> = new Map();

/** A record made of a row, and the claim it left. */
export interface Newcomer {
  readonly row: DataRow;
  readonly record: KeptRecord;
  readonly claim: BindingRow;
}

export interface Newcomers {
  readonly made: readonly Newcomer[];
  /** Cells of new rows that could not be read. */
  readonly problems: readonly ProblemDraft[];
  /** Rows that lack something a record must have; nothing was made of them. */
  readonly incomplete: readonly ProblemDraft[];
}

/** Makes the records and saves their claims. */
export async function createFromRows(
  turn: Turn,
  tx: StoreTransaction,
  rows: readonly DataRow[],
  shape: Shape,
  context: ReconcileContext,
): Promise<Newcomers> {
  const { binding, parts } = turn.in;
  const made: Newcomer[] = [];
  const problems: ProblemDraft[] = [];
  const incomplete: ProblemDraft[] = [];
  const origin = turn.in.state.mode === 'new' ? { ...turn.origin, cause: firstContact } : turn.origin;
  const read = newRowReader(turn, shape, context, (problem) => incomplete.push(problem));
  // A held column holds changes; what a new row brought in it is known like the rest.
  const whole = { ...context, heldFields: new Set<string>() };
  for (let from = 0; from < rows.length; from += rowsAtOnce) {
    const complete: CompleteRow[] = [];
    for (const row of rows.slice(from, from + rowsAtOnce)) {
      const values = read(row);
      if (values !== null) complete.push({ row, values });
    }
    const records: KeptRecord[] = [];
    for (const together of byEditor(complete, turn)) {
      const creations = together.map(({ row, values }) => ({
        table: binding.table,
        values,
        place: `${binding.id}!${address(row.row, shape.idColumn)}`,
      }));
      const { actor } = turn.originAt(together[0]!.row.row);
      records.push(...(await addRecords(tx, creations, { ...origin, actor })));
    }
    const claims = records.map((record, index) => {
      const { row } = complete[index]!;
      const unseen = { ...newRow(record, 'claim', turn.readAt), rowHint: row.row };
      const decision = parts.reconcileRow(row, unseen, record, noActors, whole);
      problems.push(...decision.problems);
      const claim = { ...unseen, cells: decision.cells };
      made.push({ row, record, claim });
      return claim;
    });
    await tx.saveRows(binding.id, claims);
  }
  const records = made.map(({ record }) => record);
  await tellCreated(tx, records, origin, binding.id);
  return { made, problems, incomplete };
}

interface CompleteRow {
  readonly row: DataRow;
  readonly values: Readonly<Record<string, FieldValue>>;
}

/** Rows one after the other by the same person, in their order. */
function byEditor(rows: readonly CompleteRow[], turn: Turn): CompleteRow[][] {
  const groups: CompleteRow[][] = [];
  let last: string | null | undefined;
  for (const row of rows) {
    const { name } = turn.originAt(row.row.row).actor;
    if (name === last) groups.at(-1)!.push(row);
    else groups.push([row]);
    last = name;
  }
  return groups;
}

/** Reads a row as the values of a new record: null when it lacks something, which is told. */
function newRowReader(
  turn: Turn,
  shape: Shape,
  context: ReconcileContext,
  lacks: (problem: ProblemDraft) => void,
): (row: DataRow) => CompleteRow['values'] | null {
  const { binding, parts } = turn.in;
  const required = binding.columns.filter(({ field }) => field.required);
  // What the tab shows only with one value, a row in it has.
  const given = Object.entries(binding.filter).flatMap(([key, wanted]) =>
    wanted.length === 1 ? [[key, wanted[0]!] as const] : [],
  );
  const defaults = newRecordValues(binding.table, {}, turn.now.toISOString());
  return (row) => {
    const values = parts.reconcileNewRow(row, context);
    const lacking = required.filter(({ field }) => (values[field.key] ?? null) === null);
    if (lacking.length > 0) {
      const labels = lacking.map(
        (column) => shape.columns.find((at) => at.column === column)?.header ?? column.headers[0]!,
      );
      lacks(incompleteProblem(binding, shape, row, labels));
      return null;
    }
    for (const [key, wanted] of given) values[key] ??= wanted;
    for (const key in defaults) values[key] ??= defaults[key]!;
    return values;
  };
}
