/** Values of fields as cells and back, without a network: what the vendor sends, and what it is sent. */
import { expect, test } from 'vitest';
import { fieldOf } from '../../connectors/bitable/field.ts';
import { People } from '../../connectors/bitable/people.ts';
import { pictureOf } from '../../connectors/bitable/picture.ts';
import { readCell } from '../../connectors/bitable/read-cell.ts';
import { writeCell } from '../../connectors/bitable/write-cell.ts';
import type { WireField, WireRecord } from '../../connectors/bitable-api.ts';
import { type CellInput, type CellValue, type DateCell, rawText } from '../../src/model/cell.ts';

const ZONE = 'Asia/Shanghai';
const field = (type: number, property: WireField['property'] = null, uiType?: string) =>
  fieldOf({
    field_id: 'fld1',
    field_name: 'F',
    type,
    property,
    ...(uiType === undefined ? {} : { ui_type: uiType }),
  });
const read = (type: number, value: unknown, property?: WireField['property']): CellValue =>
  readCell(field(type, property), value, ZONE);
const date = (text: string, hasTime: boolean): DateCell => ({ kind: 'date', wallMs: Date.parse(text), hasTime });
const formula = (result: unknown, expression = '') => ({ kind: 'formula', formula: expression, result });
const DAY = { date_formatter: 'yyyy/MM/dd' };
const MOMENT = { date_formatter: 'yyyy-MM-dd HH:mm' };
const person = (id: string, name: string) => ({ id, name, en_name: name, email: '' });

const people = new People();
people.learn(
  [field(11)],
  [
    { record_id: 'r', fields: { F: [person('ou_1', '张三'), person('ou_2', '李四')] } },
    { record_id: 'r', fields: { F: [person('ou_3', '王伟'), person('ou_4', '王伟')] } },
  ],
);
const write = (type: number, value: CellInput, property?: WireField['property'], uiType?: string) => {
  const sent = writeCell(field(type, property, uiType), value, { timeZone: ZONE, people });
  return sent.ok ? sent.value : sent.code;
};

test.each<[string, number, unknown, unknown, WireField['property']?]>([
  [
    'text in segments',
    1,
    [
      { type: 'text', text: '网站' },
      { type: 'mention', text: '@张三', token: 'ou' },
    ],
    '网站@张三',
  ],
  ['a bare text', 1, '网站', '网站'],
  [
    'an address in a text',
    1,
    [{ type: 'url', text: '官网', link: 'https://a.cn' }],
    { kind: 'link', text: '官网', url: 'https://a.cn' },
  ],
  ['a mail address', 1, [{ type: 'url', text: 'a@b.cn', link: 'mailto:a@b.cn' }], 'a@b.cn'],
  ['a number', 2, 2323.2323, 2323.2323],
  ['a number sent as text', 2, '12', 12],
  ['zero', 2, 0, 0],
  ['one choice', 3, '进行中', '进行中'],
  ['several choices', 4, ['漏水', '异响'], '漏水、异响'],
  ['a day', 5, 1_690_905_600_000, date('2023-08-02T00:00:00Z', false), DAY],
  ['a day with a hidden time', 5, 1_690_905_660_000, date('2023-08-02T00:01:00Z', true), DAY],
  ['a moment at midnight', 5, 1_690_905_600_000, date('2023-08-02T00:00:00Z', true), MOMENT],
  ['ticked', 7, true, true],
  ['not ticked', 7, false, false],
  ['people', 11, [person('ou_1', '张三'), person('ou_2', '李四')], '张三、李四'],
  ['a phone', 13, '+8613800138000', '+8613800138000'],
  ['a link', 15, { text: '官网', link: 'https://a.cn' }, { kind: 'link', text: '官网', url: 'https://a.cn' }],
  ['a link that shows its address', 15, { text: 'https://a.cn', link: 'https://a.cn' }, 'https://a.cn'],
  [
    'files',
    17,
    [
      { file_token: 'x', name: '现场.jpg' },
      { file_token: 'y', name: '铭牌.png' },
    ],
    '现场.jpg、铭牌.png',
  ],
  ['linked records', 18, { link_record_ids: ['rec1', 'rec2'] }, 'rec1、rec2'],
  ['linked records of an older base', 21, [{ record_ids: ['rec1'], text_arr: ['甲'], text: '甲', type: 'text' }], '甲'],
  ['a place', 22, { full_address: '北京市东城区', location: '116.3,39.9', name: '天安门' }, '北京市东城区'],
  ['groups', 23, [{ id: 'oc_1', name: '售后群' }], '售后群'],
  ['a formula of text', 20, { type: 1, value: [{ type: 'text', text: '✅ 正常' }] }, formula('✅ 正常')],
  ['a formula of a number', 20, { type: 2, value: [6] }, formula(6, 'x*2'), { formula_expression: 'x*2' }],
  [
    'a formula of a day',
    20,
    { type: 5, value: [1_690_905_600_000] },
    formula(date('2023-08-02T00:00:00Z', false)),
    { formatter: 'yyyy/MM/dd' },
  ],
  ['a bare formula', 20, 7.5, formula(7.5)],
  ['a lookup of several', 19, { type: 3, value: ['华东', '华北'] }, formula('华东、华北')],
  ['a formula without a value', 20, undefined, formula(null)],
  ['when made', 1001, 1_690_905_600_000, formula(date('2023-08-02T00:00:00Z', true)), MOMENT],
  ['who made it', 1003, [person('ou_1', '张三')], formula('张三')],
  ['who changed it, bare', 1004, person('ou_1', '张三'), formula('张三')],
  ['a number given by the base', 1005, '17', formula('17')],
  ['a type of the future', 4711, [{ text: 'x', type: 'new' }], 'x'],
  ['nothing', 1, undefined, null],
  ['an empty list', 11, [], null],
  ['an unticked box that was never touched', 7, undefined, null],
])('%s is read', (_name, type, value, cell, property) => {
  expect(read(type, value, property)).toEqual(cell);
});

