/**
 * Carries out the operations of one push, tab by tab: looks at what stands, refuses what must not be touched, then writes
 * in few requests. The one rule: one outcome for each operation, and no outcome better than what is known. A 200 is not
 * proof (writes without a persistent session have been seen answered and dropped): `applied` means accepted, and whoever
 * must be sure reads again.
 *
 * Appended rows are written at the address below the last row in use, which can be sent twice with one effect; only the
 * rows of a table are added by the call for them (`tables.ts`).
 */
import { address, type CellInput } from '../../src/model/cell.ts';
import { AppError, NotFoundError, UncertainError } from '../../src/model/errors.ts';
import type { Operation, Outcome } from '../connector.ts';
import {
  cellsOf,
  formatFor,
  MAX_COLUMNS,
  MAX_ROWS,
  rangePath,
  refusalOf,
  type WireValue,
  wireOf,
} from '../msgraph-api.ts';
import { MsgraphError } from './errors.ts';
import { type CellWrite, gridOf, halvesOf, type Patch, patchesOf } from './patches.ts';
import { readRect, usedPlace } from './reading.ts';
import type { WorkbookSession } from './session.ts';
import { isProtected, lookAt } from './standing.ts';
import { addRows, type Table, tableFor } from './tables.ts';

/** One cell of an operation, and what the cell has now. */
interface Target {
  readonly row: number;
  readonly column: number;
  readonly value: CellInput;
  readonly from: number;
}

/** Rows of one addition to a table. */
const ADD_CELLS = 5_000;

/**
 * One outcome per operation, in order. `tabs`: id by name. Throws only while nothing at all was done.
 */
export async function carryOut(
  session: WorkbookSession,
  tabs: ReadonlyMap<string, string>,
  operations: readonly Operation[],
): Promise<readonly Outcome[]> {
  const writing = new Writing(session, operations);
  for (const tab of new Set(operations.map((operation) => operation.tab))) {
    const id = tabs.get(tab);
    if (id === undefined) writing.rejectTab(tab, 'patch-no-tab');
    else await writing.tab(tab, id);
  }
  return writing.end();
}

class Writing {
  readonly #session: WorkbookSession;
  readonly #operations: readonly Operation[];
  readonly #outcomes = new Map<number, Outcome>();
  /** Where the operation's cells stand, once known. */
  readonly #rows = new Map<number, number>();
  /** Cells of an operation that are still to be written; 0: all of it was accepted. */
  readonly #open = new Map<number, number>();
  /** Operations of which something was written. */
  readonly #begun = new Set<number>();
  #hasWritten = false;
  /** Set when it is better to write nothing more in this push. */
  #isStopped = false;
  /** Why a tab cannot be written now; thrown where nothing else was written. */
  #obstacle: AppError | null = null;

  constructor(session: WorkbookSession, operations: readonly Operation[]) {
    this.#session = session;
    this.#operations = operations;
  }

