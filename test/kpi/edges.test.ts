/** Cases in which figures of service desks usually go wrong, one by one. */
import { describe, expect, it } from 'vitest';
import type { TicketHistory } from '../../src/kpi/history.ts';
import { kpiOf } from '../../src/kpi/index.ts';
import { list, type Measured, measure } from '../../src/kpi/measure.ts';
import { foldClocks, type SlaEvent } from '../../src/model/sla.ts';
import { at, calendars, created, policy, status } from '../model/sla-desk.ts';
import { history, query, setOf } from './histories.ts';

type Asked = Parameters<typeof query>[2] & { readonly from?: string; readonly to?: string };

function figure(tickets: readonly TicketHistory[], name: string, { from, to, ...more }: Asked = {}): Measured {
  return measure(setOf(tickets), kpiOf(name)!, query(from ?? '03-01 00:00', to ?? '04-01 00:00', more));
}

const solved = { status: '已解决' };
const open = { status: '处理中' };

describe('first response', () => {
  it('a typed time wins over contacts, unless it lies before the creation', () => {
    const typed = (time: string) =>
      history(1, '03-03 10:00', { first_response_at: null }, [
        ['03-03 11:00', 'reply', '李娜'],
        ['03-03 12:00', { first_response_at: new Date(at(time)).toISOString() }],
      ]);
    expect(figure([typed('03-03 10:30')], 'first-response').mean).toBe(30 * 60);
    expect(figure([typed('03-03 10:00')], 'first-response').mean).toBe(0);
    expect(figure([typed('03-03 09:00')], 'first-response').mean).toBe(60 * 60);
  });

  it('a typed time before the creation, and nobody else said a word: impossible, not unanswered', () => {
    const ticket = history(1, '03-03 10:00', { first_response_at: new Date(at('03-03 09:00')).toISOString() });
    expect(figure([ticket], 'first-response')).toMatchObject({ n: 0, leftOut: { impossible: 1 } });
  });

  it('a contact noted by day on the day of the creation is an answer without minutes', () => {
    const plain = history(1, '03-03 10:00', {});
    const contacts = [{ at: at('03-03 00:00'), isDay: true, kind: 'call' as const, person: '李娜' }];
    expect(figure([{ ...plain, contacts }], 'first-response')).toMatchObject({ n: 0, leftOut: { 'day-only': 1 } });
    const before = [{ ...contacts[0]!, at: at('03-02 00:00') }];
    expect(figure([{ ...plain, contacts: before }], 'first-response').leftOut).toEqual({ unanswered: 1 });
  });

  it('notes, automatic replies and reassignment are none, and reopening starts none', () => {
    const ticket = history(1, '03-03 10:00', { assignee: '张伟' }, [
      ['03-03 10:05', 'auto-reply'],
      ['03-03 10:10', 'internal', '张伟'],
      ['03-03 10:20', { assignee: '李娜', ...open }],
      ['03-03 11:00', 'visit', '李娜'],
      ['03-03 12:00', solved],
      ['03-04 10:00', open],
      ['03-04 11:00', 'reply', '张伟'],
    ]);
    expect(figure([ticket], 'first-response')).toMatchObject({ n: 1, mean: 3600 });
    expect(figure([ticket], 'first-response', { filter: { person: ['李娜'] } }).n).toBe(1);
    expect(figure([ticket], 'first-response', { filter: { person: ['张伟'] } }).n).toBe(0);
  });

  it('a ticket closed without a word and answered afterwards was closed without a word until then', () => {
    const ticket = history(1, '03-03 10:00', {}, [
      ['03-03 11:00', { status: '已关闭' }],
      ['03-05 10:00', 'call', '李娜'],
    ]);
    const seen = (asOf: string) => figure([ticket], 'first-response', { asOf }).leftOut;
    expect([seen('03-03 10:30'), seen('03-04 10:00'), seen('03-06 10:00')]).toEqual([
      { unanswered: 1 },
      { 'closed-unanswered': 1 },
      {},
    ]);
  });

  it('who helps gets no credit', () => {
    const ticket = history(1, '03-03 10:00', {}, [['03-03 11:00', 'reply', '李娜、王强']]);
    expect(figure([ticket], 'first-response', { filter: { person: ['李娜'] } }).n).toBe(1);
  });
});

