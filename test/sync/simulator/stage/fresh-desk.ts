/** How a desk looks before anybody touches it: its first tickets, and the tabs that show them. */
import { createRecords } from '../../../../src/edit.ts';
import type { FieldValue } from '../../../../src/model/field.ts';
import type { KeptRecord } from '../../../../src/model/record.ts';
import type { Store } from '../../../../src/store.ts';
import { contextOf, type DeskTab, FIELDS, headerOf, PRIORITIES, TABLE } from '../fields.ts';
import { HEADER, type Sheet, type SheetRow } from '../sheet.ts';
import type { Desk } from '../tape.ts';

/** Uids and texts that nobody has used yet. */
export class Supply {
  #lastUid = HEADER;
  #lastToken = 0;

  /** Uid of a new row or column. */
  uid(): number {
    this.#lastUid += 1;
    return this.#lastUid;
  }

  token(prefix: 'p' | 'd' | 'x'): string {
    this.#lastToken += 1;
    return `${prefix}${this.#lastToken + 100}`;
  }
}

/** Puts the tickets of the start into the store. */
export function createTickets(
  store: Store,
  desk: Desk,
  supply: Supply,
  nowIso: string,
): Promise<readonly KeptRecord[]> {
  const values = Array.from(
    { length: desk.records },
    (_, i): Record<string, FieldValue> => ({
      title: supply.token('d'),
      ...(i % 3 === 0 ? {} : { note: supply.token('d') }),
      prio: PRIORITIES[i % 3]!,
      ...(i % 2 === 0 ? { hours: i + 1 } : {}),
      ...(i % 2 === 1 && desk.dates === true ? { due: `2025-12-0${i + 1}` } : {}),
    }),
  );
  return store.transaction(null, (tx) =>
    createRecords(
      tx,
      values.map((of) => ({ table: TABLE, values: of })),
      { actor: { kind: 'system', name: null }, source: 'start', cause: null, happenedAt: nowIso },
    ),
  );
}

/** A tab with its header, and with the tickets where the desk shows them from the start. */
export function freshSheet(desk: Desk, tab: DeskTab, records: readonly KeptRecord[], supply: Supply): Sheet {
  const keys = ['id', ...tab.keys, ...(desk.hint && tab.tab === '工单' ? ['hint'] : []), null];
  const columns = keys.map((field) => ({ uid: supply.uid(), field }));
  const header: SheetRow = { uid: HEADER, cells: keys.map((key) => (key === null ? '我的备注' : headerOf(key))) };
  const rows = records.flatMap(({ number, values: of }): SheetRow[] => {
    const fits = Object.entries(tab.filter).every(([key, accepted]) => accepted.includes(String(of[key] ?? '')));
    if (!desk.shownAtStart || !fits) return [];
    const cells = keys.map((key) => {
      if (key === null) return supply.token('x');
      if (key === 'id') return number;
      const value = of[key] ?? null;
      return value === null ? null : FIELDS[key]!.type.format(value, contextOf(key));
    });
    return [{ uid: supply.uid(), cells }];
  });
  return { columns, rows: [header, ...rows], merges: [] };
}
