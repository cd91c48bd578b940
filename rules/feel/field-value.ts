/** Field values of a record as FEEL sees them. */
import type { FieldValue, ValueKind } from '../../src/model/field.ts';
import { instantOf } from '../../src/model/wall-clock.ts';
import { SECOND } from './duration-text.ts';
import { FeelDate, type FeelDateTime, momentAt } from './moment.ts';
import { parseDate } from './moment-text.ts';
import { FeelSpan, type FeelValue, numberFrom } from './value.ts';

/** What parts the values of a field that holds several. */
const BETWEEN_VALUES = '、';
const DAY_MS = 86_400_000;

/**
 * A field's value as FEEL sees it. A date-time stands on the wall clock of `timeZone`, a day in a date-time field at its
 * midnight; a duration is a days and time duration; several values are a list; no value is null, and so is one that its
 * kind cannot be.
 */
export function fromFieldValue(value: FieldValue, kind: ValueKind, timeZone: string): FeelValue {
  if (value === null || value === '') return null;
  switch (kind) {
    case 'number':
      return typeof value === 'boolean' ? null : numberFrom(value);
    case 'duration':
      return typeof value === 'number' && Number.isFinite(value) ? new FeelSpan(nanosOf(value)) : null;
    case 'boolean':
      return typeof value === 'boolean' ? value : null;
    case 'date':
      return typeof value === 'string' ? dayOf(value, timeZone) : null;
    case 'datetime':
      return typeof value === 'string' ? momentOf(value, timeZone) : null;
    case 'choices':
    case 'people':
      return String(value).split(BETWEEN_VALUES);
    default:
      return String(value);
  }
}

/** Durations are kept in whole seconds; a fraction is carried to the millisecond. */
function nanosOf(seconds: number): bigint {
  return (BigInt(Math.round(seconds * 1000)) * SECOND) / 1000n;
}

function dayOf(text: string, timeZone: string): FeelDate | null {
  const day = parseDate(text);
  if (day !== null) return day;
  const moment = momentOf(text, timeZone);
  return moment === null ? null : new FeelDate(moment.epochDay);
}

function momentOf(text: string, timeZone: string): FeelDateTime | null {
  const day = parseDate(text);
  const atMs = day === null ? Date.parse(text) : instantOf(day.epochDay * DAY_MS, timeZone);
  return Number.isNaN(atMs) ? null : momentAt(atMs, timeZone);
}
