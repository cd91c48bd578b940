/** Typed values as case files write them, and what they are for us: kept values, cells, kinds of fields. */
import type { CellValue, DateCell } from '../../src/model/cell.ts';
import type { FieldValue, ValueKind } from '../../src/model/field.ts';
import { instantOf } from '../../src/model/wall-clock.ts';

/** `{"@date": "2026-01-02"}` and its kind, or a plain JSON value. */
export type CaseValue = null | string | number | boolean | readonly CaseValue[] | { readonly [tag: string]: CaseValue };

const KINDS: Readonly<Record<ValueKind, string>> = {
  text: 'text string str longtext phone email url link department team files time any',
  number: 'number num money amount integer int decimal percent currency rating float count',
  duration: 'duration timespan interval',
  date: 'date day',
  datetime: 'datetime pastdatetime timestamp instant moment dateandtime',
  boolean: 'boolean bool yesno checkbox',
  choice: 'choice enum select option singleselect singlechoice dropdown status priority',
  choices: 'choices multi multiselect multichoice multienum tags tag options',
  person: 'person user assignee',
  people: 'people users persons',
};

/** The kind that a type name of a case file means. Throws an Error for a name that means none. */
export function kindOf(type: string): ValueKind {
  const word = type.toLowerCase().replace(/[^a-z]/g, '');
  const found = (Object.keys(KINDS) as ValueKind[]).find((kind) => KINDS[kind].split(' ').includes(word));
  if (found === undefined) throw new Error(`no field type is called ${type}`);
  return found;
}

function tagOf(value: CaseValue): readonly [string, CaseValue] | null {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return null;
  const [entry] = Object.entries(value);
  return entry?.[0].startsWith('@') ? [entry[0].slice(1).toLowerCase(), entry[1]] : null;
}

/** Seconds of an ISO 8601 duration. */
export function isoSeconds(text: string): number {
  const part = /^(-?)P(?:(\d+)W)?(?:(\d+)D)?(?:T(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(text);
  if (!part) throw new Error(`${text} is no duration of days and time`);
  const [, sign, ...counts] = part;
  const seconds = [604_800, 86_400, 3600, 60, 1].reduce((sum, unit, i) => sum + unit * Number(counts[i] ?? 0), 0);
  return sign === '-' ? -seconds : seconds;
}

function wallMsOf(text: string): number {
  return Date.parse(`${text.length <= 10 ? `${text}T00:00:00` : text.replace(' ', 'T')}Z`);
}

/** ISO 8601 in UTC of a date-time that may lack its zone: then it is a wall clock's. */
export function instantText(text: string, timeZone: string): string {
  const named = /(?:Z|[+-]\d\d:?\d\d)$/i.test(text);
  const atMs = named ? Date.parse(text) : instantOf(wallMsOf(text), timeZone);
  return new Date(atMs).toISOString();
}

/** The kept value. */
export function fieldValue(value: CaseValue, kind: ValueKind, timeZone: string): FieldValue {
  if (Array.isArray(value)) return value.length === 0 ? null : value.map(String).join('、');
  const tag = tagOf(value);
  if (tag) {
    const [name, inside] = tag;
    if (name === 'duration') return isoSeconds(String(inside));
    if (name === 'datetime') return instantText(String(inside), timeZone);
    return String(inside);
  }
  if (typeof value === 'object') return null;
  if (typeof value === 'string' && kind === 'duration' && value.startsWith('P')) return isoSeconds(value);
  if (typeof value === 'string' && kind === 'datetime' && /^\d{4}-\d\d-\d\d[T ]/.test(value)) {
    return instantText(value, timeZone);
  }
  return value as FieldValue;
}

/** The kind of another field, told by its value; plain text goes with the column it is compared with. */
export function inferredKind(value: CaseValue, column: ValueKind): ValueKind {
  const tag = tagOf(value);
  if (tag)
    return tag[0] === 'duration'
      ? 'duration'
      : tag[0] === 'date'
        ? 'date'
        : tag[0] === 'datetime'
          ? 'datetime'
          : 'text';
  if (typeof value === 'number') return column === 'duration' ? 'duration' : 'number';
  if (typeof value === 'boolean') return 'boolean';
  if (value === null) return column;
  return ['text', 'choice', 'choices', 'person', 'people'].includes(column) ? column : 'text';
}

const TIME_ZERO = Date.UTC(1899, 11, 30);

/** What stands in the sheet's cell. */
export function cellValue(value: CaseValue): CellValue {
  const tag = tagOf(value);
  if (!tag) return value as CellValue;
  const text = String(tag[1]);
  const date = (wallMs: number, hasTime: boolean): DateCell => ({ kind: 'date', wallMs, hasTime });
  switch (tag[0]) {
    case 'date':
      return date(wallMsOf(text), false);
    case 'datetime':
      return date(wallMsOf(text.replace(/Z$/, '')), true);
    case 'time':
      return date(TIME_ZERO + wallMsOf(`1970-01-01T${text.length === 5 ? `${text}:00` : text}`), true);
    case 'duration':
      return date(TIME_ZERO + isoSeconds(text) * 1000, true);
    case 'error':
      return { kind: 'error', code: text };
    case 'formula':
      return { kind: 'formula', formula: text.replace(/^=/, ''), result: null };
    default:
      throw new Error(`@${tag[0]} is no value of a cell`);
  }
}
