/** Rows packed into bytes and back, means and percentiles: the arithmetic below all figures. */
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type ColumnKind, pack, type TableShape, unpack } from '../../src/kpi/columns.ts';
import { percentile, spreadOf } from '../../src/kpi/statistics.ts';
import { testDatabase } from '../db/database.ts';

const kinds: Readonly<Record<ColumnKind, fc.Arbitrary<number | string | null>>> = {
  wide: fc.option(fc.oneof(fc.double({ noNaN: true }), fc.maxSafeInteger()), { nil: null }),
  int: fc.option(fc.integer({ min: 0, max: 2 ** 31 - 1 }), { nil: null }),
  byte: fc.option(fc.integer({ min: 0, max: 254 }), { nil: null }),
  name: fc.option(fc.string({ unit: 'grapheme' }), { nil: null }),
};
const shapes = {
  first: { at: 'wide', who: 'name', flag: 'byte', seconds: 'int' },
  second: { flag: 'byte' },
  third: { who: 'name', at: 'wide' },
} satisfies Readonly<Record<string, TableShape>>;

function rowsOf(shape: TableShape) {
  return fc.array(fc.record(Object.fromEntries(Object.entries(shape).map(([key, kind]) => [key, kinds[kind]]))));
}
const tables = fc.record({
  first: rowsOf(shapes.first),
  second: rowsOf(shapes.second),
  third: rowsOf(shapes.third),
});

/** What the columns say, as rows again. */
function readBack(packed: Uint8Array, names: string[]) {
  const codeOf = (name: string): number => (names.includes(name) ? names.indexOf(name) : names.push(name) - 1);
  const read = unpack(shapes, packed, codeOf);
  return Object.fromEntries(
    Object.entries(shapes).map(([table, shape]) => {
      const columns = read[table as keyof typeof shapes] as unknown as Readonly<Record<string, ArrayLike<number>>> & {
        readonly length: number;
      };
      const value = (key: string, kind: ColumnKind, row: number): number | string | null => {
        const number = columns[key]![row]!;
        if (kind === 'wide') return Number.isNaN(number) ? null : number;
        if (kind === 'byte') return number === 255 ? null : number;
        return number === -1 ? null : kind === 'name' ? names[number]! : number;
      };
      const rows = Array.from({ length: columns.length }, (_, row) =>
        Object.fromEntries(Object.entries(shape).map(([key, kind]) => [key, value(key, kind, row)])),
      );
      return [table, rows];
    }),
  );
}

describe('packing', () => {
  it('gives back every row, whatever names were known before', () => {
    fc.assert(
      fc.property(tables, fc.array(fc.string()), (rows, known) => {
        expect(readBack(pack(shapes, rows as never), [...new Set(known)])).toEqual(rows);
      }),
    );
  });

  it('gives the same bytes for the same rows', () => {
    fc.assert(
      fc.property(tables, (rows) => {
        expect(pack(shapes, structuredClone(rows) as never)).toEqual(pack(shapes, rows as never));
      }),
    );
  });

  it('reads bytes that lie in the middle of a larger piece, as those of a database do', () => {
    const rows = { first: [{ at: 1, who: '张伟', flag: 1, seconds: 2 }], second: [], third: [] };
    const packed = pack(shapes, rows);
    const piece = Buffer.alloc(packed.length + 13, 0xff);
    piece.set(packed, 5);
    expect(readBack(piece.subarray(5, 5 + packed.length), [])).toEqual(rows);
  });
});

describe('means and percentiles', () => {
  it('of nothing there are none', () => {
    expect(spreadOf([])).toEqual({ n: 0, mean: null, median: null, p90: null });
  });

  it('ten durations as worked out by hand', () => {
    const minutes = [2400, 30, 45, 60, 900, 60, 90, 120, 240, 480];
    const { p90, ...spread } = spreadOf(minutes);
    expect(spread).toEqual({ n: 10, mean: 442.5, median: 105 });
    // By the nearest rank it would be 900.
    expect(p90).toBeCloseTo(1050, 9);
  });

  it('lie between the least and the greatest, and grow with what is added', () => {
    const values = fc.array(fc.integer({ min: 0, max: 10_000_000 }), { minLength: 1 });
    fc.assert(
      fc.property(values, fc.nat(), (list, more) => {
        const { mean, median, p90 } = spreadOf(list);
        const [least, greatest] = [Math.min(...list), Math.max(...list)];
        for (const each of [mean!, median!, p90!]) {
          expect(each).toBeGreaterThanOrEqual(least);
          expect(each).toBeLessThanOrEqual(greatest);
        }
        expect(p90).toBeGreaterThanOrEqual(median!);
        expect(spreadOf(list.map((each) => each + more)).median).toBeCloseTo(median! + more, 6);
        const sorted = list.toSorted((a, b) => a - b);
        expect([percentile(sorted, 0), percentile(sorted, 1)]).toEqual([least, greatest]);
      }),
    );
  });

  it('are what the database makes of the same numbers', async () => {
    const { db, close } = await testDatabase();
    try {
      const values = fc.array(fc.integer({ min: 0, max: 40_000_000 }), { minLength: 1, maxLength: 200 });
      await fc.assert(
        fc.asyncProperty(values, async (list) => {
          const [row] = await db.query(
            `select count(*) as n, avg(v)::float8 as mean, percentile_cont(0.5) within group (order by v) as median,
               percentile_cont(0.9) within group (order by v) as p90
             from json_array_elements_text($1::text::json) as each(t), lateral (select t::float8 as v) as value`,
            [JSON.stringify(list)],
          );
          const spread = spreadOf(list);
          expect(spread.n).toBe(Number(row!.n));
          for (const key of ['mean', 'median', 'p90'] as const) expect(spread[key]).toBeCloseTo(Number(row![key]), 6);
        }),
        { numRuns: 60 },
      );
    } finally {
      await close();
    }
  });
});
