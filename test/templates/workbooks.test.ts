import { describe, expect, test } from 'vitest';
import { openPackage } from '../../connectors/xlsx/package.ts';
import { readTab } from '../../connectors/xlsx/read.ts';
import { bindWorkspace } from '../../src/config/bindings.ts';
import { parseWorkspace } from '../../src/config/workspace.ts';
import { rawText } from '../../src/model/cell.ts';
import { normaliseHeader } from '../../src/model/header.ts';
import { templateFiles } from '../../src/templates/index.ts';

const NOW = new Date('2026-03-10T02:00:00Z');

describe.each(['zh-CN', 'en'] as const)('templates in %s', (locale) => {
  const settings = parseWorkspace(JSON.stringify({ locale }));

  test('the standard settings name exactly the workbooks and tabs the templates have', async () => {
    const files = await templateFiles(locale, 'demo', NOW);
    expect(files.map((file) => file.name)).toEqual(settings.workbooks.map((workbook) => workbook.path));
    for (const [index, { tabs }] of settings.workbooks.entries()) {
      const { sheets } = await openPackage(files[index]!.bytes);
      const names = sheets.map((sheet) => sheet.name);
      for (const tab of Object.keys(tabs)) if (tab !== '*') expect(names).toContain(tab);
    }
  });

  test('every header is one of its binding, under the field it should be', async () => {
    const [team] = await templateFiles(locale, 'blank', NOW);
    const pkg = await openPackage(team!.bytes);
    expect(bindWorkspace(settings).workbooks[0]!.bindings).toHaveLength(4);
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
    expect(xml).toContain('<autoFilter ref="A1:AD5000"/>');
    expect(xml).toMatch(
      /<conditionalFormatting sqref="A2:AD5000"><cfRule type="expression"[^>]*priority="1"><formula>ISNUMBER\(FIND/,
    );
    expect(xml).toMatch(/<dataValidation type="list"[^>]*sqref="B2:B5000"/);
    expect(xml).toMatch(/<pane xSplit="1" ySplit="1"/);
    const priorities = [...xml.matchAll(/ priority="(\d+)"/g)].map((match) => match[1]);
    expect(new Set(priorities).size).toBe(priorities.length);
    // A list longer than this is an error when Excel opens the file.
    for (const [, list] of xml.matchAll(/<formula1>&quot;(.*?)&quot;<\/formula1>/g))
      expect(list!.length).toBeLessThanOrEqual(255);
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
