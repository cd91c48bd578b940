/** A base, its tables and their fields, bitable v1. */
import type { FakeField, FakeTable } from '../feishu.ts';
import type { Base } from './base.ts';
import { APP, baseOf, page, READ, TABLE, tableOf, WRITE } from './bitable-call.ts';
import { type Call, type Loose, Refusal, type Route } from './call.ts';
import { isFieldType, newField } from './fields.ts';
import type { World } from './world.ts';

const MOST = { tables: 100, fields: 300 };
/** A table can be known by these first fields only. */
const PRIMARY = [1, 2, 5, 13, 15, 20, 22];

export function bitableTableRoutes(world: World): Route[] {
  const newId = (length: number): string => world.newId(length);
  function getApp(call: Call) {
    const { token, title, revision } = baseOf(world, call, 'read');
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

  /** A new base is the app's, with one table of the usual fields and blank records. */
  function createBase(call: Call) {
    const blank = Array.from({ length: 10 }, () => ({}));
    const fields = [
      { name: '文本', type: 1 },
      { name: '单选', type: 3 },
      { name: '日期', type: 5 },
      { name: '附件', type: 17 },
    ];
    const made = world.addBase(String(call.body?.name ?? ''), [{ name: '数据表', fields, records: blank }]);
    made.role = 'manage';
    const { token, title, url, tables } = made;
    return {
      app: {
        app_token: token,
        name: title,
        folder_token: '',
        url,
        default_table_id: tables[0]!.id,
        time_zone: 'Asia/Shanghai',
      },
    };
  }

  function listTables(call: Call) {
    const items = baseOf(world, call, 'read').tables.map(({ id, revision, name }) => ({
      table_id: id,
      revision,
      name,
    }));
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
    const found = baseOf(world, call, 'edit');
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
    const found = baseOf(world, call, 'edit');
    const table = tableOf(found, call);
    const name = tableName(call.body?.name, found);
    found.renameTable(table.id, name, world.bot);
    return { name };
  }

  function deleteTable(call: Call) {
    const found = baseOf(world, call, 'edit');
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
    return page(call, tableOf(baseOf(world, call, 'read'), call).fields.map(shownField), 100);
  }

  function createField(call: Call) {
    const found = baseOf(world, call, 'edit');
    const table = tableOf(found, call);
    const seed = fieldSeed(call.body);
    if (table.fields.some(({ name }) => name === seed.name.trim())) throw new Refusal(1254014, 'FieldNameDuplicated');
    if (table.fields.length >= MOST.fields) throw new Refusal(1254105, 'ColumnExceedLimit');
    const field = newField(newId, seed, false);
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
    const found = baseOf(world, call, 'edit');
    const table = tableOf(found, call);
    const field = fieldOf(table, call);
    const seed = fieldSeed(call.body);
    if (table.fields.some((other) => other !== field && other.name === seed.name.trim())) {
      throw new Refusal(1254014, 'FieldNameDuplicated');
    }
    if (field.isPrimary && !PRIMARY.includes(seed.type)) throw new Refusal(1254012, 'NotSupportFieldOrView');
    const fresh = newField(newId, seed, field.isPrimary);
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
    const found = baseOf(world, call, 'edit');
    const table = tableOf(found, call);
    const field = fieldOf(table, call);
    if (field.isPrimary) throw new Refusal(1254012, 'NotSupportFieldOrView');
    found.removeField(table.id, field.name, world.bot);
    return { field_id: field.id, deleted: true };
  }

  return [
    { method: 'POST', path: '/open-apis/bitable/v1/apps', scopes: ['bitable:app'], handle: createBase },
    { method: 'GET', path: APP, ...READ, handle: getApp },
    { method: 'GET', path: `${APP}/tables`, ...READ, handle: listTables },
    { method: 'POST', path: `${APP}/tables`, scopes: WRITE.scopes, handle: createTable },
    { method: 'PATCH', path: TABLE, ...WRITE, handle: renameTable },
    { method: 'DELETE', path: TABLE, ...WRITE, handle: deleteTable },
    { method: 'GET', path: `${TABLE}/fields`, ...READ, handle: listFields },
    { method: 'POST', path: `${TABLE}/fields`, ...WRITE, msg: 'Success', handle: createField },
    { method: 'PUT', path: `${TABLE}/fields/:field`, ...WRITE, handle: updateField },
    { method: 'DELETE', path: `${TABLE}/fields/:field`, ...WRITE, handle: deleteField },
  ];
}
