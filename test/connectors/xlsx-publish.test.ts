/** Publishing into files of odd forms, and what of a person's stays when figures change. */
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Disk, realDisk } from '../../connectors/xlsx/disk.ts';
import { openPackage } from '../../connectors/xlsx/package.ts';
import { patchWorkbook } from '../../connectors/xlsx/patch.ts';
import { createEmptyWorkbook } from '../../connectors/xlsx/published/empty-workbook.ts';
import { type PublishResult, publishTabs } from '../../connectors/xlsx/published/publish.ts';
import { readTab } from '../../connectors/xlsx/read.ts';
import { createXlsxConnector } from '../../connectors/xlsx.ts';
import type { CellInput, CellValue } from '../../src/model/cell.ts';
import { RetryableError, StaleError, UnreadableError } from '../../src/model/errors.ts';
import type { PublishedCell, PublishedTab } from '../../src/model/published-tab.ts';
import { packageFaults, requireWitness } from '../witness/office.ts';
import { GOLDEN, GOLDEN_ROWS, sheetOf, smallWorkbook, zipOf } from '../witness/patch-package.ts';
import { samplePlan } from './sample-plan.ts';

const options = { timeZone: 'Asia/Shanghai', restore: [] };

async function publish(
  bytes: Uint8Array,
  plan: readonly PublishedTab[],
  restore: readonly string[] = [],
): Promise<PublishResult> {
  return publishTabs(await openPackage(bytes), bytes, plan, { ...options, restore });
}

async function part(bytes: Uint8Array, name: string): Promise<string> {
  return Buffer.from(await (await openPackage(bytes)).inflate(name)).toString('utf8');
}

/** Parts changed by hand. */
async function edited(
  bytes: Uint8Array,
  changes: Readonly<Record<string, (xml: string) => string>>,
): Promise<Uint8Array> {
  const pkg = await openPackage(bytes);
  const made = new Map<string, Uint8Array>();
  for (const [name, change] of Object.entries(changes)) {
    const xml = Buffer.from(await pkg.inflate(name)).toString('utf8');
    const changed = change(xml);
    expect(changed).not.toBe(xml);
    made.set(name, Buffer.from(changed));
  }
  return pkg.save(made);
}

async function typed(
  bytes: Uint8Array,
  tab: string,
  cells: readonly [row: number, column: number, value: CellInput][],
): Promise<Uint8Array> {
  const operations = cells.map(([row, column, value]) => ({ kind: 'cell', tab, row, column, value }) as const);
  const patched = await patchWorkbook(await openPackage(bytes), operations, {
    generation: null,
    allowFormulaOverwrite: true,
  });
  expect(patched.outcomes.every(({ status }) => status === 'applied')).toBe(true);
  return patched.bytes;
}

async function rowsOf(bytes: Uint8Array, tab: string): Promise<readonly (readonly CellValue[])[]> {
  const pkg = await openPackage(bytes);
  const sheet = pkg.sheets.find(({ name }) => name === tab);
  if (sheet === undefined) throw new Error(`no tab ${tab}`);
  return (await readTab(pkg, sheet)).rows;
}

const cell = (value: PublishedCell['value'], more: Partial<PublishedCell> = {}): PublishedCell => ({
  value,
  look: 'value',
  ...more,
});

/** One tab, one column of figures and what is asked for. */
function plan(values: readonly PublishedCell['value'][], more: Partial<PublishedTab> = {}): PublishedTab[] {
  return [
    { key: 'k', name: '页', widths: [20], rows: values.map((value) => [cell(value)]), charts: [], rules: [], ...more },
  ];
}

function withChart(values: readonly (number | null)[]): PublishedTab[] {
  const range = (column: number) => ({ row: 1, column, toRow: values.length, toColumn: column });
  const head = { row: 0, column: 1, toRow: 0, toColumn: 1 };
  const names = values.map((_, i) => `n${i}`);
  return plan([], {
    rows: [[cell('名'), cell('数')], ...values.map((value, i) => [cell(`n${i}`), cell(value)])],
    charts: [
      {
        chart: {
          name: 'c',
          kind: 'column',
          title: '图',
          categories: names,
          series: [{ name: '数', values }],
          format: '0',
        },
        place: { row: 0, column: 3, toRow: 12, toColumn: 9 },
        categories: range(0),
        series: [{ name: head, values: range(1) }],
      },
    ],
  });
}

