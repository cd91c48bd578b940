/**
 * A moment: an instant, or a day when no time was typed. Instants are shown on the wall clock of the binding's zone.
 * Where the clock goes through an hour twice, what is typed means the first pass, so an instant of the second pass
 * (one hour a year) comes back from a sheet an hour earlier; a skipped hour cannot be shown and moves past the skip.
 */
import type { FieldContext, FieldType, Parsed, TypedCell } from '../field.ts';
import { momentCell, momentValue, readMoment, todayOf } from '../moment.ts';
import { refuse } from '../typed.ts';

/** A person's clock may run ahead of ours, and people round up to the minute. */
const TOLERANCE_MS = 60_000;
const DAY_LENGTH = 10;

function parseMoment(cell: TypedCell, context: FieldContext, past: boolean): Parsed {
  const read = readMoment(cell, context, past);
  return read.ok ? momentValue(read.moment, cell, context) : read;
}

const shared = {
  format: momentCell,
  sql: 'timestamptz',
  weight: 1,
  kind: 'datetime',
  samples: ['2026-03-10', '2026-03-10T03:30:00.000Z', '2024-02-29T15:59:59.000Z', '2025-12-31T16:00:00.000Z'],
} as const;

/** Any moment: appointments, due times. */
export const datetime: FieldType = {
  ...shared,
  name: 'datetime',
  parse: (cell, context) => parseMoment(cell, context, false),
};

/**
 * A moment that has been: a later one than now is `in-the-future`. A day without a year is the last one of its name,
 * unless it is less than a month ahead: that is more likely a slip.
 */
export const pastDatetime: FieldType = {
  ...shared,
  name: 'past-datetime',
  parse(cell, context) {
    const parsed = parseMoment(cell, context, true);
    if (!parsed.ok) return parsed;
    const value = String(parsed.value);
    const future =
      value.length === DAY_LENGTH
        ? Date.parse(value) > todayOf(context)
        : Date.parse(value) > Date.parse(context.now) + TOLERANCE_MS;
    return future ? refuse('in-the-future', cell) : parsed;
  },
};
