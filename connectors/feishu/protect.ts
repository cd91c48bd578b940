/**
 * Locks system columns for all but a few people. The one rule: only locks that carry our mark are ours. A lock a person
 * made is never changed, and where he locked a column already, his lock is enough.
 */
import type { Editors } from '../connector.ts';
import { metaCall, parseMeta, type SheetMeta } from '../feishu-api.ts';
import type { FeishuApp } from './app.ts';
import { inGroups } from './groups.ts';
import { type Contacts, contactKey, idsAtOnce, idsBody, idsPath, readIds } from './people-api.ts';
import {
  addEditorsCall,
  editorsCall,
  type NewProtection,
  parseEditors,
  protectCall,
  unprotectCall,
} from './structure-api.ts';

/** Shown to people who try to type there. */
const NOTE = 'Rowkeeper';
const LOCKS_A_CALL = 50;
const READ_A_CALL = 5;
const DELETE_A_CALL = 10;

/** open_ids of people, and whom the platform does not know or the app may not see. */
export async function findEditors(
  app: FeishuApp,
  { emails, mobiles }: Editors,
): Promise<{ readonly ids: readonly string[]; readonly unknown: readonly string[] }> {
  const ids = new Set<string>();
  const unknown: string[] = [];
  const [mails, numbers] = [inGroups(emails, idsAtOnce), inGroups(mobiles, idsAtOnce)];
  for (let n = 0; n < Math.max(mails.length, numbers.length); n++) {
    const asked: Contacts = { mails: mails[n] ?? [], mobiles: numbers[n] ?? [] };
    const params = { user_id_type: 'open_id' };
    const data = await app.call({ method: 'POST', path: idsPath, params, data: idsBody(asked), writes: false });
    const found = readIds(data, asked);
    for (const contact of [...asked.mails, ...asked.mobiles]) {
      const id = found.get(contactKey(contact)) ?? null;
      if (id === null) unknown.push(contact);
      else ids.add(id);
    }
  }
  return { ids: [...ids], unknown };
}

/** Brings our locks to the columns named, and adds editors they lack; who is one already stays one. */
export async function protectColumns(
  app: FeishuApp,
  token: string,
  tabs: readonly { readonly sheet: SheetMeta; readonly columns: readonly number[] }[],
  editors: readonly string[],
): Promise<void> {
  // The locks as they are now: making tabs and rules came in between.
  const meta = parseMeta(await app.call(metaCall(token)));
  const kept: string[] = [];
  const gone: string[] = [];
  const lacking: NewProtection[] = [];
  for (const { sheet, columns } of tabs) {
    const locks = (meta.sheets.find(({ id }) => id === sheet.id)?.protections ?? []).filter(
      ({ axis }) => axis !== 'ROWS',
    );
    const ours = locks.filter(({ note, axis }) => note === NOTE && axis === 'COLUMNS');
    const theirs = locks.filter((lock) => !ours.includes(lock));
    const isTheirs = (column: number): boolean =>
      theirs.some(({ axis, first, last }) => axis === 'ALL' || (column >= first && column <= last));
    const wanted = spansOf(columns.filter((column) => !isTheirs(column)));
    const isSame = (lock: { first: number; last: number }, [first, last]: readonly [number, number]): boolean =>
      lock.first === first && lock.last === last;
    for (const lock of ours) {
      if (wanted.some((span) => isSame(lock, span))) kept.push(lock.id);
      else gone.push(lock.id);
    }
    for (const span of wanted) {
      if (ours.some((lock) => isSame(lock, span))) continue;
      lacking.push({ sheetId: sheet.id, first: span[0], last: span[1], users: editors, note: NOTE });
    }
  }
  for (const some of inGroups(gone, DELETE_A_CALL)) await app.call(unprotectCall(token, some));
  for (const some of inGroups(lacking, LOCKS_A_CALL)) await app.call(protectCall(token, some));
  for (const some of inGroups(kept, READ_A_CALL)) {
    const now = parseEditors(await app.call(editorsCall(token, some)));
    for (const id of some) {
      const missing = editors.filter((user) => !(now.get(id) ?? []).includes(user));
      if (missing.length > 0) await app.call(addEditorsCall(token, id, missing));
    }
  }
}

/** Neighbouring columns as one span. */
function spansOf(columns: readonly number[]): [first: number, last: number][] {
  const spans: [number, number][] = [];
  for (const column of [...new Set(columns)].sort((a, b) => a - b)) {
    const last = spans.at(-1);
    if (last !== undefined && last[1] + 1 === column) last[1] = column;
    else spans.push([column, column]);
  }
  return spans;
}
