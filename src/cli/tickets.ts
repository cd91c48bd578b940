/** `tickets`: lists tickets. */
import { tickets as operation } from '../app/tickets.ts';
import { fieldOf } from '../model/tables.ts';
import { reach } from './reach.ts';
import type { CommandPart } from './shell.ts';
import { table } from './terminal.ts';
import { shownValue } from './values.ts';

/** Fields of a list on a terminal; `--json` has them all. */
const LISTED = ['ticket_no', 'status', 'priority', 'customer', 'assignee', 'due_at', 'title'] as const;

export const tickets: CommandPart = (program, shell) => {
  program
    .command('tickets')
    .description(shell.say('cli-tickets'))
    .option('--where <condition...>', shell.say('cli-option-where'))
    .action(
      shell.action(async (options: { readonly where?: readonly string[] }) => {
        const folder = await shell.openFolder();
        const found = await reach(shell, folder, operation, { where: [...(options.where ?? [])] });
        const header = LISTED.map((key) => fieldOf('tickets', key)?.label[shell.locale] ?? key);
        const rows = found.map((ticket) => LISTED.map((key) => shownValue(folder, key, ticket[key])));
        const count = shell.say('cli-ticket-count', { count: found.length });
        return {
          json: found,
          text: found.length === 0 ? shell.say('cli-no-tickets') : `${table(header, rows)}\n${count}`,
        };
      }),
    );
};
