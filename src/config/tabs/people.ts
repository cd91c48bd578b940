/** The 人员 tab: who works here, what they are called, what they can do, when they are away and how they are reached. */

import { clockText } from '../../model/calendar-days.ts';
import type { Grid } from '../../model/cell.ts';
import type { Leave, Person } from '../../model/directory.ts';
import type { FieldContext, FieldType } from '../../model/field.ts';
import { fieldTypes } from '../../model/fields/index.ts';
import { isoDay } from '../../model/moment.ts';
import { nameFault } from '../../model/name.ts';
import { nearest } from '../../model/nearest.ts';
import { FIRST_WALL, wordKey } from '../../model/typed.ts';
import { instantOf } from '../../model/wall-clock.ts';
import { shortened, type TabRow } from './reading/row.ts';
import { readHours, readLeave, WHOLE_DAY_MS, wallDay } from './reading/spans.ts';
import { type ConfigTab, column, readTab, type TabContext } from './reading/tab.ts';

const columns = [
  column('name', '姓名 / Name', '人员, 名字, 员工, 工程师, Person, Employee', { required: true }),
  column('aliases', '别名 / Aliases', '称呼, 其他叫法, 昵称, 又名, Alias, Nicknames, Also called'),
  column('roles', '角色 / Role', '岗位, 职位, 职务, Roles, Position'),
  column('teams', '组 / Team', '小组, 团队, 部门, 班组, 所属组, Teams, Group, Department'),
  column('regions', '区域 / Region', '负责区域, 片区, 大区, Regions, Area'),
  column('skills', '技能 / Skills', '技能标签, 专长, 擅长, Skill'),
  column('capacity', '容量 / Capacity', '同时处理上限, 最多工单, 上限, 最大工单数, Load, Max tickets'),
  column('weight', '权重 / Weight', '分配权重, 比重'),
  column('leaves', '休假 / Leave', '请假, 假期, 不在岗, 休假时间, Leaves, Away, Vacation'),
  column('substitute', '代理人 / Substitute', '代班人, 替班, 代理, 休假代理, Deputy, Stand-in'),
  column('shift', '班次 / Shift', '日历, 工作日历, 排班, Calendar'),
  column('mail', '邮箱 / Mail', '电子邮箱, 邮件, 邮箱地址, Email, E-mail'),
  column('mobile', '手机 / Mobile', '手机号, 电话, 联系电话, Phone, Tel'),
  column('feishuId', '飞书ID / Feishu ID', '飞书, 飞书账号, 飞书 open_id, Feishu, Lark'),
  column('dingtalkId', '钉钉ID / DingTalk ID', '钉钉, 钉钉账号, 钉钉 userid, DingTalk'),
  column('wecomId', '企微ID / WeCom ID', '企业微信, 企微, 企业微信账号, 企业微信ID, WeCom'),
  column('quietHours', '免打扰 / Quiet hours', '勿扰时段, 免打扰时段, 静默时间, Do not disturb'),
  column('active', '在职 / Active', '启用, 是否在职, 有效, Enabled'),
];

/** Last day a sheet can show, as a wall clock. */
const LAST_WALL = Date.UTC(9999, 11, 31);

interface Entry {
  readonly row: TabRow;
  readonly person: Person;
}

export const peopleTab: ConfigTab<readonly Person[]> = {
  name: 'people',
  columns,
  read(grid: Grid, context: TabContext) {
    return readTab<readonly Person[]>(grid, columns, [], ({ rows }) => {
      const entries = withoutDuplicates(rows.flatMap((row) => readPerson(row, context)));
      checkAliases(entries);
      return settleSubstitutes(entries)
        .filter(({ row }) => row.isSound)
        .map(({ person }) => person);
    });
  },
};

