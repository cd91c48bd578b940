/** The SLA tab: promises as a team lead types them. */
import { describe, expect, test } from 'vitest';
import { readTarget, workDaySeconds } from '../../src/config/tabs/reading/target.ts';
import { slaTab } from '../../src/config/tabs/sla.ts';
import { chinaOffice } from '../../src/model/calendars/index.ts';
import { dateCell, readRows, verdicts, zh } from './tabs-harness.ts';

const cn = { ...zh, calendars: [chinaOffice] };
const header = [
  '名称',
  '优先级',
  '客户级别',
  '首次响应',
  '再次响应',
  '解决',
  '计时方式',
  '日历',
  '暂停状态',
  '预警',
  '升级',
];

describe('policies', () => {
  test('a row is a policy, its conditions kept as they stand', () => {
    const { value, rows } = readRows(
      slaTab,
      header,
      [
        [
          '紧急',
          '紧急',
          'VIP',
          '30分钟',
          '1小时',
          '2个工作日',
          '工作时间',
          '标准工作日',
          '等客户、等备件',
          '50%,80%',
          '80%→处理人; 到期→组长; 到期+60分钟→总监|优先级+1',
        ],
        ['普通', null, null, null, null, '24小时', '自然时间', null, '无', 0.8, '到期后2小时 每2小时 3次→组长、客服'],
      ],
      cn,
    );
    expect(rows.map(({ state }) => state)).toEqual(['ok', 'ok']);
    expect(value[0]).toMatchObject({
      row: 1,
      calendar: '标准工作日',
      conditions: [
        { field: 'priority', cell: '紧急', column: 1 },
        { field: 'customer_level', cell: 'VIP', column: 2 },
      ],
      policy: {
        id: '紧急',
        targets: {
          'first-response': { seconds: 1800, mode: 'business' },
          'next-response': { seconds: 3600, mode: 'business' },
          resolution: { seconds: 2 * 7.5 * 3600, mode: 'business' },
        },
        pausing: ['wait_customer', 'wait_third'],
        warnPercents: [50, 80],
        steps: [
          { key: 'resolution:80%', metric: 'resolution', offset: { percent: 80 }, recipients: ['处理人'], actions: [] },
          { key: 'resolution:0s', metric: 'resolution', offset: { seconds: 0 }, recipients: ['组长'], actions: [] },
          {
            key: 'resolution:3600s',
            metric: 'resolution',
            offset: { seconds: 3600 },
            recipients: ['总监'],
            actions: ['优先级+1'],
          },
        ],
      },
    });
    expect(value[1]).toMatchObject({
      calendar: null,
      conditions: [],
      policy: {
        targets: { resolution: { seconds: 86_400, mode: 'calendar' } },
        pausing: [],
        warnPercents: [80],
        steps: [{ offset: { seconds: 7200 }, repeat: { everySeconds: 7200, times: 3 }, recipients: ['组长', '客服'] }],
      },
    });
  });

  test('the version changes with what the row promises, not with its place', () => {
    const row = ['紧急', '紧急', null, null, null, '4小时', null, null, null, null, null];
    const [a] = readRows(slaTab, header, [row], cn).value;
    const [b] = readRows(slaTab, header, [[], row], cn).value;
    const [c] = readRows(slaTab, header, [row.with(5, '5小时')], cn).value;
    expect(b?.policy.version).toBe(a?.policy.version);
    expect(c?.policy.version).not.toBe(a?.policy.version);
  });

  test('a faulty row is told and left away', () => {
    const reading = readRows(
      slaTab,
      [...header, '优先及', '随便写的一列'],
      [
        ['A', null, null, '30', null, '尽快', null, null, null, null, null],
        ['B', null, null, null, null, '1天', '看情况', '夜班', '睡觉', '150%', null],
        ['C', null, null, null, null, null, null, null, null, null, null],
        [
          'D',
          null,
          null,
          null,
          null,
          '4小时',
          null,
          null,
          null,
          null,
          '响应80%→处理人; 80%; 到期→组长; 超时→总监; 到期+1小时→总监|重启',
        ],
        ['d', null, null, null, null, '4小时', null, null, null, null, null],
        ['E', null, null, null, null, '4小时', null, null, null, null, null],
      ],
      cn,
    );
    expect(verdicts(reading)).toEqual([
      'error tab-sla-unit@D2 tab-sla-target@F2 tab-sla-no-target@A2',
      'error tab-sla-mode@G3 tab-calendar-unknown@H3 tab-sla-day@F3 tab-sla-status@I3 tab-sla-warn@J3 tab-sla-no-target@A3',
      'incomplete tab-sla-no-target@A4',
      'error tab-step-no-target@K5 tab-step@K5 tab-step-twice@K5 tab-step-action@K5',
      'error tab-name-twice@A6',
      'ok',
    ]);
    expect(reading.head.map(({ code, address }) => `${code}@${address}`)).toEqual([
      'tab-header-near@L1',
      'tab-header-unknown@M1',
    ]);
    expect(reading.value.map(({ policy }) => policy.id)).toEqual(['E']);
  });

  test('a row promising a response only escalates that', () => {
    const { value } = readRows(
      slaTab,
      ['Name', 'First response', 'Escalation'],
      [['P1', '30 min', '80%->assignee; 30 min before due->team lead']],
      {
        ...zh,
        locale: 'en',
      },
    );
    expect(value[0]?.policy.steps.map(({ key }) => key)).toEqual(['first-response:80%', 'first-response:-1800s']);
  });

  test('a colon does for an arrow, and stands behind the name of a clock', () => {
    const row = ['A', '1小时', '4小时', '响应：80%→处理人；超时：组长'];
    const { value } = readRows(slaTab, ['名称', '响应时限', '解决时限', '升级'], [row]);
    expect(value[0]?.policy.steps.map(({ key }) => key)).toEqual(['first-response:80%', 'resolution:0s']);
  });

  test('a row switched off promises nothing', () => {
    const reading = readRows(slaTab, ['名称', '启用', '解决'], [['A', '否', '4小时']]);
    expect(verdicts(reading)).toEqual(['ok']);
    expect(reading.value).toEqual([]);
  });
});

