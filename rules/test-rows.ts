/**
 * The 用例 tab: a row is a record and what the rules must do with it. Columns: 用例, 时机, the record's fields, `原.字段` for what
 * stood before a change, `期望.字段` for what must stand afterwards, `期望.命中` (the rows that act, not those that are rehearsed), `期望.通知`, `期望.提示`, and 结果, which is ours.
 */
import { say } from '../src/messages/index.ts';
import { address, type CellValue, cellAt, type Grid, rawText } from '../src/model/cell.ts';
import type { Field, FieldValue, TypedCell } from '../src/model/field.ts';
import { normaliseHeader } from '../src/model/header.ts';
import { plainText, wordKey } from '../src/model/typed.ts';
import { listed } from './action-text.ts';
import type { CompiledRules } from './compile.ts';
import { fieldContext, fieldNamed, labelOf, nearestField, type RuleContext } from './context.ts';
import { recipientName } from './effect.ts';
import { type Evaluation, evaluate, type Pick } from './evaluate.ts';
import { readTiming } from './row-words.ts';
import { dailyName, rowsOfHour } from './rule.ts';
import type { RuleScope, Values } from './scope.ts';
import type { TableFault } from './table-fault.ts';

export interface TestRow {
  /** Place in the tab, counted from 0. */
  readonly row: number;
  readonly name: string;
  readonly passed: boolean;
  /** What was expected and what came instead; empty when it passed. */
  readonly reasons: readonly string[];
  /** For the 结果 column. */
  readonly text: string;
}

export interface TestRun {
  readonly rows: readonly TestRow[];
  /** Column of 结果, counted from 0; null where the tab has none. */
  readonly resultColumn: number | null;
  readonly faults: readonly TableFault[];
}

type Role =
  | { readonly is: 'name' | 'timing' | 'result' | 'blank' | 'unknown' }
  | { readonly is: 'value' | 'before' | 'expected'; readonly field: Field }
  | { readonly is: 'hits' | 'notified' | 'refused' };

const NAMES: Readonly<Record<'name' | 'timing' | 'result', readonly string[]>> = {
  name: ['用例', '名称', 'case', 'name'],
  timing: ['时机', 'when'],
  result: ['结果', 'result'],
};
const BEFORE = ['原', '之前', 'before'];
const EXPECTED = ['期望', '应为', 'expected', 'expect'];
const EXPECTATIONS: Readonly<Record<'hits' | 'notified' | 'refused', readonly string[]>> = {
  hits: ['命中', 'hits', 'rules'],
  notified: ['通知', 'notified', 'notify'],
  refused: ['提示', 'message', 'refused'],
};

function has(words: readonly string[], text: string): boolean {
  return words.some((word) => normaliseHeader(word) === normaliseHeader(text));
}

function roleOf(text: string, context: RuleContext): Role {
  if (text === '') return { is: 'blank' };
  for (const [is, words] of Object.entries(NAMES)) if (has(words, text)) return { is: is as 'name' };
  const [, head = '', tail = ''] = /^([^.．:：]+)[.．:：]\s*(.+)$/.exec(text) ?? [];
  const field = fieldNamed(tail === '' ? text : tail, context.fields);
  if (has(EXPECTED, head)) {
    for (const [is, words] of Object.entries(EXPECTATIONS)) if (has(words, tail)) return { is: is as 'hits' };
    return field === undefined ? { is: 'unknown' } : { is: 'expected', field };
  }
  if (field === undefined) return { is: 'unknown' };
  return has(BEFORE, head) ? { is: 'before', field } : tail === '' ? { is: 'value', field } : { is: 'unknown' };
}

/** The row of the tab that names its columns, a title may stand above it; -1 when none names the cases. */
export function caseHeaderRow(grid: Grid): number {
  return grid.rows.slice(0, 10).findIndex((cells) => cells.some((cell) => has(NAMES.name, plainText(rawText(cell)))));
}

/**
 * Runs every row of the tab. `scope` gives the moment, the people and the calendar; `pick` chooses among several people.
 * A row that cannot be read has not passed. Never throws.
 */
