/**
 * The SLA tab: a row promises times to the tickets that meet its conditions; the first row that fits a ticket counts.
 * Columns the tab does not know itself are conditions on fields: their cells are kept as they stand, for the language of
 * the rules.
 */
import { createHash } from 'node:crypto';
import type { CalendarDefinition } from '../../model/calendar-days.ts';
import type { CellValue, Grid } from '../../model/cell.ts';
import type { Field } from '../../model/field.ts';
import { normaliseHeader } from '../../model/header.ts';
import { nearest } from '../../model/nearest.ts';
import {
  type Metric,
  metrics,
  policyDefaults,
  type SlaPolicy,
  type SlaTarget,
  type TimeMode,
} from '../../model/sla/policy.ts';
import { type StatusCategory, statusCategory, statusOptions } from '../../model/status.ts';
import { wordKey } from '../../model/typed.ts';
import { readSteps } from './reading/escalation.ts';
import { isBlank, shortened, type TabRow } from './reading/row.ts';
import { type ConfigTab, column, readTab, type TabContext, type TabRows } from './reading/tab.ts';
import { readTarget, workDaySeconds } from './reading/target.ts';

/** A condition cell as it stands. */
export interface RawCondition {
  readonly field: string;
  readonly cell: CellValue;
  /** Counted from 0. */
  readonly column: number;
}

export interface SlaRow {
  readonly policy: SlaPolicy;
  /** Name of the calendar its clocks count by; null: the ticket's own. */
  readonly calendar: string | null;
  readonly conditions: readonly RawCondition[];
  /** Place in the tab, counted from 0. */
  readonly row: number;
}

const columns = [
  column('name', '名称 / Name', 'SLA, 策略, SLA名称, 规则名称, 服务级别, Policy', { required: true }),
  column('enabled', '启用 / Enabled', '是否启用, 有效, Active, On'),
  column('first-response', '首次响应 / First response', '首响, 响应, 首次响应时限, 响应时限, 响应时间, FRT'),
  column('next-response', '再次响应 / Next response', '后续响应, 再次响应时限, NRT'),
  column('resolution', '解决 / Resolution', '解决时限, 处理时限, 解决时间, 处理时间, Resolve, Solved within'),
  column('mode', '计时方式 / Counted in', '计时, 时间类型, 工作时间/自然时间, Mode, Time mode'),
  column('calendar', '日历 / Calendar', '工作日历, 日历名称, Working hours'),
  column('pausing', '暂停状态 / Paused while', '暂停, 停表状态, 挂起状态, Pausing statuses, Pauses'),
  column('warn', '预警 / Warn at', '预警比例, 提醒比例, 预警点, Warnings, Warn levels'),
  column('steps', '升级 / Escalation', '升级步骤, 升级规则, 超时升级, Escalations, Steps'),
];

export const slaTab: ConfigTab<readonly SlaRow[]> = {
  name: 'sla',
  columns,
  read(grid: Grid, context: TabContext) {
    return readTab<readonly SlaRow[]>(
      grid,
      columns,
      [],
      (given) => {
        const conditions = conditionColumns(given, context);
        const names = new Map<string, TabRow>();
        return given.rows.flatMap((row) => readRow(row, conditions, names, context));
      },
      { takesOthers: true },
    );
  },
};

interface ConditionColumn {
  readonly field: Field;
  readonly column: number;
}

/** The columns that are about a field; a header that names none is told, for its cells would be silently ignored. */
function conditionColumns({ others, noteHead }: TabRows, { fields }: TabContext): readonly ConditionColumn[] {
  return others.flatMap(({ column: at, text }) => {
    const wanted = normaliseHeader(text);
    const names = (field: Field) => [
      field.key,
      ...Object.values(field.label),
      ...field.headers,
      ...(field.weakHeaders ?? []),
    ];
    const field = fields.find((each) => names(each).some((name) => normaliseHeader(name) === wanted));
    if (field !== undefined) return [{ field, column: at }];
    const meant = nearest(text, [
      ...fields.flatMap((each) => Object.values(each.label)),
      ...columns.flatMap(({ label }) => Object.values(label)),
    ]);
    if (meant === null) noteHead('warning', at, 'tab-header-unknown', { typed: shortened(text) });
    else noteHead('warning', at, 'tab-header-near', { typed: shortened(text), meant });
    return [];
  });
}

