/** Fields of records as a person reads them: labels and values in the reader's language, moments on the workspace's clock. */
import type { App } from '../../app.ts';
import type { Locale } from '../../messages/index.ts';
import { rawText } from '../../model/cell.ts';
import type { Field, FieldValue } from '../../model/field.ts';
import { fieldOf } from '../../model/tables.ts';
import type { Reader } from './words.ts';

function ticketField(app: App, key: string): Field | undefined {
  return app.bindings.fields.tickets?.find((field) => field.key === key) ?? fieldOf('tickets', key);
}

/** The label of a field of tickets; the key of one that is not known any more. */
export function fieldLabel(app: App, key: string, locale: Locale): string {
  return ticketField(app, key)?.label[locale] ?? key;
}

/** A value of a field of tickets; blank for null. */
export function fieldText(app: App, key: string, value: FieldValue, { locale, timeZone }: Reader): string {
  if (value === null) return '';
  const field = ticketField(app, key);
  if (field === undefined) return String(value);
  const cell = field.type.format(value, {
    locale,
    timeZone,
    options: field.options,
    now: app.clock.now().toISOString(),
  });
  return rawText(cell).replace(/(\d\d:\d\d):\d\d$/, '$1');
}
