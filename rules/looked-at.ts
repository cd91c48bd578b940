/** Which rows are looked at: when an event begins, and again after rules have written something. */
import { addBit, type Bits, bitList, dropBits, emptyBits, joinBits, keepBits, noBits, shareBits } from './bits.ts';
import type { CompiledRules } from './compile.ts';
import type { EventKind } from './rule.ts';
import type { Values } from './scope.ts';

/** Rows to begin with. `before` counts for a change only; `only` are ids, `again` those of rows to look at whatever their 时机. */
export function firstRows(
  compiled: CompiledRules,
  kind: EventKind,
  before: Values,
  values: Values,
  only: readonly string[] | undefined,
  again?: readonly string[],
): Bits {
  if (again !== undefined) return named(again, compiled);
  if (kind !== 'update' && only === undefined) return compiled.timed[kind];
  const active = compiled.timed[kind].slice();
  if (kind === 'update') {
    const changed = changedFields(compiled, before, values);
    joinWaiting(active, changed, compiled);
    keepBits(active, readersOf(changed, compiled));
  }
  if (only !== undefined) keepBits(active, named(only, compiled));
  return active;
}

function named(ids: readonly string[], { rows }: CompiledRules): Bits {
  const found = emptyBits(rows.length);
  for (const [at, row] of rows.entries()) if (ids.includes(row.id)) addBit(found, at);
  return found;
}

/** The fields whose values differ, among those that some row looks at. */
function changedFields({ readers }: CompiledRules, before: Values, values: Values): readonly string[] {
  const changed: string[] = [];
  for (const key of readers.keys()) if ((before[key] ?? null) !== (values[key] ?? null)) changed.push(key);
  return changed;
}

function joinWaiting(active: Bits, fields: readonly string[], { waiting }: CompiledRules): void {
  for (const key of fields) {
    const rows = waiting.get(key);
    if (rows !== undefined) joinBits(active, rows);
  }
}

/** Rows that look at one of the fields, rows without conditions, and every table with such a row in it; tables share no row. */
function readersOf(fields: readonly string[], { rows, readers, always, tables }: CompiledRules): Bits {
  const found = emptyBits(rows.length);
  for (const key of fields) {
    const looking = readers.get(key);
    if (looking !== undefined) joinBits(found, looking);
  }
  const isMeant = tables.map((table) => table.always || shareBits(found, table.rows));
  joinBits(found, always);
  for (const [n, table] of tables.entries()) {
    if (isMeant[n]) joinBits(found, table.rows);
    else dropBits(found, table.rows);
  }
  return found;
}

/** A field and the stage, counted through all passes, at whose end a rule wrote it. */
export interface Write {
  readonly field: string;
  readonly row: number;
  readonly tick: number;
}

/**
 * Rows to look at again, or for the first time, because of what has been written since: those whose last look was before
 * a write landed. `lastLook` is the stage of a row's last look, 0 for none. Null when there are none.
 */
export function nextRows(
  compiled: CompiledRules,
  kind: EventKind,
  writes: Iterable<Write>,
  lastLook: (row: number) => number,
): Bits | null {
  const { rows, readers, tables, timed } = compiled;
  const next = emptyBits(rows.length);
  const fields: string[] = [];
  for (const { field, tick } of writes) {
    fields.push(field);
    const looking = readers.get(field);
    // A write lands at the end of its stage, so a row of the same stage has not seen it.
    if (looking !== undefined) for (const row of bitList(looking)) if (lastLook(row) <= tick) addBit(next, row);
  }
  for (const table of tables) if (shareBits(next, table.rows)) joinBits(next, table.rows);
  const meant = timed[kind].slice();
  // What a rule writes changes the record, whatever the event was; a new record is still being made.
  if (kind !== 'create') joinBits(meant, timed.update);
  joinWaiting(meant, fields, compiled);
  keepBits(next, meant);
  return noBits(next) ? null : next;
}
