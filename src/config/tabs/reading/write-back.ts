/** What the service writes into the 检查 cells of a config tab, as data. */
import { type Locale, say } from '../../../messages/index.ts';
import { type CellValue, canonicalText, type Grid } from '../../../model/cell.ts';
import type { RowState } from './note.ts';
import { isBlank } from './row.ts';
import type { TabReading } from './tab.ts';

export interface CheckCell {
  /** Counted from 0. */
  readonly row: number;
  readonly column: number;
  readonly text: string;
}

const SIGNS: Readonly<Record<RowState, string>> = { ok: '✓', warning: '✓ ⚠', error: '⚠', incomplete: '…' };
const MOST_NOTES = 3;

/** The verdict on one row: `✓` in force, `✓ ⚠` in force but look at it, `⚠` not in force, `…` not finished; then each reason with its cell. */
export function checkText({ state, notes }: TabReading<unknown>['rows'][number], locale: Locale): string {
  if (notes.length === 0) return SIGNS[state];
  const order: readonly RowState[] = ['error', 'incomplete', 'warning'];
  const worstFirst = notes.toSorted((a, b) => order.indexOf(a.level) - order.indexOf(b.level));
  const lines = worstFirst.slice(0, MOST_NOTES).map((note) => `${note.address} ${note.message[locale]}`);
  const rest = notes.length - MOST_NOTES;
  const more = rest > 0 ? [say(locale, 'tab-more-notes', { count: rest })] : [];
  return `${SIGNS[state]} ${[...lines, ...more].join('\n')}`;
}

/**
 * The 检查 cells that must change: each row's verdict where another text stands, and nothing where a row was emptied. No
 * cell when the tab has no such column. A second call after the writes landed gives none.
 */
export function writeBack(reading: TabReading<unknown>, grid: Grid, locale: Locale): readonly CheckCell[] {
  const { checkColumn, headRow, rows } = reading;
  if (checkColumn === null || headRow < 0) return [];
  // Without a readable header no row was judged, so old verdicts stay.
  if (reading.head.some(({ level }) => level === 'error')) return [];
  const verdicts = new Map(rows.map((row) => [row.row, checkText(row, locale)]));
  const cells: CheckCell[] = [];
  for (let row = headRow + 1; row < grid.rows.length; row++) {
    const text = verdicts.get(row) ?? '';
    if (!shows(grid.rows[row]?.[checkColumn], text)) cells.push({ row, column: checkColumn, text });
  }
  return cells;
}

function shows(cell: CellValue | undefined, text: string): boolean {
  if (text === '') return isBlank(cell);
  return typeof cell === 'string' && canonicalText(cell) === canonicalText(text);
}
