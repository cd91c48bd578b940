/** exceljs, as its manual says. */
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import { type Measure, spread } from './measure.ts';

export const exceljsLoad: Measure = async ({ path }) => ({
  async work() {
    const book = new ExcelJS.Workbook();
    await book.xlsx.readFile(path);
    return { rows: book.worksheets[0]?.rowCount ?? 0 };
  },
});

/** Load, change and save again; the number of edits hardly matters beside the rest. */
const exceljsEdit =
  (edit: (tab: ExcelJS.Worksheet, rows: number) => void): Measure =>
  async ({ path, folder, rows }) => ({
    async work() {
      const book = new ExcelJS.Workbook();
      await book.xlsx.readFile(path);
      edit(book.worksheets[0] as ExcelJS.Worksheet, rows);
      await book.xlsx.writeFile(join(folder, 'saved.xlsx'));
      return undefined;
    },
  });

const setCells = (count: number) =>
  exceljsEdit((tab, rows) => {
    for (const row of spread(rows, count)) tab.getCell(row + 1, 4).value = `改 ${row}`;
  });

export const exceljsCell = setCells(1);
export const exceljsCells = setCells(1_000);
export const exceljsRows = exceljsEdit((tab) => {
  for (let row = 0; row < 100; row++) tab.addRow(['', '新建', '中', `新 ${row}`]);
});
