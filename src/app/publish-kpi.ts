/**
 * Publishes the figures into the workbooks that show them. Unchanged figures are no reason to write: the moment they are
 * of moves together with a figure, or once a day. What people typed over a figure and tabs they deleted are told in the
 * list of problems.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import type { Connector } from '../../connectors/connector.ts';
import type { App, FigureWorkbook } from '../app.ts';
import { loadFigures, saveFigures } from '../db/figures.ts';
import { listTickets } from '../db/kpi-blocks.ts';
import { dayOf } from '../kpi/period.ts';
import { chartPicture } from '../kpi/picture.ts';
import { draftTabs, tabKeys, withAsOf } from '../kpi/publish.ts';
import type { Board } from '../kpi/section.ts';
import { say } from '../messages/index.ts';
import { address } from '../model/cell.ts';
import type { ProblemDraft } from '../model/change.ts';
import { AppError, NotFoundError, StaleError } from '../model/errors.ts';
import { nearest } from '../model/nearest.ts';
import type { Published, PublishedTab } from '../model/published-tab.ts';
import { wordKey } from '../model/typed.ts';
import { problemsTable } from '../sync/problems.ts';
import { boardOf } from './board.ts';
import { operation } from './operation.ts';

export interface PublishedWorkbook {
  readonly workbook: string;
  /** Cells that were written; 0: the file is as it was. */
  readonly changed: number;
  /** Names of tabs that were made now. */
  readonly made: readonly string[];
  /** Names of tabs that people deleted. */
  readonly missing: readonly string[];
  /** Cells people had typed into. */
  readonly replaced: number;
  /** `unable`: its connector cannot publish. `failed`: see `error`. */
  readonly state: 'published' | 'unchanged' | 'unable' | 'failed';
  readonly error: unknown;
}

/** Somebody who saves in between is asked to wait for nothing: it is tried again. */
const TRIES = 3;
/** Cells that are told one by one. */
const MOST_TOLD = 20;

/**
 * Publishes into all workbooks of figures; a workbook that cannot be written now hinders no other. `restore`: names or
 * keys of tabs to make again although a person deleted them. Throws `NotFoundError` for a name that is none.
 */
export async function publishFigures(
  app: App,
  { restore = [] }: { readonly restore?: readonly string[] } = {},
): Promise<readonly PublishedWorkbook[]> {
  if (app.figureWorkbooks.length === 0) return [];
  const keys = restore.map((name) => keyOf(name, app));
  const board = await boardOf(app);
  const draft = draftTabs(board);
  const tickets = await listTickets(app.database.db, draft.ids);
  const results: PublishedWorkbook[] = [];
  for (const workbook of app.figureWorkbooks) {
    const tabs = draft.tabs(tickets, new Set(wantedKeys(workbook.tabs)));
    try {
      results.push(await publishInto(app, board, workbook, tabs, keys));
    } catch (error) {
      results.push({ ...NOTHING, workbook: workbook.key, state: 'failed', error });
    }
  }
  return results;
}

const NOTHING = { changed: 0, made: [], missing: [], replaced: 0, error: null } as const;

async function publishInto(
  app: App,
  board: Board,
  workbook: FigureWorkbook,
  plan: readonly PublishedTab[],
  restore: readonly string[],
): Promise<PublishedWorkbook> {
  const { key } = workbook;
  const { db } = app.database;
  const connector = await workbook.open();
  if (!connector.capabilities.canPublish || connector.publish === undefined || plan.length === 0) {
    return { ...NOTHING, workbook: key, state: 'unable' };
  }
  const digest = createHash('sha256')
    .update(JSON.stringify(withAsOf(plan, '')))
    .digest('base64url');
  const kept = await loadFigures(db, key);
  const isToday = kept !== null && dayOf(Date.parse(kept.at), board.timeZone) === dayOf(board.now, board.timeZone);
  const at = isToday && kept.digest === digest ? kept.at : new Date(board.now).toISOString();
  const publish = () => publishPatiently(connector, withAsOf(plan, at), board.timeZone, restore);
  const published = await publish().catch(async (error: unknown) => {
    // A file that was there before is only away for a moment.
    if (kept !== null && restore.length === 0) throw error;
    if (!(error instanceof AppError) || (error.code !== 'workbook-absent' && !(error instanceof NotFoundError)))
      throw error;
    await workbook.make();
    return await publish();
  });
  if (published.changed > 0 || kept?.digest !== digest || kept.at !== at) await saveFigures(db, key, { at, digest });
  await tell(app, key, plan, published);
  const nameOf = (tab: string): string => plan.find((each) => each.key === tab)?.name ?? tab;
  return {
    workbook: key,
    changed: published.changed,
    made: published.made.map(nameOf),
    missing: published.missing.map(nameOf),
    replaced: published.replaced.length,
    state: published.changed > 0 ? 'published' : 'unchanged',
    error: null,
  };
}

