/** The writer on sheets of odd but lawful forms, and the text and dates it must bring through whole. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Operation, Outcome } from '../../connectors/connector.ts';
import { openPackage } from '../../connectors/xlsx/package.ts';
import { patchWorkbook } from '../../connectors/xlsx/patch.ts';
import { readTab } from '../../connectors/xlsx/read.ts';
import { readStamp } from '../../connectors/xlsx/stamp.ts';
import type { CellInput, CellValue } from '../../src/model/cell.ts';
import { MAIN, sheetOf, smallWorkbook } from '../witness/patch-package.ts';
import { nastyTexts } from '../witness/patch-texts.ts';

const put = (row: number, column: number, value: CellInput): Operation => ({
  kind: 'cell',
  tab: 'T',
  row,
  column,
  value,
});
const append = (...values: CellInput[]): Operation => ({
  kind: 'append',
  tab: 'T',
  cells: values.map((value, column) => ({ column, value })),
});

interface Patched {
  readonly sheet: string;
  readonly rows: readonly (readonly CellValue[])[];
  readonly outcomes: readonly Outcome[];
  readonly bytes: Uint8Array;
  part(name: string): Promise<string>;
}

async function patch(
  source: Uint8Array,
  operations: readonly Operation[],
  generation: number | null = null,
): Promise<Patched> {
  const { bytes, outcomes } = await patchWorkbook(await openPackage(source), operations, { generation });
  const after = await openPackage(bytes);
  const part = async (name: string): Promise<string> => Buffer.from(await after.inflate(name)).toString('utf8');
  const info = after.sheets[0]!;
  const { rows } = await readTab(after, info);
  return { sheet: await part(info.part), rows, outcomes, bytes, part };
}

/** What stands between the rows' tags. */
const rowsOf = (sheet: string): string => /<(?:\w+:)?sheetData>(.*)<\/(?:\w+:)?sheetData>/s.exec(sheet)?.[1] ?? '';

