/**
 * Who the people of a base are: names as cells show them, and the ids the platform wants instead. The one rule: a name
 * stands for a person only while it stands for one; of two who are called the same, neither is ever written.
 *
 * Names are learned from what is read (fields of people, who made a record, who changed it last), because a directory can
 * be asked for an id by mail address or mobile number but not by name, and what was written has to be read back as the
 * same name.
 */
import type { WirePerson, WireRecord } from '../bitable-api.ts';
import type { Field } from './field.ts';

export class People {
  readonly #ids = new Map<string, Set<string>>();

  /** Takes note of everybody a page of records names. */
  learn(fields: readonly Field[], records: readonly WireRecord[]): void {
    const columns = fields.filter(({ kind }) => kind === 'person' || kind === 'stamper').map(({ name }) => name);
    for (const record of records) {
      this.#note(record.created_by);
      this.#note(record.last_modified_by);
      for (const column of columns) {
        const people = record.fields[column];
        if (Array.isArray(people)) for (const person of people) this.#note(person as WirePerson);
      }
    }
  }

  /** The one id a name stands for; null for nobody and for several. */
  idOf(name: string): string | null {
    const ids = this.#ids.get(name);
    return ids?.size === 1 ? [...ids][0]! : null;
  }

  #note(person: WirePerson | null | undefined): void {
    const { id, name } = person ?? {};
    if (!id || !name) return;
    const ids = this.#ids.get(name);
    if (ids === undefined) this.#ids.set(name, new Set([id]));
    else ids.add(id);
  }
}

/** Who changed a record last, as people call him. */
export function editorOf({ last_modified_by: person }: WireRecord): string | null {
  return person?.name || person?.en_name || null;
}
