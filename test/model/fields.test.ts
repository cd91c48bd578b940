/** What people type and what is kept of it, type by type. Examples are data: `[typed, kept]` or `[typed, fault code]`. */
import { describe, expect, test } from 'vitest';
import { say } from '../../src/messages/index.ts';
import type { DateCell, PlainValue } from '../../src/model/cell.ts';
import type { ChoiceOption, FaultCode, FieldContext, TypedCell } from '../../src/model/field.ts';
import { fieldTypes, optionLabel, optionOf } from '../../src/model/fields/index.ts';
import { priorityOptions, statusOptions } from '../../src/model/status.ts';

type TypeName = keyof typeof fieldTypes;

const zh: FieldContext = { timeZone: 'Asia/Shanghai', locale: 'zh-CN', options: [], now: '2026-03-10T04:00:00.000Z' };
const en: FieldContext = { ...zh, locale: 'en' };

function wall(text: string, hasTime = text.length > 10): DateCell {
  return {
    kind: 'date',
    wallMs: Date.parse(`${text.length > 10 ? text.replace(' ', 'T') : `${text}T00:00`}Z`),
    hasTime,
  };
}

class Refused {
  readonly code: FaultCode;
  constructor(code: FaultCode) {
    this.code = code;
  }
}
const no = (code: FaultCode) => new Refused(code);

function check(
  name: TypeName,
  context: FieldContext,
  examples: readonly (readonly [TypedCell, PlainValue | Refused])[],
): void {
  test.each(examples.map(([typed, kept]) => ({ typed, kept })))(
    `${name} (${context.locale}): $typed`,
    ({ typed, kept }) => {
      const parsed = fieldTypes[name].parse(typed, context);
      if (!(kept instanceof Refused)) return expect(parsed).toEqual({ ok: true, value: kept });
      expect(parsed).toMatchObject({ ok: false, fault: { code: kept.code } });
      if (parsed.ok) return;
      for (const locale of ['zh-CN', 'en'] as const) {
        const told = say(locale, `fault.${parsed.fault.code}`, parsed.fault.params);
        expect(told).not.toMatch(/\{\w+\}|^fault\./);
      }
    },
  );
}

describe('text', () => {
  check('text', zh, [
    ['  显示器 \n', '显示器'],
    ['007', '007'],
    ['Ａ１', 'Ａ１'],
    ['a\r\nb', 'a\nb'],
    ['a\u0000b\u0001', 'ab'],
    [12.5, '12.5'],
    [13800138000, '13800138000'],
    [true, 'TRUE'],
    [0.1, '0.1'],
    [-0, '0'],
    [999999999999999, '999999999999999'],
    [310115199001011200, no('precision-lost')],
    [1e15, no('precision-lost')],
    [1e-7, no('precision-lost')],
    [0.1 + 0.2, no('precision-lost')],
    ['3.10115E+17', no('precision-lost')],
    ['x'.repeat(32_768), no('too-long')],
    [wall('2026-01-05'), no('date-in-text')],
    [wall('1899-12-30 01:30:00'), no('date-in-text')],
  ]);
  check('long-text', zh, [['  1. 更换主板\r\n  2. 测试  ', '  1. 更换主板\n  2. 测试']]);
  test('a day in a text cell is told with both readings', () => {
    const parsed = fieldTypes.text.parse(wall('2026-01-05'), zh);
    expect(parsed).toMatchObject({ fault: { params: { date: '2026-01-05', text: '1-5 / 1/5' } } });
    const time = fieldTypes.text.parse(wall('1899-12-30 01:30:00'), zh);
    expect(time).toMatchObject({ fault: { params: { date: '1:30', text: '1:30' } } });
  });
});