test.each<[string, number, CellInput, unknown, WireField['property']?]>([
  ['text', 1, '=1+1', '=1+1'],
  ['a number as text', 1, 12.5, '12.5'],
  ['a moment as text', 1, date('2026-03-10T11:30:00Z', true), '2026-03-10 11:30:00'],
  ['a number', 2, 0.1 + 0.2, 0.1 + 0.2],
  ['a text that is a number', 2, '3', 3],
  ['a choice nobody offered yet', 3, '新选项', '新选项'],
  ['choices', 4, '漏水、异响', ['漏水', '异响']],
  ['a choice that holds the mark between choices', 4, '甲、乙', ['甲、乙'], { options: [{ name: '甲、乙' }] }],
  ['a day', 5, date('2023-08-02T00:00:00Z', false), 1_690_905_600_000, DAY],
  ['a moment', 5, date('2023-08-02T11:30:15Z', true), 1_690_947_015_000, MOMENT],
  ['a text that is a moment', 5, '2023-08-02 11:30:15', 1_690_947_015_000, MOMENT],
  ['a tick', 7, false, false],
  ['people', 11, '张三、李四', [{ id: 'ou_1' }, { id: 'ou_2' }]],
  ['a phone', 13, '+8613800138000', '+8613800138000'],
  ['an address', 15, 'https://a.cn/?b=1', { text: 'https://a.cn/?b=1', link: 'https://a.cn/?b=1' }],
  ['nothing', 5, null, null],
])('%s is sent', (_name, type, value, wire, property) => {
  expect(write(type, value, property)).toEqual(wire);
});

