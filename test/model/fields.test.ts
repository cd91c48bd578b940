/** What people type and what is kept of it, type by type. Examples are data: `[typed, kept]` or `[typed, fault code]`. */
import { describe, expect, test } from 'vitest';
import { say } from '../../src/messages/index.ts';
import type { DateCell, PlainValue } from '../../src/model/cell.ts';
import type { ChoiceOption, FaultCode, FieldContext, TypedCell } from '../../src/model/field.ts';
import { provinces, shortNames } from '../../src/model/fields/china/divisions.ts';
import { fieldTypeOf, fieldTypes, optionLabel, optionOf } from '../../src/model/fields/index.ts';
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

describe('several values in one', () => {
  const faults = {
    ...zh,
    options: ['漏水', '异响', 'A/B', '不通电'].map((label) => ({ label, aliases: [`${label}了`] })),
  };
  check('choices', faults, [
    ['异响，漏水', '漏水、异响'],
    ['漏水了\n异响', '漏水、异响'],
    ['漏水/异响', '漏水、异响'],
    ['A/B', 'A/B'],
    ['漏水；漏水', '漏水'],
    ['漏水、冒烟', no('unknown-option')],
    ['同上', no('ditto')],
    ['、', no('unknown-option')],
    [wall('2026-03-04'), no('date-in-text')],
  ]);
  check('choices', zh, [
    ['乙，甲', '乙、甲'],
    [3, '3'],
    ['、', no('not-a-name')],
  ]);
  check('tags', zh, [
    ['#回访 #高层关注', '回访、高层关注'],
    ['VIP, vip；急', 'VIP、急'],
    ['New York', 'New York'],
    ['〃', no('ditto')],
    ['/', no('not-a-name')],
  ]);
  check('persons', zh, [['张三，李四', '张三、李四']]);
  check('record-links', zh, [
    ['t-42-qk，T-000043-ZZ', 'T-000042-QK、T-000043-ZZ'],
    ['T-42-QK t43zz', 'T-000042-QK、T-000043-ZZ'],
    ['T-42-QK、T-43', no('not-a-record-number')],
  ]);
  check('record-link', zh, [
    ['ｔ—42—qk', 'T-000042-QK'],
    ['#T000042QK', 'T-000042-QK'],
    ['T-42', no('not-a-record-number')],
    [42, no('not-a-record-number')],
    ['同上', no('ditto')],
  ]);
  check('attachment', zh, [
    ['验收单.pdf', '验收单.pdf'],
    ['a.pdf；b.pdf', no('several-files')],
  ]);
});

describe('shares and scores', () => {
  check('percent', zh, [
    ['５％', 0.05],
    ['12.5 %', 0.125],
    ['150%', 1.5],
    [0.05, 0.05],
    [1, 1],
    [5, no('percent-sign-missing')],
    ['5', no('percent-sign-missing')],
    ['五', no('not-a-percentage')],
    [true, no('not-a-percentage')],
  ]);
  test('what a bare number can mean is told', () => {
    expect(fieldTypes.percent.parse(5, zh)).toMatchObject({ fault: { params: { small: '5%', large: '500%' } } });
  });
  check('progress', zh, [
    ['80%', 0.8],
    [80, 0.8],
    [0.8, 0.8],
    [1, 1],
    ['已完成', 1],
    [101, no('not-progress')],
    [-1, no('not-progress')],
    ['很快', no('not-progress')],
  ]);
  check('score', zh, [
    ['92.5分', 92.5],
    ['92/100', 92],
    [100, 100],
    [92.3, no('not-a-score')],
    [101, no('not-a-score')],
  ]);
  check('nps', en, [
    ['9/10', 9],
    ['9 points', 9],
    [8.5, no('not-a-score')],
    ['', no('not-a-score')],
  ]);
});

