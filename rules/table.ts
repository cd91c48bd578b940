/**
 * From the cells of the 规则 tab to rules: every row by itself, so that a faulty one stops no other. What a row means is
 * told back in plain words, because that finds more slips than any message.
 */
import { say } from '../src/messages/index.ts';
import { address, type Grid } from '../src/model/cell.ts';
import { actionNamed } from './actions/index.ts';
import { adviceOf, readingOf } from './cell/index.ts';
import { cellColumn, cellContext, type RuleContext } from './context.ts';
import { type Column, readHeader } from './header.ts';
import { RowReader } from './row-reader.ts';
import type { RuleRow, RuleTable } from './rule.ts';
import type { TableFault } from './table-fault.ts';

/** What the service writes beside a row. */
export interface RowNote {
  /** Place in the tab, counted from 0. */
  readonly row: number;
  /** ✓, or what is wrong. */
  readonly check: string;
  /** What the row says, in plain words; empty for a row that is not understood. */
  readonly reading: string;
}

export interface RuleTableRead {
  readonly table: RuleTable;
  readonly columns: readonly Column[];
  readonly faults: readonly TableFault[];
  readonly notes: readonly RowNote[];
}

/**
 * Reads a tab whose header stands in `headerRow`. `previous` are the rows that were last valid, by id: a faulty row keeps
 * its own, and says so. Never throws.
 */
export function readRuleTable(
  grid: Grid,
  context: RuleContext,
  headerRow = 0,
  previous: ReadonlyMap<string, RuleRow> = new Map(),
): RuleTableRead {
  const header = readHeader(grid.tab, grid.rows[headerRow] ?? [], headerRow, context);
  const faults: TableFault[] = [...header.faults];
  const rows: RuleRow[] = [];
  const notes: RowNote[] = [];
  const byId = new Map<string, number>();
  if (!header.columns.some(({ role }) => role.is === 'own' && role.column === 'name')) {
    const text = say(context.locale, 'rule.table.no-name-column');
    faults.push({
      level: 'error',
      code: 'no-name-column',
      row: headerRow,
      column: null,
      address: address(headerRow, 0),
      header: '',
      text,
    });
  }
  for (let row = headerRow + 1; row < grid.rows.length; row++) {
    const reader = new RowReader(grid, row, header.columns, context);
    if (reader.isBlank()) continue;
    const read = reader.read(byId);
    faults.push(...read.faults);
    const kept = read.rule === null && read.id !== '' ? previous.get(read.id) : undefined;
    const rule = read.rule ?? (kept === undefined ? null : { ...kept, row });
    if (rule !== null) rows.push(rule);
    notes.push({
      row,
      check: checkText(read.faults, read.rule, kept !== undefined, context.locale),
      reading: read.rule === null ? '' : readingWithAdvice(read.rule, context),
    });
  }
  return { table: { tab: grid.tab, rows }, columns: header.columns, faults, notes };
}

function readingWithAdvice(rule: RuleRow, context: RuleContext): string {
  const advice = ruleAdvice(rule, context);
  const told = ruleReading(rule, context);
  return advice === null ? told : say(context.locale, 'rule.reading.advice', { told, advice });
}

function checkText(
  faults: readonly TableFault[],
  rule: RuleRow | null,
  isKept: boolean,
  locale: RuleContext['locale'],
): string {
  if (faults.length > 0) {
    const text = faults.map((fault) => fault.text).join(' ');
    return say(locale, isKept ? 'rule.check.kept' : 'rule.check.fault', { text });
  }
  if (rule?.mode === 'off') return say(locale, 'rule.check.off');
  return say(locale, rule?.mode === 'rehearse' ? 'rule.check.rehearse' : 'rule.check.ok');
}

/** `优先级 为 紧急 或 高 且 … → 分配给 张三`. */
export function ruleReading(rule: RuleRow, context: RuleContext): string {
  const { locale, timeZone } = context;
  const reading = { fields: cellContext(context).fields, timeZone };
  const cells = rule.conditions.map(({ field: key, test, cell }) => {
    const field = context.fields.find((each) => each.key === key);
    if (field === undefined) return say(locale, 'rule.reading.formula', { formula: cell });
    return readingOf(test, cellColumn(field, locale), locale, reading);
  });
  const when = cells.length === 0 ? say(locale, 'rule.reading.always') : cells.join(say(locale, 'rule.reading.and'));
  const asked = rule.actions.map(({ action, params }) => actionNamed(action)!.reading(params, context));
  return say(locale, 'rule.reading.rule', { when, asked: asked.join(say(locale, 'rule.list-separator')) });
}

/** What a bare word in a free text column may have been meant to be; null where there is nothing to offer. */
function ruleAdvice(rule: RuleRow, { fields, locale }: RuleContext): string | null {
  const advice = rule.conditions.flatMap(({ field: key, test }) => {
    const field = fields.find((each) => each.key === key);
    return field === undefined ? [] : (adviceOf(test, cellColumn(field, locale), locale) ?? []);
  });
  return advice.length === 0 ? null : [...new Set(advice)].join(' ');
}
