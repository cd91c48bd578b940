/** Nine tickets whose figures were worked out by hand. */
import { describe, expect, it } from 'vitest';
import { kpiOf } from '../../src/kpi/index.ts';
import { list, type Measured, measure } from '../../src/kpi/measure.ts';
import type { Query } from '../../src/kpi/query.ts';
import { at } from '../model/sla-desk.ts';
import { history, query, setOf } from './histories.ts';

const solved = { status: '已解决' };
const nine = [
  history(1, '03-02 09:00', { priority: '紧急', assignee: '张伟' }, [
    ['03-02 09:20', 'reply', '张伟'],
    ['03-02 09:20', { status: '处理中' }],
    ['03-02 10:30', solved],
    ['03-02 10:30', { csat: 5 }],
  ]),
  history(2, '03-02 17:50', { assignee: '李娜' }, [
    ['03-03 09:10', 'call', '李娜'],
    ['03-03 09:10', { status: '处理中' }],
    ['03-03 14:00', 'visit', '李娜'],
    ['03-04 10:00', 'reply', '李娜'],
    ['03-04 11:00', solved],
    ['03-05 10:00', { csat: 3 }],
  ]),
  history(3, '03-05 10:00', { assignee: '王强' }, [
    ['03-05 14:00', 'reply', '王强'],
    ['03-05 14:00', { status: '处理中' }],
    ['03-05 15:00', { status: '等待客户' }],
    ['03-09 10:00', { status: '处理中' }],
    ['03-09 15:00', 'call', '王强'],
    ['03-09 16:00', solved],
    ['03-10 09:30', { status: '处理中', assignee: '李娜' }],
    ['03-10 11:00', solved],
  ]),
  history(4, '03-13 17:30', {}, [['03-13 17:45', { status: '已关闭' }]]),
  history(5, '03-16 09:00', {}, [['03-16 09:12', { status: '已合并' }]]),
  history(6, '03-16 09:10', {}, [
    ['03-16 09:30', 'reply'],
    ['03-16 09:30', { status: '处理中' }],
  ]),
  history(7, '03-31 23:30', {}),
  history(8, '02-27 16:00', {}, [
    ['02-27 16:30', 'reply'],
    ['02-27 16:30', { status: '处理中' }],
    ['03-03 12:00', solved],
    ['03-03 15:00', { csat: 4 }],
  ]),
  history(9, '03-20 11:00', {}, [
    ['03-20 11:00:05', 'auto-reply'],
    ['03-20 14:30', 'reply'],
    ['03-20 14:30', { status: '处理中' }],
    ['03-20 17:00', solved],
    ['04-02 10:00', { csat: 2 }],
  ]),
];
const set = setOf(nine);
const march = query('03-01 00:00', '04-01 00:00');
const byTheClock: Query = { ...march, mode: 'calendar' };

function figure(name: string, asked: Query = march): Measured {
  return measure(set, kpiOf(name)!, asked);
}

/** Seconds in minutes or hours, to two places. */
function inUnits({ mean, median, p90, n }: Measured, seconds: number) {
  const shown = (value: number | null) => (value === null ? null : Math.round((value / seconds) * 100) / 100);
  return { n, mean: shown(mean), median: shown(median), p90: shown(p90) };
}

