/** Endpoints of bitable v1: a base, its tables, fields and records. A batch is done whole or not at all. */
import type { FakeField, FakeRecord, FakeTable } from '../feishu.ts';
import { type Base, isFieldType } from './base.ts';
import { type Call, type Loose, Refusal, type Route } from './call.ts';
import { checkedValue, plainText, shownPerson, shownValue } from './field-values.ts';
import type { World } from './world.ts';

const APP = '/open-apis/bitable/v1/apps/:token';
const TABLE = `${APP}/tables/:table`;
const READ = ['bitable:app', 'bitable:app:readonly'];
const WRITE = ['bitable:app'];
const MOST = { records: 1_000, deletes: 500, tables: 100, fields: 300, rows: 20_000 };
/** A table can be known by these first fields only. */
const PRIMARY = [1, 2, 5, 13, 15, 20, 22];
const UUID4 = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/i;

export function bitableRoutes(world: World): Route[] {
  /** What was made for a client token, and for which records it was given. */
  const made = new Map<string, { readonly asked: string; readonly answer: unknown }>();

  const base = (call: Call, need: 'read' | 'edit'): Base => world.openBase(call.params.token as string, need);

  function tableOf(found: Base, call: Call): FakeTable {
    const table = found.tables.find(({ id }) => id === call.params.table);
    if (table === undefined) throw new Refusal(1254041, 'TableIdNotFound');
    return table;
  }

  const userIdType = (call: Call): string => call.query.get('user_id_type') || 'open_id';

  /** One page of a list; the token is where the next begins, so that what goes meanwhile shifts the rest. */
  function page<T>(call: Call, items: readonly T[], most: number) {
    const size = Number(call.query.get('page_size') ?? 20);
    if (!Number.isInteger(size) || size < 1)
      throw new Refusal(1254011, 'Page size must greater than 0.', { status: 400 });
    if (size > most) throw new Refusal(99992402, 'field validation failed', { status: 400 });
    const token = call.query.get('page_token') || '';
    const from = token === '' ? 0 : Number(Buffer.from(token, 'base64').toString());
    if (!Number.isInteger(from)) throw new Refusal(1254002, 'Fail');
    const next = from + size;
    const more = next < items.length;
    return {
      has_more: more,
      ...(more ? { page_token: Buffer.from(String(next)).toString('base64') } : {}),
      total: items.length,
      items: items.slice(from, next),
    };
  }

  function getApp(call: Call) {
    const { token, title, revision } = base(call, 'read');
    return {
      app: {
        app_token: token,
        name: title,
        revision,
        is_advanced: false,
        time_zone: 'Asia/Shanghai',
        formula_type: 1,
        advance_version: 'v2',
      },
    };
  }

  function listTables(call: Call) {
    const items = base(call, 'read').tables.map(({ id, revision, name }) => ({ table_id: id, revision, name }));
    return page(call, items, 100);
  }

  function tableName(name: unknown, found: Base): string {
    if (typeof name !== 'string' || name.trim() === '' || name.length > 100 || /[/\\?*:[\]]/.test(name)) {
      throw new Refusal(1254001, 'WrongRequestBody');
    }
    if (found.tables.some((table) => table.name === name.trim())) throw new Refusal(1254013, 'TableNameDuplicated');
    return name.trim();
  }

  function fieldSeed(given: Loose) {
    const { field_name: name, type, ui_type: uiType, property } = given ?? {};
    if (typeof name !== 'string' || name.trim() === '') throw new Refusal(1254028, 'EmptyFieldName', { status: 400 });
    if (/[[\]]/.test(name)) throw new Refusal(1254029, 'InvalidFieldName', { status: 400 });
    if (!isFieldType(type) || type === 19) throw new Refusal(1254012, 'NotSupportFieldOrView');
    const options = property?.options;
    if (options?.some((option: Loose) => typeof option?.name !== 'string' || option.name === '')) {
      throw new Refusal(1254026, 'EmptyOptionName');
    }
    return { name, type, property: property ?? null, ...(uiType === undefined ? {} : { uiType }) };
  }

  function createTable(call: Call) {
    const found = base(call, 'edit');
    const { name, fields = [{ field_name: '多行文本', type: 1 }], default_view_name: view } = call.body?.table ?? {};
    const title = tableName(name, found);
    if (view !== undefined && call.body.table.fields === undefined) throw new Refusal(1254001, 'WrongRequestBody');
    if (found.tables.length >= MOST.tables) throw new Refusal(1254100, 'TableExceedLimit');
    const seeds = (fields as readonly Loose[]).map(fieldSeed);
    if (seeds.length > MOST.fields) throw new Refusal(1254105, 'ColumnExceedLimit');
    if (!PRIMARY.includes(seeds[0]?.type ?? 0)) throw new Refusal(1254012, 'NotSupportFieldOrView', { status: 400 });
    if (new Set(seeds.map((seed) => seed.name)).size < seeds.length) {
      throw new Refusal(1254014, 'FieldNameDuplicated', { status: 400 });
    }
    const table = found.reshape(world.bot.openId, () => {
      const fresh = found.newTable(title, seeds);
      found.tables.push(fresh);
      return fresh;
    });
    return {
      table_id: table.id,
      default_view_id: `vew${world.newId(8)}`,
      ...(call.body.table.fields === undefined ? {} : { field_id_list: table.fields.map(({ id }) => id) }),
    };
  }

  function renameTable(call: Call) {
    const found = base(call, 'edit');
    const table = tableOf(found, call);
    const name = tableName(call.body?.name, found);
    found.renameTable(table.id, name, world.bot);
    return { name };
  }

  function deleteTable(call: Call) {
    const found = base(call, 'edit');
    const table = tableOf(found, call);
    if (found.tables.length === 1) throw new Refusal(1254002, 'Fail');
    found.removeTable(table.id, world.bot);
    return {};
  }

  const shownField = ({ id, name, type, uiType, property, isPrimary }: FakeField) => ({
    field_id: id,
    field_name: name,
    is_primary: isPrimary,
    property,
    type,
    ui_type: uiType,
    is_hidden: false,
  });

  function listFields(call: Call) {
    return page(call, tableOf(base(call, 'read'), call).fields.map(shownField), 100);
  }

  function createField(call: Call) {
    const found = base(call, 'edit');
    const table = tableOf(found, call);
    const seed = fieldSeed(call.body);
    if (table.fields.some(({ name }) => name === seed.name.trim())) throw new Refusal(1254014, 'FieldNameDuplicated');
    if (table.fields.length >= MOST.fields) throw new Refusal(1254105, 'ColumnExceedLimit');
    const field = found.newField(seed, false);
    found.reshape(world.bot.openId, () => void table.fields.push(field), table);
    return { field: shownField(field) };
  }

  function fieldOf(table: FakeTable, call: Call): FakeField {
    const field = table.fields.find(({ id }) => id === call.params.field);
    if (field === undefined) throw new Refusal(1254044, 'FieldIdNotFound');
    return field;
  }

  /** Replaces a field whole: options that are not named again are gone, and so are they from records. */
  function updateField(call: Call) {
    const found = base(call, 'edit');
    const table = tableOf(found, call);
    const field = fieldOf(table, call);
    const seed = fieldSeed(call.body);
    if (table.fields.some((other) => other !== field && other.name === seed.name.trim())) {
      throw new Refusal(1254014, 'FieldNameDuplicated');
    }
    if (field.isPrimary && !PRIMARY.includes(seed.type)) throw new Refusal(1254012, 'NotSupportFieldOrView');
    const fresh = found.newField(seed, field.isPrimary);
    found.reshape(
      world.bot.openId,
      () => {
        const { name, type, uiType, property } = fresh;
        const before = (field.property as { options?: readonly { id: string; name: string }[] } | null)?.options ?? [];
        const given = (seed.property as { options?: readonly { id?: string }[] } | null)?.options;
        const after = (property as { options?: { id: string; name: string }[] } | null)?.options;
        for (const [n, option] of (after ?? []).entries()) {
          // An option keeps its id by id or by name.
          const old = before.find(({ id, name: text }) => id === given?.[n]?.id || text === option.name);
          if (old !== undefined) option.id = old.id;
        }
        const names = new Map(
          (after ?? []).map(({ id, name: text }) => [before.find((old) => old.id === id)?.name, text]),
        );
        if (after !== undefined) {
          for (const record of table.records) {
            const value = record.values.get(field.id);
            if (typeof value === 'string' && names.has(value)) record.values.set(field.id, names.get(value));
            else if (typeof value === 'string') record.values.delete(field.id);
          }
        }
        Object.assign(field, { name, type, uiType, property });
      },
      table,
    );
    return { field: shownField(field) };
  }

  function deleteField(call: Call) {
    const found = base(call, 'edit');
    const table = tableOf(found, call);
    const field = fieldOf(table, call);
    if (field.isPrimary) throw new Refusal(1254012, 'NotSupportFieldOrView');
    found.removeField(table.id, field.name, world.bot);
    return { field_id: field.id, deleted: true };
  }

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
    const table = tableOf(base(call, 'read'), call);
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
    const found = base(call, 'edit');
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
    const found = base(call, 'edit');
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
    const found = base(call, 'edit');
    const table = tableOf(found, call);
    const gone = [...new Set(listOf(call, MOST.deletes))].map((id) => recordOf(table, id));
    found.change(table, world.bot.openId, { remove: gone });
    return { records: gone.map(({ id }) => ({ deleted: true, record_id: id })) };
  }

  function batchGet(call: Call) {
    const table = tableOf(base(call, 'read'), call);
    const { record_ids: ids, automatic_fields: automatic } = call.body ?? {};
    if (!Array.isArray(ids) || ids.length === 0 || ids.length > 100) throw new Refusal(1254001, 'WrongRequestBody');
    const records = ids.flatMap((id) => table.records.find((record) => record.id === id) ?? []);
    return {
      absent_record_ids: ids.filter((id) => !records.some((record) => record.id === id)),
      records: records.map((record) => shownRecord(table, record, call, undefined, automatic === true)),
    };
  }

  const read = { scopes: READ };
  /** Two writes on one table at a time are a conflict. */
  const write = { scopes: WRITE, serial: 'table', overlapCode: 1254291 };
  return [
    { method: 'GET', path: APP, ...read, handle: getApp },
    { method: 'GET', path: `${APP}/tables`, ...read, handle: listTables },
    { method: 'POST', path: `${APP}/tables`, scopes: WRITE, handle: createTable },
    { method: 'PATCH', path: TABLE, ...write, handle: renameTable },
    { method: 'DELETE', path: TABLE, ...write, handle: deleteTable },
    { method: 'GET', path: `${TABLE}/fields`, ...read, handle: listFields },
    { method: 'POST', path: `${TABLE}/fields`, ...write, msg: 'Success', handle: createField },
    { method: 'PUT', path: `${TABLE}/fields/:field`, ...write, handle: updateField },
    { method: 'DELETE', path: `${TABLE}/fields/:field`, ...write, handle: deleteField },
    { method: 'POST', path: `${TABLE}/records/search`, ...read, handle: search },
    { method: 'POST', path: `${TABLE}/records/batch_get`, ...read, handle: batchGet },
    { method: 'POST', path: `${TABLE}/records/batch_create`, ...write, handle: create },
    { method: 'POST', path: `${TABLE}/records/batch_update`, ...write, handle: update },
    { method: 'POST', path: `${TABLE}/records/batch_delete`, ...write, handle: remove },
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