describe('forms of a sheet', () => {
  test('rows and cells without addresses keep their places', async () => {
    const source = smallWorkbook(
      sheetOf('<row><c><v>1</v></c><c><v>2</v></c></row><row/><row><c r="C3"><v>3</v></c><c><v>4</v></c></row>'),
    );
    const { sheet, rows } = await patch(source, [
      put(0, 1, 20),
      put(0, 5, 6),
      put(1, 0, 7),
      put(2, 3, 40),
      put(2, 0, 1),
      put(4, 0, 9),
    ]);
    expect(rowsOf(sheet)).toBe(
      '<row><c><v>1</v></c><c><v>20</v></c><c r="F1"><v>6</v></c></row><row><c r="A2"><v>7</v></c></row>' +
        '<row><c r="A3"><v>1</v></c><c r="C3"><v>3</v></c><c><v>40</v></c></row><row r="5"><c r="A5"><v>9</v></c></row>',
    );
    expect(rows).toEqual([[1, 20, null, null, null, 6], [7], [1, null, 3, 40], [], [9]]);
  });

  test('any namespace prefix, and quotes of either kind', async () => {
    const source = smallWorkbook(
      `<x:worksheet xmlns:x="${MAIN}"><x:dimension ref='A1:B1'/><x:sheetData><x:row r='1'><x:c r='A1' s='2' t='b'><x:v>1</x:v></x:c></x:row></x:sheetData><x:autoFilter ref='A1:B1'/></x:worksheet>`,
    );
    const { sheet, rows } = await patch(source, [put(0, 0, 'a'), put(0, 1, false), append('b', 2)]);
    expect(rowsOf(sheet)).toBe(
      `<x:row r='1'><x:c r='A1' s='2' t="inlineStr"><x:is><x:t>a</x:t></x:is></x:c><x:c r="B1" t="b"><x:v>0</x:v></x:c></x:row>` +
        '<x:row r="2"><x:c r="A2" t="inlineStr"><x:is><x:t>b</x:t></x:is></x:c><x:c r="B2"><x:v>2</x:v></x:c></x:row>',
    );
    expect(sheet).toContain("<x:dimension ref='A1:B2'/>");
    expect(sheet).toContain("<x:autoFilter ref='A1:B2'/>");
    expect(rows).toEqual([
      ['a', false],
      ['b', 2],
    ]);
  });

  test('comments, CDATA and line breaks among the cells', async () => {
    const source = smallWorkbook(
      sheetOf(
        '<!-- <row r="1"><c r="A1"><f>1</f></c></row> -->\n <row r="1">\n  <c r="A1" t="inlineStr"><is><t><![CDATA[</c><f>]]></t></is></c>\n  <!-- <c r="B1"/> -->\n  <c r="C1"><v>3</v></c>\n </row>\n<?x </sheetData> ?>',
      ),
    );
    const { sheet, rows, bytes } = await patch(source, [
      put(0, 0, '</c><f>'),
      put(0, 1, 2),
      put(0, 2, null),
      append('x'),
    ]);
    expect(sheet).toContain('</c>\n  <!-- <c r="B1"/> -->\n  <c r="B1"><v>2</v></c><c r="C1"/>\n </row>');
    expect(sheet).toContain('<?x </sheetData> ?><row r="2">');
    expect(rows).toEqual([['</c><f>', 2], ['x']]);
    expect(Buffer.compare((await patch(bytes, [put(0, 0, '</c><f>')])).bytes, bytes)).toBe(0);
  });

  test('an empty sheet, and rows written out of order', async () => {
    const source = smallWorkbook(`<worksheet xmlns="${MAIN}"><sheetData/></worksheet>`);
    const { rows, outcomes } = await patch(source, [put(3, 1, 'd'), put(0, 0, 'a'), append('e'), put(1, 0, null)]);
    expect(outcomes.at(2)).toEqual({ status: 'applied', row: 4 });
    expect(rows).toEqual([['a'], [], [], [null, 'd'], ['e']]);
  });

  test('strict files keep their namespaces', async () => {
    const main = 'http://purl.oclc.org/ooxml/spreadsheetml/main';
    const office = 'http://purl.oclc.org/ooxml/officeDocument/relationships';
    const source = smallWorkbook(sheetOf('<row r="1"><c r="A1"><v>1</v></c></row>').replace(MAIN, main), {
      main,
      office,
    });
    const { part, rows, bytes } = await patch(source, [put(0, 0, 2)], 5);
    expect(rows).toEqual([[2]]);
    expect(await part('xl/worksheets/sheet2.xml')).toContain(`<worksheet xmlns="${main}">`);
    expect(await part('xl/_rels/workbook.xml.rels')).toContain(
      `Type="${office}/worksheet" Target="worksheets/sheet2.xml"`,
    );
    expect(await readStamp(await openPackage(bytes))).toBe(5);
  });

  test('whatever a person left in the place of the stamp gives way to it', async () => {
    const own = sheetOf('<row r="1"><c r="B1" t="str"><f>"x"</f><v>x</v></c></row>');
    const source = smallWorkbook(sheetOf('<row r="1"><c r="A1"><v>1</v></c></row>'), { more: { _sync: own } });
    expect(await readStamp(await openPackage(source))).toBeNull();
    const { bytes, part } = await patch(source, [], 9);
    expect(await readStamp(await openPackage(bytes))).toBe(9);
    expect(await part('xl/workbook.xml')).not.toContain('_sync" sheetId="3"');
  });

  test('a workbook without formats gets them when a date needs one', async () => {
    const source = smallWorkbook(sheetOf('<row r="1"><c r="A1"><v>1</v></c></row>'), { styles: null });
    const date: CellInput = { kind: 'date', wallMs: Date.UTC(2026, 2, 10, 11, 30, 5, 123), hasTime: true };
    const { part, rows } = await patch(source, [put(0, 0, date)]);
    expect(rows).toEqual([[date]]);
    expect(await part('[Content_Types].xml')).toContain('/xl/styles.xml');
  });
});