const empty = smallWorkbook(sheetOf('<row r="1"><c r="A1"><v>1</v></c></row>'));

describe('a workbook', () => {
  test('made from nothing gets its first tab in the place of the blank one', async () => {
    const { bytes, made } = await publish(await createEmptyWorkbook(), samplePlan());
    const { sheets } = await openPackage(bytes);
    expect(sheets.map(({ name, state }) => [name, state])).toEqual([
      ['概览', 'visible'],
      ['分析', 'visible'],
      ['工单明细', 'visible'],
      ['_published', 'hidden'],
    ]);
    expect(made).toEqual(['overview', 'analysis', 'details']);
    expect(await part(bytes, 'xl/workbook.xml')).not.toContain('blank');
  });

  test('with nearly everything in it keeps every other part byte by byte', async (context) => {
    const source = zipOf(GOLDEN);
    const { bytes } = await publish(
      (await publish(source, samplePlan())).bytes,
      samplePlan({ more: 3, weeks: 5, tickets: 3 }),
    );
    const pkg = await openPackage(bytes);
    for (const name of Object.keys(GOLDEN)) {
      // Formulas of ours that went would stand in the chain: without one the app makes its own.
      if (/^(\[Content_Types\]|xl\/workbook|xl\/_rels\/workbook|xl\/styles|xl\/calcChain)\.xml/.test(name)) continue;
      expect(Buffer.from(await pkg.inflate(name)).equals(Buffer.from(GOLDEN[name] as string)), name).toBe(true);
    }
    expect(await part(bytes, 'xl/worksheets/sheet1.xml')).toContain(GOLDEN_ROWS[1]);
    requireWitness(context, 'openpyxl');
    const folder = mkdtempSync(join(tmpdir(), 'rowkeeper-publish-'));
    const path = join(folder, 'golden.xlsm');
    writeFileSync(path, bytes);
    const faults = packageFaults([path])[path];
    rmSync(folder, { recursive: true, force: true });
    expect(faults?.filter((fault) => !/vbaProject|customXml|printerSettings/.test(fault))).toEqual([]);
  });

  test('with a signature is refused', async () => {
    const signed = zipOf({ ...GOLDEN, '_xmlsignatures/sig1.xml': '<x/>' });
    await expect(publish(signed, samplePlan())).rejects.toBeInstanceOf(UnreadableError);
  });

  test('of the strict form, without styles, gets tabs of its own form', async () => {
    const main = 'http://purl.oclc.org/ooxml/spreadsheetml/main';
    const strict = smallWorkbook(sheetOf('').replaceAll(/xmlns="[^"]*"/g, `xmlns="${main}"`), {
      main,
      office: 'http://purl.oclc.org/ooxml/officeDocument/relationships',
      styles: null,
    });
    const { bytes } = await publish(strict, withChart([1, 2]));
    const sheet = await part(bytes, 'xl/worksheets/sheet2.xml');
    expect(sheet).toContain(main);
    expect(await part(bytes, 'xl/charts/chart1.xml')).toContain('http://purl.oclc.org/ooxml/drawingml/chart');
    expect((await publish(bytes, withChart([1, 2]))).bytes).toBe(bytes);
    expect((await rowsOf(bytes, '页'))[1]).toEqual(['n0', 1]);
  });
});

