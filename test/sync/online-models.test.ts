/** The simulator's online workbooks must behave as real ones: they keep the laws every connector keeps. */
import type { CellValue } from '../../src/model/cell.ts';
import { connectorLaws, type LawTab } from '../laws/connector.ts';
import { feishuTraits } from './simulator/feishu-model.ts';
import { written } from './simulator/file-model.ts';
import { graphTraits } from './simulator/graph-model.ts';
import { OnlineModel, type OnlineTraits } from './simulator/online-model.ts';
import { recordsTraits } from './simulator/records-model.ts';
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

function laws(traits: OnlineTraits): void {
  connectorLaws(`the ${traits.kind} workbook of the simulator`, async (tabs: readonly LawTab[]) => {
    const sheets = new Map(tabs.map(({ name, rows }) => [name, sheetOf(rows)]));
    const model = new OnlineModel(traits, { tabs: sheets, generation: null }, uid);
    return {
      connector: model.connect(),
      another: async () => model.connect(),
      edit: async (tab, cells) => {
        for (const { row, column, value } of cells) {
          model.book = withTab(model.book, tab, written(model.book.tabs.get(tab)!, row, column, value, uid));
        }
      },
      obstruct: async () => {
        model.locked = true;
        return async () => {
          model.locked = false;
        };
      },
      lose: async () => {
        model.state = 'absent';
      },
      calls: () => model.calls,
      logs: () => '',
      dispose: async () => undefined,
    };
  });
}

for (const traits of [feishuTraits, graphTraits, recordsTraits]) laws(traits);
