/** A sheet that many people work in at once: somebody writes between every read of it and the write that follows. */
import { expect, test } from 'vitest';
import { createRunner } from '../../src/sync/run.ts';
import { testClock } from '../fakes/clock.ts';
import { feishuTraits } from './simulator/feishu-model.ts';
import { bindingOf, headerOf, tabsOf } from './simulator/fields.ts';
import { MemoryStore } from './simulator/memory-store.ts';
import { OnlineModel } from './simulator/online-model.ts';
import { columnOf, HEADER, type Sheet, withCell, withRowBelow, withTab } from './simulator/sheet.ts';
import { PLAIN_DESK } from './simulator/tape.ts';

const tab = tabsOf(PLAIN_DESK)[0]!;

/** A desk whose people act whenever the service looks whether anybody has written. */
async function busyDesk(titles: readonly string[]) {
  const keys = ['id', ...tab.keys];
  let last = 0;
  const uid = (): number => {
    last += 1;
    return last;
  };
  const sheet: Sheet = {
    columns: keys.map((field) => ({ uid: uid(), field })),
    rows: [
      { uid: HEADER, cells: keys.map(headerOf) },
      ...titles.map((title) => ({ uid: uid(), cells: [null, title] })),
    ],
    merges: [],
  };
  const model = new OnlineModel(feishuTraits, { tabs: new Map([[tab.tab, sheet]]), generation: null }, uid);
  const clock = testClock('2026-03-10T01:00:00.000Z');
  let act: ((sheet: Sheet) => Sheet) | null = null;
  const connector = model.connect();
  const change = (by: (sheet: Sheet) => Sheet): void => {
    model.book = withTab(model.book, tab.tab, by(model.book.tabs.get(tab.tab)!));
  };
  const runner = createRunner(
    {
      store: new MemoryStore(),
      clock,
      logger: { log: () => undefined },
      owner: 'test',
      locale: 'zh-CN',
      timeZone: 'Asia/Shanghai',
    },
    {
      key: tab.workbook,
      connector: {
        ...connector,
        version: async () => {
          if (act !== null) change(act);
          return connector.version();
        },
        // Long enough that an older look at the version does not count.
        pull: async (tabs) => {
          clock.move(500);
          return connector.pull(tabs);
        },
      },
      bindings: [bindingOf(PLAIN_DESK, tab, null)],
      problemTabs: [],
    },
  );
  const rows = () =>
    model.book.tabs
      .get(tab.tab)!
      .rows.filter((row) => row.uid !== HEADER)
      .map(({ cells }) => cells);
  /** As a service runs: again and again, some seconds apart. */
  const runs = async (count: number): Promise<void> => {
    for (let n = 0; n < count; n += 1) {
      await runner.run({ confirmFirstContact: true });
      clock.move(6_000);
    }
  };
  return { rows, runs, uid, people: (by: typeof act) => (act = by) };
}

test('while others type in their rows without a pause, a new row gets its number', async () => {
  const { rows, runs, uid, people } = await busyDesk(['打印机卡纸', '无法开机']);
  await runs(4);
  expect(rows().map(([id]) => id)).toEqual([expect.stringMatching(/^T-/), expect.stringMatching(/^T-/)]);
  let typed = 0;
  let isNew = true;
  people((sheet) => {
    typed += 1;
    const first = sheet.rows.find((row) => row.uid !== HEADER)!;
    const edited = withCell(sheet, first.uid, columnOf(sheet, 'note'), `第 ${typed} 次`);
    if (!isNew) return edited;
    isNew = false;
    return withRowBelow(edited, { uid: uid(), cells: [null, '屏幕闪烁'] });
  });
  await runs(6);
  const numbers = rows().map(([id]) => id);
  expect(numbers[2]).toMatch(/^T-/);
  expect(new Set(numbers).size).toBe(3);
});

test('while others move rows about without a pause, every number stands beside its own title', async () => {
  const titles = ['打印机卡纸', '无法开机', '屏幕闪烁', '鼠标坏了'];
  const { rows, runs, people } = await busyDesk(titles);
  let moves = 0;
  people((sheet) => {
    moves += 1;
    const [header, ...rest] = sheet.rows;
    return moves % 2 === 0 ? sheet : { ...sheet, rows: [header!, ...rest.slice(1), rest[0]!] };
  });
  await runs(6);
  people(null);
  await runs(8);
  const shown = rows().map(([id, title]) => [title, id]);
  expect(shown.map(([title]) => title).sort()).toEqual([...titles].sort());
  expect(new Set(shown.map(([, id]) => id)).size).toBe(titles.length);
  for (const [, id] of shown) expect(id).toMatch(/^T-/);
});
