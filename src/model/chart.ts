/**
 * One chart as plain data: what it shows, not how a program draws it. From it come the native chart of a workbook, the
 * picture of a page and the picture of a letter, so that all three show the same figures.
 */

export type ChartKind =
  | 'column'
  /** Lying bars. */
  | 'bar'
  | 'line'
  | 'pie'
  /** Bars of a cohort, each centred over the next. */
  | 'funnel'
  /** Points with a name each; `x` and `y` are both numbers. */
  | 'scatter'
  /** A table of counts in colours; in a workbook it is cells with a colour scale and no chart. */
  | 'heat-map';

export interface ChartSeries {
  readonly name: string;
  /** One per category; null is a gap, never 0. Of a scatter: the y of each point. */
  readonly values: readonly (number | null)[];
  /** Of a scatter: the x of each point. */
  readonly x?: readonly (number | null)[];
  /** `RRGGBB`; left out: the next colour of the palette. */
  readonly colour?: string;
  /** Drawn as a line on the second axis, in a chart of columns. */
  readonly onSecondAxis?: boolean;
}

export interface Chart {
  /** Stable name within its tab, for example `first-response-trend`. */
  readonly name: string;
  readonly kind: ChartKind;
  readonly title: string;
  /** Labels of the categories, or names of a scatter's points. */
  readonly categories: readonly string[];
  readonly series: readonly ChartSeries[];
  /** Of the axis that runs across: of lying bars the axis of numbers. */
  readonly xTitle?: string;
  readonly yTitle?: string;
  /** Excel number format of the values: `0`, `0.0`, `0%`. */
  readonly format: string;
  /** Columns or bars of all series on top of each other. */
  readonly isStacked?: boolean;
  /** Of a scatter: lines that part it into four quarters. */
  readonly cuts?: { readonly x: number; readonly y: number };
}

/** Colours of series in their order; they tell apart for the colour-blind too (Okabe and Ito). */
export const chartPalette = ['0072B2', 'E69F00', '009E73', 'CC79A7', '56B4E9', 'D55E00', 'F0E442', '7F7F7F'] as const;
