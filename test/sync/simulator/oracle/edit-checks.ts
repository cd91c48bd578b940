/** What is done in a person's name: every edit was typed in a row of the ticket, and not applied twice (I2, I3, I4, I8). */
import type { ChangeDraft } from '../../../../src/model/change.ts';
import type { KeptRecord } from '../../../../src/model/record.ts';
import { FIELDS } from '../fields.ts';
import type { Decisions } from './decisions.ts';
import type { Findings } from './findings.ts';
import type { Recognition } from './recognition.ts';
import type { Typings } from './typings.ts';

interface Known {
  readonly findings: Findings;
  readonly typings: Typings;
  readonly recognition: Recognition;
  readonly decisions: Decisions;
}

export class EditChecks {
  readonly #known: Known;
  readonly #applied = new Map<string, number>();
  readonly #created = new Map<string, number>();

  constructor(known: Known) {
    this.#known = known;
  }

  /** The next entry of the log, and the ticket it is about. */
  check(entry: ChangeDraft, record: KeptRecord): void {
    if (entry.actor.kind !== 'person') return;
    if (entry.kind === 'create') this.#checkCreation(entry, record);
    else if (entry.kind === 'set' && entry.field !== null) this.#checkApplied(entry, entry.field, record);
    else if (entry.kind === 'delete' && !this.#known.decisions.isGiven(record.id))
      this.#known.findings.fail('I8', `${record.number} was deleted in the name of a person in a sheet`);
  }

  #checkCreation(entry: ChangeDraft, record: KeptRecord): void {
    const { findings, typings, recognition } = this.#known;
    findings.count('created from a row');
    const title = entry.newValues.title;
    const orphans = typeof title === 'string' ? recognition.orphans(title) : [];
    for (const row of orphans) typings.note(row, 'title', String(title), true);
    const rows = typeof title === 'string' ? typings.rowsTitled(title) : undefined;
    if (typeof title !== 'string' || rows === undefined) {
      findings.fail('I4', `${record.number} was created with the title ${title}, which nobody typed`);
      return;
    }
    const times = (this.#created.get(title) ?? 0) + 1;
    this.#created.set(title, times);
    if (times > rows.size + new Set(orphans).size)
      findings.fail('I4', `${times} tickets were made of ${rows.size} row(s) titled ${title}`);
    recognition.createdFrom(record.number, rows);
    for (const [field, value] of Object.entries(entry.newValues)) {
      if (
        value === null ||
        FIELDS[field] === undefined ||
        typings.countFor(record.number, field, (typing) => typing.value === value) > 0
      )
        continue;
      const elsewhere = typings.isTypedAnywhere(field, value);
      findings.fail(
        elsewhere ? 'I3' : 'I2',
        `${record.number} was created with ${field} = ${value}, not typed in its row`,
      );
    }
  }

  #checkApplied(entry: ChangeDraft, field: string, record: KeptRecord): void {
    const { findings, typings, recognition, decisions } = this.#known;
    const key = `${record.id}|${field}|${entry.newValue}`;
    const times = (this.#applied.get(key) ?? 0) + 1;
    this.#applied.set(key, times);
    findings.count('edit applied');
    const typed = typings.countFor(record.number, field, (typing) => typing.value === entry.newValue);
    if (times <= typed + decisions.timesAnswered(record.id, field) || decisions.isMeant(field)) return;
    if (recognition.adopts(record.number, field, entry.newValue, entry.source)) return;
    // Without a base an empty side is filled from the other (F).
    if (decisions.isRebased && entry.oldValue === null) return;
    const what = `${record.number}.${field} = ${entry.newValue === null ? '(empty)' : entry.newValue}`;
    if (typed > 0)
      findings.fail('I2', `${what} was applied ${times} times in a person's name and typed ${typed} times`);
    else if (entry.newValue !== null && typings.isTypedAnywhere(field, entry.newValue)) {
      findings.fail('I3', `${what} was applied, but typed in another ticket's row`);
    } else findings.fail('I2', `${what} was applied in a person's name and never typed`);
  }
}
