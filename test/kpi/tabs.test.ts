/** Pages of figures as tabs: nothing covers anything, charts read their own numbers, and the sheet comes to our figures. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type DetailTicket, detailsKey, detailsOf } from '../../src/kpi/details.ts';
import { draftTabs, planTabs, tabKeys, withAsOf } from '../../src/kpi/publish.ts';
import type { Board } from '../../src/kpi/section.ts';
import { asOfPlace, setAside } from '../../src/kpi/tab.ts';
import { textWidth, wrapped } from '../../src/kpi/tab-cells.ts';
import type { Area, PublishedCell, PublishedTab } from '../../src/model/published-tab.ts';
import { boardOf, person, someTickets } from './boards.ts';
import { history } from './histories.ts';

const boards = fc
  .record({
    tickets: someTickets,
    period: fc.constantFrom('2026-03', '2026', '2026-W11', '2027-01'),
    now: fc.constantFrom('03-10 12:00', '05-01 00:00'),
    locale: fc.constantFrom('zh-CN' as const, 'en' as const),
  })
  .map(({ tickets, ...wish }) => boardOf(tickets, { ...wish, people: [person('张伟', { capacity: 2 })] }));

const ticketsOf = (board: Board): readonly DetailTicket[] =>
  draftTabs(board).ids.map((id) => ({ id, number: `T-${id}`, title: `第 ${id} 单`, status: '处理中' }));
const plan = (board: Board): readonly PublishedTab[] => planTabs(board, ticketsOf(board));
const tab = (tabs: readonly PublishedTab[], key: string): PublishedTab => tabs.find((each) => each.key === key)!;

function valuesIn(
  { rows }: PublishedTab,
  { row, toRow, column, toColumn }: Area,
): (PublishedCell['value'] | undefined)[] {
  const values = [];
  for (let r = row; r <= toRow; r++) for (let c = column; c <= toColumn; c++) values.push(rows[r]?.[c]?.value ?? null);
  return values;
}

const overlap = (a: Area, b: Area): boolean =>
  a.row <= b.toRow && b.row <= a.toRow && a.column <= b.toColumn && b.column <= a.toColumn;

describe('the tabs of a board', () => {
  it('have their keys, and charts that cover no cell and no other chart', () => {
    fc.assert(
      fc.property(boards, (board) => {
        const tabs = plan(board);
        expect(tabs.map(({ key }) => key)).toEqual(tabKeys);
        for (const each of tabs) {
          for (const [n, { place }] of each.charts.entries()) {
            expect(valuesIn(each, place).filter((value) => value !== null)).toEqual([]);
            expect(each.charts.slice(n + 1).filter((other) => overlap(place, other.place))).toEqual([]);
          }
          const merges = each.merges ?? [];
          for (const [n, merge] of merges.entries()) {
            // Only the first cell of a merge may hold anything.
            expect(
              valuesIn(each, merge)
                .slice(1)
                .filter((value) => value !== null),
            ).toEqual([]);
            expect(merges.slice(n + 1).some((other) => overlap(merge, other))).toBe(false);
          }
          expect(new Set(each.charts.map(({ chart }) => chart.name)).size).toBe(each.charts.length);
          expect(each.widths.length).toBeGreaterThanOrEqual(Math.max(...each.rows.map((row) => row.length)));
        }
      }),
      { numRuns: 30 },
    );
  });

  it('charts take their numbers from cells of the tab, and these are the numbers of the chart', () => {
    fc.assert(
      fc.property(boards, (board) => {
        for (const each of plan(board)) {
          for (const { chart, categories, series } of each.charts) {
            if (chart.categories.length === 0) continue;
            expect(valuesIn(each, categories)).toEqual(chart.categories);
            for (const [n, { name, values, x }] of series.entries()) {
              expect(valuesIn(each, name)).toEqual([chart.series[n]!.name]);
              expect(valuesIn(each, values)).toEqual(chart.series[n]!.values);
              if (x !== undefined) expect(valuesIn(each, x)).toEqual(chart.series[n]!.x);
            }
          }
        }
      }),
      { numRuns: 30 },
    );
  });

  it('hold numbers, dates and texts, never what no sheet can hold', () => {
    fc.assert(
      fc.property(boards, (board) => {
        for (const { value, isInstant } of plan(board)
          .flatMap(({ rows }) => rows.flat())
          .filter((cell) => cell !== null)) {
          if (typeof value === 'number') expect(Number.isFinite(value)).toBe(true);
          if (isInstant === true) expect(new Date(value as string).toISOString()).toBe(value);
          if (typeof value === 'string') expect(value).not.toMatch(/^kpi[.-]|\{\w+\}/);
        }
      }),
      { numRuns: 20 },
    );
  });

  it('one ticket more moves nothing in the tabs', () => {
    const tickets = (count: number) =>
      Array.from({ length: count }, (_, n) =>
        history(n + 1, '03-02 09:00', { customer: `客户${n}`, issue_type: `类${n}`, assignee: `人${n}` }),
      );
    const places = (count: number) =>
      plan(boardOf(tickets(count))).map(({ key, charts, rules }) => [key, charts.map(({ place }) => place), rules]);
    expect(places(6)).toEqual(places(5));
    expect([0, 4, 5, 17].map(setAside)).toEqual([4, 4, 8, 32]);
  });

  it('say what they are of, and can be as of another moment', () => {
    const board = boardOf([history(1, '03-02 09:00', {})], { now: '03-10 12:00' });
    const tabs = plan(board);
    const overview = tab(tabs, 'overview');
    expect(overview.rows[0]![0]).toEqual({ value: '概览', look: 'title' });
    expect(overview.rows[1]![0]!.value).toBe('时间段 2026-03　·　时长按工作时间计，单位小时');
    expect(overview.rows[asOfPlace.row]![asOfPlace.column]).toMatchObject({
      value: '2026-03-10T04:00:00.000Z',
      isInstant: true,
    });
    const later = withAsOf(tabs, '2026-03-10T05:00:00.000Z');
    expect(later[0]!.rows[2]![1]!.value).toBe('2026-03-10T05:00:00.000Z');
    expect(withAsOf(later, '2026-03-10T04:00:00.000Z')).toEqual(tabs);
  });

  it('a card says how it changed in words and sign, with the same part of the month before', () => {
    const reply = (id: number, day: string, minutes: number) =>
      history(id, `${day} 09:00`, {}, [[`${day} ${minutes === 60 ? '10:00' : '11:00'}`, 'reply']]);
    const board = boardOf([reply(1, '02-02', 120), reply(2, '02-20', 60), reply(3, '03-02', 60)], {
      now: '03-10 12:00',
    });
    const { rows } = tab(plan(board), 'overview');
    const at = (label: string): readonly (PublishedCell | null | undefined)[] => {
      const row = rows.findIndex((cells) => cells.some((cell) => cell?.value === label));
      const column = rows[row]!.findIndex((cell) => cell?.value === label);
      return [0, 1, 2, 3].map((n) => rows[row + n]?.[column]);
    };
    const [label, figure, change, note] = at('首次响应时间');
    expect(label).toMatchObject({ link: "#'明细'!A1" });
    expect(figure).toEqual({ value: 1, format: '0.0', look: 'figure' });
    expect(change).toEqual({ value: '↓ 1.0 小时，变好（上期同期 2.0 小时）', look: 'good' });
    expect(note!.value).toBe('1 单');
  });
});

describe('the list of tickets', () => {
  it('has whoever was created, solved, rated, due or open in the period, and nobody else', () => {
    const solved = { status: '已解决' };
    const board = boardOf([
      history(1, '02-10 09:00', {}, [['02-10 10:00', solved]]),
      history(2, '02-10 09:00', {}, [['03-10 10:00', solved]]),
      history(3, '02-10 09:00', {}, [
        ['02-10 10:00', solved],
        ['03-10 10:00', { csat: 5 }],
      ]),
      history(4, '02-10 09:00', {}),
      history(5, '03-10 09:00', {}, [['03-10 10:00', { status: '已作废' }]]),
    ]);
    expect(detailsOf(board).ids).toEqual([5, 4, 3, 2]);
    const { rows, filter } = tab(plan(board), detailsKey);
    expect(rows[5]!.slice(0, 3).map((cell) => cell!.value)).toEqual(['工单号', '问题标题', '客户']);
    expect(rows[6]![0]!.value).toBe('T-5');
    expect(filter).toMatchObject({ row: 5, column: 0 });
  });

  it('lists at most 5,000, the newest, says so and then checks nothing', () => {
    const day = (n: number) => `03-${String(1 + (n % 28)).padStart(2, '0')} 09:00`;
    const tickets = Array.from({ length: 5_001 }, (_, n) => history(n + 1, day(n), {}, [], null));
    const board = boardOf(tickets);
    const details = detailsOf(board);
    expect([details.ids.length, details.more, details.checks.size]).toEqual([5_000, 1, 0]);
    const { rows } = details.tab(new Map());
    expect(rows[3]![0]!.value).toContain('另有 1 单没有列出');
    expect(details.ids).not.toContain(1);
  });

  it('without the list there are no links to it and no checks', () => {
    const board = boardOf([history(1, '03-02 09:00', {})]);
    const tabs = draftTabs(board).tabs([], new Set(['overview']));
    expect(tabs.map(({ key }) => key)).toEqual(['overview']);
    const cells = tabs[0]!.rows.flat().filter((cell) => cell !== null);
    expect(cells.some(({ link, formula }) => link !== undefined || formula !== undefined)).toBe(false);
  });

  it('the figures are what a plain reading of its rows comes to', () => {
    fc.assert(
      fc.property(boards, (board) => {
        const tabs = plan(board);
        for (const { value, formula } of detailsOf(board).checks.values()) {
          const reached = readFormula(formula!, tab(tabs, detailsKey));
          if (typeof value === 'number') expect(reached).toBeCloseTo(value, 9);
          else expect(reached).toBe(value);
        }
      }),
      { numRuns: 30 },
    );
  });
});

/** Works out the formulas of checks as a sheet does: COUNTIF and AVERAGE over a column, a quotient, IFERROR. */
function readFormula(formula: string, list: PublishedTab): number | string {
  const column = (letters: string): readonly PublishedCell['value'][] => {
    const place = [...letters].reduce((sum, letter) => sum * 26 + letter.charCodeAt(0) - 64, 0) - 1;
    return list.rows.slice(6).map((row) => row[place]?.value ?? null);
  };
  const range = /'[^']+'!\$([A-Z]+)\$7:\$\1\$5006/;
  const letters = range.exec(formula)![1]!;
  const counts = [...formula.matchAll(/COUNTIF\([^,]+,"([^"]+)"\)/g)].map(
    ([, word]) => column(letters).filter((value) => value === word).length,
  );
  if (formula.startsWith('COUNTIF')) return counts[0]!;
  const numbers = column(letters).filter((value) => typeof value === 'number');
  const value = formula.includes('AVERAGE')
    ? numbers.reduce((sum, each) => sum + each, 0) / numbers.length
    : counts[0]! / (counts[1]! + counts[2]!);
  return Number.isNaN(value) ? '' : value;
}

describe('texts in cells', () => {
  it('are wrapped by width, Chinese between any two characters, the rest on the last line', () => {
    expect(textWidth('工单 12')).toBe(7);
    expect(wrapped('一二三四五六七', 8, 2)).toEqual(['一二三四', '五六七']);
    expect(wrapped('one two three', 8, 2)).toEqual(['one two', 'three']);
    expect(wrapped('one two three four five', 8, 2)).toEqual(['one two', 'three four five']);
    expect(wrapped('', 8, 2)).toEqual([]);
  });
});
