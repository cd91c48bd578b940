/**
 * A planned tab against the tab that stands: what is to be written, and what people had typed there. The one rule: a cell is
 * ours when it holds what we wrote last; anything else inside the tab's area was typed, is replaced and told, and what
 * stands outside is left alone.
 */
import { lookParts } from '../../../src/model/cell-looks.ts';
import type { Published } from '../../../src/model/published-tab.ts';
import type { NameNow } from '../../../src/model/tab-names.ts';
import type { Rect } from '../../msgraph-api.ts';
import { announced, isOwn, type WrittenCell } from '../../published/written.ts';
import type { CellWrite } from '../patches.ts';
import { readRect } from '../reading.ts';
import type { WorkbookSession } from '../session.ts';
import type { TabMemory } from './memory.ts';
import { type LaidTab, markOfStored, type Stored, sameStored, standing, typedText } from './plan.ts';

/** What a tab's cells lack. */
export interface Changes {
  readonly values: readonly CellWrite[];
  readonly formats: readonly CellWrite[];
  readonly replaced: readonly Omit<Published['replaced'][number], 'tab'>[];
  /** What is to be remembered while this is carried out, and afterwards. */
  readonly announced: readonly (readonly WrittenCell[])[];
  readonly written: readonly (readonly WrittenCell[])[];
}

const NOTHING: WrittenCell = { mark: '', look: '' };

/** Reads a tab's area and finds what differs there. `id`: null for a tab that is still to be made. */
export async function compareCells(
  session: WorkbookSession,
  id: string | null,
  laid: LaidTab,
  before: TabMemory | null,
  keyed: NameNow,
): Promise<Changes> {
  const { height, width } = areaOf(laid, before);
  const stands = await standingCells(session, id, { row: 0, column: 0, rows: height, columns: width });
  const replaced: Omit<Published['replaced'][number], 'tab'>[] = [];
  const values: CellWrite[] = [];
  const formats: CellWrite[] = [];
  const cells = (row: number): { readonly now: WrittenCell; readonly later: WrittenCell }[] =>
    Array.from({ length: width }, (_, column) => {
      const cell = laid.cell(row, column);
      const isInside = row < laid.height && column < laid.width;
      const last = lastAt(before, row, column);
      const { stored, format } = stands(row, column);
      const from = values.length;
      const wanted = lookParts(cell?.look ?? '').format ?? 'General';
      const isNewLook = (cell?.look ?? '') !== last.look;
      const isText = cell !== null && typeof cell.stored === 'string';
      if ((isNewLook || (format === '@' && !isText)) && wanted !== format) {
        formats.push({ row, column, wire: wanted, from });
      }
      const later = { mark: cell?.isStuck === true ? last.mark : (cell?.mark ?? ''), look: cell?.look ?? '' };
      if (cell?.isStuck === true || sameStored(stored, cell?.stored ?? null)) {
        return { now: announced(last, later.mark, later), later };
      }
      const mark = markOfStored(stored, keyed);
      const isOurs = isOwn(last, mark);
      if (isInside || isOurs) {
        if (stored !== null && !isOurs) replaced.push({ row, column, typed: typedText(stored) });
        values.push({ row, column, wire: cell?.wire ?? '', from });
      }
      return { now: announced(last, mark, later), later };
    });
  const rows = Array.from({ length: height }, (_, row) => cells(row));
  return {
    values,
    formats,
    replaced,
    announced: rows.map((row) => row.map(({ now }) => now)),
    written: rows.slice(0, laid.height).map((row) => row.slice(0, laid.width).map(({ later }) => later)),
  };
}

/** What a tab takes up, or took up when it was written last. */
export function areaOf(laid: LaidTab, before: TabMemory | null): { readonly height: number; readonly width: number } {
  const cells = before?.cells ?? [];
  return {
    height: Math.max(laid.height, cells.length),
    width: cells.reduce((most, row) => Math.max(most, row.length), laid.width),
  };
}

async function standingCells(
  session: WorkbookSession,
  id: string | null,
  rect: Rect,
): Promise<(row: number, column: number) => { readonly stored: Stored; readonly format: string }> {
  const pieces = id === null || rect.rows * rect.columns === 0 ? [] : await readRect(session, id, rect);
  const values = pieces.flatMap((piece) => piece.values);
  const formulas = pieces.flatMap((piece) => piece.formulas);
  const formats = pieces.flatMap((piece) => piece.numberFormat);
  return (row, column) => ({
    stored: standing(values[row]?.[column], formulas[row]?.[column]),
    format: String(formats[row]?.[column] ?? 'General'),
  });
}

/** What was written into a cell last. */
export function lastAt(before: TabMemory | null, row: number, column: number): WrittenCell {
  return before?.cells[row]?.[column] ?? NOTHING;
}
