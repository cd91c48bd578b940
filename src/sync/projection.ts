/**
 * Pure: the tab that lists problems. It belongs to the service: it is never read as data, except for the answers people
 * give in one column. A problem keeps its row as long as it is open; freed rows are filled first.
 */
import type { Operation } from '../../connectors/connector.ts';
import { type CellInput, type CellValue, cellAt, type Grid, rawText } from '../model/cell.ts';
import type { ProblemAnswer } from '../model/change.ts';
import { normaliseHeader } from '../model/header.ts';

export const problemColumns = [
  'number',
  'kind',
  'workbook',
  'place',
  'ticket',
  'field',
  'typed',
  'current',
  'message',
  'answer',
  'since',
] as const;
export type ProblemColumn = (typeof problemColumns)[number];

/** A problem as its row shows it. */
export interface ProblemLine {
  readonly number: string;
  readonly cells: Readonly<Record<Exclude<ProblemColumn, 'number' | 'answer'>, CellInput>>;
}

export interface ProblemTabShape {
  readonly headerRow: number;
  readonly columns: ReadonlyMap<ProblemColumn, number>;
}

export interface GivenAnswer {
  readonly number: string;
  readonly answer: ProblemAnswer | null;
  readonly text: string;
}

/** Finds the header by its labels in any language; null when number or answer column is not there. */
export function readProblemTab(
  grid: Grid,
  labels: Readonly<Record<ProblemColumn, readonly string[]>>,
): ProblemTabShape | null {
  for (let row = 0; row < Math.min(20, grid.rows.length); row += 1) {
    const headers = (grid.rows[row] ?? []).map((cell) => normaliseHeader(rawText(cell)));
    const columns = new Map<ProblemColumn, number>();
    for (const column of problemColumns) {
      const names = new Set(labels[column].map(normaliseHeader));
      const place = headers.findIndex((header) => names.has(header));
      if (place >= 0) columns.set(column, place);
    }
    if (columns.has('number') && columns.has('answer')) return { headerRow: row, columns };
  }
  return null;
}

/** Answers standing in the tab, with the number of the problem they answer. */
export function readAnswers(
  grid: Grid,
  shape: ProblemTabShape,
  understand: (text: string) => ProblemAnswer | null,
): GivenAnswer[] {
  const answers: GivenAnswer[] = [];
  for (let row = shape.headerRow + 1; row < grid.rows.length; row += 1) {
    const number = rawText(cellAt(grid, row, shape.columns.get('number')!)).trim();
    const text = rawText(cellAt(grid, row, shape.columns.get('answer')!)).trim();
    if (number !== '' && text !== '') answers.push({ number, text, answer: understand(text) });
  }
  return answers;
}

/** The writes that make the tab show exactly these lines. */
export function projectProblems(
  grid: Grid,
  tab: string,
  shape: ProblemTabShape,
  lines: readonly ProblemLine[],
  understand: (text: string) => ProblemAnswer | null,
): Operation[] {
  const operations: Operation[] = [];
  const numberColumn = shape.columns.get('number')!;
  const wanted = new Map(lines.map((line) => [line.number, line]));
  const free: number[] = [];
  for (let row = shape.headerRow + 1; row < grid.rows.length; row += 1) {
    const number = rawText(cellAt(grid, row, numberColumn)).trim();
    const line = wanted.get(number);
    if (line !== undefined) {
      wanted.delete(number);
      operations.push(...rowWrites(grid, tab, shape, row, line, understand));
    } else if (number !== '') {
      operations.push(...clearRow(grid, tab, shape, row));
      free.push(row);
    } else if ([...shape.columns.values()].every((column) => isBlank(cellAt(grid, row, column)))) {
      free.push(row);
    }
  }
  for (const line of wanted.values()) {
    const row = free.shift();
    if (row !== undefined) {
      // The freed row may just have been cleared in this batch: its new cells take the place of the clearing.
      const kept = operations.filter((operation) => operation.kind !== 'cell' || operation.row !== row);
      operations.length = 0;
      operations.push(...kept, ...rowWrites(grid, tab, shape, row, line, understand, true));
      continue;
    }
    operations.push({
      kind: 'append',
      tab,
      cells: [...shape.columns].flatMap(([column, index]) => {
        const value = shownIn(line, column);
        return value === null ? [] : [{ column: index, value }];
      }),
    });
  }
  return operations;
}

function shownIn(line: ProblemLine, column: ProblemColumn): CellInput {
  if (column === 'number') return line.number;
  return column === 'answer' ? null : line.cells[column];
}

function rowWrites(
  grid: Grid,
  tab: string,
  shape: ProblemTabShape,
  row: number,
  line: ProblemLine,
  understand: (text: string) => ProblemAnswer | null,
  taken = false,
): Operation[] {
  return [...shape.columns].flatMap(([column, index]): Operation[] => {
    const now = cellAt(grid, row, index);
    if (column === 'answer' && !taken) {
      const text = rawText(now).trim();
      // A word nobody understands stays, so that the person sees what he wrote; the message says what can be picked.
      // An answer that was taken is cleared at once: the cell is a button, not a record.
      if (text === '' || understand(text) === null) return [];
    }
    const value = shownIn(line, column);
    return rawText(value) === rawText(now) ? [] : [{ kind: 'cell', tab, row, column: index, value }];
  });
}

function clearRow(grid: Grid, tab: string, shape: ProblemTabShape, row: number): Operation[] {
  return [...shape.columns.values()].flatMap((column): Operation[] =>
    isBlank(cellAt(grid, row, column)) ? [] : [{ kind: 'cell', tab, row, column, value: null }],
  );
}

function isBlank(cell: CellValue): boolean {
  return rawText(cell) === '';
}