describe('numbers', () => {
  check('number', zh, [
    ['１２３．５', 123.5],
    ['1,5', 1.5],
    ['0,125', 0.125],
    ['1,234', 1234],
    ['1，234，567.8', 1234567.8],
    ['1 234 567', 1234567],
    ['3.5万', 35000],
    ['1.1万', 11000],
    ['1亿2000万元', 120000000],
    ['￥1,200', 1200],
    ['-￥5', -5],
    ['(120)', -120],
    ['50%', 0.5],
    ['1e3', 1000],
    [-0, 0],
    [1e300, 1e300],
    ['1,0000', no('not-a-number')],
    ['1.234.567', no('not-a-number')],
    ['约100', no('not-a-number')],
    ['1e999', no('not-a-number')],
    [true, no('not-a-number')],
    [wall('2026-01-05'), no('not-a-number')],
    [Number.NaN, no('not-a-number')],
    ['310115199001011234', no('precision-lost')],
  ]);
  check('integer', zh, [
    ['３', 3],
    [3, 3],
    ['3.0', 3],
    ['1万', 10000],
    [2.5, no('not-a-whole-number')],
  ]);
  check('money', zh, [
    ['12万', 120000],
    [0.1 + 0.2, 0.3],
    ['99.90元', 99.9],
    ['¥ 1,200.50', 1200.5],
    [12.345, no('too-many-decimals')],
    ['50%', no('not-a-number')],
    [1e13, no('precision-lost')],
  ]);
});

describe('days and moments', () => {
  check('date', zh, [
    [wall('2026-03-04'), '2026-03-04'],
    [wall('2026-03-04 09:30:00'), '2026-03-04'],
    ['2026-3-4', '2026-03-04'],
    ['2026/03/04', '2026-03-04'],
    ['2026.3.4', '2026-03-04'],
    ['２０２６年３月４日', '2026-03-04'],
    ['2026年3月4号 星期三', '2026-03-04'],
    ['20260304', '2026-03-04'],
    [20260304, '2026-03-04'],
    ['7月3日', '2026-07-03'],
    ['12月30日', '2025-12-30'],
    ['2月29日', no('not-a-date')],
    ['7.3', '2026-07-03'],
    [7.3, '2026-07-03'],
    ['3/4', '2026-03-04'],
    ['3-4', '2026-03-04'],
    ['昨天', '2026-03-09'],
    ['后天', '2026-03-12'],
    ['3/25/25', '2025-03-25'],
    ['26.3.4', '2026-03-04'],
    ['25/3/4', '2025-03-04'],
    ['3/4/5', no('not-a-date')],
    ['3/3/2026', '2026-03-03'],
    ['Mar 4, 2026', '2026-03-04'],
    ['2026-02-30', no('not-a-date')],
    ['13月1日', no('not-a-date')],
    ['下周三', no('not-a-date')],
    ['1899-12-31', no('not-a-date')],
    [46000, no('not-a-date')],
    [true, no('not-a-date')],
    ['03/04/25', no('ambiguous-date')],
    ['3/4/25', no('ambiguous-date')],
    ['3/4/2026', no('ambiguous-date')],
  ]);
  check('date', en, [
    ['4 March 2026', '2026-03-04'],
    ['March 4th', '2026-03-04'],
    ['yesterday', '2026-03-09'],
    ['25/12', '2025-12-25'],
    ['3/4', no('ambiguous-date')],
  ]);
  check('datetime', zh, [
    [wall('2026-03-04'), '2026-03-04'],
    [wall('2026-03-04', true), '2026-03-03T16:00:00.000Z'],
    [wall('2026-03-10 11:30:00'), '2026-03-10T03:30:00.000Z'],
    ['2026-03-10 11:30', '2026-03-10T03:30:00.000Z'],
    ['2026-03-10T03:30:00.250Z', '2026-03-10T03:30:00.250Z'],
    ['2026-03-10T11:30:00+08:00', '2026-03-10T03:30:00.000Z'],
    ['2026/3/10 11:30:05', '2026-03-10T03:30:05.000Z'],
    ['3月10日 下午2点', '2026-03-10T06:00:00.000Z'],
    ['3月10日下午2点半', '2026-03-10T06:30:00.000Z'],
    ['3月10日 14时05分', '2026-03-10T06:05:00.000Z'],
    ['今天 上午 9:30', '2026-03-10T01:30:00.000Z'],
    ['昨天 14:30', '2026-03-09T06:30:00.000Z'],
    ['昨天 2:30 PM', '2026-03-09T06:30:00.000Z'],
    ['3月4日上午', '2026-03-04'],
    ['7.3 14:30', '2026-07-03T06:30:00.000Z'],
    ['14:30', no('time-without-day')],
    ['上午 9:30', no('time-without-day')],
    ['上午', no('time-without-day')],
    [wall('1899-12-30 14:30:00'), no('time-without-day')],
    ['2026-03-10 25:00', no('not-a-date')],
    ['2026-03-10 修好', no('not-a-date')],
  ]);
  check('past-datetime', zh, [
    ['今天', '2026-03-10'],
    [wall('2026-03-10 12:00:30'), '2026-03-10T04:00:30.000Z'],
    ['明天', no('in-the-future')],
    [wall('2026-03-10 12:02:00'), no('in-the-future')],
    ['7.3', '2025-07-03'],
    ['3.9', '2026-03-09'],
    ['3月20日', no('in-the-future')],
  ]);
  test('an unclear day names every reading', () => {
    const parsed = fieldTypes.date.parse('03/04/25', zh);
    expect(parsed).toMatchObject({ fault: { params: { readings: '2003-04-25 / 2025-03-04 / 2025-04-03' } } });
  });
});

