/** How long nobody looks while a workbook is written: measured per binding, and told (X1, X2). */
import { describe, expect, test } from 'vitest';
import type { Connector } from '../../connectors/connector.ts';
import { createMemoryConnector, MemoryWorkbook } from '../../connectors/memory.ts';
import { deskHeaders, tab } from '../scenarios/desk.ts';
import { openOnlineDesk } from '../scenarios/online-desk.ts';
import { feishuTraits } from './simulator/feishu-model.ts';
import { graphTraits } from './simulator/graph-model.ts';
import { OnlineModel, type OnlineTraits } from './simulator/online-model.ts';
import { HEADER, withTab } from './simulator/sheet.ts';

const binding = `team/${tab}`;
const row = (cells: Readonly<Record<string, string>>) => deskHeaders.map((header) => cells[header] ?? null);
const first = row({ 问题标题: '空调漏水', 客户名称: '上海一建', 优先级: '紧急' });

/** A workbook online, and somebody who types a row into it. */
function onlineWorkbook(traits: OnlineTraits): [connector: Connector, type: () => void] {
  let lastUid = 100;
  const header = { uid: HEADER, cells: deskHeaders };
  const sheet = { columns: deskHeaders.map((_, uid) => ({ uid, field: null })), rows: [header], merges: [] };
  const book = { tabs: new Map([[tab, sheet]]), generation: null };
  const model = new OnlineModel(traits, book, () => ++lastUid);
  const typed = { ...sheet, rows: [header, { uid: 50, cells: first }] };
  const type = (): void => {
    model.book = withTab(model.book, tab, typed);
  };
  return [model.connect(), type];
}

/** The desk on a workbook whose answers take their time. */
async function openSlowDesk([connector, type]: [connector: Connector, type: () => void]) {
  const clock = { at: Date.parse('2026-03-10T02:00:00Z') };
  const takes = { version: 40, pull: 200, push: 300 };
  const slow = <A extends unknown[], T>(call: 'version' | 'pull' | 'push', answer: (...args: A) => Promise<T>) => {
    return async (...args: A): Promise<T> => {
      const answered = await answer(...args);
      clock.at += takes[call];
      return answered;
    };
  };
  const desk = openOnlineDesk(
    {
      ...connector,
      version: slow('version', () => connector.version()),
      pull: slow('pull', (tabs: readonly string[]) => connector.pull(tabs)),
      push: slow('push', (push: Parameters<Connector['push']>[0]) => connector.push(push)),
    },
    clock,
    60,
  );
  await desk.settle();
  type();
  await desk.settle();
  const [ticket] = await desk.tickets();
  const write = async (assignee: string): Promise<void> => {
    await desk.change(ticket!, { assignee });
    await desk.settle();
    expect((await desk.rows())[0]).toMatchObject({ 负责人: assignee });
  };
  return { desk, takes, write };
}

describe.each([
  // A look at the version, then the write.
  { traits: feishuTraits, checks: 40 },
  // Only a whole read tells what stands there.
  { traits: graphTraits, checks: 200 },
])('$traits.kind', ({ traits, checks }) => {
  test('the time from the check to the answer of a write is kept, the last and the longest', async () => {
    const { desk, takes, write } = await openSlowDesk(onlineWorkbook(traits));
    takes.push = 900;
    await write('王工');
    expect(desk.runner.writeWindow(binding)).toEqual({ last: checks + 900, longest: checks + 900 });
    takes.push = 100;
    await write('赵工');
    expect(desk.runner.writeWindow(binding)).toEqual({ last: checks + 100, longest: checks + 900 });
  });

  test('a run that wrote says it in the log, a later one does not say it again', async () => {
    const { desk, write } = await openSlowDesk(onlineWorkbook(traits));
    const from = desk.log.length;
    await write('王工');
    await desk.runner.run();
    const told = desk.log.slice(from).flatMap(({ name, data }) => (name === 'run:done' ? [data.windowMs] : []));
    expect(told.filter((windows) => JSON.stringify(windows) !== '{}')).toEqual([{ [binding]: checks + 300 }]);
    expect(told.at(-1)).toEqual({});
  });
});

test('nothing is measured where a write proves itself', async () => {
  const workbook = new MemoryWorkbook([{ name: tab, rows: [[...deskHeaders]] }]);
  const type = (): void => workbook.edit(([sheet]) => sheet!.rows.push(first), '小张');
  const { desk, write } = await openSlowDesk([createMemoryConnector(workbook), type]);
  await write('王工');
  expect(desk.runner.writeWindow(binding)).toBeNull();
});