function readPerson(row: TabRow, context: TabContext): readonly Entry[] {
  const name = row.text('name');
  const fault = nameFault(name);
  if (fault !== null) {
    row.noteFault('error', 'name', { code: fault, params: { typed: name } });
    return [];
  }
  const person: Person = {
    name,
    aliases: row.words('aliases').filter((alias) => wordKey(alias) !== wordKey(name)),
    roles: row.words('roles'),
    teams: row.words('teams'),
    regions: row.words('regions', /[、,;|\n]/),
    skills: row.words('skills'),
    capacity: readNumber(row, 'capacity', (value) => Number.isInteger(value) && value >= 0, 'tab-capacity'),
    weight: readNumber(row, 'weight', (value) => value > 0 && value <= 1000, 'tab-weight') ?? 1,
    leaves: readLeaves(row, context),
    substitute: row.text('substitute') === '' ? null : row.text('substitute'),
    shift: readShift(row, context),
    mail: readTyped(row, 'mail', fieldTypes.email, context),
    mobile: readTyped(row, 'mobile', fieldTypes.phone, context),
    feishuId: readId(row, 'feishuId', context),
    dingtalkId: readId(row, 'dingtalkId', context),
    wecomId: readId(row, 'wecomId', context),
    quietHours: readQuietHours(row),
    active: row.flag('active', true),
  };
  return [{ row, person }];
}

function fieldContext({ locale, timeZone, now }: TabContext): FieldContext {
  return { locale, timeZone, now, options: [] };
}

/** A number that satisfies the test; null when blank or noted as an error. */
function readNumber(
  row: TabRow,
  key: string,
  fits: (value: number) => boolean,
  code: 'tab-capacity' | 'tab-weight',
): number | null {
  const cell = row.cell(key);
  if (cell === null) return null;
  const parsed = fieldTypes.number.parse(typeof cell === 'string' ? cell.replace(/[个件单张]\s*$/, '') : cell, {
    timeZone: 'UTC',
    locale: 'zh-CN',
    now: '1970-01-01T00:00:00.000Z',
    options: [],
  });
  if (parsed.ok && fits(Number(parsed.value))) return Number(parsed.value);
  row.note('error', key, code, { typed: shortened(row.text(key)) });
  return null;
}

function readTyped(row: TabRow, key: string, type: FieldType, context: TabContext): string | null {
  const cell = row.cell(key);
  if (cell === null) return null;
  const parsed = type.parse(cell, fieldContext(context));
  if (parsed.ok) return String(parsed.value);
  row.noteFault('error', key, parsed.fault);
  return null;
}

/** An account of a chat app: letters and digits as the vendor gave them; a number that lost digits is refused. */
function readId(row: TabRow, key: string, context: TabContext): string | null {
  return readTyped(row, key, fieldTypes.code, context);
}

function readShift(row: TabRow, { calendars }: TabContext): string | null {
  const typed = row.text('shift');
  if (typed === '' || calendars === null) return typed === '' ? null : typed;
  const names = calendars.map(({ name }) => name);
  const found = names.find((name) => wordKey(name) === wordKey(typed));
  if (found === undefined) noteUnknown(row, 'shift', 'tab-calendar-unknown', typed, names);
  return found ?? null;
}

/** A name nobody has: the row stays in force without it. */
function noteUnknown(
  row: TabRow,
  key: string,
  code: 'tab-calendar-unknown' | 'tab-substitute-unknown',
  typed: string,
  names: readonly string[],
): void {
  const meant = nearest(typed, names);
  if (meant !== null) row.note('warning', key, `${code}-near`, { typed: shortened(typed), meant });
  else row.note('warning', key, code, { typed: shortened(typed), known: names.slice(0, 12).join(' / ') || '—' });
}

