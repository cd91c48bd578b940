/** A workbook as bytes: what its print tells apart, and that nothing is written where nothing could be done. */
import ExcelJS from 'exceljs';
import { expect, test } from 'vitest';
import { openPackage } from '../../connectors/xlsx/package.ts';
import { openWorkbook } from '../../connectors/xlsx/workbook.ts';

/** A workbook with two tabs, dressed by the caller. A plain `Uint8Array`, as a download brings it. */
async function made(dress: (workbook: ExcelJS.Workbook) => void = () => undefined): Promise<Uint8Array> {
  const workbook = new ExcelJS.Workbook();
  workbook.created = workbook.modified = new Date(0);
  const tickets = workbook.addWorksheet('工单');
  tickets.addRow(['编号', '标题', '何时', '说明']);
  tickets.addRow(['T-1', '卡纸', 45_000, { text: '手册', hyperlink: 'https://example.com/a' }]);
  workbook.addWorksheet('其他').addRow(['a', 1]);
  dress(workbook);
  return new Uint8Array(await workbook.xlsx.writeBuffer());
}

const printOf = async (bytes: Uint8Array): Promise<string> => (await openWorkbook(bytes)).print();

async function withParts(bytes: Uint8Array, parts: Readonly<Record<string, string>>): Promise<Uint8Array> {
  const pkg = await openPackage(bytes);
  return pkg.save(new Map(Object.entries(parts).map(([name, text]) => [name, Buffer.from(text)])));
}

test('properties, custom parts and another packing leave the print as it is', async () => {
  const plain = await made();
  const print = await printOf(plain);
  const injected = await withParts(plain, {
    'docProps/core.xml':
      '<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/package/2006/metadata/core-properties"/>',
    'docProps/custom.xml': '<Properties/>',
    'customXml/item1.xml': '<p/>',
  });
  expect(Buffer.from(injected).equals(plain)).toBe(false);
  expect(await printOf(injected)).toBe(print);
  // The container again, with the sheets packed anew.
  const pkg = await openPackage(plain);
  const sheets = await Promise.all(pkg.sheets.map(async ({ part }) => [part, await pkg.inflate(part)] as const));
  expect(await printOf(await pkg.save(new Map(sheets)))).toBe(print);
});

test('whatever a reader can see moves the print', async () => {
  const sheet = (workbook: ExcelJS.Workbook, name = '工单'): ExcelJS.Worksheet => workbook.getWorksheet(name)!;
  const type =
    (tab: string, place: string, value: ExcelJS.CellValue) =>
    (workbook: ExcelJS.Workbook): void => {
      sheet(workbook, tab).getCell(place).value = value;
    };
  const changes: ((workbook: ExcelJS.Workbook) => void)[] = [
    type('工单', 'B2', '卡住'),
    type('其他', 'B1', 2),
    type('其他', 'Z99', true),
    type('工单', 'D2', { text: '手册', hyperlink: 'https://example.com/b' }),
    (workbook) => Object.assign(sheet(workbook).getCell('C2'), { numFmt: 'yyyy-mm-dd' }),
    (workbook) => Object.assign(sheet(workbook, '其他'), { name: '别的' }),
    (workbook) => Object.assign(sheet(workbook, '其他'), { state: 'hidden' }),
    (workbook) => workbook.removeWorksheet('其他'),
    (workbook) => workbook.addWorksheet('新'),
    (workbook) => sheet(workbook).mergeCells('A1:B1'),
    (workbook) => Object.assign(workbook.properties, { date1904: true }),
  ];
  const prints = await Promise.all([() => undefined, ...changes].map(async (change) => printOf(await made(change))));
  expect(new Set(prints).size).toBe(changes.length + 1);
});

test('where nothing can be done there are no new bytes; a stamp alone is worth them', async () => {
  const workbook = await openWorkbook(await made());
  const refused = { kind: 'cell', tab: '工单', row: 1, column: 1, value: 'x'.repeat(40_000) } as const;
  const nothing = await workbook.patch({ generation: 3, operations: [refused] });
  expect([nothing.bytes, nothing.outcomes[0]?.status]).toEqual([null, 'rejected']);
  const stamped = await workbook.patch({ generation: 3, operations: [] });
  const again = await openWorkbook(stamped.bytes!);
  expect((await again.read([])).generation).toBe(3);
  expect((await again.patch({ generation: 3, operations: [] })).bytes).toBe(null);
});
