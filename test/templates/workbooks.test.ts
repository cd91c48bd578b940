import { describe, expect, test } from 'vitest';
import { openPackage } from '../../connectors/xlsx/package.ts';
import { readTab } from '../../connectors/xlsx/read.ts';
import { bindWorkspace } from '../../src/config/bindings.ts';
import { parseWorkspace } from '../../src/config/workspace.ts';
import { type MessageKey, say } from '../../src/messages/index.ts';
import { rawText } from '../../src/model/cell.ts';
import { normaliseHeader } from '../../src/model/header.ts';
import { templateFiles } from '../../src/templates/index.ts';

const NOW = new Date('2026-03-10T02:00:00Z');

describe.each(['zh-CN', 'en'] as const)('templates in %s', (locale) => {
  const settings = parseWorkspace(JSON.stringify({ locale }));

  test('the standard settings name exactly the workbooks and tabs the templates have', async () => {
    const files = await templateFiles(locale, 'demo', NOW);
    expect(files.map((file) => file.name)).toEqual(settings.workbooks.map((workbook) => workbook.place));
    for (const [index, { tabs }] of settings.workbooks.entries()) {
      const { sheets } = await openPackage(files[index]!.bytes);
      const names = sheets.map((sheet) => sheet.name);
      for (const tab of Object.keys(tabs)) if (tab !== '*') expect(names).toContain(tab);
    }
  });

  test('every header is one of its binding, under the field it should be', async () => {
    const [team] = await templateFiles(locale, 'blank', NOW);
    const pkg = await openPackage(team!.bytes);
    expect(bindWorkspace(settings).workbooks[0]!.bindings).toHaveLength(5);
    for (const binding of bindWorkspace(settings).workbooks[0]!.bindings) {
      const grid = await readTab(pkg, pkg.sheets.find((sheet) => sheet.name === binding.tab)!);
      expect(grid.rows).toHaveLength(1);
      const columns = [binding.idColumn, ...binding.columns, binding.hintColumn!];
      for (const cell of grid.rows[0]!) {
        const header = normaliseHeader(rawText(cell));
        const takers = columns.filter((column) => column.headers.some((each) => normaliseHeader(each) === header));
        expect([rawText(cell), takers.length]).toEqual([rawText(cell), 1]);
      }
    }
  });

  test('formats and dropdowns reach far below the first rows; the mark follows the system note', async () => {
    const [team] = await templateFiles(locale, 'demo', NOW);
    const pkg = await openPackage(team!.bytes);
    const xml = Buffer.from(await pkg.inflate(pkg.sheets[0]!.part)).toString();
    expect(xml).toContain('<autoFilter ref="A1:AI5000"/>');
    expect(xml).toMatch(
      /<conditionalFormatting sqref="A2:AI5000"><cfRule type="expression"[^>]*priority="1"><formula>ISNUMBER\(FIND/,
    );
    expect(xml).toMatch(/<dataValidation type="list"[^>]*sqref="B2:B5000"/);
    expect(xml).toMatch(/<pane xSplit="1" ySplit="1"/);
    const priorities = [...xml.matchAll(/ priority="(\d+)"/g)].map((match) => match[1]);
    expect(new Set(priorities).size).toBe(priorities.length);
  });

  test.each(['demo', 'blank'] as const)('the %s workbooks hold nothing that Excel would repair', async (template) => {
    for (const { bytes } of await templateFiles(locale, template, NOW)) {
      const pkg = await openPackage(bytes);
      const names = pkg.sheets.map((sheet) => sheet.name);
      expect(pkg.partNames.filter((name) => /vml|comment|table/i.test(name))).toEqual([]);
      for (const { part } of pkg.sheets) {
        const xml = Buffer.from(await pkg.inflate(part)).toString();
        for (const [, source] of xml.matchAll(/<formula1>(.*?)<\/formula1>/g)) {
          const [, list] = /^&quot;(.*)&quot;$/.exec(source!) ?? [];
          const [, tab] = /^&apos;(.*)&apos;!\$[A-Z]+\$2:\$[A-Z]+\$\d+$/.exec(source!) ?? [];
          if (list === undefined) expect(names).toContain(tab);
          else expect(list.length).toBeLessThanOrEqual(255);
        }
      }
    }
  });

  test('lists of people and messages follow their tabs; conditions are typed as text', async () => {
    const [, admin] = await templateFiles(locale, 'demo', NOW);
    const pkg = await openPackage(admin!.bytes);
    const xmlOf = async (tab: MessageKey): Promise<string> => {
      const { part } = pkg.sheets.find((sheet) => sheet.name === say(locale, tab))!;
      return Buffer.from(await pkg.inflate(part)).toString();
    };
    const people = `&apos;${say(locale, 'template-people-tab')}&apos;!$A$2:$A$300`;
    const notices = `&apos;${say(locale, 'template-notifications-tab')}&apos;!$A$2:$A$300`;
    const rules = await xmlOf('template-rules-tab');
    expect(rules.split(people)).toHaveLength(3);
    expect(rules).toContain(notices);
    expect(await xmlOf('template-people-tab')).toContain(people);
    const styles = Buffer.from(await pkg.inflate('xl/styles.xml')).toString();
    const formats = [...styles.split('<cellXfs')[1]!.matchAll(/<xf numFmtId="(\d+)"/g)].map(([, id]) => id);
    const columns = [...rules.matchAll(/<col min="(\d+)" max="(\d+)"[^>]* style="(\d+)"/g)];
    const text = columns.filter(([, , , style]) => formats[Number(style)] === '49');
    expect(columns.length).toBeGreaterThan(10);
    expect(text).toHaveLength(columns.length);
  });

  test('the same day gives the same bytes of every part', async () => {
    const [first, second] = [await templateFiles(locale, 'demo', NOW), await templateFiles(locale, 'demo', NOW)];
    for (const [index, file] of first.entries()) {
      const [a, b] = [await openPackage(file.bytes), await openPackage(second[index]!.bytes)];
      expect(a.partNames).toEqual(b.partNames);
      for (const part of a.partNames) expect(Buffer.compare(await a.inflate(part), await b.inflate(part))).toBe(0);
    }
  });
});