function readLeaves(row: TabRow, context: TabContext): readonly Leave[] {
  const at = (wallMs: number): string => new Date(instantOf(wallMs, context.timeZone)).toISOString();
  const date = row.date('leaves');
  if (date !== null) {
    const dayMs = wallDay(date.wallMs);
    if (!(dayMs >= FIRST_WALL && dayMs < LAST_WALL)) {
      row.note('error', 'leaves', 'tab-leave', { typed: shortened(row.text('leaves')) });
      return [];
    }
    return [{ from: at(dayMs), to: at(dayMs + WHOLE_DAY_MS) }];
  }
  return row.words('leaves', /[、,;|\n]/).flatMap((text) => {
    const span = readLeave(text, context);
    if (span !== undefined) {
      const leave = { from: at(span.fromMs), to: at(span.toMs) };
      // Without a year the nearest such day is meant, which may be the one behind.
      if (leave.to < context.now && !/\d{4}/.test(text)) {
        row.note('warning', 'leaves', 'tab-leave-past', { typed: shortened(text), day: isoDay(wallDay(span.fromMs)) });
      }
      return [leave];
    }
    row.note('error', 'leaves', 'tab-leave', { typed: shortened(text) });
    return [];
  });
}

function readQuietHours(row: TabRow): string | null {
  const typed = row.text('quietHours');
  if (typed === '' || /^(?:无|没有|不限|none|no|-)$/i.test(typed)) return null;
  const hours = readHours(typed);
  if (hours !== undefined) return `${clockText(hours.from)}-${clockText(hours.to)}`;
  row.note('error', 'quietHours', 'tab-quiet-hours', { typed: shortened(typed) });
  return null;
}

/** The first row of a name counts; later ones are errors. */
function withoutDuplicates(entries: readonly Entry[]): readonly Entry[] {
  const first = new Map<string, TabRow>();
  return entries.filter(({ row, person }) => {
    const earlier = first.get(wordKey(person.name));
    if (earlier === undefined) {
      first.set(wordKey(person.name), row);
      return true;
    }
    row.note('error', 'name', 'tab-person-twice', { name: person.name, row: earlier.row + 1 });
    return false;
  });
}

/** An alias of two people leads to neither, one that is somebody's name leads to that one: both are told on every row. */
function checkAliases(entries: readonly Entry[]): void {
  const owners = new Map<string, Entry[]>();
  for (const entry of entries) {
    for (const alias of new Set(entry.person.aliases.map(wordKey))) {
      owners.set(alias, [...(owners.get(alias) ?? []), entry]);
    }
  }
  const names = new Map(entries.map(({ person }) => [wordKey(person.name), person.name]));
  for (const [key, shared] of owners) {
    for (const { row, person } of shared) {
      const alias = person.aliases.find((each) => wordKey(each) === key) ?? key;
      const named = names.get(key);
      const other = shared.find((each) => each.row !== row)?.person.name;
      if (named !== undefined) row.note('warning', 'aliases', 'tab-alias-name', { alias, other: named });
      else if (other !== undefined) row.note('warning', 'aliases', 'tab-alias-shared', { alias, other });
    }
  }
}

/** Substitutes become names of people in the tab; one that leads nowhere is left away and told. */
function settleSubstitutes(entries: readonly Entry[]): readonly Entry[] {
  const byWord = new Map<string, Person | null>();
  for (const { person } of entries) {
    for (const alias of person.aliases.map(wordKey)) byWord.set(alias, byWord.has(alias) ? null : person);
  }
  for (const { person } of entries) byWord.set(wordKey(person.name), person);
  const names = entries.map(({ person }) => person.name);
  return entries.map(({ row, person }) => {
    if (person.substitute === null) return { row, person };
    const found = byWord.get(wordKey(person.substitute));
    if (found === null || found === undefined) {
      noteUnknown(row, 'substitute', 'tab-substitute-unknown', person.substitute, names);
    } else if (found.name === person.name)
      row.note('warning', 'substitute', 'tab-substitute-self', { name: person.name });
    else if (!found.active) row.note('warning', 'substitute', 'tab-substitute-inactive', { name: found.name });
    const substitute = found && found.name !== person.name ? found.name : null;
    return { row, person: { ...person, substitute } };
  });
}
