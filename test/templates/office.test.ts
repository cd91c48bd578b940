/** The workbooks of `init` in the hands of other programs. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, type TestContext, test } from 'vitest';
import { templateFiles } from '../../src/templates/index.ts';
import { type Office, objectsByTab, requireWitness, startOffice } from '../witness/office.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowkeeper-templates-'));
let office: Office | undefined;

afterAll(async () => {
  await office?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function person(context: TestContext): Promise<Office> {
  requireWitness(context, 'office');
  requireWitness(context, 'openpyxl');
  office ??= await startOffice();
  return office;
}

const LISTS = `
import json, sys, openpyxl
book = openpyxl.load_workbook(sys.argv[1])
print(json.dumps({tab.title: sorted([str(each.sqref), each.formula1] for each in tab.data_validations.dataValidation
    if each.type == 'list') for tab in book.worksheets}))
`;

/** The dropdowns of each tab: first cell and source. The office ends ranges soon after the last row in use, and quotes no name that needs none. */
function listsOf(path: string): Readonly<Record<string, readonly string[]>> {
  const found: Record<string, [string, string][]> = JSON.parse(
    execFileSync('/usr/bin/python3', ['-c', LISTS, path], { encoding: 'utf8' }),
  );
  return Object.fromEntries(
    Object.entries(found).map(([tab, lists]) => [
      tab,
      lists.map(([range, source]) => `${range.split(':')[0]} ${source.replaceAll("'", '')}`).sort(),
    ]),
  );
}

describe.each([
  ['zh-CN', 'demo'],
  ['en', 'demo'],
  ['zh-CN', 'blank'],
] as const)('the %s %s workbooks', (locale, template) => {
  test('LibreOffice saves them with every list and format; openpyxl finds the same', {
    timeout: 180_000,
  }, async (context) => {
    const hands = await person(context);
    for (const [index, file] of (await templateFiles(locale, template, new Date('2026-03-10T02:00:00Z'))).entries()) {
      const path = join(folder, `${locale}-${template}-${index}.xlsx`);
      writeFileSync(path, file.bytes);
      const [lists, objects] = [listsOf(path), objectsByTab(path)];
      const [first] = Object.keys(lists);
      await hands.edit(path, first!, { A60: 'x' });
      expect(listsOf(path)).toEqual(lists);
      const formats = (all: typeof objects) => Object.entries(all).map(([tab, { formats: count }]) => [tab, count]);
      expect(formats(objectsByTab(path))).toEqual(formats(objects));
    }
  });
});
