/**
 * Carries out a push: formats, cells, rows, one call after the other. The one rule: `applied` is said of what is proven.
 * Every reply names the revision it led to, and ours alone may have counted since the check; when it is higher, somebody
 * wrote in between, and from there on nothing more is sent.
 *
 * - What was refused before anything of it was done is `rejected`, the cell found by sending parts.
 * - What was sent and not answered, or answered out of turn, is `unknown`.
 * - What was never sent because of that is `stale`: nothing of it was done.
 */
import { address, type CellRange } from '../../src/model/cell.ts';
import { type AppError, RetryableError, UncertainError } from '../../src/model/errors.ts';
import type { Outcome } from '../connector.ts';
import {
  appendCall,
  type Dressing,
  growCalls,
  landingOf,
  metaCall,
  parseMeta,
  rangeText,
  type SheetMeta,
  styleCall,
  type WorkbookMeta,
  writeCall,
} from '../feishu-api.ts';
import type { FeishuApp, FeishuCall } from './app.ts';
import { FeishuError, isNoChange } from './errors.ts';
import {
  type CellWrite,
  MOST_COLUMNS,
  type Patch,
  packed,
  packedRows,
  packedStyles,
  type RowAppend,
  rangeOf,
} from './patches.ts';
import { RevisionChain } from './revision-chain.ts';
import { type AppendPlan, lockOf, type WritePlan } from './write-plan.ts';

/** Refusals that are about some cell of the call; all others are about the document or the app. */
const ofCells: ReadonlySet<string> = new Set([
  'feishu-locked-cells',
  'feishu-cell-too-big',
  'feishu-request-too-big',
  'feishu-too-many-cells',
  'feishu-refused',
]);

export interface Sent {
  readonly outcomes: readonly Outcome[];
  /** The shape and revision everything led to; null when that is not proven. */
  readonly meta: WorkbookMeta | null;
}

/** How rows of a tab look that was laid out by us; empty when it was not. */
export type RowLook = (sheet: SheetMeta, top: number, bottom: number) => readonly Dressing[];

/** `meta`: the look the plan was made on, taken right before. Throws only when no cell was written. */
export async function sendPlan(
  app: FeishuApp,
  token: string,
  meta: WorkbookMeta,
  plan: WritePlan,
  lookOf: RowLook = () => [],
): Promise<Sent> {
  const sending = new Sending(app, token, meta, plan, lookOf);
  await sending.run();
  return sending.result();
}

/** Sending came to its end before all was sent; the outcomes say why. */
class Halt extends Error {}

class Sending {
  readonly #app: FeishuApp;
  readonly #token: string;
  readonly #meta: WorkbookMeta;
  readonly #plan: WritePlan;
  readonly #lookOf: RowLook;
  readonly #outcomes: (Outcome | null)[];
  readonly #chain: RevisionChain;
  #hasWritten = false;
  /** Below the rows appended so far, by tab. */
  readonly #bottoms = new Map<string, number>();
  /** Grids that grew, by tab. */
  readonly #sizes = new Map<string, { rows: number; columns: number }>();

  constructor(app: FeishuApp, token: string, meta: WorkbookMeta, plan: WritePlan, lookOf: RowLook) {
    this.#app = app;
    this.#token = token;
    this.#meta = meta;
    this.#plan = plan;
    this.#lookOf = lookOf;
    this.#outcomes = [...plan.outcomes];
    this.#chain = new RevisionChain(meta.revision);
  }

  async run(): Promise<void> {
    const { cells, appends } = this.#plan;
    try {
      await this.#makeRoom();
      await this.#dress(cells);
      for (const patches of packed(cells)) await this.#writeCells(patches);
      for (const append of appends) {
        for (const rows of packedRows(append.rows, append.right - append.left + 1))
          await this.#appendRows(append, rows);
      }
    } catch (error) {
      if (error instanceof Halt) return;
      if (!this.#hasWritten) throw error;
      // What was written stays written, and must be told: the next push meets the cause again.
      this.#chain.breaks();
    }
  }

  result(): Sent {
    const sheets = this.#meta.sheets.map((sheet) => {
      const grown = this.#sizes.get(sheet.id);
      return grown === undefined ? sheet : { ...sheet, rowCount: grown.rows, columnCount: grown.columns };
    });
    const outcomes = this.#outcomes.map((outcome): Outcome => outcome ?? { status: 'stale' });
    for (const [earlier, later] of this.#plan.overtaken) {
      let last = later;
      while (this.#plan.overtaken.has(last)) last = this.#plan.overtaken.get(last)!;
      outcomes[earlier] = outcomes[last]!;
    }
    return {
      outcomes,
      meta: this.#chain.isProven ? { ...this.#meta, revision: this.#chain.revision, sheets } : null,
    };
  }

