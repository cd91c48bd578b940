/** Whom a clock tells when it reaches a warning or a step, and in which words. Pure. */
import type { Recipient } from '../../rules/effect.ts';
import type { Values } from '../../rules/scope.ts';
import { say } from '../messages/index.ts';
import type { Directory } from '../model/directory.ts';
import { recipientsNow, type Settled, type SlaPolicy } from '../model/sla.ts';
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
