/**
 * Whom a mail address or mobile number belongs to in an organisation on Feishu. People the app may not see, and people
 * nobody knows, come back without an id and not as an error.
 *
 * open.feishu.cn/document/uAjLw4CM/ukTMukTMukTM/reference/contact-v3/user/batch_get_id
 */

export const idsPath = '/open-apis/contact/v3/users/batch_get_id';

/** Mail addresses, and mobile numbers, that one request may ask for. */
export const idsAtOnce = 50;

/** What is asked for, and how it is written there: numbers of the mainland bare, others with `+` and country. */
export interface Contacts {
  readonly mails: readonly string[];
  readonly mobiles: readonly string[];
}

/** The body of a request. */
export function idsBody({ mails, mobiles }: Contacts): object {
  return {
    ...(mails.length === 0 ? {} : { emails: mails }),
    ...(mobiles.length === 0 ? {} : { mobiles: mobiles.map(mobileText) }),
  };
}

/** Ids by what was asked for, in small letters; null: nobody the app can see. */
export function readIds(data: unknown, asked: Contacts): ReadonlyMap<string, string | null> {
  const found = new Map<string, string | null>();
  for (const contact of [...asked.mails, ...asked.mobiles]) found.set(contactKey(contact), null);
  const list = isObject(data) && Array.isArray(data.user_list) ? data.user_list : [];
  for (const entry of list as readonly unknown[]) {
    if (!isObject(entry)) continue;
    const { email, mobile, user_id: id } = entry;
    const contact = [email, mobile].find((text) => typeof text === 'string' && text !== '');
    if (typeof contact === 'string' && typeof id === 'string' && id !== '') found.set(contactKey(contact), id);
  }
  return found;
}

/** One spelling of a mail address or number: `+86` and blanks do not tell two apart. */
export function contactKey(contact: string): string {
  return contact.includes('@') ? contact.trim().toLowerCase() : mobileText(contact);
}

function mobileText(mobile: string): string {
  const digits = mobile.replace(/[\s\-().]/g, '').replace(/^00/, '+');
  return digits.replace(/^(?:\+?86)(?=1\d{10}$)/, '');
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
