/** The tickets as the store keeps them, and what its log says they ever held. */
import type { KeptRecord, RecordId } from '../../../../src/model/record.ts';
import { shown, TABLE } from '../fields.ts';
import type { ObservedStore } from '../memory-store.ts';

export class Tickets {
  readonly #store: ObservedStore;

  constructor(store: ObservedStore) {
    this.#store = store;
  }

  all(): KeptRecord[] {
    return [...(this.#store.root.tables.get(TABLE)?.values() ?? [])];
  }

  find(id: RecordId | null): KeptRecord | undefined {
    return id === null ? undefined : this.#store.root.tables.get(TABLE)?.get(id);
  }

  /** The ticket with this number ever held one of the texts, in whatever field. */
  everHeld(number: string, texts: ReadonlySet<string>): boolean {
    for (let i = 0; i < this.#store.root.logLength; i++) {
      const entry = this.#store.log[i]!;
      if (this.find(entry.recordId)?.number !== number) continue;
      const values = [entry.newValue, entry.oldValue, ...Object.values(entry.newValues)];
      if (values.some((value) => typeof value === 'string' && texts.has(value))) return true;
    }
    return false;
  }

  /** A field of the ticket ever showed this text; it was empty before it was anything. */
  everShowed(recordId: RecordId, field: string, text: string | null): boolean {
    if (text === null || text === '') return true;
    for (let i = 0; i < this.#store.root.logLength; i++) {
      const entry = this.#store.log[i]!;
      if (entry.recordId !== recordId) continue;
      const value = entry.field === null ? entry.newValues[field] : entry.field === field ? entry.newValue : undefined;
      if (value !== undefined && shown(field, value) === text) return true;
    }
    return false;
  }
}
