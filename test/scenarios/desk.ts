/**
 * A service desk in miniature for scenarios: one workbook in memory, the store in memory, a clock that is turned by hand.
 * `sheet` shows what a person would see; `edit` is what a person does.
 */
import type { Connector } from '../../connectors/connector.ts';
import { createMemoryConnector, MemoryWorkbook } from '../../connectors/memory.ts';
import { standardGuards } from '../../src/config/bindings.ts';
import { createRecords, editRecords } from '../../src/edit.ts';
import type { Binding, BindingColumn } from '../../src/model/binding.ts';
import { type CellValue, rawText } from '../../src/model/cell.ts';
import { newRecordValues } from '../../src/model/defaults.ts';
import { RetryableError } from '../../src/model/errors.ts';
import type { Field, FieldValue } from '../../src/model/field.ts';
import type { KeptRecord } from '../../src/model/record.ts';
import { fieldOf, tableOf } from '../../src/model/tables.ts';
import type { Store } from '../../src/store.ts';
import { type CycleReport, createRunner, type Runner } from '../../src/sync/run.ts';
import { MemoryStore } from '../sync/simulator/memory-store.ts';

export const tab = '工单';
export const listTab = '问题清单';
const zone = 'Asia/Shanghai';

const hint: Field = {
  ...fieldOf('tickets', 'note')!,
  key: 'hint',
  label: { 'zh-CN': '系统提示', en: 'Hint' },
  headers: [],
  flow: 'db_to_sheet',
};

function column(field: Field, rank = 100): BindingColumn {
  return { field, flow: field.flow, headers: [field.label['zh-CN'], ...field.headers], rank };
}

export function deskBinding(workbook: string, keys: readonly string[], over: Partial<Binding> = {}): Binding {
  return {
    id: `${workbook}/${tab}`,
    workbook,
    tab,
    table: 'tickets',
    idColumn: column(tableOf('tickets').idField),
    columns: keys.map((key) => column(fieldOf('tickets', key)!, workbook === 'team' ? 100 : 50)),
    hintColumn: column(hint),
    readOnly: false,
    onMissing: 'hide',
    filter: {},
    guards: standardGuards,
    timeZone: zone,
    locale: 'zh-CN',
    configHash: 'first',
    ...over,
  };
}

export const deskColumns = [
  'status',
  'priority',
  'title',
  'description',
  'customer',
  'phone',
  'assignee',
  'csat',
  'sla_state',
];
/** Headers of the tab, in order. */
export const deskHeaders = [
  '工单号',
  '处理状态',
  '优先级',
  '问题标题',
  '详细描述',
  '客户名称',
  '联系电话',
  '负责人',
  '满意度',
  'SLA状态',
  '系统提示',
];
const listHeaders = [
  '编号',
  '类别',
  '工作簿',
  '位置',
  '工单号',
  '字段',
  '填写内容',
  '当前值',
  '说明',
  '处理',
  '发现时间',
];

export class Desk {
  readonly store: Store = new MemoryStore();
  readonly workbook: MemoryWorkbook;
  readonly binding: Binding;
  runner: Runner;
  /** What happens once, right before the next write reaches the workbook. */
  beforePush: (() => void) | null = null;
  /** The process dies once, right after the next write landed. */
  diesAfterPush = false;
  /** The file is away: an app is saving it. */
  isAbsent = false;
  nowMs = Date.parse('2026-03-10T02:00:00Z');

  constructor(over: Partial<Binding> = {}, workbookKey = 'team', store?: Store) {
    if (store !== undefined) this.store = store;
    this.binding = deskBinding(workbookKey, deskColumns, over);
    this.workbook = new MemoryWorkbook([
      { name: tab, rows: [deskHeaders] },
      { name: listTab, rows: [listHeaders] },
    ]);
    this.runner = this.restart();
  }

  /** A new process on the same store and workbook. */
  restart(): Runner {
    this.runner = createRunner(
      {
        store: this.store,
        clock: { now: () => new Date(this.nowMs) },
        logger: { log: () => undefined },
        owner: 'desk',
        locale: 'zh-CN',
        timeZone: zone,
        bindings: [deskBinding('team', deskColumns), deskBinding('boss', deskColumns)],
      },
      {
        key: this.binding.workbook,
        connector: this.#connector(),
        bindings: [this.binding],
        problemTabs: [{ tab: listTab }],
      },
    );
    return this.runner;
  }

