/** The administration workbook of a template, read as the service reads it. */
import { openPackage } from '../../connectors/xlsx/package.ts';
import { readTab } from '../../connectors/xlsx/read.ts';
import {
  type ConfigHolds,
  type Configuration,
  type ConfigWorld,
  configHolds,
  isConfigHolds,
  readConfiguration,
} from '../../src/config/configuration.ts';
import { lookAtTab, type TabLook } from '../../src/config/tab-reading.ts';
import { parseWorkspace } from '../../src/config/workspace.ts';
import type { Locale } from '../../src/messages/index.ts';
import type { Grid } from '../../src/model/cell.ts';
import { type KeptTab, keepTab } from '../../src/model/kept-tab.ts';
import { demoAccounts, type TemplateName, templateFiles } from '../../src/templates/index.ts';

export const now = '2026-03-10T02:00:00.000Z';

export interface AdminWorkbook {
  readonly world: ConfigWorld;
  readonly grids: ReadonlyMap<ConfigHolds, Grid>;
  readonly configuration: Configuration;
  look(holds: ConfigHolds): TabLook;
}

export async function readAdminWorkbook(locale: Locale, template: TemplateName): Promise<AdminWorkbook> {
  const [, admin] = await templateFiles(locale, template, new Date(now));
  const pkg = await openPackage(admin!.bytes);
  const grids = new Map<ConfigHolds, Grid>();
  for (const [name, { holds }] of Object.entries(parseWorkspace(JSON.stringify({ locale })).workbooks[1]!.tabs)) {
    if (!isConfigHolds(holds)) throw new Error(`${name} holds ${holds}`);
    grids.set(holds, await readTab(pkg, pkg.sheets.find((sheet) => sheet.name === name)!));
  }
  const world: ConfigWorld = {
    locale,
    timeZone: 'Asia/Shanghai',
    channels: template === 'demo' ? Object.values(demoAccounts) : [],
    webhooks: [],
    fields: {},
  };
  const kept: Record<string, KeptTab> = {};
  let configuration = readConfiguration(0, kept, world, now);
  const look = (holds: ConfigHolds): TabLook =>
    lookAtTab(holds, grids.get(holds)!, configuration, world, () => undefined, String);
  for (const holds of configHolds) {
    const grid = grids.get(holds)!;
    const { written, ...seen } = look(holds);
    const ownColumns = written.map(({ column }) => column);
    kept[`admin/${grid.tab}`] = keepTab({ holds, grid, ...seen, ownColumns }, undefined)!;
    configuration = readConfiguration(1, kept, world, now);
  }
  return { world, grids, configuration, look };
}
