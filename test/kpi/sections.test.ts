/** The pages of figures: worked out by hand from small histories, and what must hold whatever the tickets are. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backlogAt, bucketsIn, measureBuckets } from '../../src/kpi/buckets.ts';
import { ticketsBehind } from '../../src/kpi/drill.ts';
import type { FactSet } from '../../src/kpi/fact-set.ts';
import { kpiOf, kpis } from '../../src/kpi/index.ts';
import { measure } from '../../src/kpi/measure.ts';
import type { Board, Drill, Section } from '../../src/kpi/section.ts';
import { quadrantOf } from '../../src/kpi/sections/customers.ts';
import { sections, sectionsOf } from '../../src/kpi/sections/index.ts';
import { wholeShares } from '../../src/kpi/sections/issues.ts';
import { at } from '../model/sla-desk.ts';
import { boardOf, cellsOf, chartOf, person, someTickets, tableOf } from './boards.ts';
import { type Deed, history, setOf } from './histories.ts';

const make = (name: string, board: Board): Section => sections.find((section) => section.name === name)!.make(board);
const solved = { status: '已解决' };
/** A ticket that was solved so many minutes of work after 09:00 of a day. */
const done = (id: number, day: string, minutes: number, assignee: string, values = {}) =>
  history(id, `${day} 09:00`, { assignee, ...values }, [
    [`${day} 09:00`, { status: '处理中' }],
    [
      `${day} ${String(9 + Math.floor(minutes / 60)).padStart(2, '0')}:${String(minutes % 60).padStart(2, '0')}`,
      solved,
    ],
  ]);

describe('trend', () => {
  it('measures each day from its tickets; a day without any is a gap, not 0', () => {
    const reply = (when: string): Deed => [when, 'reply'];
    const board = boardOf(
      [
        history(1, '03-02 09:00', {}, [reply('03-02 09:30')]),
        history(2, '03-02 09:00', {}, [reply('03-02 10:30')]),
        history(3, '03-03 09:00', {}, [reply('03-03 12:00')]),
        history(4, '03-03 10:00', {}),
      ],
      { period: '2026-03-01..2026-03-06', now: '03-05 12:00' },
    );
    const section = make('trend', board);
    expect(cellsOf(tableOf(section, '首次响应时间'))).toEqual([
      ['03-01', null, null, null, 0, 0],
      ['03-02', 3600, 3600, 5040, 2, 0],
      ['03-03', 10800, 10800, 10800, 1, 1],
      ['03-04', null, null, null, 0, 0],
      ['03-05（未完）', null, null, null, 0, 0],
      ['03-06', null, null, null, null, null],
    ]);
    expect(chartOf(section, 'first-response-trend').chart.series[0]!.values).toEqual([null, 1, 3, null, null, null]);
    expect(cellsOf(tableOf(section, '新建、解决与积压')).map((row) => row.slice(1))).toEqual([
      [0, 0, 0],
      [2, 0, 2],
      [2, 0, 4],
      [0, 0, 4],
      [0, 0, 4],
      [null, null, null],
    ]);
  });

  it('weeks that stick out of the period have only its days, and say so', () => {
    const board = boardOf([done(1, '03-30', 60, '张伟'), done(2, '04-01', 60, '张伟')], {
      period: '2026-02-01..2026-03-31',
      now: '04-10 00:00',
    });
    const buckets = bucketsIn(board);
    expect(buckets.map(({ label }) => label)).toEqual([
      '2026-W05（未完）',
      ...['06', '07', '08', '09', '10', '11', '12', '13'].map((week) => `2026-W${week}`),
      '2026-W14（未完）',
    ]);
    expect(measureBuckets(board, kpiOf('resolved')!, buckets).map((each) => each!.n)).toEqual([
      0, 0, 0, 0, 0, 0, 0, 0, 0, 1,
    ]);
  });

  it('a ticket that was solved in two buckets is in both, as if each had been asked for alone', () => {
    const twice = history(1, '03-02 09:00', {}, [
      ['03-02 10:00', solved],
      ['03-03 09:00', { status: '处理中' }],
      ['03-04 10:00', solved],
    ]);
    const board = boardOf([twice], { period: '2026-03-01..2026-03-05' });
    const counts = measureBuckets(board, kpiOf('resolved')!, bucketsIn(board)).map((each) => each!.n);
    expect(counts).toEqual([0, 1, 0, 1, 0]);
    expect(measure(board.facts, kpiOf('resolved')!, board.query).n).toBe(1);
  });
});

