/**
 * What cells held a moment ago, for platforms whose reads may be some seconds old and do not say so (K1): a read that
 * shows just that is no undoing, but an older state. Kept in memory only; whoever has none of it waits instead.
 */
import type { BindingRow } from '../model/binding.ts';
import type { RecordId } from '../model/record.ts';
import type { DataRow } from './rows.ts';
import type { Shape } from './shape.ts';

/** For this long a value that was replaced is looked out for. */
const rememberedMs = 60_000;

interface Replaced {
  readonly raw: string;
  readonly untilMs: number;
}

export class RecentPast {
  readonly #replaced = new Map<string, Replaced[]>();

  /** Notes what one look changed in what is known of a tab. */
  note(before: ReadonlyMap<RecordId, BindingRow>, after: ReadonlyMap<RecordId, BindingRow>, nowMs: number): void {
    for (const [key, values] of this.#replaced) {
      const recent = values.filter(({ untilMs }) => untilMs > nowMs);
      if (recent.length === 0) this.#replaced.delete(key);
      else this.#replaced.set(key, recent);
    }
    if (before === after) return;
    for (const [recordId, row] of after) {
      const was = before.get(recordId);
      if (was === undefined || was === row) continue;
      for (const [field, cell] of Object.entries(was.cells)) {
        if (row.cells[field]?.raw !== cell.raw) this.#add(`${recordId}:${field}`, cell.raw, nowMs);
      }
      if (was.state !== 'live' && row.state === 'live') this.#add(`${recordId}:`, '', nowMs);
    }
  }

  /** Something in these rows is what stood there a moment ago, and is not what was last accounted for. */
  shows(pairs: ReadonlyMap<RecordId, DataRow>, known: ReadonlyMap<RecordId, BindingRow>, shape: Shape): boolean {
    if (this.#replaced.size === 0) return false;
    for (const [recordId, row] of pairs) {
      const of = known.get(recordId);
      if (of === undefined) continue;
      if (row.id !== of.number && this.#had(`${recordId}:`, row.id)) return true;
      for (let place = 0; place < shape.columns.length; place += 1) {
        const field = shape.columns[place]!.column.field.key;
        const raw = row.raws[place]!;
        if (of.cells[field]?.raw !== raw && this.#had(`${recordId}:${field}`, raw)) return true;
      }
    }
    return false;
  }

  #add(key: string, raw: string, nowMs: number): void {
    this.#replaced.set(key, [...(this.#replaced.get(key) ?? []), { raw, untilMs: nowMs + rememberedMs }]);
  }

  #had(key: string, raw: string): boolean {
    return this.#replaced.get(key)?.some((value) => value.raw === raw) === true;
  }
}
