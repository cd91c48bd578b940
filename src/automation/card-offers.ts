/**
 * What somebody can decide about a ticket by a button, and what the decision changes. Pure: a ticket, a person and the
 * configuration in, an edit or a reason out. Accepting and handing over are the assignee's, or anybody's while there is
 * none; approving is the approver's, or his who stands in for him. The lifecycle and the rules answer the edit as they
 * answer one typed into a sheet.
 */
import type { Values } from '../../rules/scope.ts';
import type { Configuration } from '../config/configuration.ts';
import type { Locale } from '../messages/index.ts';
import { approvalKey, approvalOf, approvalValue, approverKey } from '../model/approval.ts';
import { type Decision, decisions } from '../model/card.ts';
import { isAway, type Person, standIn } from '../model/directory.ts';
import type { FieldValue } from '../model/field.ts';
import { type StatusCategory, statusCategory } from '../model/status.ts';
import { categoryLabel } from './status.ts';

export interface OfferWorld {
  readonly configuration: Pick<Configuration, 'fields' | 'directory'>;
  readonly locale: Locale;
  /** Milliseconds since 1970 in UTC. */
  readonly now: number;
}

/** `over`: the ticket is past the question. `refused`: it is not this person's to decide, or not so; `code` of the catalogue. */
export type OfferVerdict =
  | { readonly is: 'edit'; readonly values: Readonly<Record<string, FieldValue>>; readonly to: string | null }
  | { readonly is: 'over' }
  | { readonly is: 'refused'; readonly code: string; readonly params: Readonly<Record<string, string>> };

/** Colleagues one is offered to hand over to; a longer list helps nobody on a phone. */
const mostColleagues = 50;

/** What a card offers its reader; null for a chat, where whoever presses is asked for his name then. */
export function offersOf(values: Values, reader: Person | null, world: OfferWorld): readonly Decision[] {
  return decisions.filter((decision) => {
    if (!isAsked(decision, values, world)) return false;
    // A list of colleagues is somebody's own.
    if (reader === null) return decision !== 'hand-over';
    return whyNot(decision, values, reader, world) === null;
  });
}

/** What a person's decision changes. `picked`: the name he picked from a list. */
export function decide(
  decision: Decision,
  values: Values,
  person: Person,
  picked: string | null,
  world: OfferWorld,
): OfferVerdict {
  if (!isAsked(decision, values, world)) return { is: 'over' };
  const refusal = whyNot(decision, values, person, world);
  if (refusal !== null) return refusal;
  const { configuration, locale } = world;
  switch (decision) {
    case 'accept': {
      const isBlank = (key: string): boolean => (values[key] ?? null) === null;
      return edit({
        status: categoryLabel('open', locale),
        ...(isBlank('assignee') ? { assignee: person.name } : {}),
        ...(isBlank('accepted_by') ? { accepted_by: person.name } : {}),
      });
    }
    case 'approve':
    case 'reject': {
      const field = approvalField(configuration)!;
      const approval = decision === 'approve' ? 'approved' : 'rejected';
      return edit({ [approvalKey]: approvalValue(field, approval, locale) });
    }
    case 'hand-over': {
      const to = picked === null ? undefined : configuration.directory.find(picked);
      if (to === undefined || !colleagues(values, world).includes(to)) {
        return { is: 'refused', code: 'feishu-card-not-available', params: { name: picked ?? '' } };
      }
      const names = namesOf(values.assignee).map((name) => (isPerson(name, person, world) ? to.name : name));
      return edit({ assignee: [...new Set(names)].join('、') }, to.name);
    }
  }
}

/** Who a ticket can be handed to: those who are there, people of the assignee's own teams first. */
export function colleagues(values: Values, { configuration, now }: OfferWorld): readonly Person[] {
  const { directory } = configuration;
  const has = namesOf(values.assignee).map((name) => directory.find(name));
  const teams = new Set(has.flatMap((person) => person?.teams ?? []));
  const isNear = (person: Person): boolean => person.teams.some((team) => teams.has(team));
  const there = directory.people.filter((person) => person.active && !has.includes(person) && !isAway(person, now));
  return [...there.filter(isNear), ...there.filter((person) => !isNear(person))].slice(0, mostColleagues);
}

function edit(values: Readonly<Record<string, FieldValue>>, to: string | null = null): OfferVerdict {
  return { is: 'edit', values, to };
}

const ended: ReadonlySet<StatusCategory> = new Set(['closed', 'cancelled', 'merged']);

/** Whether the ticket stands where the question is asked, whoever is to answer it. */
export function isAsked(decision: Decision, values: Values, { configuration, locale }: OfferWorld): boolean {
  const category = statusCategory(String(values.status ?? '')) ?? 'new';
  switch (decision) {
    case 'accept':
      return category === 'new';
    case 'hand-over':
      return !ended.has(category) && category !== 'resolved' && namesOf(values.assignee).length > 0;
    case 'approve':
    case 'reject': {
      const field = approvalField(configuration);
      if (field === undefined || ended.has(category) || namesOf(values[approverKey]).length === 0) return false;
      const approval = decision === 'approve' ? 'approved' : 'rejected';
      return approvalOf(values[approvalKey]) === 'pending' && approvalValue(field, approval, locale) !== null;
    }
  }
}

function whyNot(
  decision: Decision,
  values: Values,
  person: Person,
  world: OfferWorld,
): Extract<OfferVerdict, { is: 'refused' }> | null {
  const refused = (code: string, name: string) => ({ is: 'refused', code, params: { name } }) as const;
  if (!person.active) return refused('feishu-card-inactive', person.name);
  if (decision === 'approve' || decision === 'reject') {
    const approvers = namesOf(values[approverKey]);
    const { directory } = world.configuration;
    const mayDecide = approvers.some((name) => {
      const approver = directory.find(name);
      return approver !== undefined && standIn(approver, world.now, directory).person === person;
    });
    // Who is on leave and decides all the same has looked at it himself.
    const isApprover = approvers.some((name) => isPerson(name, person, world));
    return mayDecide || isApprover ? null : refused('feishu-card-not-approver', approvers.join('、'));
  }
  const assignees = namesOf(values.assignee);
  if (assignees.length === 0 || assignees.some((name) => isPerson(name, person, world))) return null;
  return refused('feishu-card-not-yours', assignees.join('、'));
}

function approvalField({ fields }: OfferWorld['configuration']) {
  return fields.tickets?.find(({ key }) => key === approvalKey);
}

function isPerson(name: string, person: Person, { configuration }: OfferWorld): boolean {
  return configuration.directory.find(name) === person;
}

function namesOf(value: FieldValue | undefined): readonly string[] {
  return typeof value === 'string' && value !== '' ? value.split('、') : [];
}
