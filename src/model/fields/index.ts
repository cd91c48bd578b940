/** Every field type by name: the names a configuration may use. */
import type { FieldType } from '../field.ts';
import { attachment } from './attachment.ts';
import { autoNumber } from './auto-number.ts';
import { barcode } from './barcode.ts';
import { boolean } from './boolean.ts';
import { changedAt } from './changed-at.ts';
import { changedBy } from './changed-by.ts';
import { choice } from './choice.ts';
import { choices } from './choices.ts';
import { code } from './code.ts';
import { createdAt } from './created-at.ts';
import { createdBy } from './created-by.ts';
import { currencyAmount } from './currency-amount.ts';
import { date } from './date.ts';
import { datetime, pastDatetime } from './datetime.ts';
import { department } from './department.ts';
import { duration } from './duration.ts';
import { email } from './email.ts';
import { files } from './files.ts';
import { formula, formulaOf } from './formula.ts';
import { idCard } from './id-card.ts';
import { integer } from './integer.ts';
import { ipAddress } from './ip-address.ts';
import { link } from './link.ts';
import { location } from './location.ts';
import { longText } from './long-text.ts';
import { lookup, lookupOf } from './lookup.ts';
import { macAddress } from './mac-address.ts';
import { money } from './money.ts';
import { nps } from './nps.ts';
import { number } from './number.ts';
import { percent } from './percent.ts';
import { person } from './person.ts';
import { persons } from './persons.ts';
import { phone } from './phone.ts';
import { postalCode } from './postal-code.ts';
import { progress } from './progress.ts';
import { rating } from './rating.ts';
import { recordLink } from './record-link.ts';
import { recordLinks } from './record-links.ts';
import { region } from './region.ts';
import { score } from './score.ts';
import { serialCode } from './serial-code.ts';
import { tags } from './tags.ts';
import { text } from './text.ts';
import { timeOfDay } from './time-of-day.ts';
import { url } from './url.ts';
import { yearMonth } from './year-month.ts';

export { optionLabel, optionOf } from './choice.ts';

export const fieldTypes = {
  text,
  'long-text': longText,
  number,
  integer,
  money,
  date,
  datetime,
  'past-datetime': pastDatetime,
  duration,
  choice,
  boolean,
  person,
  department,
  phone,
  email,
  url,
  rating,
  link,
  files,
  choices,
  persons,
  tags,
  attachment,
  percent,
  progress,
  score,
  nps,
  'time-of-day': timeOfDay,
  'year-month': yearMonth,
  'currency-amount': currencyAmount,
  'record-link': recordLink,
  'record-links': recordLinks,
  region,
  location,
  code,
  'serial-code': serialCode,
  barcode,
  'id-card': idCard,
  'postal-code': postalCode,
  'ip-address': ipAddress,
  'mac-address': macAddress,
  'auto-number': autoNumber,
  formula,
  lookup,
  'created-by': createdBy,
  'changed-by': changedBy,
  'created-at': createdAt,
  'changed-at': changedAt,
} as const satisfies Readonly<Record<string, FieldType>>;

/** Composite types made so far: one object a name, because lists of options are indexed by object. */
const composed = new Map<string, FieldType>();
const makers: ReadonlyMap<string, (of: FieldType) => FieldType> = new Map([
  ['formula', formulaOf],
  ['lookup', lookupOf],
]);

/** A type by the name a configuration gives: a key of `fieldTypes`, or `formula:number`, `lookup:choice`; undefined for none. */
export function fieldTypeOf(name: string): FieldType | undefined {
  if (Object.hasOwn(fieldTypes, name)) return fieldTypes[name as keyof typeof fieldTypes];
  const made = composed.get(name);
  if (made !== undefined) return made;
  const [maker, of] = name.split(':', 2) as [string, string?];
  const make = makers.get(maker);
  if (make === undefined || of === undefined || !Object.hasOwn(fieldTypes, of)) return undefined;
  const type = make(fieldTypes[of as keyof typeof fieldTypes]);
  if (type.name !== name) return undefined;
  composed.set(name, type);
  return type;
}
