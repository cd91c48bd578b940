/** The reader: every form a value can have in a sheet part comes out as the same typed value, and other readers agree. */
import { Buffer } from 'node:buffer';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ExcelJS from 'exceljs';
import fc from 'fast-check';
import { afterAll, describe, expect, test } from 'vitest';
import { openPackage } from '../../connectors/xlsx/package.ts';
import { readTab, readTabs } from '../../connectors/xlsx/read.ts';
import { parseNumber, parseRange, SheetReader } from '../../connectors/xlsx/sheet.ts';
import { findTexts, parseSharedStrings } from '../../connectors/xlsx/strings.ts';
import { dateKindOfBuiltIn } from '../../connectors/xlsx/styles.ts';
import { feedPart } from '../../connectors/xlsx/window.ts';
import { decodeEscapes, decodeReferences } from '../../connectors/xlsx/xml.ts';
import { type CellValue, columnLetters, type Grid, wallText } from '../../src/model/cell.ts';
import { dateKindOfCode } from '../../src/model/date-format.ts';
import { makeBenchWorkbook } from '../bench/workbook-fixture.ts';
import { makeWorkbook, type SheetSpec, STYLE, type WorkbookSpec } from '../fakes/workbook-builder.ts';
import { readWithOpenpyxl, requireWitness } from '../witness/office.ts';

