/**
 * `rowkeeper.json` from text to settings. Nothing is guessed: an unknown key, a wrong value or a path that leaves the
 * workspace is refused, and all faults of the file are told at once, each with its key path and what to do.
 */
import { Cron } from 'croner';
import type { z } from 'zod';
import { type Locale, type MessageKey, say } from '../messages/index.ts';
import { ConfigError } from '../model/errors.ts';
import { type LifecycleRules, lifecycleDefaults } from '../model/lifecycle.ts';
import { nearest } from '../model/nearest.ts';
import type { ChannelSettings } from '../notify/settings.ts';
import { CONNECTORS, type ConnectorName, type TabFile, workspaceJsonSchema, workspaceSchema } from './schema.ts';

/** Name of the file in the workspace. */
export const CONFIG_NAME = 'rowkeeper.json';

/** One fault: where it stands, what is wrong, what to do. */
export interface ConfigFault {
  /** Dotted key path, `workbooks.team.tabs.工单.holds`; empty for the file as a whole. */
  readonly path: string;
  readonly message: string;
  readonly hint: string;
}

export interface WorkbookSettings {
  readonly key: string;
  readonly connector: ConnectorName;
  /**
   * Of a file: its path, relative to the workspace, with `/` between folders, never leaving it. Of any other: the address
   * people open it under.
   */
  readonly place: string;
  /** Null: as often as the connector thinks right. */
  readonly lookEveryMs: number | null;
  /** Of Excel Online; null: what turns out to be possible. */
  readonly mode: 'workbook' | 'file' | null;
  /** Null: dropdowns and protection are left as they are. */
  readonly layOut: { readonly editors: readonly string[] } | null;
  readonly tabs: Readonly<Record<string, TabFile>>;
}

/** The settings of a workspace with every default filled in. */
export interface WorkspaceSettings {
  readonly locale: Locale;
  readonly timeZone: string;
  /** `embedded`, or the URL of a Postgres. */
  readonly database: string;
  /** Accounts messages go through; null: none are set up. */
  readonly channels: ChannelSettings | null;
  readonly needsApproval: boolean;
  readonly lifecycle: LifecycleRules;
  /** A rule may reach out for so many tickets at once. */
  readonly ruleLimit: number;
  readonly kpi: {
    readonly hours: 'business' | 'calendar';
    readonly goodScore: number;
    readonly vipLevels: readonly string[];
    readonly digest: { readonly at: string; readonly to: readonly string[] } | null;
  };
  /** Null: no pages are served. `url`: where people reach them. */
  readonly web: { readonly host: string; readonly port: number; readonly url: string | null } | null;
  readonly workbooks: readonly WorkbookSettings[];
}

/** Levels of customers who are watched one by one, where nobody named others. */
const usualVipLevels = ['VIP', '大客户', '重点客户', '战略客户', 'A', 'Key account'];

/** What stands in `workbooks` when the key is left out: the workbooks of the templates in a language. */
export function standardWorkbooks(locale: Locale): NonNullable<z.infer<typeof workspaceSchema>['workbooks']> {
  const tabs = (...list: readonly (readonly [MessageKey, TabFile['holds']])[]): Record<string, TabFile> =>
    Object.fromEntries(list.map(([key, holds]) => [say(locale, key), { holds }]));
  return {
    team: {
      connector: 'xlsx',
      path: say(locale, 'template-team-file'),
      tabs: tabs(
        ['template-tickets-tab', 'tickets'],
        ['template-customers-tab', 'customers'],
        ['template-service_records-tab', 'service_records'],
        ['template-follow_ups-tab', 'follow_ups'],
        ['template-contacts-tab', 'contacts'],
        ['template-problems-tab', 'problems'],
      ),
    },
    admin: {
      connector: 'xlsx',
      path: say(locale, 'template-admin-file'),
      tabs: tabs(
        ['template-fields-tab', 'fields'],
        ['template-people-tab', 'people'],
        ['template-rules-tab', 'rules'],
        ['template-sla-tab', 'sla'],
        ['template-calendar-tab', 'calendar'],
        ['template-notifications-tab', 'notifications'],
        ['template-cases-tab', 'cases'],
      ),
    },
    boss: { connector: 'xlsx', path: say(locale, 'template-boss-file'), tabs: { '*': { holds: 'kpi' } } },
  };
}

