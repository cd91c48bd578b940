/** New workbooks in the service account's drive, or in a folder somebody shared. */
import exceljs from 'exceljs';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Shared } from '../../connectors/index.ts';
import { workbookMakers } from '../../connectors/index.ts';
import { RefusedError } from '../../src/model/errors.ts';
import { figures, publishNow } from '../laws/published.ts';
import { type MsgraphDesk, openDesk } from './msgraph-desk.ts';

let desk: MsgraphDesk;

beforeEach(async () => {
  desk = await openDesk();
});

afterEach(async () => {
  expect(desk.graph.undocumented).toEqual([]);
  await desk.close();
});

async function make(workbook: { title: string; folder?: string; manager?: string }): Promise<string> {
  const maker = await workbookMakers.msgraph?.();
  const settings = {
    variables: { ROWKEEPER_MSGRAPH_TENANT_ID: 't', ROWKEEPER_MSGRAPH_CLIENT_ID: 'c' },
    stateDir: desk.stateDir,
    clock: { now: () => new Date(desk.clock.at) },
    logger: { log: () => undefined },
    shared: (() => desk.app) as unknown as Shared,
  };
  const file = async () => new Uint8Array(Buffer.from(await drawn.xlsx.writeBuffer()));
  const made = await maker?.(settings, { firstTab: '概览', file, folder: null, manager: null, ...workbook });
  expect(made?.hasTabs).toBe(true);
  return made?.address ?? expect.fail('no maker');
}

/** The workbook as a template draws it. */
const drawn = new exceljs.Workbook();
drawn.addWorksheet('概览');

test('a new workbook opens under the address that is told, and takes tabs', async () => {
  const address = await make({ title: '售后工单' });
  const connector = desk.connect(address);
  expect((await connector.describe()).tabs.map(({ name }) => name)).toEqual(['概览']);
  await publishNow(connector, figures());
  expect((await connector.describe()).tabs.map(({ name }) => name)).toEqual(['概览', '清单', '_published']);
});

test('a file of that name is never written over', async () => {
  const there = desk.graph.addFile('售后工单.xlsx', { tabs: [{ name: 'T', rows: [['mine']] }] });
  const address = await make({ title: '售后工单' });
  expect((await desk.connect(address).describe()).tabs.map(({ name }) => name)).toEqual(['概览']);
  expect(there.tab('T').cell(0, 0).content).toBe('mine');
});

test('signs that a name cannot have are exchanged', async () => {
  await make({ title: 'A/B: "C"?' });
  expect(desk.graph.files.map(({ name }) => name)).toEqual(['A_B_ _C__.xlsx']);
});

test('who is to manage it gets a link of his own', async () => {
  const address = await make({ title: '看板', manager: 'boss@contoso.example' });
  const asked = desk.graph.requests.find(({ path }) => path.endsWith('/createLink'));
  expect(asked?.body).toEqual({ type: 'edit', scope: 'users', recipients: [{ email: 'boss@contoso.example' }] });
  expect((await desk.connect(address).describe()).tabs).toHaveLength(1);
});

test('an address that is no folder is refused before anything is made', async () => {
  const file = desk.graph.addFile('工单.xlsx', { tabs: [{ name: 'T', rows: [] }] });
  await expect(make({ title: 'x', folder: file.webUrl })).rejects.toThrow(RefusedError);
  expect(desk.graph.files).toHaveLength(1);
});
