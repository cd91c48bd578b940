/** I8: one look takes no more clearings or changes of one column than its guards let pass, whatever the rest of the tab. */
import type { FieldValue } from '../../../../src/model/field.ts';
import type { Decisions } from './decisions.ts';
import type { Findings } from './findings.ts';
import type { Tickets } from './tickets.ts';
import type { Watched } from './watched.ts';

interface Known {
  readonly watched: Watched;
  readonly findings: Findings;
  readonly tickets: Tickets;
  readonly decisions: Decisions;
}

export class GuardChecks {
  readonly #known: Known;
  /** Entries of the log that were looked at. */
  #read = 0;
  /** Columns that were not read at the last look, as `binding|field`. */
  #detached: ReadonlySet<string> = new Set();

  constructor(known: Known) {
    this.#known = known;
  }

  /** After every commit: what was logged since the last one was taken at one look. */
  check(): void {
    const { watched, findings, tickets, decisions } = this.#known;
    const { store } = watched;
    const changes = new Map<string, FieldValue[]>();
    const back = this.#columnsBack();
    for (; this.#read < store.root.logLength; this.#read++) {
      const { actor, kind, source, field, newValue, oldValue } = store.log[this.#read]!;
      const bang = source.indexOf('!');
      if (actor.kind !== 'person' || kind !== 'set' || bang < 0) continue;
      const key = `${source.slice(0, bang)}|${field}`;
      // A column that was gone comes back: what stands there and nowhere else is filled in, which overwrites nothing (F).
      if (oldValue === null && back.has(key)) continue;
      changes.set(key, [...(changes.get(key) ?? []), newValue]);
    }
    if (decisions.isRebased) return;
    const records = tickets.all().length;
    for (const [key, values] of changes) {
      const binding = key.slice(0, key.indexOf('|'));
      if (decisions.isReleased(binding)) continue;
      const { clearedCount, clearedShare, bulkCount, bulkShare } = watched.binding(binding).guards;
      const cleared = values.filter((value) => value === null).length;
      const isBulk = values.length > Math.max(bulkCount, bulkShare * records) && new Set(values).size > 1;
      if (isBulk || cleared > Math.max(clearedCount, clearedShare * records))
        findings.fail('I8', `${values.length} changes of ${key} were taken at once, ${cleared} of them clearings`);
    }
  }

  /** Columns that are read again since the last look, as `binding|field`. */
  #columnsBack(): ReadonlySet<string> {
    const detached = new Set<string>();
    for (const [id, { head }] of this.#known.watched.store.root.bindings) {
      for (const [field, { attached }] of Object.entries(head.columns)) if (!attached) detached.add(`${id}|${field}`);
    }
    const back = new Set([...this.#detached].filter((key) => !detached.has(key)));
    this.#detached = detached;
    return back;
  }
}