/**
 * Reads the text of `rowkeeper.json`. Throws `ConfigError` (`config-not-json`, `config-invalid`) with every fault in
 * `details.problems`; the message is complete for a person, one fault a line.
 */
export function parseWorkspace(text: string, fallbackLocale: Locale = 'zh-CN'): WorkspaceSettings {
  const data = parseJson(text.replace(/^\uFEFF/, ''), fallbackLocale);
  const locale = localeOf(data) ?? fallbackLocale;
  const parsed = workspaceSchema.safeParse(data);
  const wrongShape = parsed.success ? [] : parsed.error.issues.flatMap((issue) => faultsOf(locale, data, issue));
  const faults = [...wrongShape, ...valueFaults(locale, data)];
  if (!parsed.success || faults.length > 0) throw configError(locale, faults);

  const file = parsed.data;
  return {
    locale,
    timeZone: file.timeZone ?? 'Asia/Shanghai',
    database: file.database ?? 'embedded',
    channels: file.channels ?? null,
    needsApproval: file.configApproval === 'second-person',
    lifecycle: {
      ...lifecycleDefaults,
      mode: file.lifecycle?.mode ?? lifecycleDefaults.mode,
      reopenDays: file.lifecycle?.reopenDays ?? lifecycleDefaults.reopenDays,
      autoCloseDays:
        file.lifecycle?.autoCloseDays === undefined ? lifecycleDefaults.autoCloseDays : file.lifecycle.autoCloseDays,
    },
    ruleLimit: file.ruleLimit ?? 200,
    kpi: {
      hours: file.kpi?.hours ?? 'business',
      goodScore: file.kpi?.goodScore ?? 4,
      vipLevels: file.kpi?.vipLevels ?? usualVipLevels,
      digest: file.kpi?.digest ?? null,
    },
    web:
      file.web === null
        ? null
        : { host: file.web?.host ?? '127.0.0.1', port: file.web?.port ?? 8420, url: file.web?.url ?? null },
    workbooks: Object.entries(file.workbooks ?? standardWorkbooks(locale)).map(([key, workbook]) => ({
      key,
      connector: workbook.connector ?? 'xlsx',
      place: workbook.path === undefined ? (workbook.url ?? '') : (insidePath(workbook.path) ?? workbook.path),
      lookEveryMs: workbook.lookEverySeconds === undefined ? null : workbook.lookEverySeconds * 1000,
      mode: workbook.mode ?? null,
      layOut: workbook.layOut ?? null,
      tabs: workbook.tabs,
    })),
  };
}

/** Faults of values whose type is right: found also where something else in the file has the wrong shape, so that all are told at once. */
function valueFaults(locale: Locale, data: unknown): ConfigFault[] {
  const faults: ConfigFault[] = [];
  const fault = (path: string, key: MessageKey, params: Readonly<Record<string, string>> = {}): void => {
    faults.push({ path, message: say(locale, key, params), hint: say(locale, `${key}-hint`, params) });
  };
  const { timeZone, database, workbooks } = membersOf(data);
  if (typeof timeZone === 'string' && !isTimeZone(timeZone)) fault('timeZone', 'config-time-zone', { value: timeZone });
  const databaseFault = typeof database === 'string' ? faultOfDatabase(database) : null;
  if (databaseFault !== null) fault('database', databaseFault);

  const { at } = membersOf(membersOf(membersOf(data).kpi).digest);
  if (typeof at === 'string' && !isPattern(at)) fault('kpi.digest.at', 'config-cron', { value: at });

  const seen = new Map<string, string>();
  for (const [key, workbook] of Object.entries(membersOf(workbooks))) {
    const place = `workbooks.${key}`;
    const members = membersOf(workbook);
    const { path: value, url, tabs, connector = 'xlsx' } = members;
    if (connector === 'xlsx') {
      if (isFilled(members) && value === undefined) fault(`${place}.path`, 'config-no-path');
      if (url !== undefined) fault(`${place}.url`, 'config-needless-url', { connector });
    } else if (CONNECTORS.some((known) => known === connector)) {
      if (url === undefined) fault(`${place}.url`, 'config-no-url');
      if (value !== undefined) fault(`${place}.path`, 'config-needless-path', { connector: String(connector) });
    }
    if (typeof url === 'string' && URL.canParse(url)) {
      const address = addressKey(url);
      const twin = seen.get(address);
      if (twin !== undefined) fault(`${place}.url`, 'config-url-twice', { value: url, other: twin });
      else seen.set(address, key);
    }
    if (typeof value === 'string') {
      const path = insidePath(value);
      const folded = path?.normalize('NFC').toLowerCase() ?? '';
      const twin = seen.get(folded);
      if (path === null) fault(`${place}.path`, 'config-path-outside', { value });
      else if (!/\.(xlsx|xlsm)$/i.test(path)) fault(`${place}.path`, 'config-path-kind', { value });
      else if (twin !== undefined) fault(`${place}.path`, 'config-path-twice', { value, other: twin });
      else seen.set(folded, key);
    }
    const names = Object.entries(membersOf(tabs));
    if (typeof tabs === 'object' && names.length === 0) fault(`${place}.tabs`, 'config-no-tabs');
    for (const [name, tab] of names) {
      if (name === '*' ? membersOf(tab).holds !== 'kpi' : !isTabName(name)) {
        fault(`${place}.tabs.${name}`, 'config-tab-name', { value: name });
      }
    }
  }
  return faults;
}

