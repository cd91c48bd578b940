/** Who gets a ticket: the worked example of the reference, every filter and strategy, and laws for any pool. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { choiceLines } from '../../rules/assign/explanation.ts';
import {
  type AssignmentPolicy,
  type AssignmentRequest,
  type AssignmentWorld,
  assign,
  assignmentDefaults,
  type Choice,
  handOver,
  type Pool,
  queueOrder,
  recordAssignment,
  recordRelease,
  serveQueue,
} from '../../rules/assign.ts';
import { alwaysOpen, createCalendar } from '../../src/model/calendar.ts';
import { chinaOffice } from '../../src/model/calendars/index.ts';
import { createDirectory, type Person } from '../../src/model/directory.ts';
import { person } from '../model/people.ts';

const hour = 3_600_000;
const start = Date.parse('2026-03-10T02:00:00.000Z');
const leave = (fromHours: number, toHours: number): Person['leaves'][number] => ({
  from: new Date(start + fromHours * hour).toISOString(),
  to: new Date(start + toHours * hour).toISOString(),
});
const request = (ticket: string, more: Partial<AssignmentRequest> = {}): AssignmentRequest => ({
  ticket,
  team: null,
  region: null,
  skills: [],
  priority: 2,
  due: null,
  createdAt: start,
  familiar: [],
  reopenedFrom: null,
  ...more,
});
const policy = (more: Partial<AssignmentPolicy> = {}): AssignmentPolicy => ({
  ...assignmentDefaults,
  teamLead: null,
  dutyPerson: null,
  ...more,
});
const world = (people: readonly Person[], now = start, more: Partial<AssignmentWorld> = {}): AssignmentWorld => ({
  now,
  directory: createDirectory(people),
  shiftOf: () => alwaysOpen,
  loadOf: () => 0,
  ...more,
});
const poolOf = (...names: readonly string[]): Pool =>
  names.map((name) => ({ name, load: 0, lastAssignedAt: null, credit: 0 }));
const nameOf = (choice: Choice): string => (choice.outcome === 'assigned' ? choice.name : choice.outcome);
const reasons = (choice: Choice): Record<string, string> =>
  Object.fromEntries(choice.dropped.map(({ name, reason }) => [name, reason]));

/** Assigns tickets one after another, a minute apart. */
function assignAll(pool: Pool, count: number, people: readonly Person[], how: AssignmentPolicy) {
  let left = pool;
  const names: string[] = [];
  for (let n = 0; n < count; n++) {
    const choice = assign(left, request(`T${n}`), how, world(people, start + n * 60_000));
    names.push(nameOf(choice));
    if (choice.outcome === 'assigned') left = choice.pool;
  }
  return { names, pool: left };
}

test('the worked example: two each, one on leave, a queue, and a return', () => {
  const [a, c] = [person('A', { capacity: 2 }), person('C', { capacity: 2 })];
  const away = person('B', { capacity: 2, leaves: [leave(-1, 48)] });
  const first = assignAll(poolOf('A', 'B', 'C'), 5, [a, away, c], policy());
  expect(first.names).toEqual(['A', 'C', 'A', 'C', 'queued']);

  const released = recordRelease(first.pool, 'A');
  const served = serveQueue(released, [request('T5')], policy(), world([a, away, c], start + 5 * hour));
  expect(served.choices.map(({ ticket, choice }) => [ticket, nameOf(choice)])).toEqual([['T5', 'A']]);

  const back = [a, person('B', { capacity: 2 }), c];
  const third = assign(served.pool, request('T6'), policy(), world(back, start + 50 * hour));
  expect(nameOf(third)).toBe('B');
  const free = third.outcome === 'assigned' ? recordRelease(recordRelease(third.pool, 'C'), 'A') : [];
  expect(nameOf(assign(free, request('T7'), policy(), world(back, start + 51 * hour)))).toBe('C');
});

