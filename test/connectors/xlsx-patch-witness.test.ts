/** What LibreOffice and openpyxl, who share no code with us, make of patched workbooks. */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { Operation } from '../../connectors/connector.ts';
import { openPackage } from '../../connectors/xlsx/package.ts';
import { patchWorkbook } from '../../connectors/xlsx/patch.ts';
import { readTab } from '../../connectors/xlsx/read.ts';
import type { CellInput } from '../../src/model/cell.ts';
import { readWithOpenpyxl, requireWitness } from '../witness/office.ts';
import { officeDesk } from '../witness/office-desk.ts';
import { GOLDEN, sheetOf, smallWorkbook, zipOf } from '../witness/patch-package.ts';
import { nastyTexts } from '../witness/patch-texts.ts';

const { folder, open: openOffice } = officeDesk('patch');

const put = (tab: string, row: number, column: number, value: CellInput): Operation => ({
  kind: 'cell',
  tab,
  row,
  column,
  value,
});

/** Patches, saves the result in the folder, and tells where. */
async function saved(
  name: string,
  source: Uint8Array,
  operations: readonly Operation[],
  generation: number | null = 1,
): Promise<string> {
  const { bytes, outcomes } = await patchWorkbook(await openPackage(source), operations, { generation });
  expect(outcomes.filter(({ status }) => status !== 'applied')).toEqual([]);
  const path = join(folder, `${name}.xlsx`);
  writeFileSync(path, bytes);
  return path;
}