/** Parts of a query that say which document it is; the others say which tab is looked at or how it was shared. */
const DOCUMENT_PARAMS = ['sourcedoc', 'resid', 'id'];

/** The same text for two addresses of one document. */
function addressKey(url: string): string {
  const { host, pathname, searchParams } = new URL(url);
  const document = DOCUMENT_PARAMS.map((name) => searchParams.get(name) ?? '').join(' ');
  return `${host}${pathname.replace(/\/+$/, '')} ${document}`.trimEnd();
}

/** An object with anything in it: of another thing the schema tells already what is wrong. */
function isFilled(members: Readonly<Record<string, unknown>>): boolean {
  return Object.keys(members).length > 0;
}

/** The members of something that may be no object at all. */
function membersOf(data: unknown): Readonly<Record<string, unknown>> {
  return typeof data === 'object' && data !== null && !Array.isArray(data) ? (data as Record<string, unknown>) : {};
}

/** The error that carries a list of faults: one line each, then what to do. */
export function configError(locale: Locale, faults: readonly ConfigFault[]): ConfigError {
  const lines = faults.map((fault) =>
    `  ${fault.path === '' ? '' : `${fault.path}: `}${fault.message} ${fault.hint}`.trimEnd(),
  );
  const head = say(locale, 'config-invalid', { file: CONFIG_NAME, count: faults.length });
  return new ConfigError('config-invalid', [head, ...lines].join('\n'), {
    details: { file: CONFIG_NAME, problems: faults },
    hint: say(locale, 'config-invalid-hint', { file: CONFIG_NAME }),
  });
}

/** True for a database setting that names a Postgres server. */
export function isPostgresUrl(text: string): boolean {
  return /^postgres(ql)?:\/\//i.test(text);
}

function parseJson(text: string, locale: Locale): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    const place = /position (\d+)/.exec(String(cause));
    const before = text.slice(0, place === null ? text.length : Number(place[1])).split('\n');
    const params = { file: CONFIG_NAME, line: before.length, column: (before.at(-1) ?? '').length + 1 };
    const message = say(locale, 'config-not-json', params);
    const hint = say(locale, 'config-not-json-hint');
    throw new ConfigError('config-not-json', message, {
      details: { file: CONFIG_NAME, problems: [{ path: '', message, hint }] },
      hint,
    });
  }
}

function localeOf(data: unknown): Locale | null {
  const locale = typeof data === 'object' && data !== null ? (data as { locale?: unknown }).locale : undefined;
  return locale === 'en' || locale === 'zh-CN' ? locale : null;
}