const folder = mkdtempSync(join(tmpdir(), 'rowkeeper-read-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function read(spec: WorkbookSpec): Promise<Grid> {
  const pkg = await openPackage(makeWorkbook(spec));
  const [sheet] = pkg.sheets;
  if (sheet === undefined) throw new Error('no sheet');
  return readTab(pkg, sheet);
}

const readSheet = (sheet: Partial<SheetSpec>, strings = ''): Promise<Grid> =>
  read({ sheets: [{ name: '表', ...sheet }], strings });

/** The one cell of a sheet that holds this XML. */
async function cell(xml: string, strings = '', book: Partial<WorkbookSpec> = {}): Promise<CellValue | undefined> {
  const { rows } = await read({ sheets: [{ name: '表', rows: `<row r="1">${xml}</row>` }], strings, ...book });
  return rows[0]?.[0];
}

const date = (wall: string, hasTime: boolean): CellValue => ({ kind: 'date', wallMs: Date.parse(`${wall}Z`), hasTime });
const formula = (text: string, result: CellValue): unknown => ({ kind: 'formula', formula: text, result });

describe('values', () => {
  const table = '<si><t>甲</t></si><si><t xml:space="preserve"> 乙 </t></si><si><t/></si><si/>';
  const cases: readonly (readonly [what: string, xml: string, value: unknown])[] = [
    ['integer', '<c r="A1"><v>42</v></c>', 42],
    ['negative decimal', '<c r="A1" t="n"><v>-0.125</v></c>', -0.125],
    ['15 digits', '<c r="A1"><v>123456.789012345</v></c>', 123456.789012345],
    ['17 digits', '<c r="A1"><v>0.10000000000000001</v></c>', 0.1],
    ['exponent', '<c r="A1"><v>1.5E-7</v></c>', 1.5e-7],
    ['blanks around a number', '<c r="A1"><v> 7 </v></c>', 7],
    ['minus zero', '<c r="A1"><v>-0</v></c>', 0],
    ['a number that is none stays as text', '<c r="A1"><v>abc</v></c>', 'abc'],
    ['true', '<c r="A1" t="b"><v>1</v></c>', true],
    ['false', '<c r="A1" t="b"><v>0</v></c>', false],
    ['error', '<c r="A1" t="e"><v>#REF!</v></c>', { kind: 'error', code: '#REF!' }],
    ['shared text', '<c r="A1" t="s"><v>0</v></c>', '甲'],
    ['shared text with blanks', '<c r="A1" t="s"><v>1</v></c>', ' 乙 '],
    ['empty text is not an empty cell', '<c r="A1" t="s"><v>2</v></c>', ''],
    ['empty text, no t', '<c r="A1" t="s"><v>3</v></c>', ''],
    ['a style alone is an empty cell', '<c r="A1" s="1"/>', undefined],
    ['no value is an empty cell', '<c r="A1" s="1"><v/></c>', undefined],
    ['inline text', '<c r="A1" t="inlineStr"><is><t>甲 &amp; 乙</t></is></c>', '甲 & 乙'],
    ['inline text in v', '<c r="A1" t="inlineStr"><v>甲</v></c>', '甲'],
    [
      'inline rich text',
      '<c r="A1" t="inlineStr"><is><r><rPr><b/></rPr><t>甲</t></r><r><t> 乙</t></r></is></c>',
      '甲 乙',
    ],
    ['CDATA', '<c r="A1" t="str"><v><![CDATA[<row> & </c>]]></v></c>', '<row> & </c>'],
    ['inline CDATA', '<c r="A1" t="inlineStr"><is><t>a<![CDATA[</is>]]>b</t></is></c>', 'a</is>b'],
    ['references', '<c r="A1" t="str"><v>&lt;&#x4E2D;&#25991;&gt;&quot;&apos;</v></c>', '<中文>"\''],
    ['escapes', '<c r="A1" t="str"><v>a_x000D_b_x005F_x000D_c_x00e9_</v></c>', 'a\rb_x000D_cé'],
    ['line ends', '<c r="A1" t="str"><v>a\r\nb\rc\nd&#13;e</v></c>', 'a\nb\nc\nd\re'],
    ['comments inside', '<c r="A1"><!-- <v>1</v> --><v>2</v><?x <v>3</v>?></c>', 2],
    ['blanks between', '<c r="A1">\n <v>2</v>\n</c>', 2],
    ['single quotes and blanks in tags', "<c  r = 'A1'\n t='str' ><v >x</v ></c >", 'x'],
    ['a > in an attribute', '<c r="A1" x="a>b" t="b"><v>1</v></c>', true],
    ['attributes of other namespaces', '<c x:t="s" y:r="Z9" r="A1"><v>1</v></c>', 1],
    ['lower-case address', '<c r="a1"><v>1</v></c>', 1],
    ['formula with a number', '<c r="A1"><f>B1*2</f><v>3</v></c>', formula('B1*2', 3)],
    ['formula with text', '<c r="A1" t="str"><f>"a"&amp;B1</f><v>ab</v></c>', formula('"a"&B1', 'ab')],
    ['formula with empty text', '<c r="A1" t="str"><f>""</f><v></v></c>', formula('""', '')],
    ['formula with zero', '<c r="A1"><f t="shared" si="0"/><v>0</v></c>', formula('', 0)],
    ['formula without a value', '<c r="A1"><f>NOW()</f></c>', formula('NOW()', null)],
    ['formula with a boolean', '<c r="A1" t="b"><f>1=1</f><v>1</v></c>', formula('1=1', true)],
    [
      'formula with an error',
      '<c r="A1" t="e"><f>1/0</f><v>#DIV/0!</v></c>',
      formula('1/0', { kind: 'error', code: '#DIV/0!' }),
    ],
    [
      'formula with a date',
      `<c r="A1" s="${STYLE.day}"><f>TODAY()</f><v>46091</v></c>`,
      formula('TODAY()', date('2026-03-10T00:00', false)),
    ],
    ['day', `<c r="A1" s="${STYLE.day}"><v>46091</v></c>`, date('2026-03-10T00:00', false)],
    ['day in words', `<c r="A1" s="${STYLE.dayInWords}"><v>46091</v></c>`, date('2026-03-10T00:00', false)],
    [
      'a time in a cell that shows the day',
      `<c r="A1" s="${STYLE.day}"><v>46091.5</v></c>`,
      date('2026-03-10T12:00', true),
    ],
    ['date and time', `<c r="A1" s="${STYLE.dateTime}"><v>46091.479166666664</v></c>`, date('2026-03-10T11:30', true)],
    [
      'midnight in a cell that shows the time',
      `<c r="A1" s="${STYLE.dateTime}"><v>46091</v></c>`,
      date('2026-03-10T00:00', true),
    ],
    [
      'milliseconds',
      `<c r="A1" s="${STYLE.dateTime}"><v>46091.479180671296</v></c>`,
      date('2026-03-10T11:30:01.210', true),
    ],
    ['time', `<c r="A1" s="${STYLE.time}"><v>0.75</v></c>`, date('1899-12-30T18:00', true)],
    ['elapsed time', `<c r="A1" s="${STYLE.elapsed}"><v>1.25</v></c>`, date('1899-12-31T06:00', true)],
    ['a format with a quoted word', `<c r="A1" s="${STYLE.quoted}"><v>5</v></c>`, 5],
    ['a style that is not there', '<c r="A1" s="99"><v>5</v></c>', 5],
    ['a negative date is a number', `<c r="A1" s="${STYLE.day}"><v>-1</v></c>`, -1],
    ['ISO day', `<c r="A1" t="d" s="${STYLE.day}"><v>2026-03-10</v></c>`, date('2026-03-10T00:00', false)],
    ['ISO moment', '<c r="A1" t="d"><v>2026-03-10T11:30:00.5Z</v></c>', date('2026-03-10T11:30:00.500', true)],
    ['ISO time', '<c r="A1" t="d"><v>11:30:00</v></c>', date('1899-12-30T11:30', true)],
    ['ISO nonsense stays as text', '<c r="A1" t="d"><v>soon</v></c>', 'soon'],
  ];
  test.each(cases)('%s', async (_, xml, value) => {
    expect(await cell(xml, table)).toEqual(value);
    // The same with a namespace prefix on every element, also those of the string table.
    const prefixed = (inner: string): string => inner.replace(/<(\/?)([a-z])/gi, '<$1x:$2');
    const hidden = xml.includes('<!') || xml.includes('<?');
    if (hidden) return;
    const parts = {
      'xl/worksheets/sheet1.xml': prefixed(`<worksheet><sheetData><row>${xml}</row></sheetData></worksheet>`),
    };
    expect(await cell(xml, '', { parts, stringsXml: prefixed(`<sst>${table}</sst>`) })).toEqual(value);
  });

  test('moments are exact to the millisecond however many digits stand in the file', async () => {
    const DAY_MS = 86_400_000;
    const moment = fc.oneof(
      fc
        .integer({ min: Date.UTC(1901, 0, 1), max: Date.UTC(2999, 0, 1) })
        .map((ms) => (ms + 2_209_161_600_000) / DAY_MS),
      fc
        .tuple(fc.nat(120_000 * 1_440), fc.constantFrom(0, 0.49, 0.5, 0.51))
        .map(([minute, ms]) => minute / 1_440 + ms / DAY_MS),
      fc.double({ min: -10, max: 2_958_465, noNaN: true }),
    );
    await fc.assert(
      fc.asyncProperty(fc.array(moment, { minLength: 1, maxLength: 40 }), async (serials) => {
        const cells = (place: (column: number) => string): string =>
          serials.map((serial, column) => `<c${place(column)} s="${STYLE.dateTime}"><v>${serial}</v></c>`).join('');
        const rows = `<row r="1">${cells((column) => ` r="${columnLetters(column)}1"`)}</row><row>${cells(() => '')}</row>`;
        const expected = serials.map((serial) => {
          if (serial < 0) return serial;
          return { kind: 'date', wallMs: Math.round(serial * DAY_MS) - 2_209_161_600_000, hasTime: true };
        });
        expect((await readSheet({ rows })).rows).toEqual([expected, expected]);
      }),
      { numRuns: 300 },
    );
  });

  test('the 1904 date system shifts by 1,462 days', async () => {
    const book = { workbookHead: '<workbookPr date1904="1"/>' };
    expect(await cell(`<c r="A1" s="${STYLE.day}"><v>44629</v></c>`, '', book)).toEqual(
      date('2026-03-10T00:00', false),
    );
  });

  test('string items: runs, reading aids, and what Excel adds to East Asian texts', () => {
    const part = `<?xml version="1.0"?><sst count="1" uniqueCount="999"><si><t>甲</t><phoneticPr fontId="1" type="noConversion"/></si>
      <si><r><rPr><sz val="9"/></rPr><t xml:space="preserve">a </t></r><r><t>b</t></r></si><!-- <si><t>no</t></si> -->
      <si><t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="1"/></si><si><t>😀&#128512;_x0041_</t></si><si><t>甲</t></si></sst>`;
    const strings = parseSharedStrings(Buffer.from(part), 'strings');
    expect(strings.texts).toEqual(['甲', 'a b', '東京', '😀😀A', '甲']);
    expect([...strings.rich]).toEqual([1, 2]);
    expect([...findTexts(strings, new Set(['甲', 'a b', '無']))]).toEqual([['甲', 0]]);
  });

  test('text that is not UTF-8 spoils only itself', () => {
    const part = Buffer.concat([
      Buffer.from('<sst><si><t>甲</t></si><si><t>'),
      Buffer.from([0xe4, 0xb8, 0xff, 0xf0]),
      Buffer.from('</t></si><si><t>乙</t></si></sst>'),
    ]);
    const { texts } = parseSharedStrings(part, 'strings');
    expect([texts.length, texts[0], texts[2]]).toEqual([3, '甲', '乙']);
  });

  test('any bytes between the tags are the text a decoder of UTF-8 makes of them', () => {
    const piece = fc.oneof(
      fc.string({ unit: 'binary' }).map((text) => Buffer.from(text)),
      fc.uint8Array({ max: 255, maxLength: 4 }).map((bytes) => Buffer.from(bytes)),
      fc.constantFrom('&amp;', '_x0041_', '甲'.repeat(9_000), 'é', 'x'.repeat(40_000)).map((text) => Buffer.from(text)),
    );
    const item = fc
      .array(piece, { maxLength: 6 })
      .map((pieces) => Buffer.concat(pieces).filter((byte) => byte !== 0x3c));
    fc.assert(
      fc.property(fc.array(item, { maxLength: 30 }), (items) => {
        const written = items.map((bytes) => [Buffer.from('<si><t>'), bytes, Buffer.from('</t></si>')]);
        const part = Buffer.concat([Buffer.from('<sst>'), ...written.flat(), Buffer.from('</sst>')]);
        const expected = items.map((bytes) => decodeEscapes(decodeReferences(Buffer.from(bytes).toString('utf8'))));
        expect(parseSharedStrings(part, 'strings').texts).toEqual(expected);
      }),
    );
  });

  test('numbers are those of Number(), to the last bit', () => {
    const written = fc.oneof(
      fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
      fc.tuple(fc.integer(), fc.nat(99_999_999)).map(([a, b]) => `${a}.${b}`),
      fc.stringMatching(/^-?\d{1,20}(\.\d{0,24})?(E[-+]?\d{1,2})?$/),
    );
    fc.assert(
      fc.property(written, (text) => {
        const bytes = Buffer.from(`<v>${text}</v>`);
        const expected = Number(text);
        const read = parseNumber(bytes, 3, bytes.length - 4);
        expect(read).toBe(Object.is(read, 0) ? expected + 0 : expected);
      }),
      { numRuns: 3_000 },
    );
  });
});

test('which number formats are dates', () => {
  const kinds = (codes: readonly string[]): string[] => codes.map(dateKindOfCode);
  expect(new Set(kinds(['yyyy/m/d', 'm"月"d"日"', '[$-409]d\\-mmm\\-yy;@', 'mmm', 'YYYY-MM-DD', '[Red]yy']))).toEqual(
    new Set(['day']),
  );
  expect(
    new Set(kinds(['h:mm', 'yyyy-mm-dd hh:mm', '[h]:mm', '[mm]', 'mm:ss.0', '[$-804]上午/下午h"时"', 'h AM/PM'])),
  ).toEqual(new Set(['time']));
  expect(
    new Set(
      kinds([
        'General',
        '0.00E+00',
        '@',
        '0"d"',
        '\\d0',
        '_d0',
        '*d0',
        '[Red]0',
        '[$¥-804]#,##0',
        '[>100]0;0',
        '"h',
        '',
      ]),
    ),
  ).toEqual(new Set(['none']));
  expect([14, 17, 22, 31, 32, 47, 58, 0, 9, 23, 44, 49, 59].map(dateKindOfBuiltIn).join(' ')).toBe(
    'day day time day time time day none none none none none none',
  );
});

describe('places', () => {
  test('rows and cells without addresses count on from the one before', async () => {
    const rows =
      '<row><c><v>1</v></c><c r="C1"><v>2</v></c><c><v>3</v></c></row><row r="3"><c><v>4</v></c></row><row><c r="B4"><v>5</v></c></row><row><c r="A7"><v>6</v></c></row><row/><row><c><v>7</v></c></row>';
    expect((await readSheet({ rows })).rows).toEqual([[1, null, 2, 3], [], [4], [null, 5], [], [], [6], [], [7]]);
  });

  test('blank rows at the end and blank cells behind the last are left out, hidden rows are not', async () => {
    const rows =
      '<row r="2" hidden="1"><c r="B2"><v>1</v></c><c r="C2" s="1"/></row><row r="3"><c r="A3" s="1"/></row><row r="900" ht="20"/>';
    expect((await readSheet({ rows })).rows).toEqual([[], [null, 1]]);
    expect((await readSheet({ rows: '' })).rows).toEqual([]);
    expect((await readSheet({ xml: '<worksheet><sheetData/></worksheet>' })).rows).toEqual([]);
  });

  test('cells and rows out of order, or there twice', async () => {
    const rows =
      '<row r="2"><c r="C2"><v>3</v></c><c r="A2"><v>1</v></c></row><row r="1"><c r="A1"><v>0</v></c></row><row r="2"><c r="B2"><v>2</v></c></row>';
    expect((await readSheet({ rows })).rows).toEqual([[0], [1, 2, 3]]);
  });

  test('the last cell there is', async () => {
    const { rows } = await readSheet({ rows: '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>' });
    expect([rows.length, rows.at(-1)?.length, rows.at(-1)?.at(-1)]).toEqual([1_048_576, 16_384, 1]);
  });

  test('ranges', () => {
    expect(parseRange('$B$2:a1')).toEqual({ top: 0, left: 0, bottom: 1, right: 1 });
    expect(['', 'A', 'A0', '1:2', 'XFE1', 'A1048577', 'A1:B'].map(parseRange)).toEqual(Array(7).fill(null));
  });
});

describe('what lies over the cells', () => {
  const covered = { kind: 'covered' };
  const rows =
    '<row r="1"><c r="A1"><v>1</v></c><c r="B1"><v>2</v></c><c r="C1"><v>3</v></c></row><row r="3"><c r="A3" t="str"><v>甲</v></c></row>';

  test('a merged range covers all its cells but the first', async () => {
    const tail = '<mergeCells><mergeCell ref="A1:B2"/><mergeCell ref="C3:Z90"/><mergeCell ref="C1"/></mergeCells>';
    const grid = await readSheet({ rows, tail });
    expect(grid.rows).toEqual([[1, covered, 3], [covered, covered], ['甲']]);
    expect(grid.merges).toEqual([
      { top: 0, left: 0, bottom: 1, right: 1 },
      { top: 2, left: 2, bottom: 89, right: 25 },
    ]);
  });

  test('links: outside, inside, with both, on text only', async () => {
    const relationships =
      '<Relationship Id="q" Type="t/hyperlink" Target="https://example.com/a?b=1&amp;c=2" TargetMode="External"/>';
    const cells = 'ABCDEF'.replace(/./g, (c) => `<c r="${c}1" t="str"><v>${c}</v></c>`);
    const tail =
      '<hyperlinks><hyperlink ref="A1" r:id="q"/><hyperlink ref="B1:C1" location="\'客户 表\'!A1" display="x"/><hyperlink ref="D1" r:id="q" location="top"/><hyperlink ref="E1"/><hyperlink ref="A2" r:id="q"/></hyperlinks>';
    const grid = await readSheet({
      rows: `<row r="1">${cells}</row><row r="2"><c r="A2"><v>7</v></c></row>`,
      tail,
      relationships,
    });
    const link = (text: string, url: string): unknown => ({ kind: 'link', text, url });
    const outside = 'https://example.com/a?b=1&c=2';
    expect(grid.rows).toEqual([
      [
        link('A', outside),
        link('B', "#'客户 表'!A1"),
        link('C', "#'客户 表'!A1"),
        link('D', `${outside}#top`),
        'E',
        'F',
      ],
      [7],
    ]);
  });

  test('members of an array formula are formulas too', async () => {
    const grid = await readSheet({
      rows: '<row r="1"><c r="A1"><f t="array" ref="A1:A3">B1:B3*2</f><v>2</v></c></row><row r="2"><c r="A2"><v>4</v></c><c r="B2"><v>9</v></c></row>',
    });
    expect(grid.rows).toEqual([[formula('B1:B3*2', 2)], [formula('', 4), 9]]);
  });

  test('ranges over the whole sheet cost nothing where nothing stands, and piles of them are refused', async () => {
    const wide = '<mergeCell ref="A1:XFD1048576"/>';
    const grid = await readSheet({ rows, tail: `<mergeCells>${wide}</mergeCells>` });
    expect(grid.rows).toEqual([
      [1, covered, covered],
      [covered, covered, covered],
      [covered, covered, covered],
    ]);
    const tall = '<row r="100000"><c r="Z100000"><v>1</v></c></row>';
    const pile = readSheet({ rows: tall, tail: `<mergeCells>${wide.repeat(50)}</mergeCells>` });
    await expect(pile).rejects.toMatchObject({ code: 'damaged' });
  });
});

describe('random grids', () => {
  const text = fc.oneof(
    fc.string({ unit: 'grapheme', maxLength: 12 }),
    fc.constantFrom('处理中', 'a<b>&"c"', '_x000D_', ' 前后 ', '=1+1', '0012', ']]>', 'a\nb'),
  );
  const clean = text
    // Characters XML 1.0 cannot hold are escaped by apps; here they are left out.
    .map((value) => value.replace(/[\u0000-\u0008\u000b-\u001f\ufffe\uffff\ud800-\udfff]/gu, '').normalize('NFC'));
  const value: fc.Arbitrary<string | number | boolean | null> = fc.oneof(
    fc.constant(null),
    clean,
    fc.boolean(),
    fc.integer(),
    fc.double({ noNaN: true, noDefaultInfinity: true }).map((number) => number + 0),
  );
  const values = fc.array(fc.array(value, { maxLength: 6 }), { maxLength: 8 });

  function trimmed(rows: readonly (readonly CellValue[])[]): CellValue[][] {
    const cut = rows.map((row) => row.slice(0, row.findLastIndex((cellValue) => cellValue !== null) + 1));
    return cut.slice(0, cut.findLastIndex((row) => row.length > 0) + 1);
  }

  const escapeText = (raw: string): string =>
    raw
      .replace(/_(?=x[0-9a-f]{4}_)/gi, '_x005F_')
      .replace(/&/g, '&amp;')
      .replace(/</g, '&lt;')
      .replace(/>/g, '&gt;');

  /** A grid as XML in one of the many forms, chosen by `form`. */
  function written(rows: readonly (readonly (string | number | boolean | null)[])[], form: number): WorkbookSpec {
    const [inline, addresses, single, comments] = [1, 2, 4, 8].map((bit) => (form & bit) !== 0);
    const quote = single ? "'" : '"';
    const strings: string[] = [];
    const xml = rows.map((row, r) => {
      const cells = row.map((cellValue, c) => {
        const place = addresses ? ` r=${quote}${columnLetters(c)}${r + 1}${quote}` : '';
        const make = (type: string, content: string): string =>
          `<c${place}${type === '' ? '' : ` t=${quote}${type}${quote}`}>${comments ? '<!--</c>-->' : ''}${content}</c>`;
        if (cellValue === null) return addresses ? '' : '<c/>';
        if (typeof cellValue === 'number') return make('', `<v>${cellValue}</v>`);
        if (typeof cellValue === 'boolean') return make('b', `<v>${cellValue ? 1 : 0}</v>`);
        if (inline)
          return make('inlineStr', `<is><t xml:space=${quote}preserve${quote}>${escapeText(cellValue)}</t></is>`);
        strings.push(`<si><t xml:space="preserve">${escapeText(cellValue)}</t></si>`);
        return make('s', `<v>${strings.length - 1}</v>`);
      });
      return `<row${addresses ? ` r=${quote}${r + 1}${quote}` : ''}>${cells.join('')}</row>`;
    });
    return { sheets: [{ name: '表', rows: xml.join('\n') }], strings: strings.join('') };
  }

  test('come back equal in every form of XML', async () => {
    await fc.assert(
      fc.asyncProperty(values, fc.nat(15), async (rows, form) => {
        expect((await read(written(rows, form))).rows).toEqual(trimmed(rows));
      }),
      { numRuns: 300 },
    );
  });

  test('are read the same wherever the part is cut into windows', async () => {
    const wholeRows = (bytes: Buffer): Promise<readonly CellValue[][]> => inWindows(bytes, [bytes.length]);
    async function inWindows(bytes: Buffer, sizes: readonly number[]): Promise<readonly CellValue[][]> {
      async function* chunks(): AsyncGenerator<Uint8Array> {
        let at = 0;
        for (let i = 0; at < bytes.length; i++) {
          const size = sizes[i % sizes.length] ?? 1;
          yield bytes.subarray(at, at + size);
          at += size;
        }
      }
      const reader = new SheetReader({ part: 'sheet', texts: ['甲', '乙', '丙'], dateKinds: [], date1904: false });
      await feedPart(chunks(), reader);
      expect(reader.tail.toString()).toContain('<mergeCell');
      return reader.rows;
    }
    const odd =
      '<!-- <sheetData> --><sheetData><!--</sheetData>--><row r="1"><c r="A1" t="s"><v>1</v></c><c r="B1" t="inlineStr"><is><r><t>a&amp;</t></r><rPh><t>no</t></rPh></is></c><c r="C1"/><c r="D1"><f t="array" ref="D1:D2">1</f><v>12.5</v></c></row><row/><row><c><v>1234567</v></c><c t="str"><v><![CDATA[</row>]]></v></c></row></sheetData><mergeCells><mergeCell ref="A1:B1"/></mergeCells>';
    await fc.assert(
      fc.asyncProperty(
        values,
        fc.nat(15),
        fc.array(fc.integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 5 }),
        async (rows, form, sizes) => {
          const made = written(rows, form | 1).sheets[0]?.rows ?? '';
          const bytes = Buffer.from(`<worksheet><sheetData>${made}</sheetData><mergeCell/></worksheet>`);
          expect(await inWindows(bytes, sizes)).toEqual(await wholeRows(bytes));
          expect(await inWindows(Buffer.from(`<worksheet>${odd}</worksheet>`), sizes)).toEqual([
            ['乙', 'a&', null, formula('1', 12.5)],
            [],
            [1234567, '</row>'],
          ]);
        },
      ),
      { numRuns: 120 },
    );
  });

  test('written by exceljs come back equal', async () => {
    const dated: fc.Arbitrary<CellValue> = fc
      .integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2090, 0, 1) })
      .map((wallMs) => ({ kind: 'date', wallMs, hasTime: true }));
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(fc.oneof(value, dated), { maxLength: 6 }), { maxLength: 8 }), async (rows) => {
        const book = new ExcelJS.Workbook();
        const sheet = book.addWorksheet('表');
        rows.forEach((row, r) => {
          row.forEach((cellValue, c) => {
            const target = sheet.getCell(r + 1, c + 1);
            if (cellValue !== null && typeof cellValue === 'object' && cellValue.kind === 'date') {
              target.value = new Date(cellValue.wallMs);
              target.numFmt = 'yyyy-mm-dd hh:mm:ss';
            } else if (typeof cellValue !== 'object' || cellValue === null) target.value = cellValue;
          });
        });
        const pkg = await openPackage(new Uint8Array(await book.xlsx.writeBuffer()));
        const grid = (await readTabs(pkg, pkg.sheets)).get('表');
        // exceljs writes empty text as no value, and does not escape what looks like an escape.
        const expected = rows.map((row) =>
          row.map((cellValue) => (cellValue === '' ? null : cellValue === '_x000D_' ? '\r' : cellValue)),
        );
        const got = (grid?.rows ?? []).map((row) => row.map((cellValue) => (cellValue === '' ? null : cellValue)));
        expect(trimmed(got)).toEqual(trimmed(expected));
      }),
      { numRuns: 60 },
    );
  });
});

