/** Fields of a 多维表格: their types, how they come to be, and options that come with values. */
import type { FakeField, FakeTable } from '../feishu.ts';

export interface TableSeed {
  readonly name: string;
  /** The first is the primary one. `type` as the vendor numbers them: 1 text, 2 number, 3 single choice, 5 date ... */
  readonly fields: readonly {
    readonly name: string;
    readonly type: number;
    readonly uiType?: string;
    readonly property?: Readonly<Record<string, unknown>> | null;
  }[];
  /** By field name, as the API takes them. Values of formulas and lookups as they are read: `{type, value}`. */
  readonly records: readonly Readonly<Record<string, unknown>>[];
}

type NewId = (length: number) => string;

const UI_TYPES: Readonly<Record<number, string>> = {
  1: 'Text',
  2: 'Number',
  3: 'SingleSelect',
  4: 'MultiSelect',
  5: 'DateTime',
  7: 'Checkbox',
  11: 'User',
  13: 'Phone',
  15: 'Url',
  17: 'Attachment',
  18: 'SingleLink',
  19: 'Lookup',
  20: 'Formula',
  21: 'DuplexLink',
  22: 'Location',
  23: 'GroupChat',
  1001: 'CreatedTime',
  1002: 'ModifiedTime',
  1003: 'CreatedUser',
  1004: 'ModifiedUser',
  1005: 'AutoNumber',
};

export const isFieldType = (type: unknown): type is number => typeof type === 'number' && UI_TYPES[type] !== undefined;

export function newField(
  newId: NewId,
  { name, type, uiType, property }: TableSeed['fields'][number],
  isPrimary: boolean,
): FakeField {
  const options = (property as { options?: readonly { name: string; color?: number }[] } | null)?.options;
  const kept =
    type === 3 || type === 4
      ? {
          options: (options ?? []).map((option, n) => ({
            color: n % 55,
            ...option,
            id: `opt${newId(8)}`,
          })),
        }
      : (property ?? (type === 5 ? { auto_fill: false, date_formatter: 'yyyy/MM/dd' } : null));
  return {
    id: `fld${newId(8)}`,
    name: name.trim(),
    type,
    uiType: uiType ?? (UI_TYPES[type] as string),
    property: kept,
    isPrimary,
  };
}

/** A choice nobody knew becomes an option. */
export function learnOptions(newId: NewId, table: FakeTable, values: ReadonlyMap<string, unknown>): void {
  for (const field of table.fields) {
    const value = values.get(field.id);
    if ((field.type !== 3 && field.type !== 4) || value === undefined || value === null) continue;
    const { options } = field.property as unknown as { options: { name: string; id: string; color: number }[] };
    for (const name of (Array.isArray(value) ? value : [value]) as string[]) {
      if (options.some((option) => option.name === name)) continue;
      options.push({ name, id: `opt${newId(8)}`, color: options.length % 55 });
    }
  }
}