export function runTestRows(
  grid: Grid,
  compiled: CompiledRules,
  scope: Omit<RuleScope, 'values' | 'before'>,
  pick?: Pick,
  headerRow = 0,
): TestRun {
  const { context } = compiled;
  const header = (grid.rows[headerRow] ?? []).map((cell, at) => {
    const text = plainText(rawText(cell));
    return { at, text, role: roleOf(text, context) };
  });
  const faults: TableFault[] = [];
  for (const { at, text, role } of header) {
    if (role.is !== 'unknown') continue;
    const near = nearestField(text.replace(/^.*[.．:：]/, ''), context);
    const meant = near === null ? '' : say(context.locale, 'rule.did-you-mean', { word: near });
    faults.push(
      faultAt(
        grid.tab,
        headerRow,
        at,
        text,
        'unknown-header',
        say(context.locale, 'rule.case.unknown-header', { typed: text }) + meant,
        context,
      ),
    );
  }
  const rows: TestRow[] = [];
  for (let row = headerRow + 1; row < grid.rows.length; row++) {
    const cells = header.flatMap((column) => {
      const cell = cellAt(grid, row, column.at);
      return isFilled(cell) && column.role.is !== 'blank' ? [{ ...column, cell }] : [];
    });
    if (cells.every(({ role }) => role.is === 'result')) continue;
    const name = cells.find(({ role }) => role.is === 'name');
    const reasons = runRow(cells, compiled, scope, pick, row, grid.tab, faults);
    const passed = reasons.length === 0;
    const text = passed
      ? say(context.locale, 'rule.case.passed')
      : say(context.locale, 'rule.case.failed', { reasons: reasons.join(' ') });
    rows.push({ row, name: name === undefined ? '' : plainText(rawText(name.cell)), passed, reasons, text });
  }
  return { rows, resultColumn: header.find(({ role }) => role.is === 'result')?.at ?? null, faults };
}

interface FilledCell {
  readonly at: number;
  readonly text: string;
  readonly role: Role;
  readonly cell: CellValue;
}

function runRow(
  cells: readonly FilledCell[],
  compiled: CompiledRules,
  scope: Omit<RuleScope, 'values' | 'before'>,
  pick: Pick | undefined,
  row: number,
  tab: string,
  faults: TableFault[],
): readonly string[] {
  const { context } = compiled;
  const values: Record<string, FieldValue> = {};
  const changed: Record<string, FieldValue> = {};
  const expected: { readonly field: Field; readonly value: FieldValue }[] = [];
  const broken: string[] = [];
  const fault = (cell: FilledCell, code: string, text: string): void => {
    const found = faultAt(tab, row, cell.at, cell.text, code, text, context);
    faults.push(found);
    broken.push(found.text);
  };
  for (const cell of cells) {
    const { role } = cell;
    if (role.is === 'unknown') broken.push(say(context.locale, 'rule.table.unknown-column'));
    if (role.is !== 'value' && role.is !== 'before' && role.is !== 'expected') continue;
    const read = readValue(cell.cell, role.field, context);
    if (!read.ok) fault(cell, read.code, read.text);
    else if (role.is === 'value') values[role.field.key] = read.value;
    else if (role.is === 'before') changed[role.field.key] = read.value;
    else expected.push({ field: role.field, value: read.value });
  }
  const timed = cells.find(({ role }) => role.is === 'timing');
  const isChange = cells.some(({ role }) => role.is === 'before');
  const timing = timed === undefined ? null : readTiming(rawText(timed.cell), context);
  if (timed !== undefined && timing === null) {
    fault(timed, 'unknown-timing', say(context.locale, 'rule.table.unknown-timing', { typed: rawText(timed.cell) }));
  }
  if (broken.length > 0) return broken;
  const kind = timing?.events[0] ?? (isChange ? 'update' : 'create');
  const before: Values | null = kind === 'create' ? null : { ...values, ...changed };
  const hour = timing?.daily ?? null;
  const rows = hour === null ? {} : { rows: rowsOfHour(compiled.rows, dailyName(hour)) };
  const result = evaluate(compiled, { id: 'case', record: 'case', kind, ...rows }, { ...scope, values, before }, pick);
  return [
    ...expected.flatMap(({ field, value }) => differsAt(field, value, result, context)),
    ...cells.flatMap((cell) => otherExpectations(cell, result, compiled)),
  ];
}

