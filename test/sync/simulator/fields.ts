/** The fields, bindings and workbooks of the simulated desk: small, but with one of each kind that behaves differently. */
import { say } from '../../../src/messages/index.ts';
import type { Binding, BindingColumn, GuardLimits } from '../../../src/model/binding.ts';
import { type CellValue, rawText } from '../../../src/model/cell.ts';
import type { Field, FieldContext, FieldType, FieldValue, Flow } from '../../../src/model/field.ts';
import { fieldTypes } from '../../../src/model/fields/index.ts';
import { problemColumns } from '../../../src/sync/projection.ts';
import { HEADER, type Sheet } from './sheet.ts';
import type { Desk } from './tape.ts';

export const TABLE = 'tickets';
export const ID_HEADER = '工单号';
export const PRIORITIES = ['低', '中', '高'] as const;

const { text, choice, number, date } = fieldTypes;

function field(key: string, label: string, type: FieldType, more: Partial<Field> = {}): Field {
  return {
    key,
    label: { 'zh-CN': label, en: key },
    headers: [],
    type,
    options: [],
    required: false,
    flow: 'two_way',
    custom: false,
    ...more,
  };
}

const idField = field('ticket_no', ID_HEADER, text, { flow: 'db_to_sheet' });
const hintField = field('hint', '系统提示', text, { flow: 'db_to_sheet' });

/** All fields by key. `owner` is written by the service only. */
export const FIELDS: Readonly<Record<string, Field>> = {
  title: field('title', '问题标题', text, { required: true }),
  note: field('note', '备注', text),
  prio: field('prio', '优先级', choice, {
    options: [
      { label: '低', aliases: ['low'] },
      { label: '中', aliases: ['mid'] },
      { label: '高', aliases: ['high'] },
    ],
  }),
  hours: field('hours', '耗时', number),
  owner: field('owner', '负责人', text, { flow: 'db_to_sheet' }),
  due: field('due', '截止日期', date),
};

/** The field's header text in a fresh tab. */
export function headerOf(key: string): string {
  if (key === 'id') return ID_HEADER;
  if (key === 'hint') return hintField.label['zh-CN'];
  return FIELDS[key]!.label['zh-CN'];
}

export function contextOf(key: string): FieldContext {
  return {
    timeZone: 'Asia/Shanghai',
    locale: 'zh-CN',
    options: FIELDS[key]?.options ?? [],
    now: '2026-03-10T00:00:00.000Z',
  };
}

/** What a sheet shows for a value, as raw text. */
export function shown(key: string, value: FieldValue): string {
  return value === null ? '' : rawText(FIELDS[key]!.type.format(value, contextOf(key)));
}

/** What a cell's content means to the database: its value, `null` when empty, `undefined` when it cannot be taken. */
export function meaning(key: string, cell: CellValue): FieldValue | undefined {
  if (cell === null || (typeof cell === 'string' && cell.trim() === '')) return null;
  if (typeof cell === 'object' && cell.kind === 'formula') return meaning(key, cell.result);
  if (typeof cell === 'object' && cell.kind !== 'date')
    return cell.kind === 'link' ? meaning(key, cell.text) : undefined;
  const parsed = FIELDS[key]!.type.parse(cell, contextOf(key));
  return parsed.ok ? parsed.value : undefined;
}

const WIDE: GuardLimits = {
  missingCount: 5,
  missingShare: 0.2,
  missingAllShare: 0.5,
  sortedCount: 5,
  clearedCount: 10,
  clearedShare: 0.2,
  bulkCount: 30,
  bulkShare: 0.4,
};

/** Thresholds that a tab of a dozen rows can trip. */
const NARROW: GuardLimits = {
  missingCount: 1,
  missingShare: 0.2,
  missingAllShare: 0.5,
  sortedCount: 3,
  clearedCount: 2,
  clearedShare: 0.2,
  bulkCount: 3,
  bulkShare: 0.4,
};

function column(key: string, rank: number, flow?: Flow): BindingColumn {
  const of = FIELDS[key]!;
  return { field: of, flow: flow ?? of.flow, headers: [of.label['zh-CN'], ...of.headers], rank };
}

export const PROBLEM_TAB = '问题清单';

/** The tab that lists problems, as a template makes it: a header and nothing else. */
export function problemSheet(uid: () => number): Sheet {
  const columns = problemColumns.map((name) => ({ uid: uid(), field: name === 'answer' ? name : null }));
  const header = { uid: HEADER, cells: problemColumns.map((name) => say('zh-CN', `problems.${name}`)) };
  return { columns, rows: [header], merges: [] };
}

/** One tab of the desk and where it lives. `keys` are the columns in the order of a fresh tab. */
export interface DeskTab {
  readonly workbook: string;
  readonly tab: string;
  readonly keys: readonly string[];
  readonly rank: number;
  readonly flows: Readonly<Record<string, Flow>>;
  readonly filter: Binding['filter'];
}

/** The tabs of a desk: the team's tab; a second workbook with other rank, filter and columns; a second tab in the first workbook. */
export function tabsOf(desk: Desk): DeskTab[] {
  const all: DeskTab[] = [
    {
      workbook: 'team',
      tab: '工单',
      keys: ['title', 'note', 'prio', 'hours', 'owner'],
      rank: 2,
      flows: {},
      filter: {},
    },
    {
      workbook: 'region',
      tab: '区域',
      keys: ['prio', 'title', 'note'],
      rank: desk.sameRank ? 2 : 1,
      flows: {},
      filter: desk.filter ? { prio: ['中', '高'] } : {},
    },
    { workbook: 'team', tab: '总览', keys: ['title', 'hours'], rank: 1, flows: { hours: 'db_to_sheet' }, filter: {} },
  ];
  const dated = all.map((tab) => (desk.dates === true ? { ...tab, keys: [...tab.keys, 'due'] } : tab));
  return dated.slice(0, desk.bindings);
}

export function bindingId(tab: DeskTab): string {
  return `${tab.workbook}/${tab.tab}`;
}

/** The binding of a tab. `dropped` leaves one column out: a change of configuration. */
export function bindingOf(desk: Desk, tab: DeskTab, dropped: string | null): Binding {
  const keys = tab.keys.filter((key) => key !== dropped || key === 'title');
  const hasHint = desk.hint && tab.tab === '工单';
  return {
    id: bindingId(tab),
    workbook: tab.workbook,
    tab: tab.tab,
    table: TABLE,
    idColumn: { field: idField, flow: 'db_to_sheet', headers: [ID_HEADER], rank: tab.rank },
    columns: keys.map((key) => column(key, tab.rank, tab.flows[key])),
    hintColumn: hasHint ? { field: hintField, flow: 'db_to_sheet', headers: [headerOf('hint')], rank: tab.rank } : null,
    readOnly: false,
    onMissing: desk.onMissing,
    filter: tab.filter,
    guards: desk.narrowGuards ? NARROW : WIDE,
    timeZone: 'Asia/Shanghai',
    locale: 'zh-CN',
    configHash: `${keys.join()}|${JSON.stringify(tab.filter)}`,
  };
}
