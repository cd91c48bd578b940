/**
 * Which status may follow which, and what a change of status brings with it. Pure: an attempt in, plain data out. What is
 * typed into a sheet is an attempt like any other; `lenient` finds a legal way to it, `strict` refuses what is not one move.
 */
import type { FieldValue } from './field.ts';
import type { StatusCategory } from './status.ts';

/**
 * What a single move is. `skip` leaves out stages; `reopen` of a closed ticket only in its window; `admin` is for
 * administrators: taking back, and merging what is closed. Null: no such move.
 */
export type MoveKind = 'move' | 'skip' | 'reopen' | 'admin' | null;

type Stage = Exclude<StatusCategory, 'wait_customer' | 'wait_third'> | 'wait';
type Row = Readonly<Partial<Record<Stage, Exclude<MoveKind, null>>>>;

const moves: Readonly<Record<Stage, Row>> = {
  new: { open: 'move', wait: 'move', resolved: 'skip', closed: 'skip', cancelled: 'move', merged: 'move' },
  open: { new: 'admin', wait: 'move', resolved: 'move', closed: 'skip', cancelled: 'move', merged: 'move' },
  wait: { open: 'move', wait: 'move', resolved: 'move', closed: 'skip', cancelled: 'move', merged: 'move' },
  resolved: { open: 'reopen', wait: 'reopen', closed: 'move', merged: 'move' },
  closed: { open: 'reopen', merged: 'admin' },
  cancelled: { new: 'admin', open: 'admin' },
  merged: { new: 'admin', open: 'admin' },
};

function stageOf(category: StatusCategory): Stage {
  return category === 'wait_customer' || category === 'wait_third' ? 'wait' : category;
}

/** The kind of a single move between different categories, guards aside. */
export function moveKind(from: StatusCategory, to: StatusCategory): MoveKind {
  return from === to ? null : (moves[stageOf(from)][stageOf(to)] ?? null);
}

export interface LifecycleRules {
  readonly mode: 'lenient' | 'strict';
  /** What must be filled in: solution and assignee to resolve, a reason to close what was not resolved, the other ticket to merge. */
  readonly guards: { readonly resolve: boolean; readonly close: boolean; readonly merge: boolean };
  /** Days after closing in which a ticket can be opened again. */
  readonly reopenDays: number;
  /** Days without a word of the customer after which a resolved ticket closes itself; null: never. */
  readonly autoCloseDays: number | null;
}

export const lifecycleDefaults: LifecycleRules = {
  mode: 'lenient',
  guards: { resolve: true, close: true, merge: true },
  reopenDays: 7,
  autoCloseDays: 3,
};

/** What a move looks at, with whatever came in the same edit already in it. Instants are ISO 8601 in UTC. */
export interface LifecycleTicket {
  readonly category: StatusCategory;
  readonly assignee: string | null;
  readonly solution: string | null;
  readonly closeReason: string | null;
  readonly mergedInto: string | null;
  readonly resolvedAt: string | null;
  readonly closedAt: string | null;
  readonly reopenCount: number;
}

export interface MoveAttempt {
  /** Null: a status text nobody has mapped to a category. */
  readonly to: StatusCategory | null;
  /** What was typed or picked. */
  readonly text: string;
  /** ISO 8601 in UTC. */
  readonly at: string;
  readonly isAdmin: boolean;
}

/** Why an attempt was refused, or not taken as it was; a key of the message catalogue after `lifecycle.`. */
export type LifecycleReason =
  | 'unknown-status'
  | 'no-such-move'
  | 'only-admin'
  | 'window-over'
  | 'not-new-again'
  | 'guard-solution'
  | 'guard-assignee'
  | 'guard-close-reason'
  | 'guard-merge-target'
  | 'skipped'
  | 'by-way-of';

export interface LifecycleNote {
  readonly reason: LifecycleReason;
  readonly params: Readonly<Record<string, string | number>>;
}

export type LifecycleEvent =
  | { readonly kind: 'status'; readonly from: StatusCategory; readonly to: StatusCategory }
  | { readonly kind: 'reopened' | 'resolved' | 'closed' | 'cancelled' | 'merged' | 'restored' };

