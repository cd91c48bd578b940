/** Every field type by name: the names a configuration may use. */
import type { FieldType } from '../field.ts';
import { boolean } from './boolean.ts';
import { choice } from './choice.ts';
import { date } from './date.ts';
import { datetime, pastDatetime } from './datetime.ts';
import { department } from './department.ts';
import { duration } from './duration.ts';
import { email } from './email.ts';
import { files } from './files.ts';
import { integer } from './integer.ts';
import { link } from './link.ts';
import { longText } from './long-text.ts';
import { money } from './money.ts';
import { number } from './number.ts';
import { person } from './person.ts';
import { phone } from './phone.ts';
import { rating } from './rating.ts';
import { text } from './text.ts';
import { url } from './url.ts';

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
} as const satisfies Readonly<Record<string, FieldType>>;
