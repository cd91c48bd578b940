/**
 * What was published last, kept in the workbook itself as packed text in a hidden tab: by it a renamed tab is found again,
 * a person's text is told from our older figure, a deleted chart from one never made. The one rule: a memory that cannot
 * be read is none; then tabs are made anew beside those that are there, and nothing of anybody is touched.
 *
 * Right of the text stand the numbers of charts whose series do not stand side by side in their tab: the API draws a chart
 * from one block of cells only (chart-setdata).
 */
import { Buffer } from 'node:buffer';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { say } from '../../../src/messages/index.ts';
import type { Area } from '../../../src/model/published-tab.ts';
import type { TabInfo } from '../../connector.ts';
import { rangePath, tabPath } from '../../msgraph-api.ts';
import { MARK_CHARS, marksOf, type WrittenCell } from '../../published/written.ts';
import { type CellWrite, gridOf, patchesOf } from '../patches.ts';
import { readRect, usedPlace } from '../reading.ts';
import type { WorkbookSession } from '../session.ts';

/** Name of the hidden tab. */
export const memoryTab = '_published';

/** Texts of a cell have a limit; a long memory stands in several cells below each other. */
const CHUNK_CHARS = 32_000;
const FIRST_ROW = 5;
/** First column for the numbers of charts. */
export const FIRST_BLOCK_COLUMN = 2;
export const BLOCK_ROW = FIRST_ROW;
/** More than any honest memory of ours: a packed text can be built to grow without end. */
const MAX_BYTES = 64 * 1_048_576;

/** A chart as it was drawn last. */
export interface ChartMemory {
  readonly name: string;
  /** Type and number of series: with another one it is drawn anew, because a chart's type cannot be changed. */
  readonly form: string;
  readonly title: string;
  /** The block it is drawn from. */
  readonly source: string;
  /** Its own block in the hidden tab; null when it is drawn from its tab. */
  readonly block: Area | null;
}

export interface TabMemory {
  /** Id of the tab; survives a rename. */
  readonly id: string;
  readonly name: string;
  /** Its cells, the whole rectangle of them. */
  readonly cells: readonly (readonly WrittenCell[])[];
  readonly merges: readonly string[];
  readonly charts: readonly ChartMemory[];
}

export type Memory = Readonly<Record<string, TabMemory>>;

interface PackedTab extends Omit<TabMemory, 'cells'> {
  /** For each cell of a row its mark, or four dots for nothing of ours. */
  readonly marks: readonly string[];
  /** In the same form the second mark of each cell; only while something is being written. */
  readonly announced?: readonly string[];
  /** For each cell of a row the place of its look's key in `lookKeys`; -1: none. */
  readonly looks: readonly (readonly number[])[];
  readonly lookKeys: readonly string[];
}

export interface KeptMemory {
  readonly tabs: Memory;
  /** Id of the hidden tab; null when there is none. */
  readonly id: string | null;
  /** Cells its text takes. */
  readonly chunks: number;
}

const NO_MARK = '....';

export async function readMemory(session: WorkbookSession, tabs: readonly TabInfo[]): Promise<KeptMemory> {
  const tab = tabs.find(({ name }) => name.toLowerCase() === memoryTab);
  if (tab === undefined) return { tabs: {}, id: null, chunks: 0 };
  const used = await usedPlace(session, tab.id);
  const rows = used.row + used.rows - FIRST_ROW;
  if (rows < 1) return { tabs: {}, id: tab.id, chunks: 0 };
  const pieces = await readRect(session, tab.id, { row: FIRST_ROW, column: 0, rows, columns: 1 });
  const texts = pieces.flatMap(({ values }) => values.map(([text]) => (typeof text === 'string' ? text : '')));
  const chunks = texts.findLastIndex((text) => text !== '') + 1;
  try {
    const bytes = inflateRawSync(Buffer.from(texts.join(''), 'base64'), { maxOutputLength: MAX_BYTES });
    const { version, tabs: packed = {} } = JSON.parse(bytes.toString('utf8')) as {
      version?: number;
      tabs?: Record<string, PackedTab>;
    };
    const known = version === 1 ? Object.entries(packed).map(([key, one]) => [key, unpack(one)]) : [];
    return { tabs: Object.fromEntries(known), id: tab.id, chunks };
  } catch {
    return { tabs: {}, id: tab.id, chunks };
  }
}

