/**
 * Every KPI once more, straight from what happened: a second opinion for tests. Each question looks through the whole
 * history of one ticket again; there are no blocks, no kept facts, and nothing is shared with what it checks but the
 * calendar.
 */
import type { TicketHistory } from '../../src/kpi/history.ts';
import type { LeftOut } from '../../src/kpi/kpi.ts';
import type { Filter, Query } from '../../src/kpi/query.ts';
import { alwaysOpen, type WorkCalendar } from '../../src/model/calendar.ts';
import { statusCategory } from '../../src/model/status.ts';
import { instantOf, wallOf } from '../../src/model/wall-clock.ts';

export interface Sample {
  readonly id: number;
  readonly value: number | null;
  readonly leftOut: LeftOut | null;
  readonly person: string | null;
  readonly isDoubtful?: boolean;
}

export interface NaiveWorld {
  readonly zone: string;
  readonly calendar: WorkCalendar;
}

const DAY = 86_400_000;

type Time = { readonly at: number; readonly day: boolean };

class Ticket {
  readonly h: TicketHistory;
  readonly w: NaiveWorld;

  constructor(h: TicketHistory, w: NaiveWorld) {
    this.h = h;
    this.w = w;
  }

  // --- what the cells say ---

  /** The value of a cell after the first `n` steps. */
  cell(key: string, n = this.h.steps.length): unknown {
    let value: unknown = null;
    for (const step of this.h.steps.slice(0, n)) if (key in step.values) value = step.values[key];
    return value ?? null;
  }

  name(key: string, n?: number): string | null {
    const text = this.cell(key, n);
    return text === null || text === '' ? null : String(text);
  }

  main(key: string, n?: number): string | null {
    return this.name(key, n)?.split('、')[0] || null;
  }

  time(value: unknown): Time | null {
    if (typeof value !== 'string' || value === '') return null;
    const day = /^\d{4}-\d\d-\d\d$/.test(value);
    return { at: day ? instantOf(Date.parse(value), this.w.zone) : Date.parse(value), day };
  }

  /** The last time written to a cell in steps `[from, to)`. Nobody knows what is yet to come: a later time means now. */
  typed(key: string, from = 0, to = this.h.steps.length): Time | null {
    let found: Time | null = null;
    for (const { at, values } of this.h.steps.slice(from, to)) {
      if (!(key in values)) continue;
      const time = this.time(values[key]);
      found = time !== null && time.at > at ? { at, day: false } : time;
    }
    return found;
  }

  midnight(at: number, daysLater = 0): number {
    const wall = Math.floor(wallOf(at, this.w.zone) / DAY) * DAY;
    return instantOf(wall + daysLater * DAY, this.w.zone);
  }

  isEarlier(time: Time, than: number): boolean {
    return time.day ? time.at < this.midnight(than) : time.at < than;
  }

  // --- the states it went through ---

  category(n: number): string {
    let category = 'new';
    for (let k = 1; k <= n; k++) {
      const text = this.name('status', k);
      if (text === null) category = 'new';
      else category = statusCategory(text) ?? category;
    }
    return category;
  }

  isGone(n: number): boolean {
    const last = this.h.steps.slice(0, n).findLast(({ kind }) => kind === 'delete' || kind === 'restore');
    return last?.kind === 'delete';
  }

  isIn(n: number): boolean {
    return ['new', 'open', 'wait_customer', 'wait_third'].includes(this.category(n)) && !this.isGone(n);
  }

  get created(): Time {
    const [first] = this.h.steps;
    const time = this.time(this.cell('created_at'));
    const taken = first!.isTakenOver === true;
    if (time === null) return { at: first!.at, day: taken };
    return { at: time.at, day: time.day || (taken && first!.at - time.at >= 0 && first!.at - time.at < 1000) };
  }

