/** Reading and writing ranges: PATCH of their grids, moving, emptying, merging and sorting cells. */
import { type Area, contains, isUnbounded, overlaps, rowsOf } from './address.ts';
import { EMPTY } from './cell.ts';
import { checkShape, type Entry, enter } from './enter.ts';
import { badRequest, invalidArgument, sheetProtected } from './failure.ts';
import { fromR1C1 } from './formula.ts';
import { checkBounded, type RangeNode } from './node.ts';
import { rangeReply } from './range-object.ts';
import { done, type Reply, type WorkbookCall } from './reply.ts';
import type { Tab } from './tab.ts';
import { checkMerge, growAround } from './tables.ts';

/** On a protected tab no cell of the area may be locked, also one that would be left alone (docs issue 4546). */
export function checkUnlocked(tab: Tab, area: Area): void {
  if (tab.protection === null) return;
  if (isUnbounded(area)) throw sheetProtected();
  for (let row = area.top; row <= area.bottom; row++)
    for (let column = area.left; column <= area.right; column++)
      if (tab.cell(row, column).style?.protection?.locked !== false) throw sheetProtected();
}

/** A grid for an area: a lone scalar fills it. */
function gridFor({ area }: RangeNode, given: unknown): readonly (readonly Entry[])[] {
  if (Array.isArray(given)) {
    checkShape(area, given);
    return given;
  }
  const line = Array.from({ length: area.right - area.left + 1 }, () => given as Entry);
  return Array.from({ length: rowsOf(area) }, () => line);
}

export function patchRange(node: RangeNode, call: WorkbookCall): Reply {
  const { workbook, body, now, switches } = call;
  const { tab, area } = node;
  const grids = ['values', 'formulas', 'formulasLocal', 'formulasR1C1', 'numberFormat'].filter(
    (name) => body[name] !== undefined,
  );
  if (grids.length > 0) checkBounded(node);
  if (grids.length > 0 || tab.protection?.allowFormatRows !== true) checkUnlocked(tab, area);
  const order = switches.formatsBeforeValues ? grids.toReversed() : grids;
  for (const name of order) {
    const grid = gridFor(node, body[name]);
    if (name === 'numberFormat') setFormats(node, grid);
    else if (name === 'formulasR1C1')
      enter(
        workbook,
        tab,
        area,
        grid.map((line, r) =>
          line.map((entry, c) => (typeof entry === 'string' ? fromR1C1(entry, area.top + r, area.left + c) : entry)),
        ),
        now,
      );
    else enter(workbook, tab, area, grid, now);
    if (switches.patchGrowsTables && name !== 'numberFormat')
      for (let column = area.left; column <= area.right; column++) growAround(workbook, tab, area.top, column);
  }
  hide(tab, area, 'rowHidden', body.rowHidden, call);
  hide(tab, area, 'columnHidden', body.columnHidden, call);
  return rangeReply(node, call);
}

function setFormats({ tab, area }: RangeNode, grid: readonly (readonly Entry[])[]): void {
  for (const [r, line] of grid.entries())
    for (const [c, format] of line.entries()) {
      if (format === null) continue;
      if (typeof format !== 'string') throw invalidArgument();
      const [row, column] = [area.top + r, area.left + c];
      tab.set(row, column, { ...tab.cell(row, column), format: format === '' ? 'General' : format });
    }
}

function hide(
  tab: Tab,
  area: Area,
  name: 'rowHidden' | 'columnHidden',
  value: unknown,
  { switches }: WorkbookCall,
): void {
  if (typeof value !== 'boolean') return;
  const [from, to] = name === 'rowHidden' ? [area.top, area.bottom] : [area.left, area.right];
  if (to - from > switches.maxCells) throw invalidArgument();
  const hidden = name === 'rowHidden' ? tab.hiddenRows : tab.hiddenColumns;
  for (let at = from; at <= to; at++)
    if (value) hidden.add(at);
    else hidden.delete(at);
}

/** POST on a range. */
export function rangeAction(name: string, node: RangeNode, call: WorkbookCall): Reply {
  const { workbook, body } = call;
  const { tab, area } = node;
  switch (name) {
    case 'clear':
      clear(node, String(body.applyTo ?? 'All'));
      return done;
    case 'insert': {
      const shift = body.shift;
      if (shift !== 'Down' && shift !== 'Right') throw invalidArgument();
      workbook.shift(tab, area, shift);
      return rangeReply(node, call);
    }
    case 'delete': {
      const shift = body.shift;
      if (shift !== 'Up' && shift !== 'Left') throw invalidArgument();
      workbook.shift(tab, area, shift);
      return done;
    }
    case 'merge':
      checkUnlocked(tab, area);
      checkMerge(tab, area);
      merge(tab, area, body.across === true);
      return done;
    case 'unmerge':
      checkUnlocked(tab, area);
      tab.merges = tab.merges.filter((each) => !overlaps(each, area));
      return done;
    default:
      throw badRequest('The action is not documented.');
  }
}

function clear({ tab, area }: RangeNode, applyTo: string): void {
  if (!['All', 'Contents', 'Formats'].includes(applyTo)) throw invalidArgument();
  checkUnlocked(tab, area);
  const found: [number, number][] = [];
  tab.each(area, (_, row, column) => void found.push([row, column]));
  for (const [row, column] of found) {
    const cell = tab.cell(row, column);
    const emptied = { ...cell, content: null, formula: null, isQuoted: false };
    const plain = { ...cell, format: 'General', style: null };
    tab.set(row, column, applyTo === 'Contents' ? emptied : applyTo === 'Formats' ? plain : EMPTY);
  }
  if (applyTo !== 'Contents') tab.merges = tab.merges.filter((each) => !contains(area, each));
}

function merge(tab: Tab, area: Area, across: boolean): void {
  const parts = across
    ? Array.from({ length: rowsOf(area) }, (_, index) => ({ ...area, top: area.top + index, bottom: area.top + index }))
    : [area];
  tab.merges = tab.merges.filter((each) => !overlaps(each, area));
  for (const part of parts) {
    tab.each(part, (cell, row, column) => {
      if (row !== part.top || column !== part.left) tab.set(row, column, { ...cell, content: null, formula: null });
    });
    tab.merges.push(part);
  }
}

/** `sort/apply` on a range or on the body of a table. */
export function sortRange({ tab, area }: RangeNode, { workbook, body }: WorkbookCall, isTable: boolean): Reply {
  const fields = body.fields as readonly Record<string, unknown>[] | undefined;
  if (fields === undefined || fields.length === 0) throw invalidArgument();
  const hasHeaders = !isTable && body.hasHeaders === true;
  const lines = hasHeaders ? { ...area, top: area.top + 1 } : area;
  if (tab.protection !== null && tab.protection.allowSort !== true) throw sheetProtected();
  const keys = fields.map(({ key, ascending }) => ({ key: Number(key ?? 0), ascending: ascending !== false }));
  if (keys.some(({ key }) => key < 0 || key > area.right - area.left)) throw invalidArgument();
  const end = Math.min(lines.bottom, tab.rows.length - 1);
  if (end >= lines.top) workbook.sort(tab, { ...lines, bottom: end }, keys);
  return done;
}