describe('next response', () => {
  it('several messages in a row wait since the oldest', () => {
    const ticket = history(
      1,
      '03-09 09:00',
      {},
      [
        ['03-09 09:30', 'reply', '张伟'],
        ['03-10 10:00', 'customer'],
        ['03-10 10:20', 'customer'],
        ['03-10 10:50', 'customer'],
        ['03-10 11:10', 'call', '李娜'],
      ],
      policy({ 'next-response': 60 }),
    );
    expect(figure([ticket], 'next-response')).toMatchObject({ n: 1, mean: 70 * 60 });
    expect(figure([ticket], 'sla-next-response')).toMatchObject({ n: 1, value: 0 });
    // The broken promise is of who answered, not of who has the ticket.
    expect(figure([ticket], 'sla-next-response', { filter: { person: ['李娜'] } }).n).toBe(1);
  });
});

describe('solved at first contact', () => {
  const ticket = history(1, '03-03 10:00', { assignee: '张伟' }, [
    ['03-03 10:30', 'call', '张伟'],
    ['03-03 11:00', solved],
    ['03-20 10:00', open],
  ]);

  it('is in doubt until it can no longer be reopened, and not any more once it was', () => {
    const seen = (asOf: string) => {
      const { value, doubtful } = figure([ticket], 'first-contact', { asOf });
      return [value, doubtful];
    };
    expect(seen('03-03 12:00')).toEqual([1, 1]);
    expect(seen('03-10 10:59:59')).toEqual([1, 1]);
    expect(seen('03-10 11:00')).toEqual([1, 0]);
    expect(seen('03-20 10:00')).toEqual([0, 0]);
  });

  it('a contact on the day of a solving that is only a day counts', () => {
    const typed = history(1, '03-03 10:00', {}, [
      ['03-04 15:00', 'visit', '张伟'],
      ['03-05 10:00', { ...solved, resolved_at: '2026-03-04' }],
    ]);
    expect(figure([typed], 'first-contact')).toMatchObject({ n: 1, value: 1 });
  });

  it('contacts after the solving do not count, those without a time do', () => {
    const after = history(1, '03-03 10:00', {}, [
      ['03-03 10:30', 'call', '张伟'],
      ['03-03 11:00', solved],
      ['03-04 10:00', 'call', '张伟'],
    ]);
    expect(figure([after], 'first-contact').value).toBe(1);
    const untimed = { at: null, kind: 'visit' as const, person: null };
    expect(figure([{ ...after, contacts: [...after.contacts, untimed] }], 'first-contact').value).toBe(0);
  });
});

describe('reopening', () => {
  const back = (when: string) =>
    history(1, '03-02 09:00', {}, [
      ['03-03 10:00', solved],
      [when, open],
    ]);

  it('counts within thirty days of the solving, to the second', () => {
    const rate = (when: string) => figure([back(when)], 'reopen-rate', { asOf: '05-01 00:00' }).value;
    expect([rate('04-02 10:00'), rate('04-02 10:00:01')]).toEqual([1, 0]);
  });

  it('a ticket solved twice in the period counts once', () => {
    const twice = history(1, '03-02 09:00', { assignee: '张伟' }, [
      ['03-03 10:00', solved],
      ['03-04 10:00', { ...open, assignee: '李娜' }],
      ['03-05 10:00', solved],
    ]);
    expect(figure([twice], 'reopen-rate')).toMatchObject({ n: 1, value: 1 });
    expect(figure([twice], 'resolved').n).toBe(1);
    expect(figure([twice], 'resolved', { filter: { person: ['张伟'] } }).n).toBe(0);
    expect(figure([twice], 'resolved', { filter: { person: ['张伟'] }, to: '03-04 00:00' }).n).toBe(1);
  });

  it('the time while it was solved is not worked', () => {
    const twice = history(1, '03-02 09:00', {}, [
      ['03-02 10:00', solved],
      ['03-03 10:00', open],
      ['03-03 11:00', { status: '等待客户' }],
      ['03-03 15:00', open],
      ['03-03 16:00', solved],
    ]);
    expect(figure([twice], 'net-resolution', { mode: 'calendar' }).mean).toBe(3 * 3600);
    expect(figure([twice], 'resolution', { mode: 'calendar' }).mean).toBe(31 * 3600);
  });

  it('a time typed for the second solving does not move the first', () => {
    const twice = history(1, '03-02 09:00', {}, [
      ['03-02 10:00', solved],
      ['03-03 10:00', { ...open, resolved_at: null }],
      ['03-03 12:00', { resolved_at: new Date(at('03-03 11:00')).toISOString() }],
      ['03-03 13:00', solved],
    ]);
    const full = (from: string, to: string) => figure([twice], 'resolution', { from, to, mode: 'calendar' }).mean;
    expect([full('03-02 00:00', '03-03 00:00'), full('03-03 00:00', '03-04 00:00')]).toEqual([3600, 26 * 3600]);
  });

  it('closing days later is no end of the solving', () => {
    const filed = history(1, '03-02 09:00', {}, [
      ['03-02 10:00', solved],
      ['03-05 10:00', { status: '已关闭', closed_at: new Date(at('03-05 10:00')).toISOString() }],
    ]);
    expect(figure([filed], 'resolution', { mode: 'calendar' }).mean).toBe(3600);
    expect(figure([filed], 'closing', { mode: 'calendar' }).mean).toBe(73 * 3600);
  });
});