describe('where a new row goes', () => {
  test('rows that only have formats are taken, with the formats they have', async () => {
    const source = smallWorkbook(
      sheetOf(
        '<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2" s="2"><v>1</v></c><c r="B2" s="4"/></row><row r="3" ht="30"><c r="A3" s="3"/></row><row r="4"><c r="A4" s="3"/></row>',
      ),
    );
    const { sheet, outcomes } = await patch(source, [append('n')]);
    expect(outcomes).toEqual([{ status: 'applied', row: 2 }]);
    expect(sheet).toContain(
      '<row r="3" ht="30"><c r="A3" s="3" t="inlineStr"><is><t>n</t></is></c><c r="B3" s="4"/></row>',
    );
    expect(sheet).toContain('<row r="4"><c r="A4" s="3"/></row>');
  });

  test('below a header it takes the look of its column, not of the header', async () => {
    const source = smallWorkbook(
      sheetOf('<row r="1" ht="40"><c r="A1" s="1"><v>1</v></c></row>', {
        head: '<cols><col min="1" max="2" style="4"/></cols>',
      }),
    );
    const { sheet } = await patch(source, [append(5, 'x')]);
    expect(sheet).toContain('<row r="2"><c r="A2" s="4"><v>5</v></c><c r="B2" s="4" t="inlineStr">');
  });

  test('formulas filled in ahead stay; a row that would hit one goes below them', async () => {
    const ahead = [2, 3, 4]
      .map((r) => `<row r="${r}"><c r="B${r}" t="str"><f>IF(A${r}="","",A${r}*2)</f><v></v></c></row>`)
      .join('');
    const source = smallWorkbook(sheetOf(`<row r="1"><c r="A1"><v>1</v></c></row>${ahead}`));
    const free = await patch(source, [append(5)]);
    expect(free.outcomes).toEqual([{ status: 'applied', row: 1 }]);
    expect(free.sheet).toContain('<row r="2"><c r="A2"><v>5</v></c><c r="B2"><f>IF(A2="","",A2*2)</f></c></row>');
    expect(free.sheet).toContain('<c r="B3" t="str"><f>IF(A3="","",A3*2)</f><v></v></c>');
    expect((await patch(source, [append(5, 6)])).outcomes).toEqual([{ status: 'applied', row: 4 }]);
  });

  test('merged cells at the end are in use to their last row; covered cells are not written', async () => {
    const source = smallWorkbook(
      sheetOf('<row r="1"><c r="A1"><v>1</v></c></row><row r="2"><c r="A2"><v>2</v></c></row>', {
        tail: '<mergeCells count="2"><mergeCell ref="A2:A4"/><mergeCell ref="C1:D1"/></mergeCells>',
      }),
    );
    const { outcomes } = await patch(source, [append(5), put(2, 0, 1), put(0, 3, 1), put(0, 2, 1)]);
    expect(
      outcomes.map((one) => (one.status === 'rejected' ? one.code : one.status === 'applied' ? one.row : '')),
    ).toEqual([4, 'patch-covered', 'patch-covered', 0]);
  });

  test('where a second validation begins, the first does not grow', async () => {
    const tail =
      '<dataValidations count="2"><dataValidation type="whole" sqref="A2:A3"><formula1>1</formula1></dataValidation><dataValidation type="whole" sqref="A4:A9"><formula1>2</formula1></dataValidation></dataValidations>';
    const rows = [1, 2, 3].map((r) => `<row r="${r}"><c r="A${r}"><v>${r}</v></c></row>`).join('');
    const { sheet } = await patch(smallWorkbook(sheetOf(rows, { tail })), [append(4)]);
    expect(sheet).toContain(tail);
  });
});

describe('formulas that go together', () => {
  const rows =
    '<row r="1"><c r="A1"><f t="array" ref="A1:A2">B1:B2*2</f><v>2</v></c><c r="B1"><v>1</v></c><c r="C1"><f t="shared" ref="C1:C2" si="0">B1+1</f><v>2</v></c></row>' +
    '<row r="2"><c r="A2"><v>4</v></c><c r="B2"><v>2</v></c><c r="C2"><f t="shared" si="0"/><v>3</v></c></row>';

  test('their members are not written alone, even on purpose', async () => {
    const pkg = await openPackage(smallWorkbook(sheetOf(rows)));
    const { outcomes } = await patchWorkbook(pkg, [put(1, 0, 1), put(0, 0, 1), put(0, 2, 1), put(1, 2, 1)], {
      generation: null,
      allowFormulaOverwrite: true,
    });
    expect(outcomes.map((one) => (one.status === 'rejected' ? one.code : one.status))).toEqual([
      'patch-formula-group',
      'patch-formula-group',
      'patch-formula-group',
      'applied',
    ]);
  });

  test('only members that read the changed cell lose their result', async () => {
    const { sheet } = await patch(smallWorkbook(sheetOf(rows)), [put(1, 1, 5)]);
    expect(sheet).toContain('<f t="array" ref="A1:A2">B1:B2*2</f></c>');
    expect(sheet).toContain('<f t="shared" ref="C1:C2" si="0">B1+1</f><v>2</v>');
    expect(sheet).toContain('<f t="shared" si="0"/></c>');
  });
});

