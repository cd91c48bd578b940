import { expect, test } from 'vitest';
import { createMemoryConnector, MemoryWorkbook } from '../../connectors/memory.ts';
import { connectorLaws, type LawSubject, type LawTab } from '../laws/connector.ts';

function subject(tabs: readonly LawTab[], compareAndSet: 'yes' | 'after-the-fact' | 'no'): LawSubject {
  const workbook = new MemoryWorkbook(tabs);
  const connect = (canWrite = true) => createMemoryConnector(workbook, { compareAndSet, canWrite });
  return {
    connector: connect(),
    another: async () => connect(),
    withoutWriting: async () => connect(false),
    edit: async (name, cells) =>
      workbook.edit((all) => {
        const tab = all.find((candidate) => candidate.name === name);
        for (const { row, column, value } of cells) {
          while (tab!.rows.length <= row) tab!.rows.push([]);
          tab!.rows[row]![column] = value;
        }
      }),
    renameTab: async (name, to) =>
      workbook.edit((all) => {
        for (const tab of all) if (tab.name === name) tab.name = to;
      }),
    removeTab: async (name) =>
      workbook.edit((all) => {
        all.splice(
          all.findIndex((tab) => tab.name === name),
          1,
        );
      }),
    obstruct: async () => {
      workbook.locked = true;
      return async () => {
        workbook.locked = false;
      };
    },
    calls: () => workbook.calls,
    logs: () => '',
    dispose: async () => undefined,
  };
}

connectorLaws('memory', async (tabs) => subject(tabs, 'yes'));
connectorLaws('memory without compare-and-set', async (tabs) => subject(tabs, 'no'));
connectorLaws('memory with proof after the fact', async (tabs) => subject(tabs, 'after-the-fact'));

test('a covered cell and a formula are not written', async () => {
  const formula = { kind: 'formula', formula: '1+1', result: 2 } as const;
  const workbook = new MemoryWorkbook([{ name: 'T', rows: [['merged', null, formula], []] }]);
  workbook.edit(([tab]) => tab!.merges.push({ top: 0, left: 0, bottom: 1, right: 1 }), '小李');
  const connector = createMemoryConnector(workbook);
  const before = await connector.pull(['T']);
  const write = (row: number, column: number) => ({ kind: 'cell', tab: 'T', row, column, value: 'x' }) as const;
  const { outcomes } = await connector.push({
    version: before.version,
    generation: 1,
    operations: [write(0, 1), write(1, 0), write(0, 2)],
  });
  expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected', 'rejected']);
  expect(before.editor).toBe('小李');
  expect(before.grids.get('T')?.rows).toEqual([['merged', { kind: 'covered' }, formula]]);
  expect(await connector.pull(['T'])).toEqual(before);
});
