/** `rules check`: what is wrong with the config tabs as they stand in the sheets, and what can be said of the rules without running them. */
import { z } from 'zod';
import { checkRules, type Finding, type HitCount } from '../../rules/check/index.ts';
import { rowNumber } from '../../rules/rule.ts';
import type { App } from '../app.ts';
import { readConfiguration } from '../config/configuration.ts';
import { configAt } from '../db/config-versions.ts';
import { hitsSince } from '../db/rule-hits.ts';
import { say } from '../messages/index.ts';
import { address } from '../model/cell.ts';
import type { FieldValue } from '../model/field.ts';
import { lookAtSheets, rulesTabOf, ruleTableOf, type SeenConfigTab, type SheetLook } from './config-look.ts';
import { operation } from './operation.ts';

export interface CheckLine {
  readonly level: 'error' | 'warning' | 'info';
  /** Of the static checks: `unreachable`, `gap` …; `tab` for a tab as a whole, `row` for a row that cannot be read. */
  readonly code: string;
  readonly workbook: string;
  readonly tab: string;
  /** A1 address, or null when it is about the row or the tab. */
  readonly cell: string | null;
  /** Row number as the sheet shows it; null: the tab. */
  readonly row: number | null;
  readonly rule: string | null;
  /** Other rules that have to do with it. */
  readonly others: readonly { readonly rule: string; readonly row: number }[];
  /** Values of a ticket that shows it, by field, `…` for any other value; `text` has it in words. */
  readonly witness: Readonly<Record<string, FieldValue>> | null;
  readonly text: string;
}

export interface CheckResult {
  readonly findings: readonly CheckLine[];
  readonly errors: number;
  readonly warnings: number;
}

/** Looks at every config tab in its sheet and at the rules they would make. Changes nothing. */
export const rulesCheck = operation({
  name: 'rules-check',
  input: z.strictObject({}),
  async run(app): Promise<CheckResult> {
    const look = await lookAtSheets(app);
    const findings = [...look.tabs.flatMap((tab) => tabLines(app, tab)), ...(await ruleLines(app, look))];
    const count = (level: CheckLine['level']): number => findings.filter((each) => each.level === level).length;
    return { findings, errors: count('error'), warnings: count('warning') };
  },
});

/** Faults of a tab and of its rows. Cases have a command of their own. */
function tabLines(app: App, { workbook, tab, holds, seen, isForeign }: SeenConfigTab): readonly CheckLine[] {
  const place = { workbook, tab, cell: null, row: null, rule: null, others: [], witness: null };
  if (seen === null) {
    const fault = isForeign ? 'admin-tab-foreign' : 'admin-tab-missing';
    return [{ ...place, level: 'error', code: 'tab', text: say(app.settings.locale, fault, { tab }) }];
  }
  const { faults, remarks } = seen.look;
  const head = faults.map((text): CheckLine => ({ ...place, level: 'error', code: 'tab', text }));
  if (holds === 'cases') return head;
  const rows = remarks.map(({ level, row, address: cell, text }): CheckLine => {
    // A row that lacks something is not in force, and nobody has done anything wrong yet.
    const told = level === 'incomplete' ? 'warning' : level;
    return { ...place, level: told, code: 'row', cell, row: row + 1, text };
  });
  return [...head, ...rows];
}

async function ruleLines(app: App, { kept, configuration }: SheetLook): Promise<readonly CheckLine[]> {
  const found = rulesTabOf(kept);
  const table = ruleTableOf(kept, configuration)?.table;
  if (found === undefined || table === undefined) return [];
  const options = { hits: await hitCounts(app), now: app.clock.now().getTime() };
  const findings = checkRules(table, configuration.ruleContext, options);
  return findings.map(
    ({ level, code, row, others, column, witness, text }: Finding): CheckLine => ({
      level,
      code,
      workbook: found.workbook,
      tab: found.tab,
      cell: row === null || column === null ? null : address(row.row, column),
      row: row === null ? null : rowNumber(row),
      rule: row?.name ?? null,
      others: others.map((each) => ({ rule: each.name, row: rowNumber(each) })),
      witness,
      text,
    }),
  );
}

const DAY_MS = 86_400_000;
const HIT_DAYS = 30;

/** Hits of the last 30 days of the rules that were in force all that time. */
async function hitCounts(app: App): Promise<ReadonlyMap<string, HitCount>> {
  const { db } = app.database;
  const since = app.clock.now().getTime() - HIT_DAYS * DAY_MS;
  const at = new Date(since).toISOString();
  const version = await configAt(db, new Date(since));
  if (version === null) return new Map();
  const { rules } = readConfiguration(version.id, version.tabs, app.keeper.world, at);
  const hits = await hitsSince(db, at.slice(0, 10));
  return new Map((rules?.rows ?? []).map(({ id }) => [id, { hits: hits.get(id)?.hits ?? 0, since }]));
}
