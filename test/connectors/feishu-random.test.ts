/**
 * Pushes with people at work between any two calls: they type, sort, insert and delete rows, rename tabs, and the line
 * breaks. Whatever they do: `applied` was done where it says, `stale` and `rejected` were not done, and no row is there twice.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Operation } from '../../connectors/connector.ts';
import { rawText } from '../../src/model/cell.ts';
import { RetryableError } from '../../src/model/errors.ts';
import { type FakeFeishu, type FakeSpreadsheet, type Fault, startFeishu } from '../fakes/feishu.ts';
import { type Desk, openDesk } from './feishu-desk.ts';

let feishu: FakeFeishu;
let desk: Desk;
beforeAll(async () => {
  feishu = await startFeishu();
  desk = openDesk(feishu);
});
afterAll(async () => {
  await desk.close();
  await feishu.close();
});

const ROWS = 6;
const COLUMNS = 4;

type Act =
  | { readonly kind: 'type'; readonly row: number; readonly column: number }
  | { readonly kind: 'insert' | 'delete'; readonly row: number }
  | { readonly kind: 'sort' }
  | { readonly kind: 'elsewhere' };

const row = fc.integer({ min: 1, max: ROWS + 2 });
const act: fc.Arbitrary<Act> = fc.oneof(
  fc.record({ kind: fc.constant('type' as const), row, column: fc.nat(COLUMNS - 1) }),
  fc.record({ kind: fc.constantFrom('insert' as const, 'delete' as const), row }),
  fc.record({ kind: fc.constantFrom('sort' as const, 'elsewhere' as const) }),
);
const fault: fc.Arbitrary<Fault> = fc.oneof(
  fc.constant({ kind: 'lose-after' } as Fault),
  fc.constant({ kind: 'lose-before' } as Fault),
  fc.constant({ kind: 'partial', items: 1, code: 90202 } as Fault),
  fc.constant({ kind: 'refuse', code: 90217 } as Fault),
  fc.constant({ kind: 'gateway', status: 504, done: true } as Fault),
);
const tape = fc.record({
  cells: fc.uniqueArray(fc.record({ row, column: fc.nat(COLUMNS - 1) }), {
    maxLength: 8,
    selector: ({ row: r, column }) => `${r},${column}`,
  }),
  isDate: fc.boolean(),
  appends: fc.nat(3),
  /** Before or after which writing call of the push somebody acts. */
  acts: fc.array(fc.record({ call: fc.nat(4), isBefore: fc.boolean(), act }), { maxLength: 2 }),
  fault: fc.option(fc.record({ call: fc.nat(3), fault }), { nil: null }),
});

function carryOut(sheet: FakeSpreadsheet, one: Act, n: number): void {
  if (one.kind === 'type') sheet.type('T', [{ row: one.row, column: one.column, value: `person ${n}` }]);
  else if (one.kind === 'insert') sheet.insertRows('T', one.row, 1);
  else if (one.kind === 'delete') sheet.deleteRows('T', one.row, 1);
  else if (one.kind === 'sort') sheet.sortRows('T', () => -1);
  else sheet.type('O', [{ row: n, column: 0, value: `person ${n}` }]);
}

/** How often each of our texts stands in the tab, and where. */
function standing(sheet: FakeSpreadsheet): Map<string, string[]> {
  const found = new Map<string, string[]>();
  for (const [r, cells] of sheet.tab('T').cells.entries()) {
    for (const [c, cell] of cells.entries()) {
      const content = cell?.content ?? null;
      if (typeof content !== 'string' || !content.startsWith('ours')) continue;
      found.set(content, [...(found.get(content) ?? []), `${r},${c}`]);
    }
  }
  return found;
}

test('what a push says became of its operations is what became of them', async () => {
  let pushes = 0;
  const seen = new Map<string, number>();
  await fc.assert(
    fc.asyncProperty(tape, async ({ cells, isDate, appends, acts, fault: broken }) => {
      const rows = Array.from({ length: ROWS }, (_, r) => Array.from({ length: COLUMNS }, (_, c) => `${r}.${c}`));
      const sheet = feishu.addSpreadsheet('random', [
        { name: 'T', rows },
        { name: 'O', rows: [['o']] },
      ]);
      const connector = desk.connect(sheet.url);
      const { version } = await connector.pull(['T']);
      const operations: Operation[] = [
        ...cells.map((place, n) => ({ kind: 'cell' as const, tab: 'T', ...place, value: `ours ${n}` })),
        ...Array.from({ length: appends }, (_, n) => ({
          kind: 'append' as const,
          tab: 'T',
          cells: [
            { column: 1, value: `ours +${n}` },
            ...(isDate
              ? [{ column: 2, value: { kind: 'date', wallMs: 1_773_000_000_000, hasTime: true } as const }]
              : []),
          ],
        })),
      ];
      /** Where our texts stood right after the last call that wrote cells. */
      let landed = new Map<string, string[]>();
      let call = -1;
      const isWrite = ({ method, path }: { readonly method: string; readonly path: string }): boolean =>
        method !== 'GET' && path.includes(sheet.token);
      feishu.before = (request) => {
        if (!isWrite(request)) return;
        call++;
        for (const [n, one] of acts.entries()) if (one.isBefore && one.call === call) carryOut(sheet, one.act, n);
      };
      feishu.after = (request) => {
        if (!isWrite(request)) return;
        for (const [text, places] of standing(sheet)) if (!landed.has(text)) landed.set(text, places);
        for (const [n, one] of acts.entries()) if (!one.isBefore && one.call === call) carryOut(sheet, one.act, n);
      };
      if (broken !== null) {
        let left = broken.call;
        feishu.switches.faults = [{ ...broken.fault, match: (request) => isWrite(request) && left-- === 0 }];
      }
      try {
        const { outcomes, version: after } = await connector.push({ version, generation: 1, operations });
        pushes++;
        for (const [n, outcome] of outcomes.entries()) {
          seen.set(outcome.status, (seen.get(outcome.status) ?? 0) + 1);
          const operation = operations[n]!;
          const text = operation.kind === 'cell' ? String(operation.value) : String(operation.cells[0]!.value);
          const column = operation.kind === 'cell' ? operation.column : 1;
          const places = landed.get(text) ?? [];
          if (outcome.status === 'applied') expect(places).toEqual([`${outcome.row},${column}`]);
          else if (outcome.status !== 'unknown') expect(places).toEqual([]);
          expect(places.length).toBeLessThanOrEqual(1);
        }
        if (after !== null) {
          feishu.before = null;
          feishu.after = null;
          const pulled = await connector.pull(['T']);
          if (pulled.version === after) {
            for (const [n, outcome] of outcomes.entries()) {
              const operation = operations[n]!;
              if (outcome.status !== 'applied' || operation.kind !== 'cell') continue;
              const value = pulled.grids.get('T')?.rows[outcome.row]?.[operation.column] ?? null;
              expect(rawText(value)).toBe(`ours ${n}`);
            }
          }
        }
      } catch (error) {
        if (!(error instanceof RetryableError)) throw error;
        expect(landed).toEqual(new Map());
      } finally {
        landed = new Map();
        feishu.before = null;
        feishu.after = null;
        feishu.switches.faults = [];
      }
    }),
    { numRuns: 400 },
  );
  expect(pushes).toBeGreaterThan(200);
  for (const status of ['applied', 'unknown', 'stale']) expect(seen.get(status) ?? 0).toBeGreaterThan(20);
});
