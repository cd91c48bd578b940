/** What holds for every cell: nothing throws, 非 is the exact complement, order of a list says nothing, readings read back. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  type CellColumn,
  compileTest,
  conditionReading,
  faultText,
  readCell,
  readingOf,
} from '../../rules/cell/index.ts';
import type { CellTest } from '../../rules/cell-test.ts';
import type { FieldValue, ValueKind } from '../../src/model/field.ts';
import { columns, context, scopeWith } from './cell-world.ts';

const kinds = Object.keys(columns) as ValueKind[];

const days = fc
  .integer({ min: -40, max: 40 })
  .map((day) => new Date(Date.UTC(2026, 2, 10 + day)).toISOString().slice(0, 10));
const instants = fc
  .integer({ min: -3_000_000, max: 3_000_000 })
  .map((s) => new Date(Date.UTC(2026, 2, 10, 4, 0, s)).toISOString());
const amounts = fc.integer({ min: -1000, max: 100_000 }).map((cents) => cents / 100);
const joined = (...words: string[]) => fc.subarray(words, { minLength: 1 }).map((some) => some.join('、'));

const valuesOf: Readonly<Record<ValueKind, fc.Arbitrary<FieldValue>>> = {
  text: fc.constantFrom('漏水', '厨房漏水', 'SN001', 'sn 2', 'A B', ''),
  number: amounts,
  duration: fc.integer({ min: 0, max: 200_000 }),
  date: days,
  datetime: fc.oneof(days, instants),
  boolean: fc.boolean(),
  choice: fc.constantFrom('紧急', '高', '中', '低', '别的'),
  choices: joined('老人', '孕妇', '儿童'),
  person: fc.constantFrom('张三', '李四', '王五'),
  people: joined('张三', '李四', '王五'),
};

const number = fc.oneof(
  amounts.map(String),
  fc.constantFrom('10万', '1.5k', '50%', '{预算}', '{预算}*1.1', '{预算}-5'),
);
const sign = fc.constantFrom('>', '>=', '<', '<=', '超过 ', '不少于', '小于', '至多', 'at least ', 'less than ');
const ordered = (operand: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.oneof(
    operand,
    fc.tuple(sign, operand).map((parts) => parts.join('')),
    operand.map((each) => `${each}以上`),
  );
const moment = fc.oneof(
  days,
  fc.constantFrom('今天', '昨天', '今天-3天', '3天前', '2026-03', '本周', '上月', 'last 7 days', '最近7天', '未来3天'),
);
const moments = fc.oneof(
  moment,
  fc
    .tuple(fc.constantFrom('>', '>=', '<', '<=', '晚于', '不早于 ', 'before ', 'not after '), moment)
    .map((parts) => parts.join('')),
);
const span = fc.constantFrom('2小时', '90分钟', '3天', '1小时30分', '2 hours');

const itemOf: Readonly<Record<ValueKind, fc.Arbitrary<string>>> = {
  text: fc.constantFrom('漏水', 'SN*', '包含 漏', '开头 厨房', '*漏*', '"A B"', '"漏或渗"', '包含 "A,B"', '空', 'A B'),
  number: fc.oneof(ordered(number), fc.constantFrom('[1..5]', '(1..5)', '1~5', '>=1 <5', '空')),
  duration: fc.oneof(ordered(span), fc.constantFrom('1..3小时', '空')),
  date: fc.oneof(
    moments,
    fc.tuple(sign, fc.constantFrom('3天', '1个月')).map((parts) => parts.join('')),
    fc.constantFrom('3天内'),
  ),
  datetime: fc.oneof(
    moments,
    fc.tuple(sign, span).map((parts) => parts.join('')),
    fc.constantFrom('超过 4个工作小时', '2小时内'),
  ),
  boolean: fc.constantFrom('是', '否', 'yes', '空'),
  choice: fc.constantFrom('紧急', '高', '中', '空'),
  choices: fc.constantFrom('老人', '孕妇', '空'),
  person: fc.constantFrom('张三', '李工', '我', '组:水电组', '角色:客服', '{创建人}', '空'),
  people: fc.constantFrom('张三', '李工', '我', '组:水电组', '{创建人}'),
};

interface Sample {
  readonly column: CellColumn;
  readonly items: readonly string[];
  readonly values: readonly FieldValue[];
}

const samples: fc.Arbitrary<Sample> = fc.constantFrom(...kinds).chain((kind) =>
  fc.record({
    column: fc.constant<CellColumn>(columns[kind]),
    items: fc.array(itemOf[kind], { minLength: 1, maxLength: 4 }),
    values: fc.array(fc.oneof({ weight: 6, arbitrary: valuesOf[kind] }, { weight: 1, arbitrary: fc.constant(null) }), {
      minLength: 4,
      maxLength: 10,
    }),
  }),
);

const others = { budget: 25, author: '张三' };

function testOf(cell: string, column: CellColumn, kind: 'cell' | 'reading' = 'cell'): CellTest {
  const read = readCell(cell, column, context);
  if (!read.ok) throw new Error(`${kind} ${cell}: ${read.fault.code}`);
  return read.test;
}

function answers(test: CellTest, { column, values }: Sample): readonly boolean[] {
  const compiled = compileTest(test, column, context);
  return values.map((value) => compiled(value, scopeWith({ ...others, [column.key]: value })));
}

describe('cells of every kind', () => {
  test('非 is the exact complement, empty included', () => {
    fc.assert(
      fc.property(samples, fc.constantFrom('非 ', '不是 ', 'except ', '≠'), (sample, word) => {
        const cell = sample.items.join('、');
        const plain = answers(testOf(cell, sample.column), sample);
        const negated = answers(testOf(`${word}${cell}`, sample.column), sample);
        expect(negated).toEqual(plain.map((each) => !each));
      }),
      { numRuns: 400 },
    );
  });

  test('the order of a list says nothing', () => {
    fc.assert(
      fc.property(samples, fc.constantFrom('，', '、', ';', '\n', '或', ' or '), (sample, separator) => {
        // `3,100` is refused: it may be one number.
        fc.pre(sample.column.kind !== 'number' || !/[,，]/.test(separator));
        // An operator holds for what follows it, so only lists without one may be turned round.
        fc.pre(!sample.items.some((item) => /^(?:包含|开头)/.test(item)));
        const turned = answers(testOf([...sample.items].reverse().join(separator), sample.column), sample);
        expect(turned).toEqual(answers(testOf(sample.items.join(separator), sample.column), sample));
      }),
      { numRuns: 400 },
    );
  });

  test('a reading that is itself a cell means the same, and most readings are one', () => {
    let asked = 0;
    let understood = 0;
    fc.assert(
      fc.property(
        samples,
        fc.constantFrom('', '非 ', '变为 '),
        fc.constantFrom('zh-CN', 'en'),
        (sample, word, locale) => {
          const read = testOf(`${word}${sample.items.join('、')}`, sample.column);
          const reading = conditionReading(read, sample.column, locale, context);
          expect(reading).not.toMatch(/cell\.|undefined|\{\w+\}/);
          asked++;
          const again = readCell(reading, sample.column, context);
          if (!again.ok) return;
          understood++;
          expect({ reading, answers: answers(again.test, sample) }).toEqual({
            reading,
            answers: answers(read, sample),
          });
        },
      ),
      { numRuns: 400 },
    );
    expect(understood / asked).toBeGreaterThan(0.4);
  });

  test('values of another type than the column are answered, never thrown at', () => {
    const value = fc.oneof(fc.string(), fc.double(), fc.boolean(), fc.constant(null), days, instants);
    fc.assert(
      fc.property(samples, value, (sample, strange) => {
        const compiled = compileTest(testOf(sample.items.join('、'), sample.column), sample.column, context);
        const scope = scopeWith({ [sample.column.key]: strange, budget: strange, author: strange });
        expect(typeof compiled(strange, scope)).toBe('boolean');
      }),
      { numRuns: 500 },
    );
  });
});

describe('any text at all', () => {
  const pieces = fc.constantFrom(
    ...[
      '非',
      '不',
      '除',
      '外',
      '包含',
      '匹配 ',
      '开头',
      '从',
      '变为',
      '离开',
      '公式:',
      '>',
      '>=',
      '<',
      '=',
      '..',
      '~',
      '至',
      '-',
      ',',
      '，',
      '、',
      ';',
      '\n',
      '或',
      ' or ',
      '且',
      ' and ',
    ],
    ...[
      '[',
      ']',
      '(',
      ')',
      '{',
      '}',
      '"',
      '“',
      '”',
      '「',
      '*',
      '+',
      '?',
      '\\',
      '|',
      '^',
      '$',
      '%',
      '.',
      ' ',
      '{预算}',
      '今天',
      '最近',
      '天',
      '小时',
      '个',
      '工作日',
      '月',
      '2026',
      '3',
      '10万',
      '1,000',
      '组:',
      '角色:',
      '我',
      '张三',
      '紧急',
      '空',
      '内',
      '以上',
      '前',
      '😀',
      '\u200b',
      '\ud800',
    ],
  );
  const text = fc.oneof(
    fc.array(pieces, { maxLength: 30 }).map((parts) => parts.join('')),
    fc.string({ unit: 'binary', maxLength: 60 }),
  );

  test('is a test or a fault with a whole message in both languages', () => {
    fc.assert(
      fc.property(fc.constantFrom(...kinds), text, (kind, cell) => {
        const column = columns[kind];
        const read = readCell(cell, column, context);
        if (read.ok) {
          const compiled = compileTest(read.test, column, context);
          compiled('x', scopeWith(others));
          readingOf(read.test, column, 'en', context);
          return;
        }
        expect(read.fault.at).toBeLessThanOrEqual(cell.length);
        for (const locale of ['zh-CN', 'en'] as const) {
          const told = faultText(read.fault, locale, { tab: '规则', address: 'F12', column });
          expect(told).not.toMatch(
            /cell-fault\.|\{(?:part|suggestion|text|example|reading|name|limit|typed|date|one|several)\}/,
          );
        }
      }),
      { numRuns: 3000 },
    );
  });

  test('a thousand signs of one kind are read as well', () => {
    const signs = [
      '(',
      '[',
      '{',
      '"',
      '“',
      '非',
      'not ',
      '>',
      '1..',
      ',',
      '或',
      '从',
      '*',
      'a',
      '1',
      '天',
      '包含',
      '\\',
      '匹配 (',
      '\n',
      ' ',
      '除',
      '-',
      '以上',
    ];
    for (const kind of kinds) {
      for (const one of signs) {
        const cell = one.repeat(1000).slice(0, 1000);
        expect(() => readCell(cell, columns[kind], context)).not.toThrow();
      }
    }
  });
});

describe('money', () => {
  test('a comparison of amounts is one of whole cents', () => {
    const cents = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 });
    fc.assert(
      fc.property(cents, cents, fc.constantFrom('>', '>=', '<', '<=', '='), (a, b, comparison) => {
        const compiled = compileTest(
          testOf(`${comparison}${(b / 100).toFixed(2)}`, columns.number),
          columns.number,
          context,
        );
        const expected = { '>': a > b, '>=': a >= b, '<': a < b, '<=': a <= b, '=': a === b }[comparison];
        expect(compiled(a / 100, scopeWith({}))).toBe(expected);
      }),
    );
  });

  test('so is one with another field, times and plus a decimal', () => {
    const cents = fc.integer({ min: 0, max: 100_000_000 });
    fc.assert(
      fc.property(
        cents,
        fc.integer({ min: 0, max: 300 }),
        cents,
        fc.integer({ min: -2, max: 2 }),
        (base, percent, added, off) => {
          // base/100 * percent/100 + added/100, all in units of a ten-thousandth.
          const exact = base * percent + added * 100;
          const cell = `>={预算}*${(percent / 100).toFixed(2)}+${(added / 100).toFixed(2)}`;
          const compiled = compileTest(testOf(cell, columns.number), columns.number, context);
          const value = (exact + off) / 10_000;
          expect(compiled(value, scopeWith({ budget: base / 100 }))).toBe(off >= 0);
        },
      ),
    );
  });

  test('what adding as doubles leaves behind does not count', () => {
    const compiled = compileTest(testOf('0.3', columns.number), columns.number, context);
    expect(compiled(0.1 + 0.2, scopeWith({}))).toBe(true);
    expect(compiled(0.30000000000001, scopeWith({}))).toBe(false);
  });
});
