/** What the checks find in a table, and how it is told. */
import { say } from '../../src/messages/index.ts';
import type { FieldValue } from '../../src/model/field.ts';
import { fieldContext, labelOf, type RuleContext } from '../context.ts';
import { type RuleRow, rowNumber } from '../rule.ts';
import { OTHER } from './domain.ts';

export type FindingCode =
  | 'impossible-cell'
  | 'impossible-row'
  | 'unreachable'
  | 'identical'
  | 'contradiction'
  | 'overlap'
  | 'gap'
  | 'loop'
  | 'endless-time'
  | 'inactive-assignee'
  | 'option-removed'
  | 'no-hits'
  | 'undecided';

export interface Finding {
  readonly level: 'error' | 'warning' | 'info';
  readonly code: FindingCode;
  /** The row it is about; null: the table. */
  readonly row: RuleRow | null;
  /** Other rows that have to do with it. */
  readonly others: readonly RuleRow[];
  /** Column of the tab, counted from 0, where there is one to point at. */
  readonly column: number | null;
  /** Values of a record that shows it; fields that are left out are empty. */
  readonly witness: Readonly<Record<string, FieldValue>> | null;
  /** For people. */
  readonly text: string;
}

export interface FindingDetails {
  readonly row?: RuleRow;
  readonly others?: readonly RuleRow[];
  readonly column?: number;
  readonly witness?: Readonly<Record<string, FieldValue>>;
  readonly params?: Readonly<Record<string, string | number>>;
}

export function finding(
  level: Finding['level'],
  code: FindingCode,
  context: RuleContext,
  { row, others = [], column, witness, params = {} }: FindingDetails,
): Finding {
  const { locale } = context;
  const told = say(locale, `rule.finding.${code}`, {
    rows: rowsText(others, context),
    witness: witness === undefined ? '' : witnessText(witness, context),
    ...params,
  });
  return { level, code, row: row ?? null, others, column: column ?? null, witness: witness ?? null, text: told };
}

/** `行 4、9`. */
export function rowsText(rows: readonly RuleRow[], { locale }: RuleContext): string {
  const numbers = rows.map(rowNumber).sort((a, b) => a - b);
  return say(locale, 'rule.finding.rows', { numbers: numbers.join(say(locale, 'rule.names-separator')) });
}

/** `类别=地面, 优先级=紧急`. */
function witnessText(witness: Readonly<Record<string, FieldValue>>, context: RuleContext): string {
  const { locale } = context;
  const parts = Object.entries(witness).map(([key, value]) => {
    const field = context.fields.find((each) => each.key === key);
    return `${field === undefined ? key : labelOf(field, locale)}=${shown(value, field, context)}`;
  });
  return parts.length === 0 ? say(locale, 'rule.finding.anything') : parts.join(', ');
}

function shown(value: FieldValue, field: RuleContext['fields'][number] | undefined, context: RuleContext): string {
  if (value === null) return say(context.locale, 'rule.value.empty');
  if (value === OTHER) return say(context.locale, 'rule.finding.other');
  if (typeof value === 'boolean' || field?.type.name !== 'duration') {
    return typeof value === 'boolean' ? say(context.locale, value ? 'rule.value.yes' : 'rule.value.no') : String(value);
  }
  return String(field.type.format(value, fieldContext(field, context)));
}
