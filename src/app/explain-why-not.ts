/** The part of `explain` about rules that did not act on a ticket: what kept each from matching, the nearest first. */
import { whyNot } from '../../rules/explain.ts';
import { type EventKind, type RuleRow, rowNumber } from '../../rules/rule.ts';
import type { RuleScope, Values } from '../../rules/scope.ts';
import type { App } from '../app.ts';
import { say } from '../messages/index.ts';
import { address } from '../model/cell.ts';
import { NotFoundError } from '../model/errors.ts';
import type { FieldValue } from '../model/field.ts';
import { nearest } from '../model/nearest.ts';
import type { KeptRecord } from '../model/record.ts';
import { tableOf } from '../model/tables.ts';
import { wordKey } from '../model/typed.ts';
import { headerText, rulesTabOf, ruleTableOf } from './config-look.ts';

/** A cell of a rule, and the value it was asked about. */
export interface CellLine {
  /** A1 address in the rules tab. */
  readonly cell: string;
  readonly header: string;
  readonly text: string;
  /** Null also for a free formula, which looks at the whole ticket. */
  readonly value: FieldValue;
}

export interface WhyNotLine {
  readonly rule: string;
  readonly tab: string;
  /** Row number as the sheet shows it. */
  readonly row: number;
  /** Cells that do not hold. */
  readonly cells: readonly CellLine[];
  readonly text: string;
}

const MOST_LINES = 3;
/** The event each row is asked about: the first of these it is meant for. */
const ASKED: readonly EventKind[] = ['create', 'update', 'due'];

/**
 * Rows in force that have not matched, by how much is missing. `rule` asks about one by name or row number, also when it
 * matched or is off. Throws `NotFoundError` `unknown-rule`.
 */
export async function whyNotLines(
  app: App,
  record: KeptRecord,
  matched: ReadonlySet<string>,
  { rule, all }: { readonly rule: string | null; readonly all: boolean },
): Promise<readonly WhyNotLine[]> {
  const configuration = await app.keeper.current();
  const kept = await app.keeper.kept();
  const read = ruleTableOf(kept, configuration);
  const tab = rulesTabOf(kept);
  const rows = read?.table.rows ?? [];
  const chosen =
    rule === null
      ? rows.filter(({ id, mode }) => !matched.has(id) && (all || mode !== 'off'))
      : [findRule(app, rows, rule)];
  if (tab === undefined) return [];
  const { ruleContext, directory, calendarOf, calendarRef } = configuration;
  const values: Values = { ...record.values, [tableOf(record.table).idField.key]: record.number };
  const scope: RuleScope = {
    values,
    before: values,
    now: app.clock.now().getTime(),
    timeZone: app.settings.timeZone,
    me: null,
    directory,
    calendar: calendarOf(calendarRef(null)),
  };
  const askedAs = ({ timing }: RuleRow): EventKind =>
    ASKED.find((kind) => timing.events.includes(kind)) ?? timing.events[0] ?? 'update';
  const found = [...new Set(chosen.map(askedAs))].flatMap((kind) =>
    whyNot(
      { tab: tab.tab, rows: chosen.filter((row) => askedAs(row) === kind) },
      ruleContext,
      kind === 'create' ? { ...scope, before: null } : scope,
      kind,
    ),
  );
  const sorted = found.toSorted((a, b) => a.failing.length - b.failing.length || a.row.row - b.row.row);
  return sorted.slice(0, all || rule !== null ? sorted.length : MOST_LINES).map(({ row, failing, isMeant, text }) => ({
    rule: row.name,
    tab: tab.tab,
    row: rowNumber(row),
    cells: failing.map(({ column, cell, value }) => ({
      cell: address(row.row, column),
      header: headerText(tab, column),
      text: cell,
      value,
    })),
    text:
      failing.length === 0 && isMeant && row.mode !== 'off'
        ? text + say(app.settings.locale, 'explain-holds-now')
        : text,
  }));
}

function findRule(app: App, rows: readonly RuleRow[], wanted: string): RuleRow {
  const found = rows.find(
    (row) => wordKey(row.name) === wordKey(wanted) || row.id === wanted || String(rowNumber(row)) === wanted.trim(),
  );
  if (found !== undefined) return found;
  const { locale } = app.settings;
  const names = rows.map(({ name }) => name);
  const meant = nearest(wanted, names);
  throw new NotFoundError('unknown-rule', say(locale, 'cli-unknown-rule', { name: wanted }), {
    hint: say(locale, meant === null ? 'cli-unknown-rule-hint' : 'cli-did-you-mean', {
      known: names.join(say(locale, 'rule.names-separator')),
      meant: meant ?? '',
    }),
    details: { rule: wanted },
  });
}
