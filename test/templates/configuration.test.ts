import { beforeAll, describe, expect, test } from 'vitest';
import { openPackage } from '../../connectors/xlsx/package.ts';
import { readTab } from '../../connectors/xlsx/read.ts';
import { readRuleTable } from '../../rules/table.ts';
import { configHolds } from '../../src/config/configuration.ts';
import { configTabs } from '../../src/config/tabs/index.ts';
import { rawText } from '../../src/model/cell.ts';
import type { Field } from '../../src/model/field.ts';
import { optionLabel } from '../../src/model/fields/index.ts';
import { priorityOptions } from '../../src/model/status.ts';
import { tables } from '../../src/model/tables.ts';
import { TARGETS } from '../../src/templates/demo.ts';
import { templateFiles } from '../../src/templates/index.ts';
import { type AdminWorkbook, now, readAdminWorkbook } from './admin-workbook.ts';

const workspaces = (['zh-CN', 'en'] as const).flatMap((locale) =>
  (['demo', 'blank'] as const).map((template) => ({ locale, template })),
);
const read = configHolds.filter((holds) => holds !== 'cases');

describe.each(workspaces)('the $template configuration in $locale', ({ locale, template }) => {
  const isDemo = template === 'demo';
  let admin: AdminWorkbook;
  beforeAll(async () => {
    admin = await readAdminWorkbook(locale, template);
  });

  test.each(read)('every row of %s is in force, and nothing is said against it', (holds) => {
    const { rows, faults, written } = admin.look(holds);
    expect([faults, rows.filter(({ isSound }) => !isSound)]).toEqual([[], []]);
    expect(rows).toHaveLength(admin.grids.get(holds)!.rows.length - 1);
    expect(rows.length > 0).toBe(isDemo || (holds !== 'people' && holds !== 'notifications'));
    const fine = holds === 'rules' ? ['✓', '✓ 演练', '✓ rehearsal', '停用', 'off'] : ['✓'];
    expect([...written[0]!.texts.values()].filter((text) => !fine.includes(text))).toEqual([]);
  });

  test.each(read)('every header of %s is known, and the columns of the service are among them', (holds) => {
    const grid = admin.grids.get(holds)!;
    const { calendars, ruleContext } = admin.configuration;
    if (holds === 'rules') {
      const { faults, columns } = readRuleTable(grid, ruleContext);
      expect([faults, columns.filter(({ role }) => role.is === 'unknown' || role.is === 'blank')]).toEqual([[], []]);
    } else {
      const context = { ...admin.world, now, fields: ruleContext.fields, internal: new Set<string>(), calendars };
      expect(configTabs[holds].read(grid, context).head).toEqual([]);
    }
    expect(admin.look(holds).written).toHaveLength(holds === 'rules' ? 4 : 1);
  });

  test('reading the fields back changes none of them', () => {
    const shown = (field: Field): unknown => ({
      key: field.key,
      headers: [...field.headers].sort(),
      label: field.label,
      type: field.type.name,
      flow: field.flow,
      required: field.required,
      options: field.options.map((option) => [
        optionLabel(option, locale),
        option.category,
        [option.label, option.en, ...option.aliases].filter((word) => word !== undefined).sort(),
      ]),
    });
    for (const { name, fields } of Object.values(tables)) {
      const standard = admin.configuration.fields[name]!.filter(({ custom }) => !custom);
      expect(standard.map(shown)).toEqual(fields.map(shown));
    }
  });

  test("the team's own fields are columns of its tickets tab", async () => {
    const [team] = await templateFiles(locale, template, new Date(now));
    const pkg = await openPackage(team!.bytes);
    const header = (await readTab(pkg, pkg.sheets[0]!)).rows[0]!.map(rawText);
    const own = admin.configuration.fields.tickets!.filter(({ custom }) => custom);
    expect(own.map(({ key, type }) => [key, type.name])).toEqual(
      isDemo
        ? [
            ['approver', 'person'],
            ['approval', 'choice'],
            ['rush_visit', 'boolean'],
            ['parts_due_on', 'date'],
          ]
        : [],
    );
    for (const { label } of own) expect(header).toContain(label[locale]);
  });

  test('each priority has its promise, the one the history of the demo keeps to', () => {
    const { policies } = admin.configuration;
    expect(policies.map(({ conditions }) => conditions.map(({ field }) => field))).toEqual(
      priorityOptions.map(() => ['priority']),
    );
    expect(policies.map(({ policy }) => policy.targets.resolution!.seconds)).toEqual(
      priorityOptions.map(({ category }) => TARGETS[category as keyof typeof TARGETS] * 60),
    );
    expect(policies.map(({ policy }) => policy.targets.resolution!.mode)).toEqual([
      'calendar',
      'business',
      'business',
      'business',
    ]);
    expect(policies.every(({ policy }) => policy.steps.length > 0)).toBe(true);
  });
});

test('the steps of the demo lead to roles that somebody has', async () => {
  const { configuration } = await readAdminWorkbook('zh-CN', 'demo');
  const named = new Set(
    configuration.policies.flatMap(({ policy }) => policy.steps.flatMap((step) => step.recipients)),
  );
  named.delete('负责人');
  expect([...named].filter((name) => !configuration.directory.roles.includes(name))).toEqual([]);
});