describe('funnel', () => {
  it('counts what ever got there; where tickets stand now is another question', () => {
    const board = boardOf([
      history(1, '03-02 09:00', {}, [['03-02 10:00', { status: '已关闭' }]]),
      history(2, '03-02 09:00', {}, [
        ['03-02 10:00', solved],
        ['03-03 10:00', { status: '处理中' }],
      ]),
      history(3, '03-31 09:00', {}),
      history(4, '03-31 09:00', {}, [['03-31 09:10', { status: '已作废' }]]),
    ]);
    const section = make('funnel', board);
    expect(cellsOf(tableOf(section))).toEqual([
      ['新建', 3, null, null],
      ['受理', 2, 2 / 3, 2 / 3],
      ['解决', 2, 1, 2 / 3],
      ['关闭', 1, 0.5, 1 / 3],
    ]);
    expect(chartOf(section, 'funnel').note).toContain('1 单不在内');
    // Nine hours of 31 March less the break at noon; from 3 March 10:00 there are 20 days of work and one hour less.
    const now = cellsOf(tableOf(section, '现在停留在各阶段的工单'));
    expect(now.slice(0, 2)).toEqual([
      ['待受理', 1, 27_000],
      ['处理中', 1, 21 * 27_000 - 3600],
    ]);
    expect(now.slice(2).map((row) => row.slice(1))).toEqual([
      [0, null],
      [0, null],
      [0, null],
    ]);
  });
});

describe('people', () => {
  const tickets = [
    ...[10, 20, 30, 40, 50].map((minutes, n) => done(n + 1, '03-02', minutes, '张伟')),
    ...[30, 30, 30, 30, 30, 30].map((minutes, n) => done(n + 11, '03-03', minutes, '李娜')),
    ...[30, 30, 30, 30, 30].map((minutes, n) => done(n + 21, '03-04', minutes, '周强')),
    done(31, '03-05', 5, '王强'),
    history(32, '03-30 09:00', { assignee: '张伟' }, [['03-30 09:00', { status: '处理中' }]]),
    history(33, '03-30 09:00', { assignee: '张伟' }, [['03-30 09:00', { status: '等待客户' }]]),
    history(34, '03-30 09:00', { assignee: '外援、张伟', due_at: '2026-03-31T00:00:00Z' }),
  ];
  const staff = [
    person('张伟', { team: '一组', capacity: 4 }),
    person('李娜', { capacity: 0, isOnLeave: true }),
    person('周强'),
    person('新人', { capacity: 5 }),
  ];
  const section = make('people', boardOf(tickets, { people: staff }));

  it('lists everybody, also who has nothing and who is on no list; on leave there is no load', () => {
    expect(cellsOf(tableOf(section, '人员工作饱和度'))).toEqual([
      ['张伟', '一组', 1, 1, 4, 0.25, 0, 5, 1800, 1800],
      ['李娜', null, 0, 0, '–', '–', 0, 6, 1800, 1800],
      ['周强', null, 0, 0, null, null, 0, 5, 1800, 1800],
      ['新人', null, 0, 0, 5, 0, 0, 0, null, null],
      ['外援', null, 1, 0, null, null, 1, 0, null, null],
      ['王强', null, 0, 0, null, null, 0, 1, 300, 300],
    ]);
  });

  it('ranks by the mean of at least five; equal means by who solved more, then by name', () => {
    const ranking = tableOf(section, '平均净解决时长排行');
    expect(cellsOf(ranking).map(([who, mean, , n, place]) => [who, mean, n, place])).toEqual([
      ['李娜', 1800, 6, 1],
      ['周强', 1800, 5, 2],
      ['张伟', 1800, 5, 3],
      ['王强', 300, 1, null],
    ]);
    expect(ranking.rows.map(({ look }) => look)).toEqual([undefined, undefined, undefined, 'faint']);
    expect(chartOf(section, 'ranking').chart.categories).toEqual(['李娜', '周强', '张伟']);
  });
});

