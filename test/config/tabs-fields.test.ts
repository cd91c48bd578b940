/** The 字段 tab: fields of the team's own and standard ones made theirs. */
import { describe, expect, test } from 'vitest';
import { fieldsTab, fieldsWith, internalKeys } from '../../src/config/tabs/fields.ts';
import { typeNamed } from '../../src/config/tabs/reading/type-name.ts';
import { say } from '../../src/messages/index.ts';
import { fieldTypes } from '../../src/model/fields/index.ts';
import { adminTabs } from '../../src/templates/admin.ts';
import { dateCell, readRows, verdicts, zh } from './tabs-harness.ts';

const header = [
  '表',
  '字段',
  '键',
  '类型',
  '选项',
  '必填',
  '只读',
  '默认值',
  '显示条件',
  '表单',
  '附件限制',
  '公式',
  '表头别名',
  '仅内部',
];
/** A row by column text. */
const row = (cells: Readonly<Record<string, string | number | boolean>>) => header.map((name) => cells[name] ?? null);

describe('fields of the team’s own', () => {
  test('a row is a field with all that forms need', () => {
    const { value, rows } = readRows(fieldsTab, header, [
      row({
        字段: '故障部位',
        键: 'fault_part',
        类型: '多选',
        选项: '压缩机(主机/机头)、风机、电控',
        必填: '是',
        表单: '√',
        默认值: '风机',
        表头别名: '部位、损坏部位',
      }),
      row({
        字段: '现场照片2',
        键: 'site_photos',
        类型: '附件',
        附件限制: '最多5个，每个20MB，jpg/png',
        显示条件: '问题类型=漏水',
      }),
      row({ 字段: '质保到期', 键: 'warranty_end', 类型: '公式:日期', 公式: '{购买日期}+1年' }),
      row({ 表: '上门登记', 字段: '上门费', 键: 'visit_fee', 类型: '金额', 仅内部: '是' }),
    ]);
    expect(rows.map(({ state }) => state)).toEqual(['ok', 'ok', 'ok', 'ok']);
    expect(value[0]).toMatchObject({
      table: 'tickets',
      initial: '风机',
      onForm: true,
      internal: false,
      field: {
        key: 'fault_part',
        label: { 'zh-CN': '故障部位', en: '故障部位' },
        headers: ['部位', '损坏部位'],
        options: [
          { label: '压缩机', aliases: ['主机', '机头'] },
          { label: '风机', aliases: [] },
          { label: '电控', aliases: [] },
        ],
        required: true,
        flow: 'two_way',
        custom: true,
      },
    });
    expect(value[0]?.field.type).toBe(fieldTypes.choices);
    expect(value[1]?.attachments).toEqual({ most: 5, eachBytes: 20 * 2 ** 20, extensions: ['jpg', 'png'] });
    expect(value[1]?.showWhen).toEqual({ cell: '问题类型=漏水', row: 2, column: 8 });
    expect(value[2]).toMatchObject({
      source: '{购买日期}+1年',
      field: { flow: 'db_to_sheet', type: { name: 'formula:date' } },
    });
    expect(fieldsWith('上门登记', value).map(({ key }) => key)).toEqual(['visit_fee']);
    expect(
      fieldsWith('tickets', value)
        .slice(-3)
        .map(({ key }) => key),
    ).toEqual(['fault_part', 'site_photos', 'warranty_end']);
    expect(internalKeys('上门登记', value).has('visit_fee')).toBe(true);
    expect(internalKeys('tickets', value).has('visit_fee')).toBe(false);
  });

  test('a key is made for a field that has none, and always the same', () => {
    const cells = { 字段: '工位', 类型: '文本' };
    const first = readRows(fieldsTab, header, [row(cells)]);
    const again = readRows(fieldsTab, header, [row({ 字段: '别的', 键: 'other' }), row(cells)]);
    expect(first.value[0]?.field.key).toMatch(/^f_[0-9a-f]{8}$/);
    expect(again.value[1]?.field.key).toBe(first.value[0]?.field.key);
    expect(verdicts(first)).toEqual(['warning tab-key-made@C2']);
    expect(readRows(fieldsTab, header, [row({ 字段: 'Bay No', 键: '' })]).value[0]?.field.key).toBe('bay_no');
  });
});

