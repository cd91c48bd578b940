/** How a workbook in Excel Online is worked on: in place, or as a whole file where the cloud or the settings want it. */
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Connector } from '../../connectors/connector.ts';
import { type MsgraphDesk, openDesk } from './msgraph-desk.ts';

let desk: MsgraphDesk;
beforeEach(async () => {
  desk = await openDesk();
});
afterEach(async () => {
  expect(desk.graph.undocumented).toEqual([]);
  await desk.close();
});

const place = (): string =>
  desk.graph.addFile('工单.xlsx', { tabs: [{ name: 'T', rows: [['编号'], ['T-1']] }] }).webUrl;
const usesWorkbookApi = (): boolean => desk.graph.requests.some(({ path }) => path.includes('/workbook'));

async function writeTo(connector: Connector): Promise<void> {
  const { version, grids } = await connector.pull(['T']);
  expect(grids.get('T')?.rows).toEqual([['编号'], ['T-1']]);
  const operations = [{ kind: 'cell', tab: 'T', row: 1, column: 1, value: 'x' }] as const;
  expect((await connector.push({ version, generation: 1, operations })).outcomes).toEqual([
    { status: 'applied', row: 1 },
  ]);
}

test('as a rule in place', async () => {
  const connector = desk.connect(place());
  expect(connector.capabilities).toMatchObject({ compareAndSet: 'no', keepsGeneration: false, canLayOut: true });
  expect(connector.layOut).toBeInstanceOf(Function);
  await writeTo(connector);
  expect(usesWorkbookApi()).toBe(true);
});

test.each(['the settings want it', 'the cloud has no workbook API'])('as a whole file where %s', async (why) => {
  const without = () => desk.anotherApp({ cloud: { ...desk.app.cloud, hasWorkbookApi: false } });
  const connector =
    why === 'the settings want it' ? desk.connect(place(), { mode: 'file' }) : desk.connect(place(), {}, without());
  expect(connector.capabilities).toMatchObject({ compareAndSet: 'yes', keepsGeneration: true, canLayOut: false });
  expect(connector.layOut).toBe(undefined);
  expect(connector.lookEveryMs).toBe(10_000);
  await writeTo(connector);
  expect((await connector.pull(['T'])).generation).toBe(1);
  await connector.diagnose!();
  expect(usesWorkbookApi()).toBe(false);
});
