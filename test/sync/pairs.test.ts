/** Histories played twice that must end alike: with bad rows and without (I7), with crashes and without (I9), in any order (I11). */
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { DeskTab } from './simulator/fields.ts';
import { comparableTapes, type Ending, ending, withBadRows } from './simulator/pairs.ts';
import { type OpName, withColumns } from './simulator/people.ts';
import type { Sheet } from './simulator/sheet.ts';
import type { PlayOptions } from './simulator/stage/options.ts';
import type { Tape } from './simulator/tape.ts';

const PAIRS = 300;

async function compare(tapes: fc.Arbitrary<Tape>, one: (tape: Tape) => Promise<Ending>, two: typeof one, seed: number) {
  const pair = fc.asyncProperty(tapes, async (tape) => {
    const [first, second] = [await one(tape), await two(tape)];
    expect([...first.violations, ...second.violations]).toEqual([]);
    expect(second.tickets).toEqual(first.tickets);
    expect(second.rows).toEqual(first.rows);
  });
  await fc.assert(pair, { numRuns: PAIRS, seed });
}

const calm = (tape: Tape, arrange: PlayOptions['arrange'] = {}): Promise<Ending> =>
  ending({ ...tape, faults: [] }, { arrange });

test('bad rows change nothing for the others (I7)', async () => {
  // One stands there from the start: a tab without any row at all is held, whatever made it so.
  const met = (sheet: Sheet, tab: DeskTab): Sheet => withBadRows(sheet, tab, 1);
  await compare(
    comparableTapes({}),
    (tape) => calm(tape, { met }),
    (tape) => calm(tape, { met: withBadRows }),
    7,
  );
});

test('crashes and failing calls change nothing of how it ends (I9)', async () => {
  await compare(comparableTapes({ bindings: 1 }), calm, (tape) => ending(tape, {}), 9);
});

const turned = (sheet: Sheet): Sheet => ({ ...sheet, rows: [sheet.rows[0]!, ...sheet.rows.slice(1).reverse()] });
const shuffled = (sheet: Sheet): Sheet =>
  withColumns(
    sheet,
    sheet.columns.map((_, c) => (c * 2 + 1) % (sheet.columns.length | 1)),
  );

// Which of several rows with one number is live depends on where they stand (M5).
const copies: readonly OpName[] = ['copyRow', 'copyId'];

test('the order of rows does not matter (I11)', async () => {
  await compare(comparableTapes({}, copies), calm, (tape) => calm(tape, { fresh: turned }), 11);
});

test('the order of columns does not matter (I11)', async () => {
  await compare(comparableTapes({}), calm, (tape) => calm(tape, { fresh: shuffled }), 12);
});

test('the order of bindings does not matter where their ranks differ (I11)', async () => {
  const records = 5;
  // The rows of the start come first whatever was added since; which row comes next depends on who was first.
  const tapes = comparableTapes({ records, sameRank: false }, ['deleteRow']).map((tape) => ({
    ...tape,
    steps: tape.steps.map((step) => ({ ...step, row: step.row % records })),
  }));
  const workbooks = (names: readonly string[]): readonly string[] => [...names].reverse();
  await compare(tapes, calm, (tape) => calm(tape, { workbooks }), 13);
});
