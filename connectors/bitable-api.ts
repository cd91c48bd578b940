/**
 * The vendor's shapes of a base (多维表格, bitable v1): what is asked, as calls, and what is answered, as plain data. Nothing
 * here sends anything or decides anything; what a field's value means stands in `bitable/`.
 *
 * Source: open.feishu.cn, Server API, "多维表格" (app, app-table, app-table-field, app-table-record), read in 2025-11.
 */
import type { FeishuCall } from './feishu/app.ts';

/** Most records a write takes; all of them are done or none ("使用限制" of the overview). */
export const MOST_RECORDS = 1_000;
/** Largest page of `records/search`. */
export const PAGE_RECORDS = 500;
/** Largest page of tables and of fields. A base holds 100 tables and dashboards at most, a table 300 fields. */
const PAGE_ITEMS = 100;

export interface WireTable {
  readonly table_id: string;
  readonly name: string;
  /** From 1, one more with each update of the table: records, fields, its name. */
  readonly revision: number;
}

export interface WireOption {
  readonly id?: string;
  readonly name: string;
  readonly color?: number;
}

export interface WireField {
  readonly field_id: string;
  readonly field_name: string;
  readonly type: number;
  readonly ui_type?: string;
  readonly is_primary?: boolean;
  readonly description?: unknown;
  /** By type; null for the types that have none. */
  readonly property?: WireProperty | null;
}

export interface WireProperty {
  readonly options?: readonly WireOption[];
  readonly date_formatter?: string;
  readonly formatter?: string;
  readonly formula_expression?: string;
  readonly multiple?: boolean;
  readonly min?: number;
  readonly max?: number;
  readonly range_customize?: boolean;
  readonly type?: { readonly data_type?: number; readonly ui_property?: { readonly date_formatter?: string } };
  readonly [more: string]: unknown;
}

export interface WirePerson {
  readonly id?: string;
  readonly name?: string;
  readonly en_name?: string;
}

export interface WireRecord {
  readonly record_id: string;
  /** By field name; a field without a value is absent. */
  readonly fields: Readonly<Record<string, unknown>>;
  readonly created_by?: WirePerson;
  readonly last_modified_by?: WirePerson;
  /** Milliseconds since 1970. */
  readonly last_modified_time?: number;
}

/** A record to be changed; `record_id` is absent for one to be made. */
export interface WireChange {
  readonly record_id?: string;
  readonly fields: Readonly<Record<string, unknown>>;
}

/** A field to be made, or a field as it shall be: an update replaces all of `property`. */
export interface WireFieldPlan {
  readonly field_name: string;
  readonly type: number;
  readonly ui_type?: string;
  readonly property?: WireProperty | null;
  readonly description?: { readonly text: string; readonly disable_sync: boolean };
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Null on the last page. */
  readonly next: string | null;
}

const part = encodeURIComponent;
const base = (app: string): string => `/open-apis/bitable/v1/apps/${part(app)}`;
const tablePath = (app: string, table: string): string => `${base(app)}/tables/${part(table)}`;

/** Where a page of a knowledge base leads. */
export function nodeCall(node: string): FeishuCall {
  return { method: 'GET', path: '/open-apis/wiki/v2/spaces/get_node', params: { token: node }, writes: false };
}

/** What the node holds: its kind in the vendor's words (`bitable`, `sheet`, `docx` …) and its own token. */
export function readNode(data: unknown): { readonly kind: string; readonly token: string } {
  const node = (data as { node?: { obj_type?: string; obj_token?: string } }).node;
  return { kind: node?.obj_type ?? '', token: node?.obj_token ?? '' };
}

/** The base itself; told of it is only whether advanced permissions are on. */
export function appCall(app: string): FeishuCall {
  return { method: 'GET', path: base(app), writes: false };
}

export function readIsAdvanced(data: unknown): boolean {
  return (data as { app?: { is_advanced?: boolean } }).app?.is_advanced === true;
}

/** What people call the base. */
export function readAppName(data: unknown): string {
  return (data as { app?: { name?: string } }).app?.name ?? '';
}

export function tablesCall(app: string, next: string | null): FeishuCall {
  return { method: 'GET', path: `${base(app)}/tables`, params: paging(PAGE_ITEMS, next), writes: false };
}

export function fieldsCall(app: string, table: string, next: string | null): FeishuCall {
  return { method: 'GET', path: `${tablePath(app, table)}/fields`, params: paging(PAGE_ITEMS, next), writes: false };
}

/**
 * A page of records in the table's own order: no view, filter or sort, so that no person's view hides a record. A search
 * is a POST that changes nothing.
 */
export function searchCall(app: string, table: string, next: string | null, pageSize: number): FeishuCall {
  return {
    method: 'POST',
    path: `${tablePath(app, table)}/records/search`,
    params: { ...paging(pageSize, next), user_id_type: 'open_id' },
    data: { automatic_fields: true },
    writes: false,
  };
}

/** `clientToken` is a UUID of version 4: the vendor carries out calls with the same one once. */
export function createCall(
  app: string,
  table: string,
  records: readonly WireChange[],
  clientToken: string,
): FeishuCall {
  return {
    method: 'POST',
    path: `${tablePath(app, table)}/records/batch_create`,
    params: { user_id_type: 'open_id', client_token: clientToken },
    data: { records },
    writes: true,
  };
}

export function updateCall(app: string, table: string, records: readonly WireChange[]): FeishuCall {
  return {
    method: 'POST',
    path: `${tablePath(app, table)}/records/batch_update`,
    params: { user_id_type: 'open_id' },
    data: { records },
    writes: true,
  };
}

/** Ids of the records a creation made, in the order they were given. */
export function readCreated(data: unknown): readonly string[] {
  const records = (data as { records?: readonly { record_id?: string; id?: string }[] }).records ?? [];
  return records.map(({ record_id, id }) => record_id ?? id ?? '');
}

export function createTableCall(app: string, name: string, view: string, fields: readonly WireFieldPlan[]): FeishuCall {
  return {
    method: 'POST',
    path: `${base(app)}/tables`,
    data: { table: { name, default_view_name: view, fields } },
    writes: true,
  };
}

export function deleteTableCall(app: string, table: string): FeishuCall {
  return { method: 'DELETE', path: tablePath(app, table), writes: true };
}

export function readTableId(data: unknown): string {
  return (data as { table_id?: string }).table_id ?? '';
}

export function updateFieldCall(app: string, table: string, field: string, plan: WireFieldPlan): FeishuCall {
  return { method: 'PUT', path: `${tablePath(app, table)}/fields/${part(field)}`, data: plan, writes: true };
}

/** A page of any list. An answer without items is an empty page: the vendor leaves `items` out, or null. */
export function readPage<T>(data: unknown): Page<T> {
  const { items, has_more, page_token } = data as {
    items?: readonly T[] | null;
    has_more?: boolean;
    page_token?: string;
  };
  return { items: items ?? [], next: has_more === true && page_token ? page_token : null };
}

function paging(size: number, next: string | null): Readonly<Record<string, string | number>> {
  return { page_size: size, ...(next === null ? {} : { page_token: next }) };
}
