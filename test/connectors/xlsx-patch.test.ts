import { beforeAll, describe, expect, test } from 'vitest';
import type { Operation } from '../../connectors/connector.ts';
import { openPackage, type XlsxPackage } from '../../connectors/xlsx/package.ts';
import { patchWorkbook } from '../../connectors/xlsx/patch.ts';
import { readTab } from '../../connectors/xlsx/read.ts';
import { readStamp } from '../../connectors/xlsx/stamp.ts';
import type { CellInput, Grid } from '../../src/model/cell.ts';
import { GOLDEN, GOLDEN_OTHER_ROWS, GOLDEN_ROWS, zipOf } from '../witness/patch-package.ts';

const cell = (tab: string, row: number, column: number, value: CellInput): Operation => ({
  kind: 'cell',
  tab,
  row,
  column,
  value,
});
const append = (tab: string, ...values: (CellInput | undefined)[]): Operation => ({
  kind: 'append',
  tab,
  cells: values.flatMap((value, column) => (value === undefined ? [] : [{ column, value }])),
});
const day = (year: number, month: number, date: number): CellInput => ({
  kind: 'date',
  wallMs: Date.UTC(year, month - 1, date),
  hasTime: false,
});

async function partText(pkg: XlsxPackage, part: string): Promise<string> {
  return Buffer.from(await pkg.inflate(part)).toString('utf8');
}

/** Names of the parts that differ between two packages. */
async function differing(before: XlsxPackage, after: XlsxPackage): Promise<string[]> {
  const names = [...new Set([...before.partNames, ...after.partNames])];
  const differ = await Promise.all(
    names.map(
      async (part) =>
        !before.has(part) ||
        !after.has(part) ||
        Buffer.compare(await before.inflate(part), await after.inflate(part)) !== 0,
    ),
  );
  return names.filter((_, i) => differ[i]);
}

async function patched(
  pkg: XlsxPackage,
  operations: readonly Operation[],
  options: { generation?: number | null; allowFormulaOverwrite?: boolean } = {},
) {
  const { bytes, outcomes } = await patchWorkbook(pkg, operations, { generation: null, ...options });
  const after = await openPackage(bytes);
  const grid = async (name: string): Promise<Grid> => readTab(after, after.sheets.find((s) => s.name === name)!);
  return { bytes, outcomes, after, grid };
}