  /** Stays in the backlog, by the numbers of the steps that began and ended them. */
  get stays() {
    const { steps } = this.h;
    const entries = steps.map((_, n) => n).filter((n) => n === 0 || (this.isIn(n + 1) && !this.isIn(n)));
    let earliest = this.created.at;
    let cameBackAs: 'created' | 'reopened' | 'restored' = 'created';
    return entries.map((entry, k) => {
      const next = entries[k + 1] ?? steps.length;
      const exit = steps.findIndex((_, n) => n >= entry && n < next && !this.isIn(n + 1));
      const from = k === 0 ? this.created.at : Math.max(steps[entry]!.at, earliest);
      const began = cameBackAs;
      if (exit < 0) return { from, began, to: Number.POSITIVE_INFINITY, how: null, entry, exit, k } as const;
      const category = this.category(exit + 1);
      const how = this.isGone(exit + 1)
        ? 'deleted'
        : category === 'merged' || category === 'cancelled'
          ? category
          : ('resolved' as const);
      cameBackAs = how === 'resolved' ? 'reopened' : 'restored';
      const solved = this.typed('resolved_at', entry, next);
      const closed = this.typed('closed_at', entry, next);
      const left = { at: steps[exit]!.at, day: false };
      let end: Time | null = left;
      if (exit === 0) end = solved ?? closed;
      else if (how === 'resolved') end = solved ?? (category === 'closed' ? closed : null) ?? left;
      const unknown = end === null;
      end ??= left;
      if (k > 0 && this.isEarlier(end, from)) end = left;
      const impossible = this.isEarlier(end, from);
      const to = Math.max(end.at, from);
      earliest = to;
      return {
        ...{ from, began, to, how, entry, exit, k, unknown, impossible, day: end.day },
        by: this.main('assignee', exit + 1),
        closing: how === 'resolved' ? this.closing(entry, next, exit, solved, closed, k === 0 ? null : from) : null,
      } as const;
    });
  }

  closing(
    entry: number,
    next: number,
    exit: number,
    solved: Time | null,
    closed: Time | null,
    after: number | null,
  ): Time | null {
    const turned = this.h.steps.findLastIndex(
      (_, n) =>
        n >= exit && n < next && this.category(n + 1) === 'closed' && (n === 0 || this.category(n) !== 'closed'),
    );
    const isStill = this.category(next) === 'closed';
    const bySteps =
      turned < 0 || !isStill
        ? null
        : turned === 0 && entry === 0
          ? solved
          : { at: this.h.steps[turned]!.at, day: false };
    const time = closed ?? bySteps;
    return time !== null && after !== null && this.isEarlier(time, after) ? null : time;
  }

  get solvings() {
    return this.stays.flatMap((stay) => (stay.how === 'resolved' ? [stay] : []));
  }

  get dropped(): LeftOut | 'gone' | null {
    const all = this.h.steps.length;
    if (this.isGone(all)) return 'gone';
    const category = this.category(all);
    return category === 'cancelled' || category === 'merged' ? category : null;
  }

  // --- words with the customer ---

  get said() {
    return this.h.contacts
      .filter(({ at, kind }) => at !== null && ['reply', 'call', 'visit'].includes(kind))
      .map(({ at, isDay, person }) => ({ at: at!, day: isDay === true, person }))
      .toSorted((a, b) => a.at - b.at);
  }

  get response() {
    const { created } = this;
    const typed = this.typed('first_response_at');
    const heard = this.said.find((time) => !this.isEarlier(time, created.at));
    const good = typed !== null && !this.isEarlier(typed, created.at) ? typed : heard;
    const time = good ?? typed;
    if (time === null) return null;
    const teller = this.said.find(({ at }) => at === time.at)?.person?.split('、')[0];
    const owners = this.h.steps.flatMap(({ at, values }, n) =>
      'assignee' in values && this.main('assignee', n + 1) !== null ? [{ at, name: this.main('assignee', n + 1) }] : [],
    );
    const owner = owners.findLast(({ at }) => at <= time.at) ?? owners[0];
    return {
      at: time.at,
      day: time.day || created.day,
      impossible: good === undefined || good === null,
      person: teller || owner?.name || this.main('accepted_by'),
    };
  }

