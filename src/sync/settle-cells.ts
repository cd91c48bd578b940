/**
 * Pure: what became of announced writes where no stamp and no compare-and-set tells: cell by cell (W4, W5). A write that
 * shows in the row it was meant for is confirmed. One that does not may stand in another row, because people moved rows
 * between check and write: there it is recognised by what the cell held before, and never taken for an edit.
 */
import type { BindingRow, StrayRow, WriteBatch, WriteIntent } from '../model/binding.ts';
import type { Grid } from '../model/cell.ts';
import type { RecordId } from '../model/record.ts';
import { confirmIntents } from './accounting.ts';
import { Misplaced, type StrayCell, sameContent } from './misplaced.ts';
import { type DataRow, idKey } from './rows.ts';
import type { Shape } from './shape.ts';

/** A write that was never answered may land this long after it was sent (W5). */
export const lateMs = 120_000;

export interface SettleInput {
  readonly batches: readonly WriteBatch[];
  readonly known: ReadonlyMap<RecordId, BindingRow>;
  readonly pairs: ReadonlyMap<RecordId, DataRow>;
  /** Records that a row without a number may be. */
  readonly resembled: ReadonlySet<RecordId>;
  /** Rows of records that stand several times and cannot be told apart. */
  readonly frozen: ReadonlySet<DataRow>;
  readonly rows: readonly DataRow[];
  readonly grid: Grid;
  readonly shape: Shape;
  readonly now: Date;
  /** Reads may be this old: what does not show yet may have landed all the same. 0 where a read tells its age. */
  readonly staleMs: number;
  /** An answer proves that the write landed somewhere. */
  readonly answersProve: boolean;
}

/** A value of ours that stood where it was not meant for, and may as well be what a person typed; or what it may have overwritten. */
export interface Doubted {
  readonly recordId: RecordId | null;
  readonly field: string | null;
  readonly row: number;
  readonly column: number;
  readonly raw: string;
  readonly isOverwritten?: boolean;
}

export interface CellSettlement {
  /** Too early to tell: nothing may be applied or written. */
  readonly waits: boolean;
  /** Rows whose base moved. */
  readonly moved: readonly BindingRow[];
  /** Records of which something remains to be written. */
  readonly owed: ReadonlySet<RecordId>;
  /** Batches that are over. */
  readonly settled: readonly string[];
  /** Batches still watched, as they now stand. */
  readonly watched: readonly WriteBatch[];
  /** Records whose row may still land, or stand there unrecognised: it is not appended again. */
  readonly landing: ReadonlySet<RecordId>;
  /** Cells of ours in rows of nobody, with what stood there. */
  readonly strays: readonly StrayCell[];
  readonly doubted: readonly Doubted[];
  /** Records in whose row another number of ours stands: their own goes back there, whatever became of them. */
  readonly displaced: ReadonlySet<RecordId>;
  /** When a watched batch is over, ISO 8601 in UTC, or null. */
  readonly lookAgainAt: string | null;
}

export function settleCells(input: SettleInput): CellSettlement {
  const { batches, pairs, resembled, shape, now, staleMs } = input;
  const places = new Map(shape.columns.map(({ column }, place) => [column.field.key, place]));
  const known = new Map(input.known);
  const owed = new Set<RecordId>();
  const settled: string[] = [];
  const open: Open[] = [];
  let waits = false;
  const confirm = (batch: WriteBatch, intents: readonly WriteIntent[]): void => {
    const rowOf = (intent: WriteIntent): number => pairs.get(intent.recordId)?.row ?? intent.row;
    for (const row of confirmIntents(known, { generation: batch.generation, intents }, false, rowOf)) {
      known.set(row.recordId, row);
    }
  };

  for (const batch of batches) {
    for (const { recordId } of batch.intents) owed.add(recordId);
    if (batch.state === 'planned') {
      settled.push(batch.id);
      continue;
    }
    const isFirst = batch.state === 'sent';
    const isOver = now.getTime() >= Date.parse(batch.at) + lateMs;
    const landed = batch.intents.filter((intent) => {
      // A row that may be the appended one, changed since, is told of; a second one beside it is not sent (N6).
      if (intent.row < 0 && (pairs.has(intent.recordId) || (isOver && resembled.has(intent.recordId)))) return true;
      // Of several rows with its number the one that shows it is at home, also when it was taken for another's at first.
      const mayBeHome = isFirst || !pairs.has(intent.recordId);
      return mayBeHome && (intent.reply === 'proven' || isHome(intent, input, places));
    });
    confirm(batch, landed);
    for (const row of shiftedAppends(landed, known, input)) known.set(row.recordId, row);
    const missing = batch.intents.filter((intent) => !landed.includes(intent));
    if (isFirst && missing.length > 0 && now.getTime() < Date.parse(batch.at) + staleMs) waits = true;
    // What shows in its row may as well have been typed there, while ours landed where the row stood before.
    const loose = landed.filter(
      (intent) => intent.row >= 0 && intent.reply !== 'proven' && hasMoved(intent, input, places),
    );
    open.push({ batch, missing, loose, home: landed.filter((intent) => intent.reply !== 'proven') });
  }
  if (waits) return waiting(input);

  const misplaced = new Misplaced({
    ...input,
    known,
    places,
    missing: open.flatMap(({ missing }) => missing),
    loose: new Set(open.flatMap(({ loose }) => loose)),
    home: open.flatMap(({ home }) => home),
  });
  for (const [recordId, row] of misplaced.absorbed()) {
    known.set(recordId, row);
    owed.add(recordId);
  }
  for (const recordId of misplaced.displaced) owed.add(recordId);
  const landing = new Set<RecordId>();
  const righted = rightedRows(misplaced.strays, shape);
  const watched: WriteBatch[] = [];
  let lookAgainAt: string | null = null;
  for (const { batch, missing, loose } of open) {
    const overAt = new Date(Date.parse(batch.at) + lateMs);
    // Only a cell that was answered is settled by one look: an append is never sent again before its time is over (N6).
    const mayLand = ({ row, reply }: WriteIntent): boolean => now < overAt && (row < 0 || reply === undefined);
    const pending = [
      ...loose.filter((intent) => misplaced.isAbroad(intent)),
      ...missing.filter((intent) => misplaced.isAbroad(intent) || mayLand(intent)),
    ];
    if (pending.length === 0) {
      settled.push(batch.id);
      continue;
    }
    for (const intent of pending) if (intent.row < 0 && mayLand(intent)) landing.add(intent.recordId);
    watched.push({ ...batch, state: 'watched', intents: pending, strays: remembered(batch.strays ?? [], righted) });
    const at = overAt.toISOString();
    if (now < overAt && (lookAgainAt === null || at < lookAgainAt)) lookAgainAt = at;
  }
  return {
    waits: false,
    moved: [...known.values()].filter((row) => input.known.get(row.recordId) !== row),
    owed,
    settled,
    watched,
    landing,
    strays: misplaced.strays,
    doubted: misplaced.doubted,
    displaced: misplaced.displaced,
    lookAgainAt,
  };
}

