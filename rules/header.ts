/** What the columns of a rule tab are: the tab's own, conditions on a field, and actions. */
import { say } from '../src/messages/index.ts';
import { address, type CellValue, rawText } from '../src/model/cell.ts';
import type { Field } from '../src/model/field.ts';
import { normaliseHeader } from '../src/model/header.ts';
import { nearest } from '../src/model/nearest.ts';
import { plainText } from '../src/model/typed.ts';
import type { Action } from './action.ts';
import { actions } from './actions/index.ts';
import { type HeaderOperator, headerOperator } from './cell/index.ts';
import { fieldNamed, labelOf, type RuleContext } from './context.ts';
import type { TableFault } from './table-fault.ts';

/** Columns of the tab itself. `note` is people's own; `check` to `last-hit` are written by the service. */
export type OwnColumn =
  | 'id'
  | 'mode'
  | 'name'
  | 'stage'
  | 'timing'
  | 'extra'
  | 'overwrite'
  | 'note'
  | 'check'
  | 'reading'
  | 'hits'
  | 'last-hit';

export type ColumnRole =
  | { readonly is: 'own'; readonly column: OwnColumn }
  | { readonly is: 'condition'; readonly field: Field; readonly operator: HeaderOperator | null }
  | {
      readonly is: 'action';
      readonly action: Action<unknown>;
      /** Which of the action's columns. */
      readonly part: string;
      readonly field: Field | null;
    }
  /** A header that says nothing we know: rows with something below it do not run. */
  | { readonly is: 'unknown' }
  /** No header, and so no part of the table. */
  | { readonly is: 'blank' };

export interface Column {
  readonly at: number;
  /** The header as people see it. */
  readonly header: string;
  readonly role: ColumnRole;
}

/** Header texts of the tab's own columns; the first of each language is shown. */
export const ownColumns: Readonly<
  Record<OwnColumn, { readonly 'zh-CN': readonly string[]; readonly en: readonly string[] }>
> = {
  id: { 'zh-CN': ['规则编号', '规则ID'], en: ['rule id'] },
  mode: { 'zh-CN': ['启用', '是否启用'], en: ['on', 'enabled', 'mode'] },
  name: { 'zh-CN': ['名称', '规则名称', '规则'], en: ['name', 'rule name', 'rule'] },
  stage: { 'zh-CN': ['组', '规则组', '阶段'], en: ['group', 'stage'] },
  timing: { 'zh-CN': ['时机', '触发时机'], en: ['when', 'timing'] },
  extra: { 'zh-CN': ['附加条件'], en: ['extra condition', 'also'] },
  overwrite: { 'zh-CN': ['覆盖'], en: ['overwrite'] },
  note: { 'zh-CN': ['规则说明', '规则备注'], en: ['rule note', 'rule notes'] },
  check: { 'zh-CN': ['检查'], en: ['check'] },
  reading: { 'zh-CN': ['解读'], en: ['reading'] },
  hits: { 'zh-CN': ['命中30天'], en: ['hits in 30 days', 'hits 30 days'] },
  'last-hit': { 'zh-CN': ['最近命中'], en: ['last hit'] },
};

function named(text: string, texts: { readonly 'zh-CN': readonly string[]; readonly en: readonly string[] }): boolean {
  const key = normaliseHeader(text);
  const says = (each: string): boolean => normaliseHeader(each) === key;
  return texts['zh-CN'].some(says) || texts.en.some(says);
}

/**
 * The role of every column. Faults are of the header: what is not known, and what stands twice. A condition may stand
 * twice, because then both cells must hold.
 */
