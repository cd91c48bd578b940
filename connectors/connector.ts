/**
 * The Connector: one workbook. It speaks tabs, row positions and cells; it knows no keys, tickets or rules. The doc
 * comments here are the contract; `test/laws/connector.ts` holds its laws, run against every connector and every fake.
 */
import type { CellInput, Grid } from '../src/model/cell.ts';
import type { Chart } from '../src/model/chart.ts';
import type { Published, PublishedTab } from '../src/model/published-tab.ts';
import type { TemplateTab } from '../src/model/template-tab.ts';

/** Declared, not guessed: shared code asks these and never which vendor it is. */
export interface Capabilities {
  readonly canWrite: boolean;
  readonly canAppend: boolean;
  /** `yes`: a push for an old version changes nothing and reports `stale`. `after-the-fact`: the reply tells whether somebody interleaved. */
  readonly compareAndSet: 'yes' | 'after-the-fact' | 'no';
  /** Row references survive sorting (record ids instead of positions). */
  readonly stableRows: boolean;
  readonly knowsEditor: boolean;
  readonly dateTimePrecisionMs: number;
  readonly maxCellChars: number;
  /** A generation stamp travels with the workbook (K2). */
  readonly keepsGeneration: boolean;
  /** Whole tabs can be published: see `publish`. */
  readonly canPublish: boolean;
  /** Tabs can be made and dressed: see `layOut`. */
  readonly canLayOut: boolean;
  /** `watch` gives hints that something changed. */
  readonly canNotify: boolean;
}

/** Of a workbook that is read and written as a whole: a file on a disk, in a drive, in memory. */
export const wholeFileCapabilities: Omit<Capabilities, 'canNotify'> = {
  canWrite: true,
  canAppend: true,
  compareAndSet: 'yes',
  stableRows: false,
  knowsEditor: true,
  dateTimePrecisionMs: 1,
  maxCellChars: 32_767,
  keepsGeneration: true,
  canPublish: true,
  canLayOut: false,
};

/** Opaque token of a workbook's content: equal tokens mean equal content, as far as the connector's header promises. */
export type Version = string;

export interface TabInfo {
  readonly name: string;
  /** Survives a rename where the platform has such a thing; else the name. */
  readonly id: string;
  readonly hidden: boolean;
  /** True for what stands among the tabs and is no grid of cells (an embedded base): it is never pulled. */
  readonly isForeign?: boolean;
}

export interface WorkbookInfo {
  readonly tabs: readonly TabInfo[];
}

/** What one read brought: all grids belong to `version`. */
export interface Pulled {
  readonly version: Version;
  /** The stamp found in the workbook; null when it carries none. */
  readonly generation: number | null;
  /** Best-known name of the last editor, or null. */
  readonly editor: string | null;
  /** One per tab asked for; a tab that does not exist is absent from the map. */
  readonly grids: ReadonlyMap<string, Grid>;
  /** Those asked for that stand there and are no grid of cells (see `TabInfo.isForeign`); left out where there are none. */
  readonly foreign?: ReadonlySet<string>;
  /**
   * Where the platform counts the changes of a workbook: grows with each of them, whoever made it. A pull with a lower one
   * than was seen before shows an older state, and is not believed.
   */
  readonly revision?: number;
  /** Who changed each row last, by tab, where the platform knows it row by row; rows as in the grid, null for unknown. */
  readonly rowEditors?: ReadonlyMap<string, readonly (string | null)[]>;
}

/** One write. Cells that are not named stay as they are. */
export type Operation =
  | {
      readonly kind: 'cell';
      readonly tab: string;
      readonly row: number;
      readonly column: number;
      readonly value: CellInput;
    }
  /** A new row below the last row in use; the outcome tells where it landed. */
  | {
      readonly kind: 'append';
      readonly tab: string;
      readonly cells: readonly { readonly column: number; readonly value: CellInput }[];
    };

export interface Push {
  /** The version the operations were planned on. */
  readonly version: Version;
  /** Stamp to leave in the workbook, where `keepsGeneration`. */
  readonly generation: number;
  readonly operations: readonly Operation[];
}

export type Outcome =
  /**
   * `row`: where the cell or the appended row stands now. With `compareAndSet: 'after-the-fact'` it is said of proven
   * writes only: nobody wrote between the version pushed on and this write. With `no` it is what the platform claims.
   */
  | { readonly status: 'applied'; readonly row: number }
  /** Not done, because the workbook moved on or an earlier part of the push was not carried out: read again, plan anew. */
  | { readonly status: 'stale' }
  /** Will never work as asked; nothing of it was done. `code` is a key of the message catalogue. */
  | { readonly status: 'rejected'; readonly code: string; readonly params: Readonly<Record<string, string>> }
  /**
   * May or may not have landed, at the place it was planned for or, where rows are places, at what stands there now; a
   * later pull tells. `answered`: the platform said that it was done, so nothing of it can land later; without it, it
   * may for some minutes.
   */
  | { readonly status: 'unknown'; readonly reason: string; readonly answered?: true };

