/** Tickets, customers and rows of any other table: reading, locking, creating, changing. Whole batches, never row by row. */
import type { KeptRecord, RecordId } from '../model/record.ts';
import type { RecordDraft, RecordUpdate } from '../store.ts';
import { copyLine, plainLine } from './copy-text.ts';
import { numberMaker, takeIds } from './numbers.ts';
import {
  columnValue,
  dayFields,
  decodeRecord,
  type KeptValues,
  keptText,
  keptValues,
  quoted,
  type RecordShape,
  restValues,
  shapeOf,
} from './record-shape.ts';
import { idArray, literal, type Param, type Sql, storableJson, type Transaction, textArray } from './sql.ts';

/** Records by id, tombstones included, in id order; unknown ids are absent. With `lock` they stay as they are until the transaction ends. */
export async function selectRecords(
  sql: Sql,
  table: string,
  ids: readonly RecordId[],
  lock = false,
): Promise<Map<RecordId, KeptRecord>> {
  if (ids.length === 0) return new Map();
  const found = await select(sql, table, `id = any(${literal(idArray(ids))}::bigint[])`, lock);
  return new Map(found.map((record) => [record.id, record]));
}

/** Records by the number people see. */
export async function findRecords(
  sql: Sql,
  table: string,
  numbers: readonly string[],
): Promise<Map<string, KeptRecord>> {
  if (numbers.length === 0) return new Map();
  const column = quoted(shapeOf(table).numberColumn);
  const found = await select(sql, table, `${column} = any(${literal(textArray(numbers))}::text[])`);
  return new Map(found.map((record) => [record.number, record]));
}

/** All records of a table that are not deleted, oldest first. */
export async function listRecords(sql: Sql, table: string): Promise<readonly KeptRecord[]> {
  return await select(sql, table, 'deleted_at is null');
}

/** Records with an id from `from` to `to`, tombstones included. */
export async function recordRange(
  sql: Sql,
  table: string,
  from: RecordId,
  to: RecordId,
): Promise<readonly KeptRecord[]> {
  return await select(sql, table, `id between ${from} and ${to}`);
}

async function select(sql: Sql, table: string, where: string, lock = false): Promise<KeptRecord[]> {
  const shape = shapeOf(table);
  const condition = shape.only === null ? where : `${shape.only} and ${where}`;
  const lines = await sql.copyOut(
    `select ${shape.selectList} from ${shape.sqlTable} where ${condition} order by id${lock ? ' for update' : ''}`,
  );
  return lines.map((line) => decodeRecord(table, shape, line));
}

/** New records in the order of the drafts; ids and numbers are taken in one block per table. */
export async function insertRecords(
  tx: Transaction,
  drafts: readonly RecordDraft[],
  secret: string,
): Promise<readonly KeptRecord[]> {
  const created = new Array<KeptRecord>(drafts.length);
  const places = groupBy(drafts.keys(), (place) => drafts[place]!.table);
  // Every transaction takes the counters in the same order, so that no two wait for each other.
  for (const table of [...places.keys()].sort()) {
    const ofTable = places.get(table)!;
    const shape = shapeOf(table);
    const numberOf = numberMaker(secret, table, shape.numberPrefix);
    let id = await takeIds(tx, table, ofTable.length);
    const lines: string[] = [];
    const kept = ofTable.map((place) => keptText(drafts[place]!.values));
    const lineOf = lineMaker(table, shape, kept);
    ofTable.forEach((place, at) => {
      const { values } = kept[at]!;
      const record = { id, table, number: numberOf(id), revision: 1, values, deletedAt: null };
      created[place] = record;
      lines.push(lineOf.line(record, kept[at]!));
      id += 1;
    });
    await tx.copyIn(shape.sqlTable, lineOf.columns, lines);
  }
  return created;
}

interface LineMaker {
  readonly columns: readonly string[];
  line(record: KeptRecord, kept: KeptValues): string;
}

