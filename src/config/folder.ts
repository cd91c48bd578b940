/**
 * A workspace on a disk: which folder it is, its `rowkeeper.json`, and where its files stand. The only module of this
 * folder that touches a disk.
 *
 * ```
 * DIR/rowkeeper.json           the settings
 * DIR/*.xlsx                   the workbooks, where the settings say
 * DIR/.rowkeeper/database/     the embedded database
 * DIR/.rowkeeper/backups/KEY/  copies of the workbook KEY from before each save
 * DIR/.rowkeeper/sign-in/      service accounts that a person signed in, for their owner's eyes only
 * ```
 */
import { existsSync, lstatSync, realpathSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, isAbsolute, join, relative, resolve } from 'node:path';
import { type Locale, say } from '../messages/index.ts';
import { ConfigError } from '../model/errors.ts';
import type { Environment } from './env.ts';
import { CONFIG_NAME, configError, isPostgresUrl, parseWorkspace, type WorkspaceSettings } from './workspace.ts';

/** An opened workspace: its settings and absolute paths, all inside `dir`. */
export interface WorkspaceFolder {
  readonly dir: string;
  readonly settings: WorkspaceSettings;
  readonly database:
    | { readonly kind: 'embedded'; readonly dir: string }
    | { readonly kind: 'postgres'; readonly url: string };
  /** Absolute path of each workbook that is a file, by its key. */
  readonly workbookPaths: ReadonlyMap<string, string>;
  /** Where a workbook is: its absolute path, or the address people open it under. */
  placeOf(workbook: string): string;
  backupDir(workbook: string): string;
  /** Where sign-ins are remembered. */
  readonly stateDir: string;
}

/** The folder a command works in: the one it was given, else the current one if it is a workspace, else `./workspace`. */
export function chooseFolder(given: string | undefined, current: string): string {
  if (given !== undefined) return resolve(current, given);
  return existsSync(join(current, CONFIG_NAME)) ? current : join(current, 'workspace');
}

/** Where the embedded database of a workspace is kept. */
export function embeddedDir(dir: string): string {
  return join(dir, '.rowkeeper', 'database');
}

/** Where a workspace remembers service accounts that a person signed in. */
export function signInDir(dir: string): string {
  return join(dir, '.rowkeeper', 'sign-in');
}

/** The language a workspace asks for, or null when it is none or cannot be read; never throws. */
export async function localeOfFolder(dir: string): Promise<Locale | null> {
  try {
    const { locale } = JSON.parse((await readFile(join(dir, CONFIG_NAME), 'utf8')).replace(/^\uFEFF/, ''));
    return locale === 'en' || locale === 'zh-CN' ? locale : null;
  } catch {
    return null;
  }
}

/**
 * Reads the settings of a workspace and checks that every path stays inside it, links followed. Throws `ConfigError`:
 * `config-no-workspace`, `config-unreadable`, `config-not-json`, `config-invalid`. Whether the workbooks exist is
 * asked separately (`missingWorkbooks`), because a file may be away for seconds while an app saves it.
 */
export async function openFolder(dir: string, environment: Environment): Promise<WorkspaceFolder> {
  const fallback = environment.locale ?? 'zh-CN';
  const text = await readConfig(dir, fallback);
  const settings = parseWorkspace(text, fallback);
  const { locale } = settings;

  const root = realpathSync(dir);
  const workbookPaths = new Map<string, string>();
  const faults = [];
  for (const workbook of settings.workbooks) {
    if (workbook.connector !== 'xlsx') continue;
    const path = join(root, workbook.place);
    if (isInside(root, realTarget(path))) workbookPaths.set(workbook.key, path);
    else {
      faults.push({
        path: `workbooks.${workbook.key}.path`,
        message: say(locale, 'config-path-link', { value: workbook.place }),
        hint: say(locale, 'config-path-link-hint'),
      });
    }
  }
  if (
    environment.databaseUrl !== null &&
    !(isPostgresUrl(environment.databaseUrl) && URL.canParse(environment.databaseUrl))
  ) {
    faults.push({
      path: 'DATABASE_URL',
      message: say(locale, 'config-database-url'),
      hint: say(locale, 'config-database-url-hint'),
    });
  }
  if (faults.length > 0) throw configError(locale, faults);

  const url = environment.databaseUrl ?? (settings.database === 'embedded' ? null : settings.database);
  return {
    dir: root,
    settings,
    database: url === null ? { kind: 'embedded', dir: embeddedDir(root) } : { kind: 'postgres', url },
    workbookPaths,
    placeOf: (key) => workbookPaths.get(key) ?? settings.workbooks.find((each) => each.key === key)?.place ?? '',
    backupDir: (workbook) => join(root, '.rowkeeper', 'backups', workbook),
    stateDir: signInDir(root),
  };
}

/** Keys of the workbooks that are files and not there now. */
export function missingWorkbooks(folder: WorkspaceFolder): readonly string[] {
  return [...folder.workbookPaths].filter(([, path]) => !isFile(path)).map(([key]) => key);
}

/** The error for workbooks that are not there. */
export function missingWorkbookError(folder: WorkspaceFolder, keys: readonly string[]): ConfigError {
  const { locale, workbooks } = folder.settings;
  return configError(
    locale,
    keys.map((key) => {
      const params = {
        value: workbooks.find((w) => w.key === key)?.place ?? key,
        file: folder.workbookPaths.get(key) ?? '',
      };
      return {
        path: `workbooks.${key}.path`,
        message: say(locale, 'config-workbook-missing', params),
        hint: say(locale, 'config-workbook-missing-hint', params),
      };
    }),
  );
}

async function readConfig(dir: string, locale: Locale): Promise<string> {
  const file = join(dir, CONFIG_NAME);
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const isMissing = code === 'ENOENT' || code === 'ENOTDIR';
    const key = isMissing ? 'config-no-workspace' : 'config-unreadable';
    const params = { dir, file: isMissing ? CONFIG_NAME : file, reason: code ?? 'unknown' };
    throw new ConfigError(key, say(locale, key, params), {
      cause,
      hint: say(locale, `${key}-hint`, params),
      details: {
        dir,
        problems: [{ path: '', message: say(locale, key, params), hint: say(locale, `${key}-hint`, params) }],
      },
    });
  }
}

/** Where a path really leads: links of the deepest part that exists are followed, the rest is taken as it is. */
function realTarget(path: string): string {
  const rest: string[] = [];
  for (let at = path; ; at = dirname(at)) {
    try {
      return join(realpathSync(at), ...rest);
    } catch (error) {
      // A link that leads nowhere yet could lead anywhere later.
      const isNowhere = lstatSync(at, { throwIfNoEntry: false }) !== undefined || dirname(at) === at;
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || isNowhere) return '';
      rest.unshift(relative(dirname(at), at));
    }
  }
}

function isInside(root: string, path: string): boolean {
  const way = relative(root, path);
  return path !== '' && way !== '' && !isAbsolute(way) && way !== '..' && !/^\.\.[/\\]/.test(way);
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() === true;
}