test.each<[string, number, CellInput, string, WireField['property']?, string?]>([
  ['empty text', 1, '', 'bitable-empty-text'],
  ['a control character', 1, 'bell\u0007', 'bitable-characters'],
  ['half a character', 1, 'half \ud83d', 'bitable-characters'],
  ['a text too long', 1, 'x'.repeat(100_001), 'patch-text-too-long'],
  ['zeros in front', 2, '007', 'bitable-not-number'],
  ['words', 2, '三', 'bitable-not-number'],
  ['a tick', 2, true, 'bitable-not-number'],
  ['no number', 2, Number.NaN, 'patch-number'],
  ['a rating of eleven', 2, 11, 'bitable-out-of-bounds', { min: 1, max: 5 }, 'Rating'],
  ['half a star', 2, 2.5, 'bitable-out-of-bounds', { min: 1, max: 5 }, 'Rating'],
  ['a choice with blanks around', 3, ' 甲 ', 'bitable-not-choice'],
  ['one choice twice', 4, '甲、甲', 'bitable-not-choice'],
  ['an empty choice', 4, '甲、', 'bitable-not-choice'],
  ['a text', 5, '下周二', 'bitable-not-date', DAY],
  ['a day where a time shows', 5, date('2023-08-02T00:00:00Z', false), 'bitable-shows-time', MOMENT],
  ['midnight where none shows', 5, date('2023-08-02T00:00:00Z', true), 'bitable-shows-no-time', DAY],
  ['an hour the clock skipped', 5, date('1986-05-04T02:30:00Z', true), 'bitable-not-date', MOMENT],
  ['yes', 7, '是', 'bitable-not-checkbox'],
  ['somebody never seen', 11, '赵六', 'bitable-not-person'],
  ['one of two with the same name', 11, '王伟', 'bitable-not-person'],
  ['two where one fits', 11, '张三、李四', 'bitable-not-person', { multiple: false }],
  ['an extension', 13, '010-6234 转 801', 'bitable-not-phone'],
  ['a word', 15, '官网', 'bitable-not-url'],
  ['a file', 17, '现场.jpg', 'bitable-read-only-field'],
  ['a linked record', 18, 'rec1', 'bitable-read-only-field'],
  ['a formula', 20, 7, 'patch-formula'],
  ['a lookup', 19, 'x', 'patch-formula'],
  ['when made', 1001, date('2023-08-02T00:00:00Z', true), 'patch-formula'],
  ['a type of the future', 4711, 'x', 'bitable-read-only-field'],
])('%s is refused', (_name, type, value, code, property, uiType) => {
  expect(write(type, value, property, uiType)).toBe(code);
});

test('what is sent reads as what was meant, for every field that takes it', () => {
  const values: readonly CellInput[] = [
    '无法开机',
    '007',
    '3',
    '3.10',
    'TRUE',
    '2026-03-10',
    '2026-03-10 00:00:00',
    'https://a.cn',
    '13800138000',
    '张三',
    '甲、乙',
    0,
    -1.5,
    1e21,
    5e-324,
    true,
    false,
    date('2026-03-10T00:00:00Z', false),
    date('2026-03-10T00:00:00Z', true),
    date('1850-06-01T00:00:00Z', false),
    date('9999-12-31T23:59:59Z', true),
  ];
  const shapes: readonly [number, WireField['property']][] = [
    [1, null],
    [2, null],
    [3, null],
    [4, null],
    [5, DAY],
    [5, MOMENT],
    [7, null],
    [11, null],
    [13, null],
    [15, null],
  ];
  let held = 0;
  for (const [type, property] of shapes) {
    for (const value of values) {
      const sent = writeCell(field(type, property), value, { timeZone: ZONE, people });
      if (!sent.ok) continue;
      held++;
      // People come back with their names.
      const echoed = type === 11 ? [person('ou_1', '张三')] : sent.value;
      expect([type, rawText(read(type, echoed, property))]).toEqual([type, rawText(value)]);
    }
  }
  expect(held).toBeGreaterThan(50);
});

test('a table is a grid: names first, blank records are blank rows, and none at the end', () => {
  const wire: WireField[] = [
    { field_id: 'f2', field_name: '数量', type: 2 },
    { field_id: 'f3', field_name: '编号', type: 1005 },
    { field_id: 'f1', field_name: '标题', type: 1, is_primary: true },
  ];
  const record = (id: string, fields: WireRecord['fields'], at: number, name = ''): WireRecord => ({
    record_id: id,
    fields: { ...fields, 编号: id },
    last_modified_by: { id: `ou_${name}`, name },
    last_modified_time: at,
  });
  const fields = [wire[2]!, wire[0]!, wire[1]!].map(fieldOf);
  const picture = pictureOf(
    { table_id: 't', name: '表', revision: 3 },
    fields,
    [
      record('r1', { 标题: [{ type: 'text', text: '甲' }] }, 10, '张三'),
      record('r2', {}, 40, '李四'),
      record('r3', { 数量: 3 }, 20, ''),
      record('r4', {}, 30, '王五'),
    ],
    ZONE,
  );
  expect(picture.grid.rows).toEqual([
    ['标题', '数量', '编号'],
    ['甲', null, formula('r1')],
    [],
    [null, 3, formula('r3')],
  ]);
  expect(picture.editors).toEqual([null, '张三', '李四', null]);
  expect(picture.recordIds).toEqual(['r1', 'r2', 'r3', 'r4']);
  expect(picture.lastEdit).toEqual({ atMs: 40, name: '李四' });
});