/** Lines of COPY with the columns that any of these records fills. */
function lineMaker(table: string, shape: RecordShape, all: readonly KeptValues[]): LineMaker {
  const { numberColumn, restColumn } = shape;
  const used = new Set<string>();
  for (const { values } of all) for (const key in values) used.add(key);
  const fields = [...shape.fields.values()].filter((field) => used.has(field.key));
  const hasRest = [...used].some((key) => !shape.fields.has(key));
  const hasInstant = shape.instants.some((key) => used.has(key));
  const own = restColumn === 'custom';
  const columns = own
    ? ['id', numberColumn, 'revision', 'custom', 'day_fields', ...fields.map((field) => field.key)]
    : ['table_name', 'id', numberColumn, 'revision', 'data'];
  return {
    columns: columns.map(quoted),
    line({ id, number, values }, { text, plain }) {
      if (!own) return copyLine([table, id, number, 1, text]);
      const rest = hasRest ? JSON.stringify(restValues(shape, values)) : '{}';
      const days = hasInstant ? textArray(dayFields(shape, values)) : '{}';
      const cells: Param[] = [id, number, 1, rest, days];
      for (const field of fields) cells.push(columnValue(field, values[field.key]));
      return plain ? plainLine(cells) : copyLine(cells);
    },
  };
}

/** Applies updates in order, revision + 1 each; returns the records as each update left them. An unknown id throws. */
export async function updateRecords(tx: Transaction, updates: readonly RecordUpdate[]): Promise<readonly KeptRecord[]> {
  const updated = new Array<KeptRecord>(updates.length);
  const places = groupBy(updates.keys(), (place) => updates[place]!.table);
  for (const [table, ofTable] of places) {
    const shape = shapeOf(table);
    const ids = ofTable.map((place) => updates[place]!.id);
    const current = await selectRecords(tx, table, ids, true);
    const touched = new Set<string>();
    for (const place of ofTable) {
      const { id, values, deletedAt } = updates[place]!;
      const record = current.get(id);
      if (record === undefined) throw new Error(`there is no record ${id} in ${table}`);
      for (const key of Object.keys(values)) if (shape.fields.has(key)) touched.add(key);
      const after: KeptRecord = {
        ...record,
        revision: record.revision + 1,
        values: keptValues({ ...record.values, ...values }),
        deletedAt: deletedAt === undefined ? record.deletedAt : deletedAt,
      };
      current.set(id, after);
      updated[place] = after;
    }
    await writeRecords(tx, shape, [...touched], [...current.values()]);
  }
  return updated;
}

async function writeRecords(tx: Transaction, shape: RecordShape, keys: string[], records: KeptRecord[]): Promise<void> {
  const rows = records.map(({ id, revision, deletedAt, values }) => {
    const rest = restValues(shape, values);
    const row: Record<string, unknown> = { id, revision, deleted_at: deletedAt, [shape.restColumn]: rest };
    if (shape.restColumn === 'custom') row.day_fields = dayFields(shape, values);
    for (const key of keys) row[key] = columnValue(shape.fields.get(key)!, values[key]);
    return row;
  });
  const types: [string, string][] = [
    ['revision', 'integer'],
    ['deleted_at', 'timestamptz'],
    [shape.restColumn, 'jsonb'],
    ...(shape.restColumn === 'custom' ? ([['day_fields', 'text[]']] as [string, string][]) : []),
    ...keys.map((key): [string, string] => [key, shape.fields.get(key)!.type.sql]),
  ];
  await tx.query(
    `update ${shape.sqlTable} t set ${types.map(([name]) => `${quoted(name)} = p.${quoted(name)}`).join()}
     from jsonb_to_recordset($1::text::jsonb) as p(id bigint, ${types.map(([name, type]) => `${quoted(name)} ${type}`).join()})
     where t.id = p.id${shape.only === null ? '' : ` and t.${shape.only}`}`,
    [storableJson(rows)],
  );
}

function groupBy<T>(items: Iterable<T>, keyOf: (item: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item]);
    else group.push(item);
  }
  return groups;
}
