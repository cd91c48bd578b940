/** The container: what is refused and why, how parts are found, and that a save moves no byte it need not. */
import { Buffer } from 'node:buffer';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { openPackage, type PackageLimits } from '../../connectors/xlsx/package.ts';
import { readTabs } from '../../connectors/xlsx/read.ts';
import { readZip } from '../../connectors/xlsx/zip.ts';
import { NotFoundError, UnreadableError } from '../../src/model/errors.ts';
import { makeWorkbook, makeZip, type RawEntry, type WorkbookSpec, workbookParts } from '../fakes/workbook-builder.ts';

const SHEET = 'xl/worksheets/sheet1.xml';
const plainBook: WorkbookSpec = {
  sheets: [{ name: '工单', rows: '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1"><v>7</v></c></row>' }],
  strings: '<si><t>标题</t></si>',
};

/** Reads everything; the code of the refusal, or `read`. */
async function outcome(bytes: Uint8Array, limits: Partial<PackageLimits> = {}): Promise<string> {
  try {
    const pkg = await openPackage(bytes, limits);
    await readTabs(pkg, pkg.sheets);
    return 'read';
  } catch (error) {
    if (!(error instanceof UnreadableError)) throw error;
    expect(error.message).not.toMatch(/\{\w+\}|workbook-/);
    expect(error.hint).toMatch(/[一-鿿]/);
    return error.code;
  }
}

function entriesOf(spec: WorkbookSpec): RawEntry[] {
  return [...workbookParts(spec)].map(([name, content]) => ({ name, content }));
}

function withEntry(entry: RawEntry): Uint8Array {
  return makeZip([...entriesOf(plainBook), entry]);
}

function withSheet(xml: string | Uint8Array): Uint8Array {
  return makeWorkbook({ ...plainBook, sheets: [{ name: '工单', xml }] });
}

/** The sheet's entry changed on its way into the zip. */
function withSheetEntry(change: Partial<RawEntry>): Uint8Array {
  return makeWorkbook(plainBook, (entry) => (entry.name === SHEET ? { ...entry, ...change } : entry));
}

const whole = makeWorkbook(plainBook);

