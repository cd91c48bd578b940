/**
 * The 日历 tab: weekly hours and days that differ, of one or several calendars. A row is about weekdays (周一至周五 09:00-12:00,
 * 13:30-18:00) or about dates (2026-10-01..2026-10-07 休); the hours may stand in the same cell or beside it, in as many
 * columns as a team likes. `中国节假日 2026` stands for the public holidays the program knows.
 */
import {
  type CalendarDefinition,
  type CalendarFault,
  calendarFaults,
  type DateHours,
  type Hours,
  type WeeklyHours,
} from '../../model/calendar-days.ts';
import { publicHolidays } from '../../model/calendars/index.ts';
import type { Grid } from '../../model/cell.ts';
import { isoDay } from '../../model/moment.ts';
import { cellText, FIRST_WALL, plainText, wordKey } from '../../model/typed.ts';
import { wallOf } from '../../model/wall-clock.ts';
import { shortened, type TabRow } from './reading/row.ts';
import { readDays, readHoursList, wallDay } from './reading/spans.ts';
import { type ConfigTab, column, readTab, type TabContext } from './reading/tab.ts';
import { readWeekdays } from './reading/weekdays.ts';

const columns = [
  column('name', '日历 / Calendar', '日历名称, 日历名, 班次, Calendar name, Shift'),
  column('day', '日期 / Day', '星期, 日期或星期, 适用日期, 周几, Date, Days, Weekday', { required: true }),
  column(
    'hours',
    '时段 / Hours',
    '工作时段, 工作时间, 时间, 上午, 下午, 晚上, 上下班, Working hours, Morning, Afternoon, Evening',
    {
      repeated: true,
    },
  ),
  column('timeZone', '时区 / Time zone', 'Zone'),
  column('label', '说明 / Note', '备注, 节日, 名称, 节假日, Holiday, Label, Remark'),
];

/** The name of a calendar whose rows give none, in the language of the workspace. */
export const defaultCalendarName = { 'zh-CN': '默认', en: 'Default' } as const;

type RowHours =
  | { readonly kind: 'off' }
  /** A make-up day with the usual hours. */
  | { readonly kind: 'usual' }
  | { readonly kind: 'hours'; readonly hours: readonly Hours[] };

interface Draft {
  readonly name: string;
  readonly rows: TabRow[];
  readonly weekly: WeeklyHours[];
  readonly dates: DateHours[];
  /** Row of each entry of `dates`. */
  readonly dateRows: TabRow[];
  timeZone: string | null;
}

export const calendarTab: ConfigTab<readonly CalendarDefinition[]> = {
  name: 'calendar',
  columns,
  read(grid: Grid, context: TabContext) {
    return readTab<readonly CalendarDefinition[]>(grid, columns, [], ({ rows }) => {
      const drafts = new Map<string, Draft>();
      for (const row of rows) readRow(row, draftOf(drafts, row, context), context);
      return [...drafts.values()].flatMap((draft) => finish(draft, context));
    });
  },
};

function draftOf(drafts: Map<string, Draft>, row: TabRow, { locale }: TabContext): Draft {
  const name = row.text('name') || defaultCalendarName[locale];
  const known = drafts.get(wordKey(name));
  if (known !== undefined) return known;
  const draft: Draft = { name, rows: [], weekly: [], dates: [], dateRows: [], timeZone: null };
  drafts.set(wordKey(name), draft);
  return draft;
}

function readRow(row: TabRow, draft: Draft, context: TabContext): void {
  draft.rows.push(row);
  readZone(row, draft);
  const holidays = readHolidays(row);
  if (holidays !== undefined) {
    if (row.isSound) addDates(draft, row, holidays);
    return;
  }
  const { day, rest } = splitDay(row);
  const hours = readRowHours(row, rest);
  if (hours === undefined || !row.isSound) return;
  const weekdays = typeof day === 'string' ? readWeekdays(day) : undefined;
  if (weekdays !== undefined) {
    if (hours.kind === 'usual') row.note('error', 'day', 'tab-weekday-hours');
    else if (hours.kind === 'hours') draft.weekly.push({ weekdays, hours: hours.hours });
    return;
  }
  const days = readRowDays(row, day, context);
  if (days === undefined) return;
  const label = row.text('label');
  addDates(draft, row, [
    {
      ...days,
      kind: hours.kind === 'off' ? 'off' : 'work',
      ...(hours.kind === 'hours' ? { hours: hours.hours } : {}),
      ...(label === '' ? {} : { name: label }),
    },
  ]);
}

function addDates(draft: Draft, row: TabRow, dates: readonly DateHours[]): void {
  draft.dates.push(...dates);
  draft.dateRows.push(...dates.map(() => row));
}

function readZone(row: TabRow, draft: Draft): void {
  const zone = row.text('timeZone');
  if (zone === '') return;
  try {
    wallOf(0, zone);
  } catch {
    row.note('error', 'timeZone', 'tab-time-zone', { typed: shortened(zone) });
    return;
  }
  if (draft.timeZone !== null && draft.timeZone !== zone) {
    row.note('error', 'timeZone', 'tab-time-zone-other', { typed: zone, other: draft.timeZone, name: draft.name });
  } else draft.timeZone = zone;
}

const HOLIDAYS =
  /^(?:中国)?(?:法定)?节?假日 ?(\d{4})年?$|^(\d{4})年?(?:中国)?(?:法定)?节?假日$|^(?:china|CN) (?:public )?holidays (\d{4})$/i;

