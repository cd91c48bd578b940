/** What a person's app does to a workbook, from bytes to bytes: makes one, types into cells, renames and removes tabs. */
import ExcelJS from 'exceljs';
import { openPackage } from '../../connectors/xlsx/package.ts';
import type { CellInput, CellValue } from '../../src/model/cell.ts';

export interface PersonTab {
  readonly name: string;
  readonly rows: readonly (readonly CellValue[])[];
}

/** A workbook with these tabs, last saved by 王芳. */
export async function madeWorkbook(tabs: readonly PersonTab[]): Promise<Uint8Array> {
  const workbook = new ExcelJS.Workbook();
  workbook.lastModifiedBy = '王芳';
  for (const { name, rows } of tabs) {
    const sheet = workbook.addWorksheet(name);
    for (const [r, row] of rows.entries()) {
      for (const [c, value] of row.entries()) if (value !== null) type(sheet.getCell(r + 1, c + 1), value);
    }
  }
  return Buffer.from(await workbook.xlsx.writeBuffer());
}

/** The workbook after a change by the library, which keeps cells and looks but no charts. */
export async function changed(bytes: Uint8Array, change: (workbook: ExcelJS.Workbook) => void): Promise<Uint8Array> {
  const workbook = new ExcelJS.Workbook();
  await workbook.xlsx.load(new Uint8Array(bytes).buffer as ExcelJS.Buffer);
  change(workbook);
  return Buffer.from(await workbook.xlsx.writeBuffer());
}

/** Typed values stand as they are; nothing is read as typed. */
export function withTyped(
  bytes: Uint8Array,
  tab: string,
  cells: readonly { readonly row: number; readonly column: number; readonly value: CellInput }[],
): Promise<Uint8Array> {
  return changed(bytes, (workbook) => {
    const sheet = workbook.getWorksheet(tab) as ExcelJS.Worksheet;
    for (const { row, column, value } of cells) type(sheet.getCell(row + 1, column + 1), value);
  });
}

export function withoutTab(bytes: Uint8Array, tab: string): Promise<Uint8Array> {
  return changed(bytes, (workbook) => workbook.removeWorksheet(tab));
}

/** Renames a tab as an app does: names and formulas that lead to it follow. The library would not do that. */
export async function withTabRenamed(bytes: Uint8Array, tab: string, name: string): Promise<Uint8Array> {
  const pkg = await openPackage(bytes);
  const quoted = `'${name.replaceAll("'", "''")}'!`;
  const changes = new Map<string, Uint8Array>();
  for (const part of [pkg.workbookPart, ...pkg.sheets.map((sheet) => sheet.part)]) {
    const xml = Buffer.from(await pkg.inflate(part)).toString('utf8');
    const renamed = xml
      .replace(`<sheet name="${tab}"`, () => `<sheet name="${name}"`)
      .replaceAll(`'${tab}'!`, () => quoted)
      .replaceAll(`>${tab}!`, () => `>${quoted}`);
    changes.set(part, Buffer.from(renamed));
  }
  return pkg.save(changes);
}

/** A value as exceljs wants it; a date shows its time when it has one. */
function type(cell: ExcelJS.Cell, value: CellValue): void {
  if (typeof value !== 'object' || value === null) cell.value = value;
  else if (value.kind === 'formula') cell.value = { formula: value.formula, result: value.result as number };
  else if (value.kind === 'date') {
    cell.value = new Date(value.wallMs);
    cell.numFmt = value.hasTime ? 'yyyy-mm-dd hh:mm' : 'yyyy-mm-dd';
  }
}
