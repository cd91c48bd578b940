/** Records of a table, bitable v1. A batch is done whole or not at all. */
import type { FakeField, FakeRecord, FakeTable } from '../feishu.ts';
import { baseOf, page, READ, TABLE, tableOf, WRITE } from './bitable-call.ts';
import { type Call, type Loose, Refusal, type Route } from './call.ts';
import { checkedValue, plainText, shownPerson, shownValue } from './field-values.ts';
import type { World } from './world.ts';

const MOST = { records: 1_000, deletes: 500, rows: 20_000 };
const UUID4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

const userIdType = (call: Call): string => call.query.get('user_id_type') || 'open_id';

export function bitableRecordRoutes(world: World): Route[] {
  /** What was made for a client token, and for which records it was given. */
  const made = new Map<string, { readonly asked: string; readonly answer: unknown }>();

  const shownRecord = (
    table: FakeTable,
    record: FakeRecord,
    call: Call,
    names?: readonly string[],
    automatic = false,
  ) => ({
    fields: Object.fromEntries(
      table.fields.flatMap((field) => {
        if (names !== undefined && !names.includes(field.name)) return [];
        const value = shownValue(world, field, record, userIdType(call));
        return value === undefined ? [] : [[field.name, value]];
      }),
    ),
    record_id: record.id,
    ...(automatic
      ? {
          created_by: shownPerson(world, record.createdBy, userIdType(call)),
          created_time: record.createdMs,
          last_modified_by: shownPerson(world, record.modifiedBy, userIdType(call)),
          last_modified_time: record.modifiedMs,
        }
      : {}),
  });

  function search(call: Call) {
    const table = tableOf(baseOf(world, call, 'read'), call);
    const { field_names: names, sort = [], filter, automatic_fields: automatic } = call.body ?? {};
    const named = (name: string): FakeField => {
      const field = table.fields.find((each) => each.name === name);
      if (field === undefined) throw new Refusal(1254045, 'FieldNameNotFound');
      return field;
    };
    for (const name of names ?? []) named(name);
    const shown = (record: FakeRecord, name: string) => shownValue(world, named(name), record, 'open_id');
    let rows = table.records.slice();
    const conditions: readonly Loose[] = filter?.conditions ?? [];
    if (conditions.length > 0) {
      const meets = (record: FakeRecord, { field_name: name, operator, value = [] }: Loose) =>
        test(shown(record, name), operator, value);
      rows = rows.filter((record) =>
        filter.conjunction === 'or'
          ? conditions.some((each) => meets(record, each))
          : conditions.every((each) => meets(record, each)),
      );
    }
    for (const { field_name: name, desc } of [...sort].reverse()) {
      rows.sort((one, other) => order(shown(one, name), shown(other, name)) * (desc === true ? -1 : 1));
    }
    const found = page(call, rows, 500);
    return {
      ...found,
      items: found.items.map((record) => shownRecord(table, record, call, names, automatic === true)),
    };
  }

  function values(table: FakeTable, fields: unknown, call: Call): Map<string, unknown> {
    if (fields === null || typeof fields !== 'object') throw new Refusal(1254001, 'WrongRequestBody');
    return new Map(
      Object.entries(fields).map(([name, value]) => {
        const field = table.fields.find((each) => each.name === name);
        if (field === undefined) throw new Refusal(1254045, 'FieldNameNotFound');
        return [field.id, checkedValue(world, field, value, userIdType(call))];
      }),
    );
  }

  function listOf(call: Call, most: number): readonly Loose[] {
    const { records } = call.body ?? {};
    if (!Array.isArray(records) || records.length === 0) throw new Refusal(1254001, 'WrongRequestBody');
    if (records.length > most) throw new Refusal(1254104, 'RecordAddOnceExceedLimit');
    return records;
  }

  function create(call: Call) {
    const found = baseOf(world, call, 'edit');
    const table = tableOf(found, call);
    const given = listOf(call, MOST.records);
    const token = call.query.get('client_token') || '';
    if (token !== '' && !UUID4.test(token)) {
      throw new Refusal(1254037, 'Invalid client token, make sure that it complies with the specification.', {
        status: 400,
      });
    }
    const asked = `${table.id} ${JSON.stringify(given)}`;
    const before = made.get(token);
    if (token !== '' && before !== undefined) {
      if (before.asked === asked) return before.answer;
      throw new Refusal(1255006, 'Client token conflict, please generate a new client token and try again.', {
        status: 400,
      });
    }
    if (table.records.length + given.length > MOST.rows) throw new Refusal(1254103, 'RecordExceedLimit');
    const checked = given.map(({ fields }) => values(table, fields, call));
    const add = checked.map((byId) => {
      const record = found.newRecord(table, {}, world.bot.openId);
      for (const [id, value] of byId) if (value !== null) record.values.set(id, value);
      return record;
    });
    found.change(table, world.bot.openId, { add });
    // The answer shows what was asked, not how it will be read.
    const answer = { records: add.map(({ id }, n) => ({ fields: given[n].fields, id, record_id: id })) };
    if (token !== '') made.set(token, { asked, answer });
    return answer;
  }

  function recordOf(table: FakeTable, id: unknown): FakeRecord {
    const record = table.records.find((each) => each.id === id);
    if (record === undefined) throw new Refusal(1254043, 'RecordIdNotFound');
    return record;
  }

  function update(call: Call) {
    const found = baseOf(world, call, 'edit');
    const table = tableOf(found, call);
    const given = listOf(call, MOST.records);
    const edit = given.map(({ record_id: id, fields }) => ({
      record: recordOf(table, id),
      values: values(table, fields, call),
    }));
    found.change(table, world.bot.openId, { edit });
    return { records: given.map(({ record_id: id, fields }) => ({ fields, id, record_id: id })) };
  }

  function remove(call: Call) {
    const found = baseOf(world, call, 'edit');
    const table = tableOf(found, call);
    const gone = [...new Set(listOf(call, MOST.deletes))].map((id) => recordOf(table, id));
    found.change(table, world.bot.openId, { remove: gone });
    return { records: gone.map(({ id }) => ({ deleted: true, record_id: id })) };
  }

  function batchGet(call: Call) {
    const table = tableOf(baseOf(world, call, 'read'), call);
    const { record_ids: ids, automatic_fields: automatic } = call.body ?? {};
    if (!Array.isArray(ids) || ids.length === 0 || ids.length > 100) throw new Refusal(1254001, 'WrongRequestBody');
    const records = ids.flatMap((id) => table.records.find((record) => record.id === id) ?? []);
    return {
      absent_record_ids: ids.filter((id) => !records.some((record) => record.id === id)),
      records: records.map((record) => shownRecord(table, record, call, undefined, automatic === true)),
    };
  }

  return [
    { method: 'POST', path: `${TABLE}/records/search`, ...READ, handle: search },
    { method: 'POST', path: `${TABLE}/records/batch_get`, ...READ, handle: batchGet },
    { method: 'POST', path: `${TABLE}/records/batch_create`, ...WRITE, handle: create },
    { method: 'POST', path: `${TABLE}/records/batch_update`, ...WRITE, handle: update },
    { method: 'POST', path: `${TABLE}/records/batch_delete`, ...WRITE, handle: remove },
  ];
}

function test(shown: unknown, operator: string, wanted: readonly string[]): boolean {
  const text = plainText(shown);
  const [first = ''] = wanted;
  switch (operator) {
    case 'is':
      return text === wanted.join(',');
    case 'isNot':
      return text !== wanted.join(',');
    case 'contains':
      return wanted.some((each) => text.includes(each));
    case 'doesNotContain':
      return !wanted.some((each) => text.includes(each));
    case 'isEmpty':
      return text === '';
    case 'isNotEmpty':
      return text !== '';
    case 'isGreater':
      return Number(text) > Number(first);
    case 'isGreaterEqual':
      return Number(text) >= Number(first);
    case 'isLess':
      return Number(text) < Number(first);
    case 'isLessEqual':
      return Number(text) <= Number(first);
    default:
      throw new Refusal(1254018, 'InvalidFilter', { status: 400 });
  }
}

const order = (one: unknown, other: unknown): number =>
  typeof one === 'number' && typeof other === 'number'
    ? one - other
    : plainText(one).localeCompare(plainText(other), 'zh-CN');