describe('names and texts', () => {
  test.each([
    ["O'Brien's & <b>", "O'Brien's & <b>"],
    ['a/b:c*d?e[f]\\g', 'a_b_c_d_e_f__g'],
    ['工单'.repeat(20), `${'工单'.repeat(15)}工`],
    [`${'x'.repeat(30)}😀`, 'x'.repeat(30)],
    ["''", '_'],
    ['History', 'History_'],
    ['t', 't (2)'],
  ])('a tab planned as %j is called %j, with a chart, a formula and a link that lead to it', async (name, called) => {
    const tabs = withChart([3, 4]).map((tab) => ({
      ...tab,
      name,
      rows: [
        ...tab.rows,
        [
          cell(7, { formula: `SUM('${name.replaceAll("'", "''")}'!B2:B3)` }),
          cell('去', { link: `#'${name.replaceAll("'", "''")}'!A1` }),
        ],
      ],
    }));
    const { bytes } = await publish(empty, tabs);
    const pkg = await openPackage(bytes);
    expect(pkg.sheets.map((sheet) => sheet.name)).toEqual(['T', called, '_published']);
    const rows = await rowsOf(bytes, called);
    const quoted = `'${called.replaceAll("'", "''")}'`;
    expect(rows[3]?.[0]).toEqual({ kind: 'formula', formula: `SUM(${quoted}!B2:B3)`, result: 7 });
    expect(rows[3]?.[1]).toMatchObject({ kind: 'link', text: '去' });
    const again = await publish(bytes, tabs);
    expect(again).toMatchObject({ changed: 0, replaced: [], missing: [], made: [] });
    expect(again.bytes).toBe(bytes);
    const { escapeXml } = await import('../../connectors/xlsx/xml.ts');
    expect(await part(bytes, 'xl/charts/chart1.xml')).toContain(escapeXml(`${quoted}!$B$2:$B$3`));
  });

  test('text is text, whatever it begins with or holds', async () => {
    const texts = ['=1+1', '+1', '-1', '@x', '_x0041_', 'a\nb', ' x ', '<&>"', '😀', '\u0007', '1', '2026-01-01'];
    const { bytes } = await publish(empty, plan(texts));
    expect((await rowsOf(bytes, '页')).map(([value]) => value)).toEqual(texts);
    expect((await publish(bytes, plan(texts))).bytes).toBe(bytes);
    expect(await part(bytes, 'xl/worksheets/sheet2.xml')).not.toContain('<f>');
  });

  test('a link that is no address is left out', async () => {
    const tabs = plan([], {
      rows: [[cell('a', { link: 'javascript:alert(1)' }), cell('b', { link: 'not an address' })]],
    });
    const { bytes } = await publish(empty, tabs);
    expect(await part(bytes, 'xl/worksheets/sheet2.xml')).not.toContain('hyperlink');
    expect((await publish(bytes, tabs)).changed).toBe(0);
  });
});

