/** `log`: the history of a ticket. */
import { log as operation } from '../app/log.ts';
import { reach } from './reach.ts';
import type { CommandPart } from './shell.ts';
import { table } from './terminal.ts';
import { shownField, shownTime, shownValue } from './values.ts';

export const log: CommandPart = (program, shell) => {
  program
    .command('log')
    .description(shell.say('cli-log'))
    .argument('<ticket>', shell.say('cli-arg-ticket'))
    .action(
      shell.action(async (number: string) => {
        const folder = await shell.openFolder();
        const lines = await reach(shell, folder, operation, { number });
        const header = ['time', 'who', 'where', 'field', 'old', 'new'].map((name) => shell.say(`cli-column-${name}`));
        const rows = lines.map((line) => [
          shownTime(folder, line.happened_at),
          line.actor.name ?? shell.say(`cli-actor-${line.actor.kind}`),
          line.source,
          line.field === null ? line.kind : shownField(folder, line.field),
          shownValue(folder, line.field, line.old),
          shownValue(folder, line.field, line.new),
        ]);
        return { json: lines, text: table(header, rows) };
      }),
    );
};