describe('durations', () => {
  check('duration', zh, [
    ['2小时30分', 9000],
    ['2小时30', 9000],
    ['1个半小时', 5400],
    ['两小时', 7200],
    ['半小时', 1800],
    ['一刻钟', 900],
    ['90分钟', 5400],
    ['1.5h', 5400],
    ['1h30', 5400],
    ['1:30', 5400],
    ['1:30:05', 5405],
    ['５秒', 5],
    [1.5, 5400],
    ['2', 7200],
    [wall('1899-12-30 01:30:00'), 5400],
    [wall('1899-12-31 02:00:00'), 93600],
    [90, no('not-a-duration')],
    ['1天', no('not-a-duration')],
    ['-1小时', no('not-a-duration')],
    ['', no('not-a-duration')],
    [wall('2026-03-04'), no('not-a-duration')],
  ]);
  test.each([
    [0, '0分', '0m'],
    [9000, '2小时30分', '2h 30m'],
    [3605, '1小时5秒', '1h 5s'],
  ])('%d s is shown in both languages', (seconds, chinese, english) => {
    expect(fieldTypes.duration.format(seconds, zh)).toBe(chinese);
    expect(fieldTypes.duration.format(seconds, en)).toBe(english);
    expect(fieldTypes.duration.parse(english, zh)).toEqual({ ok: true, value: seconds });
  });
});

describe('choices', () => {
  const status = { ...zh, options: statusOptions };
  check('choice', status, [
    ['处理中', '处理中'],
    [' 处 理 中 ', '处理中'],
    ['待派单', '待受理'],
    ['in progress', '处理中'],
    ['wait_third', '等待第三方'],
    ['是', '已关闭'],
    [false, '处理中'],
    ['ＣＬＯＳＥＤ', '已关闭'],
    ['处里中', no('unknown-option')],
    [3, no('unknown-option')],
    [wall('2026-03-04'), no('date-in-text')],
  ]);
  check('choice', { ...status, locale: 'en' }, [
    ['处理中', 'In progress'],
    ['已完成', 'Closed'],
  ]);
  check('choice', { ...zh, options: priorityOptions }, [
    ['p0', '紧急'],
    ['加急', '高'],
    ['URGENT', '紧急'],
    ['不急', '低'],
  ]);
  check('choice', zh, [
    [' 华东 ', '华东'],
    ['ＶＩＰ', 'VIP'],
    [3, '3'],
  ]);
  test('an unknown word is answered with the nearest option and the list', () => {
    const parsed = fieldTypes.choice.parse('处里中', status);
    expect(parsed).toMatchObject({ fault: { params: { typed: '处里中', suggestion: '处理中' } } });
    if (!parsed.ok) expect(parsed.fault.params.options).toContain('待受理 / 处理中');
  });
  test('nothing hides a label', () => {
    const options: ChoiceOption[] = [
      { label: 'A', aliases: ['B'] },
      { label: 'B', aliases: [] },
      { label: 'C d', aliases: [] },
      { label: 'cd', aliases: [] },
    ];
    for (const { label } of options) {
      expect(fieldTypes.choice.parse(label, { ...zh, options })).toEqual({ ok: true, value: label });
    }
    expect(fieldTypes.choice.parse('b', { ...zh, options })).toEqual({ ok: true, value: 'B' });
  });
  test('a label leads back to its option in either language', () => {
    expect(optionOf(statusOptions, 'Closed')?.category).toBe('closed');
    expect(statusOptions.map((option) => optionLabel(option, 'en'))).toContain('Waiting for customer');
  });
});

