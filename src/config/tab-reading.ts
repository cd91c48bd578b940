/**
 * A look at a config tab as it stands in the sheet: which rows may be in force, and what is written beside each. The rules
 * tab speaks its own language; all others are read by `tabs/`.
 */
import { compileRules } from '../../rules/compile.ts';
import type { RuleContext } from '../../rules/context.ts';
import { readRuleTable } from '../../rules/table.ts';
import { caseHeaderRow, runTestRows, type TestRun } from '../../rules/test-rows.ts';
import { say } from '../messages/index.ts';
import type { Grid } from '../model/cell.ts';
import {
  type ConfigHolds,
  type Configuration,
  type ConfigWorld,
  compilePolicy,
  ruleHeaderRow,
} from './configuration.ts';
import { internalKeys } from './tabs/fields.ts';
import { configTabs } from './tabs/index.ts';
import type { RowState } from './tabs/reading/note.ts';
import type { TabContext, TabReading } from './tabs/reading/tab.ts';
import { checkText } from './tabs/reading/write-back.ts';
import type { SlaRow } from './tabs/sla.ts';

/** A column the service writes: what should stand in it, by row. */
export interface WrittenColumn {
  readonly holds: 'check' | 'reading' | 'hits' | 'last-hit' | 'result';
  readonly column: number;
  readonly texts: ReadonlyMap<number, string>;
}

/** Something to tell about a row. */
export interface Remark {
  readonly level: 'error' | 'warning' | 'info' | 'incomplete';
  /** Counted from 0. */
  readonly row: number;
  /** A1, or null when it is about the row as a whole. */
  readonly address: string | null;
  /** What the row is called, where that is to be told with it. */
  readonly name?: string;
  readonly text: string;
}

/** What one look gave, whichever kind of tab it is. */
export interface TabLook {
  /** Row of the header, -1 when there is none and nothing was read. */
  readonly headRow: number;
  readonly rows: readonly { readonly row: number; readonly isSound: boolean }[];
  /** Columns whose texts name a row. */
  readonly nameColumns: readonly number[];
  readonly written: readonly WrittenColumn[];
  readonly remarks: readonly Remark[];
  /** What is wrong with the tab as a whole, in words; then its cells are left alone. */
  readonly faults: readonly string[];
}

/** Hits of a rule, for the columns that show them. */
export type HitsOf = (rule: string) => { readonly hits: number; readonly lastAt: string | null } | undefined;

/** Looks at a tab beside what is in force elsewhere. */
export function lookAtTab(
  holds: ConfigHolds,
  grid: Grid,
  configuration: Configuration,
  world: ConfigWorld,
  hitsOf: HitsOf,
  shownTime: (iso: string) => string,
): TabLook {
  const { ruleContext, calendars, definitions } = configuration;
  if (holds === 'rules') return lookAtRules(grid, ruleContext, hitsOf, shownTime);
  if (holds === 'cases') return lookAtCases(grid, configuration);
  const context: TabContext = {
    locale: world.locale,
    timeZone: world.timeZone,
    now: ruleContext.now,
    fields: ruleContext.fields,
    internal: internalKeys('tickets', definitions),
    calendars,
    channels: world.channels,
  };
  const reading: TabReading<unknown> = configTabs[holds].read(grid, context);
  const extra =
    holds === 'sla'
      ? conditionFaults(grid, reading as TabReading<readonly SlaRow[]>, ruleContext)
      : new Map<number, string>();
  const { checkColumn, headRow, rows, head } = reading;
  const texts = new Map(
    rows.map((row) => {
      const fault = extra.get(row.row);
      return [row.row, fault === undefined ? checkText(row, world.locale) : `⚠ ${fault}`];
    }),
  );
  return {
    headRow: head.some(({ level }) => level === 'error') ? -1 : headRow,
    rows: rows.map(({ row, state }) => ({ row, isSound: isSound(state) && !extra.has(row) })),
    nameColumns: nameColumns(grid, headRow, holds, world),
    written: checkColumn === null ? [] : [{ holds: 'check', column: checkColumn, texts }],
    remarks: rows.flatMap(({ row, notes }): readonly Remark[] => {
      const fault = extra.get(row);
      const own = notes.map(({ level, address, message }) => ({ level, row, address, text: message[world.locale] }));
      return fault === undefined ? own : [...own, { level: 'error', row, address: null, text: fault }];
    }),
    faults: head.filter(({ level }) => level === 'error').map(({ message }) => message[world.locale]),
  };
}

function isSound(state: RowState): boolean {
  return state === 'ok' || state === 'warning';
}

function conditionFaults(
  grid: Grid,
  { value }: TabReading<readonly SlaRow[]>,
  context: RuleContext,
): Map<number, string> {
  return new Map(
    value.flatMap((row) => {
      const { faults } = compilePolicy(row, grid.tab, context);
      return faults.length === 0 ? [] : [[row.row, faults.map(({ text }) => text).join('\n')] as const];
    }),
  );
}

