/**
 * From a ticket's history to its facts. Pure, and only ever the whole history: facts that were folded ticket by ticket
 * as things happened and facts of a rebuild are the same.
 *
 * Times: what a person typed (创建时间, 首次响应时间, 解决时间, 关闭时间) wins over the moment it was typed at, unless that
 * moment is earlier: nothing is typed before it happened. A time of solving belongs to the stay in which it was typed,
 * while it was open or after it was solved. A day without a time has no durations. A first response is what a person of
 * the team said to the customer; the full time to solve ends at the last solving, not at a closing that came by itself
 * days later.
 */
import { alwaysOpen } from '../model/calendar.ts';
import { isAnswer } from '../model/contact.ts';
import type { FieldValue } from '../model/field.ts';
import type { CalendarRef, Calendars } from '../model/sla.ts';
import { type StatusCategory, statusCategory } from '../model/status.ts';
import { instantOf as wallInstant, wallOf } from '../model/wall-clock.ts';
import type { Episode, Rating, Reply, Seconds, Stage, TicketFacts } from './facts.ts';
import type { HistoryContact, HistoryStep, TicketHistory } from './history.ts';
import { promisesOf, writtenPromise } from './promises.ts';

export interface FoldWorld {
  /** Zone of days that were typed without a time. */
  readonly timeZone: string;
  readonly calendars: Calendars;
  /** The workspace's own calendar, of tickets without clocks. */
  readonly calendar: CalendarRef;
  /** Categories in which the time to solve stands still, of a ticket without a policy. */
  readonly pausing: readonly StatusCategory[];
}

const DAY_MS = 86_400_000;

/** Null for a history without a creation. */
export function foldFacts(history: TicketHistory, world: FoldWorld): TicketFacts | null {
  const first = history.steps[0];
  if (first === undefined) return null;
  const { timeZone } = world;
  const calendar = world.calendars(history.clocks?.calendar ?? world.calendar);
  const walk = walkSteps(history, world);
  const { values } = walk;
  const created = createdOf(values.created_at, first, timeZone);
  const between = (from: number, to: number): Seconds => ({
    business: calendar.elapsed(from, to),
    calendar: alwaysOpen.elapsed(from, to),
  });
  const episodes = episodesOf(walk.stays, created, between, timeZone);
  const response = responseOf(history, walk, created, between, timeZone);
  const due = momentOf(values.due_at, timeZone);
  const [firstStay] = episodes;
  const stayedSince = walk.since === first.at ? (firstStay!.to ?? created.at) : walk.since;
  const dueAt = due === null ? null : due.isDay ? dayAfter(due.at, timeZone) - 1000 : due.at;
  return {
    id: history.id,
    createdAt: created.at,
    createdOnDay: created.isDay,
    isBackfilled: first.at - created.at > DAY_MS,
    category: walk.category,
    categorySince: Math.max(stayedSince, created.at),
    isDeleted: walk.isDeleted,
    hasNoEnd: firstStay!.hasNoEnd,
    reached: walk.reached,
    dueAt,
    response,
    contactsToSolve: contactsUntil(
      history.contacts,
      episodes.find(({ ended }) => ended === 'resolved'),
      timeZone,
    ),
    lastContactAt: lastOf([...history.contacts.map(({ at }) => at), response?.at ?? null]),
    episodes,
    ratings: walk.ratings,
    promises: history.clocks === null ? writtenPromise(dueAt, episodes) : promisesOf(history.clocks, world.calendars),
    replies: repliesOf(history.contacts, response, between, timeZone),
    assignee: mainName(values.assignee),
    team: textOf(values.team),
    customer: textOf(values.customer),
    customerLevel: textOf(values.customer_level),
    productLine: textOf(values.product_line),
    module: textOf(values.module),
    issueType: textOf(values.issue_type),
    priority: textOf(values.priority),
    channel: textOf(values.channel),
    region: textOf(values.region),
  };
}

interface Moment {
  readonly at: number;
  readonly isDay: boolean;
}

/** An instant of a field's value; a day is its first moment in the zone. */
export function momentOf(value: FieldValue | undefined, timeZone: string): Moment | null {
  if (typeof value !== 'string' || value === '') return null;
  const isDay = value.length <= 10;
  const at = isDay ? wallInstant(Date.parse(value), timeZone) : Date.parse(value);
  return Number.isFinite(at) ? { at, isDay } : null;
}

/** When it was created. A ticket taken over without a time got the moment of the takeover, which says nothing about minutes. */
function createdOf(value: FieldValue | undefined, first: HistoryStep, timeZone: string): Moment {
  const typed = momentOf(value, timeZone);
  if (typed === null) return { at: first.at, isDay: first.isTakenOver === true };
  const isFilledIn = first.isTakenOver === true && typed.at === Math.floor(first.at / 1000) * 1000;
  return { at: typed.at, isDay: typed.isDay || isFilledIn };
}