function readRow(
  row: TabRow,
  conditions: readonly ConditionColumn[],
  names: Map<string, TabRow>,
  context: TabContext,
): readonly SlaRow[] {
  const name = row.text('name');
  const earlier = names.get(wordKey(name));
  if (earlier !== undefined)
    row.note('error', 'name', 'tab-name-twice', { name: shortened(name), row: earlier.row + 1 });
  else names.set(wordKey(name), row);
  const enabled = row.flag('enabled', true);
  const mode = readMode(row);
  const calendar = readCalendar(row, context);
  const dayOf = context.calendars?.find((each) => each.name === calendar) ?? context.calendars?.[0];
  const targets = readTargets(row, mode, dayOf);
  const policy: Omit<SlaPolicy, 'version'> = {
    id: name,
    targets,
    pausing: readPausing(row),
    warnPercents: readWarnings(row),
    steps: readSteps(row, targets, workDaySeconds(dayOf)),
  };
  if (Object.keys(targets).length === 0) row.note('incomplete', 'name', 'tab-sla-no-target');
  if (!row.isSound || !enabled) return [];
  const raw = conditions
    .map(({ field, column: at }) => ({ field: field.key, cell: row.raw(at), column: at }))
    .filter(({ cell }) => !isBlank(cell));
  const version = createHash('sha256')
    .update(JSON.stringify([policy, calendar, raw]))
    .digest('hex')
    .slice(0, 16);
  return [{ policy: { ...policy, version }, calendar, conditions: raw, row: row.row }];
}

const MODES: readonly (readonly [RegExp, TimeMode])[] = [
  [/^(?:工作时间|工作|工时|business(?: hours| time)?|working(?: hours| time)?)$/i, 'business'],
  [/^(?:自然时间|自然|日历时间|全天|7 ?[x×*] ?24|24 ?[x×*] ?7|calendar(?: time| hours)?|24\/7)$/i, 'calendar'],
];

function readMode(row: TabRow): TimeMode {
  const typed = row.text('mode');
  if (typed === '') return 'business';
  const found = MODES.find(([words]) => words.test(typed));
  if (found === undefined) row.note('error', 'mode', 'tab-sla-mode', { typed: shortened(typed) });
  return found?.[1] ?? 'business';
}

function readCalendar(row: TabRow, { calendars }: TabContext): string | null {
  const typed = row.text('calendar');
  if (typed === '') return null;
  if (calendars === null) return typed;
  const names = calendars.map(({ name }) => name);
  const found = names.find((name) => wordKey(name) === wordKey(typed));
  if (found !== undefined) return found;
  const meant = nearest(typed, names);
  if (meant === null)
    row.note('error', 'calendar', 'tab-calendar-unknown', { typed: shortened(typed), known: names.join(' / ') || '—' });
  else row.note('error', 'calendar', 'tab-calendar-unknown-near', { typed: shortened(typed), meant });
  return null;
}

function readTargets(
  row: TabRow,
  mode: TimeMode,
  calendar: CalendarDefinition | undefined,
): Readonly<Partial<Record<Metric, SlaTarget>>> {
  const targets: Partial<Record<Metric, SlaTarget>> = {};
  for (const metric of metrics) {
    const cell = row.cell(metric);
    if (cell === null || /^[-—/无]$/.test(row.text(metric))) continue;
    const read = readTarget(cell, mode, workDaySeconds(calendar));
    if (read.ok) targets[metric] = read.target;
    else row.note('error', metric, read.code, { typed: shortened(row.text(metric)) });
  }
  return targets;
}

function readPausing(row: TabRow): readonly StatusCategory[] {
  if (row.isBlank('pausing')) return policyDefaults.pausing;
  if (/^(?:无|不暂停|从不|none|never)$/i.test(row.text('pausing'))) return [];
  return row.words('pausing').flatMap((typed) => {
    const key = wordKey(typed);
    const option = statusOptions.find((each) =>
      [each.label, each.en, each.category, ...each.aliases].some((text) => text !== undefined && wordKey(text) === key),
    );
    const category = option?.category ?? statusCategory(typed);
    if (category !== undefined) return [category];
    const labels = statusOptions.map(({ label }) => label);
    const names = statusOptions.map((each) => each.en ?? each.label);
    row.note('error', 'pausing', 'tab-sla-status', {
      typed: shortened(typed),
      known: labels.join(' / '),
      'known-en': names.join(' / '),
    });
    return [];
  });
}

/** `50%,80%`; an app turns a lone `80%` into 0.8. */
function readWarnings(row: TabRow): readonly number[] {
  const cell = row.cell('warn');
  if (cell === null) return policyDefaults.warnPercents;
  if (/^(?:无|不预警|none)$/i.test(row.text('warn'))) return [];
  const texts =
    typeof cell === 'number' ? [`${cell <= 1 ? Number((cell * 100).toPrecision(15)) : cell}%`] : row.words('warn');
  const percents = texts.flatMap((text) => {
    const percent = Number(/^(\d{1,3}(?:\.\d+)?) ?%?$/.exec(text)?.[1]);
    if (percent > 0 && percent < 100) return [percent];
    row.note('error', 'warn', 'tab-sla-warn', { typed: shortened(text) });
    return [];
  });
  return [...new Set(percents)].sort((a, b) => a - b);
}