/** The answer to an attempt. `attempted`, `applied` and `notes` are what the log keeps. */
export interface MoveResult {
  readonly attempted: StatusCategory | null;
  readonly applied: StatusCategory;
  /** False: nothing changes and the old value goes back into the cell. */
  readonly isAccepted: boolean;
  /** Categories gone through, the last is `applied`; empty when refused or already there. */
  readonly path: readonly StatusCategory[];
  /** Stages that were left out. */
  readonly skippedStates: readonly StatusCategory[];
  /** Fields to set beside the status, by key. */
  readonly fields: Readonly<Record<string, FieldValue>>;
  readonly events: readonly LifecycleEvent[];
  /** What the person is told in the cell, the refusal first. */
  readonly notes: readonly LifecycleNote[];
  /** The ticket is closed for good: what the customer wants now is a new ticket that follows it. */
  readonly needsFollowUp: boolean;
}

const DAY_MS = 86_400_000;

/** Whether a closed ticket may still be opened again. A ticket without a closing time may. */
export function isInReopenWindow(closedAt: string | null, at: string, { reopenDays }: LifecycleRules): boolean {
  return closedAt === null || Date.parse(at) <= Date.parse(closedAt) + reopenDays * DAY_MS;
}

/** When a resolved ticket closes itself; null when the customer spoke since, when it is not resolved, or never. */
export function autoCloseAt(
  ticket: Pick<LifecycleTicket, 'category' | 'resolvedAt'>,
  lastCustomerAt: string | null,
  { autoCloseDays }: LifecycleRules,
): string | null {
  if (ticket.category !== 'resolved' || ticket.resolvedAt === null || autoCloseDays === null) return null;
  if (lastCustomerAt !== null && Date.parse(lastCustomerAt) > Date.parse(ticket.resolvedAt)) return null;
  return new Date(Date.parse(ticket.resolvedAt) + autoCloseDays * DAY_MS).toISOString();
}

/** Decides an attempt to change the status. Never throws; a status the ticket has already is accepted and changes nothing. */
export function attemptMove(ticket: LifecycleTicket, attempt: MoveAttempt, rules: LifecycleRules): MoveResult {
  const { to, text } = attempt;
  if (to === null) return refused(ticket, attempt, [{ reason: 'unknown-status', params: { text } }]);
  if (to === ticket.category) return { ...refused(ticket, attempt, []), isAccepted: true };

  const isOpenable = isInReopenWindow(ticket.closedAt, attempt.at, rules);
  const mayGo = (from: StatusCategory, next: StatusCategory): boolean => {
    const kind = moveKind(from, next);
    if (kind === null || (kind === 'admin' && !attempt.isAdmin)) return false;
    return kind !== 'reopen' || from !== 'closed' || isOpenable;
  };
  const isStrict = rules.mode === 'strict';
  const isDirect = mayGo(ticket.category, to);
  // A ticket that was taken up is not new again: people who type so mean that work goes on.
  const goal = !isDirect && !isStrict && to === 'new' ? 'open' : to;
  const path = isDirect ? [to] : isStrict ? null : shortestPath(ticket.category, goal, mayGo);
  if (path === null) return refused(ticket, attempt, [refusal(ticket, attempt, goal, rules)], !isOpenable);

  const guards = guardNotes(ticket, path, rules);
  if (isStrict && guards.length > 0) return refused(ticket, attempt, guards);
  const skippedStates = skippedOn(ticket.category, path);
  const notes: LifecycleNote[] = [...guards];
  if (goal !== to) notes.push({ reason: 'not-new-again', params: { text } });
  if (path.length > 1) notes.push({ reason: 'by-way-of', params: { path: path.slice(0, -1).join() } });
  if (skippedStates.length > 0) notes.push({ reason: 'skipped', params: { states: skippedStates.join() } });
  return {
    attempted: to,
    applied: goal,
    isAccepted: true,
    path,
    skippedStates,
    ...consequences(ticket, path, attempt.at),
    notes,
    needsFollowUp: false,
  };
}

function refused(
  { category }: LifecycleTicket,
  { to }: MoveAttempt,
  notes: readonly LifecycleNote[],
  needsFollowUp = false,
): MoveResult {
  return {
    attempted: to,
    applied: category,
    isAccepted: false,
    path: [],
    skippedStates: [],
    fields: {},
    events: [],
    notes,
    needsFollowUp: needsFollowUp && category === 'closed',
  };
}

