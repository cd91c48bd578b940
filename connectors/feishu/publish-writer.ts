/**
 * The writing calls of one publishing, one after the other. The one rule: each reply is counted, and the first that shows
 * somebody else's change ends the work.
 */
import { say } from '../../src/messages/index.ts';
import type { CellRange } from '../../src/model/cell.ts';
import { StaleError } from '../../src/model/errors.ts';
import type { Area, PublishedTab } from '../../src/model/published-tab.ts';
import {
  growCalls,
  mergeCall,
  rangeText,
  type SheetMeta,
  sizeCall,
  styleCall,
  unmergeCall,
  type WorkbookMeta,
  writeCall,
} from '../feishu-api.ts';
import type { FeishuApp, FeishuCall } from './app.ts';
import type { SheetDocument } from './document.ts';
import { pixelsOf } from './dress.ts';
import { isNoChange } from './errors.ts';
import { type CellWrite, packed, packedStyles, rangeOf } from './patches.ts';
import { heightsOf, styleOf } from './published-looks.ts';
import { type Memory, memoryCells, memoryTab } from './published-memory.ts';
import type { CellChange, LaidCell, TabChanges } from './published-plan.ts';
import { RevisionChain } from './revision-chain.ts';
import { addSheetsCall, updateSheetsCall } from './structure-api.ts';

/** Somebody wrote in between. */
export function stale(): StaleError {
  return new StaleError('publish-stale', say('zh-CN', 'feishu-publish-stale'), {
    details: { key: 'feishu-publish-stale', params: {} },
  });
}

/** An entry for a map, where there is a value. */
export const mapped = <T>(key: string, value: T | undefined): [string, T][] =>
  value === undefined ? [] : [[key, value]];

/** `meta`: the look the work was planned on. */
export class PublishWriter {
  readonly token: string;
  readonly #app: FeishuApp;
  readonly #meta: WorkbookMeta;
  readonly #document: SheetDocument;
  readonly #chain: RevisionChain;
  #hasWritten = false;

  constructor(app: FeishuApp, token: string, meta: WorkbookMeta, document: SheetDocument) {
    this.#app = app;
    this.token = token;
    this.#meta = meta;
    this.#document = document;
    this.#chain = new RevisionChain(meta.revision);
  }

  /** A writing call went out, whatever became of it. */
  get hasWritten(): boolean {
    return this.#hasWritten;
  }

