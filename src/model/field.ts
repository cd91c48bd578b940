/**
 * What a field is, and what a field type must answer. A new type is one file in `fields/` and one line in its index.
 */
import type { CellInput, CellValue } from './cell.ts';

/**
 * A value as the database keeps it. Text, number and boolean as they are; an instant is ISO 8601 in UTC
 * (`2026-03-10T03:30:00.000Z`); a calendar day, also in a date-time field when no time was typed, is `2026-03-10`;
 * a duration is whole seconds, and so is a time of day, counted from midnight; a month is its first day; a percentage is
 * a fraction; money is a number with at most 2 decimals; several values in one stand in one text, parted by 、.
 *
 * Every value has one spelling, so that two are equal exactly when `===` says so.
 */
export type FieldValue = null | string | number | boolean;

/** One option of a choice: `label` is kept and shown, `aliases` are other ways people write it. */
export interface ChoiceOption {
  readonly label: string;
  /** What is kept and shown instead of `label` where the locale is `en`; absent: `label` itself. */
  readonly en?: string;
  readonly aliases: readonly string[];
  /** The fixed meaning behind a label, for example a status category. */
  readonly category?: string;
}

/** What parse and format may know beside the cell. */
export interface FieldContext {
  /** IANA zone that wall clocks in the sheet are read in, for example `Asia/Shanghai`. */
  readonly timeZone: string;
  readonly locale: 'zh-CN' | 'en';
  readonly options: readonly ChoiceOption[];
  /** The moment of the read, for words such as 今天 and for years that were not typed. ISO 8601 in UTC. */
  readonly now: string;
}

/** `code` is a key of the message catalogue, `params` fill its places. */
export interface Fault {
  readonly code: FaultCode;
  readonly params: Readonly<Record<string, string>>;
}

export type FaultCode =
  | 'not-a-number'
  | 'not-a-whole-number'
  | 'too-many-decimals'
  | 'not-a-date'
  | 'ambiguous-date'
  /** A time of day, but no day. */
  | 'time-without-day'
  | 'not-a-duration'
  | 'not-a-boolean'
  | 'unknown-option'
  | 'not-a-rating'
  | 'not-a-phone'
  | 'not-an-email'
  | 'not-a-url'
  /** A sign such as `/` or `-` where a name belongs. */
  | 'not-a-name'
  /** 同上 or 〃: a cell does not know the cell above it. */
  | 'ditto'
  | 'precision-lost'
  | 'too-long'
  | 'date-in-text'
  | 'sheet-error'
  | 'in-the-future'
  | 'not-a-percentage'
  /** A bare number above 1 where 5 may mean 5 % or 500 %. */
  | 'percent-sign-missing'
  | 'not-progress'
  /** `least` and `most` are among the params. */
  | 'not-a-score'
  | 'not-a-time-of-day'
  | 'not-a-month'
  | 'not-a-record-number'
  | 'not-a-code'
  | 'not-a-serial-number'
  | 'not-a-barcode'
  /** The last character does not follow from the others. */
  | 'wrong-check-digit'
  | 'not-an-id-card'
  | 'not-a-postal-code'
  | 'not-an-ip-address'
  | 'not-a-mac-address'
  /** An amount in a field that needs to know of which currency. */
  | 'currency-missing'
  | 'unknown-currency'
  | 'not-coordinates'
  | 'unknown-province'
  | 'unknown-city'
  | 'several-files';

export type Parsed =
  | { readonly ok: true; readonly value: Exclude<FieldValue, null> }
  | { readonly ok: false; readonly fault: Fault };

/** A cell that is neither empty, covered, an error nor a formula: what `parse` is given. */
export type TypedCell = Exclude<CellValue, null | { kind: 'error' | 'formula' | 'covered' | 'link' }>;

/** How rules compare a value: several field types may share a kind. `choices` and `people` are several values in one, parted by 、. */
export type ValueKind =
  | 'text'
  | 'number'
  | 'duration'
  | 'date'
  | 'datetime'
  | 'boolean'
  | 'choice'
  | 'choices'
  | 'person'
  | 'people';

/** One way of keeping and showing a value. All functions are pure and never throw. */
export interface FieldType {
  readonly name: string;
  /** Reads what a person typed; blank cells never reach it. */
  parse(cell: TypedCell, context: FieldContext): Parsed;
  /** The cell that shows a value; `parse(format(x))` gives x again for every sample. */
  format(value: Exclude<FieldValue, null>, context: FieldContext): CellInput;
  /** Postgres column type of the standard column. */
  readonly sql: 'text' | 'numeric' | 'bigint' | 'boolean' | 'timestamptz' | 'date';
  /** Values every connector must bring back unchanged. */
  readonly samples: readonly Exclude<FieldValue, null>[];
  /** Weight in content matching: free text tells rows apart better than a choice (M6). */
  readonly weight: 1 | 3;
  /** How rules compare its values. */
  readonly kind: ValueKind;
  /** The service fills it in: every field of this type is `db_to_sheet`. */
  readonly computed?: true;
}

/** Who may change a field from a sheet. */
export type Flow = 'two_way' | 'sheet_to_db' | 'db_to_sheet';

/** One typed attribute of a record. */
export interface Field {
  /** English key: the database column, or the key inside `custom`. */
  readonly key: string;
  readonly label: { readonly 'zh-CN': string; readonly en: string };
  /** Other header texts people use for it. */
  readonly headers: readonly string[];
  /** Header texts that mean it only when no other field answers to them (for an ID field: only over a column of distinct values). */
  readonly weakHeaders?: readonly string[];
  readonly type: FieldType;
  readonly options: readonly ChoiceOption[];
  readonly required: boolean;
  /** The service writes it; typing into it is answered by writing it back. */
  readonly flow: Flow;
  /** True for a column of the team's own, kept in `custom`. */
  readonly custom: boolean;
}