describe('nine tickets in March', () => {
  it('first response: five answered, one closed without a word, one unanswered, one merged', () => {
    expect(inUnits(figure('first-response'), 60)).toEqual({ n: 5, mean: 66, median: 20, p90: 138 });
    expect(inUnits(figure('first-response', byTheClock), 60)).toEqual({ n: 5, mean: 282, median: 210, p90: 648 });
    expect(figure('first-response').leftOut).toEqual({ 'closed-unanswered': 1, unanswered: 1, merged: 1 });
    const answered = list(set, kpiOf('first-response')!, march).filter(({ value }) => value !== null);
    expect(answered.map(({ id, value }) => [id, value! / 60])).toEqual([
      [1, 20],
      [2, 20],
      [3, 150],
      [6, 20],
      [9, 120],
    ]);
  });

  it('first responses in time: four of five', () => {
    expect(figure('sla-response')).toMatchObject({ value: 0.8, n: 5 });
  });

  it('resolution: to the last solving, whoever was created when', () => {
    const gross = figure('resolution', byTheClock);
    expect(inUnits(gross, 3600)).toEqual({ n: 6, mean: 43.65, median: 23.58, p90: 106.5 });
    expect(inUnits(figure('net-resolution'), 60)).toEqual({ n: 6, mean: 454.17, median: 420, p90: 890 });
    const net = list(set, kpiOf('net-resolution')!, march).map(({ id, value }) => [id, value! / 60]);
    expect(new Map(net as [number, number][])).toEqual(
      new Map([
        [1, 90],
        [2, 580],
        [3, 570],
        [4, 15],
        [8, 1200],
        [9, 270],
      ]),
    );
  });

  it('first contact: three of five, and the one nobody spoke about is unknown', () => {
    expect(figure('first-contact')).toMatchObject({ value: 0.6, n: 5, leftOut: { 'no-contact': 1 } });
  });

  it('satisfaction: a rating of April is not in March', () => {
    expect(figure('satisfaction').value).toBeCloseTo(2 / 3);
    expect(figure('satisfaction-score')).toMatchObject({ value: 4, n: 3 });
    expect(figure('satisfaction', query('04-01 00:00', '05-01 00:00'))).toMatchObject({ value: 0, n: 1 });
  });

  it('reopened: one of six', () => {
    expect(figure('reopen-rate').value).toBeCloseTo(1 / 6);
  });

  it('backlog: one before March, two after, and the sum in between', () => {
    expect(figure('backlog', query('02-01 00:00', '03-01 00:00')).value).toBe(1);
    expect(figure('backlog').value).toBe(2);
    expect(figure('created')).toMatchObject({ value: 7, leftOut: { merged: 1 } });
    expect(figure('resolved').value).toBe(6);
  });

  it('the funnel: seven, six, five', () => {
    const reached = list(set, kpiOf('reach')!, march).flatMap(({ value }) => value ?? []);
    const from = (stage: number) => reached.filter((value) => value >= stage).length;
    expect([from(0), from(1), from(2)]).toEqual([7, 6, 5]);
  });

  it('credit goes to the assignee of the moment', () => {
    const by = (person: string) => figure('resolution', { ...march, filter: { person: [person] } }).n;
    expect([by('张伟'), by('李娜'), by('王强')]).toEqual([1, 2, 0]);
    expect(figure('first-response', { ...march, filter: { person: ['王强'] } }).n).toBe(1);
  });

  it('a moment ago is seen as it was then', () => {
    const onTheSixth = query('03-01 00:00', '04-01 00:00', { asOf: '03-05 12:00' });
    expect(figure('first-response', onTheSixth)).toMatchObject({ n: 2, leftOut: { unanswered: 1 } });
    expect(figure('backlog', onTheSixth).value).toBe(1);
  });
});

describe('a due time somebody wrote down', () => {
  const written = (id: number, deeds: Parameters<typeof history>[3]) =>
    history(id, '03-02 09:00', { due_at: '2026-03-03T02:00:00.000Z' }, deeds, null);
  const attained = (asOf: string, ...deeds: readonly Parameters<typeof history>[3][]) =>
    measure(setOf(deeds.map((each, n) => written(n + 1, each))), kpiOf('sla-resolution')!, {
      ...march,
      window: { ...march.window, asOf: at(asOf) },
    });

  it('is a promise, kept by solving in time', () => {
    const figures = attained('04-01 00:00', [['03-03 10:00', solved]], [['03-03 10:01', solved]], []);
    expect(figures).toMatchObject({ n: 3, value: 1 / 3 });
  });

  it('is judged by the last solving, runs until it is due, and ends with the ticket', () => {
    const reopened: Parameters<typeof history>[3] = [
      ['03-02 10:00', solved],
      ['03-02 11:00', { status: '处理中' }],
      ['03-04 11:00', solved],
    ];
    expect(attained('04-01 00:00', reopened)).toMatchObject({ n: 1, value: 0 });
    expect(attained('03-03 09:00', [])).toMatchObject({ n: 0, leftOut: { running: 1 } });
    expect(attained('04-01 00:00', [['03-02 10:00', { status: '已作废' }]])).toMatchObject({ n: 0 });
  });
});
