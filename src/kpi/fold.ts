/**
 * From a ticket's history to its facts. Pure, and only ever the whole history: facts that were folded ticket by ticket
 * as things happened and facts of a rebuild are the same.
 *
 * Times: what a person typed (创建时间, 首次响应时间, 解决时间, 关闭时间) wins over the moment it was typed at. A day without
 * a time has no durations. Definitions follow the KPI reference: a first response is what a person of the team said to
 * the customer; the full time to solve ends at the last solving, not at a closing that came by itself days later.
 */
import { alwaysOpen } from '../model/calendar.ts';
import { isAnswer } from '../model/contact.ts';
import type { FieldValue } from '../model/field.ts';
import type { CalendarRef, Calendars } from '../model/sla.ts';
import { type StatusCategory, statusCategory } from '../model/status.ts';
import { instantOf as wallInstant } from '../model/wall-clock.ts';
import type { Episode, Rating, Reply, Seconds, Stage, TicketFacts } from './facts.ts';
import type { HistoryContact, HistoryStep, TicketHistory } from './history.ts';
import { promisesOf } from './promises.ts';

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
  const calendar = world.calendars(history.clocks?.calendar ?? world.calendar);
  const walk = walkSteps(history, world);
  const { values } = walk;
  const created = momentOf(values.created_at, world.timeZone) ?? { at: first.at, isDay: false };
  const answers = history.contacts
    .filter(({ kind, at }) => isAnswer(kind) && at !== null)
    .toSorted((a, b) => a.at! - b.at!);
  const stays = walk.stays.map((stay, n) => ({ ...stay, from: n === 0 ? created.at : stay.from }));
  const between = (from: number, to: number): Seconds => ({
    business: calendar.elapsed(from, to),
    calendar: alwaysOpen.elapsed(from, to),
  });
  const episodes = episodesOf(stays, created, between);
  const firstEnd = episodes.find(({ ended }) => ended === 'resolved')?.to ?? null;
  const response = responseOf(history, walk, answers, created, between, world.timeZone);
  const due = momentOf(values.due_at, world.timeZone);
  return {
    id: history.id,
    createdAt: created.at,
    createdOnDay: created.isDay,
    isBackfilled: first.at - created.at > DAY_MS,
    category: walk.category,
    categorySince: walk.stays.length === 1 && walk.since === first.at ? created.at : walk.since,
    isDeleted: walk.isDeleted,
    hasNoEnd: walk.hasNoEnd,
    reached: walk.reached,
    dueAt: due === null ? null : due.isDay ? due.at + DAY_MS - 1000 : due.at,
    response,
    contactsToSolve: answers.filter(({ at }) => firstEnd !== null && at! <= firstEnd).length,
    lastContactAt: lastOf([...history.contacts.map(({ at }) => at), response?.at ?? null]),
    episodes,
    ratings: walk.ratings,
    promises: history.clocks === null ? [] : promisesOf(history.clocks, world.calendars),
    replies: repliesOf(history.contacts, response?.at ?? null, between),
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

/** A stay in the backlog as it is walked through. */
interface Stay {
  readonly from: number;
  readonly began: Episode['began'];
  to: number | null;
  ended: Episode['ended'];
  endsOnDay: boolean;
  assignee: string | null;
  closedAt: number | null;
  readonly pauses: { readonly from: number; to: number | null }[];
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
  hasNoEnd: boolean;
  reached: Stage;
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

function isSolved(category: StatusCategory): boolean {
  return category === 'resolved' || category === 'closed';
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
    hasNoEnd: false,
    reached: 0,
  };
  for (const [n, step] of steps.entries()) {
    Object.assign(walk.values, step.values);
    if ('assignee' in step.values) walk.assignees.push({ at: step.at, name: mainName(step.values.assignee) });
    if (step.kind === 'delete' || step.kind === 'restore') walk.isDeleted = step.kind === 'delete';
    const said = statusCategory(String(walk.values.status ?? ''));
    // A status nobody knows keeps the meaning of the one before.
    const category = said ?? (textOf(walk.values.status) === null ? 'new' : walk.category);
    move(walk, step, category, pausing, n === 0, world.timeZone);
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
  const before = isFirst ? null : walk.category;
  const stays = walk.stays;
  if (isFirst) stays.push(stayFrom(at, 'created'));
  const isHere = isBacklog(category) && !walk.isDeleted;
  const last = stays.at(-1)!;
  const solvedAt = momentOf(step.values.resolved_at, timeZone);
  const closedAt = momentOf(step.values.closed_at, timeZone);
  if (last.ended === null) {
    if (!isHere) {
      const typed = solvedAt ?? closedAt;
      end(last, typed ?? { at, isDay: false }, endingOf(category, walk.isDeleted), mainName(walk.values.assignee));
      walk.hasNoEnd = isFirst && isSolved(category) && typed === null;
    }
  } else if (isHere) stays.push(stayFrom(at, last.ended === 'resolved' ? 'reopened' : 'restored'));
  else if (last.ended === 'resolved' && solvedAt !== null) {
    // Corrected afterwards, or filled in for an old row.
    last.to = solvedAt.at;
    last.endsOnDay = solvedAt.isDay;
    walk.hasNoEnd = false;
  }
  const stay = stays.at(-1)!;
  if (stay.ended === null) {
    const open = stay.pauses.at(-1);
    const isPaused = open !== undefined && open.to === null;
    if (pausing.includes(category) && !isPaused) stay.pauses.push({ from: at, to: null });
    else if (!pausing.includes(category) && isPaused) open.to = at;
  } else if (stay.ended === 'resolved') {
    if (closedAt !== null) stay.closedAt = closedAt.at;
    else if (category === 'closed' && before !== 'closed') stay.closedAt ??= isFirst ? stay.to : at;
  }
  if (category !== before) walk.since = at;
  walk.category = category;
  walk.reached = Math.max(walk.reached, STAGES[category]) as Stage;
}

function stayFrom(from: number, began: Episode['began']): Stay {
  return { from, began, to: null, ended: null, endsOnDay: false, assignee: null, closedAt: null, pauses: [] };
}

function end(stay: Stay, { at, isDay }: Moment, ended: Episode['ended'], assignee: string | null): void {
  stay.to = at;
  stay.endsOnDay = isDay;
  stay.ended = ended;
  stay.assignee = assignee;
}

function endingOf(category: StatusCategory, isDeleted: boolean): Episode['ended'] {
  if (isDeleted) return 'deleted';
  return category === 'cancelled' || category === 'merged' ? category : 'resolved';
}

/** A rating; clearing the cell takes back what was said. Of an old row it dates from the day it was closed. */
function rate(walk: Walk, step: HistoryStep, isFirst: boolean): void {
  if (!('csat' in step.values)) return;
  const score = step.values.csat;
  if (typeof score !== 'number') {
    if (score === null) walk.ratings.length = 0;
    return;
  }
  const last = walk.stays.findLast(({ ended }) => ended === 'resolved');
  const at = isFirst ? (last?.closedAt ?? last?.to ?? step.at) : step.at;
  walk.ratings.push({ at, score, assignee: last?.assignee ?? mainName(walk.values.assignee) });
}

function episodesOf(
  stays: readonly Stay[],
  created: Moment,
  between: (from: number, to: number) => Seconds,
): readonly Episode[] {
  let worked: Seconds = { business: 0, calendar: 0 };
  return stays.map((stay) => {
    const { from, began, ended, endsOnDay, assignee } = stay;
    const isImpossible = stay.to !== null && stay.to < (endsOnDay ? dayStart(from) : from);
    const to = stay.to === null ? null : Math.max(stay.to, from);
    if (to === null) return { ...EMPTY, from, began };
    const hasLength = !created.isDay && !endsOnDay && !isImpossible;
    let here = between(from, to);
    for (const pause of stay.pauses) {
      const start = Math.min(Math.max(pause.from, from), to);
      const lost = between(start, Math.min(pause.to ?? to, to));
      here = { business: here.business - lost.business, calendar: here.calendar - lost.calendar };
    }
    worked = { business: worked.business + here.business, calendar: worked.calendar + here.calendar };
    const { closedAt } = stay;
    return {
      from,
      began,
      to,
      ended,
      endsOnDay,
      isImpossible,
      assignee,
      full: hasLength ? between(created.at, to) : null,
      net: hasLength ? worked : null,
      closing:
        closedAt === null || closedAt < from || !hasLength ? null : { at: closedAt, ...between(created.at, closedAt) },
    };
  });
}

const EMPTY = {
  to: null,
  ended: null,
  endsOnDay: false,
  isImpossible: false,
  assignee: null,
  full: null,
  net: null,
  closing: null,
} as const;

/** A day may lie up to a day before the moment something happened on it. */
function dayStart(at: number): number {
  return at - DAY_MS;
}

function responseOf(
  { contacts }: TicketHistory,
  walk: Walk,
  answers: readonly HistoryContact[],
  created: Moment,
  between: (from: number, to: number) => Seconds,
  timeZone: string,
): TicketFacts['response'] {
  const typed = momentOf(walk.values.first_response_at, timeZone);
  const said = answers.find(({ at }) => at! >= created.at);
  const isTyped = typed !== null && typed.at >= (typed.isDay ? dayStart(created.at) : created.at);
  const at = isTyped ? typed.at : said?.at;
  if (at === undefined || at === null) return null;
  const isOnDay = (isTyped && typed.isDay) || created.isDay;
  const byContact = contacts.find((contact) => isAnswer(contact.kind) && contact.at === at)?.person ?? null;
  const person =
    byContact ??
    walk.assignees.findLast((each) => each.at <= at && each.name !== null)?.name ??
    walk.assignees.find(({ name }) => name !== null)?.name ??
    mainName(walk.values.accepted_by);
  const took = isOnDay ? { business: 0, calendar: 0 } : between(created.at, at);
  return { at, isOnDay, person, ...took };
}

/** Messages of the customer after the first response, each with the next answer: several in a row wait since the oldest. */
function repliesOf(
  contacts: readonly HistoryContact[],
  respondedAt: number | null,
  between: (from: number, to: number) => Seconds,
): readonly Reply[] {
  if (respondedAt === null) return [];
  const replies: Reply[] = [];
  let since: number | null = null;
  for (const { at, kind, person } of contacts.filter((each) => each.at !== null).toSorted((a, b) => a.at! - b.at!)) {
    if (at! < respondedAt) continue;
    if (kind === 'customer') since ??= at;
    else if (isAnswer(kind) && since !== null) {
      replies.push({ since, at: at!, person, took: between(since, at!) });
      since = null;
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