export function readHeader(
  tab: string,
  header: readonly CellValue[],
  row: number,
  context: RuleContext,
): { readonly columns: readonly Column[]; readonly faults: readonly TableFault[] } {
  const faults: TableFault[] = [];
  const columns = readColumns(header, context).map(({ text, read }, at): Column => {
    if (read.is !== 'unknown') return { at, header: text, role: read };
    const near = read.near();
    const meant = near === null ? '' : say(context.locale, 'rule.did-you-mean', { word: near });
    const told = say(context.locale, `rule.table.${read.code}`, { typed: text });
    const place = address(row, at);
    const placed = say(context.locale, 'rule.place', { tab, address: place, header: text, text: told + meant });
    faults.push({ level: 'error', code: read.code, row, column: at, address: place, header: text, text: placed });
    return { at, header: text, role: { is: 'unknown' } };
  });
  return { columns, faults };
}

/** How many cells of a row mean something as a header. */
export function knownColumns(header: readonly CellValue[], context: RuleContext): number {
  return readColumns(header, context).filter(({ read }) => read.is !== 'blank' && read.is !== 'unknown').length;
}

function readColumns(
  header: readonly CellValue[],
  context: RuleContext,
): readonly { readonly text: string; readonly read: Read }[] {
  const taken = new Set<string>();
  return header.map((cell) => {
    const text = plainText(rawText(cell));
    const read: Read = text === '' ? { is: 'blank' } : roleOf(text, context);
    const slot = read.is === 'unknown' ? null : slotOf(read);
    if (slot === null) return { text, read };
    if (taken.has(slot)) return { text, read: { is: 'unknown', code: 'doubled-header', near: () => null } };
    taken.add(slot);
    return { text, read };
  });
}

/** What may stand once. */
function slotOf(role: ColumnRole): string | null {
  if (role.is === 'own') return role.column === 'note' || role.column === 'extra' ? null : role.column;
  return role.is === 'action' ? `${role.action.name}.${role.part}.${role.field?.key ?? ''}` : null;
}

type Read =
  | Exclude<ColumnRole, { is: 'unknown' }>
  | {
      readonly is: 'unknown';
      readonly code: 'unknown-header' | 'unknown-operator' | 'doubled-header';
      /** What was likely meant. Compares with every header there is, which takes its time. */
      near(): string | null;
    };

/** The tab's own words go before actions, and both before fields: 超时 is also what some people call the SLA state. */
function roleOf(text: string, context: RuleContext): Read {
  for (const [column, texts] of Object.entries(ownColumns)) {
    if (named(text, texts)) return { is: 'own', column: column as OwnColumn };
  }
  const [, head = '', tail = ''] = /^([^.．:：]+)[.．:：]\s*(.+)$/.exec(text) ?? [];
  for (const action of actions) {
    for (const [part, texts] of Object.entries(action.columns)) {
      if (!action.perField && named(text, texts)) return { is: 'action', action, part, field: null };
      if (!action.perField || !named(head, texts)) continue;
      const field = fieldNamed(tail, context.fields);
      if (field !== undefined) return { is: 'action', action, part, field };
      const near = (): string | null => {
        const word = nearest(tail, labels(context));
        return word === null ? null : `${head}.${word}`;
      };
      return { is: 'unknown', code: 'unknown-header', near };
    }
  }
  const field = fieldNamed(text, context.fields);
  if (field !== undefined) return { is: 'condition', field, operator: null };
  const before = fieldNamed(head, context.fields);
  if (before !== undefined) {
    const operator = headerOperator(tail);
    if (operator !== undefined) return { is: 'condition', field: before, operator };
    return { is: 'unknown', code: 'unknown-operator', near: () => null };
  }
  return { is: 'unknown', code: 'unknown-header', near: () => nearest(text, everyHeader(context)) };
}

function labels({ fields, locale }: RuleContext): readonly string[] {
  return fields.map((field) => labelOf(field, locale));
}

function everyHeader(context: RuleContext): readonly string[] {
  const { locale } = context;
  return [
    ...labels(context),
    ...context.fields.flatMap(({ headers }) => headers),
    ...Object.values(ownColumns).map((texts) => texts[locale][0]!),
    ...actions.flatMap(({ columns, perField }) =>
      perField ? [] : Object.values(columns).map((texts) => texts[locale][0]!),
    ),
  ];
}