describe('standard fields', () => {
  test('they are renamed, get options and may be tightened', () => {
    const { value, rows } = readRows(fieldsTab, header, [
      row({ 字段: '工单进度', 键: 'status', 选项: '新建、维修中=open、等配件(缺货)=wait_third、修好了=已解决、完结' }),
      row({ 字段: '联系电话', 必填: '是' }),
      row({ 字段: '区域', 类型: '省市区' }),
    ]);
    expect(rows.map(({ state }) => state)).toEqual(['ok', 'ok', 'ok']);
    const [status, phone, region] = value.map(({ field }) => field);
    expect(status?.label['zh-CN']).toBe('工单进度');
    expect(status?.headers).toContain('处理状态');
    expect(status?.options.map(({ label, category }) => [label, category])).toEqual([
      ['新建', 'new'],
      ['维修中', 'open'],
      ['等配件', 'wait_third'],
      ['修好了', 'resolved'],
      ['完结', 'closed'],
    ]);
    expect(phone).toMatchObject({ key: 'phone', required: true, custom: false });
    expect(region?.type.name).toBe('region');
    const fields = fieldsWith('tickets', value);
    expect(fields.find(({ key }) => key === 'status')).toBe(status);
    expect(fields.find(({ key }) => key === 'title')?.label['zh-CN']).toBe('问题标题');
  });

  test('their type stays one that the column holds, and the service keeps what it writes', () => {
    const reading = readRows(fieldsTab, header, [
      row({ 字段: '合同金额', 类型: '文本' }),
      row({ 字段: 'SLA状态', 只读: '否' }),
      row({ 字段: '状态', 键: 'status', 选项: '新建、很忙、完结' }),
      row({ 字段: '处理状态', 选项: '新建、完结' }),
    ]);
    expect(verdicts(reading)).toEqual([
      'error tab-type-standard@D2',
      'warning tab-writer-service@G3',
      'error tab-option-category@E4 tab-option-lacking@E4',
      'error tab-option-lacking@E5 tab-field-twice@B5',
    ]);
    expect(reading.value.map(({ field }) => [field.key, field.flow])).toEqual([['sla_state', 'db_to_sheet']]);
  });

  test('a header people use for one means it, unless a key says otherwise; its label is never another’s', () => {
    const reading = readRows(fieldsTab, header, [
      row({ 字段: '处理人', 必填: '是' }),
      row({ 字段: '说明', 键: 'manual_note' }),
      row({ 字段: '负责人', 键: 'second_owner' }),
    ]);
    expect(verdicts(reading)).toEqual(['warning tab-field-meant@B2', 'ok', 'error tab-header-taken@B4']);
    expect(reading.value.map(({ field }) => field.key)).toEqual(['assignee', 'manual_note']);
  });

  test.each(['zh-CN', 'en'] as const)('the tab that init writes in %s is read without a fault', (locale) => {
    const tab = adminTabs(locale, true).find(({ name }) => name === say(locale, 'template-fields-tab'))!;
    const reading = readRows(
      fieldsTab,
      tab.columns.map(({ header: text }) => text),
      (tab.rows ?? []).map((cells) => cells.map((cell) => (cell ?? null) as string | null)),
      { ...zh, locale },
    );
    expect(verdicts(reading).filter((verdict) => verdict !== 'ok')).toEqual([]);
    expect(reading.rows.length).toBeGreaterThan(40);
  });
});

test('a faulty row is told and stops no other', () => {
  const reading = readRows(fieldsTab, header, [
    row({ 字段: 'A', 键: 'Bad Key' }),
    row({ 字段: 'B', 键: 'b', 类型: '多造' }),
    row({ 字段: 'C', 键: 'c', 类型: '随便什么都可以的类型' }),
    row({ 字段: 'D', 键: 'd', 类型: '数字', 默认值: '很多', 选项: 'x', 附件限制: '1个', 公式: '1+1' }),
    row({ 字段: 'E', 键: 'e', 类型: '单选', 选项: '是、是、否(是)、()' }),
    row({ 字段: 'F', 键: 'f', 类型: '公式' }),
    row({ 字段: 'G', 键: 'g', 类型: '附件', 附件限制: '不要太大' }),
    row({ 键: 'h', 类型: '文本' }),
    row({ 字段: 'I', 键: 'i' }),
    row({ 字段: 'i', 键: 'j', 必填: '随意', 只读: '谁都行' }),
    row({ 字段: 'K', 键: 'i' }),
    row({ 字段: 'L', 键: 'titel' }),
    row({ 表: '工丹', 字段: 'M', 键: 'm', 类型: '创建人', 默认值: '张三' }),
  ]);
  expect(verdicts(reading)).toEqual([
    'error tab-key-form@C2',
    'error tab-type-near@D3',
    'error tab-type-unknown@D4',
    'error tab-options-unused@E5 tab-initial@H5 tab-attachments-unused@K5 tab-source-unused@L5',
    'error tab-option-twice@E6 tab-option-word@E6 tab-option-unreadable@E6',
    'incomplete tab-incomplete@L7',
    'error tab-attachments@K8',
    'incomplete tab-incomplete@B9',
    'ok',
    'error tab-writer@G11 tab-not-a-flag@F11 tab-header-taken@B11',
    'error tab-field-twice@C12',
    'warning tab-key-near@C13',
    'warning tab-table-near@A14 tab-initial-unused@H14',
  ]);
  expect(reading.value.map(({ field }) => field.key)).toEqual(['i', 'titel', 'm']);
  const [bad] = reading.rows[3]?.notes.filter(({ code }) => code === 'tab-initial') ?? [];
  expect(bad?.message['zh-CN']).toContain('请填数字');
  expect(bad?.message.en).toContain('Write a number');
});

test('a default is kept as typed, so that 今天 is the day of the record', () => {
  const reading = readRows(
    fieldsTab,
    ['字段', '键', '类型', '默认值'],
    [
      ['回访日', 'call_on', '日期', '今天'],
      ['起算日', 'from_on', '日期', dateCell('2026-03-01')],
    ],
  );
  expect(reading.value.map(({ initial }) => initial)).toEqual(['今天', dateCell('2026-03-01')]);
});

test('every type is found under its names in both languages and its own', () => {
  for (const [name, type] of Object.entries(fieldTypes)) {
    for (const word of [name, say('zh-CN', `type.${name}`), say('en', `type.${name}`)])
      expect(typeNamed(word)).toBe(type);
  }
  expect(typeNamed('公式（数字）')?.name).toBe('formula:number');
  expect(typeNamed('Lookup: Choice')?.name).toBe('lookup:choice');
  expect(typeNamed('数字:公式')).toBeUndefined();
});
