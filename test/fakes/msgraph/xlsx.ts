/**
 * The workbook as a file: read and written with exceljs. Cells, formats, looks, widths, merges, tables, names, protection
 * and what else exceljs keeps travel both ways. Charts do not: exceljs knows none, so a chart made through the API is not
 * in a file written here. A file that nobody edited since it was uploaded is given back as it was uploaded.
 */
import ExcelJS, { type Cell as FileCell, type Style, type Worksheet } from 'exceljs';
import { areaText, fixedAddress, tryPlace } from './address.ts';
import { type Cell, type Content, EMPTY, isError, serialOf } from './cell.ts';
import type { Filter, Tab, Table, Unseen } from './tab.ts';
import { addTable } from './tables.ts';
import { Workbook } from './workbook.ts';

interface TableModel {
  readonly name: string;
  readonly tableRef: string;
  readonly totalsRow?: boolean;
  readonly headerRow?: boolean;
}

/** The workbook of a file. `before` is the workbook it replaces: tabs and tables of the same name keep their ids. */
export async function readWorkbook(bytes: Uint8Array, before: Workbook | null): Promise<Workbook> {
  const file = new ExcelJS.Workbook();
  // A copy: a Buffer may be a window on memory that holds other things too.
  await file.xlsx.load(new Uint8Array(bytes).buffer as never);
  const workbook = new Workbook();
  workbook.nextId = before?.nextId ?? 1;
  for (const sheet of file.worksheets) {
    const known = before?.tab(sheet.name);
    const tab = workbook.addTab(sheet.name);
    if (known !== undefined) Object.assign(tab, { id: known.id });
    readSheet(workbook, tab, sheet, before);
  }
  for (const { name, ranges } of file.definedNames.model) {
    const found = tryPlace(ranges[0] ?? '');
    if (found?.tab != null && !name.startsWith('_xlnm'))
      workbook.names.push({
        name,
        comment: '',
        visible: true,
        tabId: null,
        reference: `=${fixedAddress(found.tab, found.area)}`,
      });
  }
  return workbook;
}

function readSheet(workbook: Workbook, tab: Tab, sheet: Worksheet, before: Workbook | null): void {
  tab.visibility = sheet.state === 'visible' ? 'Visible' : sheet.state === 'hidden' ? 'Hidden' : 'VeryHidden';
  sheet.eachRow({ includeEmpty: true }, (row, number) => {
    if (row.height) tab.rowHeights.set(number - 1, row.height);
    if (row.hidden) tab.hiddenRows.add(number - 1);
    row.eachCell({ includeEmpty: false }, (each, column) => {
      const cell = cellFrom(each);
      if (cell.formula !== null) workbook.hasFormulas = true;
      tab.set(number - 1, column - 1, cell);
    });
  });
  for (const [index, column] of (sheet.columns ?? []).entries()) {
    if (column.width) tab.columnWidths.set(index, column.width);
    if (column.hidden) tab.hiddenColumns.add(index);
  }
  const model = sheet.model as unknown as { merges?: string[]; tables?: TableModel[] };
  tab.merges = (model.merges ?? []).flatMap((text) => tryPlace(text)?.area ?? []);
  for (const { name, tableRef, totalsRow } of model.tables ?? []) {
    const table = addTable(workbook, tab, tryPlace(tableRef)!.area, true, name);
    table.showTotals = totalsRow === true;
    const known = before?.table(name)?.table;
    if (known !== undefined)
      Object.assign(table, { id: known.id, columns: table.columns.map((id, index) => known.columns[index] ?? id) });
  }
  const { sheetProtection, dataValidations, conditionalFormattings } = sheet as unknown as {
    sheetProtection?: Readonly<Record<string, boolean>> | null;
    dataValidations?: { model: Unseen['validations'] };
    conditionalFormattings?: readonly unknown[];
  };
  tab.unseen = {
    views: sheet.views ?? [],
    validations: dataValidations?.model ?? {},
    conditionalFormats: conditionalFormattings ?? [],
  };
  if (sheetProtection) tab.protection = optionsFrom(sheetProtection);
}

/** exceljs spells what stays allowed without `allow`. */
const OPTIONS: Readonly<Record<string, string>> = {
  allowAutoFilter: 'autoFilter',
  allowDeleteColumns: 'deleteColumns',
  allowDeleteRows: 'deleteRows',
  allowFormatCells: 'formatCells',
  allowFormatColumns: 'formatColumns',
  allowFormatRows: 'formatRows',
  allowInsertColumns: 'insertColumns',
  allowInsertHyperlinks: 'insertHyperlinks',
  allowInsertRows: 'insertRows',
  allowPivotTables: 'pivotTables',
  allowSort: 'sort',
};