  get answersBeforeSolving(): number {
    const [first] = this.solvings;
    if (first === undefined) return 0;
    return this.h.contacts.filter(({ at, kind }) => {
      if (!['reply', 'call', 'visit'].includes(kind)) return false;
      return at === null || (first.day ? at < this.midnight(first.to, 1) : at <= first.to);
    }).length;
  }

  get ratings() {
    return this.h.steps.flatMap(({ at, values, isTakenOver }, n) => {
      if (typeof values.csat !== 'number') return [];
      const isTakenBack = this.h.steps
        .slice(n + 1)
        .some((later) => 'csat' in later.values && typeof later.values.csat !== 'number');
      if (isTakenBack) return [];
      const solved = this.solvings.findLast(({ exit }) => exit <= n);
      const person = solved?.by ?? this.main('assignee', n + 1);
      // Typed times as they stood when the row was first seen.
      const own =
        n === 0 && solved !== undefined ? (this.typed('closed_at', 0, 1) ?? this.typed('resolved_at', 0, 1)) : null;
      const undated = n === 0 && own === null && (solved !== undefined || isTakenOver === true);
      return [{ at: own?.at ?? at, score: values.csat, person, undated }];
    });
  }

  lasts(from: number, to: number, mode: Query['mode']): number {
    return (mode === 'business' ? this.w.calendar : alwaysOpen).elapsed(from, to);
  }

  /** Work until a solving, piece by piece between all moments at which anything may begin or end. */
  work(until: number, mode: Query['mode']): number {
    const stays = this.stays;
    const cuts = [
      ...new Set([...stays.flatMap(({ from, to }) => [from, to]), ...this.h.steps.map(({ at }) => at), until]),
    ]
      .filter((at) => at <= until)
      .toSorted((a, b) => a - b);
    let sum = 0;
    for (const [n, at] of cuts.entries()) {
      const end = cuts[n + 1];
      if (end === undefined || !stays.some(({ from, to }) => from <= at && at < to)) continue;
      const known = this.h.steps.findLastIndex((step) => step.at <= at) + 1;
      if (known > 0 && this.category(known).startsWith('wait')) continue;
      sum += this.lasts(at, end, mode);
    }
    return sum;
  }
}

type Question = (t: Ticket, q: Query) => readonly Omit<Sample, 'id'>[];
type Answer = Omit<Sample, 'id'>;

const take = (value: number, person: string | null, isDoubtful = false): readonly Answer[] => [
  { value, leftOut: null, person, isDoubtful },
];
const leave = (leftOut: LeftOut | 'gone', person: string | null): readonly Answer[] =>
  leftOut === 'gone' ? [] : [{ value: null, leftOut, person }];

function inside({ window: { from, to, asOf } }: Query, at: number): boolean {
  return from <= at && at < to && at <= asOf;
}
function over({ window: { to, asOf } }: Query, at: number): boolean {
  return at < to && at <= asOf;
}

/** By creation in the period, those dropped since apart. */
const cohort =
  (ask: Question): Question =>
  (t, q) => {
    if (!inside(q, t.created.at)) return [];
    const answered = ask(t, q);
    return t.dropped === null ? answered : leave(t.dropped, answered[0]?.person ?? null);
  };

const solvedLast =
  (
    at: (stay: Ticket['solvings'][number]) => number,
    value: (t: Ticket, stay: Ticket['solvings'][number], q: Query) => number | LeftOut,
    isDropTold = true,
  ): Question =>
  (t, q) => {
    const stay = t.solvings.findLast((each) => inside(q, at(each)));
    if (stay === undefined) return [];
    if (t.dropped !== null) return isDropTold ? leave(t.dropped, stay.by) : [];
    const result = value(t, stay, q);
    return typeof result === 'number' ? take(result, stay.by) : leave(result, stay.by);
  };

