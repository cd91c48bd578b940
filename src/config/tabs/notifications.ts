/**
 * The 通知 tab: what is said, through which channels, and how gently. Templates name fields as `{字段}`; every place is
 * looked up, and a text for customers must not name a field that is ours alone. `{{` and `}}` are braces.
 */
import type { Grid } from '../../model/cell.ts';
import type { Field } from '../../model/field.ts';
import { normaliseHeader } from '../../model/header.ts';
import { nearest } from '../../model/nearest.ts';
import { cellText, plainText, storableText, wordKey } from '../../model/typed.ts';
import { shortened, type TabRow } from './reading/row.ts';
import { type ConfigTab, column, readTab, type TabContext } from './reading/tab.ts';

/** What quiet hours do to it: wait for the morning, let urgent ones through, or nothing at all. */
export type QuietHours = 'wait' | 'urgent-only' | 'ignore';

export interface NotificationTemplate {
  readonly name: string;
  /** Names of configured channels, in the order they are tried. */
  readonly channels: readonly string[];
  readonly title: Readonly<Record<'zh-CN' | 'en', string>>;
  readonly text: Readonly<Record<'zh-CN' | 'en', string>>;
  /** What each `{place}` of titles and texts stands for: a field key, or one of `placeWords`. */
  readonly places: Readonly<Record<string, string>>;
  readonly audience: 'staff' | 'customer';
  readonly quietHours: QuietHours;
  /** Collected for the next working morning and sent together instead of one by one; urgent ones are not. */
  readonly digest: boolean;
  /** Most messages to one recipient a day; null: no limit of its own. */
  readonly dailyCap: number | null;
}

const columns = [
  column('name', '名称 / Name', '通知, 通知名称, 模板名称, 模板名, Template, Notification', { required: true }),
  column('enabled', '启用 / Enabled', '是否启用, 有效, Active, On'),
  column('channels', '渠道 / Channels', '通知渠道, 发送方式, 方式, 通道, Channel, Via', { required: true }),
  column('titleZh', '标题 / Title', '标题(中文), 中文标题, 主题, Subject, Title zh'),
  column('titleEn', '英文标题 / Title in English', '标题(英文), 标题英文, Title en, English title'),
  column('textZh', '模板 / Text', '内容, 正文, 模板(中文), 中文模板, 中文内容, 通知内容, Text zh, Body, Template text'),
  column(
    'textEn',
    '英文模板 / Text in English',
    '模板(英文), 英文内容, 模板英文, Text en, English text, English template',
  ),
  column(
    'audience',
    '发给客户 / To customers',
    '面向客户, 客户可见, 是否发给客户, 对象, Customer, Customer-facing, Audience',
  ),
  column('quietHours', '免打扰时 / In quiet hours', '免打扰, 勿扰时段, 免打扰时段, 夜间, Quiet hours, At night'),
  column('digest', '汇总 / Digest', '合并发送, 汇总发送, 是否汇总'),
  column('dailyCap', '每日上限 / Daily cap', '每天上限, 每人每日上限, 上限, Cap, Limit per day'),
];

/** Places that are no fields: what the message itself knows. No field has such a key. */
export const placeWords: Readonly<Record<string, readonly string[]>> = {
  '@link': ['链接', '工单链接', '查看链接', 'link'],
  '@recipient': ['收件人', '接收人', 'recipient'],
  '@actor': ['操作人', 'actor'],
  '@now': ['当前时间', '发送时间', 'now'],
  '@change': ['变更内容', '变更', 'change'],
};
/** Those that tell what happens inside the team. */
const INTERNAL_WORDS: ReadonlySet<string> = new Set(['@actor', '@change']);

export const notificationsTab: ConfigTab<readonly NotificationTemplate[]> = {
  name: 'notifications',
  columns,
  read(grid: Grid, context: TabContext) {
    return readTab<readonly NotificationTemplate[]>(grid, columns, [], ({ rows }) => {
      const names = new Map<string, TabRow>();
      return rows.flatMap((row) => readRow(row, names, context));
    });
  },
};

function readRow(row: TabRow, names: Map<string, TabRow>, context: TabContext): readonly NotificationTemplate[] {
  const name = row.text('name');
  const earlier = names.get(wordKey(name));
  if (earlier !== undefined)
    row.note('error', 'name', 'tab-name-twice', { name: shortened(name), row: earlier.row + 1 });
  else names.set(wordKey(name), row);
  const [textZh, textEn] = [template(row, 'textZh'), template(row, 'textEn')];
  if (textZh === '' && textEn === '') row.note('incomplete', 'textZh', 'tab-text-missing');
  const enabled = row.flag('enabled', true);
  const audience = readAudience(row);
  const places = new Map<string, string>();
  for (const key of ['titleZh', 'titleEn', 'textZh', 'textEn']) checkPlaces(row, key, audience, places, context);
  const read: NotificationTemplate = {
    name,
    channels: readChannels(row, context),
    title: both(template(row, 'titleZh'), template(row, 'titleEn'), name),
    text: both(textZh, textEn, ''),
    places: Object.fromEntries(places),
    audience,
    quietHours: readQuietHours(row),
    digest: row.flag('digest', false),
    dailyCap: readCap(row),
  };
  return row.isSound && enabled ? [read] : [];
}

