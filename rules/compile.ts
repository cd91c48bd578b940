/**
 * A rule table made ready to run: each cell a closure, and for the fields whose values repeat an index from value to
 * rows, so that a record is matched by a handful of look-ups however many rows there are.
 */
import type { FieldValue, ValueKind } from '../src/model/field.ts';
import { actionNamed } from './actions/index.ts';
import { addBit, type Bits, bitList, dropBit, emptyBits, fullBits, shareBits } from './bits.ts';
import { compileTest } from './cell/index.ts';
import { cellColumn, cellContext, kindOf, type RuleContext } from './context.ts';
import { compileExtra } from './extra.ts';
import { contentHash, type EventKind, eventKinds, hitPolicies, type RuleRow, type RuleTable, stages } from './rule.ts';
import type { RuleScope } from './scope.ts';
import { slotsOf } from './slots.ts';
import { createIndex, type Holds, type IndexedCell, isIndexed, type ValueIndex } from './value-index.ts';

/** One cell of a row, ready to be asked. */
export interface CompiledCell {
  readonly field: string | null;
  holds(value: FieldValue, scope: RuleScope): boolean;
}

export interface CompiledRules {
  readonly tab: string;
  /** Rows that run or are rehearsed, by stage and then as they stand in the tab: the order in which they act. */
  readonly rows: readonly RuleRow[];
  /** Changes when what any of the rows means changes. */
  readonly version: string;
  readonly context: RuleContext;
  /** Cells of every row, in the order of its conditions. */
  readonly cells: readonly (readonly CompiledCell[])[];
  /** Fields that the cells of each row look at. */
  readonly reads: readonly (readonly string[])[];
  /** Rows that look at a field: in their conditions, or for a value they write. */
  readonly readers: ReadonlyMap<string, Bits>;
  /** Rows of a kind of event, without those that wait for a field to change. */
  readonly timed: Readonly<Record<EventKind, Bits>>;
  /** Rows that wait for a field to change, by field. */
  readonly waiting: ReadonlyMap<string, Bits>;
  /** Rows without any condition. */
  readonly always: Bits;
  readonly all: Bits;
  /**
   * Rows that depend on the rows above them, because only the first acts, one may say 停止, or they write the same field:
   * they are looked at as a whole. `always`: none of them has a condition.
   */
  readonly tables: readonly { readonly rows: Bits; readonly always: boolean }[];
  readonly matcher: Matcher;
}

/** Finds the rows whose cells hold. */
export interface Matcher {
  /** The rows among `active` that match, in ascending order. A cell that breaks off does not hold. */
  match(active: Bits, scope: RuleScope): readonly number[];
  /** Rows of which a cell broke off in the last match. */
  readonly broken: ReadonlySet<number>;
}

export interface CompileOptions {
  /** Without the index every cell of every row is asked: the same answers, for tests. */
  readonly index?: boolean;
}

/** Makes a table ready to run. Rows that are off are left out. Never throws. */
export function compileRules(table: RuleTable, context: RuleContext, options: CompileOptions = {}): CompiledRules {
  const rows = stages.flatMap((stage) => table.rows.filter((row) => row.mode !== 'off' && row.stage === stage));
  const cells = rows.map((row) => compileRow(row, context));
  const readers = new Map<string, Bits>();
  const waiting = new Map<string, Bits>();
  const always = emptyBits(rows.length);
  const timed = Object.fromEntries(eventKinds.map((kind) => [kind, emptyBits(rows.length)])) as Record<EventKind, Bits>;
  const into = (map: Map<string, Bits>, key: string, row: number): void => {
    const bits = map.get(key) ?? emptyBits(rows.length);
    map.set(key, bits);
    addBit(bits, row);
  };
  for (const [at, row] of rows.entries()) {
    const reads = readsOf(row);
    for (const key of reads) into(readers, key, at);
    if (row.conditions.length === 0) addBit(always, at);
    if (row.timing.changed !== null) {
      into(waiting, row.timing.changed, at);
      into(readers, row.timing.changed, at);
    } else for (const kind of row.timing.events) addBit(timed[kind], at);
  }
  return {
    tab: table.tab,
    rows,
    version: contentHash(rows.map(({ id, hash, mode }) => [id, hash, mode])),
    context,
    cells,
    reads: rows.map(({ conditions }) => [...new Set(conditions.flatMap(({ reads }) => reads))]),
    readers,
    timed,
    waiting,
    always,
    all: fullBits(rows.length),
    tables: tablesOf(rows),
    matcher: createMatcher(rows, cells, context, options.index ?? true),
  };
}

/** Rows of a stage that depend on each other, found by what they share; a row that depends on none is no table. */
function tablesOf(rows: readonly RuleRow[]): CompiledRules['tables'] {
  return stages.flatMap((stage) => {
    const own = [...rows.keys()].filter((at) => rows[at]!.stage === stage);
    const isWhole = hitPolicies[stage] === 'first' || own.some((at) => rows[at]!.stop);
    const groups = isWhole ? [own] : hitPolicies[stage] === 'collect' ? [] : sharing(own, rows);
    return groups
      .filter((group) => group.length > (isWhole ? 0 : 1))
      .map((group) => {
        const bits = emptyBits(rows.length);
        for (const at of group) addBit(bits, at);
        return { rows: bits, always: group.every((at) => rows[at]!.conditions.length === 0) };
      });
  });
}

