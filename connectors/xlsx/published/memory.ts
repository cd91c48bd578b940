/**
 * What we wrote last, kept in the workbook itself: by it a person's text is told from our older figure, a deleted chart
 * from one never made, a changed look from a plan's new one. It stands as packed text in a hidden tab, the one place
 * that Excel, WPS, LibreOffice and the libraries all keep; custom parts are dropped by most of them.
 *
 * A workbook that lost it (somebody deleted the hidden tab) still knows its published tabs by their hidden names. Then
 * differing texts count as typed by a person, differing figures as ours, and formats are left as they are.
 */
import { Buffer } from 'node:buffer';
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { say } from '../../../src/messages/index.ts';
import { address } from '../../../src/model/cell.ts';
import type { Area, PublishedRule } from '../../../src/model/published-tab.ts';
import type { SheetInfo, XlsxPackage } from '../package.ts';
import { SheetPart } from '../sheet-splice.ts';
import { escapeXml } from '../xml.ts';
import { storedIn } from './values.ts';

/** Name of the hidden tab. */
export const memoryTab = '_published';

/** Texts of a cell have a limit; a long memory stands in several cells below each other. */
const CHUNK_CHARS = 32_000;
const FIRST_ROW = 5;
/** More than any honest memory of ours: a packed text can be built to grow without end. */
const MAX_BYTES = 64 * 1_048_576;

/** A chart as it was written last. */
export interface ChartMemory {
  readonly name: string;
  /** What kind of drawing it is and how many series it has: with another one it is drawn anew. */
  readonly form: string;
  readonly title: string;
  readonly xTitle: string;
  readonly yTitle: string;
  readonly categories: Area;
  readonly series: readonly { readonly name: Area; readonly values: Area; readonly x: Area | null }[];
  readonly points: readonly string[];
  readonly cuts: { readonly x: number; readonly y: number } | null;
  /** The invisible bars of a funnel: the column of the hidden tab they stand in, and their values. */
  readonly pads: { readonly column: number; readonly values: readonly number[] } | null;
}

export interface RuleMemory {
  readonly kind: PublishedRule['kind'];
  readonly area: Area;
  readonly colour: string;
}

export interface TabMemory {
  /** What it was called when it was last written. */
  readonly name: string;
  /** One text per row: for each cell `.` (nothing of ours) or its mark and the number of its look, in two characters. */
  readonly rows: readonly string[];
  /** Look keys by number. */
  readonly looks: readonly string[];
  readonly merges: readonly string[];
  /** Addresses of cells that carry a link of ours. */
  readonly links: readonly string[];
  readonly filter: Area | null;
  readonly rules: readonly RuleMemory[];
  readonly charts: readonly ChartMemory[];
}

export type Memory = Readonly<Record<string, TabMemory>>;

/** Where the invisible bars of a funnel stand in the hidden tab. */
export function padsArea({ column, values }: NonNullable<ChartMemory['pads']>): Area {
  return { row: FIRST_ROW, column, toRow: FIRST_ROW + Math.max(0, values.length - 1), toColumn: column };
}

/** First column for a funnel's bars; the packed text stands before. */
export const FIRST_PADS_COLUMN = 2;

/** A cell as it was written last. */
export interface CellMemory {
  readonly mark: string;
  readonly look: string;
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';

/** Rows of cells as texts; `looks` collects the keys. */
export function packRow(cells: readonly (CellMemory | null)[], looks: Map<string, number>): string {
  let text = '';
  for (const cell of cells) {
    if (cell === null) {
      text += '.';
      continue;
    }
    let number = looks.get(cell.look);
    if (number === undefined) {
      number = looks.size;
      looks.set(cell.look, number);
    }
    text += `${cell.mark}${DIGITS[number >> 6] ?? '_'}${DIGITS[number & 63]}`;
  }
  return text.replace(/\.+$/, '');
}

export function unpackRow(text: string, looks: readonly string[]): (CellMemory | null)[] {
  const cells: (CellMemory | null)[] = [];
  for (let at = 0; at < text.length; ) {
    if (text[at] === '.') {
      cells.push(null);
      at++;
      continue;
    }
    const number = DIGITS.indexOf(text[at + 4] ?? 'A') * 64 + DIGITS.indexOf(text[at + 5] ?? 'A');
    cells.push({ mark: text.slice(at, at + 4), look: looks[number] ?? '' });
    at += 6;
  }
  return cells;
}

/** The hidden tab, or undefined. */
export function memorySheet(pkg: XlsxPackage): SheetInfo | undefined {
  return pkg.sheets.find((sheet) => sheet.name.toLowerCase() === memoryTab);
}

/** The memory of a workbook; empty when it has none, or one that cannot be read. */
export async function readMemory(pkg: XlsxPackage, strings: { textAt(index: number): string | null }): Promise<Memory> {
  const info = memorySheet(pkg);
  if (info === undefined) return {};
  const sheet = new SheetPart(info.part, await pkg.inflate(info.part));
  let packed = '';
  for (let row = FIRST_ROW; ; row++) {
    const { span } = sheet.locate(row);
    const cell = span === null ? undefined : sheet.cells(span).find(({ column }) => column === 0);
    const text = cell === undefined ? null : storedIn(sheet, cell, strings);
    if (typeof text !== 'string') break;
    packed += text;
  }
  try {
    const bytes = inflateRawSync(Buffer.from(packed, 'base64'), { maxOutputLength: MAX_BYTES });
    const { version, tabs } = JSON.parse(bytes.toString('utf8')) as { version?: number; tabs?: Memory };
    return version === 1 && tabs !== undefined ? tabs : {};
  } catch {
    return {};
  }
}

/** The sheet part that holds a memory. `namespace`: the main one of the workbook. */
export function memoryPart(memory: Memory, namespace: string): Buffer {
  const packed = deflateRawSync(JSON.stringify({ version: 1, tabs: memory }), { level: 9 }).toString('base64');
  const pads = Object.values(memory)
    .flatMap(({ charts }) => charts.flatMap((chart) => chart.pads ?? []))
    .sort((a, b) => a.column - b.column);
  const row = (number: number, value: string | null): string => {
    const cells = pads.flatMap(({ column, values }) => {
      const pad = values[number - FIRST_ROW];
      return pad === undefined ? [] : [`<c r="${address(number, column)}"><v>${pad}</v></c>`];
    });
    const text = value === null ? '' : `<c r="A${number + 1}" t="inlineStr"><is><t>${escapeXml(value)}</t></is></c>`;
    return `<row r="${number + 1}">${text}${cells.join('')}</row>`;
  };
  const chunks = packed.match(new RegExp(`.{1,${CHUNK_CHARS}}`, 'g')) ?? [];
  const count = Math.max(chunks.length, ...pads.map(({ values }) => values.length));
  const rows = [
    row(0, 'Rowkeeper'),
    row(2, say('zh-CN', 'published-tab-note')),
    row(3, say('en', 'published-tab-note')),
    ...Array.from({ length: count }, (_, i) => row(FIRST_ROW + i, chunks[i] ?? null)),
  ];
  return Buffer.from(
    `<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet xmlns="${namespace}">` +
      `<sheetData>${rows.join('')}</sheetData></worksheet>`,
  );
}