describe('issues', () => {
  const typed = (id: number, issue_type: string | null, more = {}) =>
    history(id, '03-02 09:00', { ...(issue_type === null ? {} : { issue_type }), ...more });

  it('shows eight types, the others as one and those without a type, in parts that come to 100 %', () => {
    const types = Array.from({ length: 10 }, (_, n) => Array.from({ length: 10 - n }, () => `类${n}`)).flat();
    const board = boardOf([...types.map((type, n) => typed(n + 1, type)), typed(99, null)]);
    const rows = cellsOf(tableOf(make('issues', board), '问题类型分布'));
    expect(rows.map(([label, count]) => [label, count])).toEqual([
      ...[10, 9, 8, 7, 6, 5, 4, 3].map((count, n) => [`类${n}`, count]),
      ['其他', 3],
      ['未填写', 1],
    ]);
    expect(rows.reduce((sum, row) => sum + Math.round((row[2] as number) * 1000), 0)).toBe(1000);
    expect(cellsOf(tableOf(make('issues', board), '各问题类型的单数')).at(-1)).toEqual(['未填写', 1]);
  });

  it('three equal parts: the first gets what is left', () => {
    expect(wholeShares([1, 1, 1])).toEqual([0.334, 0.333, 0.333]);
    expect(wholeShares([0, 0])).toEqual([0, 0]);
  });

  it('a ticket of two modules is in both cells and once in the totals', () => {
    const board = boardOf([
      typed(1, null, { product_line: '云', module: '登录、报表' }),
      typed(2, null, { product_line: '云', module: '登录' }),
      typed(3, null, { module: '登录' }),
    ]);
    const table = tableOf(make('issues', board), '产品线 × 模块：新建工单');
    expect(table.columns.map(({ label }) => label)).toEqual(['产品线', '登录', '报表', '合计（不重复）']);
    expect(cellsOf(table)).toEqual([
      ['云', 2, 1, 2],
      ['未填写', 1, 0, 1],
      ['合计（不重复）', 3, 1, 3],
    ]);
  });
});

describe('customers', () => {
  const rated = (id: number, customer: string, csat: number | null, more = {}) =>
    history(id, '03-02 09:00', { customer, ...more }, [
      ['03-02 10:00', solved],
      ...(csat === null ? [] : [['03-02 11:00', { csat }] as const]),
    ]);

  it('puts customers in quadrants by the median of tickets and a rating of 4; on the cut is high', () => {
    const board = boardOf([
      rated(1, '甲', 4),
      rated(2, '甲', 4),
      rated(3, '乙', 5),
      rated(4, '丙', 3),
      rated(5, '丙', 3),
      rated(6, '丁', 1),
      rated(7, '戊', null),
      rated(8, '己', null),
      rated(9, '己', null),
      rated(10, '己', null),
    ]);
    // Tickets of customers: 2 1 2 1 1 3; the median is 1.5.
    const section = make('customers', board);
    expect(cellsOf(tableOf(section, '工单数量与满意度矩阵')).map((row) => [row[0], row[1], row[4]])).toEqual([
      ['丙', 2, '重点改进'],
      ['甲', 2, '忠实用户'],
      ['丁', 1, '流失风险'],
      ['乙', 1, '稳定'],
    ]);
    expect(chartOf(section, 'customers').chart.cuts).toEqual({ x: 1.5, y: 4 });
    expect(cellsOf(tableOf(section, '未评价的客户'))).toEqual([
      ['己', 3],
      ['戊', 1],
    ]);
    expect(quadrantOf(1.5, 4, { x: 1.5, y: 4 })).toBe('loyal');
  });

  it('watches customers whose level is high now, also when it was not at first', () => {
    const board = boardOf([
      rated(1, '甲', 5, { customer_level: '普通', issue_type: '安装' }),
      history(2, '03-20 09:00', { customer: '甲', customer_level: 'VIP', issue_type: '故障', due_at: '2026-03-21' }, [
        ['03-20 10:00', 'reply'],
      ]),
      history(3, '03-01 09:00', { customer: '乙', customer_level: 'VIP' }),
      history(4, '03-02 09:00', { customer: '乙', customer_level: '普通' }),
    ]);
    const [row, ...others] = cellsOf(tableOf(make('customers', board), '大客户工单'));
    expect(others).toEqual([]);
    expect(row).toEqual(['甲', 2, 1, 1, 3600, 1, at('03-20 10:00'), '安装 1、故障 1']);
  });
});