/** The first moment of the day an instant lies on: what was noted by day may lie so much before what happened on it. */
function dayOfInstant(at: number, timeZone: string): number {
  return wallInstant(Math.floor(wallOf(at, timeZone) / DAY_MS) * DAY_MS, timeZone);
}

/** The first moment of the day after. */
function dayAfter(at: number, timeZone: string): number {
  return wallInstant(Math.floor(wallOf(at, timeZone) / DAY_MS) * DAY_MS + DAY_MS, timeZone);
}

/** Whether a moment lies before an instant for sure: a day does only when it is an earlier one. */
function isBefore({ at, isDay }: Moment, instant: number, timeZone: string): boolean {
  return at < (isDay ? dayOfInstant(instant, timeZone) : instant);
}

/** A stay in the backlog as it is walked through. */
interface Stay {
  readonly from: number;
  readonly began: Episode['began'];
  ended: Episode['ended'];
  /** The moment of the step that ended it. */
  leftAt: number;
  assignee: string | null;
  /** It was created solved or dropped: when that happened only its typed times can tell. */
  isBornEnded: boolean;
  /** It went to closed without being solved before. */
  isClosedOutright: boolean;
  /** Times of the end as typed. */
  solved: Moment | null;
  closed: Moment | null;
  /** When it last turned closed; null when it is only solved. */
  turnedClosedAt: number | null;
  readonly pauses: { readonly from: number; to: number | null }[];
}

/** Null: nobody knows when it ended. */
function endOf(stay: Stay): Moment | null {
  const { isBornEnded, isClosedOutright, leftAt, ended } = stay;
  if (isBornEnded) return stay.solved ?? stay.closed;
  if (ended !== 'resolved') return { at: leftAt, isDay: false };
  return stay.solved ?? (isClosedOutright ? stay.closed : null) ?? { at: leftAt, isDay: false };
}

/** When it was closed after it was solved; null: not yet, or nobody knows. */
function closingOf(stay: Stay): Moment | null {
  if (stay.ended !== 'resolved') return null;
  if (stay.closed !== null) return stay.closed;
  if (stay.turnedClosedAt === null) return null;
  if (stay.isBornEnded && stay.turnedClosedAt === stay.leftAt) return stay.solved;
  return { at: stay.turnedClosedAt, isDay: false };
}

interface Walk {
  readonly values: Record<string, FieldValue>;
  readonly stays: Stay[];
  readonly ratings: Rating[];
  /** Main assignees with the moment each got the ticket. */
  readonly assignees: { readonly at: number; readonly name: string | null }[];
  category: StatusCategory;
  since: number;
  isDeleted: boolean;
  reached: Stage;
  /** The first response as typed. */
  responded: Moment | null;
}

const STAGES: Readonly<Record<StatusCategory, Stage>> = {
  new: 0,
  open: 1,
  wait_customer: 1,
  wait_third: 1,
  resolved: 2,
  closed: 3,
  cancelled: 0,
  merged: 0,
};

function isBacklog(category: StatusCategory): boolean {
  return category === 'new' || category === 'open' || category === 'wait_customer' || category === 'wait_third';
}

function walkSteps({ steps, clocks }: TicketHistory, world: FoldWorld): Walk {
  const pausing = clocks?.policy?.pausing ?? world.pausing;
  const walk: Walk = {
    values: {},
    stays: [],
    ratings: [],
    assignees: [],
    category: 'new',
    since: steps[0]!.at,
    isDeleted: false,
    reached: 0,
    responded: null,
  };
  for (const [n, step] of steps.entries()) {
    Object.assign(walk.values, step.values);
    if ('assignee' in step.values) walk.assignees.push({ at: step.at, name: mainName(step.values.assignee) });
    if (step.kind === 'delete' || step.kind === 'restore') walk.isDeleted = step.kind === 'delete';
    const said = statusCategory(String(walk.values.status ?? ''));
    // A status nobody knows keeps the meaning of the one before.
    const category = said ?? (textOf(walk.values.status) === null ? 'new' : walk.category);
    move(walk, step, category, pausing, n === 0, world.timeZone);
    if ('first_response_at' in step.values) {
      walk.responded = typedIn(step, 'first_response_at', world.timeZone);
    }
    rate(walk, step, n === 0);
  }
  return walk;
}

