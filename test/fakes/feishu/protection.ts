/** Protected rows and columns, v2. Their ids are told by metainfo only; lines count from 1, ends included. */
import { type Call, type Loose, Refusal, type Route } from './call.ts';
import type { Axis } from './range.ts';
import type { Spreadsheet } from './spreadsheet.ts';
import type { FakeTab, Protection } from './tab.ts';
import type { World } from './world.ts';

const BASE = '/open-apis/sheets/v2/spreadsheets/:token';
const READ = ['sheets:spreadsheet', 'sheets:spreadsheet:readonly', 'drive:drive', 'drive:drive:readonly'];
const WRITE = ['sheets:spreadsheet', 'drive:drive'];
const MOST_LINES = 5_000;

export function protectionRoutes(world: World): Route[] {
  function linesOf(file: Spreadsheet, given: Loose): { tab: FakeTab; axis: Axis; first: number; last: number } {
    const tab = world.tab(file.tabs, given?.sheetId, 2);
    const axis = given.majorDimension;
    if (axis !== 'ROWS' && axis !== 'COLUMNS') throw new Refusal(90204, 'wrong majorDimension');
    const [start, end] = [given.startIndex, given.endIndex];
    const size = axis === 'ROWS' ? tab.rowCount : tab.columnCount;
    if (!Number.isInteger(start) || !Number.isInteger(end) || start < 1 || end < start || end > size) {
      throw new Refusal(90212, 'row or column out of range');
    }
    if (end - start + 1 > MOST_LINES) throw new Refusal(90204, 'wrong request body');
    return { tab, axis, first: start - 1, last: end - 1 };
  }

  function personOf(id: unknown, type: string): string {
    const key =
      type === 'unionId' || type === 'union_id'
        ? 'unionId'
        : type === 'userId' || type === 'user_id'
          ? 'userId'
          : 'openId';
    const person = [world.bot, world.owner, ...world.people].find((each) => each[key] === id);
    if (person === undefined) throw new Refusal(90205, 'users not found');
    return person.openId;
  }

  const dimensionOf = (tab: FakeTab, { axis, first, last }: Protection) => ({
    sheetId: tab.id,
    majorDimension: axis,
    startIndex: first + 1,
    endIndex: last + 1,
  });

  function add(call: Call) {
    const file = world.open(call.params.token as string, 2, 'edit');
    const given = call.body?.addProtectedDimension;
    if (!Array.isArray(given) || given.length === 0 || given.length > 50)
      throw new Refusal(90204, 'wrong request body');
    const idType = call.query.get('user_id_type') ?? 'lark_id';
    const made = given.map((item: Loose) => {
      const { tab, axis, first, last } = linesOf(file, item.dimension);
      const users = (item.users ?? item.editors ?? []) as unknown[];
      // Who makes it is one of the editors.
      const editors = [world.bot.openId, ...users.map((id) => personOf(id, idType))];
      const protection = { id: digits(world.newId(19)), axis, first, last, lockInfo: item.lockInfo ?? '', editors };
      return { tab, protection, item };
    });
    file.write(world.bot.openId, () => {
      for (const { tab, protection } of made) tab.protections.push(protection);
    });
    return {
      addProtectedDimension: made.map(({ tab, protection, item }) => ({
        dimension: dimensionOf(tab, protection),
        ...(item.users === undefined ? {} : { users: item.users }),
        lockInfo: protection.lockInfo,
        protectId: protection.id,
      })),
    };
  }

  function found(file: Spreadsheet, id: unknown): { tab: FakeTab; protection: Protection } {
    for (const tab of file.tabs) {
      const protection = tab.protections.find((each) => each.id === id);
      if (protection !== undefined) return { tab, protection };
    }
    throw new Refusal(90229, 'protectId not found');
  }

  function get(call: Call) {
    const file = world.open(call.params.token as string, 2, 'read');
    const ids = (call.query.get('protectIds') ?? '').split(',');
    if (ids.length > 5) throw new Refusal(90229, 'wrong url param');
    const memberType = call.query.get('memberType') || 'userId';
    const key = memberType === 'openId' ? 'openId' : memberType === 'unionId' ? 'unionId' : 'userId';
    return {
      protectedRanges: ids.map((id) => {
        const { tab, protection } = found(file, id);
        return {
          protectId: protection.id,
          dimension: dimensionOf(tab, protection),
          sheetId: tab.id,
          lockInfo: protection.lockInfo,
          editors: {
            users: protection.editors.map((openId) => ({ memberType, memberId: world.personOf(openId)?.[key] ?? '' })),
          },
        };
      }),
    };
  }

  function update(call: Call) {
    const file = world.open(call.params.token as string, 2, 'edit');
    const { requests } = call.body ?? {};
    if (!Array.isArray(requests) || requests.length === 0 || requests.length > 10)
      throw new Refusal(90204, 'wrong request body');
    const work = requests.map((request: Loose) => {
      const { tab, protection } = found(file, request.protectId);
      const lines = request.dimension === undefined ? protection : linesOf(file, request.dimension);
      const ids = (list: Loose) =>
        (list ?? []).map(({ memberType, memberId }: Loose) => personOf(memberId, memberType));
      const gone = ids(request.editors?.delEditors);
      const editors = [...new Set([...protection.editors, ...ids(request.editors?.addEditors)])].filter(
        (id) => !gone.includes(id),
      );
      const lockInfo = request.lockInfo ?? protection.lockInfo;
      const after: Protection = {
        id: protection.id,
        axis: lines.axis,
        first: lines.first,
        last: lines.last,
        lockInfo,
        editors,
      };
      return { tab, protection, after, request };
    });
    file.write(world.bot.openId, () => {
      for (const { tab, protection, after } of work)
        tab.protections.splice(tab.protections.indexOf(protection), 1, after);
    });
    return {
      replies: work.map(({ tab, after, request }) => ({
        protectId: after.id,
        dimension: dimensionOf(tab, after),
        editors: {
          addEditors: request.editors?.addEditors ?? [],
          delEditors: request.editors?.delEditors ?? [],
        },
        lockInfo: after.lockInfo,
        sheetId: tab.id,
      })),
    };
  }

  function remove(call: Call) {
    const file = world.open(call.params.token as string, 2, 'edit');
    const ids = call.body?.protectIds;
    if (!Array.isArray(ids) || ids.length === 0 || ids.length > 10) throw new Refusal(90204, 'wrong request body');
    const work = ids.map((id) => found(file, id));
    file.write(world.bot.openId, () => {
      for (const { tab, protection } of work) tab.protections.splice(tab.protections.indexOf(protection), 1);
    });
    return { delProtectIds: ids };
  }

  const write = { scopes: WRITE, serial: 'token', msg: 'Success' };
  return [
    { method: 'POST', path: `${BASE}/protected_dimension`, ...write, handle: add },
    { method: 'GET', path: `${BASE}/protected_range_batch_get`, scopes: READ, msg: 'Success', handle: get },
    { method: 'POST', path: `${BASE}/protected_range_batch_update`, ...write, handle: update },
    { method: 'DELETE', path: `${BASE}/protected_range_batch_del`, ...write, handle: remove },
  ];
}

/** Ids of protections are numbers of 19 digits. */
const digits = (id: string): string =>
  `6${[...id]
    .map((letter) => letter.charCodeAt(0) % 10)
    .join('')
    .slice(1)}`;