const rated =
  (value: (score: number) => number): Question =>
  (t, q) => {
    const rating = t.ratings.findLast(({ at }) => inside(q, at));
    if (rating === undefined || t.dropped !== null) return [];
    return rating.undated ? leave('no-end', rating.person) : take(value(rating.score), rating.person);
  };

const inBacklog = (t: Ticket, isPast: (at: number) => boolean) =>
  t.stays.filter((stay) => isPast(stay.from) && !isPast(stay.to) && !(stay.how !== null && stay.unknown));

export const questions: Readonly<Record<string, Question>> = {
  created: cohort((t) => take(1, t.main('assignee'))),
  reach: cohort((t) => {
    let stage = 0;
    for (let n = 1; n <= t.h.steps.length; n++) {
      const category = t.category(n);
      if (category === 'closed') stage = Math.max(stage, 3);
      else if (category === 'resolved') stage = Math.max(stage, 2);
      else if (category === 'open' || category.startsWith('wait')) stage = Math.max(stage, 1);
    }
    return take(stage, t.main('assignee'));
  }),
  resolved: solvedLast(
    ({ to }) => to,
    (_, { unknown }) => (unknown ? 'no-end' : 1),
    false,
  ),
  backlog: (t, q) =>
    inBacklog(t, (at) => over(q, at)).flatMap((stay) => take(1, stay.how === null ? t.main('assignee') : stay.by)),
  age: (t, q) => {
    const now = Math.min(q.window.to, q.window.asOf);
    if (t.dropped !== null) return [];
    return inBacklog(t, (at) => over(q, at)).flatMap(() =>
      take(t.lasts(t.created.at, now, q.mode), t.main('assignee')),
    );
  },
  overdue: (t, q) => {
    const due = t.time(t.cell('due_at'));
    if (due === null || t.dropped !== null) return [];
    const end = due.day ? t.midnight(due.at, 1) - 1000 : due.at;
    const isHere = inBacklog(t, (at) => at <= q.window.asOf).length > 0;
    return isHere && end < q.window.asOf ? take(1, t.main('assignee')) : [];
  },
  'first-response': cohort((t, q) => {
    const { response } = t;
    if (response === null || response.at > q.window.asOf) {
      const known = t.stays.findLast(({ from }) => from <= q.window.asOf);
      const isSolved = known?.how === 'resolved' && (known.unknown || known.to <= q.window.asOf);
      return leave(isSolved ? 'closed-unanswered' : 'unanswered', t.main('assignee'));
    }
    if (response.impossible) return leave('impossible', response.person);
    if (response.day) return leave('day-only', response.person);
    return take(t.lasts(t.created.at, response.at, q.mode), response.person);
  }),
  'next-response': (t, q) => {
    const { response } = t;
    if (response === null || t.dropped !== null) return [];
    const begin = response.day ? t.midnight(response.at, 1) : response.at;
    const words = t.h.contacts
      .filter(({ at, kind }) => at !== null && at >= begin && ['customer', 'reply', 'call', 'visit'].includes(kind))
      .toSorted((a, b) => a.at! - b.at!);
    return words.flatMap((word, n) => {
      if (word.kind === 'customer' || !inside(q, word.at!)) return [];
      // The customer's words since the answer before.
      const before = words.findLastIndex((each, k) => k < n && each.kind !== 'customer');
      const oldest = words.slice(before + 1, n)[0];
      if (oldest === undefined) return [];
      const person = word.person?.split('、')[0] ?? null;
      if (oldest.isDay === true || word.isDay === true) return leave('day-only', person);
      return take(t.lasts(oldest.at!, word.at!, q.mode), person);
    });
  },
  resolution: solvedLast(
    ({ to }) => to,
    (t, { to, unknown, impossible, day }, q) => {
      if (unknown) return 'no-end';
      if (t.created.day) return impossible ? 'impossible' : 'day-only';
      return impossible ? 'impossible' : day ? 'day-only' : t.lasts(t.created.at, to, q.mode);
    },
  ),
  'net-resolution': solvedLast(
    ({ to }) => to,
    (t, { to, k, unknown, impossible, day }, q) => {
      if (unknown) return 'no-end';
      if (impossible) return 'impossible';
      if (t.created.day || day) return 'day-only';
      const before = t.stays.slice(0, k);
      if (before.some((stay) => stay.how !== null && stay.unknown)) return 'no-end';
      if (before.some((stay) => stay.how !== null && stay.day)) return 'day-only';
      return t.work(to, q.mode);
    },
  ),
  closing: solvedLast(
    ({ closing }) => closing?.at ?? Number.NaN,
    (t, { closing }, q) => {
      if (closing!.day || t.created.day) return 'day-only';
      return closing!.at < t.created.at ? 'impossible' : t.lasts(t.created.at, closing!.at, q.mode);
    },
  ),
  'first-contact': (t, q) => {
    const [first] = t.solvings;
    if (first === undefined || t.dropped !== null || !inside(q, first.to)) return [];
    if (first.unknown) return leave('no-end', first.by);
    const words = t.answersBeforeSolving;
    if (words === 0) return leave('no-contact', first.by);
    const isReopened = t.stays.some(({ k, from }) => k === first.k + 1 && from <= q.window.asOf);
    const isOnce = words === 1 && !isReopened;
    return take(isOnce ? 1 : 0, first.by, isOnce && q.window.asOf < first.to + q.settings.reopenDays * DAY);
  },
  'reopen-rate': (t, q) => {
    const mine = t.solvings.filter(({ to, unknown }) => inside(q, to) && !unknown);
    if (mine.length === 0 || t.dropped !== null) return [];
    const isBack = mine.some(({ k, to }) => {
      const next = t.stays[k + 1];
      return next !== undefined && next.from <= q.window.asOf && next.from - to <= q.settings.reopenedWithinDays * DAY;
    });
    return take(isBack ? 1 : 0, mine.at(-1)!.by);
  },
  satisfaction: rated((score) => (score >= 4 ? 1 : 0)),
  'satisfaction-score': rated((score) => score),
  'rating-rate': (t, q) => {
    const stay = t.solvings.findLast(({ to }) => inside(q, to));
    if (stay === undefined || t.dropped !== null || stay.unknown) return [];
    return take(t.ratings.some(({ at }) => at <= q.window.asOf) ? 1 : 0, stay.by);
  },
};