/** Takes the ticket into the backlog or out of it, and keeps the times people type for the end. */
function move(
  walk: Walk,
  step: HistoryStep,
  category: StatusCategory,
  pausing: readonly StatusCategory[],
  isFirst: boolean,
  timeZone: string,
): void {
  const { at } = step;
  const { stays } = walk;
  const isHere = isBacklog(category) && !walk.isDeleted;
  const before = stays.at(-1);
  if (before === undefined) stays.push(stayFrom(at, 'created'));
  else if (before.ended !== null && isHere) {
    stays.push(stayFrom(at, before.ended === 'resolved' ? 'reopened' : 'restored'));
  }
  const stay = stays.at(-1)!;
  if (stay.ended === null && !isHere) {
    stay.ended = endingOf(category, walk.isDeleted);
    stay.leftAt = at;
    stay.assignee = mainName(walk.values.assignee);
    stay.isBornEnded = isFirst;
    stay.isClosedOutright = category === 'closed';
  }
  if ('resolved_at' in step.values) stay.solved = typedIn(step, 'resolved_at', timeZone);
  if ('closed_at' in step.values) stay.closed = typedIn(step, 'closed_at', timeZone);
  if (stay.ended === 'resolved') {
    if (category !== 'closed') stay.turnedClosedAt = null;
    else if (walk.category !== 'closed' || isFirst) stay.turnedClosedAt = at;
  }
  if (stay.ended === null) {
    const open = stay.pauses.at(-1);
    const isPaused = open !== undefined && open.to === null;
    if (pausing.includes(category) && !isPaused) stay.pauses.push({ from: at, to: null });
    else if (!pausing.includes(category) && isPaused) open.to = at;
  }
  if (category !== walk.category) walk.since = at;
  walk.category = category;
  walk.reached = Math.max(walk.reached, STAGES[category]) as Stage;
}

/** A time typed in a step, at the latest the step's own. */
function typedIn({ at, values }: HistoryStep, field: string, timeZone: string): Moment | null {
  const typed = momentOf(values[field], timeZone);
  return typed === null || typed.at <= at ? typed : { at, isDay: false };
}

function stayFrom(from: number, began: Episode['began']): Stay {
  return {
    from,
    began,
    ended: null,
    leftAt: from,
    assignee: null,
    isBornEnded: false,
    isClosedOutright: false,
    solved: null,
    closed: null,
    turnedClosedAt: null,
    pauses: [],
  };
}

function endingOf(category: StatusCategory, isDeleted: boolean): Episode['ended'] {
  if (isDeleted) return 'deleted';
  return category === 'cancelled' || category === 'merged' ? category : 'resolved';
}

/** A rating; clearing the cell takes back what was said. Of an old row it dates from its end, where that is known. */
function rate(walk: Walk, step: HistoryStep, isFirst: boolean): void {
  if (!('csat' in step.values)) return;
  const score = step.values.csat;
  if (typeof score !== 'number') {
    walk.ratings.length = 0;
    return;
  }
  const last = walk.stays.findLast(({ ended }) => ended === 'resolved');
  const ending = isFirst && last !== undefined ? (closingOf(last) ?? endOf(last)) : null;
  walk.ratings.push({
    at: ending?.at ?? step.at,
    score,
    assignee: last?.assignee ?? mainName(walk.values.assignee),
    isUndated: ending === null && isFirst && (last !== undefined || step.isTakenOver === true),
  });
}

function episodesOf(
  stays: readonly Stay[],
  created: Moment,
  between: (from: number, to: number) => Seconds,
  timeZone: string,
): readonly Episode[] {
  let worked: Seconds = { business: 0, calendar: 0 };
  let isWorkKnown = !created.isDay;
  let earliest = created.at;
  return stays.map((stay, n) => {
    const { began, ended, assignee, leftAt } = stay;
    const from = n === 0 ? created.at : Math.max(stay.from, earliest);
    if (ended === null) return { ...LASTING, from, began };
    let end = endOf(stay);
    const hasNoEnd = end === null;
    end ??= { at: leftAt, isDay: false };
    // A time before the reopening is about the solving before it.
    if (n > 0 && isBefore(end, from, timeZone)) end = { at: leftAt, isDay: false };
    const isImpossible = isBefore(end, from, timeZone);
    const to = Math.max(end.at, from);
    earliest = to;
    let here = between(from, to);
    for (const pause of stay.pauses) {
      const start = Math.min(Math.max(pause.from, from), to);
      const lost = between(start, Math.min(pause.to ?? to, to));
      here = { business: here.business - lost.business, calendar: here.calendar - lost.calendar };
    }
    worked = { business: worked.business + here.business, calendar: worked.calendar + here.calendar };
    isWorkKnown &&= !end.isDay && !hasNoEnd;
    const hasLength = !created.isDay && !end.isDay && !isImpossible && !hasNoEnd;
    return {
      from,
      began,
      to,
      ended,
      endsOnDay: end.isDay,
      isImpossible,
      hasNoEnd,
      assignee,
      full: hasLength ? between(created.at, to) : null,
      net: hasLength && isWorkKnown ? worked : null,
      closing: closingTime(closingOf(stay), n === 0 ? null : from, created, between, timeZone),
    };
  });
}

