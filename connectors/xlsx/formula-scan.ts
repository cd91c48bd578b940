/** The formula cells of a sheet part, found without reading the cells between them. */
import type { CellRange } from '../../src/model/cell.ts';
import { parseCell, parseRange } from './a1.ts';
import type { SheetPart } from './sheet-splice.ts';
import { bufferOf, decodeText, isBlank, tagEndAt, XmlCursor } from './xml.ts';

const LOWER_F = 0x66;
const LT = 0x3c;

/**
 * - `normal`: stands for itself
 * - `shared`: the one with `range` carries the text, the others of the same `group` repeat it, moved
 * - `array`, `dataTable`: fills `range`
 */
export interface FormulaCell {
  readonly row: number;
  readonly column: number;
  /** Where the cell's tag begins. */
  readonly start: number;
  readonly type: 'normal' | 'shared' | 'array' | 'dataTable';
  /** Empty for a member of a shared formula. */
  readonly text: string;
  readonly range: CellRange | null;
  readonly group: string | null;
}

/** All formula cells, in order. */
export function scanFormulas(sheet: SheetPart): FormulaCell[] {
  return (sheet.plain ? jump(sheet) : null) ?? walk(sheet);
}

/** By the letter of the tag, which is rare among digits; null when a cell without an address was met. */
function jump(sheet: SheetPart): FormulaCell[] | null {
  const { bytes, prefix, rowsEnd } = sheet;
  const formulas: FormulaCell[] = [];
  const before = prefix.length + 1;
  const cursor = new XmlCursor(bytes, 0, rowsEnd);
  for (
    let at = bytes.indexOf(LOWER_F, sheet.dataTagEnd);
    at >= 0 && at < rowsEnd;
    at = bytes.indexOf(LOWER_F, at + 1)
  ) {
    const next = bytes[at + 1];
    if (bytes[at - before] !== LT || !(next === 0x3e || next === 0x2f || isBlank(next))) continue;
    if (before > 1 && bytes.toString('latin1', at - before + 1, at) !== prefix) continue;
    let start = at - before - 1;
    while (start > 0 && bytes[start] !== LT) start--;
    cursor.tagEnd = start;
    cursor.next();
    const place = cursor.opens('c') ? parseCell(cursor.attribute('r') ?? '') : null;
    if (place === null) return null;
    cursor.next();
    formulas.push(formulaAt(cursor, place.row, place.column, start));
  }
  return formulas;
}

function walk(sheet: SheetPart): FormulaCell[] {
  const formulas: FormulaCell[] = [];
  const rows = [...sheet.backwards()].reverse();
  for (const span of rows) {
    for (const cell of sheet.cells(span)) {
      if (cell.formula === null) continue;
      const cursor = new XmlCursor(sheet.bytes, cell.formula.start, cell.formula.end);
      cursor.next();
      formulas.push(formulaAt(cursor, cell.row, cell.column, cell.start));
    }
  }
  return formulas;
}

/** Reads the formula whose opening tag the cursor stands on. */
function formulaAt(cursor: XmlCursor, row: number, column: number, start: number): FormulaCell {
  const t = cursor.attribute('t');
  const type = t === 'shared' || t === 'array' || t === 'dataTable' ? t : 'normal';
  const range = type === 'normal' ? null : parseRange(cursor.attribute('ref') ?? '');
  const group = type === 'shared' ? cursor.attribute('si') : null;
  let text = '';
  if (!cursor.empty) {
    const from = cursor.tagEnd;
    const close = bufferOf(cursor.bytes).indexOf(LT, from);
    // The usual form holds no tags, comments or CDATA.
    if (cursor.bytes[close + 1] === 0x2f) {
      text = decodeText(cursor.bytes, from, close);
      cursor.tagEnd = tagEndAt(cursor.bytes, close, cursor.end);
    } else text = cursor.text();
  }
  return { row, column, start, type, text, range, group };
}
