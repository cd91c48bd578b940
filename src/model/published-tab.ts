/**
 * A tab the service writes and people read: cells with formats, charts over ranges of them, colours. Positions are ours
 * and stay; everything else in the tab (widths, notes, a person's own charts and cells) is the person's.
 */
import type { Chart } from './chart.ts';

/** Looks a connector must be able to give a cell; it chooses fonts and colours for each. */
export type CellLook =
  | 'title'
  | 'subtitle'
  | 'heading'
  | 'label'
  /** A figure in a card, large. */
  | 'figure'
  | 'value'
  /** Beside a figure: change, number of tickets. */
  | 'note'
  | 'good'
  | 'bad'
  /** Too few to be relied on. */
  | 'faint'
  /** A check: our value and the sheet's own formula agree. */
  | 'check';

export interface PublishedCell {
  readonly value: string | number | boolean | null;
  /** An instant: `value` is then ISO 8601 in UTC, shown in the workspace's zone as a real date of the sheet. */
  readonly isInstant?: boolean;
  /** Without `=`; `value` is what it must come to. References are to published tabs of the same workbook. */
  readonly formula?: string;
  /** Excel number format. */
  readonly format?: string;
  readonly look?: CellLook;
  /** A place in the workbook (`#'明细'!A1`) or an address. */
  readonly link?: string;
}

/** Rows and columns from 0, both ends included. */
export interface Area {
  readonly row: number;
  readonly column: number;
  readonly toRow: number;
  readonly toColumn: number;
}

/** A column of cells a chart takes numbers or labels from. */
export type Range = Area;

export interface PublishedChart {
  readonly chart: Chart;
  /** Where it is drawn when it is first put there; later it stays where people moved it. */
  readonly place: Area;
  /** Cells of the categories (of a scatter: names of the points), and one range per series, all in this tab. Pies and funnels have one series. */
  readonly categories: Range;
  readonly series: readonly { readonly name: Range; readonly values: Range; readonly x?: Range }[];
}

export type PublishedRule =
  /** White to `colour` by value. */
  | { readonly kind: 'colour-scale'; readonly area: Area; readonly colour: string }
  | { readonly kind: 'data-bar'; readonly area: Area; readonly colour: string };

export interface PublishedTab {
  /** Stable name of the tab, whatever it is called: `overview`. A connector remembers by it which tab it is. */
  readonly key: string;
  /** What the tab is called when it is made. */
  readonly name: string;
  /** Colour of the tab, `RRGGBB`. */
  readonly colour?: string;
  /** Width of each column in characters when the tab is made. */
  readonly widths: readonly number[];
  /** Rows above this one stay in sight. */
  readonly frozenRows?: number;
  /** A header row from which the rows below can be filtered. */
  readonly filter?: Area;
  /**
   * All cells of the tab from A1; a missing or null cell inside the tab's area is empty. The area is the rectangle from A1
   * over all rows and as far as the longest one. It belongs to the service: what a person typed inside is replaced and
   * told, what stands outside is left alone.
   */
  readonly rows: readonly (readonly (PublishedCell | null)[])[];
  readonly merges?: readonly Area[];
  readonly charts: readonly PublishedChart[];
  readonly rules: readonly PublishedRule[];
}

/** What became of publishing. */
export interface Published {
  /**
   * Cells whose content or look was another before, and charts, merges, links and rules that were put right. 0: nothing
   * was written, the file is as it was.
   */
  readonly changed: number;
  /** What people had typed where the service writes; `tab` is the key. A cell somebody only emptied is not told. `row` and `column` from 0. */
  readonly replaced: readonly {
    readonly tab: string;
    readonly row: number;
    readonly column: number;
    readonly typed: string;
  }[];
  /** Keys of tabs that were published before and are gone: a person deleted them. They are not made again by themselves. */
  readonly missing: readonly string[];
  /** Keys of tabs that were made now. */
  readonly made: readonly string[];
}
