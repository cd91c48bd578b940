/**
 * Feishu sheets on the wire: requests as plain data, replies as our own shapes. No network in here. The one rule: every
 * index that leaves or enters this file is counted from 0 with both ends included, whatever the endpoint counts
 * (insert from 0 without the end, size and protect from 1, v2 merges by start and count).
 */
import { type CellRange, columnLetters } from '../src/model/cell.ts';
import type { FeishuCall } from './feishu/app.ts';

/** Where a document's address leads: a spreadsheet, or a page of a wiki that holds one. Null for any other address. */
export interface SheetPlace {
  readonly kind: 'sheets' | 'wiki';
  readonly token: string;
}

/** `https://x.feishu.cn/sheets/<token>?sheet=...`, `https://x.feishu.cn/wiki/<node>`. What follows the token is ignored. */
export function placeOfAddress(address: string): SheetPlace | null {
  if (!URL.canParse(address)) return null;
  const found = /^\/(sheets|wiki)\/([A-Za-z0-9_-]{8,64})(?:\/|$)/.exec(new URL(address).pathname);
  return found === null ? null : { kind: found[1] as SheetPlace['kind'], token: found[2] as string };
}

export interface Protection {
  readonly id: string;
  readonly axis: 'ROWS' | 'COLUMNS' | 'ALL';
  readonly first: number;
  readonly last: number;
  readonly note: string;
}

/** A tab as `metainfo` tells of it. */
export interface SheetMeta {
  readonly id: string;
  readonly title: string;
  readonly rowCount: number;
  readonly columnCount: number;
  readonly frozenRows: number;
  readonly frozenColumns: number;
  readonly merges: readonly CellRange[];
  readonly protections: readonly Protection[];
  /** An embedded 多维表格, or another thing that is no grid of cells. */
  readonly isForeign: boolean;
}

export interface WorkbookMeta {
  readonly title: string;
  /** One counter for the whole workbook, one more with every change by anybody. */
  readonly revision: number;
  readonly sheets: readonly SheetMeta[];
}

const v2 = (token: string): string => `/open-apis/sheets/v2/spreadsheets/${token}`;
const v3 = (token: string): string => `/open-apis/sheets/v3/spreadsheets/${token}`;

/** Revision, tabs, sizes, merges and protections in one call (the "historic" endpoint, the only one that has them all). */
export function metaCall(token: string): FeishuCall {
  return {
    method: 'GET',
    path: `${v2(token)}/metainfo`,
    params: { extFields: 'protectedRange', user_id_type: 'open_id' },
    writes: false,
  };
}

interface MetaReply {
  readonly properties?: { readonly title?: string; readonly revision?: number };
  readonly sheets?: readonly {
    readonly sheetId: string;
    readonly title: string;
    readonly rowCount?: number;
    readonly columnCount?: number;
    readonly frozenRowCount?: number;
    readonly frozenColCount?: number;
    readonly merges?: readonly {
      readonly startRowIndex: number;
      readonly startColumnIndex: number;
      readonly rowCount: number;
      readonly columnCount: number;
    }[];
    readonly protectedRange?: readonly {
      readonly protectId: string;
      readonly lockInfo?: string;
      readonly dimension?: {
        readonly startIndex?: number;
        readonly endIndex?: number;
        readonly majorDimension?: string;
      };
    }[];
    readonly blockInfo?: { readonly blockType?: string };
  }[];
}

export function parseMeta(data: unknown): WorkbookMeta {
  const { properties, sheets = [] } = data as MetaReply;
  return {
    title: properties?.title ?? '',
    revision: properties?.revision ?? -1,
    sheets: sheets.map((sheet) => ({
      id: sheet.sheetId,
      title: sheet.title,
      rowCount: sheet.rowCount ?? 0,
      columnCount: sheet.columnCount ?? 0,
      frozenRows: sheet.frozenRowCount ?? 0,
      frozenColumns: sheet.frozenColCount ?? 0,
      merges: (sheet.merges ?? []).map((merge) => ({
        top: merge.startRowIndex,
        left: merge.startColumnIndex,
        bottom: merge.startRowIndex + merge.rowCount - 1,
        right: merge.startColumnIndex + merge.columnCount - 1,
      })),
      protections: (sheet.protectedRange ?? []).map(({ protectId, lockInfo, dimension }) => ({
        id: protectId,
        axis:
          dimension?.majorDimension === 'ROWS' || dimension?.majorDimension === 'COLUMNS'
            ? dimension.majorDimension
            : 'ALL',
        first: (dimension?.startIndex ?? 1) - 1,
        last: (dimension?.endIndex ?? 1) - 1,
        note: lockInfo ?? '',
      })),
      isForeign: sheet.blockInfo !== undefined && sheet.blockInfo !== null,
    })),
  };
}