  /** Rows and columns the grid lacks. */
  async #makeRoom(): Promise<void> {
    const need = new Map<SheetMeta, { rows: number; columns: number }>();
    const ask = (sheet: SheetMeta, rows: number, columns: number): void => {
      const before = need.get(sheet) ?? { rows: sheet.rowCount, columns: sheet.columnCount };
      need.set(sheet, { rows: Math.max(before.rows, rows), columns: Math.max(before.columns, columns) });
    };
    for (const { sheet, row, column } of this.#plan.cells) ask(sheet, row + 1, column + 1);
    // The range of an append must be there too; the rows it makes are put in above the blank ones.
    for (const { sheet, from, right, rows } of this.#plan.appends) ask(sheet, from + rows.length, right + 1);
    for (const [sheet, size] of need) {
      for (const call of growCalls(this.#token, sheet, size)) await this.#prepare(call);
      this.#sizes.set(sheet.id, size);
    }
  }

  /** Formats first: a serial number in a cell without a date's format is a number to everybody. */
  async #dress(cells: readonly CellWrite[]): Promise<void> {
    const formats = new Map<string, CellWrite[]>();
    for (const cell of cells) {
      if (cell.format === null) continue;
      const list = formats.get(cell.format) ?? [];
      formats.set(cell.format, list);
      list.push(cell);
    }
    const dressed = [...formats].map(([formatter, list]) => ({ style: { formatter }, cells: list }));
    for (const items of packedStyles(dressed)) await this.#prepare(styleCall(this.#token, items));
  }

  /** A call that changes no cell's content: as long as only such were made, nothing was done. */
  async #prepare(call: FeishuCall): Promise<void> {
    try {
      this.#chain.count(await this.#app.call<unknown>(call));
    } catch (error) {
      if (isNoChange(error)) return;
      if (!(error instanceof UncertainError)) throw error;
      this.#chain.breaks();
      throw new Halt();
    }
    if (!this.#chain.isProven) throw new Halt();
  }

  async #writeCells(patches: readonly Patch[]): Promise<void> {
    const cells = patches.flatMap(({ rows }) => rows.flat());
    const blocks = patches.map((patch) => ({
      range: rangeOf(patch),
      values: patch.rows.map((row) => row.map(({ wire }) => wire)),
    }));
    await this.#write(writeCall(this.#token, blocks), cells, {
      done: () => {
        for (const { operation, row } of cells) this.#outcomes[operation] = { status: 'applied', row };
      },
      parts: (fault) =>
        (fault === 'feishu-locked-cells' ? byLock(cells) : halved(cells)).map((part) => () => this.#writeAll(part)),
      refuse: (fault, code) => {
        for (const cell of cells)
          this.#outcomes[cell.operation] = refusal(fault, code, cell.sheet, cell.row, cell.column);
      },
    });
  }

