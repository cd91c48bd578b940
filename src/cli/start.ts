/** `start`: the service, with a demo workspace made first where there is none. */
import { basename } from 'node:path';
import { InputError } from '../model/errors.ts';
import { isVacant, makeWorkspace } from './init.ts';
import { keepRunning } from './service.ts';
import type { CommandPart } from './shell.ts';

export const start: CommandPart = (program, shell) => {
  program
    .command('start')
    .description(shell.say('cli-start'))
    .action(
      shell.action(async () => {
        if (shell.isJson) throw new InputError('usage', shell.say('cli-json-needs-once'));
        if (await isVacant(shell.dir)) {
          await makeWorkspace(shell, shell.dir, { template: 'demo', locale: shell.locale });
        }
        const folder = await shell.openFolder();
        const { workbooks } = folder.settings;
        const online = workbooks.filter(({ connector }) => connector !== 'xlsx');
        if (online.length > 0) {
          const addresses = online.map(({ key, place }) => `  ${key}: ${place}`).join('\n');
          return await keepRunning(shell, folder, (example) =>
            shell.say('start-welcome-online', { dir: folder.dir, addresses, example }),
          );
        }
        const files = [...folder.workbookPaths.values()].map((path) => basename(path));
        const mirrored = workbooks.find(({ tabs }) => Object.values(tabs).some(({ holds }) => holds === 'tickets'));
        const team = basename(mirrored?.place ?? files[0] ?? '');
        return await keepRunning(shell, folder, (example) =>
          shell.say('start-welcome', { dir: folder.dir, files: files.join('、'), team, example }),
        );
      }),
    );
};