describe('filters', () => {
  const office = createCalendar(chinaOffice);
  test.each<[string, Person, Partial<AssignmentRequest>]>([
    ['left', person('A', { active: false }), {}],
    ['other-team', person('A', { teams: ['电工组'] }), { team: '水电组' }],
    ['on-leave', person('A', { leaves: [leave(0, 1)] }), {}],
    ['leave-soon', person('A', { leaves: [leave(4, 30)] }), {}],
    ['lacks-skill', person('A', { skills: ['制热'] }), { skills: [{ tag: '制冷', level: null }] }],
    ['lacks-level', person('A', { skills: ['制冷:2', '制冷'] }), { skills: [{ tag: '制冷', level: 3 }] }],
    ['other-region', person('A', { regions: ['华北'] }), { region: '华东' }],
    ['at-capacity', person('A', { capacity: 0 }), {}],
  ])('%s', (reason, someone, more) => {
    const choice = assign(poolOf('A'), request('T', more), policy({ relax: [] }), world([someone]));
    expect(choice.outcome).not.toBe('assigned');
    expect(reasons(choice)).toEqual({ A: reason });
  });

  test('unknown people and people off shift are left out', () => {
    const inOffice = { shiftOf: () => office };
    const evening = world([person('A')], start + 10 * hour, inOffice);
    expect(reasons(assign(poolOf('A', 'X'), request('T'), policy(), evening))).toEqual({
      A: 'off-shift',
      X: 'unknown',
    });
    const day = world([person('A')], start, inOffice);
    expect(nameOf(assign(poolOf('A'), request('T'), policy(), day))).toBe('A');
  });

  test('a leave that ended, one far away, and words however they are written', () => {
    const fine = person('A', { leaves: [leave(-9, 0), leave(5, 9)], teams: ['售后组'], skills: ['Ｎetwork：3'] });
    const more = { team: ' 售后组', region: '华东', skills: [{ tag: 'network', level: 3 }] };
    expect(nameOf(assign(poolOf('A'), request('T', more), policy(), world([fine])))).toBe('A');
  });

  test('what nobody has is given up in order, and said', () => {
    const far = person('A', { regions: ['华北'], skills: ['制冷:1'] });
    const wanted = { region: '华东', skills: [{ tag: '制冷', level: 2 }] };
    const both = assign(poolOf('A'), request('T', wanted), policy(), world([far]));
    expect(both).toMatchObject({ outcome: 'assigned', name: 'A', relaxed: ['region', 'level'] });
    const one = assign(poolOf('A'), request('T', { region: '华东' }), policy(), world([far]));
    expect(one.relaxed).toEqual(['region']);
    const none = assign(poolOf('A'), request('T', { skills: [{ tag: '焊接', level: null }] }), policy(), world([far]));
    expect(none).toMatchObject({ outcome: 'unassigned', relaxed: [] });
  });

  test('nothing is given up while the right people are merely busy', () => {
    const people = [person('A', { regions: ['华东'], capacity: 0 }), person('B', { regions: ['华北'] })];
    const choice = assign(poolOf('A', 'B'), request('T', { region: '华东' }), policy(), world(people));
    expect(choice).toMatchObject({ outcome: 'queued', relaxed: [] });
  });
});

describe('strategies', () => {
  const people = [person('A'), person('B'), person('C')];

  test('round robin goes by the last assignment, ties by the roster', () => {
    expect(assignAll(poolOf('C', 'A', 'B'), 5, people, policy()).names).toEqual(['C', 'A', 'B', 'C', 'A']);
  });

  test('somebody back from leave gets one ticket, not those he missed', () => {
    const { pool } = assignAll(poolOf('A', 'C'), 4, people, policy());
    const joined: Pool = [...pool, { name: 'B', load: 0, lastAssignedAt: start - hour, credit: 0 }];
    const first = assign(joined, request('T'), policy(), world(people, start + hour));
    expect(nameOf(first)).toBe('B');
    const second = first.outcome === 'assigned' ? first.pool : [];
    expect(nameOf(assign(second, request('T'), policy(), world(people, start + 2 * hour)))).toBe('A');
  });

  test('a manual assignment adds to the load, above capacity too, and does not move the turn', () => {
    const manual = recordAssignment(poolOf('A', 'B'), 'A', start, 'manual');
    expect(manual[0]).toMatchObject({ load: 1, lastAssignedAt: null });
    expect(nameOf(assign(manual, request('T'), policy(), world(people)))).toBe('A');
    const full = [person('A', { capacity: 1 }), person('B', { capacity: 1 })];
    const over = recordAssignment(manual, 'A', start, 'manual');
    expect(over[0]?.load).toBe(2);
    expect(nameOf(assign(over, request('T'), policy(), world(full)))).toBe('B');
  });

  test('least loaded is by the part of the capacity, then by the last assignment', () => {
    const two = [person('A', { capacity: 10 }), person('B', { capacity: 4 })];
    const pool: Pool = [
      { name: 'A', load: 4, lastAssignedAt: null, credit: 0 },
      { name: 'B', load: 2, lastAssignedAt: null, credit: 0 },
    ];
    const how = policy({ strategy: 'least-loaded' });
    expect(nameOf(assign(pool, request('T'), how, world(two)))).toBe('A');
    const even = pool.map((member) => (member.name === 'A' ? { ...member, load: 5, lastAssignedAt: start } : member));
    expect(nameOf(assign(even, request('T'), how, world(two)))).toBe('B');
  });

  test('the weighted draw spreads the shares', () => {
    const weighted = [person('A', { weight: 5 }), person('B', { weight: 1 }), person('C', { weight: 1 })];
    const { names } = assignAll(poolOf('A', 'B', 'C'), 7, weighted, policy({ strategy: 'weighted' }));
    expect(names).toEqual(['A', 'A', 'B', 'A', 'C', 'A', 'A']);
  });

  test('who knows the customer, and before that who had the reopened ticket, goes first if he can', () => {
    const known = request('T', { familiar: ['X', 'C', 'B'] });
    expect(assign(poolOf('A', 'B', 'C'), known, policy(), world(people))).toMatchObject({ name: 'C', by: 'sticky' });
    const loose = policy({ isSticky: false });
    expect(assign(poolOf('A', 'B', 'C'), known, loose, world(people))).toMatchObject({ name: 'A' });
    const again = { ...known, reopenedFrom: 'B' };
    expect(assign(poolOf('A', 'B', 'C'), again, loose, world(people))).toMatchObject({ name: 'B', by: 'reopened' });
    const busy = people.map((each) => (each.name === 'B' ? person('B', { capacity: 0 }) : each));
    expect(assign(poolOf('A', 'B', 'C'), again, loose, world(busy))).toMatchObject({ name: 'A', by: 'round-robin' });
  });
});