  async #writeAll(cells: readonly CellWrite[]): Promise<void> {
    for (const patches of packed(cells)) await this.#writeCells(patches);
  }

  async #appendRows(plan: AppendPlan, rows: readonly RowAppend[]): Promise<void> {
    const { sheet, left, right } = plan;
    // A blank first cell of a row appended before must not be taken for the place.
    const top = this.#bottoms.get(sheet.id) ?? plan.from;
    const values = rows.map(({ cells }) => {
      const line: unknown[] = Array.from({ length: right - left + 1 }, () => '');
      for (const { column, wire } of cells) line[column - left] = wire;
      return line;
    });
    const range = rangeText(sheet.id, { top, left, bottom: top + rows.length - 1, right });
    let landed: CellRange | null = null;
    await this.#write(appendCall(this.#token, { range, values }), rows, {
      done: (data) => {
        landed = landingOf(data);
        const first = landed?.top ?? -1;
        const fits = landed !== null && landed.bottom - landed.top + 1 === rows.length && first >= top;
        if (fits) this.#landed(sheet, landed!.bottom + 1);
        for (const [n, { operation }] of rows.entries()) {
          this.#outcomes[operation] = fits
            ? { status: 'applied', row: first + n }
            : { status: 'unknown', reason: 'the reply does not say where the rows are', answered: true };
        }
      },
      // Where the rows would land is the same for all of them: a lock refuses them all.
      parts: (fault) =>
        fault === 'feishu-locked-cells' || fault === 'feishu-too-many-cells'
          ? []
          : halved(rows).map((part) => () => this.#appendRows(plan, part)),
      refuse: (fault, code) => {
        for (const { operation, cells } of rows) {
          this.#outcomes[operation] = refusal(fault, code, sheet, top, cells[0]!.column);
        }
      },
    });
    if (landed !== null) await this.#dressRows(sheet, landed, rows);
  }

  /**
   * New rows have no format of ours before they are there: below the header they may have taken over that of the header
   * (which row they take after is documented nowhere).
   */
  async #dressRows(sheet: SheetMeta, { top, bottom }: CellRange, rows: readonly RowAppend[]): Promise<void> {
    const cells = rows.flatMap(({ operation, cells: list }, n) =>
      list.flatMap(({ column, wire, format }): CellWrite[] =>
        format === null ? [] : [{ operation, sheet, row: top + n, column, wire, format }],
      ),
    );
    const isBelowHeader = sheet.frozenRows > 0 && top === sheet.frozenRows;
    if (cells.length === 0 && !isBelowHeader) return;
    try {
      if (isBelowHeader) await this.#prepare(styleCall(this.#token, this.#bodyLook(sheet, top, bottom)));
      await this.#dress(cells);
    } catch (error) {
      // The numbers stand there, and do not yet show as dates.
      for (const { operation } of cells)
        this.#outcomes[operation] = { status: 'unknown', reason: 'dates without a format', answered: true };
      throw error;
    }
  }

  #bodyLook(sheet: SheetMeta, top: number, bottom: number): readonly Dressing[] {
    const whole = rangeText(sheet.id, { top, left: 0, bottom, right: Math.min(sheet.columnCount, MOST_COLUMNS) - 1 });
    return [{ ranges: [whole], style: { clean: true } }, ...this.#lookOf(sheet, top, bottom)];
  }

  #landed(sheet: SheetMeta, height: number): void {
    const { rows, columns } = this.#sizes.get(sheet.id) ?? { rows: sheet.rowCount, columns: sheet.columnCount };
    this.#sizes.set(sheet.id, { rows: Math.max(rows, height), columns });
    this.#bottoms.set(sheet.id, height);
  }

  /** One call that writes contents, and what becomes of its operations whatever it comes to. */
  async #write(
    call: FeishuCall,
    items: readonly { readonly operation: number }[],
    {
      done,
      parts,
      refuse,
    }: {
      readonly done: (data: unknown) => void;
      /** Smaller calls that find the culprit; none when all of it is refused for one cause. */
      readonly parts: (fault: string) => readonly (() => Promise<void>)[];
      readonly refuse: (fault: string, code: string) => void;
    },
  ): Promise<void> {
    let data: unknown = {};
    try {
      data = await this.#app.call<unknown>(call);
      this.#hasWritten = true;
      this.#chain.count(data);
    } catch (error) {
      if (!isNoChange(error)) return await this.#failed(error as AppError, items, parts, refuse);
    }
    if (this.#chain.isProven) {
      done(data);
      return;
    }
    this.#unknown(items, 'somebody wrote in between', true);
    throw new Halt();
  }

  async #failed(
    error: AppError,
    items: readonly { readonly operation: number }[],
    parts: (fault: string) => readonly (() => Promise<void>)[],
    refuse: (fault: string, code: string) => void,
  ): Promise<void> {
    if (error instanceof UncertainError) {
      this.#hasWritten = true;
      this.#chain.breaks();
      this.#unknown(items, error.code);
      throw new Halt();
    }
    if (error.code === 'feishu-tab-gone') {
      // Somebody deleted the tab after the look: it is to be planned anew.
      this.#chain.breaks();
      throw new Halt();
    }
    if (error instanceof RetryableError || !(error instanceof FeishuError) || !ofCells.has(error.code)) throw error;
    // Whether a refused call was carried out in part is documented nowhere: the revision tells.
    const { revision } = parseMeta(await this.#app.call(metaCall(this.#token)));
    if (revision > this.#chain.revision) {
      this.#hasWritten = true;
      this.#chain.breaks();
      this.#unknown(items, 'refused, and something was written');
      throw new Halt();
    }
    const smaller = items.length > 1 ? parts(error.code) : [];
    if (smaller.length < 2) refuse(error.code, String(error.details.code ?? ''));
    else for (const send of smaller) await send();
  }

  /** `answered`: the platform said it was done, so nothing of it lands later. */
  #unknown(items: readonly { readonly operation: number }[], reason: string, answered = false): void {
    const outcome: Outcome = { status: 'unknown', reason, ...(answered ? { answered } : {}) };
    for (const { operation } of items) this.#outcomes[operation] = outcome;
  }
}

function halved<T>(items: readonly T[]): T[][] {
  const middle = items.length >> 1;
  return [items.slice(0, middle), items.slice(middle)].filter((half) => half.length > 0);
}

/** Cells under no protection together, and those under each set of protections. */
function byLock(cells: readonly CellWrite[]): CellWrite[][] {
  const groups = new Map<string, CellWrite[]>();
  for (const cell of cells) {
    const key = lockOf(cell.sheet.protections, cell.row, cell.column);
    const group = groups.get(key) ?? [];
    groups.set(key, group);
    group.push(cell);
  }
  return [...groups.values()];
}

function refusal(fault: string, code: string, sheet: SheetMeta, row: number, column: number): Outcome {
  const params = { tab: sheet.title, cell: address(row, column) };
  if (fault === 'feishu-locked-cells') return { status: 'rejected', code: 'feishu-cell-locked', params };
  if (fault === 'feishu-too-many-cells')
    return { status: 'rejected', code: 'patch-full', params: { tab: sheet.title } };
  return { status: 'rejected', code: 'feishu-cell-refused', params: { ...params, code } };
}
