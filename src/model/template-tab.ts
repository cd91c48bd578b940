/**
 * One tab as it is first laid out, as plain data: header, widths, looks, dropdowns, first rows. A file is drawn from it by
 * the templates; a platform that keeps workbooks elsewhere lays it out by its own calls (`Connector.layOut`).
 */

/** How a column's cells are shown and written. */
export type ColumnLook = 'text' | 'wrap' | 'date' | 'datetime' | 'number' | 'money' | 'plain';

/** Cells of another tab, or of the same one, whose contents a dropdown offers: it changes with them. */
export interface ListPlace {
  readonly tab: string;
  /** Counted from 0; the list begins below the header. */
  readonly column: number;
}

export interface TabColumn {
  readonly header: string;
  /** In characters of the default font. */
  readonly width: number;
  readonly look: ColumnLook;
  /** The service writes it: grey. */
  readonly isSystem?: boolean;
  /** Colour of the header where columns of several kinds stand side by side. */
  readonly kind?: 'condition' | 'action';
  /** Dropdown. Other words may be typed too: the service knows more than a list shows, and says what it cannot take. */
  readonly options?: readonly string[] | ListPlace;
  /** Shown when the header is selected. */
  readonly note?: string;
}

/** A format that a formula switches on; `$` addresses are of row 2. */
export interface Highlight {
  /** Columns it covers; all when left out. */
  readonly columns?: readonly number[];
  readonly formula: string;
  readonly style: 'wrong' | 'alarm' | 'warning' | 'good' | 'done';
  /**
   * As near to the formula as a platform comes whose rules know only what the cell itself says: colours the cells of one
   * column. Left out where nothing of the formula would be left.
   */
  readonly when?: PlainTest;
}

/** True of a cell whose text is, contains or begins with one of the words. */
export interface PlainTest {
  readonly column: number;
  readonly test: 'is' | 'contains' | 'begins';
  readonly words: readonly string[];
}

export interface TemplateTab {
  readonly name: string;
  readonly color: string;
  readonly columns: readonly TabColumn[];
  readonly rows?: readonly (readonly (string | number | null)[])[];
  readonly highlights?: readonly Highlight[];
  /** A list to read, not to grow: no filter, no room below. */
  readonly isShort?: boolean;
  /** Columns that stay in sight when scrolled; 1 when left out. */
  readonly frozenColumns?: number;
  /** Pages side by side in print; 1 when left out. The frozen columns stand on each. */
  readonly pagesWide?: number;
}
