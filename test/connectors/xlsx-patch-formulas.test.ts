/** What a formula reads, how it moves, and who hangs on whom. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseRange } from '../../connectors/xlsx/a1.ts';
import { dependentsOf, type FormulaScope, type PlacedFormula } from '../../connectors/xlsx/dependents.ts';
import { moveFormula, parseFormula } from '../../connectors/xlsx/formula.ts';
import type { Table } from '../../connectors/xlsx/tables.ts';
import { address } from '../../src/model/cell.ts';

const table: Table = {
  part: '',
  bytes: Buffer.alloc(0),
  name: '工单表',
  range: { top: 0, left: 0, bottom: 9, right: 2 },
  headerRows: 1,
  totalsRows: 1,
  columns: [
    { name: '状态', formula: null },
    { name: "a]b'c", formula: null },
    { name: '金额', formula: null },
  ],
};

const names: Readonly<Record<string, string>> = {
  rate: 'Data!$Z$1',
  column: 'OFFSET(Data!$A$1,0,0,10,1)',
  loop: 'loop+1',
  beside: 'Data!A1',
};
const scope: FormulaScope = {
  sheetNumber: (name) => ({ data: 0, 'my sheet': 1, "it's": 1 })[name.toLowerCase()] ?? null,
  table: (name) => (name === '工单表' ? { sheet: 0, table } : null),
  nameText: (name) => names[name.toLowerCase()] ?? null,
};

/** A formula in C5 of sheet 1. */
const placed = (text: string, place = 'C5', sheet = 1): PlacedFormula => {
  const { top: row, left: column } = parseRange(place)!;
  return { sheet, cell: { row, column, start: 0, type: 'normal', text, range: null, group: null } };
};

/** The formula can see a change of this cell, `sheet:address`. */
function reads(formula: string, cell: string): boolean {
  const [sheet = '0', place = ''] = cell.split(':');
  const { top: row, left: column } = parseRange(place)!;
  return dependentsOf([placed(formula)], [{ sheet: Number(sheet), row, column }], scope).length === 1;
}

describe('what a formula reads', () => {
  test.each([
    ['A1+B2', '1:B2', '1:B3'],
    ['$A$1:B$3*2', '1:A2', '1:C2'],
    ['SUM(B:B)', '1:B900', '1:A900'],
    ['SUM(2:3)', '1:XFD3', '1:A4'],
    ['SUM(A2:XFD3)', '1:ZZ2', '1:ZZ4'],
    ["SUM(Data!A1,'My Sheet'!A1)", '0:A1', '0:A2'],
    ["'It''s'!A1", '1:A1', '0:A1'],
    ['"A1"&B1', '1:B1', '1:A1'],
    ['LOG10(B1)', '1:B1', '1:LOG10'],
    ['[1]Data!A1+A2', '1:A2', '0:A1'],
    ["'C:\\x\\[b.xlsx]Data'!A1+A2", '1:A2', '0:A1'],
    ['rate*2', '0:Z1', '0:Z2'],
    ['data!A1', '0:A1', '1:A1'],
    ['SUM(工单表[金额])', '0:C9', '0:C10'],
    ['SUM(工单表[金额])', '0:C2', '0:B2'],
    ["工单表[[#Totals],[a']b''c]]", '0:B10', '0:B9'],
    ['SUM(工单表[[状态]:[金额]])', '0:B5', '0:D5'],
    ['COUNTA(工单表[])', '0:A2', '0:A1'],
    ['COUNTA(工单表[#All])', '0:A1', '0:D1'],
    ['IF(A1>0,#N/A,1E5+1.5E-3)', '1:A1', '1:E5'],
    ['{1,2;3,4}+A1%', '1:A1', '1:A2'],
    ['_xlfn.LET(_xlpm.x,A1,_xlpm.x+1)', '1:A1', '1:A2'],
    ['A1 B1:B2,A3', '1:A3', '1:C3'],
  ])('%s', (formula, seen, unseen) => {
    expect([reads(formula, seen), reads(formula, unseen)]).toEqual([true, false]);
  });

  test.each([
    'OFFSET(A1,1,1)',
    'INDIRECT("B"&1)',
    'SUM(A1:INDEX(B:B,3))',
    "SUM('Jan:Dec'!A1)",
    'SUM(Jan:Dec!A1)',
    'column',
    'loop',
    'beside',
    'unknown',
    '工单表[[#This Row],[没有]]+noTable[x]',
    'A1#',
    '"open',
  ])('%s may read anything', (formula) => {
    expect(reads(formula, '0:Q77')).toBe(true);
  });

  test('this row of a table is this row', () => {
    const formula = placed('工单表[[#This Row],[金额]]', 'C5', 0);
    const seen = (row: number): number => dependentsOf([formula], [{ sheet: 0, row, column: 2 }], scope).length;
    expect([seen(3), seen(4), seen(5)]).toEqual([0, 1, 0]);
  });

  test('reading never fails, whatever the text', () => {
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => parseFormula(text).references.length >= 0));
    const piece = fc.constantFrom(
      'A1',
      '$B$2',
      ':',
      '!',
      "'",
      '"',
      '[',
      ']',
      '(',
      ')',
      'Data',
      '工单表',
      '#',
      '@',
      ',',
      '1',
      ' ',
      '=',
    );
    fc.assert(fc.property(fc.array(piece), (pieces) => parseFormula(pieces.join('')).references.length >= 0));
  });
});

