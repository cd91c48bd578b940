/** Our own reader and writer on a file, without the engine. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Operation } from '../../../connectors/connector.ts';
import { openPackage, type XlsxPackage } from '../../../connectors/xlsx/package.ts';
import { patchWorkbook } from '../../../connectors/xlsx/patch.ts';
import { readTabs } from '../../../connectors/xlsx/read.ts';
import { type Measure, spread } from './measure.ts';

async function open(path: string): Promise<XlsxPackage> {
  return openPackage(await readFile(path));
}

export const read: Measure = async ({ path }) => ({
  async work() {
    const pkg = await open(path);
    const grids = await readTabs(pkg, pkg.sheets.slice(0, 1));
    return { rows: [...grids.values()][0]?.rows.length ?? 0 };
  },
});

/** Open, patch and save under another name; fails when a single operation was not carried out. */
const patch =
  (operations: (tab: string, rows: number) => readonly Operation[]): Measure =>
  async ({ path, folder, rows }) => ({
    async work() {
      const pkg = await open(path);
      const { bytes, outcomes } = await patchWorkbook(pkg, operations(pkg.sheets[0]?.name ?? '', rows), {
        generation: null,
      });
      await writeFile(join(folder, 'saved.xlsx'), bytes);
      if (!outcomes.every(({ status }) => status === 'applied')) throw new Error('a cell was not written');
      return undefined;
    },
  });

const setCells = (count: number): Measure =>
  patch((tab, rows) => spread(rows, count).map((row) => ({ kind: 'cell', tab, row, column: 3, value: `改 ${row}` })));

export const changeOne = setCells(1);
export const changeThousand = setCells(1_000);
export const appendHundred = patch((tab) =>
  Array.from({ length: 100 }, (_, row) => ({
    kind: 'append',
    tab,
    cells: ['', '新建', '中', `新 ${row}`].map((value, column) => ({ column, value })),
  })),
);
