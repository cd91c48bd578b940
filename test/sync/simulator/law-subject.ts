/** A workbook of the simulator as the laws of connectors want it. */
import type { LawSubject, LawTab } from '../../laws/connector.ts';
import { type WorkbookFile, written } from './file-model.ts';
import { type Book, withTab } from './sheet.ts';

/** Makes a workbook with the laws' tabs; `create` gets its content, and where numbers of new rows come from. */
export function lawSubject(
  tabs: readonly LawTab[],
  create: (book: Book, nextRow: () => number) => WorkbookFile & { readonly calls: number },
): LawSubject {
  let lastUid = 0;
  const uid = (): number => {
    lastUid += 1;
    return lastUid;
  };
  const sheets = tabs.map(({ name, rows }) => {
    const width = Math.max(...rows.map((row) => row.length));
    const columns = Array.from({ length: width }, () => ({ uid: uid(), field: null }));
    return [name, { columns, rows: rows.map((cells) => ({ uid: uid(), cells })), merges: [] }] as const;
  });
  const file = create({ tabs: new Map(sheets), generation: null }, uid);
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
}