test('chains are followed to their end, and only them', () => {
  // A running total in column B over column A: B(n) = B(n-1) + A(n).
  const count = 3_000;
  const formulas = Array.from({ length: count }, (_, i) => placed(i === 0 ? 'A1' : `B${i}+A${i + 1}`, address(i, 1)));
  const hit = dependentsOf(formulas, [{ sheet: 1, row: 2_000, column: 0 }], scope);
  expect(hit.map(({ cell }) => cell.row)).toEqual(Array.from({ length: count - 2_000 }, (_, i) => 2_000 + i));
});

test('formulas filled down are told apart where more than the row differs', () => {
  const filled = (text: (row: number) => string): PlacedFormula[] =>
    [1, 2, 3, 4].map((row) => placed(text(row), address(row - 1, 25)));
  const readers = (formulas: readonly PlacedFormula[], sheet: number, row: number, column: number): number[] =>
    dependentsOf(formulas, [{ sheet, row, column }], scope).map(({ cell }) => cell.row + 1);
  expect(
    readers(
      filled((row) => `SUM(A:A)+B${row}`),
      1,
      0,
      0,
    ),
  ).toEqual([1, 2, 3, 4]);
  expect(
    readers(
      filled((row) => `B${row}+B3`),
      1,
      2,
      1,
    ),
  ).toEqual([1, 2, 3, 4]);
  expect(
    readers(
      filled((row) => `B${row}+B3`),
      1,
      3,
      1,
    ),
  ).toEqual([4]);
  expect(
    readers(
      filled((row) => `SUM(B$3:B${row})`),
      1,
      1,
      1,
    ),
  ).toEqual([1, 2]);
  expect(
    readers(
      filled((row) => `ROUND(B${row},${row})`),
      1,
      1,
      1,
    ),
  ).toEqual([2]);
  expect(
    readers(
      filled((row) => `Sheet${row}!A${row}+Data!A${row}`),
      0,
      1,
      0,
    ),
  ).toEqual([2]);
});

test('who depends on whom is what asking every pair would tell', () => {
  const corner = fc.record({ row: fc.nat(40), column: fc.nat(90) });
  const formula = fc.record({ at: corner, from: corner, to: corner });
  fc.assert(
    fc.property(fc.array(formula, { maxLength: 25 }), corner, (drawn, change) => {
      const formulas = drawn.map(({ at, from, to }) =>
        placed(`SUM(${address(from.row, from.column)}:${address(to.row, to.column)})`, address(at.row, at.column)),
      );
      const stale = new Set<number>();
      const cells = [change];
      for (let cell = cells.pop(); cell !== undefined; cell = cells.pop()) {
        const { row, column } = cell;
        drawn.forEach(({ at, from, to }, i) => {
          const inRows = row >= Math.min(from.row, to.row) && row <= Math.max(from.row, to.row);
          const inColumns = column >= Math.min(from.column, to.column) && column <= Math.max(from.column, to.column);
          if (!inRows || !inColumns || stale.has(i)) return;
          stale.add(i);
          cells.push(at);
        });
      }
      const told = new Set(dependentsOf(formulas, [{ sheet: 1, ...change }], scope));
      expect(formulas.flatMap((one, i) => (told.has(one) ? [i] : []))).toEqual([...stale].sort((a, b) => a - b));
    }),
  );
});

test.each([
  ['A2*$B$1+C$3', 'A3*$B$1+C$3'],
  ['SUM(A$2:A2)', 'SUM(A$2:A3)'],
  ['SUM(B:B)+SUM($3:$3)+SUM(4:4)', 'SUM(B:B)+SUM($3:$3)+SUM(5:5)'],
  ['\'A1\'!B2&"A1"', '\'A1\'!B3&"A1"'],
  ['[1]x!A1+LOG10(A1)', '[1]x!A2+LOG10(A2)'],
  ['工单表[[#This Row],[A1]]*1.13', '工单表[[#This Row],[A1]]*1.13'],
  ['A1048576', null],
  ['"open', null],
])('%s one row down is %s', (formula, moved) => {
  expect(moveFormula(formula, 1)).toBe(moved);
});
