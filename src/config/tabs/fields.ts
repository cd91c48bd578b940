/**
 * The 字段 tab: which fields a table has, beyond the standard ones or instead of what they usually are. A standard field
 * may be renamed, get options and be tightened; its type stays one that its database column can hold.
 */
import type { CellValue, Grid } from '../../model/cell.ts';
import type { ChoiceOption, Field, FieldType, Flow, TypedCell } from '../../model/field.ts';
import { normaliseHeader } from '../../model/header.ts';
import { customField, fieldOf, tableOf } from '../../model/tables.ts';
import { wordKey } from '../../model/typed.ts';
import { type AttachmentLimits, readAttachmentLimits } from './reading/attachment-limits.ts';
import { readKey, readStandard, readTable, readType, TakenFields, typeParams } from './reading/field-identity.ts';
import { sentence, word } from './reading/note.ts';
import { readOptions } from './reading/options.ts';
import { shortened, type TabRow } from './reading/row.ts';
import { type ConfigTab, column, readTab, type TabContext, type TabReading } from './reading/tab.ts';

/** One row of the tab: a field and what forms and messages need to know of it. */
export interface FieldDefinition {
  readonly table: string;
  readonly field: Field;
  /** What a new record gets, as typed: `今天` means the day the record is made. It was read once without fault. */
  readonly initial: TypedCell | null;
  /** A condition in the rules language; the field is asked for only where it holds. */
  readonly showWhen: { readonly cell: CellValue; readonly row: number; readonly column: number } | null;
  /** Asked of customers on the form. */
  readonly onForm: boolean;
  /** Never shown to customers. */
  readonly internal: boolean;
  /** Of a field of files; null: no limits of its own. */
  readonly attachments: AttachmentLimits | null;
  /** How a formula or lookup is worked out, as typed. */
  readonly source: string | null;
}

const columns = [
  column('table', '表 / Table', '数据表, 所属表, 标签页, 表名'),
  column('label', '字段 / Field', '列名, 表头, 字段名, 字段名称, 名称, 列, Label, Column, Name', { required: true }),
  column('key', '键 / Key', '英文键, 字段键, 英文名, 标识'),
  column('type', '类型 / Type', '字段类型, 数据类型, Field type'),
  column('options', '选项 / Options', '可选值, 下拉选项, 选项列表, Values, Choices'),
  column('required', '必填 / Required', '是否必填, 必须, Mandatory'),
  column('writer', '只读 / Read-only', '谁填写, 是否只读, 填写方, Written by, Readonly, Writer'),
  column('initial', '默认值 / Default', '默认, 缺省值, 初始值, Default value'),
  column('showWhen', '显示条件 / Show when', '何时显示, 条件显示, Visible when, Condition'),
  column('onForm', '表单 / On the form', '表单显示, 在表单上, 客户表单, 表单可见, On form, Form'),
  column('internal', '仅内部 / Internal', '内部, 内部字段, 对客户隐藏, 客户不可见, Internal only'),
  column('attachments', '附件限制 / Attachment limits', '文件限制, 附件要求, File limits'),
  column('source', '公式 / Formula', '取值, 来源, 计算公式, 引用自, 公式或引用, Source, From'),
  column(
    'headers',
    '也认这些表头 / Headers also recognised',
    '表头别名, 其他表头, 别名, 同义表头, Aliases, Other headers',
  ),
];

/** Fields whose options mean something to the service. */
const CATEGORISED: ReadonlySet<string> = new Set(['tickets.status', 'tickets.priority', 'contacts.kind']);

/** Fields of the standard tables that messages for customers must not name unless the tab says so. */
const INTERNAL: ReadonlySet<string> = new Set([
  'note',
  'customer_level',
  'level',
  'contract_amount',
  'root_cause',
  'sla_state',
  'reopen_count',
  'time_spent',
  'account_manager',
]);

const WRITERS: ReadonlyMap<string, Flow> = new Map([
  ...['是', '服务', '系统', '只读', '√', '✓', 'yes', 'true', 'theservice', 'service'].map(
    (each) => [each, 'db_to_sheet'] as const,
  ),
  ...['否', '人员', '双方', '都可以', 'no', 'false', 'people', 'both'].map((each) => [each, 'two_way'] as const),
  ...['仅表格', '表格', 'sheet'].map((each) => [each, 'sheet_to_db'] as const),
]);

const WITH_OPTIONS = /(?:^|:)(?:choice|choices|department|currency-amount)$/;
const WITH_FILES = /^(?:files|attachment)$/;

export const fieldsTab: ConfigTab<readonly FieldDefinition[]> = {
  name: 'fields',
  columns,
  read(grid: Grid, context: TabContext): TabReading<readonly FieldDefinition[]> {
    return readTab<readonly FieldDefinition[]>(grid, columns, [], ({ rows }) => {
      const seen = new TakenFields();
      return rows.flatMap((row) => {
        const definition = readField(row, context);
        if (definition !== null) seen.check(row, definition);
        return definition !== null && row.isSound ? [definition] : [];
      });
    });
  },
};