const optionsFrom = (found: Readonly<Record<string, boolean>>): Record<string, boolean> =>
  Object.fromEntries(Object.entries(OPTIONS).map(([ours, theirs]) => [ours, found[theirs] === true]));

function cellFrom(each: FileCell): Cell {
  const { numFmt, ...style } = each.style;
  const format = numFmt ?? 'General';
  const hasLook = Object.values(style).some((part) => part !== undefined && Object.keys(part).length > 0);
  const base: Cell = { ...EMPTY, format, style: hasLook ? (style as Partial<Style>) : null };
  const { value } = each;
  if (each.formula !== undefined && each.formula !== null && each.type === ExcelJS.ValueType.Formula)
    return { ...base, formula: `=${each.formula}`, content: contentOf(each.result) };
  return { ...base, content: contentOf(value) };
}

function contentOf(value: unknown): Content {
  if (value === null || value === undefined || value === '') return null;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean') return value;
  if (value instanceof Date) return serialOf(value.getTime());
  const { richText, text, error } = value as { richText?: { text: string }[]; text?: unknown; error?: string };
  if (error !== undefined) return { error };
  if (richText !== undefined) return richText.map((part) => part.text).join('');
  return text === undefined ? null : contentOf(text);
}

/** The file of a workbook. */
export async function writeWorkbook(workbook: Workbook): Promise<Uint8Array> {
  const file = new ExcelJS.Workbook();
  // Fixed, so that the same workbook is the same file.
  file.created = new Date(Date.UTC(2026, 0, 1));
  file.modified = file.created;
  for (const tab of workbook.tabs) {
    const state = tab.visibility === 'Visible' ? 'visible' : tab.visibility === 'Hidden' ? 'hidden' : 'veryHidden';
    const sheet = file.addWorksheet(tab.name, { state, views: tab.unseen.views });
    await writeSheet(tab, sheet);
  }
  for (const { name, reference } of workbook.names)
    if (tryPlace(reference.slice(1)) !== null) file.definedNames.add(reference.slice(1), name);
  return new Uint8Array((await file.xlsx.writeBuffer()) as ArrayBuffer);
}

async function writeSheet(tab: Tab, sheet: Worksheet): Promise<void> {
  for (const [column, width] of tab.columnWidths) sheet.getColumn(column + 1).width = width;
  for (const column of tab.hiddenColumns) sheet.getColumn(column + 1).hidden = true;
  for (const table of tab.tables) writeTable(tab, sheet, table);
  for (const [row, cells] of tab.rows.entries())
    for (const [column, cell] of (cells ?? []).entries()) {
      const isTouched = cell.content !== null || cell.formula !== null || cell.format !== 'General' || cell.style;
      if (!isTouched) continue;
      const target = sheet.getCell(row + 1, column + 1);
      target.value = valueFor(cell);
      const numFmt = cell.format === 'General' ? {} : { numFmt: cell.format };
      target.style = { ...cell.style, ...numFmt };
    }
  for (const [row, height] of tab.rowHeights) sheet.getRow(row + 1).height = height;
  for (const row of [...tab.hiddenRows, ...tab.filteredRows]) sheet.getRow(row + 1).hidden = true;
  for (const merge of tab.merges) sheet.mergeCells(areaText(merge));
  const unseen = sheet as unknown as { dataValidations: { model: unknown }; conditionalFormattings: unknown };
  unseen.dataValidations.model = tab.unseen.validations;
  unseen.conditionalFormattings = tab.unseen.conditionalFormats;
  if (tab.protection !== null)
    await sheet.protect(
      '',
      Object.fromEntries(Object.entries(OPTIONS).map(([ours, theirs]) => [theirs, tab.protection![ours] === true])),
    );
}

function writeTable(
  tab: Tab,
  sheet: Worksheet,
  { name, area, columns, showTotals, showBandedRows, ...table }: Table,
): void {
  const rows = Array.from({ length: area.bottom - area.top - (showTotals ? 1 : 0) }, () => columns.map(() => null));
  sheet.addTable({
    name,
    ref: areaText({ ...area, bottom: area.top, right: area.left }),
    headerRow: true,
    totalsRow: showTotals,
    style: { theme: table.style as 'TableStyleMedium2', showRowStripes: showBandedRows },
    columns: columns.map((_, index) => ({
      name: String(tab.cell(area.top, area.left + index).content ?? ''),
      filterButton: table.showFilterButton,
    })),
    rows,
  });
}

function valueFor({ content, formula }: Cell): ExcelJS.CellValue {
  const plain = isError(content) ? { error: content.error as never } : content;
  if (formula === null) return plain as ExcelJS.CellValue;
  return { formula: formula.slice(1), result: (plain ?? undefined) as never };
}

/** A filter that lets the given texts through. */
export const valuesFilter = (values: readonly string[]): Filter => ({
  values,
  criterion1: null,
  criterion2: null,
  operator: 'And',
});
