/** What an action is: one file in `actions/` and one line in its index. Pure throughout; nothing here throws. */
import { say } from '../src/messages/index.ts';
import type { CellValue } from '../src/model/cell.ts';
import type { Field, FieldValue, Fault as ValueFault } from '../src/model/field.ts';
import type { RuleContext } from './context.ts';
import type { AssignTarget, EffectBody } from './effect.ts';
import type { EventKind, Stage } from './rule.ts';
import type { RuleScope, Values } from './scope.ts';

export type ActionFaultCode =
  | 'bad-amount'
  | 'bad-length'
  | 'bad-mapping'
  | 'bad-target'
  | 'bad-yes-no'
  | 'cannot-copy'
  | 'empty-action'
  | 'read-only-field'
  | 'unknown-channel'
  | 'unknown-clock'
  | 'unknown-field'
  | 'unknown-group'
  | 'unknown-person'
  | 'unknown-recipient'
  | 'unknown-role'
  | 'unknown-strategy'
  | 'unknown-table'
  | 'unknown-template'
  | 'unknown-webhook'
  | 'unknown-workflow'
  /** The field cannot hold the value; `value` says why. */
  | 'value';

export interface ActionFault {
  readonly code: ActionFaultCode;
  /** The part that is wrong, as typed. */
  readonly part: string;
  /** What was likely meant; null when nothing is close. */
  readonly suggestion: string | null;
  /** A correct cell. */
  readonly example: string;
  readonly value?: ValueFault;
  /** Name of the column of the action that is at fault; absent: its first. */
  readonly column?: string;
}

export type ActionRead<P> =
  | { readonly ok: true; readonly params: P }
  /** Null: the cells ask for nothing. */
  | { readonly ok: true; readonly params: null }
  | { readonly ok: false; readonly fault: ActionFault };

/** What stands in the cell of an action: the text people see, and the value behind it. */
export interface ActionCell {
  readonly text: string;
  readonly raw: CellValue;
}

/** What an action may look at when its row has matched. */
export interface ActionScope extends RuleScope {
  readonly event: EventKind;
  /** Chooses one of several people; null when nobody can take it. Absent: the choice is left open. */
  readonly pick?: (target: AssignTarget, values: Values) => string | null;
}

export interface ActionExample {
  readonly cells: Readonly<Record<string, string>>;
  /** Field of a column such as `设置.状态`. */
  readonly field?: string;
  /** Values of the record. */
  readonly values: Values;
  readonly effects: readonly EffectBody[];
}

export interface Action<P> {
  readonly name: string;
  /** Columns by name, the main one first, with the header texts that name them; the first text of a language is shown. */
  readonly columns: Readonly<Record<string, { readonly 'zh-CN': readonly string[]; readonly en: readonly string[] }>>;
  /** The header is followed by a field: `设置.状态`; there may be a column for each. */
  readonly perField?: true;
  /** Where a row without 组 belongs when this is its action. */
  stage(params: P): Stage;
  /** Reads the cells by column name; a blank cell is absent, and the main one may be. */
  parse(cells: Readonly<Record<string, ActionCell>>, context: RuleContext, field: Field | null): ActionRead<P>;
  /** Keys of the fields whose values it uses. */
  reads(params: P): readonly string[];
  /** Fields it writes; the value where it is known beforehand. */
  writes(params: P): readonly { readonly field: string; readonly value?: FieldValue }[];
  /** Objects of its own each time: they become the effects. */
  apply(params: P, scope: ActionScope): readonly EffectBody[];
  /** The cells in plain words. */
  reading(params: P, context: RuleContext): string;
  /** Exactly two; tested, and shown in the manual. */
  readonly examples: readonly [ActionExample, ActionExample];
}

export function refuseAction(
  code: ActionFaultCode,
  part: string,
  example: string,
  more: { readonly suggestion?: string | null; readonly value?: ValueFault; readonly column?: string } = {},
): { readonly ok: false; readonly fault: ActionFault } {
  return { ok: false, fault: { code, part, example, suggestion: null, ...more } };
}

/** What a person is told: what is wrong, what was likely meant, one correct cell. */
export function actionFaultText(fault: ActionFault, locale: 'zh-CN' | 'en'): string {
  if (fault.value !== undefined) return say(locale, `fault.${fault.value.code}`, fault.value.params);
  const suggestion = fault.suggestion === null ? '' : say(locale, 'rule.did-you-mean', { word: fault.suggestion });
  const told = say(locale, `rule.fault.${fault.code}`, { typed: fault.part });
  return told + suggestion + say(locale, 'rule.for-example', { example: fault.example });
}
