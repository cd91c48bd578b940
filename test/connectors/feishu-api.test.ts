/** Feishu sheets on the wire, without a network: addresses, ranges, cells, and the packing of cells into calls. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { faultOfText, readCell, serialOf, wireOf } from '../../connectors/feishu/cells.ts';
import { type CellWrite, packed, rangeOf } from '../../connectors/feishu/patches.ts';
import { parseMeta, parseRange, placeOfAddress, rangeText, type SheetMeta } from '../../connectors/feishu-api.ts';

test.each([
  ['https://acme.feishu.cn/sheets/shtcnAbCdEf12345?sheet=0b1c2d', { kind: 'sheets', token: 'shtcnAbCdEf12345' }],
  ['https://acme.feishu.cn/wiki/wikcnAbCdEf12345#x', { kind: 'wiki', token: 'wikcnAbCdEf12345' }],
  [
    'https://acme.sg.larksuite.com/sheets/Iow7sNNEphp3WbtnbCscPqabcef/',
    { kind: 'sheets', token: 'Iow7sNNEphp3WbtnbCscPqabcef' },
  ],
  ['https://acme.feishu.cn/base/bascnAbCdEf12345', null],
  ['https://acme.feishu.cn/sheets/', null],
  ['/srv/team.xlsx', null],
])('the address %s', (address, place) => {
  expect(placeOfAddress(address)).toEqual(place);
});

test('ranges are written and read, also with many columns', () => {
  const box = fc.record({ top: fc.nat(9_999), left: fc.nat(12_000), rows: fc.nat(99), columns: fc.nat(99) });
  fc.assert(
    fc.property(box, ({ top, left, rows, columns }) => {
      const range = { top, left, bottom: top + rows, right: left + columns };
      expect(parseRange(rangeText('Q7PlXT', range))).toEqual(range);
    }),
  );
  expect(parseRange('s!H7')).toEqual({ top: 6, left: 7, bottom: 6, right: 7 });
  for (const text of ['', 's', 's!A:B', 's!1:2', null]) expect(parseRange(text)).toBe(null);
});

test('metainfo without its optional parts is read', () => {
  expect(parseMeta({ properties: { revision: 3 }, sheets: [{ sheetId: 'a', title: 'T' }] })).toEqual({
    title: '',
    revision: 3,
    sheets: [
      {
        id: 'a',
        title: 'T',
        rowCount: 0,
        columnCount: 0,
        frozenRows: 0,
        frozenColumns: 0,
        merges: [],
        protections: [],
        isForeign: false,
      },
    ],
  });
});

describe('a cell from both readings', () => {
  const same = (value: unknown) => readCell(value, value);

  test.each([
    [null, null],
    ['', null],
    [undefined, null],
    [[], null],
    [['a', 'b'], 'ab'],
    [[null, { type: 'text', text: 'x' }], 'x'],
    [{ type: 'text', text: '007' }, '007'],
    [{ type: 'url', text: '', link: 'https://x.example' }, null],
    [[{ type: 'url', text: 'li@example.com', link: 'mailto:li@example.com' }], 'li@example.com'],
    [[{ type: 'url', text: 'http://x.example', link: 'http://x.example/' }], 'http://x.example'],
    [{ type: 'mention', text: '@李雷' }, '李雷'],
    [{ type: 'embed-image', fileToken: 't', text: '' }, '[图片]'],
    [{ type: 'attachment', text: '' }, '[附件]'],
    [{ type: 'multipleValue', values: ['a', 1, true] }, 'a, 1, true'],
    [{ type: 'thing of next year', text: 'kept' }, 'kept'],
    [{ type: 'thing of next year' }, null],
    ['=1+1', '=1+1'],
    ['#REF!', '#REF!'],
  ])('%j is %j', (wire, cell) => {
    expect(same(wire)).toEqual(cell);
  });

  test.each([
    [6, '=C2*2', { kind: 'formula', formula: 'C2*2', result: 6 }],
    [null, '=IMPORTRANGE("x","y")', { kind: 'formula', formula: 'IMPORTRANGE("x","y")', result: null }],
    [
      '#N/A',
      '=VLOOKUP(1,A:A,1)',
      { kind: 'formula', formula: 'VLOOKUP(1,A:A,1)', result: { kind: 'error', code: '#N/A' } },
    ],
    [
      [{ type: 'url', text: 'x', link: 'y' }],
      '=HYPERLINK("y","x")',
      { kind: 'formula', formula: 'HYPERLINK("y","x")', result: 'x' },
    ],
    ['2026/03/10', 46091, { kind: 'date', wallMs: Date.UTC(2026, 2, 10), hasTime: false }],
    ['2026/03/10 00:00:00', 46091, { kind: 'date', wallMs: Date.UTC(2026, 2, 10), hasTime: true }],
    ['2026-03-10', 46091.5, { kind: 'date', wallMs: Date.UTC(2026, 2, 10, 12), hasTime: true }],
    ['2026年3月10日', 46091, { kind: 'date', wallMs: Date.UTC(2026, 2, 10), hasTime: false }],
    ['12:00:00', 0.5, { kind: 'date', wallMs: Date.UTC(1899, 11, 30, 12), hasTime: true }],
    [46091, 46091, 46091],
    ['2026/03/11', '=A1+1', { kind: 'formula', formula: 'A1+1', result: '2026/03/11' }],
  ])('%j and %j', (value, source, cell) => {
    expect(readCell(value, source)).toEqual(cell);
  });
});

test('dates go out and come back to the millisecond, or are refused', () => {
  const moment = fc.integer({ min: Date.UTC(1900, 2, 1), max: Date.UTC(9999, 11, 31) });
  fc.assert(
    fc.property(moment, (wallMs) => {
      const serial = serialOf({ kind: 'date', wallMs, hasTime: true });
      if (serial === null) return;
      expect(readCell('2026/03/10 11:30:00', serial)).toEqual({ kind: 'date', wallMs, hasTime: true });
    }),
  );
  for (const wallMs of [Date.UTC(1900, 1, 28), Date.UTC(10_000, 0, 1)]) {
    expect(serialOf({ kind: 'date', wallMs, hasTime: false })).toBe(null);
  }
});

test('text that a reader could take for something else goes as rich text; all other text as it is', () => {
  for (const text of ['007', '-1', '3/4/25', '2026-03-10', '1e5', '50%', '¥5', 'TRUE', ' 7 ', '(12)']) {
    expect(wireOf(text)).toEqual([{ type: 'text', text }]);
  }
  for (const text of ['T-1', '3 号楼', '=1+1', '   ', '-', 'truth', '@SUM(A1)']) expect(wireOf(text)).toBe(text);
  expect([wireOf(null), wireOf(7), wireOf(false)]).toEqual(['', 7, false]);
});

test('what a cell cannot hold is known before it is sent', () => {
  expect(['', 'a\u0000', 'a\u000b', '\ud83d', 'tab\there', 'two\nlines\r\n', '😀'].map(faultOfText)).toEqual([
    'feishu-empty-text',
    'feishu-control-characters',
    'feishu-control-characters',
    'feishu-broken-text',
    null,
    null,
    null,
  ]);
});

test('packed cells are just the cells named, within every limit', () => {
  const sheets = ['a', 'b'].map((id) => ({ id, title: id }) as SheetMeta);
  const place = fc.record({ sheet: fc.constantFrom(...sheets), row: fc.nat(12), column: fc.nat(140) });
  fc.assert(
    fc.property(
      fc.uniqueArray(place, { selector: ({ sheet, row, column }) => `${sheet.id}${row},${column}`, maxLength: 300 }),
      (places) => {
        const cells = places.map(
          (each, operation): CellWrite => ({ ...each, operation, wire: operation, format: null }),
        );
        const found = new Map<string, unknown>();
        for (const call of packed(cells)) {
          expect(call.length).toBeLessThanOrEqual(100);
          for (const patch of call) {
            const range = parseRange(rangeOf(patch))!;
            expect(range.right - range.left).toBeLessThan(100);
            expect(patch.rows).toHaveLength(range.bottom - range.top + 1);
            for (const [r, row] of patch.rows.entries()) {
              expect(row).toHaveLength(range.right - range.left + 1);
              for (const [c, { wire }] of row.entries())
                found.set(`${patch.sheet.id}${range.top + r},${range.left + c}`, wire);
            }
          }
        }
        const named = cells.map(({ sheet, row, column, wire }) => [`${sheet.id}${row},${column}`, wire] as const);
        expect(found).toEqual(new Map(named));
      },
    ),
  );
});
