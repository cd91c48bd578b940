/** The vendor's own SDK against the local Feishu: what is set up around cells and records, made, changed and taken away. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Desk, openDesk } from './feishu-fake-desk.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await openDesk();
});
afterEach(() => desk.close());

const range = (area: string) => `${desk.id()}!${area}`;

describe('around cells', () => {
  test('a dropdown is changed for some of its cells, and told column by column', async () => {
    const rule = (...conditionValues: string[]) => ({
      dataValidationType: 'list',
      dataValidation: { conditionValues },
    });
    await desk.v2('POST', 'dataValidation', { range: range('A2:B9'), ...rule('甲', '乙') });
    const update = { ranges: [range('A4:A5')], ...rule('丙') };
    expect((await desk.v2('PUT', `dataValidation/${desk.id()}`, update)).data).toMatchObject({ sheetId: desk.id() });
    const query = { range: range('A1:C9'), dataValidationType: 'list' };
    const { dataValidations } = (await desk.v2('GET', 'dataValidation', undefined, query)).data;
    expect(
      Object.fromEntries(
        dataValidations.map((each: { conditionValues: string[]; ranges: string[] }) => [
          each.conditionValues.join(),
          each.ranges,
        ]),
      ),
    ).toEqual({
      '甲,乙': [range('A2:A3'), range('A6:A9'), range('B2:B9')],
      丙: [range('A4:A5')],
    });
    await desk.v2('DELETE', 'dataValidation', { dataValidationRanges: [{ range: range('A1:C9') }] });
    expect((await desk.v2('GET', 'dataValidation', undefined, query)).data.dataValidations).toEqual([]);
    for (const values of [['a,b'], ['x'.repeat(101)], [], Array.from({ length: 501 }, (_, n) => String(n))]) {
      expect((await desk.v2('POST', 'dataValidation', { range: range('A2:A2'), ...rule(...values) })).code).toBe(90204);
    }
  });

  test('a rule of colours is replaced whole, and removed', async () => {
    const format = (text: string, id?: string) => ({
      sheet_id: desk.id(),
      condition_format: {
        ...(id === undefined ? {} : { cf_id: id }),
        ranges: [range('A1:A9'), range('2:3')],
        rule_type: 'containsText',
        attrs: [{ operator: 'is', text }],
        style: { fore_color: '#ff0000' },
      },
    });
    const list = (...items: unknown[]) => ({ sheet_condition_formats: items });
    const made = await desk.v2('POST', 'condition_formats/batch_create', list(format('高')));
    const id = made.data.responses[0].cf_id;
    const changed = await desk.v2(
      'POST',
      'condition_formats/batch_update',
      list(format('低', id), format('低', 'nobody')),
    );
    expect(changed.data.responses).toMatchObject([{ cf_id: id, res_code: 0 }, { res_code: 90233 }]);
    const get = async () =>
      (await desk.v2('GET', 'condition_formats', undefined, { sheet_ids: desk.id() })).data.sheet_condition_formats;
    expect(await get()).toMatchObject([{ condition_format: { cf_id: id, attrs: [{ text: '低' }] } }]);
    await desk.v2('DELETE', 'condition_formats/batch_delete', { sheet_cf_ids: [{ sheet_id: desk.id(), cf_id: id }] });
    expect(await get()).toEqual([]);
    const many = list(...Array.from({ length: 10 }, () => format('x')));
    await desk.v2('POST', 'condition_formats/batch_create', many);
    await desk.v2('POST', 'condition_formats/batch_create', many);
    const more = await desk.v2('POST', 'condition_formats/batch_create', list(format('x')));
    expect(more.data.responses).toMatchObject([{ res_code: 90226 }]);
  });

  test('protection gets other lines and other editors, and goes', async () => {
    const person = desk.feishu.addPerson({ name: '王芳' });
    const dimension = (startIndex: number, endIndex: number) => ({
      sheetId: desk.id(),
      majorDimension: 'COLUMNS',
      startIndex,
      endIndex,
    });
    const add = { addProtectedDimension: [{ dimension: dimension(1, 1), lockInfo: '系统列' }] };
    const { protectId } = (await desk.v2('POST', 'protected_dimension', add)).data.addProtectedDimension[0];
    const editors = { addEditors: [{ memberType: 'openId', memberId: person.openId }] };
    const requests = [{ protectId, dimension: dimension(1, 2), editors }];
    const { replies } = (await desk.v2('POST', 'protected_range_batch_update', { requests })).data;
    expect(replies).toMatchObject([{ protectId, dimension: dimension(1, 2), lockInfo: '系统列' }]);
    const asked = { protectIds: protectId, memberType: 'openId' };
    const { protectedRanges } = (await desk.v2('GET', 'protected_range_batch_get', undefined, asked)).data;
    expect(protectedRanges[0].editors.users).toContainEqual({ memberType: 'openId', memberId: person.openId });
    expect((await desk.v2('POST', 'protected_range_batch_update', { requests: [{ protectId: '1' }] })).code).toBe(
      90229,
    );
    await desk.v2('DELETE', 'protected_range_batch_del', { protectIds: [protectId] });
    expect(desk.sheet.tab('工单').protections).toEqual([]);
  });

  test('a workbook is made and named; text is found in a tab; open ranges bring a hundred columns', async () => {
    const made = await desk.ask('POST', 'sheets/v3/spreadsheets', { title: '新表' });
    const { spreadsheet_token: token } = made.data.spreadsheet;
    await desk.ask('PATCH', `sheets/v3/spreadsheets/${token}`, { title: '改名' });
    const found = await desk.ask('GET', `sheets/v3/spreadsheets/${token}`);
    expect(found.data.spreadsheet).toMatchObject({ title: '改名', token });
    const find = (more: object) =>
      desk.v3('POST', `sheets/${desk.id()}/find`, { find: 't-1', find_condition: { range: range('A1:E9'), ...more } });
    expect((await find({ match_case: true })).data.find_result).toMatchObject({ matched_cells: ['A2'], rows_count: 1 });
    expect((await find({})).data.find_result.matched_cells).toEqual([]);
    desk.sheet.type('工单', [{ row: 0, column: 149, value: 'x' }]);
    expect((await desk.read('A1:ET')).range).toBe(range('A1:CV2'));
    expect((await desk.read('A1:ET1')).values[0]).toHaveLength(150);
  });

  test('collaborators are added by those who manage a file', async () => {
    const person = desk.feishu.addPerson({ name: '王芳', email: 'wang@a.example' });
    const member = { member_type: 'email', member_id: 'wang@a.example', perm: 'edit' };
    const add = () => desk.ask('POST', `drive/v1/permissions/${desk.sheet.token}/members`, member, { type: 'sheet' });
    expect((await add()).data.member).toMatchObject(member);
    expect(desk.feishu.members.get(`${desk.sheet.token} wang@a.example`)).toBe('edit');
    desk.sheet.addApp('edit');
    expect(await add()).toMatchObject({ status: 403, code: 1063002 });
    const subscribed = await desk.ask('POST', `drive/v1/files/${desk.sheet.token}/subscribe`, undefined, {
      file_type: 'sheet',
    });
    expect(subscribed).toMatchObject({ status: 403, code: 1069603 });
    const user = await desk.ask('GET', `contact/v3/users/${person.openId}`, undefined, { user_id_type: 'open_id' });
    expect(user.data.user).toMatchObject({ name: '王芳', email: 'wang@a.example' });
    expect(await desk.ask('GET', 'bot/v3/info')).toMatchObject({ bot: { activate_status: 2 } });
    desk.feishu.switches.missingScopes = ['im:chat'];
    const { scopes } = (await desk.ask('GET', 'application/v6/scopes')).data;
    expect(scopes).toContainEqual({ scope_name: 'im:chat', grant_status: 2 });
  });
});

describe('around records', () => {
  const base = () =>
    desk.feishu.addBase('工单', [
      {
        name: '工单',
        fields: [
          { name: '标题', type: 1 },
          { name: '数量', type: 2 },
          { name: '状态', type: 3, property: { options: [{ name: '新' }, { name: '旧' }] } },
        ],
        records: [{ 标题: '丙', 数量: 3, 状态: '新' }, { 标题: '甲', 数量: 1, 状态: '旧' }, { 标题: '乙' }],
      },
    ]);

  test('tables and fields are made, renamed and removed; the first field is one of few kinds', async () => {
    const { token } = base();
    const apps = `bitable/v1/apps/${token}`;
    const table = (fields: object[], name = '客户') => desk.ask('POST', `${apps}/tables`, { table: { name, fields } });
    expect(await table([{ field_name: '级别', type: 3 }])).toMatchObject({ status: 400, code: 1254012 });
    expect((await table([{ field_name: 'a', type: 1 }], '工单')).code).toBe(1254013);
    const made = (await table([{ field_name: '名称', type: 1 }])).data;
    const one = `${apps}/tables/${made.table_id}`;
    const field = (await desk.ask('POST', `${one}/fields`, { field_name: '时间', type: 5 })).data.field;
    expect(field).toMatchObject({ is_primary: false, ui_type: 'DateTime', property: { date_formatter: 'yyyy/MM/dd' } });
    await desk.ask('PUT', `${one}/fields/${field.field_id}`, { field_name: '日期', type: 5 });
    const { items, total } = (await desk.ask('GET', `${one}/fields`)).data;
    expect([total, items.map(({ field_name }: { field_name: string }) => field_name)]).toEqual([2, ['名称', '日期']]);
    expect((await desk.ask('DELETE', `${one}/fields/${made.field_id_list[0]}`)).code).toBe(1254012);
    await desk.ask('DELETE', `${one}/fields/${field.field_id}`);
    await desk.ask('PATCH', one, { name: '客户表' });
    const listed = (await desk.ask('GET', `${apps}/tables`)).data.items;
    expect(listed).toMatchObject([{ name: '工单', revision: 1 }, { name: '客户表' }]);
    await desk.ask('DELETE', one);
    expect((await desk.ask('GET', `${one}/fields`)).code).toBe(1254041);
  });

  test('options keep their ids when a field is changed; what is an option no more is gone from records', async () => {
    const file = base();
    const table = file.table('工单');
    const [, , field] = table.fields;
    const before = (field!.property as { options: { id: string; name: string }[] }).options;
    const options = [{ id: before[0]!.id, name: '新建' }, { name: '关闭' }];
    const url = `bitable/v1/apps/${file.token}/tables/${table.id}/fields/${field!.id}`;
    const changed = await desk.ask('PUT', url, { field_name: '状态', type: 3, property: { options } });
    expect(changed.data.field.property.options).toMatchObject([{ id: before[0]!.id, name: '新建' }, { name: '关闭' }]);
    expect(table.records.map(({ values }) => values.get(field!.id))).toEqual(['新建', undefined, undefined]);
  });

  test('a search filters, sorts and picks fields; its pages shift when records go', async () => {
    const file = base();
    const table = file.table('工单');
    const url = `bitable/v1/apps/${file.token}/tables/${table.id}/records`;
    const titles = async (body: object, params?: Record<string, string>) => {
      const { items, page_token: next } = (await desk.ask('POST', `${url}/search`, body, params)).data;
      return {
        next,
        titles: items.map(({ fields }: { fields: Record<string, { text: string }[]> }) => fields.标题?.[0]?.text),
      };
    };
    const sort = [{ field_name: '数量', desc: true }];
    const is = (name: string, operator: string, ...value: string[]) => ({
      filter: { conjunction: 'and', conditions: [{ field_name: name, operator, value }] },
    });
    expect((await titles({ ...is('数量', 'isNotEmpty'), sort })).titles).toEqual(['丙', '甲']);
    expect((await titles(is('状态', 'is', '旧'))).titles).toEqual(['甲']);
    expect((await desk.ask('POST', `${url}/search`, is('没有', 'is', 'x'))).code).toBe(1254045);
    const first = await titles({ field_names: ['标题'] }, { page_size: '1' });
    file.deleteRecord('工单', table.records[0]!.id);
    expect((await titles({}, { page_size: '1', page_token: first.next })).titles).toEqual(['乙']);
    const gone = await desk.ask('POST', `${url}/batch_delete`, { records: [table.records[0]!.id, 'rec404'] });
    expect([gone.code, table.records.length]).toEqual([1254043, 2]);
    const got = await desk.ask('POST', `${url}/batch_get`, { record_ids: [table.records[0]!.id, 'rec404'] });
    expect(got.data).toMatchObject({ absent_record_ids: ['rec404'], records: { length: 1 } });
  });
});
