/** `tickets`: the tickets that satisfy conditions. */
import { z } from 'zod';
import type { App } from '../app.ts';
import { say } from '../messages/index.ts';
import { InputError } from '../model/errors.ts';
import type { Field, FieldValue } from '../model/field.ts';
import type { KeptRecord } from '../model/record.ts';
import { tableOf } from '../model/tables.ts';
import { wordKey } from '../model/typed.ts';
import { instantOf } from '../model/wall-clock.ts';
import { findField, readValue, recordJson } from './fields.ts';
import { operation } from './operation.ts';

type Operator = '!=' | '>=' | '<=' | '=' | '~' | '>' | '<';
const DAY_MS = 86_400_000;

/** Tickets that satisfy all conditions, in the order of their numbers. */
export const tickets = operation({
  name: 'tickets',
  input: z.strictObject({ where: z.array(z.string()) }),
  async run(app, { where }): Promise<readonly Readonly<Record<string, unknown>>[]> {
    const tests = where.flatMap(splitConditions).map((text) => compile(app, text));
    const records = await app.database.store.listRecords('tickets');
    return records
      .filter((record) => tests.every((test) => test(record)))
      .sort((a, b) => a.id - b.id)
      .map((record) => recordJson(app, record));
  },
});

/** `a=1,b~x` and `a=1 AND b~x` are two conditions; a comma inside a value stays, when no condition follows it. */
function splitConditions(text: string): readonly string[] {
  return text.split(/\s*[,，]\s*(?=[^,，=!~<>]+(?:[!<>]?=|[~<>]))|\s+and\s+(?=[^,，=!~<>]+(?:[!<>]?=|[~<>]))/i);
}

function compile(app: App, text: string): (record: KeptRecord) => boolean {
  const { locale } = app.settings;
  const match = /^([^=!~<>]+)(!=|>=|<=|=|~|>|<)(.*)$/s.exec(text.trim());
  if (match === null) {
    throw new InputError('bad-condition', say(locale, 'cli-bad-condition', { text }), {
      hint: say(locale, 'cli-bad-condition-hint'),
      details: { condition: text },
    });
  }
  const [, name, sign, typed] = match as unknown as [string, string, Operator, string];
  const field = findField(app, 'tickets', name);
  const value = (record: KeptRecord): FieldValue =>
    field.key === tableOf('tickets').idField.key ? record.number : (record.values[field.key] ?? null);
  if (sign === '~') {
    const wanted = wordKey(typed);
    return (record) => wordKey(String(value(record) ?? '')).includes(wanted);
  }
  const read = readValue(app, field, typed);
  if ('fault' in read) {
    throw new InputError('bad-condition', `${field.label[locale]}: ${read.fault}`, {
      hint: say(locale, 'cli-bad-condition-value-hint', { field: field.key }),
      details: { condition: text, field: field.key },
    });
  }
  const place = placeOn(app, field);
  const from = place(read.value);
  // A day typed for a moment means the whole day; anything else is a single point.
  const isDay = field.type.name.endsWith('datetime') && /^\d{4}-\d\d-\d\d$/.test(String(read.value));
  const to = isDay && typeof from === 'number' ? from + DAY_MS - 1 : from;
  return (record) => {
    const found = place(value(record));
    if (found === null || from === null || to === null) {
      const isEqual = found === from;
      return sign === '=' ? isEqual : sign === '!=' && !isEqual;
    }
    const [isBefore, isAfter] = [found < from, found > to];
    switch (sign) {
      case '=':
        return !isBefore && !isAfter;
      case '!=':
        return isBefore || isAfter;
      case '>':
        return isAfter;
      case '<':
        return isBefore;
      case '>=':
        return !isBefore;
      case '<=':
        return !isAfter;
    }
  };
}

/** A value as something that can be compared: moments as milliseconds, text by its letters. */
function placeOn(app: App, field: Field): (value: FieldValue) => number | string | null {
  const { timeZone } = app.settings;
  return (value) => {
    if (value === null || typeof value === 'number') return value;
    if (typeof value === 'boolean') return Number(value);
    if (/date/.test(field.type.name)) {
      return value.length === 10 ? instantOf(Date.parse(value), timeZone) : Date.parse(value);
    }
    return value;
  };
}
