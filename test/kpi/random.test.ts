/** Every KPI against a second opinion, on tickets to which anything may have happened. */
import { describe, expect, it } from 'vitest';
import type { HistoryContact, HistoryStep, TicketHistory } from '../../src/kpi/history.ts';
import { kpis } from '../../src/kpi/index.ts';
import { list, measure } from '../../src/kpi/measure.ts';
import { type Filter, kpiDefaults, type Query } from '../../src/kpi/query.ts';
import type { ContactKind } from '../../src/model/contact.ts';
import type { FieldValue } from '../../src/model/field.ts';
import { at, calendars, cn } from '../model/sla-desk.ts';
import { setOf } from './histories.ts';
import { flows, naive, questions } from './naive.ts';

const world = { zone: 'Asia/Shanghai', calendar: calendars(cn) };
const DAY = 86_400_000;
const begin = at('02-20 00:00');
const end = at('04-20 00:00');

/** Numbers by a seed: mulberry32. */
class Chance {
  #state: number;

  constructor(seed: number) {
    this.#state = seed;
  }

  next(): number {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let t = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  }

  below(count: number): number {
    return Math.floor(this.next() * count);
  }

  is(part: number): boolean {
    return this.next() < part;
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)]!;
  }
}

const statuses = [
  '待受理',
  '处理中',
  '处理中',
  '等待客户',
  '等待第三方',
  '已解决',
  '已解决',
  '已关闭',
  '已作废',
  '已合并',
  'Resolved',
  'In progress',
  '看情况',
  null,
];
const names = ['张伟', '李娜', '王强', '李娜、王强', null];
const teams = ['一线', '二线', '一线、二线', null];
const customers = ['恒远', '明达', null];
const kinds: readonly ContactKind[] = ['reply', 'call', 'visit', 'auto-reply', 'internal', 'customer', 'customer'];

/** A whole second near a moment, midnight of a day, or a day without a time. */
function typedTime(chance: Chance, near: number): FieldValue {
  if (chance.is(0.1)) return null;
  const instant = near + Math.round(((chance.next() - 0.8) * 4 * DAY) / 1000) * 1000;
  const day = new Date(instant + 8 * 3_600_000).toISOString().slice(0, 10);
  return chance.is(0.3) ? day : new Date(instant).toISOString();
}

function randomHistory(id: number, chance: Chance): TicketHistory {
  let now = begin + chance.below(40 * 86_400) * 1000;
  if (chance.is(0.1)) now = at('03-01 00:00') + chance.below(30) * DAY;
  const values: Record<string, FieldValue> = {
    status: chance.is(0.6) ? '待受理' : chance.of(statuses),
    assignee: chance.of(names),
    team: chance.of(teams),
    customer: chance.of(customers),
    accepted_by: chance.of(names),
    due_at: typedTime(chance, now + 5 * DAY),
  };
  const isTakenOver = chance.is(0.25);
  if (chance.is(0.5)) values.created_at = typedTime(chance, now);
  else if (isTakenOver) values.created_at = new Date(Math.floor(now / 1000) * 1000).toISOString();
  for (const key of ['resolved_at', 'closed_at', 'first_response_at']) {
    if (chance.is(isTakenOver ? 0.5 : 0.1)) values[key] = typedTime(chance, now);
  }
  if (chance.is(0.2)) values.csat = 1 + chance.below(5);
  const steps: HistoryStep[] = [{ kind: 'create', at: now, values, ...(isTakenOver ? { isTakenOver } : {}) }];
  let isDeleted = false;
  for (let n = chance.below(10); n > 0; n--) {
    now += chance.is(0.15) ? 0 : Math.ceil(chance.next() ** 3 * 6 * 86_400) * 1000;
    if (chance.is(0.05)) {
      steps.push({ kind: isDeleted ? 'restore' : 'delete', at: now, values: {} });
      isDeleted = !isDeleted;
      continue;
    }
    const written: Record<string, FieldValue> = {};
    if (chance.is(0.6)) written.status = chance.of(statuses);
    if (chance.is(0.2)) written.assignee = chance.of(names);
    if (chance.is(0.2)) written.resolved_at = typedTime(chance, now);
    if (chance.is(0.1)) written.closed_at = typedTime(chance, now);
    if (chance.is(0.1)) written.first_response_at = typedTime(chance, now);
    if (chance.is(0.05)) written.created_at = typedTime(chance, steps[0]!.at);
    if (chance.is(0.2)) written.csat = chance.is(0.15) ? null : 1 + chance.below(5);
    if (chance.is(0.05)) written.team = chance.of(teams);
    if (Object.keys(written).length > 0) steps.push({ kind: 'set', at: now, values: written });
  }
  const contacts: HistoryContact[] = Array.from({ length: chance.below(5) }, () => {
    const when = steps[0]!.at + Math.round((chance.next() - 0.1) * 8 * 86_400) * 1000;
    const day = at('01-01 00:00') + Math.floor((when - at('01-01 00:00')) / DAY) * DAY;
    const isDay = chance.is(0.2);
    return { at: chance.is(0.05) ? null : isDay ? day : when, isDay, kind: chance.of(kinds), person: chance.of(names) };
  });
  return { id, steps, contacts, clocks: null };
}