describe('a file that must not be opened is refused with its reason', () => {
  const docx = makeZip([
    {
      name: '_rels/.rels',
      content:
        '<Relationships><Relationship Id="a" Type="x/officeDocument" Target="word/document.xml"/></Relationships>',
    },
    { name: 'word/document.xml', content: '<w:document xmlns:w="w"/>' },
  ]);
  const doctype = '<?xml version="1.0"?><!-- x --><!DOCTYPE a [<!ENTITY b "c">]><worksheet><sheetData/></worksheet>';
  const cases: readonly (readonly [what: string, code: string, bytes: Uint8Array])[] = [
    ['0 bytes', 'damaged', new Uint8Array()],
    ['a password or an old .xls', 'encrypted', Buffer.from('d0cf11e0a1b11ae1'.padEnd(1024, '0'), 'hex')],
    ['an encrypted entry', 'encrypted', withSheetEntry({ flags: 0x0801 })],
    ['text', 'not-a-workbook', Buffer.from('工单号,状态\n1,新\n')],
    ['a zip without a workbook', 'not-a-workbook', makeZip([{ name: 'a.txt', content: 'a' }])],
    ['a text document', 'not-a-workbook', docx],
    ['an empty zip', 'not-a-workbook', makeZip([])],
    ['the first half of a file', 'damaged', whole.subarray(0, whole.length / 2)],
    ['all but the last byte', 'damaged', whole.subarray(0, -1)],
    ['a wrong checksum', 'damaged', withSheetEntry({ declaredCrc: 1 })],
    ['more data than declared', 'damaged', withSheetEntry({ declaredSize: 10 })],
    ['less data than declared', 'damaged', withSheetEntry({ declaredSize: 1_000_000 })],
    ['a stored size that is not its length', 'damaged', withSheetEntry({ method: 0, declaredSize: 10 })],
    ['a sheet without its part', 'damaged', makeZip(entriesOf(plainBook).filter((e) => e.name !== SHEET))],
    ['a sheet that is not a sheet', 'damaged', withSheet('<chartsheet/>')],
    ['a sheet that stops', 'damaged', withSheet('<worksheet><sheetData><row r="1"><c r="A1"><v>1</v></c>')],
    ['a sheet that stops inside a cell', 'damaged', withSheet('<worksheet><sheetData><row r="1"><c r="A1"><v>1')],
    [
      'a string that is not there',
      'damaged',
      withSheet('<worksheet><sheetData><row r="1"><c t="s"><v>9</v></c></row></sheetData></worksheet>'),
    ],
    [
      'a row beyond the last',
      'damaged',
      withSheet('<worksheet><sheetData><row r="1048577"><c><v>1</v></c></row></sheetData></worksheet>'),
    ],
    [
      'a column beyond the last',
      'damaged',
      withSheet('<worksheet><sheetData><row><c r="XFE1"><v>1</v></c></row></sheetData></worksheet>'),
    ],
    ['strings that stop', 'damaged', makeWorkbook({ ...plainBook, stringsXml: '<sst><si><t>标' })],
    ['two entries of one name', 'hostile', withEntry({ name: 'XL\\Workbook.xml', content: '<workbook/>' })],
    ['a path that climbs', 'hostile', withEntry({ name: '../../etc/cron.d/x', content: 'x' })],
    ['a path that climbs with backslashes', 'hostile', withEntry({ name: 'xl\\..\\..\\x', content: 'x' })],
    ['a drive letter', 'hostile', withEntry({ name: 'C:\\x', content: 'x' })],
    ['a network path', 'hostile', withEntry({ name: '//server/x', content: 'x' })],
    ['a document type declaration', 'hostile', withSheet(doctype)],
    ['one in a small part', 'hostile', makeWorkbook({ ...plainBook, styles: '<!DOCTYPE styleSheet><styleSheet/>' })],
    ['one behind a long comment', 'damaged', withSheet(`<!--${'x'.repeat(2_000_000)}--><!DOCTYPE a><worksheet/>`)],
    ['a bomb', 'hostile', withSheet(Buffer.alloc(100_000_000, ' '))],
    [
      'a bomb beside the sheet',
      'hostile',
      withEntry({ name: 'xl/media/image1.bmp', content: Buffer.alloc(90_000_000) }),
    ],
    ['a declared terabyte', 'too-large', withSheetEntry({ declaredSize: 0xfffffff0 })],
    ['UTF-16', 'unsupported', withSheet(Buffer.from('\ufeff<worksheet/>', 'utf16le'))],
    ['UTF-16 without a mark', 'unsupported', withSheet(Buffer.from('<worksheet/>', 'utf16le'))],
    ['another encoding', 'unsupported', withSheet('<?xml version="1.0" encoding=\'GB18030\'?><worksheet/>')],
    ['another compression', 'unsupported', withSheetEntry({ method: 12 })],
  ];
  test.each(cases)('%s: %s', async (_, code, bytes) => {
    expect(await outcome(bytes)).toBe(code);
  });

  test("limits are the caller's to set", async () => {
    expect(await outcome(whole, { maxFileBytes: whole.length - 1 })).toBe('too-large');
    expect(await outcome(whole, { maxPartBytes: 100 })).toBe('too-large');
    expect(await outcome(whole, { maxTotalBytes: 1_000 })).toBe('too-large');
    expect(await outcome(whole, { maxEntries: 3 })).toBe('too-large');
    expect(await outcome(whole)).toBe('read');
  });

  test('two entries over the same bytes', async () => {
    const bytes = Buffer.from(whole);
    const zip = readZip(bytes);
    const [first, second] = [zip.entries[3], zip.entries[4]];
    bytes.writeUInt32LE(first?.start ?? 0, (second?.recordStart ?? 0) + 42);
    expect(await outcome(bytes)).toBe('hostile');
  });
});

