/**
 * Keeps the config tabs of one workbook in force: reads them after every save, puts what is sound in force row by row, and
 * writes beside each row whether it counts and why not. A tab that vanished, lost its header or was emptied changes
 * nothing and is told.
 */
import type { Connector, Operation, Pulled } from '../../connectors/connector.ts';
import type { ConfigHolds, Configuration, ConfigWorld } from '../config/configuration.ts';
import { type HitsOf, lookAtTab, type TabLook } from '../config/tab-reading.ts';
import { say } from '../messages/index.ts';
import { type CellValue, rawText } from '../model/cell.ts';
import type { ProblemDraft } from '../model/change.ts';
import { NotFoundError, RetryableError, UnreadableError } from '../model/errors.ts';
import { type KeptTab, type KeptTabs, keepTab, saysTheSame, standsTheSame } from '../model/kept-tab.ts';
import type { Clock, Logger } from '../ports.ts';
import type { Store } from '../store.ts';
import { problemsTable } from '../sync/problems.ts';
import { createVersionLook, type VersionLook } from '../sync/version-look.ts';
import { createRuleWarnings } from './rule-warnings.ts';

export interface ConfigTabSetup {
  readonly tab: string;
  readonly holds: ConfigHolds;
}

/** Where the configuration of a workspace is kept; one for all its workbooks. */
export interface ConfigurationKeeper {
  /** What is in force now. */
  current(): Promise<Configuration>;
  /** The rows in force. */
  kept(): Promise<KeptTabs>;
  /** The configuration that rows would make, without putting them in force. */
  preview(tabs: KeptTabs): Configuration;
  /** Puts tabs in force, or keeps them until a second person lets them in. Tabs that are not named stay as they are. */
  propose(tabs: KeptTabs, author: string | null): Promise<'in-force' | 'waiting'>;
  /** Notes where rows in force stand now; what they say is the same, so nothing is decided anew. */
  move(tabs: KeptTabs): Promise<void>;
  /** What waits for a second person; null when nothing does. */
  waiting(): Promise<unknown>;
  hits(): Promise<HitsOf>;
}

export interface AdminDeps {
  readonly store: Store;
  readonly keeper: ConfigurationKeeper;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly owner: string;
  readonly world: ConfigWorld;
}

export interface AdminRun {
  /** Tabs whose rows in force are others now. */
  readonly changed: readonly string[];
  /** Cells written. */
  readonly written: number;
  readonly retryAfterMs: number | null;
}

export interface AdminRunner {
  /** One look at the workbook, unless it was seen less than `maxAgeMs` ago, and at the hits: is there nothing to do? */
  isQuiet(maxAgeMs?: number): Promise<boolean>;
  run(): Promise<AdminRun>;
}

const leaseMs = 60_000;
/** Failed cases that a problem names. */
const MOST_CASES = 5;
/** Hit counts change all day; the file is not saved for each of them. */
const hitsEveryMs = 60_000;

export function createAdminRunner(
  deps: AdminDeps,
  workbook: string,
  connector: Connector,
  tabs: readonly ConfigTabSetup[],
): AdminRunner {
  return new WorkbookAdmin(deps, workbook, connector, tabs);
}

class WorkbookAdmin implements AdminRunner {
  readonly #deps: AdminDeps;
  readonly #workbook: string;
  readonly #connector: Connector;
  readonly #tabs: readonly ConfigTabSetup[];
  readonly #warnings = createRuleWarnings();
  readonly #versionLook: VersionLook;
  /** Made once: making it takes a hundred times as long as using it. */
  #shown: Intl.DateTimeFormat | null = null;
  /** What was last accounted for: the file, the version in force, and when. */
  #seen: { readonly version: string; readonly config: number; readonly at: number } | null = null;

  constructor(deps: AdminDeps, workbook: string, connector: Connector, tabs: readonly ConfigTabSetup[]) {
    this.#deps = deps;
    this.#workbook = workbook;
    this.#connector = connector;
    this.#tabs = tabs;
    this.#versionLook = createVersionLook(connector, deps.clock);
  }

