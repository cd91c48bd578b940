/** Which field a row of the 字段 tab is about: its table, its key and its type; and what earlier rows have taken. */
import { createHash } from 'node:crypto';
import { say } from '../../../messages/index.ts';
import type { Field, FieldType } from '../../../model/field.ts';
import { fieldTypes } from '../../../model/fields/index.ts';
import { normaliseHeader } from '../../../model/header.ts';
import { nearest } from '../../../model/nearest.ts';
import { tableOf, tables } from '../../../model/tables.ts';
import { plainText, wordKey } from '../../../model/typed.ts';
import type { NoteParams } from './note.ts';
import { shortened, type TabRow } from './row.ts';
import { nearestTypeName, typeNamed, typeNames } from './type-name.ts';

/** Keys a column of the team's own may have. */
const FIELD_KEY = /^(?!hint$)[a-z][a-z0-9_]{0,39}$/;

/** The table a row names: a standard one by any of its names, else one of the team's own; tickets when blank. */
export function readTable(row: TabRow): string {
  const typed = row.text('table');
  if (typed === '') return 'tickets';
  const names = new Map(
    Object.keys(tables).flatMap((table) => [
      [wordKey(table), table] as const,
      ...(['zh-CN', 'en'] as const).map((locale) => [wordKey(say(locale, `template-${table}-tab`)), table] as const),
    ]),
  );
  const known = names.get(wordKey(typed));
  if (known !== undefined) return known;
  const meant = nearest(typed, [...names.keys()]);
  if (meant !== null) row.note('warning', 'table', 'tab-table-near', { typed, meant });
  return typed;
}

/**
 * The standard field a row is about: by its key, else by its label, else by a header people use for it, which is told. A
 * label of another standard field is an error, because nobody could tell the two columns apart.
 */
export function readStandard(row: TabRow, table: string, label: string): Field | null {
  const { idField, fields } = tableOf(table);
  const all = [idField, ...fields];
  const key = row.text('key');
  const wanted = normaliseHeader(label);
  const named = all.find((field) => Object.values(field.label).some((text) => normaliseHeader(text) === wanted));
  if (key !== '') {
    const keyed = all.find((field) => field.key === key) ?? null;
    if (named !== undefined && named !== keyed) {
      row.note('error', 'label', 'tab-header-taken', { text: shortened(label), field: named.key });
    }
    return keyed;
  }
  if (named !== undefined) return named;
  const meant = all.find((field) => field.headers.some((text) => normaliseHeader(text) === wanted)) ?? null;
  if (meant !== null) row.note('warning', 'label', 'tab-field-meant', { label: shortened(label), field: meant.key });
  return meant;
}

/** The key of a field of the team's own; null after an error. A blank one is made from the label, always the same. */
export function readKey(row: TabRow, table: string, label: string): string | null {
  const key = row.text('key');
  if (FIELD_KEY.test(key)) {
    const meant = nearest(
      key,
      tableOf(table).fields.map((field) => field.key),
    );
    if (meant !== null) row.note('warning', 'key', 'tab-key-near', { key, meant });
    return key;
  }
  if (key !== '') {
    row.note('error', 'key', 'tab-key-form', { key: shortened(key) });
    return null;
  }
  const made = /^[a-z][a-z0-9_ ]{0,39}$/i.test(label)
    ? label.toLowerCase().replaceAll(' ', '_')
    : `f_${createHash('sha256').update(wordKey(label)).digest('hex').slice(0, 8)}`;
  // The key outlives the label, so it should stand in the tab before anybody renames the column.
  row.note('warning', 'key', 'tab-key-made', { key: made });
  return made;
}

/** The name of a type as a param of a note. */
export function typeParams(type: FieldType): NoteParams {
  const name = type.name.split(':', 1)[0] as keyof typeof fieldTypes;
  return { type: say('zh-CN', `type.${name}`), 'type-en': say('en', `type.${name}`) };
}

/** The type of a row; null after an error. */
export function readType(row: TabRow, standard: Field | null): FieldType | null {
  const typed = row.text('type');
  if (typed === '') return standard?.type ?? (row.isBlank('options') ? fieldTypes.text : fieldTypes.choice);
  const type = typeNamed(typed);
  if (type === undefined) {
    const meant = nearestTypeName(typed);
    if (meant === null)
      row.note('error', 'type', 'tab-type-unknown', {
        typed: shortened(typed),
        known: typeNames('zh-CN'),
        'known-en': typeNames('en'),
      });
    else row.note('error', 'type', 'tab-type-near', { typed, meant });
    return null;
  }
  if (standard !== null && (type.sql !== standard.type.sql || (type.computed && !standard.type.computed))) {
    row.note('error', 'type', 'tab-type-standard', { typed, field: standard.key, ...typeParams(standard.type) });
    return null;
  }
  return type;
}

/** What earlier rows have taken: a key, and every header text, each in its table. */
export class TakenFields {
  readonly #keys = new Map<string, number>();
  readonly #headers = new Map<string, string>();

  check(row: TabRow, { table, field }: { readonly table: string; readonly field: Field }): void {
    const id = JSON.stringify([table, field.key]);
    const earlier = this.#keys.get(id);
    if (earlier !== undefined) {
      row.note('error', row.isBlank('key') ? 'label' : 'key', 'tab-field-twice', {
        field: plainText(field.key),
        row: earlier + 1,
      });
      return;
    }
    this.#keys.set(id, row.row);
    for (const [text, isLabel] of [
      [row.text('label'), true] as const,
      ...row.words('headers', /[、,;|\n]/).map((each) => [each, false] as const),
    ]) {
      const header = JSON.stringify([table, normaliseHeader(text)]);
      const other = this.#headers.get(header);
      if (other !== undefined && other !== field.key) {
        row.note(isLabel ? 'error' : 'warning', isLabel ? 'label' : 'headers', 'tab-header-taken', {
          text: shortened(text),
          field: other,
        });
      } else this.#headers.set(header, field.key);
    }
  }
}