describe('yes and no, ratings', () => {
  check('boolean', zh, [
    ['是', true],
    ['√', true],
    ['Ｙ', true],
    [true, true],
    [1, true],
    ['×', false],
    ['False', false],
    ['也许', no('not-a-boolean')],
    [2, no('not-a-boolean')],
  ]);
  check('rating', zh, [
    [5, 5],
    ['5分', 5],
    ['４星', 4],
    ['★★★', 3],
    ['★★★☆☆', 3],
    ['⭐⭐', 2],
    ['五星', 5],
    ['非常满意', 5],
    ['非常满意5', 5],
    ['5-非常满意', 5],
    ['不满意', 2],
    ['非常不满意(1分)', 1],
    ['4/5', 4],
    ['满意5', no('not-a-rating')],
    [4.5, no('not-a-rating')],
    [0, no('not-a-rating')],
    ['100', no('not-a-rating')],
    [wall('2026-04-05'), no('not-a-rating')],
  ]);
});

describe('names', () => {
  check('person', zh, [
    [' 张三 ', '张三'],
    ['张 三', '张三'],
    ['张三，李四', '张三、李四'],
    ['张三/李四；王五', '张三、李四、王五'],
    ['张三\n李四', '张三、李四'],
    ['@张三 、张三', '张三'],
    ['Anna  Berg, Bo Li', 'Anna Berg、Bo Li'],
    [1001, '1001'],
    ['同上', no('ditto')],
    ['〃', no('ditto')],
    ['张三、同上', no('ditto')],
    ['张三、/', '张三'],
    ['/', no('not-a-name')],
    ['N/A', no('not-a-name')],
    ['无', no('not-a-name')],
    ['、', no('not-a-name')],
    [wall('2026-01-05'), no('date-in-text')],
  ]);
  check('link', zh, [
    ['上海申达（集团）', '上海申达(集团)'],
    ['\u202a申达\u202c', '申达'],
    ['同上', no('ditto')],
  ]);
  check('department', zh, [['华东  售后部', '华东 售后部']]);
  check('files', zh, [
    ['a.jpg；b 1.png\nc.txt', 'a.jpg、b 1.png、c.txt'],
    ['、', '、'],
  ]);
});

describe('ways to reach people', () => {
  check('phone', zh, [
    [13800138000, '13800138000'],
    ['０２１-５５５５０１０１', '021-55550101'],
    ['+86 138 0013 8000', '+86 138 0013 8000'],
    ['010-62345678 转 801', '010-62345678 转 801'],
    ['13800138000（张工）', '13800138000(张工)'],
    ['\u202d13800138000\u202c', '13800138000'],
    ['8012', '8012'],
    [1e15, no('precision-lost')],
    ['1.38001E+10', no('precision-lost')],
    ['张工', no('not-a-phone')],
    [true, no('not-a-phone')],
    [wall('2026-01-05'), no('date-in-text')],
  ]);
  check('email', zh, [
    ['ａ@example.com', 'a@example.com'],
    ['mailto:a@example.com，b@example.com', 'a@example.com; b@example.com'],
    ['a@b', no('not-an-email')],
    [5, no('not-an-email')],
  ]);
  check('url', zh, [
    ['example.com/a', 'https://example.com/a'],
    ['HTTP://example.com:8080', 'HTTP://example.com:8080'],
    ['example.com:8080', 'https://example.com:8080'],
    ['javascript:alert(1)', no('not-a-url')],
    ['看附件', no('not-a-url')],
  ]);
});