describe('when nobody of the pool can', () => {
  const gone = person('A', { active: false });
  const chain = policy({ teamLead: '组长', dutyPerson: '值班' });

  test('the lead, then who is on duty, then nobody and an alert', () => {
    const [lead, duty] = [person('组长'), person('值班')];
    const ask = (people: readonly Person[], more: Partial<AssignmentWorld> = {}) =>
      assign(poolOf('A'), request('T'), chain, world([gone, ...people], start, more));
    expect(ask([lead, duty])).toMatchObject({ name: '组长', by: 'team-lead' });
    const away = person('组长', { leaves: [leave(-1, 1)] });
    const second = ask([away, duty]);
    expect(second).toMatchObject({ name: '值班', by: 'duty' });
    expect(reasons(second)).toEqual({ A: 'left', 组长: 'on-leave' });
    const busy = ask([person('组长', { capacity: 3 }), duty], { loadOf: () => 3 });
    expect(busy).toMatchObject({ name: '值班' });
    expect(reasons(busy)).toEqual({ A: 'left', 组长: 'at-capacity' });
    expect(ask([away])).toMatchObject({ outcome: 'unassigned', alertAt: start + 15 * 60_000 });
  });

  test('who stands in for the lead takes it', () => {
    const people = [
      gone,
      person('组长', { leaves: [leave(-1, 1)], substitute: '副组长' }),
      person('副组长', { leaves: [leave(-1, 1)], substitute: '老李' }),
      person('老李'),
    ];
    expect(assign(poolOf('A'), request('T'), chain, world(people))).toMatchObject({
      name: '老李',
      standIns: ['组长', '副组长', '老李'],
    });
  });

  test('the lead is asked in his hours, who is on duty at any time', () => {
    const office = createCalendar(chinaOffice);
    const night = world([gone, person('组长'), person('值班')], start + 12 * hour, { shiftOf: () => office });
    expect(assign(poolOf('A'), request('T'), chain, night)).toMatchObject({ name: '值班', by: 'duty' });
  });
});

describe('queue and leaves', () => {
  test('priority, then due, then age; a ticket nobody can take holds up no other', () => {
    const queue = [
      request('late', { priority: 1, due: null }),
      request('young', { priority: 1, due: start + hour }),
      request('old', { priority: 1, due: start + hour, createdAt: start - 5 }),
      request('urgent', { priority: 0, skills: [{ tag: '焊接', level: null }] }),
    ];
    expect(queueOrder(queue).map(({ ticket }) => ticket)).toEqual(['urgent', 'old', 'young', 'late']);
    const { choices } = serveQueue(poolOf('A'), queue, policy(), world([person('A', { capacity: 1 })]));
    expect(choices.map(({ choice }) => nameOf(choice))).toEqual(['unassigned', 'A', 'queued', 'queued']);
  });

  test('tickets due during a leave go along the substitutes; a circle goes to the lead', () => {
    const holiday = leave(0, 48);
    const a = person('A', { leaves: [holiday], substitute: 'B' });
    const b = person('B', { leaves: [holiday], substitute: 'C' });
    const tickets = [
      { ticket: 'T1', due: start + 47 * hour },
      { ticket: 'T2', due: start + 48 * hour },
      { ticket: 'T3', due: null },
    ];
    const to = (people: readonly Person[]) => handOver(a, holiday, tickets, '组长', world(people));
    expect(to([a, b, person('C')])).toEqual([{ ticket: 'T1', to: 'C', chain: ['A', 'B', 'C'], isCycle: false }]);
    const circle = person('C', { leaves: [holiday], substitute: 'A' });
    expect(to([a, b, circle, person('组长')])).toEqual([
      { ticket: 'T1', to: '组长', chain: ['A', 'B', 'C', '组长'], isCycle: true },
    ]);
    expect(to([a, b, circle])).toMatchObject([{ to: null, isCycle: true }]);
  });
});