describe('sla', () => {
  it('kept, broken, running and soon due', () => {
    const board = boardOf(
      [
        history(1, '03-02 09:00', { priority: '紧急', team: '一组' }, [['03-02 09:20', 'reply']]),
        history(2, '03-02 09:00', { priority: '紧急', team: '一组' }, [['03-02 10:00', 'reply']]),
        history(3, '03-03 09:00', { priority: '低' }),
        history(4, '03-10 16:30', {}),
      ],
      { now: '03-10 17:00' },
    );
    const section = make('sla', board);
    const rows = cellsOf(tableOf(section, '各项承诺'));
    expect(rows[0]).toEqual(['响应达成率', 1 / 3, 1, 2, 1, 1, 1, 0, 0, 0]);
    expect(cellsOf(tableOf(section, '按优先级')).map((row) => [row[0], row[1], row[4]])).toEqual([
      ['紧急', 0.5, 2],
      ['低', 0, 1],
      ['未填写', null, 0],
    ]);
    expect(cellsOf(tableOf(section, '按处理部门')).map((row) => [row[0], row[2]])).toEqual([
      ['一组', 0.5],
      ['未填写', 0],
    ]);
  });
});

describe('backlog', () => {
  it('ages from creation, since reopening, and in working days', () => {
    const board = boardOf(
      [
        // Saturday and Sunday are no working days.
        history(1, '03-13 17:00', { assignee: '张伟' }),
        history(2, '03-16 09:30', {}),
        history(3, '03-02 09:00', { assignee: '张伟' }, [
          ['03-02 10:00', solved],
          ['03-16 09:00', { status: '处理中' }],
        ]),
      ],
      { now: '03-16 10:00' },
    );
    const section = make('backlog', board);
    expect(cellsOf(tableOf(section, '未解决工单的账龄'))).toEqual([
      ['4 小时内', 1, 2, 2],
      ['4 小时到 1 天', 0, 0, 0],
      ['1 到 3 天', 1, 0, 1],
      ['3 到 7 天', 0, 0, 0],
      ['7 到 14 天', 0, 1, 0],
      ['14 到 30 天', 1, 0, 0],
      ['30 天以上', 0, 0, 0],
    ]);
    expect(cellsOf(tableOf(section, '按负责人'))).toEqual([
      ['张伟', 2, 0],
      ['未填写', 1, 0],
    ]);
    expect(tableOf(section, '最久未解决的工单').rows.map(({ ticket }) => ticket)).toEqual([3, 1, 2]);
  });

  it('a ticket that came back is in all of its lists, also when nobody knows when it was solved before', () => {
    const back = history(1, '03-10 09:00', { status: '已解决' }, [['03-12 09:00', { status: '处理中' }]], null);
    const board = boardOf([back], { now: '03-16 10:00' });
    const section = make('backlog', board);
    const ages = cellsOf(tableOf(section, '未解决工单的账龄')).reduce((sum, row) => sum + Number(row[1]), 0);
    expect([measure(board.facts, kpiOf('backlog')!, board.query).n, ages]).toEqual([1, 1]);
    expect(tableOf(section, '最久未解决的工单').rows.map(({ ticket }) => ticket)).toEqual([1]);
  });
});