/** Keys of the fields of a table that customers never see: of the standard fields as far as no row says otherwise. */
export function internalKeys(table: string, definitions: readonly FieldDefinition[]): ReadonlySet<string> {
  const keys = new Set(INTERNAL);
  for (const definition of definitions) {
    const { field, internal } = definition;
    if (definition.table !== table) continue;
    if (internal) keys.add(field.key);
    else keys.delete(field.key);
  }
  return keys;
}

/** All fields of a table, its number aside: the standard ones as the tab has them, then the team's own. */
export function fieldsWith(table: string, definitions: readonly FieldDefinition[]): readonly Field[] {
  const ofTable = new Map(definitions.filter((each) => each.table === table).map(({ field }) => [field.key, field]));
  const standard = tableOf(table).fields;
  const own = [...ofTable.values()].filter(({ key }) => fieldOf(table, key) === undefined);
  return [...standard.map((field) => ofTable.get(field.key) ?? field), ...own];
}

function readField(row: TabRow, context: TabContext): FieldDefinition | null {
  const table = readTable(row);
  const label = row.text('label');
  const standard = readStandard(row, table, label);
  const key = standard?.key ?? readKey(row, table, label);
  const type = readType(row, standard);
  if (key === null || type === null) return null;
  const fixed = CATEGORISED.has(`${table}.${key}`) ? key : null;
  const takesOptions = WITH_OPTIONS.test(type.name);
  if (!takesOptions && !row.isBlank('options')) row.note('warning', 'options', 'tab-options-unused', typeParams(type));
  const options = takesOptions ? readOptions(row, standard?.options ?? [], fixed) : [];
  const flow = readFlow(row, type, standard);
  const field = makeField(row, context, { key, label, type, options, flow, standard });
  return {
    table,
    field,
    initial: readInitial(row, field, context),
    showWhen: row.isBlank('showWhen') ? null : place(row, 'showWhen'),
    onForm: row.flag('onForm', false),
    internal: row.flag('internal', standard !== null && INTERNAL.has(key)),
    attachments: readLimits(row, type),
    source: readSource(row, type),
  };
}

function readFlow(row: TabRow, type: FieldType, standard: Field | null): Flow {
  const usual = type.computed ? 'db_to_sheet' : (standard?.flow ?? 'two_way');
  const cell = row.cell('writer');
  if (cell === null) return usual;
  const flow = WRITERS.get(wordKey(typeof cell === 'boolean' ? String(cell) : row.text('writer')));
  if (flow === undefined) {
    row.note('error', 'writer', 'tab-writer', { typed: shortened(row.text('writer')) });
    return usual;
  }
  if (usual !== 'db_to_sheet' || flow === usual) return flow;
  row.note('warning', 'writer', 'tab-writer-service', { field: row.text('label') });
  return usual;
}

interface Said {
  readonly key: string;
  readonly label: string;
  readonly type: FieldType;
  readonly options: readonly ChoiceOption[];
  readonly flow: Flow;
  readonly standard: Field | null;
}

function makeField(row: TabRow, { locale }: TabContext, said: Said): Field {
  const { key, label, type, options, flow, standard } = said;
  const headers = row.words('headers', /[、,;|\n]/);
  const base = standard ?? { ...customField(key, label, 'text'), type };
  const known = Object.values(base.label).some((text) => normaliseHeader(text) === normaliseHeader(label));
  return {
    ...base,
    type,
    options,
    flow,
    label: known ? base.label : { ...base.label, [locale]: label },
    headers: [...new Set([...(known ? [] : [base.label[locale]]), ...headers, ...base.headers])],
    required: row.flag('required', base.required),
  };
}

function readInitial(row: TabRow, field: Field, { locale, timeZone, now }: TabContext): TypedCell | null {
  const cell = row.cell('initial');
  if (cell === null) return null;
  if (field.type.computed) {
    row.note('warning', 'initial', 'tab-initial-unused', typeParams(field.type));
    return null;
  }
  const parsed = field.type.parse(cell, { locale, timeZone, now, options: field.options });
  if (parsed.ok) return cell;
  row.note('error', 'initial', 'tab-initial', sentence(`fault.${parsed.fault.code}`, parsed.fault.params));
  return null;
}

function place(row: TabRow, key: string): NonNullable<FieldDefinition['showWhen']> {
  const at = row.columnOf(key);
  return { cell: row.raw(at), row: row.row, column: at };
}

function readLimits(row: TabRow, type: FieldType): AttachmentLimits | null {
  if (row.isBlank('attachments')) return null;
  if (WITH_FILES.test(type.name)) return readAttachmentLimits(row);
  row.note('warning', 'attachments', 'tab-attachments-unused', typeParams(type));
  return null;
}

function readSource(row: TabRow, type: FieldType): string | null {
  const source = row.text('source');
  const needed = /^(?:formula|lookup)\b/.test(type.name);
  if (needed && source === '') row.note('incomplete', 'source', 'tab-incomplete', word('column', 'tab-formula'));
  if (!needed && source !== '') row.note('warning', 'source', 'tab-source-unused', typeParams(type));
  return needed && source !== '' ? source : null;
}
