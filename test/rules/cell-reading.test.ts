/** What people are told: the reading of a test, the message of a fault, and where in the cell the fault is. */
import { describe, expect, test } from 'vitest';
import {
  adviceOf,
  type CellColumn,
  compileTest,
  faultText,
  headerOperator,
  readCell,
  readingOf,
} from '../../rules/cell/index.ts';
import type { CellValue } from '../../src/model/cell.ts';
import type { ValueKind } from '../../src/model/field.ts';
import { columns, context, scopeWith } from './cell-world.ts';

function reading(kind: ValueKind, cell: CellValue, locale: 'zh-CN' | 'en'): string {
  const read = readCell(cell, columns[kind], { ...context, locale });
  return read.ok ? readingOf(read.test, columns[kind], locale, context) : read.fault.code;
}

describe('a test reads back', () => {
  test.each<[ValueKind, CellValue, string, string]>([
    ['choice', '', '优先级 任意', '优先级 any'],
    ['choice', '紧急，高', '优先级 为 紧急 或 高', '优先级 is 紧急 or 高'],
    ['choice', '非 紧急', '优先级 不为 紧急（空也算）', '优先级 is not 紧急 (empty counts)'],
    ['choice', '非 紧急,高', '优先级 不是（为 紧急 或 高）（空也算）', '优先级 is not (is 紧急 or 高) (empty counts)'],
    ['choice', '非 空', '优先级 不为空', '优先级 is not empty'],
    ['choice', '空,紧急', '优先级 为空 或 为 紧急', '优先级 is empty or is 紧急'],
    ['choice', '变为 紧急,高', '优先级 变为 紧急 或 高', '优先级 becomes 紧急 or 高'],
    ['choice', '从 高 变为 紧急', '优先级 从 高 变为 紧急', '优先级 from 高 to 紧急'],
    ['choice', '离开 高', '优先级 离开 高', '优先级 leaves 高'],
    ['choice', '已变更', '优先级 已变更', '优先级 changed'],
    ['number', '>10万', '金额 大于 100000', '金额 more than 100000'],
    ['number', '1..3,8', '金额 从 1 到 3 或 等于 8', '金额 between 1 and 3 or equals 8'],
    ['number', '(1..5]', '金额 大于 1 且 不超过 5', '金额 more than 1 and at most 5'],
    ['number', '>={预算}*1.1', '金额 不少于 {预算} × 1.1', '金额 at least {预算} × 1.1'],
    ['number', '>{预算}-5', '金额 大于 {预算} - 5', '金额 more than {预算} - 5'],
    ['number', '公式: ? > 3', '金额 公式: ? > 3', '金额 formula: ? > 3'],
    ['text', '包含全部 漏,渗', '标题 包含 漏 且 渗', '标题 contains 漏 and 渗'],
    ['text', '漏水,包含 渗', '标题 为 漏水 或 包含 渗', '标题 is 漏水 or contains 渗'],
    ['text', '匹配 ^SN\\d$', '标题 匹配 ^SN\\d$', '标题 matches ^SN\\d$'],
    ['text', 'SN*', '标题 开头为 SN', '标题 starts with SN'],
    [
      'text',
      '包含 漏 且 不包含 渗',
      '标题 包含 漏 且 不包含 渗（空也算）',
      '标题 contains 漏 and does not contain 渗 (empty counts)',
    ],
    ['text', '包含 "漏或渗"', '标题 包含 “漏或渗”', '标题 contains “漏或渗”'],
    ['number', '(1..5],8', '金额 （大于 1 且 不超过 5） 或 等于 8', '金额 (more than 1 and at most 5) or equals 8'],
    ['choices', '老人,孕妇', '标签 包含 老人 或 孕妇', '标签 includes 老人 or 孕妇'],
    ['date', '最近7天', '上门 从 今天-6天 到 今天', '上门 between today-6 days and today'],
    ['date', '上上周', '上门 在 2 周前的那一周', '上门 in the week 2 weeks ago'],
    ['date', '>今天+1个月', '上门 晚于 今天+1个月', '上门 after today+1 month'],
    ['date', '>=本周', '上门 不早于 本周的第一天', '上门 not before the first day of this week'],
    ['datetime', '超过 2小时', '创建时间 距今超过 2小时', '创建时间 more than 2h ago'],
    ['datetime', '3天内', '创建时间 距今 3天 以内', '创建时间 at most 3 days ago'],
    ['datetime', '超过 4个工作小时', '创建时间 距今超过 4小时工作时间', '创建时间 more than 4h of working time ago'],
    ['datetime', '>2026-03-01 14:00', '创建时间 晚于 2026-03-01 14:00:00', '创建时间 after 2026-03-01 14:00:00'],
    ['duration', '1..3小时', '耗时 从 1小时 到 3小时', '耗时 between 1h and 3h'],
    ['boolean', true, '已付款 为 是', '已付款 is yes'],
    [
      'person',
      '我,组:水电组,角色:客服',
      '负责人 为 我 或 为 组:水电组 或 为 角色:客服',
      '负责人 is me or is group:水电组 or is role:客服',
    ],
  ])('%s %j', (kind, cell, zh, en) => {
    expect(reading(kind, cell, 'zh-CN')).toBe(zh);
    expect(reading(kind, cell, 'en')).toBe(en);
  });

  test('a bare word of free text is offered as a part', () => {
    const read = readCell('漏水,渗水', columns.text, context);
    expect(read.ok && adviceOf(read.test, columns.text, 'zh-CN')).toContain('包含 漏水，渗水');
    const inside = readCell('包含 漏水', columns.text, context);
    expect(inside.ok && adviceOf(inside.test, columns.text, 'zh-CN')).toBe(null);
  });
});

