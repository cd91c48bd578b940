/** The running service on a terminal: what `start` and `sync` without `--once` share. */
import type { App } from '../app.ts';
import type { WorkspaceFolder } from '../config/folder.ts';
import { openApp } from '../node.ts';
import type { Serving } from '../serve.ts';
import { isLoopback } from '../web/http.ts';
import type { Output, Shell } from './shell.ts';
import { refuseMissing } from './sync.ts';
import { terminalTeller } from './teller.ts';

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
    await keepInStep(app, shell.io.stop, terminalTeller(shell, folder), serving?.live ?? null);
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
