/** I14: the log tells everything that ever happened to a ticket, so that replaying it gives the ticket as it is kept. */
import type { ChangeDraft } from '../../../../src/model/change.ts';
import type { FieldValue } from '../../../../src/model/field.ts';
import type { KeptRecord, RecordId } from '../../../../src/model/record.ts';
import type { Findings } from './findings.ts';

export class LogReplay {
  readonly #findings: Findings;
  readonly #replayed = new Map<RecordId, Record<string, FieldValue>>();
  readonly #deleted = new Set<RecordId>();

  constructor(findings: Findings) {
    this.#findings = findings;
  }

  /** The next entry of the log, and the ticket it is about. */
  read({ kind, field, oldValue, newValue, newValues }: ChangeDraft, { id, number }: KeptRecord): void {
    if (kind === 'create') {
      if (this.#replayed.has(id)) this.#findings.fail('I14', `${number} was created twice in the log`);
      this.#replayed.set(id, { ...newValues });
    } else if (kind === 'set' && field !== null) {
      const values = this.#replayed.get(id) ?? {};
      const was = values[field] ?? null;
      if (was !== oldValue)
        this.#findings.fail('I14', `${number}.${field}: the log says it was ${oldValue}, it was ${was}`);
      this.#replayed.set(id, { ...values, [field]: newValue });
    } else if (kind === 'delete') {
      this.#deleted.add(id);
    } else {
      this.#deleted.delete(id);
    }
  }

  /** The end: every ticket as it is kept. */
  check(records: readonly KeptRecord[]): void {
    for (const record of records) {
      const values = this.#replayed.get(record.id) ?? {};
      for (const field of new Set([...Object.keys(values), ...Object.keys(record.values)])) {
        const [logged, kept] = [values[field] ?? null, record.values[field] ?? null];
        if (logged !== kept) this.#findings.fail('I14', `${record.number}.${field} is ${kept}; its log says ${logged}`);
      }
      if (this.#deleted.has(record.id) !== (record.deletedAt !== null))
        this.#findings.fail('I14', `${record.number}: the log disagrees over its deletion`);
    }
  }
}
