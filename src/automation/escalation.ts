/** Whom a clock tells when it reaches a warning or a step, in which words, and what else a step does. Pure. */
import type { Recipient } from '../../rules/effect.ts';
import type { Values } from '../../rules/scope.ts';
import { say } from '../messages/index.ts';
import type { Directory } from '../model/directory.ts';
import type { ChoiceOption, FieldValue } from '../model/field.ts';
import { optionLabel, optionOf } from '../model/fields/index.ts';
import { raiseOf, recipientsNow, type Settled, type SlaPolicy } from '../model/sla.ts';
import { priorityOptions } from '../model/status.ts';
import type { Telling } from './notices.ts';
import type { AnswerWorld } from './world.ts';

const ASSIGNEE = ['负责人', '处理人', 'assignee'];
const NAMED = /^(?<kind>组|小组|group|角色|role)\s*[:：]\s*/i;

/**
 * What is told of a place that was reached: a warning to who has the ticket, a step to those it names, and when none of
 * them is there any more, to the next step of the same clock that leads to somebody.
 */
export function tellingOfClock(
  { place }: Settled,
  policy: SlaPolicy | null,
  values: Values,
  { configuration, locale }: Pick<AnswerWorld, 'configuration' | 'locale'>,
): Pick<Telling, 'to' | 'title' | 'isUrgent'> {
  const own = place.step?.recipients ?? ASSIGNEE.slice(0, 1);
  const ladder = policy?.steps.filter(({ metric }) => metric === place.metric).flatMap(({ recipients }) => recipients);
  const assignee = String(values.assignee ?? '').split('、')[0]!;
  const people = recipientsNow(own, place.step === null ? [] : (ladder ?? []), (word) =>
    peopleOf(word, assignee, configuration.directory),
  );
  const what = 'percent' in place.offset ? 'automation-clock-percent' : 'automation-clock-late';
  const params = {
    metric: say(locale, `automation-metric-${place.metric}`),
    percent: 'percent' in place.offset ? place.offset.percent : 0,
    minutes: 'seconds' in place.offset ? Math.round((place.offset.seconds + place.plusSeconds) / 60) : 0,
  };
  return {
    to: people.map((name): Recipient => ({ to: 'person', name })),
    title: `${say(locale, what, params)} ${String(values.title ?? '')}`.trim(),
    isUrgent: place.step !== null,
  };
}

/** The priority as a step raises it, and where that is said. */
export interface Raise {
  readonly value: string;
  /** `SLA!3 高`: the row of the step. */
  readonly place: string;
  readonly cause: string;
}

/** What the steps reached now make of a priority; null when none of them raises it, or it is the highest already. */
export function raiseBySteps(
  fired: readonly Settled[],
  policy: SlaPolicy | null,
  priority: FieldValue | undefined,
  { configuration, locale }: Pick<AnswerWorld, 'configuration' | 'locale'>,
): Raise | null {
  const raising = fired.find(({ place }) => place.step?.actions.some((action) => raiseOf(action) !== null));
  if (raising === undefined) return null;
  const by = Math.max(...raising.place.step!.actions.map((action) => raiseOf(action) ?? 0));
  const own = configuration.fields.tickets?.find(({ key }) => key === 'priority')?.options ?? priorityOptions;
  const rankOf = (option: ChoiceOption | undefined): number =>
    priorityOptions.findIndex(({ category }) => category === option?.category);
  // A ticket nobody gave a priority is a normal one.
  const stands = rankOf(optionOf(own, String(priority ?? '')));
  const from = stands < 0 ? priorityOptions.findIndex(({ category }) => category === 'normal') : stands;
  const higher = own.find((option) => rankOf(option) === Math.max(0, from - by));
  const value = higher === undefined ? null : optionLabel(higher, locale);
  if (value === null || from === 0 || value === priority) return null;
  const row = configuration.policies.find((each) => each.policy.id === policy?.id);
  const place = row === undefined ? 'sla' : `${row.tab}!${row.row + 1} ${row.policy.id}`;
  return { value, place, cause: `sla:${raising.place.key}` };
}

/** Names of the people a word of the 升级 column means now; those who left are not among them. */
function peopleOf(word: string, assignee: string, directory: Directory): readonly string[] {
  const kind = NAMED.exec(word)?.groups?.kind?.toLowerCase();
  const name = word.replace(NAMED, '').trim();
  const active = (people: Directory['people']): readonly string[] =>
    people.filter((person) => person.active).map((person) => person.name);
  if (ASSIGNEE.includes(name.toLowerCase())) return active([directory.find(assignee) ?? []].flat());
  const isRole = kind === '角色' || kind === 'role';
  if (!isRole && directory.groups.includes(name))
    return active(directory.people.filter((person) => directory.inGroup(person.name, name)));
  if ((isRole || kind === undefined) && directory.roles.includes(name))
    return active(directory.people.filter((person) => directory.hasRole(person.name, name)));
  return active([directory.find(name) ?? []].flat());
}