/** Rows of nobody as they stood before something of ours came there: until it is put right, that is what they are known by. */
function rightedRows(strays: readonly StrayCell[], shape: Shape): StrayRow[] {
  const rows = new Map<DataRow, StrayRow>();
  for (const { row, field, before } of strays.filter(({ isGuess }) => !isGuess)) {
    const now = rows.get(row) ?? strayRow(row, shape);
    const right = field === null ? { ...now, id: before } : { ...now, cells: { ...now.cells, [field]: before } };
    rows.set(row, right);
  }
  return [...rows.values()];
}

function remembered(strays: readonly StrayRow[], more: readonly StrayRow[]): readonly StrayRow[] {
  const unknown = more.filter((row) => !strays.some((stray) => sameContent(stray, row)));
  return unknown.length === 0 ? strays : [...strays, ...unknown];
}

interface Open {
  readonly batch: WriteBatch;
  /** Neither seen in place nor proven. */
  readonly missing: readonly WriteIntent[];
  /** Seen in place, in a row that has moved since. */
  readonly loose: readonly WriteIntent[];
  /** Seen in place, and not proven. */
  readonly home: readonly WriteIntent[];
}

/**
 * Rows that were appended while somebody moved columns: what stands in them under a wrong header is ours, not typed. The
 * base learns it, and the record's values are written over it.
 */
function shiftedAppends(
  landed: readonly WriteIntent[],
  known: ReadonlyMap<RecordId, BindingRow>,
  { pairs, shape }: SettleInput,
): BindingRow[] {
  const unproven = landed.filter(({ row, reply }) => row < 0 && reply !== 'proven');
  return [...new Set(unproven.map(({ recordId }) => recordId))].flatMap((recordId): BindingRow[] => {
    const row = pairs.get(recordId);
    const of = known.get(recordId);
    if (row === undefined || of === undefined) return [];
    const own = new Set(unproven.filter((intent) => intent.recordId === recordId).map(({ newRaw }) => newRaw));
    const cells = { ...of.cells };
    shape.columns.forEach(({ column }, place) => {
      const raw = row.raws[place]!;
      // A column that came since the row was planned was not meant to hold anything.
      const base = cells[column.field.key] ?? { raw: '', val: '', gen: of.bornGen };
      if (base.raw === raw || !(own.has(raw) || raw === '')) return;
      cells[column.field.key] = { ...base, raw };
    });
    return [{ ...of, cells }];
  });
}

/** The row meant shows what was written; where its number stands on several rows, one of them does. */
function isHome(
  intent: WriteIntent,
  { pairs, rows, known }: SettleInput,
  places: ReadonlyMap<string, number>,
): boolean {
  const paired = pairs.get(intent.recordId);
  const number = known.get(intent.recordId)?.number;
  const candidates = paired === undefined ? rows.filter((row) => row.id !== '' && idKey(row.id) === number) : [paired];
  if (intent.field === null) return paired !== undefined && idKey(paired.id) === intent.newRaw;
  const place = places.get(intent.field);
  return place !== undefined && candidates.some((row) => row.raws[place] === intent.newRaw);
}

/** The cell meant does not stand any more where it was written to. */
function hasMoved(intent: WriteIntent, { pairs, shape }: SettleInput, places: ReadonlyMap<string, number>): boolean {
  const column = intent.field === null ? shape.idColumn : shape.columns[places.get(intent.field) ?? -1]?.index;
  return pairs.get(intent.recordId)?.row !== intent.row || column !== intent.column;
}

function waiting({ batches }: SettleInput): CellSettlement {
  return {
    waits: true,
    moved: [],
    owed: new Set(),
    settled: [],
    watched: batches,
    landing: new Set(),
    strays: [],
    doubted: [],
    displaced: new Set(),
    lookAgainAt: null,
  };
}

/** Rows beside the records, as they stand now, for a batch that is to be sent. */
export function strayRows(rows: readonly DataRow[], pairs: ReadonlyMap<RecordId, DataRow>, shape: Shape): StrayRow[] {
  const paired = new Set(pairs.values());
  return rows.filter((row) => !paired.has(row)).map((row) => strayRow(row, shape));
}

export function strayRow(row: DataRow, shape: Shape): StrayRow {
  const filled = shape.columns.flatMap(({ column }, place) =>
    row.raws[place] === '' ? [] : [[column.field.key, row.raws[place]!] as const],
  );
  return { row: row.row, id: row.id, cells: Object.fromEntries(filled) };
}
