/** Pure: what a new record has before anybody says so. */
import type { FieldValue } from './field.ts';
import { fieldOf } from './tables.ts';

/**
 * The values of a new record: what was given, and for a ticket the first status and the second it came in. `now` is
 * ISO 8601 in UTC.
 */
export function newRecordValues(
  table: string,
  given: Readonly<Record<string, FieldValue>>,
  now: string,
): Record<string, FieldValue> {
  const values: Record<string, FieldValue> = {};
  for (const [key, value] of Object.entries(given)) if (value !== null) values[key] = value;
  if (table !== 'tickets') return values;
  const first = fieldOf('tickets', 'status')?.options.find((option) => option.category === 'new')?.label;
  if (values.status === undefined && first !== undefined) values.status = first;
  values.created_at ??= `${now.slice(0, 19)}.000Z`;
  return values;
}