describe('ratings', () => {
  const rated = history(1, '03-02 09:00', { assignee: '张伟' }, [
    ['03-03 10:00', solved],
    ['03-04 10:00', { csat: 2, assignee: '李娜' }],
    ['03-05 10:00', { csat: 5 }],
    ['04-02 10:00', { csat: 1 }],
  ]);

  it('the last of each period counts, for who solved it', () => {
    expect(figure([rated], 'satisfaction-score')).toMatchObject({ n: 1, value: 5 });
    expect(figure([rated], 'satisfaction-score', { from: '04-01 00:00', to: '05-01 00:00' }).value).toBe(1);
    expect(figure([rated], 'satisfaction', { filter: { person: ['张伟'] } }).n).toBe(1);
    expect(figure([rated], 'satisfaction', { filter: { person: ['李娜'] } }).n).toBe(0);
  });

  it('three is not satisfied; no rating is none', () => {
    const with3 = history(2, '03-02 09:00', {}, [
      ['03-03 10:00', solved],
      ['03-03 11:00', { csat: 3 }],
    ]);
    const without = history(3, '03-02 09:00', {}, [['03-03 10:00', solved]]);
    expect(figure([rated, with3, without], 'satisfaction')).toMatchObject({ n: 2, value: 0.5 });
    expect(figure([rated, with3, without], 'rating-rate').value).toBeCloseTo(2 / 3);
  });

  it('a cell that is cleared takes back what was said', () => {
    const cleared = history(1, '03-02 09:00', {}, [
      ['03-03 10:00', solved],
      ['03-04 10:00', { csat: 5 }],
      ['03-05 10:00', { csat: null }],
    ]);
    expect(figure([cleared], 'satisfaction')).toMatchObject({ n: 0, value: null });
  });
});

describe('promises', () => {
  const of = (events: readonly SlaEvent[], category = '处理中', assignee = '张伟'): TicketHistory => ({
    ...history(1, '03-10 09:00', { status: category, assignee }, [], null),
    clocks: foldClocks(events, calendars),
  });
  const start = created('03-10 09:00', policy({ 'first-response': 60 }));
  const answered = (when: string): SlaEvent => ({ kind: 'response', at: at(when) });
  const asked = (ticket: TicketHistory, asOf: string) => {
    const { value, leftOut } = figure([ticket], 'sla-response', { asOf });
    return value ?? leftOut;
  };

  it('running until due, broken in the second after', () => {
    const ticket = of([start]);
    expect(asked(ticket, '03-10 09:30')).toEqual({ running: 1 });
    expect(asked(ticket, '03-10 10:00')).toEqual({ running: 1 });
    expect(asked(ticket, '03-10 10:00:01')).toBe(0);
  });

  it('kept at the very end of its time, broken later', () => {
    expect(asked(of([start, answered('03-10 10:00')]), '03-11 00:00')).toBe(1);
    expect(asked(of([start, answered('03-10 10:00:01')]), '03-11 00:00')).toBe(0);
    expect(asked(of([start, answered('03-10 10:00:01')]), '03-10 10:00')).toEqual({ running: 1 });
  });

  it('void when it ended before due unanswered, broken when after', () => {
    expect(asked(of([start, status('03-10 09:30', 'resolved')], '已解决'), '03-11 00:00')).toEqual({ void: 1 });
    expect(asked(of([start, status('03-10 11:00', 'resolved')], '已解决'), '03-11 00:00')).toBe(0);
    expect(asked(of([start, status('03-10 11:00', 'merged')], '已合并'), '03-11 00:00')).toEqual({ merged: 1 });
  });

  it('waived is told apart', () => {
    const waived: SlaEvent = {
      kind: 'waived',
      at: at('03-10 12:00'),
      metric: 'first-response',
      cycle: 0,
      by: '总监',
      role: 'director',
      reason: '停电',
    };
    expect(asked(of([start, waived]), '03-11 00:00')).toEqual({ waived: 1 });
  });

  it('a paused resolution is due at no time; a period that it was not due in knows nothing of it', () => {
    const promised = created('03-10 09:00', policy({ resolution: 120 }));
    const paused = of([promised, status('03-10 10:00', 'wait_customer')], '等待客户');
    expect(figure([paused], 'sla-resolution')).toMatchObject({ n: 0, leftOut: {} });
    const resumed = of([promised, status('03-10 10:00', 'wait_customer'), status('03-11 09:00', 'open')]);
    expect(figure([resumed], 'sla-resolution', { from: '03-10 00:00', to: '03-11 00:00' }).n).toBe(0);
    expect(figure([resumed], 'sla-resolution', { from: '03-11 00:00', to: '03-12 00:00' })).toMatchObject({ value: 0 });
  });

  it('of a ticket one broken promise is enough', () => {
    const both = created('03-10 09:00', policy({ 'first-response': 60, resolution: 240 }));
    const ticket = of([both, answered('03-10 11:00'), status('03-10 11:30', 'resolved')], '已解决');
    expect(figure([ticket], 'sla')).toMatchObject({ n: 1, value: 0 });
    expect(figure([ticket], 'sla-resolution')).toMatchObject({ n: 1, value: 1 });
  });

  it('a kept one is to the credit of who solved it, not of who has it now', () => {
    const ticket: TicketHistory = {
      ...history(1, '03-10 09:00', { assignee: '张伟' }, [
        ['03-10 10:00', solved],
        ['03-10 11:00', { assignee: '李娜' }],
      ]),
      clocks: foldClocks(
        [created('03-10 09:00', policy({ resolution: 240 })), status('03-10 10:00', 'resolved')],
        calendars,
      ),
    };
    const by = (person: string) => figure([ticket], 'sla-resolution', { filter: { person: [person] } }).n;
    expect([by('张伟'), by('李娜')]).toEqual([1, 0]);
  });

  it('nobody answered: the broken promise is of who should have', () => {
    expect(figure([of([start])], 'sla-response', { filter: { person: ['张伟'] } })).toMatchObject({ n: 1, value: 0 });
  });
});

