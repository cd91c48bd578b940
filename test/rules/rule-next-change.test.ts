/** When a row can next turn by time alone, against a clock that is moved minute by minute. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { compileRules, matchingRows } from '../../rules/compile.ts';
import { nextChange } from '../../rules/next-change.ts';
import { calendar, context, now, read, scopeOf } from './desk.ts';

const MINUTE = 60_000;

function rowOf(text: string, header = '创建时间') {
  const { table, faults } = read([
    ['名称', header, '加标签'],
    ['a', text, 'x'],
  ]);
  if (faults.length > 0) throw new Error(faults.map((fault) => fault.text).join('\n'));
  return { row: table.rows[0]!, rules: compileRules(table, context) };
}

const at = (text: string) => new Date(text).toISOString();

describe('the moment', () => {
  test.each([
    ['超过 2小时', '2026-03-10T03:00:00.000Z', '2026-03-10T05:00:00.001Z'],
    ['2小时内', '2026-03-10T03:00:00.000Z', '2026-03-10T05:00:00.001Z'],
    ['超过 2天', '2026-03-09', '2026-03-11T16:00:00.000Z'],
    ['超过 2小时', '2026-03-10T01:00:00.000Z', null],
    ['今天', '2026-03-10', '2026-03-10T16:00:00.000Z'],
    ['今天', '2026-03-01', null],
    ['>2026-03-01', '2026-03-01', null],
    ['本周', '2026-03-10', '2026-03-15T16:00:00.000Z'],
  ] as const)('%s of %s', (text, value, next) => {
    const { row } = rowOf(text);
    expect(nextChange(row, scopeOf({ created_at: value }))).toBe(next === null ? null : Date.parse(next));
  });

  test('counts working time by the calendar of the record', () => {
    const { row, rules } = rowOf('超过 4个工作小时');
    // Friday 16:00 in Shanghai: one hour on Friday, three on Monday.
    const scope = (moment: number) => scopeOf({ created_at: '2026-03-13T08:00:00.000Z' }, { now: moment, calendar });
    const next = nextChange(row, scope(Date.parse('2026-03-13T08:30:00.000Z')))!;
    expect(at(new Date(next).toISOString())).toBe('2026-03-16T04:00:00.001Z');
    expect(matchingRows(rules, scope(next - 1))).toEqual([]);
    const after = nextChange(row, scope(next)) ?? next;
    expect(matchingRows(rules, scope(after))).toEqual(['a']);
  });

  test('of an empty field, of a row without time, of a formula: none', () => {
    expect(nextChange(rowOf('超过 2小时').row, scopeOf({}))).toBeNull();
    expect(nextChange(rowOf('紧急', '优先级').row, scopeOf({ priority: '紧急' }))).toBeNull();
  });
});

test('between now and the moment the row does not turn', () => {
  const texts = [
    '超过 2小时',
    '2小时内',
    '>=3小时',
    '今天',
    '昨天',
    '最近7天',
    '未来3天',
    '本周',
    '本月',
    '非 今天',
    '今天-3天',
    '>今天',
    '超过 3天',
  ];
  const readable = texts.filter(
    (text) =>
      read([
        ['名称', '上门时间', '加标签'],
        ['a', text, 'x'],
      ]).faults.length === 0,
  );
  expect(readable.length).toBeGreaterThan(8);
  const cases = new Map(readable.map((text) => [text, rowOf(text, '上门时间')]));
  const value = fc.oneof(
    fc
      .integer({ min: -9 * 24 * 60, max: 9 * 24 * 60 })
      .map((minutes) => new Date(now + minutes * MINUTE).toISOString()),
    fc.integer({ min: -9, max: 9 }).map((days) => new Date(now + days * 86_400_000).toISOString().slice(0, 10)),
  );
  fc.assert(
    fc.property(fc.constantFrom(...readable), value, (text, visit_at) => {
      const { row, rules } = cases.get(text)!;
      const truth = (moment: number) => matchingRows(rules, scopeOf({ visit_at }, { now: moment })).length;
      const next = nextChange(row, scopeOf({ visit_at }));
      const end = Math.min(next ?? Number.POSITIVE_INFINITY, now + 20 * 86_400_000);
      for (let moment = now; moment < end; moment += 37 * MINUTE) expect(truth(moment)).toBe(truth(now));
      if (next !== null) expect(truth(next - 1)).toBe(truth(now));
    }),
    { numRuns: 150 },
  );
});