/** A password in a file that people copy and share would not stay a secret. */
function faultOfDatabase(database: string): MessageKey | null {
  if (database === 'embedded') return null;
  if (!isPostgresUrl(database) || !URL.canParse(database)) return 'config-database';
  return new URL(database).password === '' ? null : 'config-database-password';
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function isPattern(text: string): boolean {
  try {
    return new Cron(text, { paused: true }).nextRun(new Date(0)) !== null;
  } catch {
    return false;
  }
}

/** What Excel takes as the name of a tab. */
function isTabName(name: string): boolean {
  return name.length <= 31 && !/[[\]:*?/\\]/.test(name) && !name.startsWith("'") && !name.endsWith("'");
}

/** The path with `/` between its parts when it stays inside the folder it is relative to, else null. */
function insidePath(path: string): string | null {
  if (/^[/\\]|^[A-Za-z]:|\0/.test(path)) return null;
  const parts: string[] = [];
  for (const part of path.split(/[/\\]/)) {
    if (part === '..') {
      if (parts.pop() === undefined) return null;
    } else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.length === 0 ? null : parts.join('/');
}

/** A zod issue in words; a union reports the alternative the writer most likely meant. */
function faultsOf(locale: Locale, data: unknown, issue: z.core.$ZodIssue): ConfigFault[] {
  const path = issue.path.map(String);
  const one = (key: MessageKey, params: Readonly<Record<string, string>> = {}, at = path): ConfigFault => ({
    path: at.join('.'),
    message: say(locale, key, params),
    hint: say(locale, `${key}-hint`, params),
  });
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(path);
    return issue.keys.map((key) => {
      const meant = nearest(key, known);
      const at = [...path, key];
      return meant === null
        ? one('config-unknown-key', { key, known: known.join(', ') }, at)
        : one('config-unknown-key-near', { key, meant }, at);
    });
  }
  if (issue.code === 'invalid_union') {
    const value = valueAt(data, path);
    const isObject = typeof value === 'object' && value !== null && !Array.isArray(value);
    const inner = issue.errors.find(
      (list) => isObject && list.every((i) => i.path.length > 0 || i.code === 'unrecognized_keys'),
    );
    if (inner === undefined) return [one('config-wrong-type', { expected: say(locale, 'config-type-column') })];
    return inner.flatMap((i) => faultsOf(locale, data, { ...i, path: [...issue.path, ...i.path] } as z.core.$ZodIssue));
  }
  if (issue.code === 'invalid_value') {
    const values = issue.values.map(String);
    const value = valueAt(data, path);
    if (value === undefined) return [one('config-missing-choice', { known: values.join(', ') })];
    const meant = typeof value === 'string' ? nearest(value, values) : null;
    const typed = JSON.stringify(value);
    return meant === null
      ? [one('config-not-one-of', { value: typed, known: values.join(', ') })]
      : [one('config-not-one-of-near', { value: typed, known: values.join(', '), meant })];
  }
  if (issue.code === 'invalid_type') {
    if (valueAt(data, path) === undefined) return [one('config-missing')];
    const expected = say(locale, TYPE_NAMES[issue.expected] ?? 'config-type-other', { type: issue.expected });
    return [one('config-wrong-type', { expected })];
  }
  if (issue.code === 'too_small' || issue.code === 'too_big') {
    if (issue.origin === 'string' || issue.origin === 'array') return [one('config-empty')];
    const limit = String(issue.code === 'too_small' ? issue.minimum : issue.maximum);
    return [one(issue.code === 'too_small' ? 'config-too-small' : 'config-too-big', { limit })];
  }
  if (issue.code === 'invalid_key') return [one('config-workbook-name', { key: path.at(-1) ?? '' })];
  return [{ path: path.join('.'), message: issue.message, hint: '' }];
}

const TYPE_NAMES: Readonly<Record<string, MessageKey>> = {
  string: 'config-type-text',
  number: 'config-type-number',
  int: 'config-type-number',
  boolean: 'config-type-boolean',
  array: 'config-type-list',
  object: 'config-type-object',
  record: 'config-type-object',
};

function valueAt(data: unknown, path: readonly string[]): unknown {
  let value = data;
  for (const key of path)
    value = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined;
  return value;
}

interface SchemaNode {
  readonly properties?: Readonly<Record<string, SchemaNode>>;
  readonly additionalProperties?: SchemaNode | boolean;
  readonly anyOf?: readonly SchemaNode[];
  readonly items?: SchemaNode;
}

/** The keys the file may have at a place, from its JSON Schema. */
function keysAt(path: readonly string[]): readonly string[] {
  let nodes: readonly SchemaNode[] = [workspaceJsonSchema() as SchemaNode];
  for (const key of path) {
    nodes = nodes.flatMap((node) => {
      const next = node.properties?.[key] ?? node.items ?? node.additionalProperties;
      return typeof next === 'object' ? [next, ...(next.anyOf ?? [])] : [];
    });
  }
  return nodes.flatMap((node) => Object.keys(node.properties ?? {})).filter((key) => key !== '$schema');
}
