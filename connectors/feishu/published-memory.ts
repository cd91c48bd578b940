/**
 * What was published last, kept in the document itself in a hidden tab, so that any process finds its tabs again after a
 * person renamed them, tells its own older figures from what people typed, and uploads no picture twice. Packed text in
 * the cells of the first column. A document whose hidden tab was deleted has forgotten: its tabs are made anew, and those
 * that stand are left to people.
 */
import { Buffer } from 'node:buffer';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { say } from '../../src/messages/index.ts';
import { cellAt, type Grid } from '../../src/model/cell.ts';
import type { WrittenCell } from '../published/written.ts';

/** Name of the hidden tab. */
export const memoryTab = '_published';

const FIRST_ROW = 5;
/** A cell holds 40,000 characters. */
const CHUNK_CHARS = 32_000;
/** More than any honest memory of ours: a packed text can be built to grow without end. */
const MAX_BYTES = 64 * 1_048_576;

/** A chart as it was drawn last. */
export interface PictureMemory {
  readonly name: string;
  /** Id of the floating picture; null: a person deleted it, and it stays away. */
  readonly id: string | null;
  /** Of what it shows and its size. */
  readonly hash: string;
}

export interface TabMemory {
  readonly sheetId: string;
  readonly rows: readonly (readonly (WrittenCell | null)[])[];
  readonly merges: readonly string[];
  readonly pictures: readonly PictureMemory[];
}

export type Memory = Readonly<Record<string, TabMemory>>;

interface PackedTab extends Omit<TabMemory, 'rows'> {
  /** For each cell nothing, or its mark and the number of its look; cells parted by a blank. */
  readonly rows: readonly string[];
  readonly looks: readonly string[];
}

/** The memory of a document; empty when it has none, or one that cannot be read. */
export function readMemory(grid: Grid | undefined): Memory {
  if (grid === undefined) return {};
  let packed = '';
  for (let row = FIRST_ROW; ; row++) {
    const value = cellAt(grid, row, 0);
    if (typeof value !== 'string') break;
    packed += value;
  }
  if (packed === '') return {};
  try {
    const bytes = inflateRawSync(Buffer.from(packed, 'base64'), { maxOutputLength: MAX_BYTES });
    const { version, tabs } = JSON.parse(bytes.toString('utf8')) as {
      version?: number;
      tabs?: Record<string, PackedTab>;
    };
    if (version !== 1 || tabs === undefined) return {};
    return Object.fromEntries(Object.entries(tabs).map(([key, tab]) => [key, { ...tab, rows: unpack(tab) }]));
  } catch {
    return {};
  }
}

/** The cells of the first column from A1 on; blank ones clear what an older, longer memory left. */
export function memoryCells(memory: Memory, usedRows: number): string[] {
  const tabs = Object.fromEntries(Object.entries(memory).map(([key, tab]) => [key, pack(tab)]));
  const packed = deflateRawSync(JSON.stringify({ version: 1, tabs }), { level: 9 }).toString('base64');
  const chunks = packed.match(new RegExp(`.{1,${CHUNK_CHARS}}`, 'g')) ?? [];
  const cells = ['Rowkeeper', '', say('zh-CN', 'published-tab-note'), say('en', 'published-tab-note'), '', ...chunks];
  while (cells.length < usedRows) cells.push('');
  return cells;
}

function pack({ rows, ...rest }: TabMemory): PackedTab {
  const looks = new Map<string, number>();
  const numberOf = (look: string): string => {
    const known = looks.get(look) ?? looks.size;
    looks.set(look, known);
    return known.toString(36);
  };
  const texts = rows.map((row) =>
    row.map((cell) => (cell === null ? '' : `${cell.mark}.${numberOf(cell.look)}`)).join(' '),
  );
  return { ...rest, rows: texts, looks: [...looks.keys()] };
}

function unpack({ rows, looks }: PackedTab): (WrittenCell | null)[][] {
  return rows.map((row) =>
    row.split(' ').map((text) => {
      if (text === '') return null;
      const [mark = '', look = ''] = text.split('.');
      return { mark, look: looks[Number.parseInt(look, 36)] ?? '' };
    }),
  );
}
