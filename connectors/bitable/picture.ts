/**
 * A table as it was read at one revision, and the ones that are remembered. The one rule: what stands here belongs to a
 * revision and is never changed; another revision is another picture.
 *
 * Pictures make row references survive: a push planned on an older one still knows which record each row was, and what
 * its cells said. They also spare reading: by the vendor's word a table's revision goes up with every change of it, so a
 * table at a known revision is known, unless it shows values of other tables.
 */
import { createHash } from 'node:crypto';
import type { CellValue, Grid } from '../../src/model/cell.ts';
import type { WireRecord, WireTable } from '../bitable-api.ts';
import type { Version } from '../connector.ts';
import type { Field } from './field.ts';
import { editorOf } from './people.ts';
import { readCell } from './read-cell.ts';

export interface Picture {
  readonly table: WireTable;
  /** In the order of columns. */
  readonly fields: readonly Field[];
  /** Of every record, also of blank ones at the end: record `n` is row `n + 1`. */
  readonly recordIds: readonly string[];
  readonly grid: Grid;
  /** Who changed each row of the grid last. */
  readonly editors: readonly (string | null)[];
  /** Who changed any record last. */
  readonly lastEdit: { readonly atMs: number; readonly name: string | null };
  /** Values of other tables may show: they change without a new revision. */
  readonly looksElsewhere: boolean;
}

/** The picture of a table: field names as row 0, a record a row. */
export function pictureOf(
  table: WireTable,
  fields: readonly Field[],
  records: readonly WireRecord[],
  timeZone: string,
): Picture {
  const rows: (readonly CellValue[])[] = [fields.map(({ name }) => name)];
  const editors: (string | null)[] = [null];
  let lastEdit: Picture['lastEdit'] = { atMs: 0, name: null };
  let used = 1;
  for (const record of records) {
    const cells = rowOf(fields, record, timeZone);
    rows.push(cells.row);
    if (cells.isUsed) used = rows.length;
    const name = editorOf(record);
    editors.push(name);
    const atMs = record.last_modified_time ?? 0;
    if (atMs > lastEdit.atMs) lastEdit = { atMs, name };
  }
  return {
    table,
    fields,
    recordIds: records.map(({ record_id }) => record_id),
    grid: { tab: table.name, rows: rows.slice(0, used), merges: [] },
    editors: editors.slice(0, used),
    lastEdit,
    looksElsewhere: fields.some(({ kind }) => kind === 'formula'),
  };
}

/** A record is used when a person or we filled something in; one that holds only what the base computes is a blank row. */
function rowOf(fields: readonly Field[], record: WireRecord, timeZone: string) {
  const row: CellValue[] = [];
  let isUsed = false;
  let width = 0;
  for (const [column, field] of fields.entries()) {
    const value = record.fields[field.name];
    const cell = readCell(field, value, timeZone);
    const isEmpty = field.isComputed ? cellIsBlank(cell) : cell === null;
    if (!isEmpty && !field.isComputed) isUsed = true;
    row.push(cell);
    if (!isEmpty) width = column + 1;
  }
  return { row: isUsed ? row.slice(0, width) : [], isUsed };
}

function cellIsBlank(cell: CellValue): boolean {
  return typeof cell === 'object' && cell?.kind === 'formula' && cell.result === null;
}

/** Revisions of a table that are kept: a push is planned on the last or the one before; more are for slow callers. */
const PICTURES_A_TABLE = 3;
const VERSIONS = 32;

/** Equal tables, equal token: every change of a record, a field, a table's name or of which tables there are shows. */
export function versionOf(tables: readonly WireTable[]): Version {
  const told = tables.map(({ table_id, name, revision }) => [table_id, name, revision]);
  return createHash('sha256').update(JSON.stringify(told)).digest('base64url').slice(0, 27);
}

/**
 * The changes of all tables, counted: it grows with each of them. When a table is deleted it falls, once; a reader that
 * doubts a falling count looks again and finds it so.
 */
export function revisionOf(tables: readonly WireTable[]): number {
  return tables.reduce((sum, { revision }) => sum + revision, 0);
}

/** What this process has seen of a base. */
export class Album {
  readonly #versions = new Map<Version, readonly WireTable[]>();
  readonly #pictures = new Map<string, readonly Picture[]>();

  /** Remembers which tables a version stands for. */
  note(tables: readonly WireTable[]): Version {
    const version = versionOf(tables);
    this.#versions.delete(version);
    this.#versions.set(version, tables);
    if (this.#versions.size > VERSIONS) this.#versions.delete(this.#versions.keys().next().value!);
    return version;
  }

  keep(picture: Picture): void {
    const { table_id, revision } = picture.table;
    const others = (this.#pictures.get(table_id) ?? []).filter(({ table }) => table.revision !== revision);
    this.#pictures.set(table_id, [picture, ...others].slice(0, PICTURES_A_TABLE));
  }

  /** The tables of a version this process has seen, or null. */
  tablesOf(version: Version): readonly WireTable[] | null {
    return this.#versions.get(version) ?? null;
  }

  /** The picture of a table at the revision given, or null. */
  at({ table_id, revision }: WireTable): Picture | null {
    return this.#pictures.get(table_id)?.find(({ table }) => table.revision === revision) ?? null;
  }
}
