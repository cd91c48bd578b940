/** What holds for every config tab: its header, its verdicts, and that nothing anybody types can break it. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { configTabs } from '../../src/config/tabs/index.ts';
import type { ConfigTab } from '../../src/config/tabs/reading/tab.ts';
import { checkText, writeBack } from '../../src/config/tabs/reading/write-back.ts';
import { chinaOffice } from '../../src/model/calendars/index.ts';
import type { CellValue, DateCell } from '../../src/model/cell.ts';
import { gridOf, readRows, zh } from './tabs-harness.ts';

const tabs: readonly ConfigTab<unknown>[] = Object.values(configTabs);
const words = [
  '张三',
  '同上',
  '、',
  '；',
  '\n',
  '→',
  '80%',
  '到期',
  '+',
  '60分钟',
  '周一',
  '至',
  '09:00-12:00',
  '休',
  '班',
  '2026-10-01',
  '..',
  '3月10日',
  '下午',
  '-',
  '{',
  '}',
  '{{',
  '问题标题',
  '(',
  ')',
  '=',
  'new',
  '多选',
  '公式',
  ':',
  '是',
  '否',
  '2个工作日',
  '自然',
  'status',
  '每',
  '次',
  '3',
  ' ',
  '１',
  '\ud800',
];
const text = fc.oneof(
  fc.array(fc.constantFrom(...words), { maxLength: 7 }).map((parts) => parts.join('')),
  fc.string({ unit: 'binary', maxLength: 20 }),
);
const date: fc.Arbitrary<DateCell> = fc.record({
  kind: fc.constant('date' as const),
  wallMs: fc.oneof(fc.integer({ min: Date.UTC(1899, 11, 30), max: Date.UTC(2100, 0, 1) }), fc.double()),
  hasTime: fc.boolean(),
});
const plain = fc.oneof(text, fc.double(), fc.integer({ min: -5, max: 50 }), fc.boolean(), fc.constant(null));
const error = fc.record({ kind: fc.constant('error' as const), code: fc.constantFrom('#REF!', '#N/A') });
const cell: fc.Arbitrary<CellValue> = fc.oneof(
  { weight: 8, arbitrary: plain },
  date,
  error,
  fc.record({
    kind: fc.constant('formula' as const),
    formula: fc.constant('A1'),
    result: fc.oneof(plain, date, error),
  }),
  fc.record({ kind: fc.constant('link' as const), text, url: fc.constant('https://example.com') }),
  fc.constant({ kind: 'covered' } as const),
);

describe.each(tabs.map((tab) => ({ name: tab.name, tab })))('$name', ({ tab }) => {
  const labels = tab.columns.map(({ label }) => label['zh-CN']);
  const contexts = { plain: zh, named: { ...zh, locale: 'en' as const, calendars: [chinaOffice], channels: ['mail'] } };

  test('whatever stands in its cells, every row gets a verdict in both languages', () => {
    fc.assert(
      fc.property(
        fc.array(fc.array(cell, { maxLength: labels.length + 2 }), { maxLength: 6 }),
        fc.boolean(),
        (rows, named) => {
          const context = named ? contexts.named : contexts.plain;
          const grid = gridOf([...labels, '检查', '优先级'], ...rows);
          const reading = tab.read(grid, context);
          for (const { row, state, notes } of reading.rows) {
            expect(state === 'ok').toBe(notes.length === 0);
            for (const note of notes) {
              expect(note.row).toBe(row);
              for (const told of Object.values(note.message)) expect(told).not.toMatch(/^(?:tab|fault)[-.]/);
            }
          }
          const cells = writeBack(reading, grid, context.locale);
          const written = rows.map((each) => [...each]);
          for (const { row, column, text: told } of cells) {
            while (written[row - 1]!.length <= column) written[row - 1]!.push(null);
            written[row - 1]![column] = told;
          }
          const after = gridOf([...labels, '检查', '优先级'], ...written);
          expect(writeBack(tab.read(after, context), after, context.locale)).toEqual([]);
        },
      ),
      { numRuns: 250 },
    );
  });

  test('a cell full of one sign is read as quickly as any', { timeout: 20_000 }, () => {
    for (const sign of ['(', ':', '-', '、']) {
      const long = `x${sign.repeat(32_000)}`;
      for (const { key } of tab.columns) {
        const row = tab.columns.map((each) => (each.key === key ? long : each.required ? '张三' : null));
        expect(tab.read(gridOf(labels, row), zh).rows).toHaveLength(1);
      }
    }
  });

  test('any grid at all is read', () => {
    fc.assert(
      fc.property(fc.array(fc.array(cell, { maxLength: 5 }), { maxLength: 4 }), (rows) => {
        expect(() => tab.read(gridOf(...rows), zh)).not.toThrow();
      }),
      { numRuns: 100 },
    );
  });

  test('its columns are told apart, and found under their names in both languages', () => {
    const texts = tab.columns.flatMap(({ label, headers }) => [...new Set([label['zh-CN'], label.en, ...headers])]);
    const keys = texts.map((each) => each.normalize('NFKC').replace(/\s/g, '').toLowerCase());
    expect(keys.filter((key, at) => keys.indexOf(key) !== at)).toEqual([]);
    for (const locale of ['zh-CN', 'en'] as const) {
      const reading = tab.read(gridOf(tab.columns.map(({ label }) => label[locale])), zh);
      expect(reading.head).toEqual([]);
    }
  });

  test('without the columns it needs nothing is read and old verdicts stay', () => {
    const grid = gridOf(['检查', '别的'], ['✓', 'x']);
    const reading = tab.read(grid, zh);
    expect(reading.head[0]).toMatchObject({ level: 'error', code: 'tab-no-column' });
    expect(reading.rows).toEqual([]);
    expect(writeBack(reading, grid, 'zh-CN')).toEqual([]);
  });
});

test('a title may stand above the header, and a misspelt header is told', () => {
  const grid = gridOf(['人员配置'], [], ['姓名', '技熊', '检查'], ['张三', 'PLC', null]);
  const reading = configTabs.people.read(grid, zh);
  expect(reading.headRow).toBe(2);
  expect(reading.head.map(({ code, address }) => [code, address])).toEqual([['tab-header-near', 'B3']]);
  expect(writeBack(reading, grid, 'zh-CN')).toEqual([{ row: 3, column: 2, text: '✓' }]);
});

test('what is written beside a row', () => {
  const reading = readRows(
    configTabs.people,
    ['姓名', '容量', '代理人', '权重', '邮箱', '检查'],
    [
      ['张三', '多', '查无此人某某', '轻', 'x', '✓'],
      ['李四', null, '李四', null, null, null],
      [null, 3, null, null, null, null],
      [null, null, null, null, null, '⚠ 旧的'],
      ['王五', null, null, null, null, '✓'],
    ],
  );
  const [zhang, li, blank] = reading.rows;
  expect(checkText(zhang!, 'zh-CN').split('\n')).toEqual([
    '⚠ B2 “多”不是容量。请填同时处理的工单数，例如 8；不限就留空。',
    'D2 “轻”不是权重。请填大于 0 的数字，例如 1 或 0.5。',
    'E2 “x”不是邮箱地址。请填完整地址，例如 li.lei@example.com。',
    '另有 1 处。',
  ]);
  expect(checkText(li!, 'en')).toBe(
    '✓ ⚠ C3 李四 cannot stand in for himself or herself. Write another person or leave it blank.',
  );
  expect(checkText(blank!, 'en')).toMatch(/^… A4 "Name" is still missing/);
});
