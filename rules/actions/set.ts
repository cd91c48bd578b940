/** 设置.字段: a value for one field; there may be a column for each. */
import { say } from '../../src/messages/index.ts';
import { type Action, refuseAction } from '../action.ts';
import {
  evaluateValue,
  parseValue,
  type ValueSource,
  valueExample,
  valueReading,
  valueReads,
} from '../action-value.ts';
import { labelOf } from '../context.ts';

export interface SetParams {
  readonly field: string;
  readonly value: ValueSource;
}

/** Moving a status is told apart from other writes: it has legal moves. */
const STATUS = 'status';

export const set: Action<SetParams> = {
  name: 'set',
  columns: { set: { 'zh-CN': ['设置', '设为'], en: ['set'] } },
  perField: true,
  stage: ({ field }) => (field === STATUS ? 'status' : 'set'),
  parse({ set: cell }, context, field) {
    if (cell === undefined || field === null) return { ok: true, params: null };
    if (field.key === context.idKey)
      return refuseAction('read-only-field', labelOf(field, context.locale), valueExample(field, context.locale));
    const read = parseValue(cell, field, context);
    return read.ok ? { ok: true, params: { field: field.key, value: read.params } } : read;
  },
  reads: ({ value }) => valueReads(value),
  writes: ({ field, value }) => [value.from === 'constant' ? { field, value: value.value } : { field }],
  apply({ field, value }, scope) {
    return [{ do: field === STATUS ? 'status' : 'set', field, value: evaluateValue(value, scope) }];
  },
  reading({ field: key, value }, context) {
    const field = context.fields.find((each) => each.key === key)!;
    const params = { field: labelOf(field, context.locale), value: valueReading(value, field, context) };
    return say(context.locale, 'rule.reading.set', params);
  },
  examples: [
    {
      cells: { set: '处理中' },
      field: 'status',
      values: { status: '待受理' },
      effects: [{ do: 'status', field: 'status', value: '处理中' }],
    },
    {
      cells: { set: '+1' },
      field: 'reopen_count',
      values: { reopen_count: 2 },
      effects: [{ do: 'set', field: 'reopen_count', value: 3 }],
    },
  ],
};