/** Tabs in order with what `metainfo` does not tell: whether they are hidden. */
export function tabsCall(token: string): FeishuCall {
  return { method: 'GET', path: `${v3(token)}/sheets/query`, writes: false };
}

export interface QueriedTab {
  readonly id: string;
  readonly title: string;
  readonly hidden: boolean;
  readonly isForeign: boolean;
}

export function parseTabs(data: unknown): QueriedTab[] {
  const { sheets = [] } = data as {
    readonly sheets?: readonly {
      readonly sheet_id: string;
      readonly title: string;
      readonly index: number;
      readonly hidden?: boolean;
      readonly resource_type?: string;
    }[];
  };
  return [...sheets]
    .sort((a, b) => a.index - b.index)
    .map((sheet) => ({
      id: sheet.sheet_id,
      title: sheet.title,
      hidden: sheet.hidden === true,
      isForeign: (sheet.resource_type ?? 'sheet') !== 'sheet',
    }));
}

/** The document a page of a wiki holds. */
export function nodeCall(node: string): FeishuCall {
  return { method: 'GET', path: '/open-apis/wiki/v2/spaces/get_node', params: { token: node }, writes: false };
}

export function parseNode(data: unknown): { readonly token: string; readonly type: string } {
  const { node } = data as { readonly node?: { readonly obj_token?: string; readonly obj_type?: string } };
  return { token: node?.obj_token ?? '', type: node?.obj_type ?? '' };
}

/** A range as the vendor writes it. */
export function rangeText(sheetId: string, { top, left, bottom, right }: CellRange): string {
  return `${sheetId}!${columnLetters(left)}${top + 1}:${columnLetters(right)}${bottom + 1}`;
}

/** The cells of `s!A1:B5`; null for anything else. */
export function parseRange(text: unknown): CellRange | null {
  const found = /!([A-Z]+)(\d+)(?::([A-Z]+)(\d+))?$/.exec(String(text));
  if (found === null) return null;
  const [, left, top, right = left, bottom = top] = found;
  return {
    top: Number(top) - 1,
    left: columnOf(left as string),
    bottom: Number(bottom) - 1,
    right: columnOf(right as string),
  };
}

function columnOf(letters: string): number {
  let column = 0;
  for (const letter of letters) column = column * 26 + letter.charCodeAt(0) - 64;
  return column - 1;
}

/**
 * `values`: results of formulas, dates as they are shown. `sources`: formulas as their text, dates as serial numbers,
 * everything else the same. Both together tell value, formula and date apart (see `feishu/cells.ts`). The option for
 * dates goes with the calculated reading only: the document says of it that it calculates, and a formula that came back
 * as its result would be taken for a value and written over.
 */
export type Reading = 'values' | 'sources';

export function readCall(token: string, ranges: readonly string[], reading: Reading): FeishuCall {
  return {
    method: 'GET',
    path: `${v2(token)}/values_batch_get`,
    params: {
      ranges: ranges.join(','),
      user_id_type: 'open_id',
      ...(reading === 'values'
        ? { valueRenderOption: 'UnformattedValue', dateTimeRenderOption: 'FormattedString' }
        : { valueRenderOption: 'Formula' }),
    },
    writes: false,
  };
}

/** Values of each range, in the order asked, with every revision the reply names. */
export interface ReadReply {
  readonly revisions: readonly number[];
  readonly blocks: readonly (readonly (readonly unknown[])[])[];
}