  async isQuiet(maxAgeMs = 0): Promise<boolean> {
    if (this.#seen === null) return false;
    const { keeper, clock } = this.#deps;
    const version = await this.#versionLook.take(maxAgeMs).catch(() => null);
    if (version !== this.#seen.version) return false;
    if ((await keeper.current()).version !== this.#seen.config) return false;
    return clock.now().getTime() - this.#seen.at < hitsEveryMs;
  }

  async run(): Promise<AdminRun> {
    const { store, owner, clock, logger } = this.#deps;
    const lease = await store.takeLease(this.#workbook, owner, clock.now(), leaseMs);
    if (lease === null) return { changed: [], written: 0, retryAfterMs: 1_000 };
    this.#versionLook.forget();
    try {
      return await this.#look();
    } catch (error) {
      if (!(error instanceof RetryableError)) throw error;
      logger.log('info', 'run:retry', { workbook: this.#workbook, code: error.code });
      return { changed: [], written: 0, retryAfterMs: error.retryAfterMs };
    } finally {
      await store.releaseLease(lease).catch(() => undefined);
    }
  }

  async #look(): Promise<AdminRun> {
    const { keeper, world, clock } = this.#deps;
    const pulled = await this.#pull();
    if (pulled === null) return { changed: [], written: 0, retryAfterMs: 5_000 };
    const { waits, changed, looks } = await this.#putInForce(pulled);
    const configuration = await keeper.current();
    const hits = await keeper.hits();
    const operations: Operation[] = [];
    for (const { tab, holds } of this.#tabs) {
      const grid = pulled.grids.get(tab);
      if (grid === undefined) continue;
      // What later tabs may name has just been read: the verdicts are about what is in force now.
      const look = lookAtTab(holds, grid, configuration, world, hits, (iso) => this.#shownTime(iso));
      looks.set(tab, look);
      const warnings = holds === 'rules' && !waits.has(tab) ? this.#warnings(configuration) : null;
      for (const { holds: what, column, texts } of look.written) {
        for (let row = Math.max(look.headRow, 0) + 1; row < grid.rows.length; row++) {
          const warned = what === 'check' ? (warnings?.get(row) ?? []) : [];
          const wanted = this.#wanted(texts.get(row) ?? '', waits.has(tab) && what === 'check', warned);
          const shown: CellValue = grid.rows[row]?.[column] ?? null;
          if (look.headRow >= 0 && rawText(shown) !== rawText(wanted))
            operations.push({ kind: 'cell', tab, row, column, value: wanted === '' ? null : wanted });
        }
      }
    }
    await this.#tellProblems(pulled, looks, waits);
    let version = pulled.version;
    if (operations.length > 0) {
      const pushed = await this.#connector.push({
        version,
        generation: (pulled.generation ?? 0) + 1,
        operations,
      });
      if (pushed.version === null) return { changed, written: 0, retryAfterMs: 200 };
      version = pushed.version;
    }
    this.#seen = { version, config: configuration.version, at: clock.now().getTime() };
    return { changed, written: operations.length, retryAfterMs: null };
  }

  /** A row that is sound but waits for a second person says so; one in force shows what the checks say of it. */
  #wanted(text: string, isWaiting: boolean, warnings: readonly string[]): string {
    if (!text.startsWith('✓')) return text;
    if (isWaiting) return `${text} ${say(this.#deps.world.locale, 'admin-waiting')}`.trim();
    return warnings.length === 0 ? text : `${text} ⚠ ${warnings.join('\n')}`;
  }

  #shownTime(iso: string): string {
    this.#shown ??= new Intl.DateTimeFormat('sv-SE', {
      dateStyle: 'short',
      timeStyle: 'short',
      timeZone: this.#deps.world.timeZone,
    });
    return this.#shown.format(new Date(iso));
  }

