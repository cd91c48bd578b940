/** Workbooks and their tabs: metainfo and sheets_batch_update of v2, spreadsheets and sheets of v3. */
import { type Call, type Loose, Refusal, type Route } from './call.ts';
import type { Spreadsheet } from './spreadsheet.ts';
import type { FakeTab } from './tab.ts';
import type { World } from './world.ts';

const V2 = '/open-apis/sheets/v2/spreadsheets/:token';
const V3 = '/open-apis/sheets/v3/spreadsheets';
const READ = ['sheets:spreadsheet', 'sheets:spreadsheet:readonly', 'drive:drive', 'drive:drive:readonly'];
const WRITE = ['sheets:spreadsheet', 'drive:drive'];
const MAX_TABS = 300;

/** A title that breaks this is taken without a word and not used. */
const isTitle = (title: unknown): title is string =>
  typeof title === 'string' && title !== '' && title.length <= 100 && !/[/\\?*[\]:]/.test(title);

export function structureRoutes(world: World): Route[] {
  function metainfo(call: Call) {
    const file = world.open(call.params.token as string, 2, 'read');
    const view = file.view();
    const withProtection = (call.query.get('extFields') ?? '').includes('protectedRange');
    return {
      spreadsheetToken: file.token,
      properties: {
        title: file.title,
        ownerUser: 0,
        ownerUserID: file.ownerId,
        sheetCount: view.tabs.length,
        revision: view.revision,
      },
      sheets: view.tabs.map((tab, index) => metaOf(tab, index, withProtection)),
    };
  }

  function metaOf(tab: FakeTab, index: number, withProtection: boolean) {
    const base = { sheetId: tab.id, title: tab.title, index };
    if (tab.embedded !== null) {
      return {
        ...base,
        rowCount: 0,
        columnCount: 0,
        frozenRowCount: 0,
        frozenColCount: 0,
        blockInfo: { blockToken: tab.embedded.token, blockType: 'BITABLE_BLOCK' },
      };
    }
    const merges = tab.merges.map((merge) => ({
      startRowIndex: merge.top,
      startColumnIndex: merge.left,
      rowCount: merge.bottom - merge.top + 1,
      columnCount: merge.right - merge.left + 1,
    }));
    const protectedRange = tab.protections.map(({ id, axis, first, last, lockInfo }) => ({
      dimension: { startIndex: first + 1, endIndex: last + 1, majorDimension: axis, sheetId: tab.id },
      protectId: id,
      lockInfo,
      sheetId: tab.id,
    }));
    return {
      ...base,
      rowCount: tab.rowCount,
      columnCount: tab.columnCount,
      frozenRowCount: tab.frozenRows,
      frozenColCount: tab.frozenColumns,
      ...(merges.length === 0 ? {} : { merges }),
      ...(withProtection && protectedRange.length > 0 ? { protectedRange } : {}),
    };
  }

  const sheetOf = (tab: FakeTab, index: number) => ({
    sheet_id: tab.id,
    title: tab.title,
    index,
    hidden: tab.hidden,
    ...(tab.embedded !== null
      ? {}
      : {
          grid_properties: {
            frozen_row_count: tab.frozenRows,
            frozen_column_count: tab.frozenColumns,
            row_count: tab.rowCount,
            column_count: tab.columnCount,
          },
        }),
    resource_type: tab.embedded !== null ? 'bitable' : 'sheet',
    ...(tab.merges.length === 0
      ? {}
      : {
          merges: tab.merges.map((merge) => ({
            start_row_index: merge.top,
            end_row_index: merge.bottom,
            start_column_index: merge.left,
            end_column_index: merge.right,
          })),
        }),
  });

  function batch(call: Call) {
    const file = world.open(call.params.token as string, 2, 'edit');
    const requests: unknown = call.body?.requests;
    if (!Array.isArray(requests) || requests.length === 0) throw new Refusal(90204, 'wrong request body');
    // All are looked at first: a bad one leaves everything as it was.
    const after = file.tabs.slice();
    const moves = requests.map((request) => planned(file, after, request as Record<string, unknown>));
    const partial = call.partial;
    const replies = file.write(world.bot.openId, () => moves.slice(0, partial?.items).map((move) => move()));
    if (partial !== null) throw new Refusal(partial.code, 'retry later');
    return { replies: world.switches.repliesInOne ? [Object.assign({}, ...replies)] : replies };
  }

  type Move = () => Record<string, unknown>;

  /** `after`: the tabs as they will stand when the requests before this one are done. */
  function planned(file: Spreadsheet, after: FakeTab[], request: Record<string, unknown>): Move {
    const taken = (title: unknown): boolean => after.some((tab) => tab.title === title);
    const room = (): void => {
      if (after.length >= MAX_TABS) throw new Refusal(90226, 'sheet number exceeded');
    };
    const { addSheet, copySheet, deleteSheet, updateSheet } = request as Loose;
    if (addSheet !== undefined) {
      const { title, index = 0 } = addSheet.properties ?? {};
      if (title === undefined || title === '') throw new Refusal(90207, 'sheet title is empty');
      if (taken(title)) throw new Refusal(90208, 'sheet title duplicated');
      room();
      const tab = file.newTab(isTitle(title) ? title : `Sheet${after.length + 1}`);
      after.splice(index, 0, tab);
      return () => {
        file.tabs.splice(index, 0, tab);
        return { addSheet: { properties: { sheetId: tab.id, title: tab.title, index: file.tabs.indexOf(tab) } } };
      };
    }
    if (copySheet !== undefined) {
      const source = world.tab(after, copySheet.source?.sheetId, 2);
      const at = after.indexOf(source);
      const title = copySheet.destination?.title ?? `${source.title}(副本_${at})`;
      if (taken(title)) throw new Refusal(90208, 'sheet title duplicated');
      room();
      const id = file.newTabId();
      after.splice(at + 1, 0, source.copy(id, title));
      return () => {
        const tab = source.copy(id, title);
        file.tabs.splice(file.tabs.indexOf(source) + 1, 0, tab);
        return { copySheet: { properties: { sheetId: id, title, index: file.tabs.indexOf(tab) } } };
      };
    }
    if (deleteSheet !== undefined) {
      const tab = world.tab(after, deleteSheet.sheetId, 2);
      if (after.length === 1) throw new Refusal(90226, 'the last sheet stays');
      after.splice(after.indexOf(tab), 1);
      return () => {
        file.tabs.splice(file.tabs.indexOf(tab), 1);
        return { deleteSheet: { result: true, sheetId: tab.id } };
      };
    }
    if (updateSheet !== undefined) return update(file, after, updateSheet.properties ?? {}, taken);
    throw new Refusal(90204, 'wrong request body');
  }

  function update(
    file: Spreadsheet,
    after: readonly FakeTab[],
    properties: Loose,
    taken: (title: unknown) => boolean,
  ): Move {
    const tab = world.tab(after, properties.sheetId, 2);
    const { title, index, hidden, frozenRowCount, frozenColCount, protect } = properties;
    if (title !== undefined && title !== tab.title && taken(title)) throw new Refusal(90208, 'sheet title duplicated');
    for (const count of [frozenRowCount, frozenColCount]) {
      if (count !== undefined && (!Number.isInteger(count) || count < 0))
        throw new Refusal(90204, 'wrong request body');
    }
    return () => {
      if (isTitle(title) && title !== tab.title) file.retitle(tab, title);
      if (typeof hidden === 'boolean') tab.hidden = hidden;
      if (frozenRowCount !== undefined) tab.frozenRows = Math.min(frozenRowCount, tab.rowCount);
      if (frozenColCount !== undefined) tab.frozenColumns = Math.min(frozenColCount, tab.columnCount);
      if (typeof index === 'number') {
        file.tabs.splice(file.tabs.indexOf(tab), 1);
        file.tabs.splice(index, 0, tab);
      }
      if (protect?.lock === 'UNLOCK') tab.protections = [];
      if (protect?.lock === 'LOCK') {
        const editors = [world.bot.openId, ...(protect.userIDs ?? [])];
        const [id, lockInfo] = [world.newId(19), protect.lockInfo ?? ''];
        tab.protections.push({ id, axis: 'ROWS', first: 0, last: tab.rowCount - 1, lockInfo, editors });
      }
      return { updateSheet: { properties: { ...properties, title: tab.title } } };
    };
  }

  function create(call: Call) {
    const title = call.body?.title ?? '';
    if (typeof title !== 'string' || title.length > 255) throw new Refusal(1310204, 'Wrong Request Body');
    const file = world.addSpreadsheet(title, [{ name: 'Sheet1', rows: [] }], world.bot);
    return {
      spreadsheet: { title, folder_token: call.body?.folder_token ?? '', url: file.url, spreadsheet_token: file.token },
    };
  }

  function getWorkbook(call: Call) {
    const file = world.open(call.params.token as string, 3, 'read');
    return { spreadsheet: { title: file.title, owner_id: file.ownerId, token: file.token, url: file.url } };
  }

  function patch(call: Call) {
    const file = world.open(call.params.token as string, 3, 'edit');
    const { title } = call.body ?? {};
    if (typeof title !== 'string' || title.length > 255) throw new Refusal(1310204, 'Wrong Request Body');
    file.rename(title, world.bot);
    return {};
  }

  function sheets(call: Call) {
    const file = world.open(call.params.token as string, 3, 'read');
    return { sheets: file.view().tabs.map(sheetOf) };
  }

  function sheet(call: Call) {
    const { tabs } = world.open(call.params.token as string, 3, 'read').view();
    const tab = world.tab(tabs, call.params.sheet, 3);
    return { sheet: sheetOf(tab, tabs.indexOf(tab)) };
  }

  return [
    { method: 'GET', path: `${V2}/metainfo`, scopes: READ, handle: metainfo },
    {
      method: 'POST',
      path: `${V2}/sheets_batch_update`,
      serial: 'token',
      scopes: WRITE,
      msg: 'Success',
      handle: batch,
    },
    { method: 'POST', path: V3, perMinute: 20, scopes: WRITE, handle: create },
    { method: 'GET', path: `${V3}/:token`, perMinute: 100, scopes: READ, handle: getWorkbook },
    { method: 'PATCH', path: `${V3}/:token`, perMinute: 20, scopes: WRITE, handle: patch },
    { method: 'GET', path: `${V3}/:token/sheets/query`, perMinute: 100, scopes: READ, handle: sheets },
    { method: 'GET', path: `${V3}/:token/sheets/:sheet`, perMinute: 100, scopes: READ, handle: sheet },
  ];
}
