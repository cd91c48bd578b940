/** Kept values as an operator reads them on a terminal: moments on the workspace's clock, durations in words. */
import type { WorkspaceFolder } from '../config/folder.ts';
import { rawText } from '../model/cell.ts';
import type { FieldValue } from '../model/field.ts';
import { fieldOf, tables } from '../model/tables.ts';
import { wallText } from '../model/wall-clock.ts';

/** A value of a field of any table; an unknown field's value as it is. */
export function shownValue(folder: WorkspaceFolder, key: string | null, value: unknown): string {
  if (value === null || value === undefined) return '';
  const { locale, timeZone } = folder.settings;
  const field = key === null ? undefined : Object.keys(tables).flatMap((table) => fieldOf(table, key) ?? [])[0];
  if (field === undefined) return String(value);
  const kept = value as Exclude<FieldValue, null>;
  return rawText(field.type.format(kept, { locale, timeZone, options: field.options, now: '' })).replace(
    /(\d\d:\d\d):\d\d$/,
    '$1',
  );
}

/** An instant on the workspace's clock, to the second. */
export function shownTime(folder: WorkspaceFolder, at: string): string {
  return wallText(Date.parse(at), folder.settings.timeZone, 'second');
}

/** A field's label in the workspace's language; the key when it has none. */
export function shownField(folder: WorkspaceFolder, key: string | null): string {
  if (key === null) return '';
  const field = Object.keys(tables).flatMap((table) => fieldOf(table, key) ?? [])[0];
  return field?.label[folder.settings.locale] ?? key;
}
