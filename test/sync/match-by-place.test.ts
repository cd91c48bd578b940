/** Which of several rows without a number is a ticket's, where only their place and part of their content tell. */
import { expect, test } from 'vitest';
import type { BindingRow, BindingState } from '../../src/model/binding.ts';
import type { CellValue, Grid } from '../../src/model/cell.ts';
import { matchRows } from '../../src/sync/match.ts';
import { readRows } from '../../src/sync/rows.ts';
import { readShape } from '../../src/sync/shape.ts';
import { bindingOf, headerOf, tabsOf } from './simulator/fields.ts';
import { numberOf } from './simulator/memory-store.ts';
import { PLAIN_DESK } from './simulator/tape.ts';

const tab = tabsOf(PLAIN_DESK)[0]!;
const binding = bindingOf(PLAIN_DESK, tab, null);

/** The only ticket of a tab: printer, on the third floor, low. */
const printer: BindingRow = {
  recordId: 1,
  number: numberOf(1),
  state: 'live',
  rowHint: 1,
  missCount: 0,
  missingSince: null,
  bornGen: 1,
  cells: Object.fromEntries(
    Object.entries({ title: 'printer', note: 'third floor', prio: '低', hours: '', owner: '' }).map(([key, raw]) => [
      key,
      { raw, val: raw, gen: 1 },
    ]),
  ),
  past: [],
};

function match(...rows: readonly Readonly<Record<string, CellValue>>[]): ReturnType<typeof matchRows> {
  const keys = ['id', ...tab.keys];
  const grid: Grid = {
    tab: tab.tab,
    rows: [keys.map(headerOf), ...rows.map((row) => keys.map((key) => row[key] ?? null))],
    merges: [],
  };
  const state = { columns: {}, rows: new Map([[1, printer]]), mode: 'live' } as unknown as BindingState;
  const shape = readShape(grid, binding, state);
  if ('unshaped' in shape) throw new Error(shape.unshaped);
  return matchRows(readRows(grid, shape), shape, state);
}

test('a row in its place with part of its content is the ticket, whatever new row stands below', () => {
  const { pairs, fresh } = match(
    { title: 'scanner', note: 'third floor', prio: '低' },
    { title: 'network', note: 'slow' },
  );
  expect([...pairs].map(([, { row }]) => row)).toEqual([1]);
  expect(fresh.map(({ row }) => row)).toEqual([2]);
});

test('of two rows that have a text of the ticket each, none is taken for it and none becomes a new one', () => {
  const { pairs, fresh, inert } = match({ title: 'scanner', note: 'third floor', prio: '低' }, { title: 'printer' });
  expect(pairs.size).toBe(0);
  expect(fresh).toEqual([]);
  expect(inert.map(({ row, reason }) => [row.row, reason])).toEqual([
    [1, 'maybe-ticket'],
    [2, 'maybe-ticket'],
  ]);
});
