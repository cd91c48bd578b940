/**
 * How a record lies in its table: standard fields of tickets and customers in columns of their own, everything else in
 * one JSON column. Pure: from values to what Postgres reads, and from what COPY prints back to values, unchanged.
 */
import type { Field, FieldValue } from '../model/field.ts';
import type { KeptRecord } from '../model/record.ts';
import { tableOf } from '../model/tables.ts';
import { isoInstant, literal, type Param, storable } from './sql.ts';

export type Values = Readonly<Record<string, FieldValue>>;

export interface RecordShape {
  /** The SQL table; `records` holds all tables without standard fields, told apart by `table_name`. */
  readonly sqlTable: string;
  /** A condition that picks the rows of this table, or null where the SQL table holds no others. */
  readonly only: string | null;
  readonly numberPrefix: string;
  readonly numberColumn: string;
  /** Standard fields by key. */
  readonly fields: ReadonlyMap<string, Field>;
  /** Keys of the standard fields that hold a moment. */
  readonly instants: readonly string[];
  /** The column of all other values. */
  readonly restColumn: 'custom' | 'data';
  /** The columns `decodeRecord` expects, in order, as a SELECT list. */
  readonly selectList: string;
}

const shapes = new Map<string, RecordShape>();

export function shapeOf(table: string): RecordShape {
  let shape = shapes.get(table);
  if (shape === undefined) {
    shape = createShape(table);
    shapes.set(table, shape);
  }
  return shape;
}

function createShape(table: string): RecordShape {
  const { fields, idField, numberPrefix } = tableOf(table);
  const own = fields.length > 0;
  const restColumn = own ? 'custom' : 'data';
  const columns = ['id', idField.key, 'revision', 'deleted_at', restColumn, ...(own ? ['day_fields'] : [])];
  return {
    sqlTable: own ? table : 'records',
    only: own ? null : `table_name = ${literal(table)}`,
    numberPrefix,
    numberColumn: idField.key,
    fields: new Map(fields.map((field) => [field.key, field])),
    instants: fields.filter((field) => field.type.sql === 'timestamptz').map((field) => field.key),
    restColumn,
    selectList: [...columns, ...fields.map((field) => field.key)].map(quoted).join(),
  };
}

/** A column name of ours in a statement. */
export function quoted(name: string): string {
  return `"${name}"`;
}

/** Values as they will read back: without nulls, texts as Postgres can keep them. */
export function keptValues(values: Values): Values {
  const kept: Record<string, FieldValue> = {};
  for (const key in values) {
    const value = values[key];
    if (value === null || value === undefined) continue;
    kept[key] = typeof value === 'string' ? storable(value) : value;
  }
  return kept;
}

/** Values as they will read back, and the JSON text of them. */
export interface KeptValues {
  readonly values: Values;
  readonly text: string;
  /** Nothing in the text, and so nothing in the values, is to be escaped in a line of COPY. */
  readonly plain: boolean;
}

/** Texts of values that were just kept: a new record's are wanted once for the record and once for its log. */
const texts = new WeakMap<Values, KeptValues>();

/**
 * `keptValues` with the text of the result. Nearly all values of an import are fit to be kept, and their text shows it
 * at one look: a null is written as `null`, what Postgres cannot keep as a `\u` escape.
 */
export function keptText(values: Values): KeptValues {
  const known = texts.get(values);
  if (known !== undefined) return known;
  const made = makeText(values);
  texts.set(made.values, made);
  return made;
}

function makeText(values: Values): KeptValues {
  const text = JSON.stringify(values);
  const plain = !text.includes('\\');
  if (plain ? !text.includes(':null') : !/:null|\\u/.test(text)) return { values, text, plain };
  const kept = keptValues(values);
  return { values: kept, text: JSON.stringify(kept), plain: false };
}

/** A value of a standard field as its column reads it. A day is ten characters long, an instant more. */
export function columnValue(field: Field, value: FieldValue | undefined): Param {
  if (value === undefined) return null;
  return field.type.sql === 'timestamptz' && (value as string).length === 10 ? `${value}T00:00:00.000Z` : value;
}

/** Keys of the fields that hold a moment but were given a day. */
export function dayFields(shape: RecordShape, values: Values): readonly string[] {
  return shape.instants.filter((key) => (values[key] as string | undefined)?.length === 10);
}

/** The values that have no column of their own. */
export function restValues(shape: RecordShape, values: Values): Values {
  const rest: Record<string, FieldValue> = {};
  for (const key in values) if (!shape.fields.has(key)) rest[key] = values[key]!;
  return rest;
}

/** A line of COPY output with the columns of `selectList` as a record. */
export function decodeRecord(table: string, shape: RecordShape, line: readonly (string | null)[]): KeptRecord {
  const values: Record<string, FieldValue> = {};
  let at = shape.restColumn === 'custom' ? 6 : 5;
  const days = shape.restColumn === 'custom' ? line[5]! : '{}';
  for (const [key, field] of shape.fields) {
    const text = line[at++]!;
    if (text !== null) values[key] = decodeValue(field, text, days);
  }
  if (line[4] !== '{}') Object.assign(values, JSON.parse(line[4]!));
  return {
    id: Number(line[0]),
    table,
    number: line[1]!,
    revision: Number(line[2]),
    values,
    deletedAt: line[3] === null ? null : isoInstant(line[3]!),
  };
}

function decodeValue(field: Field, text: string, days: string): FieldValue {
  switch (field.type.sql) {
    case 'numeric':
    case 'bigint':
      return Number(text);
    case 'boolean':
      return text === 't';
    case 'timestamptz':
      return days !== '{}' && days.slice(1, -1).split(',').includes(field.key) ? text.slice(0, 10) : isoInstant(text);
    default:
      return text;
  }
}