  /** Null while the workbook cannot be read; that is told like that of any other. */
  async #pull(): Promise<Pulled | null> {
    try {
      const { tabs } = await this.#connector.describe();
      const there = new Set(tabs.map(({ name }) => name));
      return await this.#connector.pull(this.#tabs.map(({ tab }) => tab).filter((tab) => there.has(tab)));
    } catch (error) {
      if (!(error instanceof NotFoundError || error instanceof UnreadableError)) throw error;
      const reason = error.hint === undefined ? error.message : `${error.message} ${error.hint}`;
      await this.#save([this.#problem(this.#tabs[0]!.tab, 'workbook', 'admin-unreadable', { reason })], []);
      return null;
    }
  }

  async #putInForce(pulled: Pulled): Promise<{
    readonly waits: ReadonlySet<string>;
    readonly changed: readonly string[];
    readonly looks: Map<string, TabLook>;
  }> {
    const { keeper, world } = this.#deps;
    const changed: string[] = [];
    const waits = new Set<string>();
    const looks = new Map<string, TabLook>();
    const hits = await keeper.hits();
    let configuration = await keeper.current();
    let kept = await keeper.kept();
    const proposed: Record<string, KeptTab> = {};
    const moved: Record<string, KeptTab> = {};
    // One tab after another: a rule may name a person who stands in the same save.
    for (const { tab, holds } of this.#tabs) {
      const grid = pulled.grids.get(tab);
      // Cases are no part of what is in force.
      if (grid === undefined || holds === 'cases') continue;
      const id = `${this.#workbook}/${tab}`;
      const look = lookAtTab(holds, grid, configuration, world, hits, (iso) => this.#shownTime(iso));
      looks.set(tab, look);
      const ownColumns = look.written.map(({ column }) => column);
      const { headRow, rows, nameColumns } = look;
      const after = keepTab({ holds, grid, headRow, rows, nameColumns, ownColumns }, kept[id]);
      if (after === undefined) continue;
      if (saysTheSame(kept[id], after)) {
        if (!standsTheSame(kept[id], after)) moved[id] = after;
        continue;
      }
      proposed[id] = after;
      kept = { ...kept, [id]: after };
      configuration = keeper.preview(kept);
      changed.push(tab);
    }
    if (Object.keys(moved).length > 0) await keeper.move(moved);
    // Rows that say again what is in force take back what waited.
    if (changed.length === 0 && (await keeper.waiting()) !== null) await keeper.propose({}, pulled.editor);
    if (changed.length > 0 && (await keeper.propose(proposed, pulled.editor)) === 'waiting') {
      for (const tab of changed.splice(0)) waits.add(tab);
    }
    return { waits, changed, looks };
  }

  async #tellProblems(pulled: Pulled, looks: ReadonlyMap<string, TabLook>, waits: ReadonlySet<string>): Promise<void> {
    const drafts: ProblemDraft[] = [];
    const solved: string[] = [this.#key(this.#tabs[0]!.tab, 'admin-unreadable')];
    const kept = await this.#deps.keeper.kept();
    for (const { tab, holds } of this.#tabs) {
      const before = kept[`${this.#workbook}/${tab}`];
      const look = looks.get(tab);
      const say = (code: string, params: Readonly<Record<string, string>> = {}, stands: boolean): void => {
        if (stands) drafts.push(this.#problem(tab, 'config', code, params));
        else solved.push(this.#key(tab, code));
      };
      const isForeign = pulled.foreign?.has(tab) === true;
      const isMissing = !pulled.grids.has(tab) && !isForeign;
      const isEmptied =
        look !== undefined && look.headRow >= 0 && look.rows.length === 0 && (before?.rows.length ?? 0) > 0;
      say('admin-tab-missing', { tab }, isMissing);
      say('admin-tab-foreign', { tab }, isForeign);
      say('admin-tab-header', { tab, reason: look?.faults.join(' ') ?? '' }, (look?.faults.length ?? 0) > 0);
      say('admin-tab-emptied', { tab, count: String(before?.rows.length ?? 0) }, isEmptied);
      say('admin-tab-waiting', { tab }, waits.has(tab));
      const failed = holds === 'cases' ? (look?.remarks ?? []) : [];
      const names = this.#someOf(failed.map(({ row, name }) => `${row + 1} ${name ?? ''}`.trim()));
      say('admin-cases-failed', { tab, count: String(failed.length), names }, failed.length > 0);
    }
    await this.#save(drafts, solved);
  }

  #someOf(texts: readonly string[]): string {
    const { locale } = this.#deps.world;
    const shown = texts.slice(0, MOST_CASES);
    if (texts.length > shown.length) shown.push(say(locale, 'admin-cases-more'));
    return shown.join('；');
  }

  #key(tab: string, code: string): string {
    return `${this.#workbook}/${tab}|${code}`;
  }

  #problem(
    tab: string,
    kind: ProblemDraft['kind'],
    code: string,
    params: Readonly<Record<string, string>>,
  ): ProblemDraft {
    return {
      key: this.#key(tab, code),
      kind,
      binding: `${this.#workbook}/${tab}`,
      recordId: null,
      field: null,
      row: null,
      column: null,
      typed: null,
      current: null,
      message: code,
      params,
      lasting: 'standing',
    };
  }

  /** Only what is new or gone is written: a quiet look changes no row. */
  async #save(drafts: readonly ProblemDraft[], solved: readonly string[]): Promise<void> {
    const { store, clock } = this.#deps;
    const open = new Map((await store.loadProblems()).map((problem) => [problem.key, problem]));
    const fresh = drafts.filter(({ key, params }) => {
      const known = open.get(key);
      return known === undefined || JSON.stringify(known.params) !== JSON.stringify(params);
    });
    const gone = solved.filter((key) => open.has(key));
    if (fresh.length + gone.length === 0) return;
    await store.transaction(null, async (tx) => {
      await tx.saveProblems(fresh, clock.now());
      await tx.closeProblems(gone, 'resolved', clock.now());
      await tx.markDirty(problemsTable, [0]);
    });
  }
}
