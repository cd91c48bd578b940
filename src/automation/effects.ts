/** What rules ask for, as what is to be written and told. Pure. */
import type { CompiledRules } from '../../rules/compile.ts';
import { type Effect, type Recipient, targetOf } from '../../rules/effect.ts';
import type { Values } from '../../rules/scope.ts';
import type { RecordCreation } from '../edit.ts';
import { type Locale, say } from '../messages/index.ts';
import type { FieldValue } from '../model/field.ts';
import { optionOf } from '../model/fields/index.ts';
import { priorityOptions } from '../model/status.ts';
import { tableOf } from '../model/tables.ts';
import type { Telling } from './notices.ts';

/** The fields effects write, as they will stand. */
export function writtenBy(effects: readonly Effect[], start: Values): Record<string, FieldValue> {
  const written: Record<string, FieldValue> = {};
  for (const effect of effects) {
    if (effect.do === 'set' || effect.do === 'status') written[effect.field] = effect.value;
    else if (effect.do === 'assign' && effect.person !== null) written[effect.field] = effect.person;
    else if (effect.do === 'comment' || effect.do === 'tag') {
      // Seen by the team only: the ticket's own notes.
      const text = effect.do === 'comment' ? effect.text : effect.tags.map((tag) => `#${tag}`).join(' ');
      const note = String(written.note ?? start.note ?? '');
      if (!note.split('\n').includes(text)) written.note = note === '' ? text : `${note}\n${text}`;
    }
  }
  return written;
}

/** `规则!12 水电紧急`: what the log names as the place of a rule's change. */
export function placeOf(rowId: string, rules: CompiledRules | null): string {
  const row = rules?.rows.find(({ id }) => id === rowId);
  return row === undefined ? 'rule' : `${rules!.tab}!${row.row + 1} ${row.name}`;
}

/** The record of another table an effect asks for; it names the ticket where the table has a place for that. */
export function creationOf(
  { table, values, row, key }: Extract<Effect, { do: 'create' }>,
  number: string,
  rules: CompiledRules | null,
): RecordCreation {
  const hasNumber = tableOf(table).fields.some((field) => field.key === 'ticket_no');
  return {
    table,
    values: hasNumber ? { ticket_no: number, ...values } : values,
    place: placeOf(row, rules),
    cause: key,
  };
}

/** What an effect tells, and whom; null for one that tells nobody. */
export function tellingOfEffect(
  effect: Effect,
  values: Values,
  locale: Locale,
): Omit<Telling, 'record' | 'values' | 'actor'> | null {
  const plain = { event: effect.key, rule: effect.row, template: null, text: null, title: null, channels: [] };
  switch (effect.do) {
    case 'notify': {
      const { to, template, text, channels } = effect;
      return { ...plain, statement: statementOf(effect), to, template, text, channels, isUrgent: isUrgent(values) };
    }
    case 'escalate': {
      const title = say(locale, 'automation-escalated', { title: String(values.title ?? '') });
      return { ...plain, statement: statementOf(effect), to: effect.to, title, isUrgent: true };
    }
    case 'webhook': {
      const { webhook } = effect;
      const to = [{ to: 'field', field: 'webhook', value: webhook }] as const;
      return { ...plain, to, channels: [webhook], isUrgent: true };
    }
    default:
      return null;
  }
}

/** What a rule says to whom; the same in every event, so that a newer state of it takes the place of an older one. */
function statementOf(effect: Extract<Effect, { do: 'notify' | 'escalate' }>): string {
  return `${effect.do} ${targetOf(effect)}`;
}

/** True when a message names somebody, alone or in a field with others. */
export function isTold(to: readonly Recipient[], name: string): boolean {
  return to.some((each) =>
    each.to === 'field' ? each.value.split('、').includes(name) : each.to === 'person' && each.name === name,
  );
}

export function isUrgent({ priority }: Values): boolean {
  return optionOf(priorityOptions, String(priority ?? ''))?.category === 'urgent';
}