describe('a workbook with charts, pictures, macros, comments, a table and a pivot cache', () => {
  const source = zipOf(GOLDEN);
  let golden: XlsxPackage;
  beforeAll(async () => {
    golden = await openPackage(source);
  });

  test('values that stand there already leave the file as it is', async () => {
    const { bytes, outcomes } = await patched(golden, [
      cell('工单', 1, 1, '待受理'),
      cell('工单', 1, 2, day(2025, 12, 9)),
      cell('工单', 2, 5, '粗 体'),
      cell('工单', 3, 2, null),
      cell('工单', 3, 5, true),
      cell('工单', 2, 6, 0.1),
      cell('工单', 0, 0, '工单号'),
      cell('工单', 1, 5, 'a < b & "c"'),
      cell('工单', 900, 5, null),
    ]);
    expect(outcomes.every(({ status }) => status === 'applied')).toBe(true);
    expect(Buffer.compare(bytes, source)).toBe(0);
  });

  test('one cell changes one cell, and the results that hang on it', async () => {
    const { after, outcomes, grid } = await patched(golden, [cell('工单', 2, 3, 99)]);
    expect(outcomes).toEqual([{ status: 'applied', row: 2 }]);
    expect(await differing(golden, after)).toEqual([
      'xl/workbook.xml',
      'xl/worksheets/sheet1.xml',
      'xl/worksheets/sheet2.xml',
    ]);
    expect((await grid('工单')).rows[2]?.[3]).toBe(99);
    const before = await partText(golden, 'xl/worksheets/sheet1.xml');
    expect(await partText(after, 'xl/worksheets/sheet1.xml')).toBe(
      before
        .replace('<c r="D3" s="4"><v>20</v></c>', '<c r="D3" s="4"><v>99</v></c>')
        .replace('<v>22.6</v>', '')
        .replace('<v>60.5</v>', ''),
    );
    const other = await partText(golden, 'xl/worksheets/sheet2.xml');
    expect(await partText(after, 'xl/worksheets/sheet2.xml')).toBe(
      other.replace('<v>60.5</v>', '').replace('<v>61.5</v>', ''),
    );
    expect(await partText(after, 'xl/workbook.xml')).toContain('<calcPr calcId="191029" fullCalcOnLoad="1"/>');
  });

  test('a cell no formula reads changes nothing but itself', async () => {
    const { after } = await patched(golden, [cell('工单', 1, 5, '处理中')]);
    expect(await differing(golden, after)).toEqual(['xl/worksheets/sheet1.xml']);
    expect(await partText(after, 'xl/worksheets/sheet1.xml')).toBe(
      (await partText(golden, 'xl/worksheets/sheet1.xml')).replace(
        '<c r="F2" s="2" t="s"><v>11</v></c>',
        '<c r="F2" s="2" t="s"><v>10</v></c>',
      ),
    );
  });

  test('a new row looks like the one above, and what ended there grows', async () => {
    const { after, outcomes, grid } = await patched(golden, [
      append('工单', 'T-4', '处理中', day(2026, 3, 10), 40),
      append('工单', 'T-5', '待受理', undefined, 50, undefined, '=1+1'),
    ]);
    expect(outcomes).toEqual([
      { status: 'applied', row: 4 },
      { status: 'applied', row: 5 },
    ]);
    expect(await differing(golden, after)).toEqual([
      'xl/workbook.xml',
      'xl/worksheets/sheet1.xml',
      'xl/worksheets/sheet2.xml',
      'xl/styles.xml',
      'xl/tables/table1.xml',
    ]);
    const sheet = await partText(after, 'xl/worksheets/sheet1.xml');
    const looks = 'spans="1:7" ht="20.5" customHeight="1" x14ac:dyDescent="0.25"';
    expect(sheet).toContain(
      `<row r="5" ${looks}><c r="A5" s="2" t="inlineStr"><is><t>T-4</t></is></c><c r="B5" s="2" t="s"><v>10</v></c>` +
        '<c r="C5" s="3"><v>46091</v></c><c r="D5" s="4"><v>40</v></c><c r="E5" s="4"><f>工单表[[#This Row],[金额]]*1.13</f></c><c r="F5" s="2"/></row>' +
        `<row r="6" ${looks}>`,
    );
    for (const grown of [
      'sqref="B2:B6 D2:D6"',
      'showErrorMessage="1" sqref="B2:B6"',
      '<xm:sqref>F2:F6</xm:sqref>',
      '<ignoredError sqref="A2:A6"',
      '<xm:sqref>G4</xm:sqref>',
      '<dimension ref="A1:G6"/>',
    ]) {
      expect(sheet).toContain(grown);
    }
    expect(await partText(after, 'xl/tables/table1.xml')).toContain(
      'ref="A1:F6" totalsRowShown="0"><autoFilter ref="A1:F6"/>',
    );
    const workbook = await partText(after, 'xl/workbook.xml');
    expect(workbook).toContain('工单!$A$1:$G$6</definedName>');
    expect(workbook).toContain('其他!$A$1:$B$4</definedName>');
    expect(workbook).toContain('工单!$B$2:$B$200</definedName>');
    expect((await grid('工单')).rows[5]?.slice(0, 6)).toMatchObject([
      'T-5',
      '待受理',
      null,
      50,
      { kind: 'formula' },
      '=1+1',
    ]);
    for (const row of GOLDEN_ROWS.slice(1)) expect(sheet).toContain(row);
  });

  test('formulas, covered cells and table headers are not written over', async () => {
    const { bytes, outcomes } = await patched(golden, [
      cell('工单', 1, 4, 5),
      cell('工单', 0, 1, 'Status'),
      cell('没有', 0, 1, 'x'),
      cell('工单', 1, 0, 'x'.repeat(32_768)),
      cell('工单', 2_000_000, 0, 1),
      cell('工单', 1, 3, Number.NaN),
      cell('工单', 1, 2, day(1890, 1, 1)),
    ]);
    expect(outcomes.map((outcome) => (outcome.status === 'rejected' ? outcome.code : outcome.status))).toEqual([
      'patch-formula',
      'patch-table-header',
      'patch-no-tab',
      'patch-text-too-long',
      'patch-outside',
      'patch-number',
      'patch-date',
    ]);
    expect(Buffer.compare(bytes, source)).toBe(0);
  });

  test('a formula replaced on purpose takes the calculation chain with it', async () => {
    const { after, outcomes } = await patched(golden, [cell('其他', 2, 1, 5)], { allowFormulaOverwrite: true });
    expect(outcomes).toEqual([{ status: 'applied', row: 2 }]);
    expect(await differing(golden, after)).toEqual([
      '[Content_Types].xml',
      'xl/_rels/workbook.xml.rels',
      'xl/worksheets/sheet2.xml',
      'xl/calcChain.xml',
    ]);
    expect(after.has('xl/calcChain.xml')).toBe(false);
    expect(await partText(after, '[Content_Types].xml')).not.toContain('calcChain');
    expect(await partText(after, 'xl/_rels/workbook.xml.rels')).not.toContain('calcChain');
    expect(await partText(after, 'xl/worksheets/sheet2.xml')).toContain(
      GOLDEN_OTHER_ROWS.replace('<c r="B3"><f>B2+1</f><v>61.5</v></c>', '<c r="B3"><v>5</v></c>'),
    );
  });

  test('the stamp comes in a hidden tab and is counted on in it', async () => {
    expect(await readStamp(golden)).toBeNull();
    const first = await patched(golden, [cell('工单', 1, 0, 'T-1b')], { generation: 7 });
    expect(await readStamp(first.after)).toBe(7);
    expect(first.after.sheets.map(({ name, state }) => [name, state])).toEqual([
      ['工单', 'visible'],
      ['其他', 'visible'],
      ['_sync', 'hidden'],
    ]);
    const second = await patched(first.after, [], { generation: 8 });
    expect(await readStamp(second.after)).toBe(8);
    expect(await differing(first.after, second.after)).toEqual(['xl/worksheets/sheet3.xml']);
    const third = await patched(second.after, [], { generation: 8 });
    expect(Buffer.compare(third.bytes, second.bytes)).toBe(0);
  });

  test('a totals row is not pushed down', async () => {
    const table = String(GOLDEN['xl/tables/table1.xml']).replace('totalsRowShown="0"', 'totalsRowCount="1"');
    const pkg = await openPackage(zipOf({ ...GOLDEN, 'xl/tables/table1.xml': table }));
    const { outcomes } = await patched(pkg, [append('工单', 'T-4'), append('其他', undefined, 1)]);
    expect(outcomes).toEqual([
      { status: 'rejected', code: 'patch-totals-row', params: { tab: '工单', cell: 'A5', table: '工单表' } },
      { status: 'applied', row: 5 },
    ]);
  });

  test('dates of the 1904 system are counted from there', async () => {
    const workbook = String(GOLDEN['xl/workbook.xml']).replace('<workbookPr', '<workbookPr date1904="1"');
    const pkg = await openPackage(zipOf({ ...GOLDEN, 'xl/workbook.xml': workbook }));
    const { grid, outcomes } = await patched(pkg, [
      cell('工单', 1, 2, day(2026, 3, 10)),
      cell('工单', 2, 2, day(1903, 12, 31)),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['applied', 'rejected']);
    expect((await grid('工单')).rows[1]?.[2]).toEqual(day(2026, 3, 10));
  });

  test('a signed workbook is not written', async () => {
    const pkg = await openPackage(zipOf({ ...GOLDEN, '_xmlsignatures/sig1.xml': '<Signature/>' }));
    await expect(patched(pkg, [cell('工单', 1, 0, 'x')])).rejects.toMatchObject({ code: 'signed' });
  });

  test('a hundred edits one after the other leave all other parts alone and add each format once', async () => {
    let pkg = golden;
    for (let i = 0; i < 100; i++) {
      const { after } = await patched(
        pkg,
        [
          cell('工单', 1 + (i % 3), 5, i % 2 === 0 ? `=${i}` : day(2026, 1, 1 + (i % 28))),
          ...(i % 10 === 0 ? [append('工单', `N-${i}`, '处理中', day(2026, 2, 2), i)] : []),
        ],
        { generation: i },
      );
      pkg = after;
    }
    const kept = new Set([
      '[Content_Types].xml',
      'xl/_rels/workbook.xml.rels',
      'xl/workbook.xml',
      'xl/worksheets/sheet1.xml',
      'xl/worksheets/sheet2.xml',
      'xl/worksheets/sheet3.xml',
      'xl/styles.xml',
      'xl/tables/table1.xml',
    ]);
    expect((await differing(golden, pkg)).filter((part) => !kept.has(part))).toEqual([]);
    expect(await partText(pkg, 'xl/styles.xml')).toContain('<cellXfs count="8">');
    expect(await partText(pkg, 'xl/tables/table1.xml')).toContain('ref="A1:F14"');
    expect(await readStamp(pkg)).toBe(99);
  });
});
