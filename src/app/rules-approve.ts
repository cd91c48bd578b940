/** Versions of the configuration for people: what waits, who lets it in, and what changed when. */
import { z } from 'zod';
import type { App } from '../app.ts';
import { type ConfigVersion, loadConfig, newestVersions } from '../db/config-versions.ts';
import { say } from '../messages/index.ts';
import { address, type CellValue, rawText } from '../model/cell.ts';
import { RefusedError } from '../model/errors.ts';
import { type KeptRow, type KeptTab, type KeptTabs, saysTheSame } from '../model/kept-tab.ts';
import { plainText, wordKey } from '../model/typed.ts';
import { headerText } from './config-look.ts';
import { operation } from './operation.ts';

export interface CellChange {
  /** A1 address where the row now stands. */
  readonly cell: string;
  readonly header: string;
  readonly old: string;
  readonly new: string;
}

export interface RowChange {
  readonly kind: 'added' | 'removed' | 'changed';
  /** As the row is called. */
  readonly row: string;
  /** Row number as the sheet shows it, of a removed row the last one. */
  readonly number: number;
  /** Of a changed row. */
  readonly cells: readonly CellChange[];
}

export interface TabChange {
  readonly workbook: string;
  readonly tab: string;
  readonly rows: readonly RowChange[];
  /** The header, or the order of the rows. */
  readonly other: boolean;
}

export interface VersionLine {
  readonly version: number;
  readonly state: ConfigVersion['state'];
  readonly author: string | null;
  readonly approver: string | null;
  readonly saved_at: string;
  readonly in_force_at: string | null;
  /** Against the version before it that was in force. */
  readonly changes: readonly TabChange[];
}

export interface ApproveResult {
  /** Null when nothing waits. */
  readonly waiting: VersionLine | null;
  /** Number of the version that was let in now; null when none was. */
  readonly approved: number | null;
}

/**
 * Shows what waits for a second person and, unless it is only listed, lets it in. Throws `RefusedError`
 * `approver-is-author` when the person at the keyboard is known to have made the change.
 */
export const rulesApprove = operation({
  name: 'rules-approve',
  input: z.strictObject({ list: z.boolean(), operator: z.string().nullable() }),
  async run(app, { list, operator }): Promise<ApproveResult> {
    const { inForce, waiting } = await loadConfig(app.database.db);
    if (waiting === null) return { waiting: null, approved: null };
    const line = versionLine(waiting, inForce);
    if (list) return { waiting: line, approved: null };
    refuseAuthor(app, waiting, operator);
    const approved = await app.keeper.approve(waiting.id, operator);
    if (approved === null) {
      // Somebody saved or approved in between: what was shown is not what would come into force.
      throw new RefusedError('waiting-changed', say(app.settings.locale, 'approve-changed'), {
        hint: say(app.settings.locale, 'approve-changed-hint'),
      });
    }
    await app.refresh();
    return { waiting: line, approved: approved.id };
  },
});

function refuseAuthor(app: App, { author }: ConfigVersion, operator: string | null): void {
  if (author === null || operator === null || wordKey(author) !== wordKey(operator)) return;
  const { locale } = app.settings;
  throw new RefusedError('approver-is-author', say(locale, 'approve-own', { name: author }), {
    hint: say(locale, 'approve-own-hint'),
    details: { author },
  });
}

const MOST_VERSIONS = 50;

/** The newest versions of the configuration, the newest first, each with what it changed. */
export const rulesVersions = operation({
  name: 'rules-versions',
  input: z.strictObject({}),
  async run(app): Promise<readonly VersionLine[]> {
    // One more, so that the last one shown has something to be compared with.
    const versions = await newestVersions(app.database.db, MOST_VERSIONS + 1);
    return versions.slice(0, MOST_VERSIONS).map((version, at) => {
      const before = versions.slice(at + 1).find(({ inForceAt }) => inForceAt !== null);
      return versionLine(version, before ?? null);
    });
  },
});

function versionLine(version: ConfigVersion, before: ConfigVersion | null): VersionLine {
  const { id, state, author, approver, savedAt, inForceAt, tabs } = version;
  return {
    version: id,
    state,
    author,
    approver,
    saved_at: savedAt,
    in_force_at: inForceAt,
    changes: tabChanges(before?.tabs ?? {}, tabs),
  };
}

/** Tabs that say something else, with the rows that differ. */
function tabChanges(before: KeptTabs, after: KeptTabs): readonly TabChange[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((id): readonly TabChange[] => {
    const [old, now] = [before[id], after[id]];
    if (saysTheSame(old, now)) return [];
    const rows = rowChanges(old, now);
    const slash = id.indexOf('/');
    return [{ workbook: id.slice(0, slash), tab: id.slice(slash + 1), rows, other: rows.length === 0 }];
  });
}

function rowChanges(old: KeptTab | undefined, now: KeptTab | undefined): readonly RowChange[] {
  const known = new Map(old?.rows.map((row) => [row.id, row]));
  const changes = (now?.rows ?? []).flatMap((row): readonly RowChange[] => {
    const before = known.get(row.id);
    known.delete(row.id);
    if (before === undefined) return [{ kind: 'added', row: nameOf(row), number: row.row + 1, cells: [] }];
    const cells = cellChanges(now!, before, row);
    return cells.length === 0 ? [] : [{ kind: 'changed', row: nameOf(row), number: row.row + 1, cells }];
  });
  const removed = [...known.values()].map(
    (row): RowChange => ({ kind: 'removed', row: nameOf(row), number: row.row + 1, cells: [] }),
  );
  return [...changes, ...removed];
}

function cellChanges(tab: KeptTab, before: KeptRow, after: KeptRow): readonly CellChange[] {
  const width = Math.max(before.cells.length, after.cells.length);
  return Array.from({ length: width }, (_, column) => column).flatMap((column): readonly CellChange[] => {
    const [old, now] = [before.cells[column] ?? null, after.cells[column] ?? null];
    if (JSON.stringify(old) === JSON.stringify(now)) return [];
    const [oldText, newText] = [rawText(old), rawText(now)];
    return [{ cell: address(after.row, column), header: headerText(tab, column), old: oldText, new: newText }];
  });
}

/** What a row is called: the text of the cells it is known by; its place where it has no name. */
function nameOf({ id, row, cells }: KeptRow): string {
  if (id.startsWith('#')) return `#${row + 1}`;
  const words = id.replace(/#\d+$/, '').split('|');
  return words.map((word) => cells.map(textOf).find((text) => wordKey(text) === word) ?? word).join(' ');
}

function textOf(cell: CellValue): string {
  return typeof cell === 'string' || typeof cell === 'number' ? plainText(String(cell)) : '';
}
