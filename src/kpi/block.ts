/** The facts of tickets with neighbouring ids as one piece of bytes, and back as columns that KPIs scan. Pure. */
import type { RecordId } from '../model/record.ts';
import { metrics } from '../model/sla.ts';
import { type StatusCategory, statusOptions } from '../model/status.ts';
import { type PackedRow, pack, type Tables, unpack } from './columns.ts';
import type { Episode, Promised, TicketFacts } from './facts.ts';

/** Tickets per block. The triggers of migration 0004 know it too. */
export const blockSize = 256;
/** Grows when facts or their packing change: blocks of another form are computed anew. */
export const blockForm = 3;

export function blockOf(id: RecordId): number {
  return Math.floor(id / blockSize);
}

const shapes = {
  tickets: {
    id: 'wide',
    createdAt: 'wide',
    categorySince: 'wide',
    dueAt: 'wide',
    respondedAt: 'wide',
    lastContactAt: 'wide',
    responseBusiness: 'int',
    responseCalendar: 'int',
    responder: 'name',
    contactsToSolve: 'int',
    assignee: 'name',
    team: 'name',
    customer: 'name',
    customerLevel: 'name',
    productLine: 'name',
    module: 'name',
    issueType: 'name',
    priority: 'name',
    channel: 'name',
    region: 'name',
    category: 'byte',
    reached: 'byte',
    createdOnDay: 'byte',
    respondedOnDay: 'byte',
    respondedImpossibly: 'byte',
    isBackfilled: 'byte',
    isDeleted: 'byte',
    hasNoEnd: 'byte',
  },
  /** `ticket` is the row in `tickets`, here and below; rows of one ticket stand together, in order. */
  episodes: {
    from: 'wide',
    to: 'wide',
    closedAt: 'wide',
    ticket: 'int',
    fullBusiness: 'int',
    fullCalendar: 'int',
    netBusiness: 'int',
    netCalendar: 'int',
    closingBusiness: 'int',
    closingCalendar: 'int',
    assignee: 'name',
    began: 'byte',
    ended: 'byte',
    endsOnDay: 'byte',
    closesOnDay: 'byte',
    isImpossible: 'byte',
    hasNoEnd: 'byte',
  },
  ratings: { at: 'wide', ticket: 'int', assignee: 'name', score: 'byte', isUndated: 'byte' },
  promises: { due: 'wide', endedAt: 'wide', ticket: 'int', cycle: 'int', metric: 'byte', state: 'byte' },
  replies: { since: 'wide', at: 'wide', ticket: 'int', business: 'int', calendar: 'int', person: 'name' },
} as const;

/** A block as columns: what a KPI scans. */
export type Block = Tables<typeof shapes>;

/** What the small numbers in columns of bytes mean, by place. */
export const categories: readonly StatusCategory[] = statusOptions.map(({ category }) => category);
export const beginnings: readonly Episode['began'][] = ['created', 'reopened', 'restored'];
export const endings: readonly NonNullable<Episode['ended']>[] = ['resolved', 'cancelled', 'merged', 'deleted'];
export const promiseStates: readonly Promised['state'][] = ['running', 'met', 'breached', 'waived', 'void'];

export function packBlock(facts: readonly TicketFacts[]): Uint8Array {
  const flag = (is: boolean): number => (is ? 1 : 0);
  const each = <Row>(rows: (ticket: TicketFacts, place: number) => readonly Row[]): Row[] =>
    facts.flatMap((ticket, place) => rows(ticket, place));
  return pack(shapes, {
    tickets: facts.map(
      ({
        response,
        category,
        createdOnDay,
        isBackfilled,
        isDeleted,
        hasNoEnd,
        ...ticket
      }): PackedRow<typeof shapes.tickets> => ({
        ...ticket,
        respondedAt: response?.at ?? null,
        responseBusiness: response?.business ?? null,
        responseCalendar: response?.calendar ?? null,
        responder: response?.person ?? null,
        respondedOnDay: flag(response?.isOnDay ?? false),
        respondedImpossibly: flag(response?.isImpossible ?? false),
        category: categories.indexOf(category),
        createdOnDay: flag(createdOnDay),
        isBackfilled: flag(isBackfilled),
        isDeleted: flag(isDeleted),
        hasNoEnd: flag(hasNoEnd),
      }),
    ),
    episodes: each(({ episodes }, ticket) =>
      episodes.map(({ full, net, closing, began, ended, endsOnDay, isImpossible, hasNoEnd, ...episode }) => ({
        ...episode,
        ticket,
        closedAt: closing?.at ?? null,
        fullBusiness: full?.business ?? null,
        fullCalendar: full?.calendar ?? null,
        netBusiness: net?.business ?? null,
        netCalendar: net?.calendar ?? null,
        closingBusiness: closing?.took?.business ?? null,
        closingCalendar: closing?.took?.calendar ?? null,
        began: beginnings.indexOf(began),
        ended: ended === null ? null : endings.indexOf(ended),
        endsOnDay: flag(endsOnDay),
        closesOnDay: flag(closing?.isOnDay ?? false),
        isImpossible: flag(isImpossible),
        hasNoEnd: flag(hasNoEnd),
      })),
    ),
    ratings: each(({ ratings }, ticket) =>
      ratings.map(({ isUndated, ...rating }) => ({ ...rating, ticket, isUndated: flag(isUndated) })),
    ),
    promises: each(({ promises }, ticket) =>
      promises.map(({ metric, state, ...promise }) => ({
        ...promise,
        ticket,
        metric: metrics.indexOf(metric),
        state: promiseStates.indexOf(state),
      })),
    ),
    replies: each(({ replies }, ticket) =>
      replies.map(({ took, ...reply }) => ({
        ...reply,
        business: took?.business ?? null,
        calendar: took?.calendar ?? null,
        ticket,
      })),
    ),
  });
}

/** `codeOf` gives the number all blocks share for a name. */
export function unpackBlock(body: Uint8Array, codeOf: (name: string) => number): Block {
  return unpack(shapes, body, codeOf);
}
