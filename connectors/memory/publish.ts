/**
 * Publishing into a workbook of this process: what the contract says and nothing about files. Charts, colours and widths
 * are kept as they were planned, to be looked at. A formula stays as the plan writes it.
 */
import type { CellValue } from '../../src/model/cell.ts';
import type { Published, PublishedCell, PublishedTab } from '../../src/model/published-tab.ts';
import { wallOf } from '../../src/model/wall-clock.ts';
import type { PublishOptions } from '../connector.ts';

/** A tab as publishing needs it. */
export interface PublishedInto {
  name: string;
  rows: CellValue[][];
  merges: { top: number; left: number; bottom: number; right: number }[];
}

/** What was published last under a key; the tab is known by itself, whatever it is called. */
export interface PublishedMemory<Tab extends PublishedInto> {
  readonly tab: Tab;
  readonly plan: PublishedTab;
  readonly rows: readonly (readonly CellValue[])[];
}

/** Publishes into `tabs`, in place. `make` adds an empty tab. */
export function publishInto<Tab extends PublishedInto>(
  tabs: readonly Tab[],
  memory: Map<string, PublishedMemory<Tab>>,
  plans: readonly PublishedTab[],
  options: PublishOptions,
  make: (name: string) => Tab,
): Published {
  let changed = 0;
  const replaced: Published['replaced'][number][] = [];
  const missing: string[] = [];
  const made: string[] = [];
  for (const plan of plans) {
    const known = memory.get(plan.key);
    const isGone = known !== undefined && !tabs.includes(known.tab);
    if (isGone && !options.restore.includes(plan.key)) {
      missing.push(plan.key);
      continue;
    }
    const before = isGone ? undefined : known;
    const tab = before?.tab ?? make(freeName(plan.name, tabs));
    if (before === undefined) {
      made.push(plan.key);
      for (const { row, column, toRow, toColumn } of plan.merges ?? []) {
        tab.merges.push({ top: row, left: column, bottom: toRow, right: toColumn });
      }
      changed++;
    }
    const rows = plan.rows.map((row) => Array.from(row, (cell) => cellValueOf(cell ?? null, options.timeZone)));
    const width = rows.reduce((most, row) => Math.max(most, row.length), 0);
    const old = before?.rows ?? [];
    for (let r = 0; r < Math.max(rows.length, old.length); r++) {
      for (let c = 0; c < Math.max(width, old[r]?.length ?? 0); c++) {
        const stands = tab.rows[r]?.[c] ?? null;
        const isOurs = same(stands, old[r]?.[c] ?? null);
        const isInside = r < rows.length && c < width;
        const value = isInside ? (rows[r]?.[c] ?? null) : null;
        if (same(stands, value) || (!isInside && !isOurs)) continue;
        if (stands !== null && !isOurs) replaced.push({ tab: plan.key, row: r, column: c, typed: typedText(stands) });
        changed++;
        while (tab.rows.length <= r) tab.rows.push([]);
        const cells = tab.rows[r] as CellValue[];
        while (cells.length < c) cells.push(null);
        cells[c] = value;
      }
    }
    if (before !== undefined && JSON.stringify(before.plan) !== JSON.stringify(plan)) changed++;
    memory.set(plan.key, { tab, plan, rows });
  }
  return { changed, replaced, missing, made };
}

function cellValueOf(cell: PublishedCell | null, timeZone: string): CellValue {
  if (cell === null || cell.value === '') return null;
  const { value } = cell;
  const plain: CellValue =
    cell.isInstant === true && typeof value === 'string'
      ? { kind: 'date', wallMs: Math.floor(wallOf(Date.parse(value), timeZone) / 1_000) * 1_000, hasTime: true }
      : value;
  if (cell.formula !== undefined) {
    return { kind: 'formula', formula: cell.formula, result: plain };
  }
  return cell.link !== undefined && typeof plain === 'string' ? { kind: 'link', text: plain, url: cell.link } : plain;
}

function same(a: CellValue, b: CellValue): boolean {
  return a === b || JSON.stringify(a) === JSON.stringify(b);
}

function typedText(value: CellValue): string {
  if (typeof value !== 'object' || value === null) return value === null ? '' : String(value);
  if (value.kind === 'formula') return `=${value.formula}`;
  if (value.kind === 'link') return value.text;
  return value.kind === 'date' ? new Date(value.wallMs).toISOString() : value.kind;
}

function freeName(wanted: string, tabs: readonly PublishedInto[]): string {
  const isTaken = (name: string): boolean => tabs.some((tab) => tab.name.toLowerCase() === name.toLowerCase());
  for (let n = 1; ; n++) {
    const name = n === 1 ? wanted : `${wanted} (${n})`;
    if (!isTaken(name)) return name;
  }
}