/** Columns whose numbers are parts of a list: those left out, those still open among the broken. */
const NOT_A_LIST = /样本数|未计入|未到期|即将|豁免|评判|名次|仍未完成/;

/** Keeps the block it lies in from ever being passed over. */
const open = history(999, '02-10 00:00', {});

describe('whatever the tickets are', () => {
  const boards = fc
    .record({
      tickets: someTickets,
      period: fc.constantFrom('2026-03', '2026-Q1', '2026', '2026-03-10', '2026-W11', '2027-01'),
      now: fc.constantFrom('03-10 12:00', '04-01 00:00', '05-01 00:00'),
    })
    .map(({ tickets, period, now }) =>
      boardOf(tickets, { period, now, people: [person('张伟', { capacity: 2 }), person('赵六')] }),
    );

  it('every figure, row and point leads to as many tickets as it says', () => {
    const count = (board: Board, drill: Drill): number =>
      ticketsBehind(board, drill).filter(({ leftOut }) => leftOut === null).length;
    fc.assert(
      fc.property(boards, (board) => {
        for (const section of sectionsOf(board)) {
          for (const panel of section.panels) {
            if (panel.kind === 'cards') {
              for (const { unit, value, drill } of panel.cards) {
                if (unit === 'count') expect(count(board, drill)).toBe(value);
              }
            }
            if (panel.kind !== 'table') continue;
            for (const { cells, drill, drills } of panel.rows) {
              for (const [n, cell] of cells.entries()) {
                const asked = drills === undefined ? drill : drills[n];
                if (panel.columns[n]!.unit !== 'count' || asked === null || asked === undefined) continue;
                const isOther = NOT_A_LIST.test(panel.columns[n]!.label);
                // 甲 is also asked for by tickets that name 甲、乙.
                const isJoined = Object.values(asked.filter)
                  .flat()
                  .some((name) => !name.includes('、') && '甲乙'.includes(name));
                if (typeof cell === 'number' && !isOther && !isJoined) {
                  expect([section.name, panel.title, cells[0], n, count(board, asked)]).toEqual([
                    section.name,
                    panel.title,
                    cells[0],
                    n,
                    cell,
                  ]);
                }
              }
            }
          }
        }
      }),
      { numRuns: 25 },
    );
  });

  it('the backlog at the end of each bucket is what the KPI says of that instant', () => {
    fc.assert(
      fc.property(boards, (board) => {
        const instants = bucketsIn(board).map(({ to }) => Math.min(to, board.now));
        const each = instants.map((to) => {
          const window = { from: to, to, asOf: board.now };
          return measure(board.facts, kpiOf('backlog')!, { ...board.query, window }).n;
        });
        expect(backlogAt(board.facts, board.query, instants)).toEqual(each);
      }),
      { numRuns: 60 },
    );
  });

  it('each bucket is measured as if it had been asked for alone', () => {
    fc.assert(
      fc.property(
        boards,
        fc.constantFrom('created', 'resolved', 'net-resolution', 'first-response', 'sla', 'sla-response'),
        (board, name) => {
          const buckets = bucketsIn(board);
          const alone = buckets.map(({ from, to, isAhead }) => {
            const window = { from, to, asOf: board.now };
            const { n, mean } = measure(board.facts, kpiOf(name)!, { ...board.query, window });
            return isAhead ? null : { n, mean };
          });
          const together = measureBuckets(board, kpiOf(name)!, buckets);
          expect(together.map((each) => (each === null ? null : { n: each.n, mean: each.mean }))).toEqual(alone);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('blocks that are passed over would have said nothing: figures do not depend on how tickets lie in blocks', () => {
    const periods = fc.constantFrom('2026-02-15', '2026-02', '2026-03', '2026-W11', '2026-04', '2027-01');
    fc.assert(
      fc.property(someTickets, periods, (tickets, period) => {
        const { query } = boardOf([], { period, now: '04-20 00:00' });
        const [apart, together] = [1, 100].map((size) => setOf([...tickets, open], size)) as [FactSet, FactSet];
        for (const kpi of kpis) {
          expect(measure(apart, kpi, query)).toEqual(measure(together, kpi, query));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('parts come to the whole, the funnel never rises, quadrants take each rated customer once, ranks ascend', () => {
    fc.assert(
      fc.property(boards, (board) => {
        const created = measure(board.facts, kpiOf('created')!, board.query).n;
        const issues = make('issues', board);
        const pie = cellsOf(tableOf(issues, '问题类型分布'));
        expect(pie.reduce((sum, row) => sum + (row[1] as number), 0)).toBe(created);
        if (created > 0) expect(pie.reduce((sum, row) => sum + Math.round((row[2] as number) * 1000), 0)).toBe(1000);
        expect(cellsOf(tableOf(issues, '产品线 × 模块：新建工单')).at(-1)!.at(-1)).toBe(created);

        const reached = cellsOf(tableOf(make('funnel', board))).map((row) => row[1] as number);
        expect(reached).toEqual(reached.toSorted((a, b) => b - a));
        expect(reached[0]).toBe(created);

        const customers = make('customers', board);
        const matrix = cellsOf(tableOf(customers, '工单数量与满意度矩阵'));
        const quadrants = ['忠实用户', '流失风险', '重点改进', '稳定'];
        expect(matrix.every((row) => quadrants.includes(row[4] as string) && (row[3] as number) > 0)).toBe(true);
        const ratings = measure(board.facts, kpiOf('satisfaction-score')!, board.query).n;
        const named = matrix.reduce((sum, row) => sum + (row[3] as number), 0);
        expect(named).toBeLessThanOrEqual(ratings);

        const ranks = cellsOf(tableOf(make('people', board), '平均净解决时长排行'));
        const means = ranks.filter((row) => row[4] !== null).map((row) => row[1] as number);
        expect(means).toEqual(means.toSorted((a, b) => a - b));
        expect(ranks.every((row) => (row[4] === null) === (row[3] as number) < 5)).toBe(true);
      }),
      { numRuns: 60 },
    );
  });
});

describe('what is not there', () => {
  it('a period that has not begun says so on every page', () => {
    const board = boardOf([history(1, '03-02 09:00', {})], { period: '2027-01' });
    for (const { notice } of sectionsOf(board)) expect(notice).toContain('2027-01');
    expect(sectionsOf(boardOf([])).every(({ notice }) => notice === undefined)).toBe(true);
  });

  it('no tickets: every page is there, with no figure made up', () => {
    for (const locale of ['zh-CN', 'en'] as const) {
      const made = sectionsOf(boardOf([], { locale }));
      expect(made.map(({ name }) => name)).toEqual([
        'overview',
        'trend',
        'funnel',
        'people',
        'issues',
        'customers',
        'sla',
        'backlog',
      ]);
      const texts = JSON.stringify(made);
      expect(texts).not.toMatch(/kpi\.[a-z]|NaN|Infinity/);
    }
  });

  it('many people and customers: long lists end with how many more there are', () => {
    const tickets = Array.from({ length: 600 }, (_, n) =>
      history(n + 1, '03-02 09:00', { customer: `客户${n}`, assignee: `人${n % 250}`, issue_type: `类${n % 300}` }, [
        ['03-02 10:00', solved],
        ['03-02 11:00', { csat: 5 }],
      ]),
    );
    const board = boardOf(tickets, { people: Array.from({ length: 200 }, (_, n) => person(`人${n}`)) });
    const matrix = tableOf(make('customers', board), '工单数量与满意度矩阵');
    expect(matrix.rows).toHaveLength(200);
    expect(matrix.note).toContain('另有 400 行');
    expect(chartOf(make('customers', board), 'customers').chart.categories).toHaveLength(40);
    expect(tableOf(make('people', board), '人员工作饱和度').rows).toHaveLength(250);
    expect(tableOf(make('issues', board), '各问题类型的单数').note).toContain('另有 100 行');
  });
});