describe('a fault tells', () => {
  const told = (kind: ValueKind, cell: CellValue, locale: 'zh-CN' | 'en' = 'zh-CN'): string => {
    const read = readCell(cell, columns[kind], { ...context, locale });
    if (read.ok) throw new Error(`${String(cell)} was read`);
    return faultText(read.fault, locale, { tab: '规则', address: 'F12', column: columns[kind], context });
  };

  test('place, option meant, what was understood and an example of the column', () => {
    expect(told('choice', '紧集')).toBe('规则!F12 优先级：没有选项“紧集”，是不是想写“紧急”。可以这样写：紧急，高');
    expect(told('choice', '紧急,特高', 'en')).toBe(
      '规则!F12 优先级: There is no option "特高"; did you mean "高". The cell says "紧急,特高". Understood so far: 优先级 is 紧急. For example: 紧急, 高',
    );
  });
  test('both readings of a comma', () => {
    expect(told('number', '>1,000')).toMatch(/1000.*1、000/);
  });
  test('the day an app made, and what may have been typed', () => {
    const cell = { kind: 'date', wallMs: Date.UTC(2026, 0, 5), hasTime: false } as const;
    expect(told('number', cell)).toMatch(/1-5 \/ 1\/5.*2026-01-05.*1\.\.5/);
  });
  test('an example of the kind of cell that was wanted', () => {
    expect(told('date', '3月5日')).toContain('>=2026-03-05');
    expect(told('text', '匹配 (a+)+')).toContain('匹配 ^SN\\d{3}$');
    expect(told('number', '5..1')).toContain('1..5');
  });

  test.each<[ValueKind, string, number, string]>([
    ['choice', '紧急，　特高', 4, '特高'],
    ['choice', '非 紧集', 2, '紧集'],
    ['number', '1..3, ａｂｃ', 6, 'abc'],
    ['number', '>{预箅}', 1, '{预箅}'],
    ['person', '张三、赵六', 3, '赵六'],
    ['number', '公式: ? > 预箅', 8, '预箅'],
  ])('%s %j is wrong at %d', (kind, cell, at, part) => {
    const read = readCell(cell, columns[kind], context);
    expect(read.ok ? null : { at: read.fault.at, part: read.fault.part }).toEqual({ at, part });
  });
});

describe('a header names the operator', () => {
  test.each([
    ['包含', 'contains'],
    [' 不包含 ', 'not-contains'],
    ['starts with', 'starts'],
    ['＞＝', 'at-least'],
    ['变为', 'becomes'],
    ['公式', 'formula'],
    ['别的', undefined],
  ])('%j', (text, operator) => {
    expect(headerOperator(text)).toBe(operator);
  });

  const answers = (
    column: CellColumn,
    cell: CellValue,
    values: readonly (string | number | null)[],
  ): readonly boolean[] => {
    const read = readCell(cell, column, context);
    if (!read.ok) throw new Error(read.fault.code);
    const compiled = compileTest(read.test, column, context);
    return values.map((value) => compiled(value, scopeWith({})));
  };
  test('and the cell need not repeat it', () => {
    const contains = { ...columns.text, operator: 'contains' } as const;
    for (const cell of ['漏水,渗水', '包含 漏水、渗水']) {
      expect(answers(contains, cell, ['厨房漏水', '停电', null])).toEqual([true, false, false]);
    }
    expect(answers({ ...columns.text, operator: 'not-contains' }, '测试', ['测试单', null])).toEqual([false, true]);
    expect(answers({ ...columns.number, operator: 'at-least' }, 5, [5, 4, null])).toEqual([true, false, false]);
    expect(answers({ ...columns.text, operator: 'contains' }, '', ['x', null])).toEqual([true, true]);
    expect(answers({ ...columns.text, operator: 'contains' }, '不为空', ['x', null])).toEqual([true, false]);
    expect(answers({ ...columns.number, operator: 'formula' }, '? > 3', [4, 3, null])).toEqual([true, false, false]);
  });
});

describe('formulas', () => {
  test('see the other fields and say which they read', () => {
    const read = readCell('公式: ? > 预算 * 1.1', columns.number, context);
    expect(read).toMatchObject({ ok: true, reads: ['amount', 'budget'] });
    if (!read.ok) return;
    const compiled = compileTest(read.test, columns.number, context);
    expect([27.5, 27.51, null].map((value) => compiled(value, scopeWith({ budget: 25 })))).toEqual([
      false,
      true,
      false,
    ]);
    expect(compiled(1, scopeWith({}))).toBe(false);
  });
  test.each([
    ['公式: ? > (', 'feel-syntax'],
    ['公式: foo(1)', 'feel-unsupported'],
    ['公式: 预箅 > 1', 'unknown-field'],
    ['公式:', 'incomplete'],
  ])('%s is %s', (cell, code) => {
    expect(readCell(cell, columns.number, context)).toMatchObject({ ok: false, fault: { code } });
  });
});
