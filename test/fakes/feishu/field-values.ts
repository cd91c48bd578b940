/** Values of a 多维表格's fields: what a write may hold, and how each type is read. Reading and writing differ. */
import type { FakeField, FakePerson, FakeRecord } from '../feishu.ts';
import { Refusal } from './call.ts';
import { linked } from './content.ts';
import type { World } from './world.ts';

const MAX_TEXT = 100_000;

const refused: Readonly<Record<number, readonly [number, string]>> = {
  1: [1254060, 'TextFieldConvFail'],
  2: [1254061, 'NumberFieldConvFail'],
  3: [1254062, 'SingleSelectFieldConvFail'],
  4: [1254063, 'MultiSelectFieldConvFail'],
  5: [1254064, 'DatetimeFieldConvFail'],
  7: [1254065, 'CheckboxFieldConvFail'],
  11: [1254066, 'UserFieldConvFail'],
  13: [1254072, 'Failed to convert phone field, please make sure it is correct.'],
  15: [1254068, 'URLFieldConvFail'],
  17: [1254069, 'AttachFieldConvFail'],
  18: [1254067, 'LinkFieldConvFail'],
  21: [1254074, 'DuplexLinkFieldConvFail'],
};

/** Checks one written value; null clears. @throws Refusal with the code of the field's type. */
export function checkedValue(world: World, field: FakeField, value: unknown, userIdType: string): unknown {
  if (value === null || value === undefined) return null;
  const no = (): never => {
    const [code, name] = refused[field.type] ?? [1254015, 'Field types do not match.'];
    throw new Refusal(code, name);
  };
  const isTextList = (list: unknown): list is string[] =>
    Array.isArray(list) && list.every((each) => typeof each === 'string' && each !== '');
  switch (field.type) {
    case 1:
      if (typeof value !== 'string') return no();
      if (value.length > MAX_TEXT) throw new Refusal(1254130, 'TooLargeCell');
      return value === '' ? null : value;
    case 2:
      return typeof value === 'number' && Number.isFinite(value) ? value : no();
    case 3:
      return typeof value === 'string' ? value || null : no();
    case 4:
      return isTextList(value) ? (value.length === 0 ? null : [...new Set(value)]) : no();
    case 5:
      return Number.isInteger(value) ? value : no();
    case 7:
      return typeof value === 'boolean' ? value : no();
    case 11: {
      if (!Array.isArray(value)) return no();
      const people = value.map((each) => personById(world, (each as { id?: unknown } | null)?.id, userIdType));
      if (people.some((person) => person === undefined)) return no();
      return people.length === 0 ? null : people.map((person) => (person as FakePerson).openId);
    }
    case 13:
      return typeof value === 'string' && /^\+?\d{0,64}$/.test(value) ? value || null : no();
    case 15: {
      const { text, link } = value as { text?: unknown; link?: unknown };
      if (typeof link !== 'string' || (text !== undefined && typeof text !== 'string')) return no();
      return { link, text: text ?? link };
    }
    case 17: {
      if (!Array.isArray(value)) return no();
      const tokens = value.map((each) => (each as { file_token?: unknown } | null)?.file_token);
      if (tokens.some((token) => typeof token !== 'string' || !world.media.has(token))) {
        throw new Refusal(1254303, 'AttachPermNotAllow');
      }
      return tokens.map((token) => {
        const { name, bytes } = world.media.get(token as string) as { name: string; bytes: Buffer };
        return { file_token: token, name, size: bytes.length, type: 'application/octet-stream' };
      });
    }
    case 18:
    case 21:
      return isTextList(value) ? { link_record_ids: value } : no();
    case 22: {
      if (typeof value !== 'string' || !/^-?[\d.]+,-?[\d.]+$/.test(value)) return no();
      return { location: value, name: '', pname: '', cityname: '', adname: '', address: '', full_address: '' };
    }
    case 23: {
      if (!Array.isArray(value)) return no();
      const chats = value.map((each) => world.chats.find(({ chatId }) => chatId === each?.id));
      if (chats.some((chat) => chat === undefined)) return no();
      return chats.map((chat) => ({ id: chat?.chatId, name: chat?.name, avatar_url: '' }));
    }
    default:
      // Formulas, lookups, times, people and numbers the platform fills in itself.
      return no();
  }
}

function personById(world: World, id: unknown, userIdType: string): FakePerson | undefined {
  const key = userIdType === 'union_id' ? 'unionId' : userIdType === 'user_id' ? 'userId' : 'openId';
  return [world.bot, world.owner, ...world.people].find((person) => person[key] === id);
}

export function shownPerson(world: World, openId: string, userIdType: string) {
  const person = world.personOf(openId);
  const id = userIdType === 'union_id' ? person?.unionId : userIdType === 'user_id' ? person?.userId : openId;
  return {
    avatar_url: '',
    email: person?.email ?? '',
    en_name: person?.name ?? '',
    id: id ?? '',
    name: person?.name ?? '',
  };
}

/** A value as a search shows it; undefined where there is none. */
export function shownValue(world: World, field: FakeField, record: FakeRecord, userIdType: string): unknown {
  const value = record.values.get(field.id);
  switch (field.type) {
    case 1: {
      if (value === undefined || typeof value !== 'string') return value;
      const content = world.switches.autoLink ? linked(value) : value;
      if (content !== null && typeof content === 'object' && content.kind === 'segments') {
        return content.segments.map(({ text, link }) => ({ link, text, type: 'url' }));
      }
      return [{ text: value, type: 'text' }];
    }
    case 11:
      return (value as readonly string[] | undefined)?.map((openId) => shownPerson(world, openId, userIdType));
    case 1001:
      return record.createdMs;
    case 1002:
      return record.modifiedMs;
    case 1003:
      return [shownPerson(world, record.createdBy, userIdType)];
    case 1004:
      return [shownPerson(world, record.modifiedBy, userIdType)];
    case 1005:
      return String(record.serial);
    default:
      return value;
  }
}

/** The plain text of a shown value, for filters and sorting. */
export function plainText(shown: unknown): string {
  if (shown === null || shown === undefined) return '';
  if (Array.isArray(shown)) return shown.map((each) => plainText(each)).join(',');
  if (typeof shown !== 'object') return String(shown);
  const { text, name, value, link } = shown as { text?: unknown; name?: unknown; value?: unknown; link?: unknown };
  return plainText(text ?? name ?? value ?? link);
}
