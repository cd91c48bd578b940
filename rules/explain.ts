/** Why something happened, and why something did not: as data, and in words. */
import { say } from '../src/messages/index.ts';
import { rawText } from '../src/model/cell.ts';
import type { FieldValue } from '../src/model/field.ts';
import { actionNamed } from './actions/index.ts';
import { type CompiledRules, compileRules } from './compile.ts';
import { fieldContext, labelOf, type RuleContext } from './context.ts';
import type { Decision, Outcome } from './decision.ts';
import { type EventKind, type RuleRow, type RuleTable, rowNumber, type Stage } from './rule.ts';
import type { RuleScope } from './scope.ts';

/** A cell of a row, and the value it was asked about. */
export interface SeenCell {
  /** Null for a free formula. */
  readonly field: string | null;
  readonly label: string;
  readonly cell: string;
  readonly value: FieldValue;
  /** Column of the tab, counted from 0. */
  readonly column: number;
}

export interface Why {
  readonly row: RuleRow;
  readonly outcome: Outcome;
  readonly cells: readonly SeenCell[];
  /** Rows that matched too, but come after this one. */
  readonly behind: readonly RuleRow[];
  readonly text: string;
}

/** Rows by id, of the version that decided. */
function rowsById({ rows }: CompiledRules): ReadonlyMap<string, RuleRow> {
  return new Map(rows.map((row) => [row.id, row]));
}

/** Each action of a decision with its reason; rows that are gone since are left out. */
export function why(compiled: CompiledRules, decision: Decision, locale = compiled.context.locale): readonly Why[] {
  const rows = rowsById(compiled);
  const context = { ...compiled.context, locale };
  return decision.outcomes.flatMap((outcome): readonly Why[] => {
    const row = rows.get(outcome.row);
    if (row === undefined) return [];
    const cells = row.conditions.map(({ field, cell, column }) => ({
      ...cellOf(field, cell, column, context),
      value: field === null ? null : seenBy(row.id, field, decision),
    }));
    const behind = decision.outcomes
      .filter(({ by }) => by === row.id)
      .flatMap((each) => rows.get(each.row) ?? [])
      .filter((each, at, all) => all.indexOf(each) === at);
    return [{ row, outcome, cells, behind, text: whyText(row, outcome, cells, behind, compiled.tab, rows, context) }];
  });
}

function seenBy(row: string, field: string, { seen, later }: Decision): FieldValue {
  const own = later.find((each) => each.row === row && each.field === field);
  return own === undefined ? (seen[field] ?? null) : own.value;
}

function cellOf(key: string | null, cell: string, column: number, context: RuleContext): Omit<SeenCell, 'value'> {
  const field = context.fields.find((each) => each.key === key);
  return { field: key, label: field === undefined ? (key ?? '') : labelOf(field, context.locale), cell, column };
}

function cellText({ field, label, cell, value }: SeenCell, context: RuleContext): string {
  const { locale } = context;
  if (field === null) return say(locale, 'rule.why.formula', { cell });
  return say(locale, 'rule.why.cell', { field: label, value: shown(field, value, context), cell });
}

/** A value as its column shows it. */
function shown(key: string, value: FieldValue, context: RuleContext): string {
  if (value === null) return say(context.locale, 'rule.value.empty');
  const field = context.fields.find((each) => each.key === key);
  if (typeof value === 'boolean') return say(context.locale, value ? 'rule.value.yes' : 'rule.value.no');
  if (field?.type.name.endsWith('datetime')) return rawText(field.type.format(value, fieldContext(field, context)));
  if (field?.type.name === 'duration') return String(field.type.format(value, fieldContext(field, context)));
  return String(value);
}

function placeOf(row: RuleRow, tab: string, locale: RuleContext['locale']): string {
  return say(locale, 'rule.place-row', { tab, row: rowNumber(row), name: row.name });
}

