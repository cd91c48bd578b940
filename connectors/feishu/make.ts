/**
 * Makes documents that belong to the app: an empty spreadsheet or base, with the person who set the service up as a
 * manager, because nobody else could open it. Feishu: sheets-v3/spreadsheet/create, bitable-v1/app/create,
 * drive-v1/permission-member/create.
 */
import { say } from '../../src/messages/index.ts';
import { parseTabs, tabsCall } from '../feishu-api.ts';
import type { MakeWorkbook, NewWorkbook } from '../index.ts';
import type { FeishuApp } from './app.ts';
import { FeishuError } from './errors.ts';
import { sharedFeishuApp } from './shared-app.ts';
import { updateSheetsCall } from './structure-api.ts';

/** A new spreadsheet. */
export const makeSpreadsheet: MakeWorkbook = async (settings, workbook) => {
  const app = sharedFeishuApp({ place: '', ...settings });
  const { spreadsheet } = await app.call<{ spreadsheet: { spreadsheet_token: string; url: string } }>({
    method: 'POST',
    path: '/open-apis/sheets/v3/spreadsheets',
    data: { title: workbook.title, ...(workbook.folder === null ? {} : { folder_token: workbook.folder }) },
    writes: true,
  });
  await nameFirstTab(app, spreadsheet.spreadsheet_token, workbook.firstTab);
  await letManage(app, spreadsheet.spreadsheet_token, 'sheet', workbook);
  return spreadsheet.url;
};

/** A new spreadsheet has one blank tab; nobody would know what it is for. */
async function nameFirstTab(app: FeishuApp, token: string, title: string): Promise<void> {
  const [first] = parseTabs(await app.call(tabsCall(token)));
  if (first !== undefined) await app.call(updateSheetsCall(token, [{ sheetId: first.id, title }]));
}

/** A new base. */
export const makeBase: MakeWorkbook = async (settings, workbook) => {
  const app = sharedFeishuApp({ place: '', ...settings });
  const { app: base } = await app.call<{ app: { app_token: string; url: string } }>({
    method: 'POST',
    path: '/open-apis/bitable/v1/apps',
    data: { name: workbook.title, ...(workbook.folder === null ? {} : { folder_token: workbook.folder }) },
    writes: true,
  });
  await letManage(app, base.app_token, 'bitable', workbook);
  return base.url;
};

async function letManage(
  app: FeishuApp,
  token: string,
  type: 'sheet' | 'bitable',
  { manager }: NewWorkbook,
): Promise<void> {
  if (manager === null) return;
  await app.call({
    method: 'POST',
    path: `/open-apis/drive/v1/permissions/${encodeURIComponent(token)}/members`,
    params: { type, need_notification: true },
    data: { ...(await memberOf(app, manager)), perm: 'full_access' },
    writes: true,
  });
}

/** A mail address is taken as it is; a mobile number has to be looked up. */
async function memberOf(app: FeishuApp, manager: string): Promise<{ member_type: string; member_id: string }> {
  if (manager.includes('@')) return { member_type: 'email', member_id: manager };
  const { user_list: users = [] } = await app.call<{ user_list?: readonly { user_id?: string }[] }>({
    method: 'POST',
    path: '/open-apis/contact/v3/users/batch_get_id',
    params: { user_id_type: 'open_id' },
    data: { mobiles: [manager] },
    writes: false,
  });
  const openId = users[0]?.user_id;
  if (openId === undefined) {
    const [key, hintKey, params] = [
      'feishu-unknown-person',
      'feishu-unknown-person-hint',
      { person: manager },
    ] as const;
    throw new FeishuError(key, say('zh-CN', key, params), {
      hint: say('zh-CN', hintKey, params),
      details: { key, hintKey, params },
    });
  }
  return { member_type: 'openid', member_id: openId };
}