export function parseRead(data: unknown): ReadReply {
  const { revision, valueRanges = [] } = data as {
    readonly revision?: number;
    readonly valueRanges?: readonly { readonly revision?: number; readonly values?: readonly (readonly unknown[])[] }[];
  };
  const told = [revision, ...valueRanges.map((block) => block.revision)];
  return {
    revisions: [...new Set(told.filter((each) => each !== undefined))],
    blocks: valueRanges.map(({ values }) => values ?? []),
  };
}

export interface Block {
  readonly range: string;
  readonly values: readonly (readonly unknown[])[];
}

/** Cells of any tabs in one write. */
export function writeCall(token: string, blocks: readonly Block[]): FeishuCall {
  return { method: 'POST', path: `${v2(token)}/values_batch_update`, data: { valueRanges: blocks }, writes: true };
}

/** Rows below the range's first blank cell; what stands below moves down instead of being overwritten. */
export function appendCall(token: string, block: Block): FeishuCall {
  return {
    method: 'POST',
    path: `${v2(token)}/values_append`,
    params: { insertDataOption: 'INSERT_ROWS' },
    data: { valueRange: block },
    writes: true,
  };
}

/** The revision a reply names; null where the endpoint tells none. */
export function revisionOf(data: unknown): number | null {
  const { revision, updates } = data as {
    readonly revision?: unknown;
    readonly updates?: { readonly revision?: unknown };
  };
  const told = revision ?? updates?.revision;
  return typeof told === 'number' ? told : null;
}

/** The cells an append filled; null when the reply does not say. */
export function landingOf(data: unknown): CellRange | null {
  const { updates } = data as { readonly updates?: { readonly updatedRange?: unknown } };
  return parseRange(updates?.updatedRange);
}

/** Style members as the vendor names them; only those named are changed. */
export type WireStyle = Readonly<Record<string, unknown>>;

export interface Dressing {
  readonly ranges: readonly string[];
  readonly style: WireStyle;
}

export function styleCall(token: string, data: readonly Dressing[]): FeishuCall {
  return { method: 'PUT', path: `${v2(token)}/styles_batch_update`, data: { data }, writes: true };
}

export type Axis = 'ROWS' | 'COLUMNS';

/** Calls that give a grid the rows and columns it lacks, at most 5,000 each; none when it is large enough. */
export function growCalls(
  token: string,
  { id, rowCount, columnCount }: Pick<SheetMeta, 'id' | 'rowCount' | 'columnCount'>,
  { rows, columns }: { readonly rows: number; readonly columns: number },
): FeishuCall[] {
  const lacking = [
    ['ROWS', rows - rowCount],
    ['COLUMNS', columns - columnCount],
  ] as const;
  return lacking.flatMap(([majorDimension, count]) =>
    Array.from({ length: Math.ceil(Math.max(0, count) / MOST_LINES) }, (_, n): FeishuCall => {
      const length = Math.min(MOST_LINES, count - n * MOST_LINES);
      return {
        method: 'POST',
        path: `${v2(token)}/dimension_range`,
        data: { dimension: { sheetId: id, majorDimension, length } },
        writes: true,
      };
    }),
  );
}

const MOST_LINES = 5_000;

/** The size of rows or columns in pixels. The endpoint counts from 1, ends included. */
export function sizeCall(
  token: string,
  sheetId: string,
  majorDimension: Axis,
  [first, last]: readonly [number, number],
  pixels: number,
): FeishuCall {
  return {
    method: 'PUT',
    path: `${v2(token)}/dimension_range`,
    data: {
      dimension: { sheetId, majorDimension, startIndex: first + 1, endIndex: last + 1 },
      dimensionProperties: { visible: true, fixedSize: pixels },
    },
    writes: true,
  };
}

export function mergeCall(token: string, range: string): FeishuCall {
  return { method: 'POST', path: `${v2(token)}/merge_cells`, data: { range, mergeType: 'MERGE_ALL' }, writes: true };
}

export function unmergeCall(token: string, range: string): FeishuCall {
  return { method: 'POST', path: `${v2(token)}/unmerge_cells`, data: { range }, writes: true };
}
