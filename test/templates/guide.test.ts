import { beforeAll, describe, expect, test } from 'vitest';
import { actions } from '../../rules/actions/index.ts';
import { readCell } from '../../rules/cell/index.ts';
import { cellColumn, cellContext, type RuleContext } from '../../rules/context.ts';
import { ownColumns } from '../../rules/header.ts';
import { readRuleTable } from '../../rules/table.ts';
import { actionForms, conditionForms, otherForms, writingGuide } from '../../src/templates/guide.ts';
import { readAdminWorkbook } from './admin-workbook.ts';

describe.each(['zh-CN', 'en'] as const)('the guide in %s', (locale) => {
  let context: RuleContext;
  beforeAll(async () => {
    const { configuration } = await readAdminWorkbook(locale, 'demo');
    context = { ...configuration.ruleContext, webhooks: ['erp', 'crm'] };
  });

  test('every example of a condition is one', () => {
    const { rows } = writingGuide(locale).parts[0]!;
    for (const [at, [, key]] of conditionForms.entries()) {
      const column = cellColumn(context.fields.find((field) => field.key === key)!, locale);
      for (const example of rows[at]!.slice(1, 3)) {
        expect([example, readCell(example, column, cellContext(context)).ok]).toEqual([example, true]);
      }
    }
  });

  test('every example of another column makes a rule that is in force', () => {
    const name = ownColumns.name[locale][0]!;
    const group = ownColumns.stage[locale][0]!;
    const [, asked, other] = writingGuide(locale).parts;
    const word = (zh: string, en: string): string => (locale === 'en' ? en : zh);
    // A message needs somebody to go to, a refusal its group, and every rule an action.
    const beside: Readonly<Record<string, readonly [header: string, cell: string]>> = {
      [word('通知模板', 'Template')]: [word('通知', 'Notify'), word('负责人', 'Assignee')],
      [word('通知渠道', 'Channel')]: [word('通知', 'Notify'), word('负责人', 'Assignee')],
      [word('提示', 'Message')]: [group, word('校验', 'Validate')],
    };
    for (const [header = '', ...examples] of [...asked!.rows, ...other!.rows]) {
      for (const example of examples.slice(0, 2)) {
        const [title, cell] = beside[header] ?? [word('加标签', 'Add tag'), 'x'];
        const cells = [[name, 'x'], [header, example], ...(title === header ? [] : [[title, cell]])];
        const grid = { tab: 'x', rows: [cells.map(([each]) => each!), cells.map(([, each]) => each!)], merges: [] };
        const { faults, table } = readRuleTable(grid, context);
        expect([header, example, faults.map(({ text }) => text), table.rows.length]).toEqual([header, example, [], 1]);
      }
    }
  });

  test('every action that can be done today is explained', () => {
    const explained = new Set(actionForms.map(([key]) => key.replace(/\..*/, '')));
    const columns = actions.filter(({ name }) => name !== 'workflow').flatMap((action) => Object.keys(action.columns));
    expect(columns.filter((column) => !explained.has(column))).toEqual([]);
    expect(otherForms.every(([key]) => Object.hasOwn(ownColumns, key))).toBe(true);
  });

  test('every text is there', () => {
    const texts = writingGuide(locale).parts.flatMap(({ header, rows }) => [...header, ...rows.flat()]);
    expect(texts.filter((text) => text === '' || text.startsWith('guide.'))).toEqual([]);
  });
});
