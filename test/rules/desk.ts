/** The small desk the rule tests are about: its fields, people and named things, and ways to write a table as text. */
import { type CompiledRules, type CompileOptions, compileRules } from '../../rules/compile.ts';
import type { RuleContext } from '../../rules/context.ts';
import { type Evaluation, evaluate, type Pick, type RuleEvent } from '../../rules/evaluate.ts';
import type { RuleScope, Values } from '../../rules/scope.ts';
import { type RuleTableRead, readRuleTable } from '../../rules/table.ts';
import type { WorkCalendar } from '../../src/model/calendar.ts';
import type { CellValue, Grid } from '../../src/model/cell.ts';
import { createDirectory } from '../../src/model/directory.ts';
import type { Field } from '../../src/model/field.ts';
import { customField, tables } from '../../src/model/tables.ts';
import { person } from '../model/people.ts';

export { person };

export const directory = createDirectory([
  person('张三', { aliases: ['张工', '小张'], teams: ['水电组'], roles: ['工程师'] }),
  person('李四', { teams: ['水电组', '客服'], roles: ['工程师'] }),
  person('王五', { teams: ['客服'], roles: ['客服'] }),
  person('赵六', { roles: ['技术总监'] }),
  person('钱七', { teams: ['旧组'], active: false }),
]);

/** Monday to Friday, 09:00 to 17:00 in Shanghai, eight hours without a break. */
export const calendar: WorkCalendar = {
  elapsed(from, to) {
    let seconds = 0;
    for (const [start, end] of shifts(from, to)) seconds += Math.max(0, Math.min(end, to) - Math.max(start, from));
    return seconds / 1000;
  },
  add(from, seconds) {
    let left = seconds * 1000;
    for (const [start, end] of shifts(from, from + 400 * 86_400_000)) {
      const begin = Math.max(start, from);
      if (end <= begin) continue;
      if (end - begin >= left) return begin + left;
      left -= end - begin;
    }
    throw new RangeError('no such time');
  },
};

function* shifts(from: number, to: number): Generator<readonly [number, number]> {
  const zone = 8 * 3_600_000;
  for (let day = Math.floor((from + zone) / 86_400_000) * 86_400_000; day < to + zone; day += 86_400_000) {
    const weekday = new Date(day).getUTCDay();
    if (weekday === 0 || weekday === 6) continue;
    yield [day + 9 * 3_600_000 - zone, day + 17 * 3_600_000 - zone];
  }
}

const options = (labels: string) => labels.split(',').map((label) => ({ label, aliases: [] }));
const choices: Readonly<Record<string, string>> = {
  issue_type: '漏水,电路,地面,其他',
  region: '东区,西区',
  customer_level: '普通,VIP',
};

/** Fields of a ticket with short lists, so that tables over them can be checked by hand. */
export const fields: readonly Field[] = [tables.tickets!.idField, ...tables.tickets!.fields].map((field) => {
  const list = choices[field.key];
  return list === undefined ? field : { ...field, options: options(list) };
});

export const context: RuleContext = {
  locale: 'zh-CN',
  timeZone: 'Asia/Shanghai',
  now: '2026-03-10T04:00:00.000Z',
  fields,
  idKey: 'ticket_no',
  directory,
  templates: ['派单通知', '回访提醒'],
  channels: ['邮件', '钉钉'],
  webhooks: ['erp', '大屏'],
  workflows: ['售后', '退货'],
  tables: [
    {
      name: 'service_records',
      labels: ['服务记录', 'Service records'],
      fields: [
        customField('ticket_no', '工单号', 'text'),
        customField('content', '服务内容', 'long-text'),
        customField('people', '服务人员', 'person'),
      ],
    },
    {
      name: 'callbacks',
      labels: ['客户回访', 'Callbacks'],
      fields: [
        customField('ticket_no', '工单号', 'text'),
        customField('planned_on', '回访日期', 'date'),
        customField('reason', '回访原因', 'text'),
      ],
    },
  ],
};

export const english: RuleContext = { ...context, locale: 'en' };

/** Tuesday noon in Shanghai. */
export const now = Date.parse(context.now);

export function scopeOf(values: Values, more: Partial<RuleScope> = {}): RuleScope {
  return { values, before: null, now, timeZone: 'Asia/Shanghai', me: '王五', directory, calendar, ...more };
}

/** A tab of texts: the header first. `null` is an empty cell. */
export function tab(...rows: readonly (readonly CellValue[])[]): Grid {
  return { tab: '规则', rows, merges: [] };
}

export function read(rows: readonly (readonly CellValue[])[], given: RuleContext = context): RuleTableRead {
  return readRuleTable(tab(...rows), given);
}

/** A table that must be without fault, ready to run. */
export function compiled(rows: readonly (readonly CellValue[])[], settings: CompileOptions = {}): CompiledRules {
  const { table, faults } = read(rows);
  if (faults.length > 0) throw new Error(faults.map(({ text }) => text).join('\n'));
  return compileRules(table, context, settings);
}

export function created(rules: CompiledRules, values: Values, pick?: Pick): Evaluation {
  const event: RuleEvent = { id: 'e1', record: 'T-1', kind: 'create' };
  return evaluate(rules, event, scopeOf(values), pick);
}

export function updated(rules: CompiledRules, before: Values, values: Values, pick?: Pick): Evaluation {
  const event: RuleEvent = { id: 'e2', record: 'T-1', kind: 'update' };
  return evaluate(rules, event, scopeOf(values, { before }), pick);
}
