/** What one measurement is: a preparation that is not timed, and the work that is. */

export interface Given {
  /** The workbook to read; never changed. */
  readonly path: string;
  /** The same rows ready for a first import; never changed. */
  readonly importPath: string;
  /** A folder of this measurement's own, made new. */
  readonly folder: string;
  readonly rows: number;
  readonly columns: number;
  /** A Postgres to make databases on; present where the measurement needs one. */
  readonly database?: string;
}

export interface Ready {
  /** The timed part; what it returns is reported beside the time. */
  work(): Promise<Readonly<Record<string, number>> | undefined>;
  /** Time in ms, where the work is only a part of what `work` does. */
  ms?(): number;
  close?(): Promise<void>;
}

export type Measure = (given: Given) => Promise<Ready>;

/** Rows the edits of a measurement fall on: spread evenly, the header left out. */
export function spread(rows: number, count: number): readonly number[] {
  return Array.from({ length: count }, (_, n) => 1 + Math.floor(((n + 0.5) * rows) / count));
}