describe('cells', () => {
  test('only those that differ are written; figures that no longer belong are emptied, what a person put there stays', async () => {
    const first = await publish(empty, plan([1, 2, 3, 4, 5]));
    const people = await typed(first.bytes, '页', [
      [4, 0, '我的'],
      [2, 3, '旁注'],
      [9, 0, 9],
    ]);
    const before = await part(people, 'xl/worksheets/sheet2.xml');
    const second = await publish(people, plan([1, 20, 3]));
    expect(second).toMatchObject({ changed: 2, replaced: [] });
    expect((await rowsOf(second.bytes, '页')).map((row) => [...row])).toEqual([
      [1],
      [20],
      [3, null, null, '旁注'],
      [],
      ['我的'],
      [],
      [],
      [],
      [],
      [9],
    ]);
    const after = await part(second.bytes, 'xl/worksheets/sheet2.xml');
    for (const place of ['A1', 'A3', 'D3', 'A5', 'A10']) {
      const tag = new RegExp(`<c r="${place}".*?(?:/>|</c>)`);
      expect(tag.exec(after)?.[0]).toBe(tag.exec(before)?.[0]);
    }
  });

  test('an older figure of ours is not taken for typed, a person’s is, and a formula of theirs too', async () => {
    const { bytes } = await publish(empty, plan([1, '甲', 3, true, 5]));
    const people = await edited(
      await typed(bytes, '页', [
        [0, 0, 99],
        [1, 0, null],
      ]),
      {
        'xl/worksheets/sheet2.xml': (xml) => xml.replace(/(<c r="A3"[^>]*>)<v>3<\/v>/, '$1<f>1+2</f><v>3</v>'),
      },
    );
    const { replaced, changed } = await publish(people, plan([1, '甲', 3, false, 6]));
    expect(replaced).toEqual([
      { tab: 'k', row: 0, column: 0, typed: '99' },
      { tab: 'k', row: 2, column: 0, typed: '=1+2' },
    ]);
    expect(changed).toBe(5);
  });

  test('a check keeps its formula as the app wrote it and gets our value as its result', async () => {
    const check = (value: number): PublishedTab[] =>
      plan([], { rows: [[cell(value, { formula: 'SUM(C1:C9)', look: 'check' })], [cell(value)]] });
    const { bytes } = await publish(empty, check(6));
    const saved = await edited(bytes, {
      'xl/worksheets/sheet2.xml': (xml) => xml.replace('<f>SUM(C1:C9)</f>', '<f ca="1">sum( C1:C9 )</f>'),
    });
    const { bytes: after, replaced } = await publish(saved, check(7));
    expect(replaced).toEqual([]);
    expect(await part(after, 'xl/worksheets/sheet2.xml')).toContain('<f ca="1">sum( C1:C9 )</f><v>7</v>');
    expect(await part(after, 'xl/workbook.xml')).toContain('fullCalcOnLoad="1"');
  });

  test('a person’s own format stays; a look is set again when the plan’s becomes another', async () => {
    const { bytes } = await publish(empty, plan([1, 2]));
    const sheet = 'xl/worksheets/sheet2.xml';
    const style = (xml: string, place: string): string =>
      new RegExp(`<c r="${place}" s="(\\d+)"`).exec(xml)?.[1] ?? '0';
    const coloured = await edited(bytes, { [sheet]: (xml) => xml.replace(/<c r="A1" s="\d+"/, '<c r="A1" s="2"') });
    const same = await publish(coloured, plan([10, 20]));
    expect(style(await part(same.bytes, sheet), 'A1')).toBe('2');
    const other = await publish(same.bytes, plan([], { rows: [[cell(10, { look: 'bad' })], [cell(20)]] }));
    expect(style(await part(other.bytes, sheet), 'A1')).not.toBe('2');
    expect(style(await part(other.bytes, sheet), 'A2')).toBe(style(await part(bytes, sheet), 'A2'));
    expect(other.changed).toBe(1);
  });

  test('formulas of people over our cells are calculated anew, others keep their results', async () => {
    const own = sheetOf('<row r="1"><c r="A1"><f>SUM(页!A:A)</f><v>0</v></c><c r="B1"><f>1+1</f><v>2</v></c></row>');
    const { bytes } = await publish(smallWorkbook(own), plan([1, 2]));
    const after = await part((await publish(bytes, plan([1, 3]))).bytes, 'xl/worksheets/sheet1.xml');
    expect(after).toContain('<f>SUM(页!A:A)</f></c>');
    expect(after).toContain('<f>1+1</f><v>2</v>');
  });

  test('a shared formula of a person that began in our area goes on where it is theirs', async () => {
    const { bytes } = await publish(empty, plan([1, 2]));
    const people = await edited(bytes, {
      'xl/worksheets/sheet2.xml': (xml) =>
        xml
          .replace(/(<c r="A2"[^>]*>)<v>2<\/v>/, '$1<f t="shared" ref="A2:A4" si="0">C2*2</f><v>2</v>')
          .replace(
            '</sheetData>',
            '<row r="3"><c r="A3"><f t="shared" si="0"/><v>0</v></c></row><row r="4"><c r="A4"><f t="shared" si="0"/><v>0</v></c></row></sheetData>',
          ),
    });
    const after = await part((await publish(people, plan([1, 2]))).bytes, 'xl/worksheets/sheet2.xml');
    expect(after).toContain('<c r="A3"><f>C3*2</f>');
    expect(after).toContain('<c r="A4"><f>C4*2</f>');
    expect(after).not.toContain('shared');
  });

  test('without its memory the workbook is still known; texts count as typed and formats stay', async () => {
    const { bytes } = await publish(empty, plan(['a', 1]));
    const lost = await edited(bytes, {
      'xl/worksheets/sheet3.xml': (xml) => xml.replace(/<row r="6">.*<\/row>/, ''),
      'xl/worksheets/sheet2.xml': (xml) => xml.replace(/<c r="A2" s="\d+"/, '<c r="A2" s="1"'),
    });
    const result = await publish(lost, plan(['b', 2]));
    expect(result).toMatchObject({ made: [], missing: [], replaced: [{ row: 0, column: 0, typed: 'a' }] });
    expect(await part(result.bytes, 'xl/worksheets/sheet2.xml')).toContain('<c r="A2" s="1"');
    expect((await publish(result.bytes, plan(['b', 2]))).changed).toBe(0);
  });
});

