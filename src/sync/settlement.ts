/**
 * S2: what became of earlier writes to one tab, before anything in it is believed. A kind with compare-and-set leaves
 * its stamp; where nothing of the kind travels, the cells tell, and what stands where it was not meant for is taken out
 * of what is read.
 */
import type { BindingRow, StrayRow, WriteBatch, WriteIntent } from '../model/binding.ts';
import type { Grid } from '../model/cell.ts';
import type { Problem } from '../model/change.ts';
import type { RecordId } from '../model/record.ts';
import { recalledRow, rememberUnlanded } from './accounting.ts';
import { Appended } from './appended.ts';
import { inertKey } from './problems.ts';
import type { Recollection } from './recollection.ts';
import { putRight, type Repair } from './repair.ts';
import { type DataRow, type InertRow, readRows, rowsAboveHeader } from './rows.ts';
import { type CellSettlement, type Doubted, strayRow } from './settle-cells.ts';
import type { Shape } from './shape.ts';
import type { Turn } from './turn.ts';

export interface Settlement {
  /** Records as they are known now. */
  readonly known: ReadonlyMap<RecordId, BindingRow>;
  /** What is to be believed of the tab. */
  readonly rows: readonly DataRow[];
  readonly grid: Grid;
  readonly owed: ReadonlySet<RecordId>;
  /** Batches that are over. */
  readonly settled: readonly string[];
  /** Batches that are watched further, and those of them that changed. */
  readonly watched: readonly WriteBatch[];
  /** Records whose row may still land, as it then looks: it is not appended again, and rows like it stay out. */
  readonly awaited: ReadonlyMap<RecordId, BindingRow>;
  readonly repairs: readonly Repair[];
  /** Fields, by row, that are read as empty because nothing tells what stood there before something of ours did. */
  readonly guessed: ReadonlyMap<number, ReadonlySet<string>>;
  readonly doubted: readonly Doubted[];
  /** Records in whose row another number of ours stands. */
  readonly displaced: ReadonlySet<RecordId>;
  /** Highest stamp known to have stood in the workbook. */
  readonly seen: number;
  readonly lookAgainAt: string | null;
}

/** Null while it is too early to tell. */
export function settleTab(
  turn: Turn,
  rows: readonly DataRow[],
  grid: Grid,
  shape: Shape,
  open: readonly Problem[],
): Settlement | null {
  return turn.in.idFirst ? settleByCells(turn, rows, grid, shape, open) : settleByStamp(turn, rows, grid, shape);
}

/** What is known of the tab beside the records: copies that were told of, writes that are not settled. */
export function recollect(
  { in: { binding, state, idFirst } }: Turn,
  known: ReadonlyMap<RecordId, BindingRow>,
  shape: Shape,
  grid: Grid,
  open: readonly Problem[],
  repairs: readonly Repair[] = [],
): Recollection {
  const copies = new Set(open.filter((problem) => problem.kind === 'duplicate-id').map((problem) => problem.key));
  // A stamp has told by now what became of every write; only where cells must tell is anything still open.
  const unsettled = idFirst ? state.batches.filter((batch) => batch.state !== 'planned') : [];
  const sent = unsettled.flatMap((batch) => batch.intents);
  const sentTo = new Map<RecordId, WriteIntent[]>();
  for (const intent of sent) {
    const its = sentTo.get(intent.recordId);
    if (its === undefined) sentTo.set(intent.recordId, [intent]);
    else its.push(intent);
  }
  const places = new Map(shape.columns.map(({ column }, place) => [column.field.key, place]));
  const unsure = new Set(sent.flatMap(({ recordId, field, row }) => (field === null && row >= 0 ? [recordId] : [])));
  const justSent = unsettled.filter((batch) => batch.state === 'sent').flatMap((batch) => batch.intents);
  const numbered = new Set(justSent.flatMap(({ recordId, field }) => (field === null ? [recordId] : [])));
  const appended = new Appended(sent, grid, shape);
  return {
    isKnownCopy: (row) => copies.has(inertKey(binding.id, { row, reason: 'copy' })),
    recall: (row, at) => appended.asItStands(row, at) ?? recalledRow(known.get(row.recordId) ?? row, shape, at),
    doubtsHidden: idFirst,
    wasNumbered: (recordId) => numbered.has(recordId),
    // Once it was seen in its row, one that may still land elsewhere takes nothing from that.
    isUnsure: (recordId) => unsure.has(recordId) && known.get(recordId)?.state !== 'live',
    expect: (row, at) => {
      let cells = row.cells;
      for (const { field, newRaw } of sentTo.get(row.recordId) ?? []) {
        if (field === null || at.raws[places.get(field) ?? -1] !== newRaw) continue;
        const base = cells[field];
        if (base !== undefined && base.raw !== newRaw) cells = { ...cells, [field]: { ...base, raw: newRaw } };
      }
      return cells === row.cells ? row : { ...row, cells };
    },
    apartFromSent: (row, at) => {
      const sentHere = sent.filter(
        (intent) => intent.row === at.row && at.raws[places.get(intent.field ?? '') ?? -1] === intent.newRaw,
      );
      const fields = new Set(sentHere.map(({ field }) => field));
      const cells = Object.entries(row.cells).filter(([field]) => !fields.has(field));
      return { ...row, cells: Object.fromEntries(cells) };
    },
    appendedFor: (row) => appended.recordOf(row),
    wasHit: ({ row }) => repairs.some(({ intent }) => intent.field === null && intent.row === row),
    mayHaveMovedUp: () => {
      const contents = new Set(readRows(grid, shape).map((row) => contentOf(strayRow(row, shape), shape)));
      return unsettled.some(({ strays = [] }) => strays.some((stray) => !contents.has(contentOf(stray, shape))));
    },
  };
}

