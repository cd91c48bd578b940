/**
 * Pure: where the header is and which column holds which field (H1-H8). Columns are found by what their header says,
 * never by position. A column whose header is gone or doubled is detached: not read, not written, and never taken for
 * "all values were cleared".
 */
import type { Binding, BindingColumn, BindingRow, BindingState, ColumnState } from '../model/binding.ts';
import { type CellValue, cellAt, type Grid, rawText, shownText } from '../model/cell.ts';
import { normaliseHeader } from '../model/header.ts';
import { idKey } from './rows.ts';

export interface ShapeColumn {
  readonly column: BindingColumn;
  /** Column in the grid. */
  readonly index: number;
  /** Header text as it stands in the sheet. */
  readonly header: string;
}

export interface Shape {
  readonly headerRow: number;
  readonly idColumn: number;
  /** Attached columns, the hint column included, left to right. */
  readonly columns: readonly ShapeColumn[];
  /** To be remembered, by field key; columns that were never seen are absent. */
  readonly columnStates: Readonly<Record<string, ColumnState>>;
  readonly faults: readonly ShapeFault[];
  /** A header stands twice, and the rows told which one is meant: with other rows they may tell otherwise. */
  readonly isContested: boolean;
}

/** A column that cannot be used, or a name that was learnt. */
export interface ShapeFault {
  readonly kind: 'header-missing' | 'header-doubled' | 'header-renamed';
  readonly field: string;
  /** The header that was expected. */
  readonly header: string;
  /** The header found instead, for a renamed one. */
  readonly now: string;
}

/** The whole tab is left alone, with the reason (a key of the message catalogue). */
export interface Unshaped {
  readonly unshaped: 'no-header' | 'id-header-doubled' | 'merged-header' | 'merged-id';
}

const searchedRows = 20;
const expectedShare = 0.6;
/** Share of known rows whose content must agree before a renamed or doubled header is believed (H4, H6). */
const agreeing = 0.9;
const disagreeing = 0.5;

export function readShape(grid: Grid, binding: Binding, state: BindingState | null): Shape | Unshaped {
  const wanted = binding.hintColumn === null ? binding.columns : [...binding.columns, binding.hintColumn];
  const headerRow = findHeader(grid, binding, wanted, state);
  if (headerRow === null) return { unshaped: 'no-header' };
  if (grid.merges.some((merge) => merge.top <= headerRow && merge.bottom >= headerRow)) {
    return { unshaped: 'merged-header' };
  }
  const headers = headerTexts(grid, headerRow);
  const idNames = new Set(binding.idColumn.headers.map(normaliseHeader));
  const idPlaces = placesOf(headers, idNames);
  if (idPlaces.length > 1) return { unshaped: 'id-header-doubled' };
  const idColumn = idPlaces[0]!;
  if (grid.merges.some((merge) => merge.left <= idColumn && merge.right >= idColumn && merge.bottom > headerRow)) {
    return { unshaped: 'merged-id' };
  }

  const content = new KnownContent(grid, headerRow, idColumn, state);
  const taken = new Set<number>([idColumn]);
  const attached: ShapeColumn[] = [];
  const columnStates: Record<string, ColumnState> = {};
  const faults: ShapeFault[] = [];
  const gone: BindingColumn[] = [];
  let isContested = false;
  for (const column of wanted) {
    const key = column.field.key;
    const before = state?.columns[key];
    const places = ownPlaces(headers, column, before).filter((place) => !taken.has(place));
    isContested ||= places.length > 1;
    const place = places.length > 1 ? content.trueOne(key, places) : places[0];
    if (place === undefined) {
      if (before !== undefined) gone.push(column);
      continue;
    }
    if (place === null) {
      for (const doubled of places) taken.add(doubled);
      const header = before?.header ?? column.headers[0] ?? key;
      faults.push({ kind: 'header-doubled', field: key, header, now: header });
      columnStates[key] = detached(before, header);
      continue;
    }
    // A doubled header's other column is nobody's: it must not be taken for another field.
    for (const doubled of places) taken.add(doubled);
    attached.push({ column, index: place, header: shownText(headers[place]!.raw) });
  }

  const unknown = headers.flatMap((header, place) => (header.key !== '' && !taken.has(place) ? [place] : []));
  for (const column of gone) {
    const key = column.field.key;
    const before = state!.columns[key]!;
    const like = unknown.filter((place) => content.agrees(key, place) >= agreeing);
    if (gone.length === 1 && before.attached && like.length === 1) {
      const place = like[0]!;
      const now = shownText(headers[place]!.raw);
      attached.push({ column, index: place, header: now });
      faults.push({ kind: 'header-renamed', field: key, header: before.header, now });
    } else {
      faults.push({ kind: 'header-missing', field: key, header: before.header, now: '' });
      columnStates[key] = detached(before, before.header);
    }
  }

  attached.sort((a, b) => a.index - b.index);
  for (const { column, index, header } of attached) {
    const before = state?.columns[column.field.key];
    const own = column.headers.some((name) => normaliseHeader(name) === normaliseHeader(header));
    columnStates[column.field.key] = {
      header,
      index,
      attached: true,
      alias: own ? null : header,
      heldBy: before?.heldBy ?? null,
    };
  }
  return { headerRow, idColumn, columns: attached, columnStates, faults, isContested };
}

