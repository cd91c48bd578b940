/** 新建记录: a row in another table, filled from this record: `服务记录: 工单号={工单号}; 服务人员={负责人}`. */
import { say } from '../../src/messages/index.ts';
import type { FieldValue } from '../../src/model/field.ts';
import { nearest } from '../../src/model/nearest.ts';
import { plainText, wordKey } from '../../src/model/typed.ts';
import { type Action, refuseAction } from '../action.ts';
import { evaluateValue, parseValue, type ValueSource, valueReading, valueReads } from '../action-value.ts';
import { fieldNamed, fieldPlace, labelOf, nearestField, type RuleContext } from '../context.ts';

export interface CreateParams {
  readonly table: string;
  readonly values: readonly { readonly field: string; readonly value: ValueSource }[];
}

const TABLE = /^([^:：;；\n]+?)\s*(?:[:：]\s*([\s\S]*))?$/;
const PAIR = /^([^=＝]+?)\s*[=＝]\s*([\s\S]+)$/;

function tableNamed(name: string, { tables }: RuleContext): RuleContext['tables'][number] | undefined {
  return tables.find((table) => [table.name, ...table.labels].some((label) => wordKey(label) === wordKey(name)));
}

export const create: Action<CreateParams> = {
  name: 'create',
  columns: { create: { 'zh-CN': ['新建记录', '新建一行'], en: ['create record', 'create row'] } },
  stage: () => 'notify',
  parse({ create: cell }, context) {
    if (cell === undefined) return { ok: true, params: null };
    const example = say(context.locale, 'rule.example.create', { number: fieldPlace(context.idKey, context) });
    const [, name = '', mapping = ''] = TABLE.exec(cell.text.trim()) ?? [];
    const table = tableNamed(name, context);
    if (table === undefined) {
      const known = context.tables.flatMap(({ labels }) => labels);
      return refuseAction('unknown-table', plainText(name), example, { suggestion: nearest(name, known) });
    }
    const values: { field: string; value: ValueSource }[] = [];
    const pairs = mapping.split(/[;；\n]/).map((each) => each.trim());
    for (const typed of pairs.filter((each) => each !== '')) {
      const [, label = '', text] = PAIR.exec(typed) ?? [];
      if (text === undefined) return refuseAction('bad-mapping', plainText(typed), example);
      const field = fieldNamed(label, table.fields);
      if (field === undefined) {
        const near = nearestField(label, { fields: table.fields, locale: context.locale });
        return refuseAction('unknown-field', plainText(label), example, { suggestion: near });
      }
      if (values.some((each) => each.field === field.key))
        return refuseAction('bad-mapping', plainText(typed), example);
      const read = parseValue({ text, raw: text }, field, context);
      if (!read.ok) return read;
      values.push({ field: field.key, value: read.params });
    }
    return { ok: true, params: { table: table.name, values } };
  },
  reads: ({ values }) => values.flatMap(({ value }) => valueReads(value)),
  writes: () => [],
  apply({ table, values }, scope) {
    const made: Record<string, FieldValue> = {};
    for (const { field, value } of values) made[field] = evaluateValue(value, scope);
    return [{ do: 'create', table, values: made }];
  },
  reading({ table: name, values }, context) {
    const { locale } = context;
    const table = tableNamed(name, context);
    const shown = values.flatMap(({ field: key, value }) => {
      const field = table?.fields.find((each) => each.key === key);
      return field === undefined ? [] : [`${labelOf(field, locale)} = ${valueReading(value, field, context)}`];
    });
    const label = table?.labels[0] ?? name;
    return say(locale, 'rule.reading.create', { table: label, values: shown.join(say(locale, 'rule.list-separator')) });
  },
  examples: [
    {
      cells: { create: '服务记录: 工单号={工单号}; 服务内容={解决方案}; 服务人员={负责人}' },
      values: { ticket_no: 'T-000012', solution: '更换阀门', assignee: '张三' },
      effects: [
        {
          do: 'create',
          table: 'service_records',
          values: { ticket_no: 'T-000012', content: '更换阀门', people: '张三' },
        },
      ],
    },
    {
      cells: { create: '客户回访: 工单号={工单号}; 回访日期=今天+1天; 回访原因=评价 {满意度} 分' },
      values: { ticket_no: 'T-000012', csat: 2 },
      effects: [
        {
          do: 'create',
          table: 'callbacks',
          values: { ticket_no: 'T-000012', planned_on: '2026-03-11', reason: '评价 2 分' },
        },
      ],
    },
  ],
};
