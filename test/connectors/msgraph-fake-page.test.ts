/** The page of the local Graph: what a browser is given, and that it acts as people do. */
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { deviceCredential, fetchTrusting, scopeOf } from '../fakes/msgraph-client.ts';
import { type Setting, setting } from './msgraph-fake-setting.ts';

interface Shown {
  readonly mark: string;
  readonly file: string;
  readonly tab: { readonly id: string; readonly cells: readonly object[] };
}

const get = ({ graph }: Setting, path: string): Promise<Response> =>
  fetchTrusting(graph.certificate)(`${graph.root}${path}`);

const post = ({ graph }: Setting, path: string, body: object, type = 'application/json'): Promise<Response> =>
  fetchTrusting(graph.certificate)(`${graph.root}${path}`, {
    method: 'POST',
    headers: { 'content-type': type },
    body: JSON.stringify(body),
  });

test('the page and its parts are served, and every text stands in both languages', async () => {
  const set = await setting();
  const html = await (await get(set, '/')).text();
  for (const part of ['/page/page.css', '/page/page.js', '/page/words.js'])
    expect((await get(set, part)).status).toBe(200);
  const { words } = (await import(join(import.meta.dirname, '../fakes/msgraph/page/words.js'))) as {
    words: Record<string, [string, string]>;
  };
  const places = (text: string): string[] => text.match(/\{\w+\}/g) ?? [];
  for (const [, name] of html.matchAll(/data-word="(\w+)"/g)) expect(words).toHaveProperty(name!);
  for (const [zh, en] of Object.values(words)) expect([zh !== '' && en !== '', places(zh)]).toEqual([true, places(en)]);
});

test('it shows the live workbook and edits it like a person', async () => {
  const set = await setting();
  set.file.addTable('工单', 'A1:C3', '工单表');
  const state = async (): Promise<Shown> => (await (await get(set, '/page/state')).json()) as Shown;
  const first = await state();
  expect(first).toMatchObject({ files: [{ name: '工单.xlsx' }], tabs: [{ name: '工单' }], savedBy: '王芳' });
  expect(first.tab.cells).toContainEqual({ row: 1, column: 2, text: '30', typed: '30', align: 'right' });
  expect((await get(set, `/page/state?${new URLSearchParams({ known: first.mark })}`)).status).toBe(204);

  const act = (body: object) =>
    post(set, '/page/act', { file: first.file, tab: first.tab.id, editor: '韩梅梅', ...body });
  await act({ act: 'type', row: 3, column: 0, text: 'T-3' });
  await act({ act: 'sort', row: 0, column: 0, order: 'descending' });
  await act({ act: 'insert', row: 1, column: 0 });
  expect(
    set.file
      .tab('工单')
      .values()
      .map(([id]) => id),
  ).toEqual(['编号', '', 'T-3', 'T-2', 'T-1']);
  await act({ act: 'delete', row: 1, column: 0 });
  expect(await state()).toMatchObject({ savedBy: '韩梅梅', tab: { tables: [{ name: '工单表', bottom: 3 }] } });
  set.file.protectSheet('工单');
  const refused = await act({ act: 'type', row: 1, column: 0, text: 'x' });
  expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([409, 'AccessDenied']);
  expect((await get(set, `/page/download?file=${first.file}`)).headers.get('content-disposition')).toContain('.xlsx');
});

test('a device code is typed there, and another site cannot act', async () => {
  const set = await setting({ switches: { deviceCodeIntervalSeconds: 0 } });
  let [code, polls] = ['', 0];
  const credential = deviceCredential(set.graph, ({ userCode }) => {
    code = userCode;
  });
  set.graph.before = async ({ path }) => {
    if (!path.endsWith('/token') || ++polls !== 2) return;
    expect((await post(set, '/page/device', { code: 'FALSCH', agree: 'yes' })).status).toBe(409);
    expect((await post(set, '/page/device', { code: code.toLowerCase(), agree: 'yes' }, 'text/plain')).status).toBe(
      404,
    );
    expect((await post(set, '/page/device', { code: code.toLowerCase(), agree: 'yes' })).status).toBe(200);
  };
  expect((await credential.getToken(scopeOf(set.graph)))?.token).toBeTruthy();
  expect(polls).toBe(2);
});
