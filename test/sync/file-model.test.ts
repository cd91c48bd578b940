/** The simulator's file must behave as a real one: it keeps the laws every connector keeps. */
import type { CellValue } from '../../src/model/cell.ts';
import { connectorLaws, type LawTab } from '../laws/connector.ts';
import { FileModel, written } from './simulator/file-model.ts';
import { type Sheet, withTab } from './simulator/sheet.ts';

let lastUid = 0;
const uid = (): number => {
  lastUid += 1;
  return lastUid;
};

function sheetOf(rows: readonly (readonly CellValue[])[]): Sheet {
  const width = Math.max(...rows.map((row) => row.length));
  return {
    columns: Array.from({ length: width }, () => ({ uid: uid(), field: null })),
    rows: rows.map((cells) => ({ uid: uid(), cells })),
    merges: [],
  };
}

connectorLaws('the file of the simulator', async (tabs: readonly LawTab[]) => {
  const file = new FileModel(
    { tabs: new Map(tabs.map(({ name, rows }) => [name, sheetOf(rows)])), generation: null },
    uid,
  );
  return {
    connector: file.connect(),
    another: async () => file.connect(),
    edit: async (tab, cells) => {
      for (const { row, column, value } of cells) {
        file.book = withTab(file.book, tab, written(file.book.tabs.get(tab)!, row, column, value, uid));
      }
    },
    obstruct: async () => {
      file.locked = true;
      return async () => {
        file.locked = false;
      };
    },
    lose: async () => {
      file.state = 'absent';
    },
    calls: () => file.calls,
    logs: () => '',
    dispose: async () => undefined,
  };
});