describe('parts of time', () => {
  check('time-of-day', zh, [
    ['14:30', 52_200],
    ['下午2点半', 52_200],
    ['0930', 34_200],
    [wall('1899-12-30 14:30:05'), 52_205],
    ['24:00', no('not-a-time-of-day')],
    ['上午', no('not-a-time-of-day')],
    [9, no('not-a-time-of-day')],
    [wall('2026-03-10 14:30:00'), no('not-a-time-of-day')],
  ]);
  check('year-month', zh, [
    ['2026-3', '2026-03-01'],
    ['２０２６年１０月', '2026-10-01'],
    [202603, '2026-03-01'],
    [2026.3, '2026-03-01'],
    [2026.1, no('not-a-month')],
    ['3/2026', '2026-03-01'],
    [wall('2026-03-10'), '2026-03-01'],
    ['12月', '2025-12-01'],
    ['上个月', '2026-02-01'],
    ['2026-13', no('not-a-month')],
    ['很久以前', no('not-a-month')],
  ]);
  check('year-month', en, [['March 2026', '2026-03-01']]);
});

describe('numbers that are names', () => {
  check('code', zh, [
    [' ＨＴ 2026 001 ', 'HT2026001'],
    ['007', '007'],
    [310115199001011200, no('precision-lost')],
    [wall('2026-01-05'), no('date-in-text')],
    ['同上', no('ditto')],
    ['--', no('not-a-code')],
  ]);
  check('serial-code', zh, [
    ['SN：cnb7k 2q1xy', 'CNB7K2Q1XY'],
    ['S/N:0012', '0012'],
    [12345678, '12345678'],
    ['看铭牌', no('not-a-serial-number')],
  ]);
  check('barcode', zh, [
    ['6 901234 567892', '6901234567892'],
    [6901234567892, '6901234567892'],
    ['6901234567893', no('wrong-check-digit')],
    [36000291452, no('not-a-barcode')],
  ]);
  check('id-card', zh, [
    ['11010519491231002x', '11010519491231002X'],
    ['110105194912310021', no('wrong-check-digit')],
    ['110105194913310023', no('not-an-id-card')],
    [310115199001011200, no('precision-lost')],
  ]);
  check('postal-code', zh, [
    ['２００１２０', '200120'],
    [200120, '200120'],
    [10010, no('not-a-postal-code')],
  ]);
  check('postal-code', en, [
    ['sw1a 1aa', 'SW1A 1AA'],
    ['unknown', no('not-a-postal-code')],
  ]);
  check('ip-address', zh, [
    ['192.168.001.020', '192.168.1.20'],
    ['10.0.0.1：8080', '10.0.0.1:8080'],
    ['2001:DB8:0:0::1', '2001:db8::1'],
    ['192.168.1.256', no('not-an-ip-address')],
    [192.168, no('not-an-ip-address')],
  ]);
  check('mac-address', zh, [
    ['00-1a-2b-3c-4d-5e', '00:1A:2B:3C:4D:5E'],
    ['001a.2b3c.4d5e', '00:1A:2B:3C:4D:5E'],
    ['001A2B3C4D5E', '00:1A:2B:3C:4D:5E'],
    ['00:1A:2B', no('not-a-mac-address')],
  ]);
});

describe('money with its currency', () => {
  check('currency-amount', zh, [
    ['￥1,200.50', '1200.5 CNY'],
    ['3.5万美元', '35000 USD'],
    ['HK$ 80', '80 HKD'],
    ['-$5', '-5 USD'],
    ['eur 12', '12 EUR'],
    ['5000 JPY', '5000 JPY'],
    ['5000.5 JPY', no('too-many-decimals')],
    [1200, no('currency-missing')],
    ['1200 XQZ', no('unknown-currency')],
    ['5 USD ￥', no('not-a-number')],
    ['贵', no('not-a-number')],
  ]);
  check('currency-amount', en, [['¥500', no('not-a-number')]]);
  check('currency-amount', { ...zh, options: [{ label: 'USD', aliases: [] }] }, [
    [1200, '1200 USD'],
    ['1200 EUR', no('unknown-currency')],
  ]);
});