function refusal(
  ticket: LifecycleTicket,
  attempt: MoveAttempt,
  goal: StatusCategory,
  rules: LifecycleRules,
): LifecycleNote {
  const params = { from: ticket.category, to: attempt.to ?? '', days: rules.reopenDays };
  if (ticket.category === 'closed' && goal !== 'merged' && !isInReopenWindow(ticket.closedAt, attempt.at, rules)) {
    return { reason: 'window-over', params };
  }
  const canReach = (isAdmin: boolean): boolean =>
    shortestPath(ticket.category, goal, (from, to) => {
      const kind = moveKind(from, to);
      return kind !== null && (isAdmin || kind !== 'admin');
    }) !== null;
  return { reason: canReach(true) && !canReach(false) && !attempt.isAdmin ? 'only-admin' : 'no-such-move', params };
}

/** Plain moves and reopenings only on the way: nobody who types one status wants to pass through an ended one. */
const stations: readonly StatusCategory[] = ['open', 'resolved'];

function shortestPath(
  from: StatusCategory,
  to: StatusCategory,
  mayGo: (from: StatusCategory, to: StatusCategory) => boolean,
): readonly StatusCategory[] | null {
  if (from === to) return [];
  if (mayGo(from, to)) return [to];
  let paths: readonly (readonly StatusCategory[])[] = [[]];
  for (let length = 0; length < stations.length; length++) {
    paths = paths.flatMap((path) =>
      stations
        .filter((station) => !path.includes(station) && mayGo(path.at(-1) ?? from, station))
        .map((station) => [...path, station]),
    );
    const found = paths.find((path) => mayGo(path.at(-1) ?? from, to));
    if (found !== undefined) return [...found, to];
  }
  return null;
}

function guardNotes(
  ticket: LifecycleTicket,
  path: readonly StatusCategory[],
  { guards }: LifecycleRules,
): readonly LifecycleNote[] {
  const notes: LifecycleNote[] = [];
  const isBlank = (text: string | null): boolean => text === null || text.trim() === '';
  const add = (reason: LifecycleReason): number => notes.push({ reason, params: {} });
  if (guards.resolve && path.includes('resolved')) {
    if (isBlank(ticket.solution)) add('guard-solution');
    if (isBlank(ticket.assignee)) add('guard-assignee');
  }
  const before = path.at(-2) ?? ticket.category;
  if (guards.close && path.at(-1) === 'closed' && before !== 'resolved' && isBlank(ticket.closeReason)) {
    add('guard-close-reason');
  }
  if (guards.merge && path.includes('merged') && isBlank(ticket.mergedInto)) add('guard-merge-target');
  return notes;
}

function skippedOn(start: StatusCategory, path: readonly StatusCategory[]): readonly StatusCategory[] {
  const skipped: StatusCategory[] = [];
  for (const [n, to] of path.entries()) {
    const from = path[n - 1] ?? start;
    if (moveKind(from, to) !== 'skip') continue;
    if (from === 'new') skipped.push('open');
    if (to === 'closed') skipped.push('resolved');
  }
  return skipped;
}

/** Times that a stage leaves behind, and what happened on the way. A time a person typed is kept. */
function consequences(
  ticket: LifecycleTicket,
  path: readonly StatusCategory[],
  at: string,
): Pick<MoveResult, 'fields' | 'events'> {
  const fields: Record<string, FieldValue> = {};
  const events: LifecycleEvent[] = [];
  let { resolvedAt, closedAt, reopenCount } = ticket;
  let from = ticket.category;
  for (const to of path) {
    events.push({ kind: 'status', from, to });
    const kind = moveKind(from, to);
    if (kind === 'reopen') {
      events.push({ kind: 'reopened' });
      reopenCount += 1;
      [resolvedAt, closedAt] = [null, null];
    } else if (from === 'cancelled' || from === 'merged') {
      events.push({ kind: 'restored' });
      [resolvedAt, closedAt] = [null, null];
    }
    if (to === 'resolved' || (to === 'closed' && from !== 'resolved')) {
      events.push({ kind: 'resolved' });
      resolvedAt ??= at;
    }
    if (to === 'closed') {
      events.push({ kind: 'closed' });
      closedAt ??= at;
    }
    if (to === 'cancelled' || to === 'merged') events.push({ kind: to });
    from = to;
  }
  if (resolvedAt !== ticket.resolvedAt) fields.resolved_at = resolvedAt;
  if (closedAt !== ticket.closedAt) fields.closed_at = closedAt;
  if (reopenCount !== ticket.reopenCount) fields.reopen_count = reopenCount;
  return { fields, events };
}
