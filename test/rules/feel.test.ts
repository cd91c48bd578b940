/** What callers of FEEL rely on besides its values: faults with their place, names, inputs, field values, bounded work. */
import { describe, expect, test } from 'vitest';
import {
  compileExpression,
  compileUnary,
  type FeelScope,
  type FeelValue,
  feelNow,
  fromFieldValue,
} from '../../rules/feel/index.ts';
import { compilePattern } from '../../rules/feel/pattern.ts';
import { Run } from '../../rules/feel/run.ts';
import { valueText } from '../../rules/feel/value-text.ts';
import type { FieldValue, ValueKind } from '../../src/model/field.ts';

const now = feelNow(Date.UTC(2026, 2, 10, 2), 'Asia/Shanghai');
const scopeOf = (values: Readonly<Record<string, FeelValue>> = {}): FeelScope => ({
  get: (name) => values[name] ?? null,
  now,
});
const textOf = (value: FeelValue): string | null => valueText(new Run(scopeOf(), null), value);

function evaluate(source: string, values: Readonly<Record<string, FeelValue>> = {}): string | null {
  const compiled = compileExpression(source, Object.keys(values));
  if (!compiled.ok) throw new Error(`${source}: ${compiled.code}`);
  return textOf(compiled.evaluate(scopeOf(values)));
}

describe('faults', () => {
  test.each([
    ['1 + ', 'feel-syntax', 4, { near: '' }],
    ['', 'feel-syntax', 0, { near: '' }],
    ['金额 == 5', 'feel-syntax', 4, { near: '= 5' }],
    ['"open', 'feel-syntax', 0, { near: '"open' }],
    ['? > 1', 'feel-syntax', 0, { near: '? > 1' }],
    ['金额 + 运费', 'unknown-field', 5, { name: '运费' }],
    ['some x in [1] satisfies y', 'unknown-field', 24, { name: 'y' }],
    ['sleep(5)', 'feel-unsupported', 0, { what: 'sleep' }],
    ['1 + function(x) x', 'feel-unsupported', 4, { what: 'function(x) x' }],
    ['金额 instance of tPrice', 'feel-unsupported', 15, { what: 'tPrice' }],
  ])('%s', (source, code, at, params) => {
    expect(compileExpression(source, ['金额'])).toEqual({ ok: false, code, at, params });
  });

  test.each(['(a)\\\\1', '(?=a)', '(?<!a)b', 'a{2', '[z-a]', '\\\\b', 'a{9999}'])(
    'the pattern %s is refused when it stands in the source',
    (pattern) => {
      expect(compileUnary(`matches(?, "${pattern}")`, [])).toMatchObject({ ok: false, code: 'feel-unsupported' });
      expect(compilePattern(pattern.replaceAll('\\\\', '\\'))).toBeNull();
    },
  );

  test('a pattern that is refused when it comes from a field gives null', () => {
    expect(evaluate('matches("a", 模式) = null', { 模式: '(a)\\1' })).toBe('true');
  });

  test.each([
    ['depth', `${'('.repeat(400)}1${')'.repeat(400)}`],
    ['length', `1${' + 1'.repeat(1500)}`],
  ])('a source beyond all %s is refused', (_what, source) => {
    expect(compileExpression(source, [])).toMatchObject({ ok: false, code: 'feel-unsupported' });
  });
});

describe('names', () => {
  test('are read as they were given, each once, and only where they are used', () => {
    const compiled = compileUnary('? > 报价  金额 and 报价 金额 > 区域/城市 or contains(VIP?, "报价")', [
      '报价 金额',
      '区域/城市',
      'VIP?',
      '其他',
    ]);
    expect(compiled).toMatchObject({ ok: true, reads: ['报价 金额', '区域/城市', 'VIP?'] });
  });

  test('one that FEEL cannot spell stands between backquotes', () => {
    expect(evaluate('`2026年(元)` + "!"', { '2026年(元)': '好' })).toBe('好!');
  });

  test('an inner name hides an outer one, and the keys of a filtered value hide both', () => {
    expect(evaluate('for 金额 in ["x"] return 金额', { 金额: '外' })).toBe('["x"]');
    expect(evaluate('[{金额: 1}, {别: 2}][金额 = 1]', { 金额: '外' })).toBe('[{金额: 1}]');
    expect(evaluate('[{别: 2}][金额 = "外"]', { 金额: '外' })).toBe('[{别: 2}]');
  });

  test('words of JavaScript are names like others', () => {
    expect(evaluate('{constructor: 1}.toString')).toBeNull();
    expect(compileExpression('__proto__', ['a'])).toMatchObject({
      code: 'unknown-field',
      params: { name: '__proto__' },
    });
    expect(evaluate('__proto__', Object.fromEntries([['__proto__', 'here']]))).toBe('here');
  });
});