  #connector(): Connector {
    const connector = createMemoryConnector(this.workbook);
    return {
      ...connector,
      pull: async (tabs) => {
        if (this.isAbsent) throw new RetryableError('workbook-absent', 'the file is away', 1_000);
        return connector.pull(tabs);
      },
      push: async (push) => {
        this.beforePush?.();
        this.beforePush = null;
        const pushed = await connector.push(push);
        if (this.diesAfterPush) {
          this.diesAfterPush = false;
          throw new Error('killed');
        }
        return pushed;
      },
    };
  }

  /** One run of the service; time passes. Returns the report of the ticket tab. */
  async sync(seconds = 1): Promise<CycleReport> {
    this.nowMs += seconds * 1000;
    const result = await this.runner.run();
    return result.reports.find((report) => report.tab === tab)!;
  }

  edit(change: (rows: CellValue[][]) => void, name = tab): void {
    this.workbook.edit((tabs) => change(tabs.find((each) => each.name === name)!.rows), '小张');
  }

  /** Adds a row as a person does: only the cells he fills, by header. */
  type(cells: Readonly<Record<string, CellValue>>, at?: number): void {
    this.edit((rows) => {
      const row = rows[0]!.map((header) => cells[String(header)] ?? null);
      if (at === undefined) rows.push(row);
      else rows.splice(at, 0, row);
    });
  }

  /** What a cell shows, as text; `row` counts data rows from 0. */
  cell(row: number, header: string): string {
    const rows = this.rows(tab);
    return rawText(rows[row + 1]?.[rows[0]!.findIndex((text) => text === header)] ?? null);
  }

  set(row: number, header: string, value: CellValue): void {
    this.edit((rows) => {
      const line = rows[row + 1]!;
      line[rows[0]!.findIndex((text) => text === header)] = value;
    });
  }

  rows(name: string): CellValue[][] {
    return this.workbook.tabs.find((each) => each.name === name)!.rows;
  }

  /** The lines of 问题清单: kind, place, typed, message. */
  list(): { number: string; kind: string; place: string; typed: string; current: string; message: string }[] {
    return this.rows(listTab)
      .slice(1)
      .filter((row) => rawText(row[0] ?? null) !== '')
      .map((row) => ({
        number: rawText(row[0] ?? null),
        kind: rawText(row[1] ?? null),
        place: rawText(row[3] ?? null),
        typed: rawText(row[6] ?? null),
        current: rawText(row[7] ?? null),
        message: rawText(row[8] ?? null),
      }));
  }

  answer(line: number, text: string): void {
    this.edit((rows) => {
      rows[line + 1]![9] = text;
    }, listTab);
  }

  async tickets(): Promise<readonly KeptRecord[]> {
    return this.store.listRecords('tickets');
  }

  async ticket(number: string): Promise<KeptRecord> {
    return (await this.store.findRecords('tickets', [number])).get(number)!;
  }

  /** A change that does not come from a sheet. */
  async change(
    number: string,
    values: Record<string, FieldValue>,
    kind: 'operator' | 'rule' = 'operator',
  ): Promise<void> {
    const record = await this.ticket(number);
    await this.store.transaction(null, (tx) =>
      editRecords(tx, [{ table: 'tickets', recordId: record.id, values }], {
        actor: { kind, name: null },
        source: kind === 'rule' ? 'rule:1' : 'cli',
        cause: null,
        happenedAt: new Date(this.nowMs).toISOString(),
      }),
    );
  }

  async create(values: Record<string, FieldValue>): Promise<KeptRecord> {
    const now = new Date(this.nowMs).toISOString();
    const [record] = await this.store.transaction(null, (tx) =>
      createRecords(tx, [{ table: 'tickets', values: newRecordValues('tickets', values, now) }], {
        actor: { kind: 'api', name: null },
        source: 'api',
        cause: null,
        happenedAt: now,
      }),
    );
    return record!;
  }

  /** A desk with `count` tickets that are settled on both sides. */
  static async with(count: number, over: Partial<Binding> = {}): Promise<Desk> {
    const desk = new Desk(over);
    await desk.sync();
    for (let n = 1; n <= count; n += 1) {
      desk.type({
        问题标题: `漏水 ${n}`,
        详细描述: `现场 ${n}`,
        客户名称: `客户 ${n}`,
        优先级: '高',
        联系电话: `1380013800${n % 10}`,
      });
    }
    await desk.sync();
    return desk;
  }
}
