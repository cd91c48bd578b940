/**
 * Ranges that grow when rows are added below them: tables, filters, validations, conditional formats, ignored errors,
 * print area. Nothing in a file grows by itself; an app extends these only while a person types. A range grows when it
 * ended at the row above the new one.
 */
import type { CellRange } from '../../src/model/cell.ts';
import { columnOf, formatRange, parseRange } from './a1.ts';
import type { SheetPart } from './sheet-splice.ts';
import type { PartEdit } from './splice.ts';
import type { Table } from './tables.ts';
import { bufferOf, decodeText, XmlCursor } from './xml.ts';

/** Rows were added below `from`; the last of them is `to`. `left`..`right`: columns that got values. */
export interface Growth {
  from: number;
  to: number;
  left: number;
  right: number;
  /** The row `from` is a header: what belongs to it alone is not for the rows below. */
  readonly belowHeader: boolean;
}

/** Where a range ends after the growth. */
export function grownBottom(range: CellRange, growths: readonly Growth[]): number {
  let { bottom } = range;
  for (const { from, to } of growths) if (bottom >= from && bottom < to) bottom = to;
  return bottom;
}

function grown(range: CellRange, growths: readonly Growth[]): CellRange {
  return { ...range, bottom: grownBottom(range, growths) };
}

/** Elements of the sheet whose `sqref` grows. */
const SQREF_OWNERS = ['conditionalFormatting', 'dataValidation', 'ignoredError'] as const;

interface Area {
  readonly start: number;
  readonly tagEnd: number;
  /** Null: the list stands as text between `tagEnd` and `end`. */
  readonly attribute: string | null;
  readonly end: number;
  readonly ranges: readonly (CellRange | null)[];
  readonly texts: readonly string[];
  readonly validation: boolean;
}

/** Grows what stands behind the rows of a sheet part. */
export function growSheet(sheet: SheetPart, edit: PartEdit, growths: readonly Growth[]): void {
  if (growths.length === 0) return;
  const areas: Area[] = [];
  const open: string[] = [];
  const cursor = new XmlCursor(sheet.bytes, sheet.rowsEnd);
  while (cursor.next()) {
    const name = cursor.name;
    if (cursor.closing) {
      open.pop();
      continue;
    }
    const { tagStart: start, tagEnd } = cursor;
    const owner = SQREF_OWNERS.find((one) => one === name);
    if (owner !== undefined && !cursor.flag('pivot')) {
      const list = cursor.attribute('sqref');
      if (list !== null) {
        areas.push(
          areaOf(list, { start, tagEnd, attribute: 'sqref', end: tagEnd, validation: name === 'dataValidation' }),
        );
      }
    } else if (name === 'autoFilter' && !open.includes('customSheetViews')) {
      const range = parseRange(cursor.attribute('ref') ?? '');
      const touching = range === null ? [] : growths.filter((growth) => touches(range, growth));
      if (range !== null) edit.setAttribute(start, tagEnd, 'ref', formatRange(grown(range, touching)));
    } else if (name === 'sqref' && !cursor.empty) {
      // The range list of an extension; a sparkline has one cell each and stays where it is.
      const owners = open.at(-1);
      const text = cursor.text();
      if (owners !== 'sparkline') {
        const place = { start, tagEnd, attribute: null, end: cursor.tagStart };
        areas.push(areaOf(text, { ...place, validation: owners === 'dataValidation' }));
      }
      continue;
    }
    if (!cursor.empty) open.push(name);
  }
  const validated = areas.filter((area) => area.validation).flatMap((area) => area.ranges);
  for (const area of areas) growArea(area, edit, growths, area.validation ? validated : []);
}

function areaOf(list: string, place: Omit<Area, 'ranges' | 'texts'>): Area {
  const texts = list.split(/\s+/).filter((text) => text !== '');
  return { ...place, texts, ranges: texts.map(parseRange) };
}

function growArea(area: Area, edit: PartEdit, growths: readonly Growth[], others: readonly (CellRange | null)[]): void {
  let changed = false;
  const list = area.texts.map((text, i) => {
    const range = area.ranges[i] ?? null;
    if (range === null) return text;
    const fitting = growths.filter(({ belowHeader, from }) => !(belowHeader && range.bottom === from));
    const bottom = grownBottom(range, fitting);
    if (bottom === range.bottom) return text;
    // Two validations of one cell are a damaged file: where one begins the other ends.
    const strip = { ...range, top: range.bottom + 1, bottom };
    if (others.some((other) => other !== null && other !== range && overlap(other, strip))) return text;
    changed = true;
    return formatRange({ ...range, bottom });
  });
  if (!changed) return;
  if (area.attribute === null) edit.replace(area.tagEnd, area.end, list.join(' '));
  else edit.setAttribute(area.start, area.tagEnd, area.attribute, list.join(' '));
}

function overlap(a: CellRange, b: CellRange): boolean {
  return a.top <= b.bottom && b.top <= a.bottom && a.left <= b.right && b.left <= a.right;
}

/** The new rows have values in columns of this range. */
export function touches(range: CellRange, growth: Growth): boolean {
  return growth.left <= range.right && range.left <= growth.right;
}

/** Widens the `ref` of a table and of its filter to the table's present range. */
export function growTable(table: Table, edit: PartEdit): void {
  const cursor = new XmlCursor(table.bytes);
  if (!cursor.find('table')) return;
  edit.setAttribute(cursor.tagStart, cursor.tagEnd, 'ref', formatRange(table.range));
  if (!cursor.find('autoFilter')) return;
  const range = parseRange(cursor.attribute('ref') ?? '');
  if (range === null) return;
  edit.setAttribute(cursor.tagStart, cursor.tagEnd, 'ref', formatRange({ ...range, bottom: table.range.bottom }));
}

/** Grows the print area of a sheet and the hidden name of its filter; `position` is the sheet's place in the workbook's list. */
export function growNames(edit: PartEdit, position: number, growths: readonly Growth[]): void {
  const cursor = new XmlCursor(edit.bytes);
  while (cursor.find('definedName')) {
    const name = cursor.attribute('name') ?? '';
    if (!/^_xlnm\.(?:Print_Area|_FilterDatabase)$/i.test(name)) continue;
    if (Number(cursor.attribute('localSheetId') ?? -1) !== position || cursor.empty) continue;
    const from = cursor.tagEnd;
    cursor.text();
    const written = bufferOf(edit.bytes).toString('utf8', from, cursor.tagStart);
    // Anything but plain ranges, such as a formula that moves by itself, is left alone.
    if (decodeText(edit.bytes, from, cursor.tagStart).includes('(')) continue;
    const text = written.replace(
      /(!\$?)([A-Z]{1,3})(\$?)(\d{1,7})(:\$?)([A-Z]{1,3})(\$?)(\d{1,7})(?!\d)/g,
      (
        whole,
        sign: string,
        left: string,
        a: string,
        top: string,
        b: string,
        right: string,
        c: string,
        bottom: string,
      ) => {
        const range = {
          top: Number(top) - 1,
          left: columnOf(left),
          bottom: Number(bottom) - 1,
          right: columnOf(right),
        };
        const last = grownBottom(
          range,
          growths.filter((growth) => touches(range, growth)),
        );
        return last === range.bottom ? whole : `${sign}${left}${a}${top}${b}${right}${c}${last + 1}`;
      },
    );
    edit.replace(from, cursor.tagStart, text);
  }
}
