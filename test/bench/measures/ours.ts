/** Our own reader and writer on a file, without the engine. */
import { readFile } from 'node:fs/promises';
import { openPackage, type XlsxPackage } from '../../../connectors/xlsx/package.ts';
import { readTabs } from '../../../connectors/xlsx/read.ts';
import type { Measure } from './measure.ts';

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