describe('what stands around the cells', () => {
  const rules = (rows: number): PublishedTab[] =>
    plan(
      Array.from({ length: rows }, (_, i) => i),
      {
        filter: { row: 0, column: 0, toRow: rows - 1, toColumn: 0 },
        merges: [{ row: rows - 1, column: 0, toRow: rows - 1, toColumn: 2 }],
        rules: [{ kind: 'data-bar', area: { row: 1, column: 0, toRow: rows - 1, toColumn: 0 }, colour: '56B4E9' }],
        frozenRows: 1,
        colour: '0072B2',
      },
    );

  test('filter, merges and rules follow the data; widths, heights, panes, colours and rules of people stay', async () => {
    const { bytes } = await publish(empty, rules(4));
    const sheet = 'xl/worksheets/sheet2.xml';
    const people = await edited(bytes, {
      [sheet]: (xml) =>
        xml
          .replace('width="20"', 'width="33.5"')
          .replace('ySplit="1" topLeftCell="A2"', 'ySplit="2" topLeftCell="A3"')
          .replace('rgb="FF0072B2"', 'rgb="FFFF0000"')
          .replace(/<row r="2"[^>]*>/, '<row r="2" ht="40" customHeight="1">')
          .replace(
            '<pageMargins',
            '<conditionalFormatting sqref="A1:A9"><cfRule type="duplicateValues" priority="9"/></conditionalFormatting><pageMargins',
          )
          .replace('<mergeCells count="1">', '<mergeCells count="2"><mergeCell ref="F1:G2"/>'),
    });
    const after = await part((await publish(people, rules(6))).bytes, sheet);
    for (const kept of [
      'width="33.5"',
      'ySplit="2"',
      'FFFF0000',
      '<row r="2" ht="40" customHeight="1">',
      'sqref="A1:A9"',
      'ref="F1:G2"',
    ]) {
      expect(after).toContain(kept);
    }
    expect(after).toContain('<autoFilter ref="A1:A6"');
    expect(after).toContain('<conditionalFormatting sqref="A2:A6"><cfRule type="dataBar"');
    expect(after).toContain('ref="A6:C6"');
    expect(after).not.toContain('ref="A4:C4"');
    expect(await part((await publish(people, rules(6))).bytes, 'xl/workbook.xml')).toContain("'页'!$A$1:$A$6");
  });

  test('what a person took away stays away', async () => {
    const { bytes } = await publish(empty, rules(4));
    const sheet = 'xl/worksheets/sheet2.xml';
    const bare = await edited(bytes, {
      [sheet]: (xml) =>
        xml
          .replace(/<autoFilter.*?\/>/, '')
          .replace(/<mergeCells.*?<\/mergeCells>/, '')
          .replace(/<conditionalFormatting.*<\/conditionalFormatting>/, ''),
    });
    const after = await part((await publish(bare, rules(4))).bytes, sheet);
    expect(after).not.toMatch(/autoFilter|mergeCell|conditionalFormatting/);
    expect((await publish(bare, rules(4))).changed).toBe(0);
  });

  test('links change with their cells', async () => {
    const linked = (...links: (string | undefined)[]): PublishedTab[] =>
      plan([], { rows: links.map((link) => [cell('去', link === undefined ? {} : { link })]) });
    const { bytes } = await publish(empty, linked('https://example.com/1', "#'T'!A1", 'https://example.com/3'));
    const after = await publish(bytes, linked('https://example.com/1', 'https://example.com/2?a=1&b=2', undefined));
    const rows = await rowsOf(after.bytes, '页');
    expect(rows.map(([value]) => (typeof value === 'object' && value?.kind === 'link' ? value.url : value))).toEqual([
      'https://example.com/1',
      'https://example.com/2?a=1&b=2',
      '去',
    ]);
    expect(await part(after.bytes, 'xl/worksheets/_rels/sheet2.xml.rels')).not.toContain('/3');
    const none = await publish(after.bytes, linked(undefined, undefined, undefined));
    expect(await part(none.bytes, 'xl/worksheets/sheet2.xml')).not.toContain('hyperlink');
  });
});

