/**
 * What stands around cells, on the wire: tabs, dropdowns, colours by value, protections, people. Plain functions like
 * `feishu-api.ts`, and the same rule: indexes of ours count from 0 with both ends, whatever the endpoint wants.
 */
import type { CellRange } from '../../src/model/cell.ts';
import { parseRange } from '../feishu-api.ts';
import type { FeishuCall } from './app.ts';

const v2 = (token: string): string => `/open-apis/sheets/v2/spreadsheets/${token}`;

/** Titles a tab may have; a bad one is answered with success and not used. */
export function isTitle(title: string): boolean {
  return title !== '' && title.length <= 100 && !/[/\\?*[\]:]/.test(title);
}

/** Changes of a tab that are no cells. Zero frozen lines unfreeze. */
export interface SheetChange {
  readonly sheetId: string;
  readonly title?: string;
  readonly hidden?: boolean;
  readonly frozenRowCount?: number;
  readonly frozenColCount?: number;
}

export function addSheetsCall(
  token: string,
  sheets: readonly { readonly title: string; readonly index: number }[],
): FeishuCall {
  const requests = sheets.map((properties) => ({ addSheet: { properties } }));
  return { method: 'POST', path: `${v2(token)}/sheets_batch_update`, data: { requests }, writes: true };
}

export function updateSheetsCall(token: string, changes: readonly SheetChange[]): FeishuCall {
  const requests = changes.map((properties) => ({ updateSheet: { properties } }));
  return {
    method: 'POST',
    path: `${v2(token)}/sheets_batch_update`,
    params: { user_id_type: 'open_id' },
    data: { requests },
    writes: true,
  };
}

/** A dropdown over cells; at most 500 options of 100 characters, none with a comma. */
export interface Dropdown {
  readonly options: readonly string[];
  readonly ranges: readonly CellRange[];
}

export function dropdownsCall(token: string, range: string): FeishuCall {
  return {
    method: 'GET',
    path: `${v2(token)}/dataValidation`,
    params: { range, dataValidationType: 'list' },
    writes: false,
  };
}

export function parseDropdowns(data: unknown): Dropdown[] {
  const { dataValidations = [] } = data as {
    readonly dataValidations?: readonly {
      readonly conditionValues?: readonly unknown[];
      readonly ranges?: readonly unknown[];
    }[];
  };
  return dataValidations.map(({ conditionValues = [], ranges = [] }) => ({
    options: conditionValues.map(String),
    ranges: ranges.flatMap((range) => parseRange(range) ?? []),
  }));
}

export function setDropdownCall(token: string, range: string, options: readonly string[]): FeishuCall {
  return {
    method: 'POST',
    path: `${v2(token)}/dataValidation`,
    data: {
      range,
      dataValidationType: 'list',
      dataValidation: { conditionValues: options, options: { multipleValues: false, highlightValidData: false } },
    },
    writes: true,
  };
}

/** A rule that colours cells by what they say. */
export interface ColourRule {
  readonly type: string;
  readonly operator: string;
  readonly text: string;
  readonly columns: readonly [left: number, right: number];
  readonly style: { readonly bold: boolean; readonly fore: string | null; readonly back: string | null };
}

export function coloursCall(token: string, sheetIds: readonly string[]): FeishuCall {
  return {
    method: 'GET',
    path: `${v2(token)}/condition_formats`,
    params: { sheet_ids: sheetIds.join(',') },
    writes: false,
  };
}

interface WireColour {
  readonly sheet_id?: string;
  readonly condition_format?: {
    readonly ranges?: readonly string[];
    readonly rule_type?: string;
    readonly attrs?: readonly { readonly operator?: string; readonly text?: string }[];
    readonly style?: {
      readonly font?: { readonly bold?: boolean };
      readonly fore_color?: string;
      readonly back_color?: string;
    };
  };
}