/** Makes the hidden tab, or what a service that died left undone of it; resolves to its id. */
export async function makeMemoryTab(session: WorkbookSession, { id: standing, chunks }: KeptMemory): Promise<string> {
  if (standing !== null && chunks > 0) return standing;
  const call = { method: 'POST', path: '/worksheets/add', body: { name: memoryTab } } as const;
  const id = standing ?? (await session.call<{ id: string }>(call)).id;
  const notes = [['Rowkeeper'], [''], [say('zh-CN', 'published-tab-note')], [say('en', 'published-tab-note')]];
  await session.call({
    method: 'PATCH',
    path: `${rangePath(id, { row: 0, column: 0, rows: notes.length, columns: 1 })}?$select=address`,
    body: { values: notes },
    isRepeatable: true,
  });
  await session.call({ method: 'PATCH', path: tabPath(id), body: { visibility: 'Hidden' }, isRepeatable: true });
  return id;
}

/**
 * Writes the memory over the one before, whose text may have been longer; the same one is not written. Resolves to what is
 * kept now.
 */
export async function writeMemory(
  session: WorkbookSession,
  id: string,
  tabs: Memory,
  before: KeptMemory,
): Promise<KeptMemory> {
  const text = textOf(tabs);
  if (text === textOf(before.tabs)) return before;
  const packed = deflateRawSync(text, { level: 9 }).toString('base64');
  const chunks = packed.match(new RegExp(`.{1,${CHUNK_CHARS}}`, 'g')) ?? [];
  const rows = Math.max(chunks.length, before.chunks);
  const writes = Array.from({ length: rows }, (_, n): CellWrite => {
    const chunk = chunks[n];
    return { row: FIRST_ROW + n, column: 0, wire: chunk === undefined ? '' : `'${chunk}`, from: n };
  });
  for (const patch of patchesOf(writes)) {
    await session.call({
      method: 'PATCH',
      path: `${rangePath(id, patch.rect)}?$select=address`,
      body: { values: gridOf(patch) },
      isRepeatable: true,
    });
  }
  return { tabs, id, chunks: chunks.length };
}

function textOf(tabs: Memory): string {
  const packed = Object.entries(tabs).map(([key, tab]) => [key, pack(tab)]);
  return JSON.stringify({ version: 1, tabs: Object.fromEntries(packed) });
}

function pack({ id, name, cells, merges, charts }: TabMemory): PackedTab {
  const numbers = new Map<string, number>([['', -1]]);
  const numberOf = (look: string): number => {
    const number = numbers.get(look) ?? numbers.size - 1;
    numbers.set(look, number);
    return number;
  };
  const marks = (nth: 0 | 1): string[] => cells.map((row) => row.map((cell) => marksOf(cell)[nth] ?? NO_MARK).join(''));
  const isUnderWay = cells.some((row) => row.some((cell) => marksOf(cell).length > 1));
  const looks = cells.map((row) => row.map(({ look }) => numberOf(look)));
  const lookKeys = [...numbers.keys()].slice(1);
  return { id, name, marks: marks(0), ...(isUnderWay ? { announced: marks(1) } : {}), looks, lookKeys, merges, charts };
}

function unpack({ id, name, marks, announced, looks, lookKeys, merges, charts }: PackedTab): TabMemory {
  const markAt = (rows: readonly string[] | undefined, row: number, column: number): string => {
    const mark = rows?.[row]?.slice(column * MARK_CHARS, (column + 1) * MARK_CHARS) ?? '';
    return mark === NO_MARK ? '' : mark;
  };
  const cells = looks.map((row, r) =>
    row.map((look, c) => ({ mark: markAt(marks, r, c) + markAt(announced, r, c), look: lookKeys[look] ?? '' })),
  );
  return { id, name, cells, merges, charts };
}