describe('charts', () => {
  const CHART = 'xl/charts/chart1.xml';
  const ANCHOR = /<xdr:twoCellAnchor.*<\/xdr:twoCellAnchor>/s;

  test('ranges and kept values follow; looks and place stay as people made them', async () => {
    const { bytes } = await publish(empty, withChart([1, 2]));
    const people = await edited(bytes, {
      [CHART]: (xml) => xml.replace('0072B2', 'ABCDEF').replace("<c:f>'页'!$B$2:$B$3</c:f>", '<c:f>页!$B$2:$B$3</c:f>'),
      'xl/drawings/drawing1.xml': (xml) => xml.replace('<xdr:col>3<', '<xdr:col>20<'),
    });
    const { bytes: after } = await publish(people, withChart([1, null, 5]));
    const chart = await part(after, CHART);
    expect(chart).toContain('ABCDEF');
    expect(chart).toContain("<c:f>'页'!$B$2:$B$4</c:f>");
    expect(chart).toContain('<c:ptCount val="3"/><c:pt idx="0"><c:v>1</c:v></c:pt><c:pt idx="2"><c:v>5</c:v></c:pt>');
    expect(await part(after, 'xl/drawings/drawing1.xml')).toContain('<xdr:col>20<');
  });

  test('one that a person deleted stays deleted; one of a later version of the plan is added; one no longer planned goes', async () => {
    const { bytes } = await publish(empty, withChart([1, 2]));
    const bare = await edited(bytes, {
      'xl/drawings/drawing1.xml': (xml) => xml.replace(ANCHOR, ''),
      'xl/drawings/_rels/drawing1.xml.rels': (xml) => xml.replace(/<Relationship .*\/>/, ''),
    });
    const names = async (file: Uint8Array): Promise<string[]> =>
      [...(await part(file, 'xl/drawings/drawing1.xml')).matchAll(/name="([^"]*)"/g)].map(([, name]) => name as string);
    const kept = await publish(bare, withChart([1, 3]));
    expect(await names(kept.bytes)).toEqual([]);
    const [tab] = withChart([1, 3]) as [PublishedTab];
    const [chart] = tab.charts;
    const second = { ...chart!, chart: { ...chart!.chart, name: 'd' } };
    const more = await publish(kept.bytes, [{ ...tab, charts: [chart!, second] }]);
    expect(await names(more.bytes)).toEqual(['Rowkeeper d']);
    const less = await publish(more.bytes, [{ ...tab, charts: [chart!] }]);
    expect(await names(less.bytes)).toEqual([]);
    expect((await openPackage(less.bytes)).partNames.filter((name) => name.includes('charts/'))).toEqual([
      'xl/charts/chart1.xml',
    ]);
  });

  test('one whose kind or series the plan changes is drawn anew where it stands', async () => {
    const { bytes } = await publish(empty, withChart([1, 2]));
    const [tab] = withChart([1, 2]) as [PublishedTab];
    const [chart] = tab.charts;
    const line = { ...chart!, chart: { ...chart!.chart, kind: 'line' as const } };
    const after = await publish(bytes, [{ ...tab, charts: [line] }]);
    expect(after.changed).toBe(1);
    expect(await part(after.bytes, CHART)).toContain('lineChart');
    expect(ANCHOR.exec(await part(after.bytes, 'xl/drawings/drawing1.xml'))?.[0]).toBe(
      ANCHOR.exec(await part(bytes, 'xl/drawings/drawing1.xml'))?.[0],
    );
  });

  test('a chart of a person that reads our cells gets their new values, and their new extent where it read one whole range', async () => {
    const { bytes } = await publish(empty, withChart([1, 2]));
    const own = (await part(bytes, CHART)).replaceAll('图', '我的图').replace("'页'!$A$2:$A$3", '页!$A$2');
    const pkg = await openPackage(bytes);
    const xml = async (name: string): Promise<string> => Buffer.from(await pkg.inflate(name)).toString('utf8');
    const anchor = ANCHOR.exec(await xml('xl/drawings/drawing1.xml'))?.[0] as string;
    const theirs = anchor.replace('Rowkeeper c', '图表 1').replace('id="2"', 'id="9"').replace('"rId1"', '"rId2"');
    const people = await pkg.save(
      new Map(
        Object.entries({
          'xl/charts/chart7.xml': own,
          'xl/drawings/drawing1.xml': (await xml('xl/drawings/drawing1.xml')).replace(
            '</xdr:wsDr>',
            () => `${theirs}</xdr:wsDr>`,
          ),
          'xl/drawings/_rels/drawing1.xml.rels': (await xml('xl/drawings/_rels/drawing1.xml.rels')).replace(
            '</Relationships>',
            '<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/chart" Target="../charts/chart7.xml"/></Relationships>',
          ),
          '[Content_Types].xml': (await xml('[Content_Types].xml')).replace(
            '</Types>',
            '<Override PartName="/xl/charts/chart7.xml" ContentType="application/vnd.openxmlformats-officedocument.drawingml.chart+xml"/></Types>',
          ),
        }).map(([name, text]) => [name, Buffer.from(text)]),
      ),
    );
    const { bytes: after } = await publish(people, withChart([7, 8, 9]));
    const chart = await part(after, 'xl/charts/chart7.xml');
    expect(chart).toContain("<c:f>'页'!$B$2:$B$4</c:f>");
    expect(chart).toContain('<c:v>9</c:v>');
    expect(chart).toContain('<c:f>页!$A$2</c:f>');
    expect(chart).toContain('我的图');
    expect((await publish(after, withChart([7, 8, 9]))).changed).toBe(0);
  });
});