async function publishPatiently(
  connector: Connector,
  tabs: readonly PublishedTab[],
  timeZone: string,
  restore: readonly string[],
): Promise<Published> {
  for (let tries = 1; ; tries++) {
    try {
      return await connector.publish!(tabs, { timeZone, restore, draw: chartPicture });
    } catch (error) {
      if (!(error instanceof StaleError) || tries === TRIES) throw error;
    }
  }
}

/** Keys of the tabs a workbook names by key or by their name in either language; `*` stands for all. */
function wantedKeys(names: readonly string[]): readonly string[] {
  return names.includes('*') ? tabKeys : tabKeys.filter((key) => names.some((name) => isNamed(key, name)));
}

function isNamed(key: string, name: string): boolean {
  const called = (['zh-CN', 'en'] as const).map((locale) => tabName(key, locale));
  return [key, ...called].some((each) => wordKey(each) === wordKey(name));
}

function tabName(key: string, locale: Board['locale']): string {
  return say(locale, key === 'details' ? 'kpi.details' : `kpi.section.${key}`);
}

function keyOf(name: string, { settings }: App): string {
  const key = tabKeys.find((each) => isNamed(each, name));
  if (key !== undefined) return key;
  const known = tabKeys.map((each) => tabName(each, settings.locale));
  const meant = nearest(name, known);
  throw new NotFoundError('unknown-figures', say(settings.locale, 'kpi-unknown-tab', { name }), {
    hint: say(settings.locale, meant === null ? 'kpi-unknown-tab-hint' : 'cli-did-you-mean', {
      known: known.join(', '),
      meant: meant ?? '',
    }),
    details: { name, known },
  });
}

/** Lines in the list of problems: cells that were typed into, and one for all tabs that are gone. */
async function tell(
  { database, clock }: App,
  workbook: string,
  plan: readonly PublishedTab[],
  { replaced, missing }: Published,
): Promise<void> {
  const names = missing.map((key) => plan.find((tab) => tab.key === key)?.name ?? key);
  const gone = `figures|${workbook}|missing`;
  const drafts: ProblemDraft[] = replaced.slice(0, MOST_TOLD).map(({ tab: key, row, column, typed }) => {
    const tab = plan.find((each) => each.key === key);
    const value = tab?.rows[row]?.[column]?.value ?? null;
    const [name, cell] = [tab?.name ?? key, address(row, column)];
    return {
      ...STANDS_ALONE,
      key: `figures|${workbook}|${key}|${cell}`,
      binding: `${workbook}/${name}`,
      row,
      column,
      typed,
      current: value === null ? null : String(value),
      message: 'problem.figure-replaced',
      params: { tab: name, cell, typed },
      lasting: 'event',
    };
  });
  if (replaced.length > MOST_TOLD) {
    drafts.push({
      ...STANDS_ALONE,
      key: `figures|${workbook}|replaced`,
      binding: `${workbook}/`,
      message: 'problem.figures-replaced',
      params: { workbook, count: String(replaced.length - MOST_TOLD) },
      lasting: 'event',
    });
  }
  if (names.length > 0) {
    drafts.push({
      ...STANDS_ALONE,
      key: gone,
      binding: `${workbook}/`,
      message: 'problem.figures-missing',
      params: { workbook, tabs: names.join('、'), name: names[0]! },
      lasting: 'standing',
    });
  }
  const { store } = database;
  const open = (await store.loadProblems()).filter(({ key }) => key === gone);
  const solved = names.length === 0 ? open.map(({ key }) => key) : [];
  const isKnown = drafts.every(({ key, params }) =>
    open.some((each) => each.key === key && each.params.tabs === params.tabs),
  );
  if (solved.length === 0 && isKnown) return;
  await store.transaction(null, async (tx) => {
    await tx.saveProblems(drafts, clock.now());
    await tx.closeProblems(solved, 'resolved', clock.now());
    await tx.markDirty(problemsTable, [0]);
  });
}

const STANDS_ALONE = {
  kind: 'reverted',
  recordId: null,
  field: null,
  row: null,
  column: null,
  typed: null,
  current: null,
} as const;

/** Publishes now, and makes deleted tabs again where they are named. */
export const kpiPublish = operation({
  name: 'kpi-publish',
  input: z.strictObject({ restore: z.array(z.string()) }),
  run: async (app, input): Promise<readonly Omit<PublishedWorkbook, 'error'>[]> => {
    const results = await publishFigures(app, input);
    const failed = results.find(({ state }) => state === 'failed');
    if (failed !== undefined) throw failed.error;
    return results.map(({ error: _error, ...result }) => result);
  },
});