/** The dates that come with the program, for a row that asks for them; undefined for any other row. */
function readHolidays(row: TabRow): readonly DateHours[] | undefined {
  const found = HOLIDAYS.exec(row.text('day'));
  if (!found) return undefined;
  const year = found[1] ?? found[2] ?? found[3] ?? '';
  const dates = publicHolidays.CN?.[Number(year)];
  if (dates !== undefined) return dates;
  const known = Object.keys(publicHolidays.CN ?? {}).join(' / ');
  row.note('error', 'day', 'tab-holidays-unknown', { year, known });
  return [];
}

const OFF = '休息?|放假|休假|假期?|off|holiday|closed';
const WORK = '班|上班|补班|调休上班|调休补班|工作|work(?:ing)?(?: day)?';
/** A sign or hours at the end of a day cell: `2026-10-10 班`, `周六 09:00-12:00`. */
const TAIL = new RegExp(
  `^(?<day>.+?)[ :]*(?<rest>(?:(?:上午|早上|中午|下午|晚上|凌晨) ?|(?<![\\d:点时]))\\d{1,2}(?::\\d\\d|[点时]).*|全天|24小时|(?<=[ \\d日号一二三四五六天末]) ?(?:${OFF}|${WORK}|调休))$`,
  'i',
);

/** A day and a few hours; longer texts name no day. */
const LONGEST_DAY = 200;

function splitDay(row: TabRow): { readonly day: string | number; readonly rest: string } {
  const cell = row.cell('day');
  if (typeof cell === 'object' && cell !== null) return { day: wallDay(cell.wallMs), rest: '' };
  const text = row.text('day');
  if (readWeekdays(text) !== undefined) return { day: text, rest: '' };
  const tail = text.length > LONGEST_DAY ? undefined : TAIL.exec(text)?.groups;
  return tail ? { day: tail.day!.trim(), rest: tail.rest!.trim() } : { day: text, rest: '' };
}

const OFF_ONLY = new RegExp(`^(?:${OFF})$`, 'i');
const WORK_ONLY = new RegExp(`^(?:${WORK})$`, 'i');

/** What a row says of its days; undefined after a note. */
function readRowHours(row: TabRow, rest: string): RowHours | undefined {
  const texts = [
    rest,
    ...row.cells('hours').map(({ cell }) => plainText(cellText(cell).replaceAll('\n', '、'))),
  ].filter((text) => text !== '' && !/^[-—/]$/.test(text));
  if (texts.length === 0) {
    row.note('incomplete', 'day', 'tab-hours-missing');
    return undefined;
  }
  if (texts.some((text) => text === '调休')) {
    row.note('error', 'day', 'tab-day-swap');
    return undefined;
  }
  const timed = texts.filter((text) => !OFF_ONLY.test(text) && !WORK_ONLY.test(text));
  const hours: Hours[] = [];
  for (const text of timed) {
    const read = readHoursList(text);
    if (!read.ok) {
      row.note('error', rest === text ? 'day' : 'hours', 'tab-hours', { typed: shortened(read.piece) });
      return undefined;
    }
    hours.push(...read.hours);
  }
  // 休 beside hours means that half of the day only.
  if (hours.length > 0) return { kind: 'hours', hours };
  return { kind: texts.some((text) => WORK_ONLY.test(text)) ? 'usual' : 'off' };
}

function readRowDays(row: TabRow, day: string | number, context: TabContext): { from: string; to: string } | undefined {
  if (typeof day === 'number') {
    if (day >= FIRST_WALL && day < Date.UTC(9999, 11, 31)) return { from: isoDay(day), to: isoDay(day) };
    row.note('error', 'day', 'tab-day', { typed: shortened(row.text('day')) });
    return undefined;
  }
  const days = readDays(day, context);
  if (days === 'no-year') row.note('error', 'day', 'tab-day-year', { typed: shortened(day) });
  else if (days === undefined) row.note('error', 'day', 'tab-day', { typed: shortened(day) });
  return typeof days === 'object' ? days : undefined;
}

/** Rows with errors are left away; what is then wrong with the whole calendar is told on its first row. */
function finish(draft: Draft, { timeZone }: TabContext): readonly CalendarDefinition[] {
  const zone = draft.timeZone ?? timeZone;
  const definition = (dates: readonly DateHours[]): CalendarDefinition => ({
    name: draft.name,
    timeZone: zone,
    weekly: draft.weekly,
    dates,
  });
  const sound = draft.dates.filter((date, at) => {
    // Hours on Sunday, so that a calendar that never opens is told once and not on every row.
    const always = { weekdays: [7], hours: [{ from: 0, to: 1 }] };
    const faults = calendarFaults({ name: '', timeZone: 'UTC', weekly: [...draft.weekly, always], dates: [date] });
    for (const fault of faults) noteFault(draft.dateRows[at]!, fault);
    return faults.length === 0;
  });
  const faults = calendarFaults(definition(sound));
  const first = draft.rows[0];
  for (const fault of faults.slice(0, 1)) if (first !== undefined) noteFault(first, fault, draft.name);
  return faults.length === 0 ? [definition(sound)] : [];
}

function noteFault(row: TabRow, { code, params }: CalendarFault, name = ''): void {
  if (code === 'calendar.never-open') row.note('error', 'day', 'tab-calendar-never-open', { name });
  else if (code === 'calendar.work-without-hours') row.note('error', 'day', 'tab-calendar-no-monday');
  else if (code === 'calendar.dates-reversed') row.note('error', 'day', 'tab-days-reversed', { ...params });
  else row.note('error', 'day', 'tab-day', { typed: shortened(row.text('day')) });
}