describe('through the connector', () => {
  let folder: string;
  let path: string;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rowkeeper-publish-'));
    path = join(folder, 'KPI看板.xlsx');
    writeFileSync(path, await createEmptyWorkbook());
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const connect = (disk = realDisk) =>
    createXlsxConnector({
      path,
      backupDir: join(folder, 'backups'),
      clock: { now: () => new Date() },
      logger: { log: () => undefined },
      disk,
    });

  test('a second time the file is not touched, and old contents are kept as backups', async () => {
    const connector = connect();
    await connector.publish?.(samplePlan(), options);
    const before = { bytes: readFileSync(path), stats: statSync(path, { bigint: true }) };
    expect(await connector.publish?.(samplePlan(), options)).toEqual({
      changed: 0,
      replaced: [],
      missing: [],
      made: [],
    });
    const stats = statSync(path, { bigint: true });
    expect([stats.mtimeNs, stats.ino]).toEqual([before.stats.mtimeNs, before.stats.ino]);
    expect(readFileSync(path).equals(before.bytes)).toBe(true);
    expect(readdirSync(join(folder, 'backups'))).toHaveLength(1);
    await connector.close();
  });

  test('somebody who saves meanwhile loses nothing: the caller is told to try again', async () => {
    const theirs = (await publish(await createEmptyWorkbook(), plan(['theirs']))).bytes;
    let saves = 0;
    const realpath = async (target: string): Promise<string> => {
      // Between our reading and our rename.
      if (existsSync(target) && saves++ === 2) writeFileSync(path, theirs);
      return realDisk.realpath(target);
    };
    const disk = { ...realDisk, realpath } as Disk;
    const connector = connect(disk);
    let stale = false;
    for (let attempt = 0; attempt < 5 && saves < 4; attempt++) {
      await connector.publish?.(samplePlan({ more: attempt }), options).catch((error: unknown) => {
        expect(error).toBeInstanceOf(StaleError);
        stale = true;
      });
    }
    expect(stale).toBe(true);
    await connector.publish?.(samplePlan({ more: 9 }), options);
    expect((await rowsOf(readFileSync(path), '页'))[0]).toEqual(['theirs']);
    expect((await rowsOf(readFileSync(path), '概览'))[4]?.[0]).toBe(1293);
    await connector.close();
  });

  test('a file that is not there is not made', async () => {
    rmSync(path);
    const connector = connect();
    await expect(connector.publish?.(samplePlan(), options)).rejects.toBeInstanceOf(RetryableError);
    expect(existsSync(path)).toBe(false);
    await connector.close();
  });
});
