/** `doctor`: looks at everything the service needs and says what to do about what is missing. */
import { lookup } from 'node:dns/promises';
import { access, constants } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { lockNames } from '../../connectors/xlsx/lock.ts';
import { type Check, inspect } from '../app/inspect.ts';
import { reportError } from '../app/report.ts';
import { missingWorkbookError, missingWorkbooks, type WorkspaceFolder } from '../config/folder.ts';
import { CONFIG_NAME } from '../config/workspace.ts';
import { hostRules, secretVariables } from '../notify/settings.ts';
import { ownerOf, reach } from './reach.ts';
import type { CommandPart, Shell } from './shell.ts';

const OLDEST_NODE = [20, 19] as const;

export const doctor: CommandPart = (program, shell) => {
  program
    .command('doctor')
    .description(shell.say('cli-doctor'))
    .action(
      shell.action(async () => {
        const checks = [checkNode(shell), ...(await checkWorkspace(shell))];
        const marks = { ok: '✓', warn: '!', fail: '✗' };
        const lines = checks.map(
          ({ state, message, hint }) => `${marks[state]} ${message}${hint === null ? '' : `\n    ${hint}`}`,
        );
        const failed = checks.some(({ state }) => state === 'fail');
        return { json: { ok: !failed, checks }, text: lines.join('\n'), exitCode: failed ? 1 : 0 };
      }),
    );
};

function checkNode(shell: Shell): Check {
  const version = process.versions.node;
  const [major = 0, minor = 0] = version.split('.').map(Number);
  const isOld = major < OLDEST_NODE[0] || (major === OLDEST_NODE[0] && minor < OLDEST_NODE[1]);
  return isOld
    ? {
        check: 'node',
        state: 'fail',
        message: shell.say('doctor-node-old', { version }),
        hint: shell.say('doctor-node-old-hint'),
      }
    : { check: 'node', state: 'ok', message: shell.say('doctor-node', { version }), hint: null };
}

/** The rest depends on the settings: without them nothing more can be looked at. */
async function checkWorkspace(shell: Shell): Promise<readonly Check[]> {
  let folder: WorkspaceFolder;
  try {
    folder = await shell.openFolder();
  } catch (error) {
    return [failure(shell, 'config', error)];
  }
  const checks: Check[] = [
    { check: 'config', state: 'ok', message: shell.say('doctor-config', { file: CONFIG_NAME }), hint: null },
    await checkAccess(shell, folder),
  ];
  const missing = missingWorkbooks(folder);
  if (missing.length > 0) checks.push(failure(shell, 'files', missingWorkbookError(folder, missing)));
  for (const path of folder.workbookPaths.values()) checks.push(...(await checkLocks(shell, path)));
  const owner = await ownerOf(folder);
  if (owner !== null) {
    checks.push({
      check: 'service',
      state: 'ok',
      message: shell.say('doctor-service', { pid: owner.pid }),
      hint: null,
    });
  }
  try {
    checks.push(...(await reach(shell, folder, inspect, {})));
  } catch (error) {
    checks.push(failure(shell, 'database', error));
  }
  checks.push(...(await checkHosts(shell, folder)));
  return checks;
}

async function checkAccess(shell: Shell, folder: WorkspaceFolder): Promise<Check> {
  const { dir } = folder;
  try {
    await access(dir, constants.R_OK | constants.W_OK);
    return { check: 'folder', state: 'ok', message: shell.say('doctor-folder', { dir }), hint: null };
  } catch {
    const hint = shell.say('doctor-folder-access-hint');
    return { check: 'folder', state: 'fail', message: shell.say('doctor-folder-access', { dir }), hint };
  }
}

const FIND_HOST_MS = 3_000;

/**
 * Hosts that messages go to: a wrong name or a network without DNS is better known before the first message. Those of
 * accounts without secrets are called by nobody.
 */
async function checkHosts(shell: Shell, { settings: { channels } }: WorkspaceFolder): Promise<readonly Check[]> {
  if (channels === null) return [];
  const { variables } = shell.environment;
  const usable = Object.entries(channels.accounts).filter(([, account]) =>
    secretVariables(account).every((variable) => (variables[variable] ?? '') !== ''),
  );
  const called = hostRules({ accounts: Object.fromEntries(usable) }).map(({ host }) => host);
  const servers = usable.flatMap(([, { host }]) => (typeof host === 'string' ? [host] : []));
  const hosts = [...called, ...servers].map((host) => host.replace(/:\d+$/, ''));
  return await Promise.all([...new Set(hosts)].map((host) => checkHost(shell, host)));
}

async function checkHost(shell: Shell, host: string): Promise<Check> {
  const check = `host ${host}`;
  try {
    await Promise.race([
      lookup(host.replace(/^\[|\]$/g, '')),
      setTimeout(FIND_HOST_MS, undefined, { ref: false }).then(() => {
        throw Object.assign(new Error('timeout'), { code: 'ETIMEOUT' });
      }),
    ]);
    return { check, state: 'ok', message: shell.say('doctor-host', { host }), hint: null };
  } catch (error) {
    const reason = (error as NodeJS.ErrnoException).code ?? 'unknown';
    const message = shell.say('doctor-host-unknown', { host, reason });
    return { check, state: 'warn', message, hint: shell.say('doctor-host-unknown-hint') };
  }
}

/** A lock file is normal while somebody has the workbook open, and a nuisance when an app died and left it. */
async function checkLocks(shell: Shell, path: string): Promise<readonly Check[]> {
  const found: Check[] = [];
  for (const lock of lockNames(basename(path))) {
    const isThere = await access(join(dirname(path), lock)).then(
      () => true,
      () => false,
    );
    if (!isThere) continue;
    const params = { file: basename(path), lock };
    found.push({
      check: 'lock',
      state: 'warn',
      message: shell.say('doctor-lock', params),
      hint: shell.say('doctor-lock-hint'),
    });
  }
  return found;
}

function failure(shell: Shell, check: string, error: unknown): Check {
  const { message, hint } = reportError(error, shell.locale);
  return { check, state: 'fail', message, hint };
}
