/** The fixed words of a rule row: 启用, 组, 时机. */
import { nearest } from '../src/model/nearest.ts';
import { plainText, wordKey } from '../src/model/typed.ts';
import { fieldNamed, type RuleContext } from './context.ts';
import { type DailyTime, type EventKind, eventKinds, type RuleMode, type Stage, type Timing } from './rule.ts';
import { yesNo } from './words.ts';

const REHEARSE = new Set(['演练', '试运行', '预演', 'rehearse', 'rehearsal', 'dryrun', 'dry-run']);

/** A blank cell is on: a tab may do without the column. Null: not understood. */
export function readMode(text: string): RuleMode | null {
  const word = wordKey(text);
  if (word === '') return 'on';
  if (REHEARSE.has(word)) return 'rehearse';
  const answer = yesNo(text);
  return answer === null ? null : answer ? 'on' : 'off';
}

const STAGES: Readonly<Record<Stage, readonly string[]>> = {
  validate: ['校验', '验证', 'validate', 'validation', 'check'],
  set: ['设值', '设置', '赋值', 'set'],
  assign: ['分配', '派单', 'assign', 'assignment'],
  status: ['状态', 'status'],
  sla: ['SLA', '时限', '超时'],
  notify: ['通知', '提醒', 'notify', 'notification', 'notifications'],
};

/** Undefined: not a stage; `near` is the one likely meant. */
export function readStage(text: string): { readonly stage: Stage | undefined; readonly near: string | null } {
  const word = wordKey(text);
  for (const [stage, words] of Object.entries(STAGES)) {
    if (words.some((each) => wordKey(each) === word)) return { stage: stage as Stage, near: null };
  }
  return { stage: undefined, near: nearest(text, Object.values(STAGES).flat()) };
}

const EVENTS: Readonly<Record<Exclude<EventKind, 'daily'>, readonly string[]>> = {
  create: ['新建', '创建', '新增', 'create', 'created', 'new'],
  update: ['更新', '修改', '编辑', 'update', 'updated', 'edit'],
  due: ['到时', '定时', '到点', 'due', 'time'],
  manual: ['手动', 'manual', 'manually'],
  comment: ['评论', '留言', 'comment', 'commented'],
};
const namedKinds = Object.keys(EVENTS) as (keyof typeof EVENTS)[];
const CHANGES = /^(.+?)\s*(?:变更|变化|改变|changes|changed)$/i;
/** `每天 22:00`, `工作日 18:30`, `daily 9:00`; a full-width colon is one too. */
const DAILY =
  /^(?:(?<all>每[天日]|daily|every day)|(?<working>(?:每个?)?工作日|working days?|workdays?|every (?:working day|workday)))\s*(?:at\s*)?(?<hour>\d{1,2})[:：](?<minute>\d{2})$/i;
const SEPARATORS = /\s*(?:或者?|[、,，;；/\n]|\s+or\s+)\s*/i;

/** What a blank 时机 means, and with it a row that says nothing: created or changed. */
export const saved: Timing = { events: ['create', 'update'], changed: null, daily: null };

/**
 * Reads `新建或更新`, `到时`, `优先级变更`, `每天 22:00`. A change may come with any kind of event, a rule's own writes included.
 * Null: not understood.
 */
export function readTiming(text: string, context: RuleContext): Timing | null {
  const typed = plainText(text);
  if (typed === '') return saved;
  const daily = readDaily(typed);
  if (daily !== null) return { events: ['daily'], changed: null, daily };
  const [, name] = CHANGES.exec(typed) ?? [];
  const field = name === undefined ? undefined : fieldNamed(name, context.fields);
  if (field !== undefined) return { events: eventKinds, changed: field.key, daily: null };
  const events = new Set<EventKind>();
  for (const part of typed.split(SEPARATORS)) {
    const kind = namedKinds.find((each) => EVENTS[each].some((word) => wordKey(word) === wordKey(part)));
    if (kind === undefined) return null;
    events.add(kind);
  }
  return { events: eventKinds.filter((kind) => events.has(kind)), changed: null, daily: null };
}

function readDaily(typed: string): DailyTime | null {
  const { hour, minute, all } = DAILY.exec(typed)?.groups ?? {};
  const time = { hour: Number(hour), minute: Number(minute) };
  if (hour === undefined || time.hour > 23 || time.minute > 59) return null;
  return { ...time, days: all === undefined ? 'working' : 'all' };
}
