/** What a tab's grid allows: where it ends, how far it may grow, and what the app may touch. */
import type { CellRange } from '../../../src/model/cell.ts';
import { Refusal } from './call.ts';
import type { Spreadsheet } from './spreadsheet.ts';
import type { FakeTab } from './tab.ts';
import type { World } from './world.ts';

const MAX_CELLS = 5_000_000;
const MAX_GRID_COLUMNS = 13_000;

/** The grid of a tab for the reading of ranges; an embedded 多维表格 has none. */
export const sizes = (tabs: readonly FakeTab[]) => (sheetId: string) => {
  const tab = tabs.find(({ id, embedded }) => id === sheetId && embedded === null);
  return tab === undefined ? null : { rows: tab.rowCount, columns: tab.columnCount };
};

/** @throws Refusal when the tab would grow past what a tab may have. */
export function checkGrowth(tab: FakeTab, rows: number, columns: number): void {
  const [all, wide] = [Math.max(tab.rowCount, rows), Math.max(tab.columnCount, columns)];
  if (wide > MAX_GRID_COLUMNS || all * wide > MAX_CELLS) throw new Refusal(90219, 'too many cells');
}

/** @throws Refusal when the app may not write there, or the tab would grow too large. */
export function checkPlace(world: World, file: Spreadsheet, tab: FakeTab, area: CellRange): void {
  checkGrowth(tab, area.bottom + 1, area.right + 1);
  if (file.ownerId !== world.bot.openId && !tab.mayWrite(area, world.bot.openId)) {
    throw new Refusal(90218, 'locked cell');
  }
}
