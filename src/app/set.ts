/** `set`: a change by the operator, all of it or nothing. */
import { z } from 'zod';
import { editRecords } from '../edit.ts';
import { say } from '../messages/index.ts';
import { InputError, RefusedError } from '../model/errors.ts';
import type { FieldValue } from '../model/field.ts';
import { tableOf } from '../model/tables.ts';
import { findField, findRecord, readValue } from './fields.ts';
import { operation } from './operation.ts';

export interface SetResult {
  readonly ticket_no: string;
  readonly revision: number;
  /** Fields that really changed. */
  readonly changes: readonly { readonly field: string; readonly old: FieldValue; readonly new: FieldValue }[];
}

/** Changes fields of one record. Throws `InputError` `bad-values` that names every wrong assignment. */
export const set = operation({
  name: 'set',
  input: z.strictObject({
    number: z.string(),
    assignments: z.array(z.string()).min(1),
    operator: z.string().nullable(),
  }),
  async run(app, { number, assignments, operator }): Promise<SetResult> {
    const { locale } = app.settings;
    const { store } = app.database;
    const record = await findRecord(app, number);
    const values: Record<string, FieldValue> = {};
    const typed: Record<string, string> = {};
    const faults: { field: string; message: string }[] = [];
    for (const assignment of assignments) {
      const sign = assignment.indexOf('=');
      const name = sign < 0 ? assignment : assignment.slice(0, sign);
      try {
        if (sign < 0) throw new InputError('bad-assignment', say(locale, 'cli-bad-assignment', { text: assignment }));
        const field = findField(app, record.table, name);
        const text = assignment.slice(sign + 1);
        const read = readValue(app, field, text);
        if ('fault' in read) throw new InputError('bad-value', read.fault);
        if (field.key === tableOf(record.table).idField.key) {
          throw new InputError('fixed-field', say(locale, 'cli-fixed-field'));
        }
        if (read.value === null && field.required) throw new InputError('required', say(locale, 'cli-required-field'));
        if (Object.hasOwn(values, field.key)) throw new InputError('twice', say(locale, 'cli-assigned-twice'));
        values[field.key] = read.value;
        if (read.value !== text) typed[field.key] = text;
      } catch (error) {
        if (!(error instanceof InputError)) throw error;
        faults.push({ field: name.trim(), message: [error.message, error.hint].filter(Boolean).join(' ') });
      }
    }
    if (faults.length > 0) {
      const lines = faults.map((fault) => `  ${fault.field}: ${fault.message}`);
      throw new InputError(
        'bad-values',
        [say(locale, 'cli-bad-values', { number: record.number }), ...lines].join('\n'),
        {
          hint: say(locale, 'cli-bad-values-hint'),
          details: { ticket_no: record.number, problems: faults },
        },
      );
    }
    if (record.deletedAt !== null) {
      throw new RefusedError('deleted-record', say(locale, 'cli-deleted-record', { number: record.number }));
    }

    return await store.transaction(null, async (tx) => {
      // The record may have changed since it was found: what is reported as old must be what was really replaced.
      const before = (await tx.lockRecords(record.table, [record.id])).get(record.id) ?? record;
      const [after] = await editRecords(tx, [{ table: record.table, recordId: record.id, values, typed }], {
        actor: { kind: 'operator', name: operator },
        source: 'cli',
        cause: null,
        happenedAt: app.clock.now().toISOString(),
      });
      const changed = Object.keys(values).filter((key) => (before.values[key] ?? null) !== values[key]);
      return {
        ticket_no: record.number,
        revision: (after ?? before).revision,
        changes: changed.map((field) => ({ field, old: before.values[field] ?? null, new: values[field] ?? null })),
      };
    });
  },
});