function differsAt(field: Field, value: FieldValue, result: Evaluation, context: RuleContext): readonly string[] {
  const came = result.values[field.key] ?? null;
  if (came === value) return [];
  const shown = (each: FieldValue): string => (each === null ? say(context.locale, 'rule.value.empty') : String(each));
  const params = { what: labelOf(field, context.locale), expected: shown(value), came: shown(came) };
  return [say(context.locale, 'rule.case.differs', params)];
}

/** Lists must be the same, whatever their order; blanks in 期望 columns ask nothing. */
function otherExpectations(
  { role, cell, text }: FilledCell,
  result: Evaluation,
  { context, rows }: CompiledRules,
): readonly string[] {
  const came = cameOf(role, result, rows);
  if (came === null) return [];
  const typed = rawText(cell);
  const wanted = NOTHING.test(typed.trim()) ? [] : listed(typed);
  const keys = (words: readonly string[]): string =>
    words
      .map((word) => wordKey(recipientKey(word)))
      .sort()
      .join('\n');
  if (keys(wanted) === keys(came)) return [];
  const nothing = say(context.locale, 'rule.value.empty');
  const separator = say(context.locale, 'rule.names-separator');
  const params = { what: text, expected: wanted.join(separator) || nothing, came: came.join(separator) || nothing };
  return [say(context.locale, 'rule.case.differs', params)];
}

const NOTHING = /^(?:无|没有|空|none|nothing|-)$/i;

function cameOf(role: Role, { decision, effects }: Evaluation, rows: CompiledRules['rows']): readonly string[] | null {
  switch (role.is) {
    case 'hits':
      return decision.matched.flatMap((id) => {
        const row = rows.find((each) => each.id === id);
        return row?.mode === 'rehearse' || isPassedOver(id, decision) ? [] : [row?.name ?? id];
      });
    case 'notified':
      return effects.flatMap((effect) =>
        effect.do === 'notify' ? effect.to.map((one) => (one.to === 'field' ? one.value : recipientName(one))) : [],
      );
    case 'refused':
      return effects.flatMap((effect) => (effect.do === 'refuse' ? listed(effect.text) : []));
    default:
      return null;
  }
}

/** It matched, but another row came before it in everything it asks for, as with the fallbacks of 分配. */
function isPassedOver(id: string, { outcomes }: Evaluation['decision']): boolean {
  const own = outcomes.filter(({ row }) => row === id);
  return own.length > 0 && own.every(({ became }) => became === 'shadowed');
}

/** `角色:客服` and `role:客服` are the same. */
function recipientKey(word: string): string {
  return word.replace(/^(?:角色|role)\s*[:：]\s*/i, 'role:').replace(/^(?:组|小组|group)\s*[:：]\s*/i, 'group:');
}

type Read =
  | { readonly ok: true; readonly value: FieldValue }
  | { readonly ok: false; readonly code: string; readonly text: string };

/** 空 says that the field is, or must be, empty. */
function readValue(cell: CellValue, field: Field, context: RuleContext): Read {
  const { locale } = context;
  if (typeof cell === 'object' && cell !== null && (cell.kind === 'error' || cell.kind === 'formula')) {
    const typed = cell.kind === 'error' ? cell.code : rawText(cell.result);
    const key = cell.kind === 'error' ? 'cell-error' : 'cell-formula';
    return { ok: false, code: 'sheet-error', text: say(locale, `rule.table.${key}`, { typed }) };
  }
  const typed = rawText(cell);
  if (EMPTY.test(typed.trim())) return { ok: true, value: null };
  const plain: TypedCell = typeof cell === 'object' && cell?.kind !== 'date' ? typed : (cell as TypedCell);
  const parsed = field.type.parse(plain, fieldContext(field, context));
  if (parsed.ok) return { ok: true, value: parsed.value };
  return { ok: false, code: parsed.fault.code, text: say(locale, `fault.${parsed.fault.code}`, parsed.fault.params) };
}

const EMPTY = /^(?:空|为空|empty)$/i;

function isFilled(cell: CellValue): boolean {
  if (cell === null) return false;
  if (typeof cell === 'object') return cell.kind !== 'covered';
  return typeof cell !== 'string' || plainText(cell) !== '';
}

function faultAt(
  tab: string,
  row: number,
  column: number,
  header: string,
  code: string,
  text: string,
  { locale }: RuleContext,
): TableFault {
  const place = address(row, column);
  const told = say(locale, 'rule.place', { tab, address: place, header, text });
  return { level: 'error', code, row, column, address: place, header, text: told };
}