describe('filters', () => {
  const tickets = [
    history(1, '03-02 09:00', { team: '一线、二线', product_line: '云', customer: '恒远' }),
    history(2, '03-02 09:00', { team: '二线', product_line: '端', customer: '明达' }),
    history(3, '03-02 09:00', { team: '', customer: '恒远' }),
    history(4, '03-02 09:00', { team: '一线二线' }),
  ];
  const ids = (filter: Asked['filter']) =>
    list(setOf(tickets, 2), kpiOf('created')!, query('03-01 00:00', '04-01 00:00', { filter: filter! })).map(
      ({ id }) => id,
    );

  it('one of several values is enough, whole values only', () => {
    expect(ids({ team: ['一线'] })).toEqual([1]);
    expect(ids({ team: ['二线'] })).toEqual([1, 2]);
    expect(ids({ team: ['一线、二线'] })).toEqual([1]);
    expect(ids({ team: ['线'] })).toEqual([]);
  });

  it('the empty text stands for none, several names for any, several filters for all', () => {
    expect(ids({ team: [''] })).toEqual([3]);
    expect(ids({ team: ['', '二线'] })).toEqual([1, 2, 3]);
    expect(ids({ team: ['二线'], customer: ['恒远'] })).toEqual([1]);
    expect(ids({ productLine: ['云', '端'] })).toEqual([1, 2]);
    expect(ids({ team: [] })).toEqual([]);
    expect(ids({})).toEqual([1, 2, 3, 4]);
  });
});

describe('backlog', () => {
  it('a row of a day without a time comes in on its day, not at the end of the day before', () => {
    const ticket = history(1, '03-05 09:00', { created_at: '2026-03-04' });
    const stock = (to: string) => figure([ticket], 'backlog', { to, asOf: '03-31 00:00' }).value;
    expect([stock('03-04 00:00'), stock('03-05 00:00')]).toEqual([0, 1]);
  });

  it('what was dropped since was there all the same', () => {
    const ticket = history(1, '03-02 09:00', {}, [['03-09 09:00', { status: '已作废' }]]);
    expect(figure([ticket], 'backlog', { to: '03-05 00:00' }).value).toBe(1);
    expect(figure([ticket], 'backlog').value).toBe(0);
    expect(figure([ticket], 'created')).toMatchObject({ value: 0, leftOut: { cancelled: 1 } });
  });

  it('overdue is seen as it stood then', () => {
    const due = new Date(at('03-05 18:00')).toISOString();
    const ticket = history(1, '03-02 09:00', { due_at: due }, [['03-10 09:00', solved]]);
    const seen = (asOf: string) => figure([ticket], 'overdue', { asOf }).value;
    expect([seen('03-05 12:00'), seen('03-06 12:00'), seen('03-11 12:00')]).toEqual([0, 1, 0]);
  });
});