describe('values', () => {
  test('text stays text, whatever it begins with or holds', async () => {
    const source = smallWorkbook(sheetOf('<row r="1"><c r="A1"><v>1</v></c></row>'));
    const { rows, bytes, sheet } = await patch(
      source,
      nastyTexts.map((text, i) => put(i, 0, text)),
    );
    expect(rows.map(([value]) => value)).toEqual(nastyTexts);
    expect(sheet).not.toContain('<f');
    expect(
      Buffer.compare(
        (
          await patch(
            bytes,
            nastyTexts.map((text, i) => put(i, 0, text)),
          )
        ).bytes,
        bytes,
      ),
    ).toBe(0);
  });

  test('a text that is in the string table is not written again', async () => {
    const texts = `<sst xmlns="${MAIN}"><si><r><t>处理中</t></r></si><si><t> a</t></si><si><t xml:space="preserve"> a</t></si><si><t>处理中</t><rPh sb="0" eb="1"><t>x</t></rPh></si><si><t>处理中</t></si><si/></sst>`;
    const source = smallWorkbook(sheetOf('<row r="1"><c r="A1" t="s"><v>0</v></c></row>'), { texts });
    const { sheet, rows } = await patch(source, [
      put(0, 0, '处理中'),
      put(0, 1, '处理中'),
      put(0, 2, ' a'),
      put(0, 3, ''),
    ]);
    expect(rowsOf(sheet)).toBe(
      '<row r="1"><c r="A1" t="s"><v>0</v></c><c r="B1" t="s"><v>4</v></c><c r="C1" t="s"><v>2</v></c><c r="D1" t="inlineStr"><is><t></t></is></c></row>',
    );
    expect(rows).toEqual([['处理中', '处理中', ' a', '']]);
  });

  test('every kind of value reads back as it was given, in a cell of any kind and format', async () => {
    const styles = [0, 1, 2, 3, 4, 99];
    const cells = styles.map(
      (s, i) =>
        `<c r="A${i + 1}" s="${s}"/><c r="B${i + 1}" s="${s}" t="b"><v>1</v></c><c r="C${i + 1}" s="${s}" t="e" cm="1"><v>#N/A</v></c>`,
    );
    const source = smallWorkbook(sheetOf(cells.map((text, i) => `<row r="${i + 1}">${text}</row>`).join('')));
    const value = fc.oneof(
      fc.constant(null),
      fc.boolean(),
      fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => (Object.is(n, -0) ? 0 : n)),
      fc.integer(),
      fc.string({ unit: 'binary', maxLength: 20 }),
      fc.constantFrom(...nastyTexts),
      fc
        .record({ wallMs: fc.integer({ min: Date.UTC(1900, 2, 1), max: Date.UTC(9999, 11, 31) }), day: fc.boolean() })
        .map(({ wallMs, day }) => {
          const midnight = wallMs - (((wallMs % 86_400_000) + 86_400_000) % 86_400_000);
          return { kind: 'date', wallMs: day ? midnight : wallMs, hasTime: !day } as const;
        }),
    );
    const edits = fc.array(fc.tuple(fc.nat(5), fc.nat(3), value), { maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(edits, async (chosen) => {
        const { rows, bytes } = await patch(
          source,
          chosen.map(([row, column, input]) => put(row, column, input)),
        );
        const last = new Map(chosen.map(([row, column, input]) => [`${row},${column}`, { row, column, input }]));
        for (const { row, column, input } of last.values()) expect(rows[row]?.[column] ?? null).toEqual(input);
        const again = await patch(
          bytes,
          [...last.values()].map(({ row, column, input }) => put(row, column, input)),
        );
        expect(Buffer.compare(again.bytes, bytes)).toBe(0);
      }),
      { numRuns: 150 },
    );
  });
});
