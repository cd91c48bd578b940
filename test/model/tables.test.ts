/** The standard tables as others rely on them. */
import { describe, expect, test } from 'vitest';
import { ConfigError } from '../../src/model/errors.ts';
import { statusCategory, statusOptions } from '../../src/model/status.ts';
import { customField, fieldOf, tableOf, tables } from '../../src/model/tables.ts';

test.each(Object.values(tables))('$name: keys are unique and fit a database column', (table) => {
  const keys = [table.idField, ...table.fields].map((field) => field.key);
  expect(new Set(keys).size).toBe(keys.length);
  for (const key of keys) expect(key).toMatch(/^[a-z][a-z_]{1,30}$/);
  expect(table.fields.every((field) => field.label['zh-CN'] !== '' && field.label.en !== '')).toBe(true);
});

test('a ticket, a service record and a follow-up need a title, a customer a name, a contact its ticket and kind, and the service writes numbers, SLA state and reopenings', () => {
  const required = Object.values(tables).map((table) =>
    table.fields.filter((field) => field.required).map((field) => field.key),
  );
  expect(required).toEqual([['title'], ['name'], ['title'], ['title'], ['ticket_no', 'kind']]);
  const written = tables.tickets!.fields.filter((field) => field.flow === 'db_to_sheet').map((field) => field.key);
  expect(written).toEqual(['sla_state', 'reopen_count']);
  expect(tables.tickets!.idField.flow).toBe('db_to_sheet');
});

test('fields are found by key, the number included; nothing is found under names of Object', () => {
  expect(fieldOf('tickets', 'status')?.options).toBe(statusOptions);
  expect(fieldOf('tickets', 'ticket_no')).toBe(tables.tickets!.idField);
  expect(fieldOf('tickets', 'constructor')).toBeUndefined();
  expect(fieldOf('visits', 'record_no')).toBe(tableOf('visits').idField);
  expect(tableOf('constructor')).toMatchObject({ numberPrefix: 'R', fields: [] });
});

test('a team’s own column has its label in every language; an unknown type is named', () => {
  expect(customField('bay', '工位', 'text')).toMatchObject({ custom: true, flow: 'two_way', label: { en: '工位' } });
  expect(() => customField('bay', '工位', 'colour')).toThrow(ConfigError);
});

describe('statuses', () => {
  test('every category has one label in each language, and no word means two', () => {
    const words = statusOptions.flatMap((option) => [option.label, option.en, option.category, ...option.aliases]);
    const keys = words.map((word) => String(word).toLowerCase());
    const twice = keys.filter((word, index) => keys.indexOf(word) !== index);
    // The English label of these three is the category's own key.
    expect(twice.sort()).toEqual(['cancelled', 'closed', 'merged', 'new', 'resolved']);
  });
  test('a kept label leads to its category', () => {
    expect(statusCategory('等待第三方')).toBe('wait_third');
    expect(statusCategory('Closed')).toBe('closed');
    expect(statusCategory('没有')).toBeUndefined();
  });
});