describe('targets', () => {
  test('a working day is as long as Monday', () => {
    expect(workDaySeconds(chinaOffice)).toBe(7.5 * 3600);
    expect(workDaySeconds(undefined)).toBe(8 * 3600);
    const night = { weekdays: [6], hours: [{ from: 20 * 3600, to: 4 * 3600 }] };
    expect(workDaySeconds({ ...chinaOffice, weekly: [night] })).toBe(8 * 3600);
  });
  test.each([
    ['30分钟', 'business', 1800, 'business'],
    ['半个工作日', 'business', 14_400, 'business'],
    ['1.5小时', 'calendar', 5400, 'calendar'],
    ['2个工作日', 'calendar', 57_600, 'business'],
    ['3天', 'calendar', 259_200, 'calendar'],
    ['1个自然日', 'business', 86_400, 'calendar'],
    ['4个工作小时', 'calendar', 14_400, 'business'],
    ['30分钟(自然)', 'business', 1800, 'calendar'],
    ['自然时间 4小时', 'business', 14_400, 'calendar'],
    ['2 business days', 'business', 57_600, 'business'],
    ['90m', 'business', 5400, 'business'],
    ['15分钟内', 'business', 900, 'business'],
  ] as const)('%s in %s time', (text, mode, seconds, counted) => {
    expect(readTarget(text, mode, 8 * 3600)).toEqual({ ok: true, target: { seconds, mode: counted } });
  });
  test('0:30 that the app took for a time is half an hour', () => {
    const cell = dateCell('1899-12-30 00:30:00', true) as Parameters<typeof readTarget>[0];
    expect(readTarget(cell, 'business', 1)).toEqual({ ok: true, target: { seconds: 1800, mode: 'business' } });
  });
  test.each([
    ['30', 'tab-sla-unit'],
    [4, 'tab-sla-unit'],
    ['1天', 'tab-sla-day'],
    ['0分钟', 'tab-sla-target'],
    ['很快', 'tab-sla-target'],
    [true, 'tab-sla-target'],
  ] as const)('%s is refused', (typed, code) => {
    expect(readTarget(typed, 'business', 1)).toEqual({ ok: false, code });
  });
});
