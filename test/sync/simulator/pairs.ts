/**
 * Two plays of one history that must end alike. Acts happen while everything rests and name no row by its position, so that the
 * plays differ only in what is compared: bad rows, crashes, an order.
 */
import type fc from 'fast-check';
import { type CellValue, rawText } from '../../../src/model/cell.ts';
import type { DeskTab } from './fields.ts';
import type { Violation } from './oracle/findings.ts';
import { OPS, type OpName } from './people.ts';
import { play } from './play.ts';
import { BYSTANDERS, columnOf, HEADER, isBlankRow, type Sheet, type SheetRow } from './sheet.ts';
import type { PlayOptions } from './stage/options.ts';
import { type Desk, type Step, type Tape, tapes } from './tape.ts';

/** Acts whose effect depends on where rows stand, on how often the engine wrote, or on the time it took. */
const UNCOMPARABLE: ReadonlySet<OpName> = new Set<OpName>([
  'fillDown',
  'sortAll',
  'sortColumn',
  'moveRow',
  'insertColumn',
  'moveColumn',
  'duplicateColumn',
  'moveHeader',
  'merge',
  'dragId',
  'undo',
  'restore',
  'answer',
  'answerInTab',
  'rival',
  'pause',
  'lock',
  'vanish',
]);
const COMPARABLE = (Object.keys(OPS) as OpName[]).filter((op) => !UNCOMPARABLE.has(op));
/** Place of the service's own column among a tab's: how often it is written back depends on the time and on the process. */
const SERVICE_COLUMN = 4;

/** Histories that can be compared, on desks as `desk` makes them, without the acts named. */
export function comparableTapes(desk: Partial<Desk>, without: readonly OpName[] = []): fc.Arbitrary<Tape> {
  const ops = COMPARABLE.filter((op) => !without.includes(op));
  return tapes.map((tape) => ({
    desk: { ...tape.desk, problemTab: false, narrowGuards: false, ...desk },
    steps: tape.steps.map((step, at) => comparable(step, at, ops)),
    faults: tape.faults.map((fault) => ({ ...fault, after: null })),
  }));
}

function comparable(step: Step, at: number, ops: readonly OpName[]): Step {
  const op = ops.includes(step.op) ? step.op : ops[(at + step.n) % ops.length]!;
  return { ...step, op, column: step.column % 5 === SERVICE_COLUMN ? 0 : step.column };
}

/** How a history ended, in terms that do not depend on numbers, places and times. */
export interface Ending {
  readonly violations: readonly Violation[];
  readonly tickets: readonly string[];
  /** Rows of every tab as field texts; a number is named by its ticket's title. */
  readonly rows: readonly string[];
}

export async function ending(tape: Tape, options: PlayOptions): Promise<Ending> {
  const { violations, store, books } = await play(tape, { ...options, calm: true });
  const records = [...store.root.tables.values()].flatMap((of) => [...of.values()]);
  const titles = new Map(records.map((record) => [record.number, String(record.values.title)]));
  const tickets = records.map(({ values, deletedAt }) => {
    const { created_at: _at, ...kept } = values;
    return JSON.stringify([deletedAt !== null, Object.entries(kept).sort()]);
  });
  const rows = [...books].flatMap(([workbook, book]) =>
    [...book.tabs].flatMap(([tab, sheet]) =>
      sheet.rows.flatMap((row) => {
        if (row.uid === HEADER || row.uid >= BYSTANDERS || isBlankRow(row)) return [];
        return `${workbook}/${tab} ${rowText(sheet, row, titles)}`;
      }),
    ),
  );
  return { violations, tickets: tickets.sort(), rows: rows.sort() };
}

function rowText(sheet: Sheet, row: SheetRow, titles: ReadonlyMap<string, string>): string {
  const texts = sheet.columns.flatMap(({ field }, c) => {
    const text = rawText(row.cells[c] ?? null);
    // Hints name places.
    if (text === '' || field === 'hint') return [];
    return `${field ?? 'own'}: ${field === 'id' ? (titles.get(text) ?? text) : text}`;
  });
  return texts.sort().join(', ');
}

/** The sheet with rows beneath that no ticket can be made of: seven, or the last so many. */
export function withBadRows(sheet: Sheet, { tab }: DeskTab, count = 7): Sheet {
  const error: CellValue = { kind: 'error', code: '#REF!' };
  const bad: Readonly<Record<string, CellValue>>[] = [
    { id: 'X-000001', title: `bad ${tab}`, note: 'bad note', prio: '中', hours: 7 },
    { id: error, title: 'bad too', prio: '低' },
    { id: { kind: 'formula', formula: 'B2', result: 'T-000001' }, title: 'bad again', prio: '高' },
    { title: error, note: 'no title', prio: '中' },
    { note: 'nothing else', hours: 'many' },
    { prio: '高' },
    { id: 'nobody' },
  ];
  const rows = bad.slice(-count).map((cells, i) => ({
    uid: BYSTANDERS + i,
    cells: sheet.columns.map(({ field }) => (field === null ? null : (cells[field] ?? null))),
  }));
  return columnOf(sheet, 'id') < 0 ? sheet : { ...sheet, rows: [...sheet.rows, ...rows] };
}
