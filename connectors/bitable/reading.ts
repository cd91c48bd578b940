/**
 * Reading a base: its tables in one call, and whole tables page by page. The one rule: a table comes whole and of one
 * revision, or not at all; pages that people changed in between are read again, a few times.
 */
import {
  appCall,
  fieldsCall,
  PAGE_RECORDS,
  type Page,
  readIsAdvanced,
  readPage,
  searchCall,
  tablesCall,
  type WireField,
  type WireRecord,
  type WireTable,
} from '../bitable-api.ts';
import type { FeishuApp, FeishuCall } from '../feishu/app.ts';
import { codeIn, isGone, recordsHidden, stillChanging, TOO_LARGE_REPLY } from './faults.ts';
import { inOrder } from './field.ts';
import type { People } from './people.ts';
import { type Album, type Picture, pictureOf } from './picture.ts';

/** A base as one connector sees it. */
export interface Base {
  readonly app: FeishuApp;
  readonly token: string;
  readonly timeZone: string;
  readonly people: People;
  readonly album: Album;
}

export interface Reading {
  /** All tables of the base, as they stood when the pictures were taken. */
  readonly tables: readonly WireTable[];
  /** By table id. */
  readonly pictures: ReadonlyMap<string, Picture>;
}

const TRIES = 3;

/** All tables with their revisions: what tells whether anything changed. One call. */
export async function listTables({ app, token }: Base): Promise<readonly WireTable[]> {
  return everyPage<WireTable>(app, (next) => tablesCall(token, next));
}

/** All fields of a table, in the vendor's order. */
export async function listFields({ app, token }: Base, { table_id }: WireTable): Promise<readonly WireField[]> {
  return everyPage<WireField>(app, (next) => fieldsCall(token, table_id, next));
}

/**
 * Pictures of the tables that `wanted` picks. `known`: the tables as they were a moment ago, to save a call. Throws
 * `RetryableError` `bitable-changing` when people were faster every time.
 */
export async function readTables(
  base: Base,
  wanted: (table: WireTable) => boolean,
  known?: readonly WireTable[],
): Promise<Reading> {
  let tables = known ?? (await listTables(base));
  for (let attempt = 0; attempt < TRIES; attempt++) {
    const chosen = tables.filter(wanted);
    const missing = chosen.filter((table) => isUnknown(base, table));
    if (missing.length === 0) return { tables, pictures: picturesOf(base, chosen) };
    const taken = await readAll(base, missing);
    const after = await listTables(base);
    const isOfOneRevision = taken !== null && chosen.every((table) => after.some((other) => isSame(table, other)));
    if (isOfOneRevision && after.filter(wanted).length === chosen.length) {
      for (const picture of taken) base.album.keep(picture);
      return { tables: after, pictures: picturesOf(base, chosen) };
    }
    tables = after;
  }
  throw stillChanging();
}

function isUnknown({ album }: Base, table: WireTable): boolean {
  const picture = album.at(table);
  return picture === null || picture.looksElsewhere;
}

function isSame(one: WireTable, other: WireTable): boolean {
  return one.table_id === other.table_id && one.revision === other.revision && one.name === other.name;
}

function picturesOf({ album }: Base, tables: readonly WireTable[]): ReadonlyMap<string, Picture> {
  return new Map(tables.map((table) => [table.table_id, album.at(table)!]));
}

/** Null when a table went away meanwhile. */
async function readAll(base: Base, tables: readonly WireTable[]): Promise<readonly Picture[] | null> {
  const pictures: Picture[] = [];
  try {
    for (const table of tables) pictures.push(await readTable(base, table));
  } catch (error) {
    if (isGone(error)) return null;
    throw error;
  }
  return pictures;
}

async function readTable(base: Base, table: WireTable): Promise<Picture> {
  const { app, token, timeZone, people } = base;
  const wire = await listFields(base, table);
  const records = await readRecords(base, table.table_id);
  // A search that may not see the records succeeds and brings none (vendor's FAQ 4).
  if (records.length === 0 && readIsAdvanced(await app.call(appCall(token)))) throw recordsHidden(table.name);
  const fields = inOrder(wire);
  people.learn(fields, records);
  return pictureOf(table, fields, records, timeZone);
}

/** Pages get smaller, from the first record on, when one would be larger than the vendor sends. */
async function readRecords({ app, token }: Base, table: string): Promise<readonly WireRecord[]> {
  for (let size = PAGE_RECORDS; ; size = Math.ceil(size / 4)) {
    try {
      return await everyPage<WireRecord>(app, (next) => searchCall(token, table, next, size));
    } catch (error) {
      if (codeIn(error) !== TOO_LARGE_REPLY || size === 1) throw error;
    }
  }
}

async function everyPage<T>(app: FeishuApp, ask: (next: string | null) => FeishuCall): Promise<readonly T[]> {
  const all: T[] = [];
  let next: string | null = null;
  do {
    const page: Page<T> = readPage<T>(await app.call(ask(next)));
    all.push(...page.items);
    next = page.next;
  } while (next !== null);
  return all;
}
