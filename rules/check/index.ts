/**
 * What can be said about a table without running it (Calvanese et al., Information Systems 78, 2018: a row is a box over
 * the columns). Every claim is proved: a row called unreachable is taken by rows above it in every case, and a record
 * shown as a witness does what is said of it. What cannot be decided within the work allowed is said to be undecided.
 */
import type { FieldValue } from '../../src/model/field.ts';
import { actionNamed } from '../actions/index.ts';
import type { RuleContext } from '../context.ts';
import { type RuleRow, type RuleTable, stages } from '../rule.ts';
import { boxesOf } from './box.ts';
import { contradictions, gaps, identicalRows, impossibleRows, unreachableRows } from './coverage.ts';
import { domainOf } from './domain.ts';
import type { Finding } from './finding.ts';
import { loops } from './loops.ts';
import { endlessTimes, type HitCount, inactiveAssignees, removedOptions, rowsWithoutHits } from './remarks.ts';

export type { Finding, FindingCode } from './finding.ts';
export type { HitCount } from './remarks.ts';

export interface CheckOptions {
  /** Hits of each row by id, and since when they have been counted. */
  readonly hits?: ReadonlyMap<string, HitCount>;
  /** Milliseconds since 1970; needed for `hits`. */
  readonly now?: number;
  /** Tell every overlap of every stage, not only what contradicts in 状态. */
  readonly overlaps?: boolean;
}

const LEVELS: readonly Finding['level'][] = ['error', 'warning', 'info'];

/** Everything there is to say about a table, the gravest first. Rows that are off are not looked at. */
export function checkRules(table: RuleTable, context: RuleContext, options: CheckOptions = {}): readonly Finding[] {
  const rows = stages.flatMap((stage) => table.rows.filter((row) => row.mode !== 'off' && row.stage === stage));
  const domains = context.fields.flatMap((field) => {
    const tests = rows.flatMap(({ conditions }) =>
      conditions.flatMap(({ field: key, test }) => (key === field.key ? [test] : [])),
    );
    return tests.length === 0 ? [] : [domainOf(field, tests, writtenInto(field.key, rows), context)];
  });
  const boxes = boxesOf(rows, domains, context);
  const impossible = impossibleRows(boxes, context);
  const identical = identicalRows(boxes, context);
  const told = new Set([...impossible, ...identical].flatMap(({ row }) => row ?? []));
  const findings = [
    ...impossible,
    ...identical,
    ...unreachableRows(boxes, context, told),
    ...contradictions(boxes, domains, context, options.overlaps ?? false),
    ...gaps(boxes, domains, context),
    ...loops(boxes, domains, context),
    ...endlessTimes(rows, context),
    ...inactiveAssignees(rows, context),
    ...removedOptions(rows, context),
    ...(options.hits === undefined ? [] : rowsWithoutHits(rows, options.hits, options.now ?? 0, context)),
  ];
  return LEVELS.flatMap((level) => findings.filter((each) => each.level === level));
}

/** What rules write into a field; undefined where that is known only when it happens. */
function writtenInto(key: string, rows: readonly RuleRow[]): readonly (FieldValue | undefined)[] {
  return rows.flatMap(({ actions }) =>
    actions.flatMap(({ action, params }) =>
      actionNamed(action)!
        .writes(params)
        .flatMap(({ field, value }) => (field === key ? [value] : [])),
    ),
  );
}
