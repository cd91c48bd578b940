/** `sync`: one pass, a dry run, or the service without its welcome. */
import { dryRun, type PassResult, runPass } from '../app/pass.ts';
import type { ExitCode } from '../app/report.ts';
import type { App } from '../app.ts';
import { missingWorkbookError, missingWorkbooks, type WorkspaceFolder } from '../config/folder.ts';
import { InputError } from '../model/errors.ts';
import { openApp } from '../node.ts';
import { reach } from './reach.ts';
import { keepRunning } from './service.ts';
import type { CommandPart, Output, Shell } from './shell.ts';
import { table } from './terminal.ts';

/** Real time, for commands that wait for a busy workbook. */
export const wait = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

interface Options {
  readonly once?: boolean;
  readonly dryRun?: boolean;
  readonly confirm?: boolean;
}

export const sync: CommandPart = (program, shell) => {
  program
    .command('sync')
    .description(shell.say('cli-sync'))
    .option('--once', shell.say('cli-option-once'))
    .option('--dry-run', shell.say('cli-option-dry-run'))
    .option('--confirm', shell.say('cli-option-confirm'))
    .action(
      shell.action(async (options: Options): Promise<Output> => {
        const folder = await shell.openFolder();
        if (options.dryRun === true) return planOutput(shell, await reach(shell, folder, dryRun, {}));
        if (options.once !== true) {
          if (shell.isJson) throw new InputError('usage', shell.say('cli-json-needs-once'));
          return await keepRunning(shell, folder, null);
        }
        const app = await openApp(folder, shell.environment, shell.io.now, (text) => shell.io.err(`${text}\n`));
        try {
          await refuseMissing(folder, app);
          return passOutput(shell, await runPass(app, { confirmFirstContact: options.confirm === true, wait }));
        } finally {
          await app.close();
        }
      }),
    );
};

/** A workbook that was never seen is a fault of the settings; one that was seen before is away for a moment or held. */
export async function refuseMissing(folder: WorkspaceFolder, app: App): Promise<void> {
  const unseen: string[] = [];
  for (const key of missingWorkbooks(folder)) {
    const heads = app.workbooks
      .filter((workbook) => workbook.key === key)
      .flatMap(({ bindings }) => bindings.map(({ id }) => app.database.store.loadBindingHead(id)));
    const seen = (await Promise.all(heads)).some((head) => head !== null && head.mode !== 'new');
    if (!seen && app.workbooks.some((workbook) => workbook.key === key)) unseen.push(key);
  }
  if (unseen.length > 0) throw missingWorkbookError(folder, unseen);
}

function passOutput(shell: Shell, { cycles, retryAfterMs }: PassResult): Output {
  const held = cycles.filter((cycle) => cycle.held !== null);
  const names = ['workbook', 'tab', 'read', 'created', 'applied', 'written', 'problems', 'conflicts', 'held'];
  const rows = cycles.map((cycle) => names.map((name) => String(cycle[name as keyof typeof cycle] ?? '')));
  const lines = [
    table(
      names.map((name) => shell.say(`cli-column-${name}`)),
      rows,
    ),
  ];
  const isBusy = retryAfterMs !== null && retryAfterMs > 0;
  if (isBusy) lines.push(shell.say('cli-busy', { seconds: Math.ceil(retryAfterMs / 1000) }));
  const exitCode: ExitCode = held.length > 0 ? 3 : isBusy ? 1 : 0;
  return { json: { cycles }, text: lines.join('\n'), exitCode };
}

function planOutput(shell: Shell, { cycles, planned }: PassResult): Output {
  const names = ['cell', 'what', 'id', 'field', 'old', 'new'];
  const rows = planned.map((cell) => [
    `${cell.tab}!${cell.cell}`,
    shell.say(`cli-planned-${cell.kind}`),
    cell.ticketNo ?? '',
    cell.field ?? '',
    cell.from,
    cell.to,
  ]);
  const data = planned.map(({ ticketNo, ...cell }) => ({ ...cell, ticket_no: ticketNo }));
  const list = table(
    names.map((name) => shell.say(`cli-column-${name}`)),
    rows,
  );
  return { json: { cycles, planned: data }, text: planned.length === 0 ? shell.say('cli-nothing-planned') : list };
}