export interface Pushed {
  /** One per operation, in order. */
  readonly outcomes: readonly Outcome[];
  /** The workbook's version after the push, when known. */
  readonly version: Version | null;
  /** The count of changes after it, where the platform counts them and told. */
  readonly revision?: number;
}

export interface PublishOptions {
  /** The zone instants are shown in. */
  readonly timeZone: string;
  /** Keys of tabs to make again although a person deleted them. */
  readonly restore: readonly string[];
  /** Draws a chart as a PNG, for platforms that take no charts of ours; left out, they show none. Sizes in CSS pixels. */
  readonly draw?: (chart: Chart, size: { readonly width: number; readonly height: number }) => Promise<Uint8Array>;
}

/** Who may change what the service writes, by what a platform finds people with. */
export interface Editors {
  readonly emails: readonly string[];
  /** With the country code where it is not +86. */
  readonly mobiles: readonly string[];
}

/** What laying out did. */
export interface LaidOut {
  /** Names of tabs that were made now. */
  readonly made: readonly string[];
  /** Things the platform refused and the tabs do without, for a person: keys of the message catalogue. */
  readonly without: readonly { readonly code: string; readonly params: Readonly<Record<string, string>> }[];
}

/** One thing that was tried on the live platform, for `doctor`. */
export interface Finding {
  /** Short name of the step: `app`, `read`, `write`. */
  readonly step: string;
  readonly state: 'ok' | 'warn' | 'fail';
  /** Key of the message catalogue; what to do stands under the same key with `-hint`. */
  readonly code: string;
  readonly params: Readonly<Record<string, string>>;
}

/**
 * Errors: a workbook that was never there is `NotFoundError` where the platform can tell; a file is only ever not there
 * now, because apps save by removing: `RetryableError` `workbook-absent` with `details.absentSince` (ISO 8601). A file that
 * must not be opened is `UnreadableError`; a lock or throttle `RetryableError` (nothing was done). No error carries a
 * secret or cell text.
 */
export interface Connector {
  readonly kind: string;
  readonly capabilities: Capabilities;
  /**
   * How far apart looks at an unchanged workbook may be without being a burden, in milliseconds; it may change while
   * notices come in. A second where it is left out.
   */
  readonly lookEveryMs?: number;
  /** The tabs of the workbook, in order. */
  describe(): Promise<WorkbookInfo>;
  /** The current version, as cheaply as the platform allows: one stat, one metadata call. */
  version(): Promise<Version>;
  /** Whole tabs in one read. Changes nothing. */
  pull(tabs: readonly string[]): Promise<Pulled>;
  /**
   * All operations in one write; without operations only the stamp is left, where `keepsGeneration`. Throws only when
   * nothing at all was done. Where one write takes several requests, each is sent within a minute of the call or not at
   * all (`stale`): by then another process may write. After a request without an answer no further one is sent.
   */
  push(push: Push): Promise<Pushed>;
  /**
   * Writes whole tabs of figures, in one write; what is there already is left. Present where `canPublish`. Tabs are found
   * again by their key, also after a person renamed them; a tab that was published once and is gone is not made again
   * unless its key is in `restore`. Somebody who saves meanwhile loses nothing: `StaleError`, and the caller tries again.
   */
  publish?(tabs: readonly PublishedTab[], options: PublishOptions): Promise<Published>;
  /**
   * Makes the tabs that are missing, with header, widths, looks, dropdowns, first rows; in a tab that is there only
   * dropdowns, colours by value and the protection of system columns are brought up to date, and no cell is touched.
   * Only `editors` may change system columns by hand. Present where `canLayOut`. Safe to repeat.
   */
  layOut?(tabs: readonly TemplateTab[], editors: Editors): Promise<LaidOut>;
  /** Calls back when something may have changed; a hint only. Present where `canNotify`. Returns how to stop. */
  watch?(notice: () => void): Promise<() => Promise<void>>;
  /** Tries step by step what the service will need; changes nothing. Present where a set-up can be incomplete. */
  diagnose?(): Promise<readonly Finding[]>;
  /** Safe to call twice. */
  close(): Promise<void>;
}
