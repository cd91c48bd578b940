/** What an operator types on a command line, read as fields and values of a table. */
import type { App } from '../app.ts';
import { say } from '../messages/index.ts';
import { InputError, NotFoundError } from '../model/errors.ts';
import type { Field, FieldContext, FieldValue } from '../model/field.ts';
import { nearest } from '../model/nearest.ts';
import type { KeptRecord } from '../model/record.ts';
import { tableOf } from '../model/tables.ts';
import { wordKey } from '../model/typed.ts';

/** All fields of a table, the number first. */
export function fieldsOf(app: App, table: string): readonly Field[] {
  return [tableOf(table).idField, ...(app.bindings.fields[table] ?? [])];
}

/** A field by English key, label or header. Throws `InputError` `unknown-field` with the nearest name. */
export function findField(app: App, table: string, name: string): Field {
  const fields = fieldsOf(app, table);
  const wanted = wordKey(name);
  const found =
    fields.find((field) => field.key === name.trim()) ??
    fields.find((field) => Object.values(field.label).some((label) => wordKey(label) === wanted)) ??
    fields.find((field) => field.headers.some((header) => wordKey(header) === wanted));
  if (found !== undefined) return found;
  const { locale } = app.settings;
  const meant = nearest(
    name,
    fields.flatMap((field) => [field.key, field.label[locale], ...field.headers]),
  );
  const known = fields.map((field) => field.key).join(', ');
  const hintKey = meant === null ? 'cli-unknown-field-hint' : 'cli-did-you-mean';
  throw new InputError('unknown-field', say(locale, 'cli-unknown-field', { name: name.trim() }), {
    hint: say(locale, hintKey, { known, meant: meant ?? '' }),
    details: { field: name.trim(), nearest: meant },
  });
}

/** What reading and showing a field needs to know. */
export function contextOf(app: App, field: Field): FieldContext {
  const { locale, timeZone } = app.settings;
  return { locale, timeZone, options: field.options, now: app.clock.now().toISOString() };
}

/** A typed text as a value of the field; blank is null. Returns what is wrong in words instead when it is none. */
export function readValue(
  app: App,
  field: Field,
  text: string,
): { readonly value: FieldValue } | { readonly fault: string } {
  if (text.trim() === '') return { value: null };
  const parsed = field.type.parse(text, contextOf(app, field));
  if (parsed.ok) return { value: parsed.value };
  return { fault: say(app.settings.locale, `fault.${parsed.fault.code}`, parsed.fault.params) };
}

/** A ticket or customer by the number people see. Throws `NotFoundError` `unknown-number`. */
export async function findRecord(app: App, number: string): Promise<KeptRecord> {
  const wanted = number.normalize('NFKC').trim().toUpperCase();
  for (const table of Object.keys(app.bindings.fields)) {
    const record = (await app.database.store.findRecords(table, [wanted])).get(wanted);
    if (record !== undefined) return record;
  }
  const { locale } = app.settings;
  throw new NotFoundError('unknown-number', say(locale, 'cli-unknown-number', { number }), {
    hint: say(locale, 'cli-unknown-number-hint'),
    details: { number },
  });
}

/** A record as data: every field by its key, blank ones null, the team's own under `custom`. */
export function recordJson(app: App, record: KeptRecord): Readonly<Record<string, unknown>> {
  const data: Record<string, unknown> = { [tableOf(record.table).idField.key]: record.number };
  const custom: Record<string, FieldValue> = {};
  for (const field of app.bindings.fields[record.table] ?? []) {
    (field.custom ? custom : data)[field.key] = record.values[field.key] ?? null;
  }
  return { ...data, custom, revision: record.revision };
}