/** What a question answers of all tickets of a query, in the order of their ids. */
export function naive(
  name: string,
  histories: readonly TicketHistory[],
  q: Query,
  world: NaiveWorld,
): readonly Sample[] {
  const { person: people, ...others } = q.filter;
  return histories.flatMap((history) => {
    const ticket = new Ticket(history, world);
    if (!Object.entries(others).every(([key, names]) => hasOne(ticket, key, names!))) return [];
    return questions[name]!(ticket, q)
      .filter(({ person }) => people === undefined || people.includes(person ?? ''))
      .map((answer) => ({ id: history.id, ...answer }));
  });
}

const fields: Readonly<Record<string, string>> = {
  productLine: 'product_line',
  issueType: 'issue_type',
  customerLevel: 'customer_level',
};

function hasOne(ticket: Ticket, dimension: keyof Filter | string, names: readonly string[]): boolean {
  const value = ticket.name(fields[dimension] ?? dimension);
  if (value === null) return names.includes('');
  return [value, ...value.split('、')].some((part) => names.includes(part));
}

/** What the stock of tickets gained and lost in `[from, to)`, event by event. */
export function flows(histories: readonly TicketHistory[], from: number, to: number, world: NaiveWorld) {
  const sums = { created: 0, reopened: 0, restored: 0, resolved: 0, dropped: 0 };
  for (const history of histories) {
    for (const stay of new Ticket(history, world).stays) {
      if (stay.how !== null && stay.unknown) continue;
      if (stay.from >= from && stay.from < to) sums[stay.began]++;
      if (stay.to >= from && stay.to < to) sums[stay.how === 'resolved' ? 'resolved' : 'dropped']++;
    }
  }
  return sums;
}
