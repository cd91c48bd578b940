/** Random sheets, random edits: what was asked for is there, and everything else lies as it lay. */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Operation } from '../../connectors/connector.ts';
import { openPackage } from '../../connectors/xlsx/package.ts';
import { patchWorkbook } from '../../connectors/xlsx/patch.ts';
import { readTab } from '../../connectors/xlsx/read.ts';
import { address, type CellInput, type CellValue } from '../../src/model/cell.ts';
import { MAIN, smallWorkbook } from '../witness/patch-package.ts';

type Plain = string | number | boolean | null;

const plain = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: -9, max: 999 }) },
  { weight: 3, arbitrary: fc.constantFrom('待受理', '处理中', 'a<b', ' x ', '=1') },
  { weight: 1, arbitrary: fc.boolean() },
  { weight: 2, arbitrary: fc.constant(null) },
);

interface Sheet {
  /** By row number, in order; rows may be left out. */
  readonly rows: readonly { readonly row: number; readonly cells: ReadonlyMap<number, Plain> }[];
  readonly prefix: string;
  /** Text between the elements. */
  readonly gap: string;
  /** Leave addresses out where they can be counted on. */
  readonly bare: boolean;
}

const sheets: fc.Arbitrary<Sheet> = fc
  .record({
    grid: fc.dictionary(
      fc.integer({ min: 0, max: 30 }).map(String),
      fc.dictionary(fc.integer({ min: 0, max: 8 }).map(String), plain, { maxKeys: 6 }),
      { maxKeys: 14 },
    ),
    prefix: fc.constantFrom('', '', 'x:', 'ns2:'),
    gap: fc.constantFrom('', '', '\n  ', '<!-- <c r="A1"/> -->'),
    bare: fc.boolean(),
  })
  .map(({ grid, ...form }) => ({
    ...form,
    rows: Object.keys(grid)
      .map(Number)
      .sort((a, b) => a - b)
      .map((row) => ({
        row,
        cells: new Map(
          Object.entries(grid[row] ?? {})
            .map(([column, value]) => [Number(column), value] as const)
            .sort(([a], [b]) => a - b),
        ),
      })),
  }));

const edits = fc.array(
  fc.oneof(
    fc.record({ kind: fc.constant('cell' as const), row: fc.nat(33), column: fc.nat(9), value: plain }),
    fc.record({ kind: fc.constant('append' as const), values: fc.array(plain, { minLength: 1, maxLength: 6 }) }),
  ),
  { minLength: 1, maxLength: 10 },
);

function cellXml({ prefix: p, bare }: Sheet, row: number, column: number, counted: boolean, value: Plain): string {
  const place = bare && counted ? '' : ` r="${address(row, column)}"`;
  if (value === null) return `<${p}c${place} s="2"/>`;
  if (typeof value === 'number') return `<${p}c${place}><${p}v>${value}</${p}v></${p}c>`;
  if (typeof value === 'boolean') return `<${p}c${place} t="b"><${p}v>${value ? 1 : 0}</${p}v></${p}c>`;
  const text = value.replace('<', '&lt;');
  return `<${p}c${place} t="inlineStr"><${p}is><${p}t xml:space="preserve">${text}</${p}t></${p}is></${p}c>`;
}

/** Rows as XML with the slices of their cells. */
function rowXml(sheet: Sheet): { row: number; xml: string; cells: Map<number, string> }[] {
  let previousRow = -1;
  return sheet.rows.map(({ row, cells }) => {
    const { prefix: p, gap, bare } = sheet;
    const place = bare && row === previousRow + 1 ? '' : ` r="${row + 1}"`;
    previousRow = row;
    let previous = -1;
    const slices = new Map<number, string>();
    for (const [column, value] of cells) {
      slices.set(column, cellXml(sheet, row, column, column === previous + 1, value));
      previous = column;
    }
    const xml =
      slices.size === 0
        ? `<${p}row${place} ht="20"/>`
        : `<${p}row${place}>${gap}${[...slices.values()].join(gap)}${gap}</${p}row>`;
    return { row, xml, cells: slices };
  });
}

/** Tags open and close in pairs. */
function isBalanced(xml: string): boolean {
  const open: string[] = [];
  for (const [, closing, name, empty] of xml
    .replace(/<!--.*?-->|<\?.*?\?>/gs, '')
    .matchAll(/<(\/?)([\w:]+)[^>]*?(\/?)>/g)) {
    if (closing === '/') {
      if (open.pop() !== name) return false;
    } else if (empty !== '/') open.push(name as string);
  }
  return open.length === 0;
}

const trimmed = (rows: readonly (readonly CellValue[])[]): CellValue[][] => {
  const cut = rows.map((row) => row.slice(0, row.findLastIndex((value) => value !== null) + 1));
  return cut.slice(0, cut.findLastIndex((row) => row.length > 0) + 1);
};

test('random edits land, and no other cell or row moves a byte', async () => {
  await fc.assert(
    fc.asyncProperty(sheets, edits, async (sheet, chosen) => {
      const { prefix: p, gap } = sheet;
      const before = rowXml(sheet);
      const source = smallWorkbook(
        `<${p}worksheet xmlns${p === '' ? '' : `:${p.slice(0, -1)}`}="${MAIN}"><${p}sheetData>${before.map(({ xml }) => gap + xml).join('')}${gap}</${p}sheetData></${p}worksheet>`,
      );
      const operations: Operation[] = chosen.map((edit) =>
        edit.kind === 'cell'
          ? { ...edit, tab: 'T', value: edit.value as CellInput }
          : { kind: 'append', tab: 'T', cells: edit.values.map((value, column) => ({ column, value })) },
      );
      const { bytes, outcomes } = await patchWorkbook(await openPackage(source), operations, { generation: null });

      const model: CellValue[][] = [];
      const set = (row: number, column: number, value: CellValue): void => {
        while (model.length <= row) model.push([]);
        const cells = model[row] as CellValue[];
        while (cells.length <= column) cells.push(null);
        cells[column] = value;
      };
      for (const { row, cells } of sheet.rows) for (const [column, value] of cells) set(row, column, value);
      const touched = new Map<number, Set<number>>();
      for (const [i, edit] of chosen.entries()) {
        const outcome = outcomes[i];
        if (outcome?.status !== 'applied') throw new Error('refused');
        const { row } = outcome;
        const columns = touched.get(row) ?? new Set();
        touched.set(row, columns);
        const writes = edit.kind === 'cell' ? [[edit.column, edit.value] as const] : [...edit.values.entries()];
        if (edit.kind === 'append') expect(trimmed(model).length).toBeLessThanOrEqual(row);
        for (const [column, value] of writes) {
          if (edit.kind === 'cell' || value !== null) set(row, column, value);
          columns.add(column);
        }
      }

      const after = await openPackage(bytes);
      const info = after.sheets[0]!;
      expect(trimmed((await readTab(after, info)).rows)).toEqual(trimmed(model));
      const xml = Buffer.from(await after.inflate(info.part)).toString('utf8');
      expect(isBalanced(xml)).toBe(true);
      let at = 0;
      for (const { row, xml: written, cells } of before) {
        const slices = touched.has(row) ? [...cells].filter(([column]) => !touched.get(row)?.has(column)) : null;
        for (const slice of slices === null ? [written] : slices.map(([, text]) => text)) {
          const found = xml.indexOf(slice, at);
          expect(found).toBeGreaterThanOrEqual(0);
          at = found + slice.length;
        }
      }
    }),
    { numRuns: 400 },
  );
});
