/**
 * Who somebody on Feishu is among people we know by mail address and mobile number. The organisation's directory is asked
 * in batches and its answers are kept for a while; ids are the app's own and never those of another one.
 */
import type { Clock } from '../../src/ports.ts';
import type { FeishuApp } from './app.ts';
import { type Contacts, contactKey, idsAtOnce, idsBody, idsPath, readIds } from './people-api.ts';

export interface Reachable {
  /** What we call the person; one name is one person. */
  readonly name: string;
  /** An id of this app's that is known already; null: none. */
  readonly openId: string | null;
  readonly mail: string | null;
  readonly mobile: string | null;
}

export interface FeishuPeople {
  /**
   * The name of the one person an id belongs to; null when it is nobody's, or several people's. Throws what
   * `FeishuApp.call` throws when the directory cannot be asked.
   */
  whoIs(openId: string, people: readonly Reachable[]): Promise<string | null>;
}

const KNOWN_FOR_MS = 12 * 3_600_000;
/** Somebody who was just added to the organisation need not wait long. */
const UNKNOWN_FOR_MS = 5 * 60_000;

export function createFeishuPeople(app: FeishuApp, clock: Clock): FeishuPeople {
  /** Ids by mail or mobile; null: nobody the app can see. */
  const ids = new Map<string, { readonly id: string | null; readonly until: number }>();

  async function ask(contacts: Contacts): Promise<void> {
    const data = await app.call<unknown>({
      method: 'POST',
      path: idsPath,
      params: { user_id_type: 'open_id' },
      data: idsBody(contacts),
      writes: false,
    });
    const now = clock.now().getTime();
    for (const [contact, id] of readIds(data, contacts)) {
      ids.set(contact, { id, until: now + (id === null ? UNKNOWN_FOR_MS : KNOWN_FOR_MS) });
    }
  }

  async function learn(people: readonly Reachable[]): Promise<void> {
    const now = clock.now().getTime();
    const isNew = (contact: string | null): contact is string =>
      contact !== null && !((ids.get(contactKey(contact))?.until ?? 0) > now);
    const mails = [...new Set(people.map(({ mail }) => mail).filter(isNew))];
    const mobiles = [...new Set(people.map(({ mobile }) => mobile).filter(isNew))];
    for (let from = 0; from < Math.max(mails.length, mobiles.length); from += idsAtOnce) {
      const to = from + idsAtOnce;
      await ask({ mails: mails.slice(from, to), mobiles: mobiles.slice(from, to) });
    }
  }

  return {
    async whoIs(openId, people) {
      const named = people.filter((person) => person.openId === openId);
      if (named.length > 0) return named.length === 1 ? named[0]!.name : null;
      await learn(people);
      const belongsTo = (contact: string | null): boolean =>
        contact !== null && ids.get(contactKey(contact))?.id === openId;
      const found = people.filter(({ mail, mobile }) => belongsTo(mail) || belongsTo(mobile));
      return found.length === 1 ? found[0]!.name : null;
    },
  };
}
