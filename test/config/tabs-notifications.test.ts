/** The 通知 tab: templates and whom they may reach. */
import { expect, test } from 'vitest';
import { configTabs, withFields } from '../../src/config/tabs/index.ts';
import { notificationsTab } from '../../src/config/tabs/notifications.ts';
import { gridOf, readRows, verdicts, zh } from './tabs-harness.ts';

const context = { ...zh, channels: ['钉钉群', 'mail', '短信'] };
const header = ['名称', '渠道', '标题', '模板', '英文模板', '发给客户', '免打扰', '汇总', '每日上限'];

test('a row is a template with every place looked up', () => {
  const { value, rows } = readRows(
    notificationsTab,
    header,
    [
      [
        '超时提醒',
        '钉钉群、Mail',
        '{工单号} 将超时',
        '{负责人}：{问题标题}\n截止 {due_at}，{链接} {{原样}}',
        null,
        '否',
        '紧急照发',
        '是',
        '5条',
      ],
      [
        '受理通知',
        '短信',
        null,
        '您的工单{工单号}已受理。',
        'Ticket {Ticket No} is in progress.',
        '客户',
        null,
        null,
        null,
      ],
    ],
    context,
  );
  expect(rows.map(({ state }) => state)).toEqual(['ok', 'ok']);
  expect(value[0]).toEqual({
    name: '超时提醒',
    channels: ['钉钉群', 'mail'],
    title: { 'zh-CN': '{工单号} 将超时', en: '{工单号} 将超时' },
    text: {
      'zh-CN': '{负责人}：{问题标题}\n截止 {due_at}，{链接} {{原样}}',
      en: '{负责人}：{问题标题}\n截止 {due_at}，{链接} {{原样}}',
    },
    places: { 工单号: 'ticket_no', 负责人: 'assignee', 问题标题: 'title', due_at: 'due_at', 链接: '@link' },
    audience: 'staff',
    quietHours: 'urgent-only',
    digest: true,
    dailyCap: 5,
  });
  expect(value[1]).toMatchObject({
    title: { 'zh-CN': '受理通知', en: '受理通知' },
    text: { en: 'Ticket {Ticket No} is in progress.' },
    audience: 'customer',
    quietHours: 'wait',
    dailyCap: null,
  });
});

test('a text for customers names nothing internal; the same text for the team may', () => {
  const reading = readRows(
    notificationsTab,
    header,
    [
      ['A', '短信', null, '备注：{备注}', null, '是', null, null, null],
      ['B', '短信', null, '备注：{备注}', null, '否', null, null, null],
      ['C', '短信', null, '由{操作人}处理', null, '是', null, null, null],
    ],
    context,
  );
  expect(verdicts(reading)).toEqual(['error tab-place-internal@D2', 'ok', 'error tab-place-internal@D4']);
  expect(reading.value.map(({ name }) => name)).toEqual(['B']);
});

test('fields of the tab of fields are known by name, and internal where it says so', () => {
  const { value } = configTabs.fields.read(
    gridOf(
      ['字段', '键', '仅内部'],
      ['工单编号', 'ticket_no', null],
      ['成本', 'cost', '是'],
      ['到场人', 'visitor', null],
      ['备注', null, '否'],
    ),
    zh,
  );
  const rows = [
    ['A', '短信', null, '{工单编号} {到场人} {备注} {客户电话}', null, '是'],
    ['B', '短信', null, '{成本}', null, '是'],
  ];
  const reading = readRows(notificationsTab, header, rows, withFields(context, value));
  expect(verdicts(reading)).toEqual(['ok', 'error tab-place-internal@D3']);
  expect(reading.value[0]?.places).toEqual({
    工单编号: 'ticket_no',
    到场人: 'visitor',
    备注: 'note',
    客户电话: 'phone',
  });
});

test('a faulty row is told and left away', () => {
  const reading = readRows(
    notificationsTab,
    header,
    [
      ['A', '钉钉裙、飞鸽传书', null, '{问题标体} {谁知道的地方} {', null, '也许', '看心情', null, '很多'],
      ['B', '短信', null, null, null, null, null, null, null],
      ['C', null, null, '你好', null, null, null, null, null],
      ['D', '短信', null, '你好', null, null, null, null, null],
      ['d', '短信', null, '你好', null, null, null, null, null],
    ],
    context,
  );
  expect(verdicts(reading)).toEqual([
    'error tab-not-a-flag@F2 tab-place-near@D2 tab-place-unknown@D2 tab-brace@D2 tab-channel-near@B2 tab-channel-unknown@B2 tab-quiet-behaviour@G2 tab-cap@I2',
    'incomplete tab-text-missing@D3',
    'incomplete tab-incomplete@B4',
    'ok',
    'error tab-name-twice@A6',
  ]);
  expect(reading.value.map(({ name }) => name)).toEqual(['D']);
});