/** A template keeps its line breaks. */
function template(row: TabRow, key: string): string {
  const cell = row.cell(key);
  return cell === null ? '' : storableText(cellText(cell)).trim();
}

/** A language without a text of its own gets the other's. */
function both(zh: string, en: string, usual: string): NotificationTemplate['text'] {
  return { 'zh-CN': zh || en || usual, en: en || zh || usual };
}

const CUSTOMER = /^(?:客户|customer ?)/i;
const PIECES = /\{\{|\}\}|\{([^{}\n]{1,60})\}|[{}]/g;

function checkPlaces(
  row: TabRow,
  key: string,
  audience: NotificationTemplate['audience'],
  places: Map<string, string>,
  { fields, internal, locale }: TabContext,
): void {
  for (const [piece, place] of template(row, key).matchAll(PIECES)) {
    if (piece === '{{' || piece === '}}') continue;
    if (place === undefined) {
      row.note('error', key, 'tab-brace', { brace: piece });
      continue;
    }
    const typed = plainText(place);
    const found = placeNamed(typed, fields);
    if (found === undefined) {
      const known = [...fields.map(({ label }) => label[locale]), ...Object.values(placeWords).flat()];
      const meant = nearest(typed, known);
      if (meant === null)
        row.note('error', key, 'tab-place-unknown', { place: shortened(typed), example: known[0] ?? '' });
      else row.note('error', key, 'tab-place-near', { place: shortened(typed), meant });
    } else if (audience === 'customer' && (internal.has(found) || INTERNAL_WORDS.has(found))) {
      row.note('error', key, 'tab-place-internal', { place: shortened(typed) });
    } else places.set(place.trim(), found);
  }
}

/** What a place stands for: a field by label, key or header, labels first, or a word of the message's own. */
function placeNamed(typed: string, fields: readonly Field[]): string | undefined {
  const wanted = normaliseHeader(typed);
  const has = (texts: readonly string[]): boolean => texts.some((text) => normaliseHeader(text) === wanted);
  const field =
    fields.find(({ label }) => has(Object.values(label))) ??
    fields.find(({ key }) => has([key])) ??
    fields.find(({ headers }) => has(headers));
  const found = field?.key ?? Object.entries(placeWords).find(([, words]) => has(words))?.[0];
  // 客户电话 is the 电话 of the ticket, unless a field is called so.
  const bare = typed.replace(CUSTOMER, '');
  return found ?? (bare === typed || bare === '' ? undefined : placeNamed(bare, fields));
}

function readChannels(row: TabRow, { channels }: TabContext): readonly string[] {
  const typed = row.words('channels', /[、,;|/+>\n]/);
  if (channels === null) return typed;
  return typed.flatMap((each) => {
    const found = channels.find((name) => wordKey(name) === wordKey(each));
    if (found !== undefined) return [found];
    const meant = nearest(each, channels);
    if (meant === null)
      row.note('error', 'channels', 'tab-channel-unknown', {
        typed: shortened(each),
        known: channels.join(' / ') || '—',
      });
    else row.note('error', 'channels', 'tab-channel-near', { typed: shortened(each), meant });
    return [];
  });
}

function readAudience(row: TabRow): NotificationTemplate['audience'] {
  const typed = row.text('audience');
  if (/^(?:客户|customers?)$/i.test(typed)) return 'customer';
  if (/^(?:内部|员工|staff|internal)$/i.test(typed)) return 'staff';
  return row.flag('audience', false) ? 'customer' : 'staff';
}

const QUIET: readonly (readonly [RegExp, QuietHours])[] = [
  [/^(?:等待|推迟|延后|等到早上|次日发送|稍后发送|wait|later|hold)$/i, 'wait'],
  [/^(?:紧急照发|仅紧急|只发紧急|紧急除外|urgent only|urgent)$/i, 'urgent-only'],
  [/^(?:照发|立即发送|忽略|不受限|ignore|send|always)$/i, 'ignore'],
];

function readQuietHours(row: TabRow): QuietHours {
  const typed = row.text('quietHours');
  if (typed === '') return 'wait';
  const found = QUIET.find(([words]) => words.test(typed));
  if (found === undefined) row.note('error', 'quietHours', 'tab-quiet-behaviour', { typed: shortened(typed) });
  return found?.[1] ?? 'wait';
}

function readCap(row: TabRow): number | null {
  const cell = row.cell('dailyCap');
  if (cell === null || /^(?:无|不限|none|no limit)$/i.test(row.text('dailyCap'))) return null;
  const count = Number(/^(\d{1,5}) ?(?:条|次|封)?$/.exec(row.text('dailyCap'))?.[1]);
  if (count >= 1) return count;
  row.note('error', 'dailyCap', 'tab-cap', { typed: shortened(row.text('dailyCap')) });
  return null;
}
