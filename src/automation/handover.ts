/**
 * When somebody's leave starts, the running tickets of theirs that fall due before they are back go to who stands in: once
 * for each leave, also when it was typed after it began or nothing ran when it did. A leave is a timer that belongs to no
 * ticket; what is handed over is decided by `rules/assign`. A ticket that was paused when the leave began is looked at when
 * it goes on. Pure.
 */
import { type Handover, handOver } from '../../rules/assign.ts';
import type { Configuration } from '../config/configuration.ts';
import type { DueTimer, TimerDraft } from '../db/timers.ts';
import { type Locale, say } from '../messages/index.ts';
import { type Leave, type Person, standIn } from '../model/directory.ts';
import type { FieldValue } from '../model/field.ts';
import type { KeptRecord, RecordId } from '../model/record.ts';
import { statusCategory } from '../model/status.ts';
import { wallText } from '../model/wall-clock.ts';
import { dueOf } from './clocks.ts';
import { isLead } from './crew.ts';
import { type Trigger, valuesBefore } from './trigger.ts';
import type { AnswerWorld } from './world.ts';

/** Where the timers of leaves are kept. */
export const leaveTable = 'people';
const kind = 'leave';

/** Somebody's leave that has begun and is not over. */
export interface Absence {
  readonly person: Person;
  readonly leave: Leave;
}

/** The timers of leaves that are not over: one goes off when its leave starts, or at once when that is past. */
export function leaveTimers({ directory }: Configuration, now: Date): readonly TimerDraft[] {
  return directory.people.flatMap(({ name, active, leaves }) =>
    (active ? leaves : [])
      .filter(({ to }) => Date.parse(to) > now.getTime())
      .map((leave): TimerDraft => {
        const key = `${name}|${leave.from}|${leave.to}`;
        return { table: leaveTable, recordId: 0, kind, key, dueAt: leave.from, payload: { name, ...leave } };
      }),
  );
}

/** True for the timer of a leave. */
export function isLeave({ table }: Pick<DueTimer, 'table'>): boolean {
  return table === leaveTable;
}

/** Who is away by a timer that went off; null when the leave was taken back, or is over by now. */
export function absenceOf({ payload }: DueTimer, { configuration, now }: AnswerWorld): Absence | null {
  const { name, from, to } = payload as Leave & { readonly name: string };
  const person = configuration.directory.find(name);
  const leave = person?.leaves.find((each) => each.from === from && each.to === to);
  if (person === undefined || leave === undefined || Date.parse(to) <= now.getTime()) return null;
  return { person, leave };
}

/** Who is away now. */
export function absencesNow({ configuration: { directory }, now }: AnswerWorld): readonly Absence[] {
  const at = now.getTime();
  return directory.people.flatMap((person) => {
    const leave = person.active
      ? person.leaves.find(({ from, to }) => Date.parse(from) <= at && at < Date.parse(to))
      : null;
    return leave == null ? [] : [{ person, leave }];
  });
}

/** True when a ticket was paused before what it is looked at for. */
export function wasPaused({ values }: Pick<KeptRecord, 'values'>, trigger: Trigger): boolean {
  const { status } = trigger.kind === 'changed' ? valuesBefore(values, trigger.changes) : values;
  const category = statusCategory(String(status ?? ''));
  return category === 'wait_customer' || category === 'wait_third';
}

/** Those of some tickets that the absent person has to work on now. */
export function runningOf(
  { person }: Absence,
  records: Iterable<KeptRecord>,
  { configuration: { directory } }: AnswerWorld,
): readonly KeptRecord[] {
  return [...records].filter(({ values: { assignee, status }, deletedAt }) => {
    const category = statusCategory(String(status ?? ''));
    const isRunning = deletedAt === null && (category === 'new' || category === 'open');
    return isRunning && directory.find(String(assignee ?? '').split('、')[0]!) === person;
  });
}

/** Why each of the absent person's tickets is looked at; one that is not due before they are back stays. */
export function handoverTriggers(
  { person, leave }: Absence,
  records: Iterable<KeptRecord>,
  { configuration: { directory }, timeZone, now }: AnswerWorld,
): ReadonlyMap<RecordId, Trigger> {
  const tickets = [...records].map(({ id, values }) => ({ ticket: String(id), due: dueOf(values.due_at, timeZone) }));
  const handovers = handOver(person, leave, tickets, leadFor(person, directory, now), {
    directory,
    now: now.getTime(),
  });
  return new Map(
    handovers.map((handover): [RecordId, Trigger] => [
      Number(handover.ticket),
      { kind: 'handover', name: person.name, leave, handover },
    ]),
  );
}

/** The first lead of the person's groups who is there, or whose substitute is. */
function leadFor({ name, teams }: Person, directory: Configuration['directory'], now: Date): string | null {
  const leads = directory.people.filter(
    (each) => each.name !== name && isLead(each) && teams.some((team) => directory.inGroup(each.name, team)),
  );
  const there = leads.find((lead) => {
    const { person } = standIn(lead, now.getTime(), directory);
    return person !== null && person.name !== name;
  });
  return there?.name ?? null;
}

/** The people of a ticket after it was handed over: who stands in takes the place of the one in charge. */
export function assigneesAfter(assignee: FieldValue | undefined, { to }: Handover): string {
  const [, ...others] = String(assignee ?? '').split('、');
  return [to!, ...others.filter((name) => name !== to)].join('、');
}

/** What `explain` tells of it; the first line says it all. */
export function handoverLines(
  { name, leave, handover: { to, chain, isCycle } }: Extract<Trigger, { kind: 'handover' }>,
  timeZone: string,
  locale: Locale,
): readonly string[] {
  const shown = (iso: string): string => wallText(Date.parse(iso), timeZone);
  const params = { name, from: shown(leave.from), until: shown(leave.to), person: to ?? '' };
  return [
    say(locale, to === null ? 'assign.handover-nobody' : 'assign.handover', params),
    ...(chain.length > 1 ? [say(locale, 'assign.stand-ins', { chain: chain.join(' → ') })] : []),
    ...(isCycle ? [say(locale, 'assign.handover-cycle')] : []),
  ];
}