/** An instant anywhere, often a midnight, where periods and days without a time begin. */
function instant(chance: Chance): number {
  const whole = begin + chance.below((end - begin) / 1000) * 1000;
  return chance.is(0.5) ? begin + Math.floor((whole - begin) / DAY) * DAY : whole;
}

function randomQuery(chance: Chance): Query {
  const [from, to] = [instant(chance), instant(chance)].toSorted((a, b) => a - b) as [number, number];
  const filter: Filter = {
    ...(chance.is(0.3) ? { person: chance.of([['张伟'], ['李娜', '王强'], [''], ['没有']]) } : {}),
    ...(chance.is(0.2) ? { team: chance.of([['一线'], ['二线', ''], [''], ['一线、二线']]) } : {}),
    ...(chance.is(0.2) ? { customer: chance.of([['恒远'], ['恒远', '明达'], ['']]) } : {}),
  };
  return {
    window: { from, to, asOf: chance.is(0.5) ? to : chance.is(0.5) ? end : instant(chance) },
    mode: chance.of(['business', 'calendar']),
    filter,
    settings: { ...kpiDefaults, calendar: calendars(cn) },
  };
}

const lines = (samples: readonly { readonly id: number; readonly value: number | null; readonly leftOut: unknown }[]) =>
  samples.map(({ id, value, leftOut }) => `${id}: ${leftOut ?? value}`).toSorted();

/** Of 50 tickets per seed. */
function tickets(seed: number): { readonly chance: Chance; readonly histories: readonly TicketHistory[] } {
  const chance = new Chance(seed);
  return { chance, histories: Array.from({ length: 50 }, (_, n) => randomHistory(n + 1, chance)) };
}

/** What was answered at least once: a comparison of nothing with nothing proves nothing. */
const seen = new Set<string>();

describe('a thousand tickets to which anything may have happened', () => {
  const seeds = Array.from({ length: 20 }, (_, n) => n + 1);

  it.each(seeds)('every KPI is what the history says, seed %i', (seed) => {
    const { chance, histories } = tickets(seed);
    const facts = setOf(histories, 7);
    for (let n = 0; n < 12; n++) {
      const query = randomQuery(chance);
      for (const kpi of kpis.filter(({ name }) => questions[name] !== undefined)) {
        const expected = naive(kpi.name, histories, query, world);
        for (const { leftOut, isDoubtful } of expected) {
          seen.add(`${kpi.name}: ${leftOut ?? (isDoubtful === true ? 'doubtful' : 'value')}`);
        }
        const asked = `${kpi.name} ${JSON.stringify({ ...query, settings: undefined })}`;
        expect(lines(list(facts, kpi, query)), asked).toEqual(lines(expected));
        const doubtful = expected.filter(({ isDoubtful }) => isDoubtful).length;
        expect(measure(facts, kpi, query), asked).toMatchObject({
          n: expected.filter(({ value }) => value !== null).length,
          doubtful,
        });
      }
    }
  });

  it('everything that can be answered was', () => {
    const dropped = ['cancelled', 'merged'];
    const untimed = ['day-only', 'impossible'];
    const answers: Readonly<Record<string, readonly string[]>> = {
      age: [],
      backlog: [],
      closing: [...dropped, ...untimed],
      created: dropped,
      'first-contact': ['doubtful', 'no-contact', 'no-end'],
      'first-response': [...dropped, ...untimed, 'closed-unanswered', 'unanswered'],
      'net-resolution': [...dropped, ...untimed, 'no-end'],
      'next-response': ['day-only'],
      overdue: [],
      'rating-rate': [],
      reach: dropped,
      'reopen-rate': [],
      resolution: [...dropped, ...untimed, 'no-end'],
      resolved: ['no-end'],
      satisfaction: ['no-end'],
      'satisfaction-score': ['no-end'],
    };
    const all = Object.entries(answers).flatMap(([name, some]) => ['value', ...some].map((each) => `${name}: ${each}`));
    expect([...seen].toSorted()).toEqual(all.toSorted());
  });

  it.each(seeds)('the backlog grows by what came in and shrinks by what went, seed %i', (seed) => {
    const { chance, histories } = tickets(seed);
    const facts = setOf(histories, 7);
    const backlog = kpis.find(({ name }) => name === 'backlog')!;
    const stock = (to: number): number => {
      const window = { from: begin, to, asOf: end };
      return measure(facts, backlog, { ...randomQuery(chance), filter: {}, window }).value!;
    };
    for (let n = 0; n < 20; n++) {
      const [from, to] = [instant(chance), instant(chance)].toSorted((a, b) => a - b) as [number, number];
      const { created, reopened, restored, resolved, dropped } = flows(histories, from, to, world);
      expect(stock(to)).toBe(stock(from) + created + reopened + restored - resolved - dropped);
    }
  });
});