/** The golden workbook without macros: an .xlsx with a macro part is refused by name alone. */
const golden = (): Uint8Array => {
  const { 'xl/vbaProject.bin': _, ...parts } = GOLDEN;
  const types = String(parts['[Content_Types].xml'])
    .replace(
      'application/vnd.ms-excel.sheet.macroEnabled.main+xml',
      'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml',
    )
    .replace(/<Override PartName="\/xl\/vbaProject.bin"[^>]*>/, '');
  const links = String(parts['xl/_rels/workbook.xml.rels']).replace(/<Relationship [^>]*vbaProject.bin"\/>/, '');
  return zipOf({ ...parts, '[Content_Types].xml': types, 'xl/_rels/workbook.xml.rels': links });
};

const edits: readonly Operation[] = [
  put('工单', 1, 3, 100),
  put('工单', 2, 1, '已解决'),
  put('工单', 3, 2, { kind: 'date', wallMs: Date.UTC(2026, 2, 10), hasTime: false }),
  {
    kind: 'append',
    tab: '工单',
    cells: [
      { column: 0, value: 'T-4' },
      { column: 1, value: '=1+1' },
      { column: 2, value: { kind: 'date', wallMs: Date.UTC(2026, 2, 11), hasTime: false } },
      { column: 3, value: 1000 },
    ],
  },
];

describe('LibreOffice', () => {
  test('shows the values and computes what depends on them', async (context) => {
    requireWitness(context, 'office');
    const path = await saved('office', golden(), edits);
    const rows = await (await openOffice()).read(path, '工单');
    expect(rows[1]?.slice(0, 5)).toEqual(['T-1', '待受理', '2025年12月9日', '100.00', '113.00']);
    expect(rows[2]?.[1]).toBe('已解决');
    expect(rows[3]?.[2]).toBe('2026年3月10日');
    expect(rows[4]?.slice(0, 5)).toEqual(['T-4', '=1+1', '2026年3月11日', '1,000.00', '1,130.00']);
    expect(rows[0]?.[6]).toBe('1150');
    const other = await (await openOffice()).read(path, '其他');
    expect(other.map((row) => row[1])).toEqual(['7', '1150', '1151', '14', '4']);
  });

  test('computes shared formulas, arrays and results of every type', async (context) => {
    requireWitness(context, 'office');
    const rows =
      '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><f t="shared" ref="B1:B3" si="0">A1*10</f><v>10</v></c><c r="C1" t="str"><f>"n"&amp;A1</f><v>n1</v></c><c r="D1"><f t="array" ref="D1:D3">A1:A3*2</f><v>2</v></c></row>' +
      '<row r="2"><c r="A2"><v>2</v></c><c r="B2"><f t="shared" si="0"/><v>20</v></c><c r="C2" t="b"><f>A2&gt;5</f><v>0</v></c><c r="D2"><v>4</v></c></row>' +
      '<row r="3"><c r="A3"><v>3</v></c><c r="B3"><f t="shared" si="0"/><v>30</v></c><c r="C3" t="e"><f>1/(A3-3)</f><v>#DIV/0!</v></c><c r="D3"><v>6</v></c></row>' +
      '<row r="4"><c r="A4"><v>4</v></c><c r="B4"><f>SUM(D1:D3)</f><v>12</v></c></row>';
    const path = await saved('kinds', smallWorkbook(sheetOf(rows)), [
      put('T', 0, 0, 7),
      put('T', 1, 0, 8),
      put('T', 2, 0, 5),
    ]);
    expect(await (await openOffice()).read(path, 'T')).toEqual([
      ['7', '70', 'n7', '14'],
      // A truth value in a cell without a format of its own is computed, and shown as a number.
      ['8', '80', '1', '16'],
      ['5', '50', '0.5', '10'],
      ['4', '40', '', ''],
    ]);
  });

  test('takes no text for a formula, also after a save of its own', async (context) => {
    requireWitness(context, 'office');
    const source = smallWorkbook(sheetOf('<row r="1"><c r="A1"><v>1</v></c></row>'));
    const path = await saved(
      'nasty',
      source,
      nastyTexts.map((text, row) => put('T', row, 0, text)),
    );
    const file = await (await openOffice()).open(path);
    await file.type('T', { C1: '1' });
    await file.save();
    await file.close();
    const after = await openPackage(new Uint8Array(readFileSync(path)));
    const { rows } = await readTab(after, after.sheets[0]!);
    // It keeps line ends as LF, drops half a character and takes empty text for none.
    const kept = nastyTexts.map((text) => text.replaceAll('\r\n', '\n').replace(/\p{Cs}/gu, ''));
    expect(rows.map(([value]) => value ?? '')).toEqual(kept);
  });
});

const LOOK = `
import json, sys, warnings, openpyxl
warnings.simplefilter('ignore')
tab = openpyxl.load_workbook(sys.argv[1])['工单']
print(json.dumps({
  'charts': len(tab._charts), 'images': len(tab._images), 'note': tab['B2'].comment.text, 'link': tab['A2'].hyperlink.target,
  'table': tab.tables['工单表'].ref, 'validated': [str(v.sqref) for v in tab.data_validations.dataValidation],
  'conditional': [str(c.sqref) for c in tab.conditional_formatting], 'print': tab.print_area, 'quoted': tab['B5'].quotePrefix,
  'height': tab.row_dimensions[5].height, 'formula': tab['E5'].value, 'format': tab['C5'].number_format}))
`;

describe('openpyxl', () => {
  test('finds everything that was in the workbook, and the ranges grown', async (context) => {
    requireWitness(context, 'openpyxl');
    const path = await saved('all', golden(), edits);
    const found: unknown = JSON.parse(execFileSync('/usr/bin/python3', ['-c', LOOK, path], { encoding: 'utf8' }));
    expect(found).toEqual({
      charts: 1,
      images: 1,
      note: '请跟进',
      link: 'https://example.com/T-1',
      table: 'A1:F5',
      validated: ['B2:B5'],
      conditional: ['B2:B5 D2:D5'],
      print: ['$A$1:$G$5'],
      quoted: true,
      height: 20.5,
      formula: '=工单表[[#This Row],[金额]]*1.13',
      format: 'yyyy"年"m"月"d"日"',
    });
  });

  test('reads the values', async (context) => {
    requireWitness(context, 'openpyxl');
    const path = await saved('openpyxl', golden(), edits);
    const rows = readWithOpenpyxl(path, '工单');
    expect(rows[1]?.[3]).toBe(100);
    expect(rows[4]?.slice(0, 4)).toEqual(['T-4', '=1+1', '2026-03-11 00:00:00', 1000]);
    expect(readWithOpenpyxl(path, '_sync')[0]).toEqual(['Rowkeeper', 1]);
  });
});