describe('places', () => {
  check('region', zh, [
    ['广东省深圳市南山区', '广东省/深圳市/南山区'],
    ['广东/深圳/南山', '广东省/深圳市/南山'],
    ['广东 深圳市 南山区', '广东省/深圳市/南山区'],
    ['深圳市南山区', '广东省/深圳市/南山区'],
    ['广东', '广东省'],
    ['中国上海浦东新区', '上海市/浦东新区'],
    ['上海市上海市浦东新区', '上海市/浦东新区'],
    ['北京市/市辖区/朝阳区', '北京市/朝阳区'],
    ['吉林市', '吉林省/吉林市'],
    ['吉林吉林', '吉林省/吉林市'],
    ['广西省南宁', '广西壮族自治区/南宁市'],
    ['内蒙古锡林郭勒', '内蒙古自治区/锡林郭勒盟'],
    ['海南州', '青海省/海南藏族自治州'],
    ['湖北恩施州恩施市', '湖北省/恩施土家族苗族自治州/恩施市'],
    ['广东省/深圳市/某新区', '广东省/深圳市/某新区'],
    ['广冬省/深圳市', no('unknown-province')],
    ['朝阳区', no('unknown-province')],
    ['广东省深训市南山区', no('unknown-city')],
    ['广东/深训', no('unknown-city')],
    ['广东省南山区', '广东省/南山区'],
    ['江苏省昆山市', no('unknown-city')],
    ['同上', no('ditto')],
    [wall('2026-01-05'), no('date-in-text')],
  ]);
  test('a slip in a province or a city is answered with the nearest', () => {
    expect(fieldTypes.region.parse('广冬省/深圳市', zh)).toMatchObject({ fault: { params: { suggestion: '广东省' } } });
    expect(fieldTypes.region.parse('广东深训市', zh)).toMatchObject({ fault: { params: { suggestion: '深圳市' } } });
  });
  test('the divisions are whole: 34 provinces, 333 prefectures, no city in two provinces', () => {
    expect(provinces).toHaveLength(34);
    const cities = provinces.flatMap((province) => province.cities);
    const underProvince =
      /县$|^(?:济源|仙桃|潜江|天门|五指山|琼海|文昌|万宁|东方|石河子|阿拉尔|图木舒克|五家渠|北屯|铁门关|双河|可克达拉|昆玉|胡杨河|新星|白杨)市$|林区$/;
    expect(cities.filter((city) => !underProvince.test(city))).toHaveLength(333);
    expect(new Set(cities).size).toBe(cities.length);
    const words = cities.flatMap((city) => [city, ...shortNames(city)]);
    expect(words.filter((word, at) => words.indexOf(word) !== at)).toEqual([]);
  });
  check('location', zh, [
    ['上海市 张江路 88 号', '上海市 张江路 88 号'],
    ['张江路88号（31.203405，121.590622）', '张江路88号 (31.203405,121.590622)'],
    ['31.2034, 121.5906', '31.203400,121.590600'],
    ['31.2034N 121.5906W', '31.203400,-121.590600'],
    ['张江路 88,89', '张江路 88,89'],
    ['121.590622,31.203405', no('not-coordinates')],
    ['同上', no('ditto')],
  ]);
});

describe('what the service fills in', () => {
  test('a formula and a lookup are typed by their result', () => {
    const number = fieldTypeOf('formula:number');
    expect(number).toMatchObject({ name: 'formula:number', kind: 'number', sql: 'numeric', computed: true });
    expect(fieldTypeOf('formula:number')).toBe(number);
    expect(fieldTypeOf('lookup:choice')?.kind).toBe('choice');
    expect(fieldTypeOf('formula')).toBe(fieldTypes.formula);
    for (const name of ['formula:colour', 'sum:number', 'formula:number:x', 'toString', 'formula:toString']) {
      expect(fieldTypeOf(name)).toBeUndefined();
    }
  });
  test('its types are marked, so that nobody is asked to type into them', () => {
    const computed = Object.values(fieldTypes)
      .filter((type) => type.computed)
      .map((type) => type.name);
    expect(computed).toEqual([
      'auto-number',
      'formula',
      'lookup',
      'created-by',
      'changed-by',
      'created-at',
      'changed-at',
    ]);
  });
});
