/** The config tabs as they stand in the sheets right now, beside what is in force. Looking changes nothing. */

import type { Pulled } from '../../connectors/connector.ts';
import { type RuleTableRead, readRuleTable } from '../../rules/table.ts';
import type { AdminWorkbook, App } from '../app.ts';
import { type ConfigHolds, type Configuration, configHolds, ruleHeaderRow } from '../config/configuration.ts';
import { lookAtTab, type TabLook } from '../config/tab-reading.ts';
import { type Grid, rawText } from '../model/cell.ts';
import { gridOfKept, type KeptTab, type KeptTabs, keepTab } from '../model/kept-tab.ts';
import { plainText } from '../model/typed.ts';

export interface ConfigTab {
  readonly workbook: string;
  readonly tab: string;
  readonly holds: ConfigHolds;
  /** `workbook/tab`, as rows in force are kept by. */
  readonly id: string;
}

export interface SeenConfigTab extends ConfigTab {
  /** Null when the workbook has no such tab, or it is no grid of cells. */
  readonly seen: { readonly grid: Grid; readonly look: TabLook } | null;
  /** It is there and no grid of cells. */
  readonly isForeign: boolean;
}

export interface SheetLook {
  readonly tabs: readonly SeenConfigTab[];
  /** Rows that would be in force, and the configuration they make. */
  readonly kept: KeptTabs;
  readonly configuration: Configuration;
}

/** Every config tab of the workspace, in the order in which one may name what another defines. */
export function configTabsOf(app: App): readonly ConfigTab[] {
  return app.bindings.workbooks
    .flatMap(({ key, configTabs }) =>
      configTabs.map(({ tab, holds }) => ({ workbook: key, tab, holds, id: `${key}/${tab}` })),
    )
    .toSorted((a, b) => configHolds.indexOf(a.holds) - configHolds.indexOf(b.holds));
}

/**
 * Reads all config tabs from their workbooks. Throws what the connector throws: `NotFoundError`, `UnreadableError`,
 * `RetryableError`.
 */
export async function lookAtSheets(app: App): Promise<SheetLook> {
  const { keeper } = app;
  const grids = new Map<string, Grid>();
  const foreign = new Set<string>();
  for (const admin of app.admins) {
    const pulled = await pull(app, admin);
    for (const [tab, grid] of pulled.grids) grids.set(`${admin.key}/${tab}`, grid);
    for (const tab of pulled.foreign ?? []) foreign.add(`${admin.key}/${tab}`);
  }
  const hits = await keeper.hits();
  let kept = await keeper.kept();
  let configuration = keeper.preview(kept);
  const look = ({ holds }: ConfigTab, grid: Grid): TabLook =>
    lookAtTab(holds, grid, configuration, keeper.world, hits, (iso) => iso);
  const tabs = configTabsOf(app);
  for (const tab of tabs) {
    const grid = grids.get(tab.id);
    if (grid === undefined || tab.holds === 'cases') continue;
    const { headRow, rows, nameColumns, written } = look(tab, grid);
    const ownColumns = written.map(({ column }) => column);
    const after = keepTab({ holds: tab.holds, grid, headRow, rows, nameColumns, ownColumns }, kept[tab.id]);
    if (after === undefined) continue;
    kept = { ...kept, [tab.id]: after };
    configuration = keeper.preview(kept);
  }
  return {
    tabs: tabs.map((tab) => {
      const grid = grids.get(tab.id);
      const seen = grid === undefined ? null : { grid, look: look(tab, grid) };
      return { ...tab, seen, isForeign: foreign.has(tab.id) };
    }),
    kept,
    configuration,
  };
}

async function pull(app: App, { key, connector }: AdminWorkbook): Promise<Pulled> {
  const there = new Set((await connector.describe()).tabs.map(({ name }) => name));
  const wanted = configTabsOf(app).filter(({ workbook, tab }) => workbook === key && there.has(tab));
  return await connector.pull(wanted.map(({ tab }) => tab));
}

/** The rules tab among kept tabs; undefined when none holds rules. */
export function rulesTabOf(
  tabs: KeptTabs,
): (KeptTab & { readonly tab: string; readonly workbook: string }) | undefined {
  const found = Object.entries(tabs).find(([, { holds }]) => holds === 'rules');
  if (found === undefined) return undefined;
  const [id, tab] = found;
  const slash = id.indexOf('/');
  return { ...tab, workbook: id.slice(0, slash), tab: id.slice(slash + 1) };
}

/** All kept rules, also those that are off; null when no tab holds rules. */
export function ruleTableOf(tabs: KeptTabs, { ruleContext }: Configuration): RuleTableRead | null {
  const found = rulesTabOf(tabs);
  if (found === undefined) return null;
  const grid = gridOfKept(found.tab, found);
  return readRuleTable(grid, ruleContext, ruleHeaderRow(grid, ruleContext));
}

/** The header above a column of a kept tab. */
export function headerText({ head }: Pick<KeptTab, 'head'>, column: number): string {
  return plainText(rawText(head.at(-1)?.[column] ?? null));
}
