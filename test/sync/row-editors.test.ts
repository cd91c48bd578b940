/** Who changed a row is the person the log names, where the platform knows it row by row. */
import { expect, test } from 'vitest';
import { createMemoryConnector, MemoryWorkbook } from '../../connectors/memory.ts';
import { createRunner } from '../../src/sync/run.ts';
import { bindingOf, headerOf, tabsOf } from './simulator/fields.ts';
import { MemoryStore } from './simulator/memory-store.ts';
import { PLAIN_DESK } from './simulator/tape.ts';

const tab = tabsOf(PLAIN_DESK)[0]!;

test('edits and new rows carry the name of their own editor, the rest that of the last one', async () => {
  const headers = ['id', ...tab.keys].map(headerOf);
  const workbook = new MemoryWorkbook([
    { name: tab.tab, rows: [headers, [null, '打印机卡纸'], [null, '无法开机'], [null, '屏幕闪烁']] },
  ]);
  let editors: readonly (string | null)[] = [];
  const connector = createMemoryConnector(workbook);
  const store = new MemoryStore();
  const binding = bindingOf(PLAIN_DESK, tab, null);
  const runner = createRunner(
    {
      store,
      clock: { now: () => new Date('2026-03-10T01:00:00.000Z') },
      logger: { log: () => undefined },
      owner: 'test',
      locale: 'zh-CN',
      timeZone: 'Asia/Shanghai',
    },
    {
      key: tab.workbook,
      connector: {
        ...connector,
        pull: async (tabs) => ({ ...(await connector.pull(tabs)), rowEditors: new Map([[tab.tab, editors]]) }),
      },
      bindings: [binding],
      problemTabs: [],
    },
  );
  await runner.run({ confirmFirstContact: true });

  editors = [null, '小李', '小王', null];
  workbook.edit(([sheet]) => {
    sheet!.rows[1]![2] = '一楼';
    sheet!.rows[2]![2] = '二楼';
    sheet!.rows[3]![2] = '三楼';
  }, '老张');
  await runner.run();
  const named = store.log.filter(({ field }) => field === 'note').map(({ newValue, actor }) => [newValue, actor.name]);
  expect(named).toEqual([
    ['一楼', '小李'],
    ['二楼', '小王'],
    ['三楼', '老张'],
  ]);

  editors = [null, null, null, null, '小赵', '小李'];
  workbook.edit(([sheet]) => sheet!.rows.push([null, '鼠标坏了'], [null, '键盘坏了']), '老张');
  await runner.run();
  const created = store.log.filter(({ kind }) => kind === 'create').slice(-2);
  expect(created.map(({ newValues, actor }) => [newValues.title, actor.name])).toEqual([
    ['鼠标坏了', '小赵'],
    ['键盘坏了', '小李'],
  ]);
});