/** What a row holds, whatever its number. */
function contentOf({ cells }: StrayRow, shape: Shape): string {
  return shape.columns.map(({ column }) => cells[column.field.key] ?? '').join('\u0000');
}

function settleByStamp(turn: Turn, rows: readonly DataRow[], grid: Grid, shape: Shape): Settlement {
  const { parts, state, keepsGeneration } = turn.in;
  const known = new Map(state.rows);
  const owed = new Set<RecordId>();
  let seen = state.seenGeneration;
  const settled = parts.settleBatches(state, turn.stamp, rows, shape);
  for (const { batch, landed } of settled) {
    for (const intent of batch.intents) owed.add(intent.recordId);
    const moved = landed
      ? parts.confirmIntents(known, batch, keepsGeneration, (intent) => intent.row)
      : keepsGeneration
        ? rememberUnlanded(known, batch)
        : [];
    for (const row of moved) known.set(row.recordId, row);
    if (landed) seen = Math.max(seen, batch.generation);
  }
  return { ...nothingOpen(turn, rows, grid), known, owed, settled: settled.map(({ batch }) => batch.id), seen };
}

function settleByCells(
  turn: Turn,
  rows: readonly DataRow[],
  grid: Grid,
  shape: Shape,
  problems: readonly Problem[],
): Settlement | null {
  const { parts, state } = turn.in;
  if (state.batches.length === 0) return nothingOpen(turn, rows, grid);
  const known = withAwaited(state);
  const recollection = recollect(turn, known, shape, grid, problems);
  const { pairs, inert, frozen } = parts.matchRows(rows, shape, { ...state, rows: known }, recollection);
  const result: CellSettlement = parts.settleCells({
    batches: state.batches,
    known: state.rows,
    pairs,
    resembled: resembledRecords(inert),
    frozen: new Set([...frozen.values()].flat()),
    rows: [...rowsAboveHeader(grid, shape), ...rows],
    grid,
    shape,
    now: turn.now,
    staleMs: turn.in.staleMs,
    answersProve: turn.in.answersProve,
  });
  if (result.waits) return null;
  const settledRows = new Map(state.rows);
  for (const row of result.moved) settledRows.set(row.recordId, row);
  const { settled, watched, owed, landing, doubted, displaced, lookAgainAt } = result;
  const awaited = new Map([...landing].flatMap((id) => (known.has(id) ? [[id, known.get(id)!] as const] : [])));
  const right = putRight(turn, rows, grid, shape, result.strays);
  const guessed = new Map<number, Set<string>>();
  for (const { row, field, isGuess } of result.strays) {
    if (isGuess && field !== null) guessed.set(row.row, (guessed.get(row.row) ?? new Set()).add(field));
  }
  return {
    known: settledRows,
    ...right,
    guessed,
    owed,
    settled,
    watched,
    awaited,
    doubted,
    displaced,
    seen: state.seenGeneration,
    lookAgainAt,
  };
}

/** Records whose row may just have been appended, as it then looks: its number may be gone from it already. */
function withAwaited({ rows, batches }: Turn['in']['state']): ReadonlyMap<RecordId, BindingRow> {
  const known = new Map(rows);
  for (const batch of batches) {
    for (const { recordId, row, field, newRaw: raw, val } of batch.state === 'planned' ? [] : batch.intents) {
      const of = known.get(recordId);
      if (row >= 0 || field === null || of === undefined || rows.get(recordId)?.state !== 'append') continue;
      known.set(recordId, { ...of, state: 'live', cells: { ...of.cells, [field]: { raw, val, gen: of.bornGen } } });
    }
  }
  return known;
}

/** Records some row that stayed out may be. */
export function resembledRecords(inert: readonly InertRow[]): Set<RecordId> {
  return new Set(
    inert.flatMap(({ reason, known }) => (reason === 'maybe-ticket' && known !== null ? [known.recordId] : [])),
  );
}

function nothingOpen(turn: Turn, rows: readonly DataRow[], grid: Grid): Settlement {
  return {
    known: turn.in.state.rows,
    rows,
    grid,
    owed: new Set(),
    settled: [],
    watched: [],
    awaited: new Map(),
    repairs: [],
    guessed: new Map(),
    doubted: [],
    displaced: new Set(),
    seen: turn.in.state.seenGeneration,
    lookAgainAt: null,
  };
}