test('a choice reads as who, why, and why not the others', () => {
  const people = [person('张三'), person('李四', { capacity: 0 }), person('王五', { regions: ['华北'] })];
  const choice = assign(poolOf('张三', '李四', '王五'), request('T', { region: '华东' }), policy(), world(people));
  expect(choiceLines('zh-CN', choice)).toEqual(['分配给 张三：轮到他', '李四: 已满（0/0）', '王五: 不负责 华东']);
  expect(choiceLines('en', choice)[0]).toBe('assigned to 张三: it is their turn');
});

describe('laws of any pool', () => {
  const names = ['A', 'B', 'C', 'D'];
  const anyPerson = (name: string): fc.Arbitrary<Person> =>
    fc
      .record({
        capacity: fc.option(fc.nat({ max: 3 })),
        weight: fc.integer({ min: 1, max: 5 }),
        regions: fc.subarray(['华东', '华北']),
        skills: fc.subarray(['制冷:1', '制冷:3', '焊接']),
        leaves: fc.constantFrom([], [leave(-1, 1)], [leave(2, 9)]),
        active: fc.boolean(),
      })
      .map((more) => person(name, more));
  const anyPeople = fc.tuple(...names.map(anyPerson));
  const anyPool: fc.Arbitrary<Pool> = fc.tuple(
    ...names.map((name) =>
      fc.record({
        name: fc.constant(name),
        load: fc.nat({ max: 3 }),
        lastAssignedAt: fc.option(fc.integer({ min: start - 99, max: start - 1 })),
        credit: fc.constant(0),
      }),
    ),
  );
  const anyRequest = fc
    .record({
      region: fc.constantFrom(null, '华东'),
      skills: fc.subarray([
        { tag: '制冷', level: 2 },
        { tag: '焊接', level: null },
      ]),
      familiar: fc.subarray(names),
      reopenedFrom: fc.constantFrom(null, ...names),
    })
    .map((more) => request('T', more));
  const anyPolicy = fc
    .record({
      strategy: fc.constantFrom('round-robin' as const, 'least-loaded' as const, 'weighted' as const),
      isSticky: fc.boolean(),
      relax: fc.subarray(['region', 'level'] as const),
    })
    .map((more) => policy({ ...more, relax: [...more.relax] }));

  test('nobody gets more than he can hold, nobody absent gets anything, and everybody is accounted for', () => {
    fc.assert(
      fc.property(anyPool, anyPeople, anyRequest, anyPolicy, (pool, people, asked, how) => {
        const choice = assign(pool, asked, how, world(people));
        const dropped = reasons(choice);
        if (choice.outcome === 'assigned') {
          const chosen = people.find(({ name }) => name === choice.name);
          const member = choice.pool.find(({ name }) => name === choice.name);
          expect(dropped).not.toHaveProperty(choice.name);
          expect(chosen?.active).toBe(true);
          expect(chosen?.leaves).toEqual([]);
          expect(member?.load ?? 0).toBeLessThanOrEqual(chosen?.capacity ?? Number.POSITIVE_INFINITY);
          expect(member?.lastAssignedAt).toBe(start);
          const others = (all: Pool) => all.filter(({ name }) => name !== choice.name).map(({ load }) => load);
          expect(others(choice.pool)).toEqual(others(pool));
        } else {
          expect(Object.keys(dropped)).toEqual(names);
          const isFull = Object.values(dropped).includes('at-capacity');
          expect(choice.outcome).toBe(isFull ? 'queued' : 'unassigned');
        }
        expect(choiceLines('zh-CN', choice).join()).not.toMatch(/[{}]|assign\./);
      }),
      { numRuns: 500 },
    );
  });

  test('turns are fair: with everybody there, nobody is two tickets ahead', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 40 }), (count) => {
        const people = names.map((name) => person(name));
        for (const strategy of ['round-robin', 'least-loaded', 'weighted'] as const) {
          const { pool } = assignAll(poolOf(...names), count, people, policy({ strategy }));
          const loads = pool.map(({ load }) => load);
          expect(Math.max(...loads) - Math.min(...loads)).toBeLessThanOrEqual(1);
        }
      }),
    );
  });

  test('weights hold over every full round', () => {
    fc.assert(
      fc.property(fc.tuple(...names.map(() => fc.integer({ min: 1, max: 6 }))), (weights) => {
        const people = names.map((name, n) => person(name, { weight: weights[n] ?? 1 }));
        const rounds = weights.reduce((sum, weight) => sum + weight, 0);
        const { pool } = assignAll(poolOf(...names), rounds, people, policy({ strategy: 'weighted' }));
        expect(pool.map(({ load }) => load)).toEqual(weights);
      }),
    );
  });
});