function whyText(
  row: RuleRow,
  outcome: Outcome,
  cells: readonly SeenCell[],
  behind: readonly RuleRow[],
  tab: string,
  rows: ReadonlyMap<string, RuleRow>,
  context: RuleContext,
): string {
  const { locale } = context;
  const action = row.actions.find((each) => each.action === outcome.action && writesTarget(each, outcome));
  const done = action === undefined ? outcome.action : actionNamed(action.action)!.reading(action.params, context);
  const reasons = cells.map((cell) => cellText(cell, context)).join(', ') || say(locale, 'rule.why.always');
  const told = say(locale, 'rule.why.applied', { done, place: placeOf(row, tab, locale), cells: reasons });
  const by = outcome.by === undefined ? undefined : rows.get(outcome.by);
  const rowText = by === undefined ? (outcome.by ?? '') : say(locale, 'rule.finding.row', { number: rowNumber(by) });
  const became = outcome.became === 'applied' ? '' : say(locale, `rule.why.${outcome.became}`, { row: rowText });
  if (behind.length === 0) return told + became;
  const numbers = behind.map(rowNumber).sort((a, b) => a - b);
  const listed = say(locale, 'rule.finding.rows', { numbers: numbers.join(say(locale, 'rule.names-separator')) });
  return told + became + say(locale, 'rule.why.behind', { rows: listed });
}

/** A row may set several fields: the action of an outcome is the one with its target. */
function writesTarget({ action, params }: RuleRow['actions'][number], { target }: Outcome): boolean {
  const written = actionNamed(action)!.writes(params);
  return written.length === 0 || target === '' || written.some(({ field }) => field === target);
}

/** The rows that set each other off, in words; null when there was no circle. */
export function circleText(
  compiled: CompiledRules,
  { circle }: Decision,
  locale = compiled.context.locale,
): string | null {
  if (circle === null) return null;
  const rows = rowsById(compiled);
  const name = (id: string): string => {
    const row = rows.get(id);
    return row === undefined ? id : say(locale, 'rule.finding.row', { number: rowNumber(row) });
  };
  const label = (key: string): string => {
    const field = compiled.context.fields.find((each) => each.key === key);
    return field === undefined ? key : labelOf(field, locale);
  };
  const steps = circle.steps.flatMap(({ row, field }) => [name(row), label(field)]);
  return say(locale, 'rule.why.circle', { way: [...steps, name(circle.end)].join(' → ') });
}

export interface WhyNot {
  readonly row: RuleRow;
  /** Cells that do not hold, with the values they see. */
  readonly failing: readonly SeenCell[];
  /** The row is for this kind of event. */
  readonly isMeant: boolean;
  readonly text: string;
}

/**
 * What keeps each row from matching a record, the row that is nearest to it first. `stage` and `row` (an id) choose among
 * the rows; rows that are off are told too.
 */
export function whyNot(
  table: RuleTable,
  context: RuleContext,
  scope: RuleScope,
  event: EventKind,
  choice: { readonly stage?: Stage; readonly row?: string } = {},
): readonly WhyNot[] {
  const rows = table.rows.filter(
    (row) => (choice.stage ?? row.stage) === row.stage && (choice.row ?? row.id) === row.id,
  );
  const compiled = compileRules({ ...table, rows: rows.map((row) => ({ ...row, mode: 'on' as const })) }, context);
  const modes = new Map(rows.map((row) => [row.id, row]));
  const found = compiled.rows.map(({ id }, at): WhyNot => {
    const row = modes.get(id)!;
    const failing = row.conditions.flatMap(({ field, cell, column }, n): readonly SeenCell[] => {
      const value = field === null ? null : (scope.values[field] ?? null);
      let holds = false;
      try {
        holds = compiled.cells[at]![n]!.holds(value, scope);
      } catch {
        // A cell that breaks off does not hold.
      }
      return holds ? [] : [{ ...cellOf(field, cell, column, context), value }];
    });
    const isMeant = row.timing.events.includes(event);
    return { row, failing, isMeant, text: whyNotText(row, failing, isMeant, event, table.tab, context) };
  });
  return found.sort((a, b) => a.failing.length - b.failing.length || a.row.row - b.row.row);
}

function whyNotText(
  row: RuleRow,
  failing: readonly SeenCell[],
  isMeant: boolean,
  event: EventKind,
  tab: string,
  context: RuleContext,
): string {
  const { locale } = context;
  const place = placeOf(row, tab, locale);
  if (row.mode === 'off') return say(locale, 'rule.why-not.off', { place });
  if (failing.length > 0) {
    const cells = failing.map((cell) => cellText(cell, context)).join(', ');
    return say(locale, 'rule.why-not.fails', { place, cells });
  }
  if (!isMeant) return say(locale, 'rule.why-not.timing', { place, event: say(locale, `rule.event.${event}`) });
  return say(locale, 'rule.why-not.matches', { place });
}