  /** Throws `StaleError` when the reply shows that somebody wrote in between, and what the app throws. */
  async send(call: FeishuCall): Promise<unknown> {
    if (call.writes) this.#hasWritten = true;
    let data: unknown;
    try {
      data = await this.#app.call<unknown>(call);
    } catch (error) {
      if (isNoChange(error)) return {};
      throw error;
    }
    if (call.writes) this.#chain.count(data);
    if (!this.#chain.isProven) throw stale();
    return data;
  }

  /** Tabs at the end under free names, or blank ones that bear the name; and the hidden one, where there is none. */
  async makeTabs(plans: readonly PublishedTab[], blank: readonly SheetMeta[], withMemory: boolean) {
    const sheets = new Map(
      plans.flatMap(({ key, name }) =>
        mapped(
          key,
          blank.find(({ title }) => title === name),
        ),
      ),
    );
    const taken = new Set([...this.#meta.sheets.map(({ title }) => title.toLowerCase()), memoryTab]);
    const making = plans
      .filter(({ key }) => !sheets.has(key))
      .map(({ key, name }) => ({ key, title: freeName(name, taken) }));
    const titles = [...making.map(({ title }) => title), ...(withMemory ? [memoryTab] : [])];
    if (titles.length === 0) return { sheets, memorySheet: null };
    const from = this.#meta.sheets.length;
    await this.send(
      addSheetsCall(
        this.token,
        titles.map((title, n) => ({ title, index: from + n })),
      ),
    );
    const meta = await this.#document.look();
    if (meta.revision > this.#chain.revision) throw stale();
    const found = (title: string): SheetMeta => {
      const sheet = meta.sheets.find((each) => each.title === title);
      if (sheet === undefined) throw stale();
      return sheet;
    };
    for (const { key, title } of making) sheets.set(key, found(title));
    const memorySheet = withMemory ? found(memoryTab) : null;
    if (memorySheet !== null)
      await this.send(updateSheetsCall(this.token, [{ sheetId: memorySheet.id, hidden: true }]));
    return { sheets, memorySheet };
  }

  /** The hidden tab, made now. */
  async makeMemoryTab(): Promise<SheetMeta> {
    const { memorySheet } = await this.makeTabs([], [], true);
    return memorySheet!;
  }

  /** Room, widths, heights and frozen lines of a tab that was just made. */
  async furnish(plan: PublishedTab, sheet: SheetMeta): Promise<SheetMeta> {
    const { widths, frozenRows = 0 } = plan;
    // A picture must stand inside the grid.
    const rows = plan.charts.reduce((most, { place }) => Math.max(most, place.toRow + 1), plan.rows.length);
    const columns = plan.charts.reduce((most, { place }) => Math.max(most, place.toColumn + 1), widths.length);
    const size = { rows: Math.max(sheet.rowCount, rows), columns: Math.max(sheet.columnCount, columns) };
    await this.#room(sheet, size.rows, size.columns);
    for (let first = 0; first < widths.length; ) {
      let last = first;
      while (last + 1 < widths.length && widths[last + 1] === widths[first]) last++;
      await this.send(sizeCall(this.token, sheet.id, 'COLUMNS', [first, last], pixelsOf(widths[first]!)));
      first = last + 1;
    }
    for (const [first, last, pixels] of heightsOf(plan)) {
      await this.send(sizeCall(this.token, sheet.id, 'ROWS', [first, last], pixels));
    }
    if (frozenRows > 0) {
      await this.send(updateSheetsCall(this.token, [{ sheetId: sheet.id, frozenRowCount: frozenRows }]));
    }
    return { ...sheet, rowCount: size.rows, columnCount: size.columns };
  }

  /** Merges of the plan stand; others that cut through its area do not. */
  async merges(plan: PublishedTab, sheet: SheetMeta, before: readonly string[]) {
    const wanted = (plan.merges ?? []).map(rangeOfArea);
    const width = plan.rows.reduce((most, row) => Math.max(most, row.length), 0);
    const isIn = ({ top, left }: CellRange): boolean => top < plan.rows.length && left < width;
    const texts = wanted.map((range) => rangeText('', range));
    const standing = sheet.merges.map((range) => ({ range, text: rangeText('', range) }));
    let changed = 0;
    for (const { range, text } of standing) {
      if (texts.includes(text) || !(isIn(range) || before.includes(text))) continue;
      await this.send(unmergeCall(this.token, rangeText(sheet.id, range)));
      changed++;
    }
    for (const [n, range] of wanted.entries()) {
      if (standing.some(({ text }) => text === texts[n])) continue;
      await this.send(mergeCall(this.token, rangeText(sheet.id, range)));
      changed++;
    }
    return { memory: texts, changed };
  }

  /** Cells that differ, in as few calls as they fit. */
  async contents(sheet: SheetMeta, { contents }: TabChanges, laid: readonly (readonly LaidCell[])[]): Promise<void> {
    await this.#room(sheet, laid.length, laid[0]?.length ?? 0);
    for (const patches of packed(asWrites(sheet, contents))) {
      const blocks = patches.map((patch) => ({
        range: rangeOf(patch),
        values: patch.rows.map((row) => row.map(({ wire }) => wire)),
      }));
      await this.send(writeCall(this.token, blocks));
    }
  }

  /** Cells whose look is another now. */
  async looks(sheet: SheetMeta, { looks }: TabChanges): Promise<void> {
    const items = [...looks].map(([key, cells]) => ({ style: styleOf(key), cells: asWrites(sheet, cells) }));
    for (const some of packedStyles(items)) await this.send(styleCall(this.token, some));
  }

  /** `usedRows`: how far the memory that stands reaches. */
  async remember(sheet: SheetMeta, memory: Memory, usedRows: number): Promise<void> {
    const cells = memoryCells(memory, usedRows);
    await this.#room(sheet, cells.length, 1);
    const range = rangeText(sheet.id, { top: 0, left: 0, bottom: cells.length - 1, right: 0 });
    // Its own tab is nobody else's: a person who edits elsewhere meanwhile does not make this wrong.
    const call = writeCall(this.token, [{ range, values: cells.map((cell) => [cell]) }]);
    this.#chain.count(await this.#app.call<unknown>(call));
  }

  async #room(sheet: SheetMeta, rows: number, columns: number): Promise<void> {
    for (const call of growCalls(this.token, sheet, { rows, columns })) await this.send(call);
  }
}

function asWrites(sheet: SheetMeta, cells: readonly CellChange[]): CellWrite[] {
  return cells.map(({ row, column, wire }) => ({ operation: 0, sheet, row, column, wire, format: null }));
}

function rangeOfArea({ row, column, toRow, toColumn }: Area): CellRange {
  return { top: row, left: column, bottom: toRow, right: toColumn };
}

function freeName(wanted: string, taken: Set<string>): string {
  for (let n = 1; ; n++) {
    const name = n === 1 ? wanted : `${wanted} (${n})`;
    if (taken.has(name.toLowerCase())) continue;
    taken.add(name.toLowerCase());
    return name;
  }
}