describe('openpyxl reads the same', () => {
  /** Our value as openpyxl would give it. */
  function seen(cellValue: CellValue | undefined): unknown {
    if (cellValue === undefined || cellValue === null || typeof cellValue !== 'object') return cellValue ?? null;
    if (cellValue.kind === 'formula') return seen(cellValue.result);
    if (cellValue.kind === 'link') return cellValue.text;
    if (cellValue.kind === 'error') return cellValue.code;
    return cellValue.kind === 'date' ? wallText({ ...cellValue, hasTime: true }) : null;
  }

  async function compare(bytes: Uint8Array): Promise<void> {
    const path = join(folder, 'witness.xlsx');
    writeFileSync(path, bytes);
    const pkg = await openPackage(bytes);
    const grids = await readTabs(pkg, pkg.sheets);
    expect(grids.size).toBeGreaterThan(0);
    for (const [tab, grid] of grids) {
      const theirs = readWithOpenpyxl(path, tab);
      const height = Math.max(theirs.length, grid.rows.length);
      for (let row = 0; row < height; row++) {
        const width = Math.max(theirs[row]?.length ?? 0, grid.rows[row]?.length ?? 0);
        const pad = (cells: readonly unknown[]): unknown[] => Array.from({ length: width }, (_, c) => cells[c] ?? null);
        expect(pad((grid.rows[row] ?? []).map(seen))).toEqual(pad(theirs[row] ?? []));
      }
    }
  }

  test('a large ticket workbook', async (context) => {
    requireWitness(context, 'openpyxl');
    const path = join(folder, 'bench.xlsx');
    makeBenchWorkbook(300, 23, path);
    await compare(readFileSync(path));
  });

  test('odd forms, both date systems', async (context) => {
    requireWitness(context, 'openpyxl');
    const rows = `<row r="2"><c r="B2" t="s"><v>0</v></c><c r="C2" t="s"><v>1</v></c><c r="D2" s="${STYLE.day}"><v>46091</v></c><c r="E2" s="${STYLE.dateTime}"><v>46091.479166666664</v></c><c r="F2" t="b"><v>1</v></c></row><row r="4"><c r="A4" t="e"><v>#N/A</v></c><c r="B4"><f>C4*2</f><v>-12.5</v></c><c r="C4" t="str"><f>""</f><v>文</v></c><c r="D4" t="inlineStr"><is><r><t>甲</t></r><r><t xml:space="preserve"> 乙</t></r></is></c><c r="E4" t="d" s="${STYLE.dateTime}"><v>2026-03-10T11:30:00</v></c></row>`;
    const strings = '<si><t>a &amp; b</t></si><si><r><t>x</t></r><r><t>y</t></r><rPh sb="0" eb="1"><t>z</t></rPh></si>';
    const tail = '<mergeCells count="1"><mergeCell ref="E4:F4"/></mergeCells>';
    const sheets = [{ name: '表 1', rows, tail }, { name: '空' }];
    await compare(makeWorkbook({ sheets, strings }));
    await compare(makeWorkbook({ sheets, strings, workbookHead: '<workbookPr date1904="1"/>' }));
  });

  test('a workbook made by exceljs', async (context) => {
    requireWitness(context, 'openpyxl');
    const book = new ExcelJS.Workbook();
    const sheet = book.addWorksheet('工单');
    sheet.addRow(['工单号', '标题', '创建时间', '链接', '合计']);
    for (let row = 0; row < 40; row++) {
      const link = { text: `第 ${row} 行`, hyperlink: `https://example.com/${row}` };
      const sum = { formula: `ROW()*${row}`, result: row * row };
      sheet.addRow([
        `T-${row}`,
        { richText: [{ text: '粗' }, { font: { bold: true }, text: `体${row}` }] },
        new Date(Date.UTC(2026, 1, row + 1, row % 24, 30)),
        link,
        sum,
      ]);
    }
    sheet.getColumn(3).numFmt = 'yyyy/m/d h:mm';
    sheet.mergeCells('A10:B11');
    await compare(new Uint8Array(await book.xlsx.writeBuffer()));
  });
});
