/** The 人员 tab: people as a team lead types them. */
import { describe, expect, test } from 'vitest';
import { peopleTab } from '../../src/config/tabs/people.ts';
import { createDirectory } from '../../src/model/directory.ts';
import { dateCell, readRows, verdicts, zh } from './tabs-harness.ts';

const header = [
  '姓名',
  '别名',
  '角色',
  '小组',
  '区域',
  '技能',
  '容量',
  '权重',
  '休假',
  '代理人',
  '手机号',
  '邮箱',
  '飞书',
  '勿扰时段',
  '在职',
  '检查',
];

describe('people', () => {
  test('a row becomes a person, whatever the spelling', () => {
    const { value, rows } = readRows(peopleTab, header, [
      [
        '张三',
        '张工，小张',
        '工程师/组长',
        '华东组',
        '上海、江苏',
        'PLC，变频器',
        '８个',
        1.5,
        '3月10日下午-3月12日',
        '李工',
        13800138000,
        'zhang@example.com',
        'ou_7d8a6e',
        '22:00～8:00',
        '是',
        null,
      ],
      ['李四', '李工', '工程师', '华东组', null, null, null, null, null, null, null, null, null, null, null, null],
    ]);
    expect(rows.map(({ state }) => state)).toEqual(['ok', 'ok']);
    expect(value[0]).toEqual({
      name: '张三',
      aliases: ['张工', '小张'],
      roles: ['工程师', '组长'],
      teams: ['华东组'],
      regions: ['上海', '江苏'],
      skills: ['PLC', '变频器'],
      capacity: 8,
      weight: 1.5,
      leaves: [{ from: '2026-03-10T04:00:00.000Z', to: '2026-03-12T16:00:00.000Z' }],
      substitute: '李四',
      shift: null,
      mail: 'zhang@example.com',
      mobile: '13800138000',
      feishuId: 'ou_7d8a6e',
      dingtalkId: null,
      wecomId: null,
      quietHours: '22:00-08:00',
      active: true,
    });
    expect(value[1]).toMatchObject({ name: '李四', capacity: null, weight: 1, substitute: null, active: true });
    expect(createDirectory(value).find('张 工')?.name).toBe('张三');
  });

  test.each([
    ['3月10日', '2026-03-09T16:00', '2026-03-10T16:00'],
    ['3月10日上午', '2026-03-09T16:00', '2026-03-10T04:00'],
    ['3月10日下午', '2026-03-10T04:00', '2026-03-10T16:00'],
    ['3月10日-12日', '2026-03-09T16:00', '2026-03-12T16:00'],
    ['3月10日至3月12日上午', '2026-03-09T16:00', '2026-03-12T04:00'],
    ['2026-10-01..2026-10-07', '2026-09-30T16:00', '2026-10-07T16:00'],
    ['2026-03-10-2026-03-12', '2026-03-09T16:00', '2026-03-12T16:00'],
    ['2026-10-01~10-07', '2026-09-30T16:00', '2026-10-07T16:00'],
    ['2026-12-30 到 1月2日', '2026-12-29T16:00', '2027-01-02T16:00'],
    ['3/10-3/12', '2026-03-09T16:00', '2026-03-12T16:00'],
    ['3月10日 14:00-18:00', '2026-03-10T06:00', '2026-03-10T10:00'],
    ['3月10日上午-下午', '2026-03-09T16:00', '2026-03-10T16:00'],
  ])('a leave %s', (typed, from, to) => {
    const { value } = readRows(peopleTab, ['姓名', '休假'], [['张三', typed]]);
    expect(value[0]?.leaves).toEqual([{ from: `${from}:00.000Z`, to: `${to}:00.000Z` }]);
  });

  test('several leaves, and a day the app took for a date', () => {
    const { value } = readRows(
      peopleTab,
      ['姓名', '休假'],
      [
        ['张三', '3月10日；3月20日上午'],
        ['李四', dateCell('2026-03-10')],
      ],
    );
    expect(value[0]?.leaves).toHaveLength(2);
    expect(value[1]?.leaves).toEqual([{ from: '2026-03-09T16:00:00.000Z', to: '2026-03-10T16:00:00.000Z' }]);
  });

  test('a leave without a year that is over is told, for next year may be meant', () => {
    const reading = readRows(peopleTab, ['姓名', '休假'], [['张三', '10月1日-7日；2025-10-01']]);
    expect(verdicts(reading)).toEqual(['warning tab-leave-past@B2']);
    expect(reading.value[0]?.leaves).toHaveLength(2);
  });

  test('a faulty row is told and stops no other', () => {
    const reading = readRows(peopleTab, header, [
      [
        '张三',
        null,
        null,
        null,
        null,
        null,
        '很多',
        0,
        '休到月底',
        null,
        '没有',
        'zhang@',
        310115199001011200,
        '晚上',
        '也许',
        null,
      ],
      [null, '老王', null, null, null, null, null, null, null, null, null, null, null, null, null, null],
      ['李四', ...Array(15).fill(null)],
      ['李 四', ...Array(15).fill(null)],
      ['同上', ...Array(15).fill(null)],
      [],
    ]);
    expect(reading.value.map(({ name }) => name)).toEqual(['李四']);
    expect(verdicts(reading)).toEqual([
      'error tab-capacity@G2 tab-weight@H2 tab-leave@I2 fault.not-an-email@L2 fault.not-a-phone@K2 fault.precision-lost@M2 tab-quiet-hours@N2 tab-not-a-flag@O2',
      'incomplete tab-incomplete@A3',
      'ok',
      'error tab-person-twice@A5',
      'error fault.ditto@A6',
    ]);
    expect(reading.rows[3]?.notes[0]?.message['zh-CN']).toContain('第 4 行');
  });

  test('names that lead nowhere or to two people are warned of, and the row stays in force', () => {
    const reading = readRows(
      peopleTab,
      ['姓名', '别名', '代理人', '在职'],
      [
        ['张三', '老师傅', '李思', null],
        ['李四', '老师傅', '查无此人某某', null],
        ['王五', '张三', '王五', null],
        ['赵六', null, '钱七', null],
        ['钱七', null, null, '否'],
        ['孙八', null, '老师傅', null],
      ],
    );
    expect(reading.value).toHaveLength(6);
    expect(verdicts(reading)).toEqual([
      'warning tab-alias-shared@B2 tab-substitute-unknown-near@C2',
      'warning tab-alias-shared@B3 tab-substitute-unknown@C3',
      'warning tab-alias-name@B4 tab-substitute-self@C4',
      'warning tab-substitute-inactive@C5',
      'ok',
      'warning tab-substitute-unknown@C7',
    ]);
    expect(reading.value.map(({ substitute }) => substitute)).toEqual([null, null, null, '钱七', null, null]);
  });

  test('a shift is a calendar by name', () => {
    const calendars = [{ name: '夜班', timeZone: 'Asia/Shanghai', weekly: [], dates: [] }];
    const reading = readRows(
      peopleTab,
      ['Name', 'Shift'],
      [
        ['Bo', ' 夜班 '],
        ['Al', '白班'],
      ],
      { ...zh, calendars },
    );
    expect(reading.value.map(({ shift }) => shift)).toEqual(['夜班', null]);
    expect(verdicts(reading)).toEqual(['ok', 'warning tab-calendar-unknown-near@B3']);
  });
});