interface HeaderText {
  readonly raw: string;
  /** Normalised, empty for a blank cell, an error or a formula. */
  readonly key: string;
}

function headerTexts(grid: Grid, row: number): HeaderText[] {
  return (grid.rows[row] ?? []).map((cell: CellValue) => {
    const raw = rawText(cell);
    return { raw, key: raw.charCodeAt(0) === 1 ? '' : normaliseHeader(raw) };
  });
}

function placesOf(headers: readonly HeaderText[], names: ReadonlySet<string>): number[] {
  return headers.flatMap((header, place) => (header.key !== '' && names.has(header.key) ? [place] : []));
}

/** Places whose header names the column: the name it had before counts most, then what the field is called. */
function ownPlaces(headers: readonly HeaderText[], column: BindingColumn, before: ColumnState | undefined): number[] {
  if (before !== undefined) {
    const same = placesOf(headers, new Set([normaliseHeader(before.header)]));
    if (same.length > 0) return same;
  }
  // The preferred names come first: 问题标题 is the title even where another column is headed 问题.
  for (const name of column.headers) {
    const places = placesOf(headers, new Set([normaliseHeader(name)]));
    if (places.length > 0) return places;
  }
  return [];
}

/** H1: among the first rows, the one with the ID header and most of the headers known from before. */
function findHeader(
  grid: Grid,
  binding: Binding,
  wanted: readonly BindingColumn[],
  state: BindingState | null,
): number | null {
  const idNames = new Set(binding.idColumn.headers.map(normaliseHeader));
  const before = Object.values(state?.columns ?? {}).filter((column) => column.attached);
  const known = new Set(before.map((column) => normaliseHeader(column.header)));
  const names = new Set(wanted.flatMap((column) => column.headers.map(normaliseHeader)));
  let best: number | null = null;
  let bestCount = 0;
  for (let row = 0; row < Math.min(searchedRows, grid.rows.length); row += 1) {
    const headers = headerTexts(grid, row);
    if (placesOf(headers, idNames).length === 0) continue;
    const count = headers.filter(
      (header) => header.key !== '' && (known.has(header.key) || names.has(header.key)),
    ).length;
    if (count > bestCount) {
      best = row;
      bestCount = count;
    }
  }
  return bestCount >= Math.max(1, expectedShare * known.size) ? best : null;
}

function detached(before: ColumnState | undefined, header: string): ColumnState {
  return {
    header,
    index: before?.index ?? -1,
    attached: false,
    alias: before?.alias ?? null,
    heldBy: before?.heldBy ?? null,
  };
}

/** Compares columns with what is remembered of the rows whose ID is known. */
class KnownContent {
  readonly #grid: Grid;
  readonly #headerRow: number;
  readonly #idColumn: number;
  readonly #state: BindingState | null;
  #rows: { readonly row: number; readonly known: BindingRow }[] | null = null;

  constructor(grid: Grid, headerRow: number, idColumn: number, state: BindingState | null) {
    this.#grid = grid;
    this.#headerRow = headerRow;
    this.#idColumn = idColumn;
    this.#state = state;
  }

  /**
   * Share of known rows whose cell in this column is what is remembered of the field; 0 when nothing tells. `filled`: rows
   * where there is nothing to compare do not count, however many there are.
   */
  agrees(field: string, column: number, filled = false): number {
    let total = 0;
    let same = 0;
    let telling = false;
    for (const { row, known } of this.#knownRows()) {
      const base = known.cells[field];
      const raw = rawText(cellAt(this.#grid, row, column));
      if (base === undefined || (filled && base.raw === '' && raw === '')) continue;
      total += 1;
      if (raw !== base.raw) continue;
      same += 1;
      if (base.raw !== '') telling = true;
    }
    return telling ? same / total : 0;
  }

  /** H6: of doubled headers the one that holds the field's content, or null. */
  trueOne(field: string, places: readonly number[]): number | null {
    const agreed = places.map((place) => this.agrees(field, place));
    const best = agreed.findIndex((share) => share >= agreeing);
    const others = places.filter((_place, at) => at !== best);
    if (best < 0 || others.some((place) => this.agrees(field, place, true) >= disagreeing)) return null;
    return places[best]!;
  }

  #knownRows(): readonly { readonly row: number; readonly known: BindingRow }[] {
    if (this.#rows !== null) return this.#rows;
    const byNumber = new Map<string, BindingRow>();
    for (const known of this.#state?.rows.values() ?? []) byNumber.set(known.number, known);
    this.#rows = [];
    for (let row = this.#headerRow + 1; row < this.#grid.rows.length; row += 1) {
      const known = byNumber.get(idKey(rawText(cellAt(this.#grid, row, this.#idColumn))));
      if (known !== undefined) this.#rows.push({ row, known });
    }
    return this.#rows;
  }
}