/** A row of a calendar is known by its day within its calendar, a field by its table and label; the others by their name. */
const NAMES: Readonly<Record<Exclude<ConfigHolds, 'rules' | 'cases'>, readonly string[]>> = {
  calendar: ['name', 'day'],
  people: ['name'],
  fields: ['table', 'label'],
  notifications: ['name'],
  sla: ['name'],
};

function nameColumns(
  grid: Grid,
  headRow: number,
  holds: Exclude<ConfigHolds, 'rules' | 'cases'>,
  { locale }: ConfigWorld,
): readonly number[] {
  const { columns } = configTabs[holds];
  const header = grid.rows[headRow] ?? [];
  return NAMES[holds].flatMap((key) => {
    const column = columns.find((each) => each.key === key);
    const texts =
      column === undefined ? [] : [column.label[locale], column.label['zh-CN'], column.label.en, ...column.headers];
    const at = header.findIndex((cell) => typeof cell === 'string' && texts.includes(cell.trim()));
    return at < 0 ? [] : [at];
  });
}

function lookAtRules(grid: Grid, context: RuleContext, hitsOf: HitsOf, shownTime: (iso: string) => string): TabLook {
  const headRow = ruleHeaderRow(grid, context);
  if (headRow < 0) {
    const text = say(context.locale, 'rule.table.no-name-column');
    return { headRow: -1, rows: [], nameColumns: [], written: [], remarks: [], faults: [text] };
  }
  const { columns, faults, notes, table } = readRuleTable(grid, context, headRow);
  const own = (name: string): number | null =>
    columns.find(({ role }) => role.is === 'own' && role.column === name)?.at ?? null;
  const sound = new Map(table.rows.map((row) => [row.row, row]));
  const written = (
    name: 'check' | 'reading' | 'hits' | 'last-hit',
    text: (row: number) => string | undefined,
  ): readonly WrittenColumn[] => {
    const column = own(name);
    if (column === null) return [];
    const texts = notes.flatMap(({ row }) => {
      const said = text(row);
      return said === undefined ? [] : [[row, said] as const];
    });
    return [{ holds: name, column, texts: new Map(texts) }];
  };
  const byRow = new Map(notes.map((note) => [note.row, note]));
  const hits = (row: number) => hitsOf(sound.get(row)?.id ?? '');
  return {
    // Rows without names cannot be told apart: then nothing of the tab is read.
    headRow: own('name') === null ? -1 : headRow,
    rows: notes.map(({ row }) => ({ row, isSound: sound.has(row) })),
    nameColumns: [own('name')].filter((column) => column !== null),
    written: [
      ...written('check', (row) => byRow.get(row)?.check),
      ...written('reading', (row) => byRow.get(row)?.reading),
      ...written('hits', (row) => (sound.has(row) ? String(hits(row)?.hits ?? 0) : '')),
      ...written('last-hit', (row) => {
        const last = hits(row)?.lastAt ?? null;
        return last === null ? '' : shownTime(last);
      }),
    ],
    remarks: faults.flatMap(({ level, row, address, text }) =>
      row === headRow ? [] : [{ level, row, address, text }],
    ),
    faults: faults.filter(({ row }) => row === headRow).map(({ text }) => text),
  };
}

/**
 * Runs the cases of a tab with the rules of a configuration. Who of several people is chosen depends on load and turn,
 * so a case sees the choice left open. Null when no row names the cases.
 */
export function runCases(
  grid: Grid,
  { rules, ruleContext, directory, calendarOf, calendarRef }: Configuration,
): { readonly headRow: number; readonly run: TestRun } | null {
  const headRow = caseHeaderRow(grid);
  if (headRow < 0) return null;
  const compiled = rules ?? compileRules({ tab: '', rows: [] }, ruleContext);
  const { now, timeZone } = ruleContext;
  const calendar = calendarOf(calendarRef(null));
  const scope = { now: Date.parse(now), timeZone, me: null, directory, calendar };
  return { headRow, run: runTestRows(grid, compiled, scope, undefined, headRow) };
}

/** Cases configure nothing: no row of theirs is in force. */
function lookAtCases(grid: Grid, configuration: Configuration): TabLook {
  const ran = runCases(grid, configuration);
  if (ran === null) {
    const text = say(configuration.ruleContext.locale, 'admin-cases-no-header');
    return { headRow: -1, rows: [], nameColumns: [], written: [], remarks: [], faults: [text] };
  }
  const { headRow, run } = ran;
  const texts = new Map(run.rows.map(({ row, text }) => [row, text]));
  return {
    headRow,
    rows: [],
    nameColumns: [],
    written: run.resultColumn === null ? [] : [{ holds: 'result', column: run.resultColumn, texts }],
    remarks: run.rows.flatMap(({ row, name, passed, reasons }): readonly Remark[] =>
      passed ? [] : [{ level: 'error', row, address: null, name, text: reasons.join(' ') }],
    ),
    faults: run.faults.filter(({ row }) => row === headRow).map(({ text }) => text),
  };
}
