/**
 * How published cells look here. A look has a key; a cell is dressed again only when its key changes, because no call
 * reads styles back, and what a person did to a cell's format stays. The one rule: number formats come from the vendor's
 * list, the nearest one each: others are not promised to work.
 *
 * Colour scales and data bars have no call either: they become the cell's own colour, worked out from its value.
 */
import type { Area, CellLook, PublishedCell, PublishedTab } from '../../src/model/published-tab.ts';
import type { WireStyle } from '../feishu-api.ts';
import { MOMENT_FORMAT } from './cells.ts';

const INK = '#262626';
const QUIET = '#7f7f7f';
const DEEP = '#1f3864';
const RULE = '#e3e7ed';
const LINK = '#0563c1';

interface Drawing {
  readonly size: number;
  readonly bold?: boolean;
  readonly italic?: boolean;
  readonly colour: string;
  readonly fill?: string;
  readonly isLined?: boolean;
  /** 0 left, 1 middle, 2 right; the platform's own when left out. */
  readonly align?: 0 | 1 | 2;
}

const drawings: Readonly<Record<CellLook, Drawing>> = {
  title: { size: 18, bold: true, colour: DEEP, align: 0 },
  subtitle: { size: 10, colour: QUIET, align: 0 },
  heading: { size: 10, bold: true, colour: '#ffffff', fill: DEEP, align: 1 },
  label: { size: 10, colour: '#595959' },
  figure: { size: 22, bold: true, colour: DEEP, align: 0 },
  value: { size: 10, colour: INK, isLined: true },
  note: { size: 9, colour: QUIET },
  good: { size: 10, bold: true, colour: '#1b7f4b', isLined: true },
  bad: { size: 10, bold: true, colour: '#c0392b', isLined: true },
  faint: { size: 10, italic: true, colour: '#a6a6a6', isLined: true },
  check: { size: 9, colour: '#3b7a57', isLined: true },
};

/** Rows that hold large letters are higher, in pixels. */
const HEIGHTS: Readonly<Partial<Record<CellLook, number>>> = { title: 44, figure: 48, heading: 32 };

/** Heights of a new tab's rows that need another than the platform's own: runs of rows of one height. */
export function heightsOf({ rows }: PublishedTab): [first: number, last: number, pixels: number][] {
  const runs: [number, number, number][] = [];
  for (const [row, cells] of rows.entries()) {
    const pixels = Math.max(0, ...cells.map((cell) => HEIGHTS[cell?.look ?? 'value'] ?? 0));
    const last = runs.at(-1);
    if (pixels === 0) continue;
    if (last !== undefined && last[1] + 1 === row && last[2] === pixels) last[1] = row;
    else runs.push([row, row, pixels]);
  }
  return runs;
}

/** Key of a cell's look; empty for a cell that has none. `fill`: a colour by value, `#rrggbb` or empty. */
export function lookKey(cell: PublishedCell | null, fill: string): string {
  const look = cell?.look ?? '';
  const format = cell === null ? '' : cell.isInstant === true ? MOMENT_FORMAT : nearestFormat(cell.format ?? '');
  const link = cell?.link === undefined ? '' : 'link';
  return look === '' && format === '' && link === '' && fill === '' ? '' : [look, link, fill, format].join('|');
}

export function styleOf(key: string): WireStyle {
  if (key === '') return { clean: true };
  const [look = '', link = '', fill = '', ...rest] = key.split('|');
  const {
    size,
    bold,
    italic,
    colour,
    fill: own,
    isLined,
    align,
  } = drawings[look === '' ? 'value' : (look as CellLook)];
  const back = fill === '' ? own : fill;
  return {
    font: { bold: bold === true, italic: italic === true, fontSize: `${size}pt/1.5` },
    formatter: rest.join('|'),
    foreColor: link !== '' && look !== 'heading' ? LINK : colour,
    vAlign: 1,
    ...(align === undefined ? {} : { hAlign: align }),
    ...(back === undefined ? {} : { backColor: back }),
    ...(isLined === true && look !== '' ? { borderType: 'BOTTOM_BORDER', borderColor: RULE } : {}),
  };
}

/** The format of the vendor's list that shows most of an Excel format. */
export function nearestFormat(format: string): string {
  const bare = format.split(';')[0]!.replace(/"[^"]*"|\\.|\[[^\]]*\]/g, '');
  if (bare === '' || bare === 'General') return '';
  if (bare.includes('@')) return '@';
  if (/[ymdhs]/i.test(bare) && !/[0#]/.test(bare)) return /h/i.test(bare) ? MOMENT_FORMAT : 'yyyy/MM/dd';
  const decimals = /\.(0+)/.exec(bare)?.[1]?.length ?? 0;
  if (bare.includes('%')) return decimals > 0 ? '0.00%' : '0%';
  const money = /[¥￥$]/.exec(format)?.[0];
  if (money !== undefined) return `${money === '$' ? '$' : '¥'}#,##0${decimals > 0 ? '.00' : ''}`;
  // One decimal is not in the list; the plain format would show all there are.
  if (decimals > 0) return '#,##0.00';
  return bare.includes(',') ? '#,##0' : '0';
}

/** Colours by value, by `row,column`. */
export function fillsOf({ rows, rules }: PublishedTab): ReadonlyMap<string, string> {
  const fills = new Map<string, string>();
  for (const { area, colour, kind } of rules) {
    const numbers = numbersIn(rows, area);
    const values = numbers.map(({ value }) => value);
    const most = Math.max(...values);
    // A bar begins at nothing, a scale at the least.
    const least = kind === 'data-bar' ? Math.min(0, ...values) : Math.min(...values);
    for (const { row, column, value } of numbers) {
      const share = most > least ? (value - least) / (most - least) : 0;
      if (share > 0) fills.set(`${row},${column}`, tint(colour, share));
    }
  }
  return fills;
}

function numbersIn(rows: PublishedTab['rows'], { row, column, toRow, toColumn }: Area) {
  const numbers: { row: number; column: number; value: number }[] = [];
  for (let r = row; r <= Math.min(toRow, rows.length - 1); r++) {
    for (let c = column; c <= toColumn; c++) {
      const value = rows[r]?.[c]?.value;
      if (typeof value === 'number' && Number.isFinite(value)) numbers.push({ row: r, column: c, value });
    }
  }
  return numbers;
}

/** White to a colour, in twenty steps, so that a figure that hardly moves does not repaint its neighbours. */
function tint(colour: string, share: number): string {
  const step = Math.round(share * 20) / 20;
  const part = (from: number): string => {
    const full = Number.parseInt(colour.slice(from, from + 2), 16);
    return Math.round(255 + (full - 255) * step)
      .toString(16)
      .padStart(2, '0');
  };
  return `#${part(0)}${part(2)}${part(4)}`;
}
