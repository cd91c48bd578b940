/** The running service on a terminal: what `start` and `sync` without `--once` share. */
import { basename } from 'node:path';
import { reportError } from '../app/report.ts';
import type { App } from '../app.ts';
import type { WorkspaceFolder } from '../config/folder.ts';
import { openApp } from '../node.ts';
import type { Serving } from '../serve.ts';
import type { Tell } from '../service.ts';
import { isLoopback } from '../web/http.ts';
import type { Output, Shell } from './shell.ts';
import { refuseMissing } from './sync.ts';

/**
 * Runs until told to stop. `welcome` is printed once everything is open, with the number of a ticket to try things on; where
 * there is one, the pages are served too.
 */
export async function keepRunning(
  shell: Shell,
  folder: WorkspaceFolder,
  welcome: ((example: string) => string) | null,
): Promise<Output> {
  const app = await openApp(folder, shell.environment, shell.io.now, (text) => shell.io.err(`${text}\n`));
  let serving: Serving | null = null;
  try {
    await refuseMissing(folder, app);
    if (welcome !== null) {
      serving = await serve(app, shell);
      const open = (await app.database.store.listRecords('tickets')).at(-1);
      shell.io.err(`${welcome(open?.number ?? 'T-000001-XX')}\n`);
    }
    const left = Object.keys(app.settings.channels?.accounts ?? {}).filter((name) => !app.accounts.has(name));
    if (left.length > 0) shell.io.err(`${shell.say('start-accounts-left', { names: left.join('、') })}\n`);
    // Loaded here only: the queue takes a while, and no other command needs it.
    const { keepInStep } = await import('../service.ts');
    await keepInStep(app, shell.io.stop, teller(shell, folder), serving?.live ?? null);
    shell.io.err(`${shell.say('start-stopping')}\n`);
  } finally {
    await serving?.close();
    await app.close();
  }
  shell.io.err(`${shell.say('start-stopped')}\n`);
  return { json: { stopped: true }, text: '' };
}

/** Serves the pages and says where; a port or address that cannot be had keeps nobody from working in the workbooks. */
async function serve(app: App, shell: Shell): Promise<Serving | null> {
  const { web } = app.settings;
  if (web === null) return null;
  // Loaded here only: no other command serves anything.
  const { serveWeb } = await import('../serve.ts');
  try {
    const serving = await serveWeb(app, web);
    const { address, port, takenPort } = serving;
    if (takenPort !== null) shell.io.err(`${shell.say('start-web-other-port', { wanted: takenPort, port })}\n`);
    shell.io.err(`${shell.say('start-web', { address: `${address.replace(/\/$/, '')}/dashboard` })}\n`);
    if (!isLoopback(new URL(address).hostname)) shell.io.err(`${shell.say('start-web-login')}\n`);
    return serving;
  } catch (error) {
    const { host, port } = web;
    const reason = (error as NodeJS.ErrnoException).code;
    if (reason === undefined) throw error;
    shell.io.err(`${shell.say('start-web-failed', { host, port, reason })}\n`);
    return null;
  }
}

/** One line when something was done, held or failed; none while all is quiet. */
function teller(shell: Shell, folder: WorkspaceFolder): Tell {
  const held = new Map<string, string>();
  const failed = new Map<string, string>();
  const line = (key: string, params: Readonly<Record<string, string | number>>): void => {
    const time = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium', timeZone: folder.settings.timeZone }).format(
      shell.io.now(),
    );
    shell.io.err(`${shell.say(key, { time, ...params })}\n`);
  };
  const nameOf = (key: string): string => basename(folder.workbookPaths.get(key) ?? key);
  return {
    ran(key, { reports }) {
      const workbook = nameOf(key);
      failed.delete(key);
      for (const report of reports) {
        const { tab, created, applied, written, problems } = report;
        if (created + applied + written > 0)
          line('start-cycle', { workbook, tab, created, applied, written, problems });
        const before = held.get(`${key}/${tab}`);
        if (report.held !== null && report.held !== before) line('start-held', { workbook, tab, held: report.held });
        if (report.held === null && before !== undefined) line('start-freed', { workbook, tab });
        if (report.held === null) held.delete(`${key}/${tab}`);
        else held.set(`${key}/${tab}`, report.held);
      }
    },
    configured(key, tabs) {
      failed.delete(key);
      line('start-configured', { workbook: nameOf(key), tabs: tabs.join('、') });
    },
    answered({ answered, changed }) {
      if (changed > 0) line('start-answered', { answered, changed });
    },
    failed(key, error) {
      const { message } = reportError(error, shell.locale);
      if (failed.get(key) === message) return;
      failed.set(key, message);
      line('start-failed', { workbook: nameOf(key), message });
    },
  };
}
