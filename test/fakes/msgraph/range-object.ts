/** A range as Graph describes it: where it is and its seven grids. Only grids that were asked for are made. */
import { type Area, areaText, columnsOf, isUnbounded, rowsOf } from './address.ts';
import { type Cell, formulaOf, valueIn, valueTypeOf } from './cell.ts';
import { inR1C1 } from './formula.ts';
import { cellsOf, type RangeNode } from './node.ts';
import { ok, type Reply, type WorkbookCall } from './reply.ts';
import { shown } from './shown.ts';
import type { Tab } from './tab.ts';

type Give = (cell: Cell, row: number, column: number) => unknown;

const GRIDS: Readonly<Record<string, Give>> = {
  formulas: formulaOf,
  formulasLocal: formulaOf,
  formulasR1C1: (cell, row, column) => (cell.formula === null ? valueIn(cell) : inR1C1(cell.formula, row, column)),
  numberFormat: ({ format }) => format,
  text: shown,
  values: valueIn,
  valueTypes: valueTypeOf,
};

function grid(tab: Tab, area: Area, give: Give): unknown[][] {
  const lines: unknown[][] = [];
  for (let row = area.top; row <= area.bottom; row++) {
    const line: unknown[] = [];
    for (let column = area.left; column <= area.right; column++) line.push(give(tab.cell(row, column), row, column));
    lines.push(line);
  }
  return lines;
}

/** True, false, or null when some are and some are not. */
function common(from: number, to: number, test: (at: number) => boolean): boolean | null {
  const first = test(from);
  for (let at = from + 1; at <= to; at++) if (test(at) !== first) return null;
  return first;
}

/** The members of a range that are selected; grids of unbounded and of too large ranges are null. */
export function rangeObject(
  { tab, area }: RangeNode,
  select: string | null,
  maxCells: number,
): Record<string, unknown> {
  const names = select === null ? null : new Set(select.split(',').map((name) => name.trim()));
  const isWanted = (name: string): boolean => names === null || names.has(name);
  const isOpen = isUnbounded(area);
  const rowHidden = isOpen ? false : common(area.top, area.bottom, (row) => tab.isHiddenRow(row));
  const columnHidden = isOpen ? false : common(area.left, area.right, (column) => tab.hiddenColumns.has(column));
  const plain: Record<string, unknown> = {
    address: tab.addressOf(area),
    addressLocal: tab.addressOf(area),
    cellCount: cellsOf(area) > 2 ** 31 - 1 ? -1 : cellsOf(area),
    columnCount: columnsOf(area),
    columnHidden,
    columnIndex: area.left,
    hidden:
      rowHidden === true || columnHidden === true ? true : rowHidden === null || columnHidden === null ? null : false,
    rowCount: rowsOf(area),
    rowHidden,
    rowIndex: area.top,
  };
  const found: Record<string, unknown> = {
    '@odata.type': '#microsoft.graph.workbookRange',
    '@odata.id': `worksheets('${encodeURIComponent(tab.id)}')/range(address='${areaText(area)}')`,
  };
  for (const [name, value] of Object.entries(plain)) if (isWanted(name)) found[name] = value;
  const hasNone = isOpen || cellsOf(area) > maxCells;
  for (const [name, give] of Object.entries(GRIDS))
    if (isWanted(name)) found[name] = hasNone ? null : grid(tab, area, give);
  return found;
}

export const rangeReply = (node: RangeNode, { query, switches }: WorkbookCall): Reply =>
  ok(rangeObject(node, query.get('$select'), switches.maxCells));

/** The rows of a range that no filter and nobody hides. */
export function visibleView({ tab, area }: RangeNode): Record<string, unknown> {
  const rows = Array.from({ length: rowsOf(area) }, (_, index) => area.top + index).filter(
    (row) => !tab.isHiddenRow(row),
  );
  const of = (give: Give): unknown[][] => rows.flatMap((row) => grid(tab, { ...area, top: row, bottom: row }, give));
  return {
    cellAddresses: rows.map((row) =>
      Array.from({ length: columnsOf(area) }, (_, index) =>
        tab.addressOf({ top: row, bottom: row, left: area.left + index, right: area.left + index }),
      ),
    ),
    columnCount: columnsOf(area),
    rowCount: rows.length,
    index: 0,
    ...Object.fromEntries(Object.entries(GRIDS).map(([name, give]) => [name, of(give)])),
  };
}
