/** A 多维表格: tables of typed fields and records, as people and the API share it. Every change is one revision of its table. */
import type { FakeBase, FakeField, FakePerson, FakeRecord, FakeTable } from '../feishu.ts';
import { learnOptions, newField, type TableSeed } from './fields.ts';
import { type FileSurroundings, SharedFile } from './shared-file.ts';

export interface RecordAction {
  readonly record_id: string;
  readonly action: 'record_added' | 'record_edited' | 'record_deleted';
  readonly before: ReadonlyMap<string, unknown>;
  readonly after: ReadonlyMap<string, unknown>;
}

interface Surroundings extends FileSurroundings {
  recordsChanged(base: Base, table: FakeTable, actions: readonly RecordAction[], openId: string): void;
  /** The revision of the whole base goes up with every record too. */
  countsAll(): boolean;
}

export class Base extends SharedFile<Surroundings> implements FakeBase {
  revision = 1;
  tables: FakeTable[] = [];

  constructor(around: Surroundings, title: string, seeds: readonly TableSeed[]) {
    super(around, title);
    for (const seed of seeds) {
      const table = this.newTable(seed.name, seed.fields);
      for (const fields of seed.records) table.records.push(this.newRecord(table, fields, this.ownerId));
      this.tables.push(table);
    }
  }

  get url(): string {
    return `https://example.feishu.cn/base/${this.token}`;
  }

  table(nameOrId: string): FakeTable {
    const found = this.tables.find(({ name }) => name === nameOrId) ?? this.tables.find(({ id }) => id === nameOrId);
    if (found === undefined) throw new Error(`no table ${nameOrId}`);
    return found;
  }

  newTable(name: string, fields: TableSeed['fields']): FakeTable {
    const table: FakeTable = {
      id: `tbl${this.around.newId(13)}`,
      name,
      revision: 1,
      fields: [],
      records: [],
      serial: 0,
    };
    for (const field of fields) table.fields.push(newField(this.around.newId, field, table.fields.length === 0));
    return table;
  }

  newRecord(table: FakeTable, byName: Readonly<Record<string, unknown>>, openId: string): FakeRecord {
    const now = this.around.nowMs();
    const values = new Map<string, unknown>();
    for (const [name, value] of Object.entries(byName)) {
      if (value !== null && value !== undefined) values.set(this.field(table, name).id, value);
    }
    table.serial += 1;
    return {
      id: `rec${this.around.newId(11)}`,
      values,
      serial: table.serial,
      createdMs: now,
      modifiedMs: now,
      createdBy: openId,
      modifiedBy: openId,
    };
  }

  private field(table: FakeTable, name: string): FakeField {
    const found = table.fields.find((field) => field.name === name);
    if (found === undefined) throw new Error(`no field ${name}`);
    return found;
  }

  /** Adds, changes and removes records as one revision; values are by field id, null for what is cleared. */
  change(
    table: FakeTable,
    openId: string,
    {
      add = [],
      edit = [],
      remove = [],
    }: {
      readonly add?: readonly FakeRecord[];
      readonly edit?: readonly { readonly record: FakeRecord; readonly values: ReadonlyMap<string, unknown> }[];
      readonly remove?: readonly FakeRecord[];
    },
  ): void {
    const now = this.around.nowMs();
    const actions: RecordAction[] = [];
    for (const record of add) {
      learnOptions(this.around.newId, table, record.values);
      table.records.push(record);
      actions.push({ record_id: record.id, action: 'record_added', before: new Map(), after: record.values });
    }
    for (const { record, values } of edit) {
      learnOptions(this.around.newId, table, values);
      const before = new Map([...values.keys()].map((id) => [id, record.values.get(id) ?? null]));
      for (const [id, value] of values) {
        if (value === null) record.values.delete(id);
        else record.values.set(id, value);
      }
      record.modifiedMs = now;
      record.modifiedBy = openId;
      actions.push({ record_id: record.id, action: 'record_edited', before, after: values });
    }
    for (const record of remove) {
      table.records.splice(table.records.indexOf(record), 1);
      actions.push({ record_id: record.id, action: 'record_deleted', before: record.values, after: new Map() });
    }
    this.touch(table, openId);
    this.around.recordsChanged(this, table, actions, openId);
  }

  /** A change of the tables or fields themselves. */
  reshape<T>(openId: string, change: () => T, table?: FakeTable): T {
    const result = change();
    if (table === undefined) this.revision += 1;
    this.touch(table ?? null, openId);
    return result;
  }

  private touch(table: FakeTable | null, openId: string): void {
    if (table !== null) {
      table.revision += 1;
      if (this.around.countsAll()) this.revision += 1;
    }
    this.lastEditor = openId;
    this.lastEditMs = this.around.nowMs();
    this.around.happened(this, 'edit', openId);
  }

  private byId(table: FakeTable, fields: Readonly<Record<string, unknown>>): Map<string, unknown> {
    return new Map(Object.entries(fields).map(([name, value]) => [this.field(table, name).id, value ?? null]));
  }

  addRecord(tableName: string, fields: Readonly<Record<string, unknown>>, editor?: FakePerson): FakeRecord {
    const table = this.table(tableName);
    const record = this.newRecord(table, fields, this.by(editor));
    this.change(table, this.by(editor), { add: [record] });
    return record;
  }

  editRecord(tableName: string, id: string, fields: Readonly<Record<string, unknown>>, editor?: FakePerson): void {
    const table = this.table(tableName);
    const record = table.records.find((each) => each.id === id);
    if (record === undefined) throw new Error(`no record ${id}`);
    this.change(table, this.by(editor), { edit: [{ record, values: this.byId(table, fields) }] });
  }

  deleteRecord(tableName: string, id: string, editor?: FakePerson): void {
    const table = this.table(tableName);
    this.change(table, this.by(editor), { remove: table.records.filter((each) => each.id === id) });
  }

  renameField(tableName: string, name: string, to: string, editor?: FakePerson): void {
    const table = this.table(tableName);
    this.reshape(
      this.by(editor),
      () => {
        this.field(table, name).name = to;
      },
      table,
    );
  }

  addField(tableName: string, field: TableSeed['fields'][number], editor?: FakePerson): void {
    const table = this.table(tableName);
    this.reshape(this.by(editor), () => void table.fields.push(newField(this.around.newId, field, false)), table);
  }

  removeField(tableName: string, name: string, editor?: FakePerson): void {
    const table = this.table(tableName);
    this.reshape(
      this.by(editor),
      () => {
        const field = this.field(table, name);
        table.fields.splice(table.fields.indexOf(field), 1);
        for (const record of table.records) record.values.delete(field.id);
      },
      table,
    );
  }

  addTable(seed: TableSeed, editor?: FakePerson): FakeTable {
    return this.reshape(this.by(editor), () => {
      const table = this.newTable(seed.name, seed.fields);
      for (const fields of seed.records) table.records.push(this.newRecord(table, fields, this.by(editor)));
      this.tables.push(table);
      return table;
    });
  }

  renameTable(name: string, to: string, editor?: FakePerson): void {
    const table = this.table(name);
    this.reshape(this.by(editor), () => {
      table.name = to;
      table.revision += 1;
    });
  }

  removeTable(name: string, editor?: FakePerson): void {
    const table = this.table(name);
    this.reshape(this.by(editor), () => void this.tables.splice(this.tables.indexOf(table), 1));
  }
}
