/**
 * Tables of a tab (Excel's own, with a name and a filter button): rows typed below one through the API do not become part
 * of it, so they are added to it. The one rule: an addition is sent once. Where its reply is lost, what stands below the
 * table tells whether it landed; nothing is sent again on a guess.
 */
import { UncertainError } from '../../src/model/errors.ts';
import { PLACE_MEMBERS, placeOf, type Rect, tabPath, type WireRange, type WireValue } from '../msgraph-api.ts';
import { readRect } from './reading.ts';
import type { WorkbookSession } from './session.ts';

export interface Table {
  /** Path below `/workbook`. */
  readonly path: string;
  /** Header and totals included. */
  readonly place: Rect;
  /** The row below its last row of data. */
  readonly end: number;
}

/** The table of a tab that takes rows with these columns, or null where rows stand free. */
export async function tableFor(
  session: WorkbookSession,
  tab: string,
  columns: readonly number[],
): Promise<Table | null> {
  const path = `${tabPath(tab)}/tables?$select=id,showTotals`;
  const { value } = await session.call<{ value?: readonly { id?: string; showTotals?: boolean }[] }>({
    method: 'GET',
    path,
  });
  for (const { id, showTotals } of value ?? []) {
    if (id === undefined) continue;
    const table = `/tables/${encodeURIComponent(id)}`;
    const place = placeOf(
      await session.call<WireRange>({ method: 'GET', path: `${table}/range?$select=${PLACE_MEMBERS}` }),
    );
    if (place === null) continue;
    const isInside = columns.every((column) => column >= place.column && column < place.column + place.columns);
    if (isInside) return { path: table, place, end: place.row + place.rows - (showTotals === true ? 1 : 0) };
  }
  return null;
}

/**
 * Adds rows at the table's end: grids of its whole width, `null` where a cell is to be as the table makes it. Resolves to
 * the row the first one stands in, or null when it is not known whether they landed. Throws what `WorkbookSession.call` throws where nothing was done.
 */
export async function addRows(
  session: WorkbookSession,
  tab: string,
  table: Table,
  values: readonly (readonly WireValue[])[],
): Promise<number | null> {
  try {
    await session.call({ method: 'POST', path: `${table.path}/rows`, body: { index: null, values } });
    return table.end;
  } catch (error) {
    if (!(error instanceof UncertainError)) throw error;
    return (await stand(session, tab, table, values)) ? table.end : null;
  }
}

/** What was to be added stands where it would have been added. */
async function stand(
  session: WorkbookSession,
  tab: string,
  { place, end }: Table,
  values: readonly (readonly WireValue[])[],
): Promise<boolean> {
  const pieces = await readRect(session, tab, { ...place, row: end, rows: values.length });
  const found = pieces.flatMap((piece) => piece.values);
  return values.every((row, r) => row.every((wire, c) => wire === null || found[r]?.[c] === shownAs(wire)));
}

const shownAs = (wire: Exclude<WireValue, null>): unknown =>
  typeof wire === 'string' && wire.startsWith("'") ? wire.slice(1) : wire;