/** The time to a closing. One typed for a later stay that lies before it is about the closing before, and is none here. */
function closingTime(
  closing: Moment | null,
  reopenedAt: number | null,
  created: Moment,
  between: (from: number, to: number) => Seconds,
  timeZone: string,
): Episode['closing'] {
  if (closing === null || (reopenedAt !== null && isBefore(closing, reopenedAt, timeZone))) return null;
  const isImpossible = isBefore(closing, created.at, timeZone);
  const hasLength = !created.isDay && !closing.isDay && !isImpossible;
  return {
    at: closing.at,
    isOnDay: closing.isDay,
    took: hasLength ? between(created.at, closing.at) : null,
  };
}

const LASTING = {
  to: null,
  ended: null,
  endsOnDay: false,
  isImpossible: false,
  hasNoEnd: false,
  assignee: null,
  full: null,
  net: null,
  closing: null,
} as const;

/** What people said to the customer until it was first solved. When nobody noted the time, it is taken to be before. */
function contactsUntil(contacts: readonly HistoryContact[], solved: Episode | undefined, timeZone: string): number {
  if (solved === undefined) return 0;
  const last = solved.endsOnDay ? dayAfter(solved.to!, timeZone) - 1 : solved.to!;
  return contacts.filter(({ kind, at }) => isAnswer(kind) && (at === null || at <= last)).length;
}

/** In order, those without a time left out. */
function timed(contacts: readonly HistoryContact[]): readonly (HistoryContact & { readonly at: number })[] {
  return contacts
    .flatMap((contact) => (contact.at === null ? [] : [{ ...contact, at: contact.at }]))
    .toSorted((a, b) => a.at - b.at);
}

function responseOf(
  { contacts }: TicketHistory,
  walk: Walk,
  created: Moment,
  between: (from: number, to: number) => Seconds,
  timeZone: string,
): TicketFacts['response'] {
  const typed = walk.responded;
  const answers = timed(contacts).filter(({ kind }) => isAnswer(kind));
  const said = answers.find(({ at, isDay = false }) => !isBefore({ at, isDay }, created.at, timeZone));
  const isTyped = typed !== null && !isBefore(typed, created.at, timeZone);
  // A typed time before the creation is only good enough to say that somebody answered.
  const found: Moment | null = isTyped
    ? typed
    : said === undefined
      ? typed
      : { at: said.at, isDay: said.isDay ?? false };
  if (found === null) return null;
  const { at } = found;
  const isImpossible = !isTyped && said === undefined;
  const isOnDay = found.isDay || created.isDay;
  const person =
    mainName(answers.find((each) => each.at === at)?.person) ??
    walk.assignees.findLast((each) => each.at <= at && each.name !== null)?.name ??
    walk.assignees.find(({ name }) => name !== null)?.name ??
    mainName(walk.values.accepted_by);
  const took = isOnDay || isImpossible ? { business: 0, calendar: 0 } : between(created.at, at);
  return { at, isOnDay, isImpossible, person, ...took };
}

/** Messages of the customer after the first response, each with the next answer: several in a row wait since the oldest. */
function repliesOf(
  contacts: readonly HistoryContact[],
  response: TicketFacts['response'],
  between: (from: number, to: number) => Seconds,
  timeZone: string,
): readonly Reply[] {
  if (response === null) return [];
  const begin = response.isOnDay ? dayAfter(response.at, timeZone) : response.at;
  const replies: Reply[] = [];
  let waiting: Moment | null = null;
  for (const { at, kind, person, isDay = false } of timed(contacts)) {
    if (at < begin) continue;
    if (kind === 'customer') waiting ??= { at, isDay };
    else if (isAnswer(kind) && waiting !== null) {
      const took = waiting.isDay || isDay ? null : between(waiting.at, at);
      replies.push({ since: waiting.at, at, person: mainName(person), took });
      waiting = null;
    }
  }
  return replies;
}

function lastOf(instants: readonly (number | null)[]): number | null {
  return instants.reduce((last, at) => (at !== null && (last === null || at > last) ? at : last), null);
}

function textOf(value: FieldValue | undefined): string | null {
  if (value === null || value === undefined || value === '') return null;
  return typeof value === 'string' ? value : String(value);
}

/** The first of several people: the others help. */
function mainName(value: FieldValue | undefined): string | null {
  return textOf(value)?.split('、')[0] || null;
}
