/** How a file of the library begins: from rows of cells, or from the bytes of a workbook. */
import type { CellValue } from '../../../src/model/cell.ts';
import { cellOf, isBlank } from './cell.ts';
import type { File } from './drive.ts';
import { Workbook } from './workbook.ts';
import { readWorkbook } from './xlsx.ts';

export async function readInto(file: File, bytes: Uint8Array): Promise<void> {
  file.live = await readWorkbook(bytes, null);
  Object.assign(file.current, { workbook: file.live });
}

export function workbookOf(
  tabs: readonly { readonly name: string; readonly rows: readonly (readonly CellValue[])[] }[],
): Workbook {
  const workbook = new Workbook();
  for (const { name, rows } of tabs) {
    const tab = workbook.addTab(name);
    for (const [row, line] of rows.entries())
      for (const [column, value] of line.entries()) {
        const cell = cellOf(value);
        if (cell.formula !== null) workbook.hasFormulas = true;
        if (!isBlank(cell)) tab.set(row, column, cell);
      }
  }
  return workbook;
}