  /** What is not done and is not known to be refused is `stale`: to be planned anew. */
  end(): readonly Outcome[] {
    if (this.#obstacle !== null && !this.#hasWritten && ![...this.#outcomes.values()].some(isUnknown)) {
      throw this.#obstacle;
    }
    return this.#operations.map((operation, from): Outcome => {
      const known = this.#outcomes.get(from);
      if (known !== undefined) return known;
      if (this.#isDone(from)) {
        return { status: 'applied', row: this.#rows.get(from) ?? (operation.kind === 'cell' ? operation.row : 0) };
      }
      return this.#begun.has(from) ? PARTLY : { status: 'stale' };
    });
  }

  rejectTab(tab: string, code: string): void {
    for (const [from, operation] of this.#operations.entries()) {
      if (operation.tab !== tab || this.#outcomes.has(from) || this.#isDone(from)) continue;
      const params = { tab, cell: operation.kind === 'cell' ? address(operation.row, operation.column) : '' };
      this.#outcomes.set(from, this.#begun.has(from) ? PARTLY : { status: 'rejected', code, params });
    }
  }

  #isDone(from: number): boolean {
    return this.#begun.has(from) && this.#open.get(from) === 0;
  }

  #wrote(from: number, cells: number): void {
    this.#hasWritten = true;
    this.#begun.add(from);
    this.#open.set(from, Math.max(0, (this.#open.get(from) ?? 0) - cells));
  }

  async tab(tab: string, id: string): Promise<void> {
    if (this.#isStopped) return;
    try {
      const sound = this.#checked(tab);
      const appends = sound.filter((from) => this.#operations[from]?.kind === 'append');
      const targets = sound.flatMap((from): Target[] => {
        const operation = this.#operations[from] as Operation;
        return operation.kind === 'cell' ? [{ ...operation, from }] : [];
      });
      const columns = [...new Set(appends.flatMap((from) => this.#cellsOf(from).map(({ column }) => column)))];
      const table = appends.length === 0 ? null : await tableFor(this.#session, id, columns);
      if (appends.length > 0 && table === null) targets.push(...(await this.#placed(tab, id, appends, targets)));
      await this.#write(tab, id, targets);
      if (table !== null) await this.#add(tab, id, table, appends);
    } catch (error) {
      await this.#failed(tab, id, error);
    }
  }

  #cellsOf(from: number): readonly { readonly column: number; readonly value: CellInput }[] {
    const operation = this.#operations[from] as Operation;
    return operation.kind === 'cell' ? [operation] : operation.cells;
  }

  /** Operations of the tab whose values can be written at all; the others get their outcome. */
  #checked(tab: string): number[] {
    const sound: number[] = [];
    for (const [from, operation] of this.#operations.entries()) {
      if (operation.tab !== tab) continue;
      const row = operation.kind === 'cell' ? operation.row : 0;
      const faults = this.#cellsOf(from).flatMap(({ column, value }) => {
        const cell = operation.kind === 'cell' ? address(row, column) : '';
        if (row >= MAX_ROWS || column >= MAX_COLUMNS) return [{ code: 'patch-outside', params: { tab, cell } }];
        const refusal = refusalOf(value);
        return refusal === null ? [] : [{ code: refusal.code, params: { tab, cell, ...refusal.params } }];
      });
      if (faults[0] === undefined) {
        sound.push(from);
        this.#open.set(from, this.#cellsOf(from).length);
      } else this.#outcomes.set(from, { status: 'rejected', ...faults[0] });
    }
    return sound;
  }

  /** Appended rows with their places below everything that is in use, or will be. */
  async #placed(tab: string, id: string, appends: readonly number[], targets: readonly Target[]): Promise<Target[]> {
    const used = await usedPlace(this.#session, id);
    const isOneCell = used.row === 0 && used.column === 0 && used.rows === 1 && used.columns === 1;
    const isEmpty = isOneCell && (await readRect(this.#session, id, used)).flatMap(cellsOf).flat().length === 0;
    let next = isEmpty ? 0 : used.row + used.rows;
    for (const { row, value } of targets) if (value !== null) next = Math.max(next, row + 1);
    return appends.flatMap((from): Target[] => {
      if (next >= MAX_ROWS) {
        this.#outcomes.set(from, { status: 'rejected', code: 'patch-full', params: { tab } });
        return [];
      }
      const row = next++;
      this.#rows.set(from, row);
      return this.#cellsOf(from).map(({ column, value }) => ({ row, column, value, from }));
    });
  }

  /** Looks at what stands, then sends formats where one is needed, then values. */
  async #write(tab: string, id: string, targets: readonly Target[]): Promise<void> {
    const formats: CellWrite[] = [];
    const values: CellWrite[] = [];
    const formulas = new Set<number>();
    // The row above a new one shows how its cells are formatted.
    const firstNew = targets.reduce(
      (least, { row, from }) => (this.#rows.has(from) ? Math.min(least, row) : least),
      MAX_ROWS,
    );
    const above = targets.flatMap(({ row, column }) => (row === firstNew && row > 0 ? [{ row: row - 1, column }] : []));
    const stands = await lookAt(this.#session, id, [...targets, ...above]);
    for (const { row, column, value, from } of targets) {
      const { isFormula, format } = stands(row, column);
      if (isFormula) {
        formulas.add(from);
        const params = { tab, cell: address(row, column) };
        this.#outcomes.set(from, { status: 'rejected', code: 'patch-formula', params });
        continue;
      }
      const like = this.#rows.has(from) && firstNew > 0 ? stands(firstNew - 1, column).format : null;
      const wanted = formatFor(value, format, like);
      if (wanted !== null) formats.push({ row, column, from, wire: wanted });
      values.push({ row, column, from, wire: wireOf(value, wanted ?? format) });
    }
    for (const [member, writes] of [
      ['numberFormat', formats],
      ['values', values],
    ] as const) {
      const kept = writes.filter(({ from }) => !formulas.has(from));
      for (const patch of patchesOf(kept)) await this.#send(tab, id, member, patch);
    }
  }

  /** One request, or its halves where it is too much or one of its cells is refused. */
  async #send(tab: string, id: string, member: 'numberFormat' | 'values', patch: Patch): Promise<void> {
    const alive = patch.writes.filter(({ from }) => this.#outcomes.get(from)?.status !== 'rejected');
    if (alive.length === 0) return;
    try {
      await this.#session.call({
        method: 'PATCH',
        path: `${rangePath(id, patch.rect)}?$select=address`,
        body: { [member]: gridOf({ ...patch, writes: alive }) },
        isRepeatable: true,
      });
      for (const { from } of member === 'values' ? alive : []) this.#wrote(from, 1);
      this.#hasWritten = true;
    } catch (error) {
      if (error instanceof UncertainError) this.#lost(new Set(alive.map(({ from }) => from)), error.code);
      if (!isAboutCells(error)) throw error;
      const halves = halvesOf(patch);
      if (halves !== null) {
        for (const half of halves) await this.#send(tab, id, member, half);
        return;
      }
      for (const { row, column, from } of patch.writes) {
        const params = { tab, cell: address(row, column), reason: codeOf(error) };
        const code = 'msgraph-cell-refused';
        this.#outcomes.set(from, this.#begun.has(from) ? PARTLY : { status: 'rejected', code, params });
      }
    }
  }

  /** Adds rows to a table, and then sets right what its columns' formats made of values. */
  async #add(tab: string, id: string, table: Table, appends: readonly number[]): Promise<void> {
    const { column: left, columns: width } = table.place;
    const size = Math.max(1, Math.floor(ADD_CELLS / width));
    let end = table.end;
    for (let at = 0; at < appends.length; at += size) {
      const part = appends.slice(at, at + size);
      const values = part.map((from) => {
        const row = new Array<WireValue>(width).fill(null);
        for (const { column, value } of this.#cellsOf(from)) {
          if (value !== null) row[column - left] = wireOf(value, 'General');
        }
        return row;
      });
      const landed = await addRows(this.#session, id, { ...table, end }, values);
      if (landed === null) {
        this.#lost(part, 'the reply to an addition is missing');
        return;
      }
      for (const [n, from] of part.entries()) {
        this.#rows.set(from, landed + n);
        this.#wrote(from, this.#cellsOf(from).length);
      }
      await this.#reformat(tab, id, landed, part);
      end += part.length;
    }
  }

  async #reformat(tab: string, id: string, first: number, part: readonly number[]): Promise<void> {
    const targets = part.flatMap((from, n): Target[] =>
      this.#cellsOf(from)
        .filter(({ value }) => value !== null)
        .map(({ column, value }) => ({ row: first + n, column, value, from })),
    );
    const stands = await lookAt(this.#session, id, targets);
    const wrong = targets.filter(({ row, column, value }) => {
      const { isFormula, format, value: found } = stands(row, column);
      const isAltered = typeof value === 'string' && found !== value;
      return !isFormula && (isAltered || formatFor(value, format, null) !== null);
    });
    if (wrong.length > 0) await this.#write(tab, id, wrong);
  }

  /** Sent, and no reply: nothing more is sent in this push. */
  #lost(operations: Iterable<number>, reason: string): void {
    this.#isStopped = true;
    for (const from of operations) this.#outcomes.set(from, { status: 'unknown', reason });
  }

  /** What a failure means for the operations of this tab, and for the push. */
  async #failed(tab: string, id: string, error: unknown): Promise<void> {
    if (!(error instanceof AppError)) throw error;
    if (error instanceof NotFoundError) this.rejectTab(tab, 'patch-no-tab');
    else if (error.code === 'msgraph-no-room') this.rejectTab(tab, error.code);
    else if (error.code === 'msgraph-no-access' && (await isProtected(this.#session, id))) {
      this.rejectTab(tab, 'msgraph-tab-protected');
    } else if (!(error instanceof UncertainError)) {
      this.#obstacle ??= error;
      // A filter is in the way of its own tab only.
      this.#isStopped ||= error.code !== 'msgraph-filtered';
    }
  }
}

/** Some of its cells were accepted, the others were not sent. */
const PARTLY: Outcome = { status: 'unknown', reason: 'only a part was written', answered: true };

const isUnknown = ({ status }: Outcome): boolean => status === 'unknown';

/** Refused because of what is in the request, so that a smaller one tells more. */
const isAboutCells = (error: unknown): boolean =>
  error instanceof MsgraphError && (error.code === 'msgraph-too-much' || error.code === 'msgraph-refused');

const codeOf = (error: unknown): string =>
  String((error as { details?: { params?: { code?: unknown } } }).details?.params?.code ?? '');