describe('damage of any kind is told or harmless', () => {
  const book: WorkbookSpec = {
    sheets: [
      {
        name: 'a',
        rows: '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="inlineStr"><is><r><t>x</t></r></is></c><c r="C1"><f t="shared" si="0" ref="C1:C2">B1</f><v>1.5</v></c></row><row r="2"><c r="A2" s="1"><v>46000</v></c><c r="B2" t="b"><v>1</v></c></row>',
        tail: '<mergeCells count="1"><mergeCell ref="A1:B2"/></mergeCells><hyperlinks><hyperlink ref="A1" location="b!A1"/></hyperlinks>',
      },
    ],
    strings: '<si><t>甲 &amp; 乙</t></si><si><r><t>丙</t></r><rPh sb="0" eb="1"><t>x</t></rPh></si>',
  };
  const codes = ['read', 'damaged', 'encrypted', 'hostile', 'not-a-workbook', 'too-large', 'unsupported'];

  test('cut anywhere', async () => {
    const bytes = makeWorkbook(book);
    for (let length = 0; length < bytes.length; length += 7) {
      expect(codes.slice(1)).toContain(await outcome(bytes.subarray(0, length)));
    }
  });

  test('bits flipped in the container', async () => {
    const bytes = makeWorkbook(book);
    const flips = fc.array(fc.nat(bytes.length * 8 - 1), { minLength: 1, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(flips, async (places) => {
        const damaged = Buffer.from(bytes);
        for (const place of places) damaged[place >> 3] = (damaged[place >> 3] ?? 0) ^ (1 << (place & 7));
        expect(codes).toContain(await outcome(damaged));
      }),
      { numRuns: 400 },
    );
  });

  test.each([SHEET, 'xl/sharedStrings.xml', 'xl/styles.xml', 'xl/workbook.xml', 'xl/_rels/workbook.xml.rels'])(
    'bytes changed or cut inside %s, checksum made right',
    async (part) => {
      const parts = workbookParts(book);
      const content = Buffer.from(parts.get(part) ?? '');
      const odd = fc.constantFrom(...Buffer.from('<>/&"\'!?[]:= \0rcstv9\xff-', 'latin1'));
      const edit = fc.tuple(fc.nat(content.length - 1), odd);
      await fc.assert(
        fc.asyncProperty(fc.array(edit, { maxLength: 3 }), fc.nat(content.length), async (edits, cut) => {
          const changed = Buffer.from(content);
          for (const [at, byte] of edits) changed[at] = byte;
          const kept = edits.length === 0 ? changed.subarray(0, cut) : changed;
          const entries = [...parts].map(([name, was]) => ({ name, content: name === part ? kept : was }));
          expect(codes).toContain(await outcome(makeZip(entries)));
        }),
        { numRuns: 200 },
      );
    },
  );
});

describe('parts are found by relationship, whatever their names', () => {
  const rows = '<row r="1"><c r="A1"><v>5</v></c></row>';
  const one = { name: '表', rows };
  const cases: readonly (readonly [what: string, bytes: Uint8Array])[] = [
    ['odd part names', makeWorkbook({ sheets: [{ ...one, part: 'data/数据 1.xml' }], workbookPart: 'odd/book.bin' })],
    ['the workbook at the root', makeWorkbook({ sheets: [{ ...one, part: 'sheet.xml' }], workbookPart: 'book.xml' })],
    ['strict namespaces', makeWorkbook({ sheets: [one], strict: true })],
    ['backslashes', makeWorkbook({ sheets: [one] }, (entry) => ({ ...entry, name: entry.name.replaceAll('/', '\\') }))],
    ['a leading slash', makeWorkbook({ sheets: [one] }, (entry) => ({ ...entry, name: `/${entry.name}` }))],
    ['other case', makeWorkbook({ sheets: [one] }, (entry) => ({ ...entry, name: entry.name.toUpperCase() }))],
    ['stored, not deflated', makeWorkbook({ sheets: [one] }, (entry) => ({ ...entry, method: 0 }))],
    ['sizes behind the data', makeWorkbook({ sheets: [one] }, (entry) => ({ ...entry, descriptor: 'signed' }))],
    [
      'sizes behind the data, unsigned',
      makeWorkbook({ sheets: [one] }, (entry) => ({ ...entry, descriptor: 'plain' })),
    ],
    [
      'zip64',
      makeWorkbook({ sheets: [one] }, (entry) => ({ ...entry, zip64: true, descriptor: 'signed64' }), {
        zip64End: true,
      }),
    ],
    ['folder entries', makeZip([{ name: 'xl/', content: '', method: 0 }, ...entriesOf({ sheets: [one] })])],
    [
      'a comment and bytes in front',
      makeWorkbook({ sheets: [one] }, undefined, { comment: 'PK\u0005\u0006', prefix: Buffer.from('PK..') }),
    ],
    [
      'prefixes, single quotes, comments, relative targets and targets that climb',
      makeWorkbook({
        sheets: [one],
        parts: {
          'xl/workbook.xml': `<?xml version='1.0'?><!-- <sheets/> --><x:workbook xmlns:x='m' xmlns:rel='r'><x:sheets><x:sheet rel:id = 'q' sheetId='3'\n name='表'/></x:sheets></x:workbook>`,
          'xl/_rels/workbook.xml.rels': `<p:Relationships xmlns:p="p"><p:Relationship Target="../xl/./worksheets/../worksheets/sheet%31.xml" Type="a/b/worksheet" Id="q"/></p:Relationships>`,
        },
      }),
    ],
  ];
  test.each(cases)('%s', async (_, bytes) => {
    const pkg = await openPackage(bytes);
    const grids = await readTabs(pkg, pkg.sheets);
    expect([...grids.values()]).toEqual([{ tab: '表', rows: [[5]], merges: [] }]);
    // A save of nothing gives the same parts, and can be opened.
    const again = await openPackage(await pkg.save(new Map()));
    expect(again.partNames).toEqual(pkg.partNames);
  });

  test('sheets come in order with their state; chart sheets are not worksheets', async () => {
    const pkg = await openPackage(
      makeWorkbook({
        sheets: [one, { name: 'b &amp; c', state: 'hidden' }, { name: 'd', state: 'veryHidden' }],
        workbookHead: '<workbookPr date1904="true"/>',
        parts: {
          'xl/_rels/workbook.xml.rels':
            '<Relationships><Relationship Id="rId1" Type="x/chartsheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="x/worksheet" Target="worksheets/sheet2.xml"/><Relationship Id="rId3" Type="x/worksheet" Target="worksheets/sheet3.xml"/></Relationships>',
        },
      }),
    );
    expect(pkg.sheets.map(({ name, state, sheetId }) => [name, state, sheetId])).toEqual([
      ['b & c', 'hidden', '2'],
      ['d', 'veryHidden', '3'],
    ]);
    expect(pkg.date1904).toBe(true);
    expect(pkg.stylesPart).toBe(null);
  });

  test('relationships of a part, external ones as written', async () => {
    const relationships =
      '<Relationship Id="a" Type="t/hyperlink" Target="https://example.com/?a=1&amp;b=2" TargetMode="External"/><Relationship Id="b" Type="t/table" Target="../tables/table1.xml"/>';
    const pkg = await openPackage(makeWorkbook({ sheets: [{ ...one, relationships }] }));
    expect(await pkg.relationships(SHEET)).toEqual([
      { id: 'a', type: 'hyperlink', target: 'https://example.com/?a=1&b=2', external: true },
      { id: 'b', type: 'table', target: 'xl/tables/table1.xml', external: false },
    ]);
    expect(await pkg.relationships('xl/styles.xml')).toEqual([]);
    await expect(pkg.inflate('xl/none.xml')).rejects.toBeInstanceOf(NotFoundError);
  });
});

describe('a save', () => {
  const media: RawEntry = {
    name: 'xl/media/图 1.png',
    content: Buffer.from('89504e47', 'hex'),
    method: 0,
    extra: Buffer.from('feca0000', 'hex'),
    comment: 'c',
  };
  const forms: readonly (readonly [string, (entry: RawEntry) => RawEntry])[] = [
    ['plain', (entry) => entry],
    ['with descriptors', (entry) => ({ ...entry, descriptor: 'signed' })],
    ['with unsigned descriptors', (entry) => ({ ...entry, descriptor: 'plain' })],
    [
      'with extra fields and comments',
      (entry) => ({ ...entry, extra: Buffer.from('341202004142', 'hex'), comment: '注' }),
    ],
  ];

  test.each(forms)('of nothing gives the same bytes: %s', async (_, form) => {
    const bytes = makeZip([...entriesOf(plainBook), media].map(form), { comment: '说明', prefix: Buffer.from('PK  ') });
    const pkg = await openPackage(bytes);
    expect(Buffer.compare(await pkg.save(new Map()), bytes)).toBe(0);
  });

  test.each([
    ...forms,
    ['zip64', (entry: RawEntry): RawEntry => ({ ...entry, zip64: true, descriptor: 'signed64' })] as const,
  ])('copies all other entries as they lie: %s', async (_, form) => {
    const bytes = Buffer.from(makeZip([...entriesOf(plainBook), media].map(form)));
    const pkg = await openPackage(bytes);
    const content = Buffer.from(`<worksheet><sheetData/>${'<!-- 行 -->'.repeat(9_000)}</worksheet>`);
    const changes = new Map<string, Uint8Array | null>([
      ['XL/Worksheets/sheet1.xml', content],
      ['xl/新.xml', Buffer.from('<n/>')],
      ['xl/styles.xml', null],
      ['xl/none.xml', null],
    ]);
    const saved = Buffer.from(await pkg.save(changes));
    const before = readZip(bytes);
    const after = readZip(saved);
    expect(after.entries.map((entry) => entry.name)).toEqual([
      ...before.entries.map((entry) => entry.name).filter((name) => name !== 'xl/styles.xml'),
      'xl/新.xml',
    ]);
    for (const was of before.entries) {
      const is = after.entries.find((entry) => entry.name === was.name);
      if (was.name === SHEET || is === undefined) continue;
      expect(saved.subarray(is.start, is.stop).equals(bytes.subarray(was.start, was.stop))).toBe(true);
    }
    const again = await openPackage(saved);
    expect(Buffer.from(await again.inflate(SHEET)).equals(content)).toBe(true);
    expect(Buffer.from(await again.inflate('xl/新.xml')).toString()).toBe('<n/>');
    expect(again.has('xl/styles.xml')).toBe(false);
  });

  test('deflates a large part in pieces that make one stream', async () => {
    const pkg = await openPackage(whole);
    const large = Buffer.concat([
      Buffer.from('<a>'),
      Buffer.alloc(20_000_001, '<c r="A1"><v>1</v></c>'),
      Buffer.from('</a>'),
    ]);
    // In one piece, and in several that end where segments, windows and neither do.
    const ends = [0, 7, 4_194_304, 8_388_608 - 32_768, 8_388_700, 8_388_700, 12_582_911, large.length];
    const pieces = ends.map((end, i) => large.subarray(ends[i - 1] ?? 0, end));
    for (const content of [large, pieces]) {
      const again = await openPackage(await pkg.save(new Map([[SHEET, content]])));
      expect(Buffer.from(await again.inflate(SHEET)).equals(large)).toBe(true);
    }
  });

  test('of a signed package is refused, reading is not', async () => {
    const bytes = makeZip([...entriesOf(plainBook), { name: '_xmlsignatures/sig1.xml', content: '<Signature/>' }]);
    const pkg = await openPackage(bytes);
    expect(pkg.signed).toBe(true);
    expect(await outcome(bytes)).toBe('read');
    await expect(pkg.save(new Map([[SHEET, Buffer.from('<a/>')]]))).rejects.toMatchObject({ code: 'signed' });
  });
});