/** Groups of rows that are joined by fields or clocks they both write, also by way of other rows. */
function sharing(places: readonly number[], rows: readonly RuleRow[]): readonly (readonly number[])[] {
  let groups: { readonly places: readonly number[]; readonly slots: ReadonlySet<string> }[] = [];
  for (const at of places) {
    const slots = new Set(slotsOf(rows[at]!));
    const joined = groups.filter((group) => [...slots].some((slot) => group.slots.has(slot)));
    const rest = groups.filter((group) => !joined.includes(group));
    const all = new Set([...joined.flatMap((group) => [...group.slots]), ...slots]);
    groups = [...rest, { places: [...joined.flatMap((group) => group.places), at], slots: all }];
  }
  return groups.map((group) => group.places);
}

/** Fields a row looks at: those of its conditions, and those its written values are made of. */
export function readsOf(row: RuleRow): readonly string[] {
  const reads = new Set(row.conditions.flatMap((condition) => condition.reads));
  for (const { action, params } of row.actions) {
    if (action !== 'set') continue;
    const part = actionNamed(action)!;
    const written = part.writes(params).map(({ field }) => field);
    for (const key of part.reads(params)) if (!written.includes(key)) reads.add(key);
  }
  return [...reads];
}

function compileRow(row: RuleRow, context: RuleContext): readonly CompiledCell[] {
  const language = cellContext(context);
  return row.conditions.map(({ field: key, test }): CompiledCell => {
    if (key === null) {
      const source = test.op === 'formula' ? test.source : '';
      const extra = compileExtra(source, context);
      return { field: null, holds: (_, scope) => extra.ok && extra.test(scope) };
    }
    const field = context.fields.find((each) => each.key === key);
    // A field that is gone holds nothing, and what was said about it cannot be judged.
    if (field === undefined) return { field: key, holds: () => false };
    return { field: key, holds: compileTest(test, cellColumn(field, context.locale), language) };
  });
}

function createMatcher(
  rows: readonly RuleRow[],
  cells: readonly (readonly CompiledCell[])[],
  context: RuleContext,
  isIndexing: boolean,
): Matcher {
  const all = fullBits(rows.length);
  const kinds = new Map<string, ValueKind>(context.fields.map((field) => [field.key, kindOf(field)]));
  const broken = new Set<number>();
  const guarded =
    (row: number, holds: Holds): Holds =>
    (value, scope) => {
      try {
        return holds(value, scope);
      } catch {
        broken.add(row);
        return false;
      }
    };
  const indexed = new Map<string, IndexedCell[]>();
  const rest: { readonly field: string | null; readonly holds: Holds }[][] = rows.map(() => []);
  for (const [row, conditions] of cells.entries()) {
    for (const [n, cell] of conditions.entries()) {
      const test = rows[row]!.conditions[n]!.test;
      const kind = cell.field === null ? undefined : kinds.get(cell.field);
      const holds = guarded(row, cell.holds);
      if (isIndexing && cell.field !== null && kind !== undefined && isIndexed(kind, test)) {
        const column = indexed.get(cell.field) ?? [];
        indexed.set(cell.field, column);
        column.push({ row, holds, test });
      } else rest[row]!.push({ field: cell.field, holds });
    }
  }
  const indexes: readonly ValueIndex[] = [...indexed]
    .sort(([, a], [, b]) => b.length - a.length)
    .map(([field, column]) => createIndex(field, kinds.get(field)!, column, all));
  const asked = rest.map((conditions) => (conditions.length === 0 ? null : conditions));
  const askedRows = emptyBits(rows.length);
  for (const [row, conditions] of asked.entries()) if (conditions !== null) addBit(askedRows, row);
  const found = emptyBits(rows.length);
  const words = found.length;
  let directory: RuleScope['directory'] | null = null;
  let timeZone = '';
  return {
    broken,
    match(active, scope) {
      if (broken.size > 0) broken.clear();
      if (directory !== scope.directory || timeZone !== scope.timeZone) {
        for (const index of indexes) index.forget();
        ({ directory, timeZone } = scope);
      }
      const { values } = scope;
      let left = 0;
      for (let word = 0; word < words; word++) left |= found[word] = active[word]!;
      for (let at = 0; at < indexes.length && left !== 0; at++) {
        const index = indexes[at]!;
        const possible = index.rows(values[index.field] ?? null, scope);
        left = 0;
        for (let word = 0; word < words; word++) left |= found[word]! &= possible[word]!;
      }
      if (left === 0) return NONE;
      if (shareBits(found, askedRows)) {
        for (const row of bitList(found)) {
          for (const { field, holds } of asked[row] ?? NONE) {
            if (holds(field === null ? null : (values[field] ?? null), scope)) continue;
            dropBit(found, row);
            break;
          }
        }
      }
      return bitList(found);
    },
  };
}

const NONE: readonly never[] = [];

/** Ids of the rows that match a record, whatever the event: for counts and comparisons. */
export function matchingRows({ rows, all, matcher }: CompiledRules, scope: RuleScope): readonly string[] {
  return matcher.match(all, scope).map((row) => rows[row]!.id);
}