/** The rules of each tab, those of people too. */
export function parseColours(data: unknown): { readonly sheetId: string; readonly rule: ColourRule }[] {
  const { sheet_condition_formats: list = [] } = data as { readonly sheet_condition_formats?: readonly WireColour[] };
  return list.flatMap(({ sheet_id: sheetId, condition_format: format }) => {
    if (sheetId === undefined || format === undefined) return [];
    const [attr] = format.attrs ?? [];
    const rule: ColourRule = {
      type: format.rule_type ?? '',
      operator: attr?.operator ?? '',
      text: attr?.text ?? '',
      columns: columnsOf(format.ranges?.[0] ?? ''),
      style: {
        bold: format.style?.font?.bold === true,
        fore: format.style?.fore_color?.toLowerCase() ?? null,
        back: format.style?.back_color?.toLowerCase() ?? null,
      },
    };
    return [{ sheetId, rule }];
  });
}

/** `s!C2:C`, `s!C2:C200`, `s!C:C`; the end may be left open. */
function columnsOf(range: string): readonly [number, number] {
  const found = /!([A-Z]+)\d*:([A-Z]+)\d*$/.exec(range);
  const place = found === null ? null : parseRange(`!${found[1]}1:${found[2]}1`);
  return place === null ? [-1, -1] : [place.left, place.right];
}

export function addColoursCall(
  token: string,
  rules: readonly { readonly sheetId: string; readonly rule: ColourRule; readonly range: string }[],
): FeishuCall {
  const formats = rules.map(({ sheetId, rule, range }) => ({
    sheet_id: sheetId,
    condition_format: {
      ranges: [range],
      rule_type: rule.type,
      attrs: [{ operator: rule.operator, text: rule.text }],
      style: {
        ...(rule.style.bold ? { font: { bold: true } } : {}),
        ...(rule.style.fore === null ? {} : { fore_color: rule.style.fore }),
        ...(rule.style.back === null ? {} : { back_color: rule.style.back }),
      },
    },
  }));
  return {
    method: 'POST',
    path: `${v2(token)}/condition_formats/batch_create`,
    data: { sheet_condition_formats: formats },
    writes: true,
  };
}

/** How many of the rules were refused: the reply as a whole says success all the same. */
export function refusedColours(data: unknown): number {
  const { responses = [] } = data as { readonly responses?: readonly { readonly res_code?: number }[] };
  return responses.filter(({ res_code: code }) => code !== undefined && code !== 0).length;
}

export interface NewProtection {
  readonly sheetId: string;
  readonly first: number;
  readonly last: number;
  /** open_ids; the app itself may always. */
  readonly users: readonly string[];
  readonly note: string;
}

/** Locks whole columns. The endpoint counts from 1, ends included. */
export function protectCall(token: string, columns: readonly NewProtection[]): FeishuCall {
  return {
    method: 'POST',
    path: `${v2(token)}/protected_dimension`,
    params: { user_id_type: 'open_id' },
    data: {
      addProtectedDimension: columns.map(({ sheetId, first, last, users, note }) => ({
        dimension: { sheetId, majorDimension: 'COLUMNS', startIndex: first + 1, endIndex: last + 1 },
        users,
        lockInfo: note,
      })),
    },
    writes: true,
  };
}

/** Who may edit; at most five protections a call. */
export function editorsCall(token: string, protectIds: readonly string[]): FeishuCall {
  return {
    method: 'GET',
    path: `${v2(token)}/protected_range_batch_get`,
    params: { protectIds: protectIds.join(','), memberType: 'openId' },
    writes: false,
  };
}

export function parseEditors(data: unknown): ReadonlyMap<string, readonly string[]> {
  const { protectedRanges = [] } = data as {
    readonly protectedRanges?: readonly {
      readonly protectId?: string;
      readonly editors?: { readonly users?: readonly { readonly memberId?: string }[] };
    }[];
  };
  return new Map(
    protectedRanges.map(({ protectId = '', editors }) => [
      protectId,
      (editors?.users ?? []).flatMap(({ memberId }) => memberId ?? []),
    ]),
  );
}

export function addEditorsCall(token: string, protectId: string, users: readonly string[]): FeishuCall {
  const addEditors = users.map((memberId) => ({ memberType: 'openId', memberId }));
  return {
    method: 'POST',
    path: `${v2(token)}/protected_range_batch_update`,
    data: { requests: [{ protectId, editors: { addEditors } }] },
    writes: true,
  };
}

export function unprotectCall(token: string, protectIds: readonly string[]): FeishuCall {
  return {
    method: 'DELETE',
    path: `${v2(token)}/protected_range_batch_del`,
    data: { protectIds },
    writes: true,
  };
}