describe('the signs of a Chinese keyboard', () => {
  test('are read as the plain ones', () => {
    expect(evaluate('contains（“漏水，渗水”，“，”）')).toBe('true');
    expect(compileUnary('【1．．5）', [])).toMatchObject({ ok: true });
  });

  test('stay as they are inside a text and in a name', () => {
    expect(evaluate('"（a，b）"')).toBe('（a，b）');
    expect(evaluate('金额（元） + "！"', { '金额（元）': '好' })).toBe('好！');
  });

  test('keep the place of a fault', () => {
    expect(compileExpression('contains（标题，“a”）', [])).toMatchObject({ code: 'unknown-field', at: 9 });
  });
});

describe('an empty input', () => {
  test.each([
    '> 5',
    '预算 * 2',
    'contains(?, "a")',
    'starts with(标题, "a")',
    '[预算..9]',
    'true',
    'not(> 5)',
    '? < now()',
  ])('does not pass %s', (source) => {
    const compiled = compileUnary(source, ['预算', '标题']);
    expect(compiled.ok && compiled.test(null, scopeOf())).toBe(false);
  });

  test.each(['-', 'null', 'not("a")', '? = null', '!= 5'])('passes %s', (source) => {
    const compiled = compileUnary(source, []);
    expect(compiled.ok && compiled.test(null, scopeOf())).toBe(true);
  });
});

describe('field values', () => {
  const cases: readonly (readonly [FieldValue, ValueKind, string | null])[] = [
    [null, 'number', null],
    ['', 'text', null],
    [0.1, 'number', '0.1'],
    [1e21, 'number', '1000000000000000000000'],
    [5400, 'duration', 'PT1H30M'],
    [true, 'boolean', 'true'],
    ['2026-03-10', 'date', '2026-03-10'],
    ['2026-03-10', 'datetime', '2026-03-10T00:00:00@Asia/Shanghai'],
    ['2026-03-10T03:30:00.000Z', 'datetime', '2026-03-10T11:30:00@Asia/Shanghai'],
    ['不知道', 'datetime', null],
    ['老人、孕妇', 'choices', '["老人", "孕妇"]'],
    ['张三', 'person', '张三'],
  ];
  test.each(cases)('%s as %s', (value, kind, text) => {
    expect(textOf(fromFieldValue(value, kind, 'Asia/Shanghai'))).toBe(text);
  });

  test('an instant in the hour that the clock goes through twice stays that instant', () => {
    const [first, second] = ['2026-10-25T00:30:00.000Z', '2026-10-25T01:30:00.000Z'].map((instant) =>
      fromFieldValue(instant, 'datetime', 'Europe/Berlin'),
    );
    expect(evaluate('乙 - 甲', { 甲: first!, 乙: second! })).toBe('PT1H');
    expect(evaluate('甲 < 乙', { 甲: first!, 乙: second! })).toBe('true');
    expect(evaluate('乙 - @"2026-10-25T01:30:00Z"', { 乙: second! })).toBe('PT0S');
  });
});

describe('work is bounded', () => {
  test.each([
    'for i in 1..1000000000 return i',
    'for a in 1..1000, b in 1..1000 return a * b',
    'for i in 1..60 return if i = 1 then "abcdefgh" else partial[-1] + partial[-1]',
    'for i in 1..60 return if i = 1 then [1, 2] else concatenate(partial[-1], partial[-1])',
    'distinct values(for i in 1..20000 return i)',
    'for i in 1..100000 return 1.0001 ** 1.5',
    'sort(for i in 1..40000 return -i, function(x, y) x < y)',
  ])('%s', (source) => {
    expect(evaluate(source)).toBeNull();
  });

  test.each(['^(a+)+$', '(a|a)*b', '(a|aa)+$', '(.*)*x', '(a?){40}a{40}b'])('%s over many letters', (pattern) => {
    const text = 'a'.repeat(20_000);
    const answer = evaluate(`matches(标题, "${pattern}")`, { 标题: `${text}!` });
    expect([null, 'false']).toContain(answer);
  });
});
