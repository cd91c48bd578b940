/** A small table of every kind of field, its people and a moment: what the tests of cells share. */
import type { CellColumn, CellLanguageContext } from '../../rules/cell/index.ts';
import type { RuleScope, Values } from '../../rules/scope.ts';
import { createDirectory, type Person } from '../../src/model/directory.ts';
import type { ChoiceOption, ValueKind } from '../../src/model/field.ts';
import { person as plain } from '../model/people.ts';

export const options = (...labels: string[]): readonly ChoiceOption[] =>
  labels.map((label) => ({ label, aliases: [] }));

function column(key: string, label: string, kind: ValueKind, of: readonly ChoiceOption[] = []): CellColumn {
  return { key, label, names: [], kind, options: of };
}

export const columns = {
  text: column('title', '标题', 'text'),
  number: column('amount', '金额', 'number'),
  duration: column('spent', '耗时', 'duration'),
  date: column('visit', '上门', 'date'),
  datetime: column('created', '创建时间', 'datetime'),
  boolean: column('paid', '已付款', 'boolean'),
  choice: column('priority', '优先级', 'choice', options('紧急', '高', '中', '低')),
  choices: column('tags', '标签', 'choices', options('老人', '孕妇', '儿童')),
  person: column('owner', '负责人', 'person'),
  people: column('team', '处理人', 'people'),
} as const satisfies Record<ValueKind, CellColumn>;

function person(name: string, team: string, role: string): Person {
  return plain(name, { aliases: [`${name[0]}工`], roles: [role], teams: [team] });
}

export const directory = createDirectory([person('张三', '水电组', '工程师'), person('李四', '客服组', '客服')]);

export const context: CellLanguageContext = {
  locale: 'zh-CN',
  timeZone: 'Asia/Shanghai',
  fields: [...Object.values(columns), column('budget', '预算', 'number'), column('author', '创建人', 'person')],
  directory,
};

/** Tuesday noon in Shanghai. */
export function scopeWith(values: Values, before: Values | null = null): RuleScope {
  return {
    values,
    before,
    now: Date.parse('2026-03-10T04:00:00.000Z'),
    timeZone: 'Asia/Shanghai',
    me: '张三',
    directory,
    calendar: {
      elapsed: (from, to) => Math.max(0, Math.floor((to - from) / 3000)),
      add: (from, seconds) => from + seconds * 3000,
    },
  };
}
