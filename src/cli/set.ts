/** `set`: a change by the operator. */
import { set as operation } from '../app/set.ts';
import { reach } from './reach.ts';
import type { CommandPart } from './shell.ts';
import { shownField, shownValue } from './values.ts';

export const set: CommandPart = (program, shell) => {
  program
    .command('set')
    .description(shell.say('cli-set'))
    .argument('<ticket>', shell.say('cli-arg-ticket'))
    .argument('<assignment...>', shell.say('cli-arg-assignments'))
    .action(
      shell.action(async (number: string, assignments: readonly string[]) => {
        const folder = await shell.openFolder();
        const input = { number, assignments: [...assignments], operator: shell.io.operator };
        const result = await reach(shell, folder, operation, input);
        const params = { number: result.ticket_no };
        const lines = result.changes.map((change) => {
          const [before, after] = [change.old, change.new].map(
            (value) => shownValue(folder, change.field, value) || '—',
          );
          return `  ${shownField(folder, change.field)}: ${before} → ${after}`;
        });
        const text =
          lines.length === 0
            ? shell.say('cli-set-unchanged', params)
            : [shell.say('cli-set-done', params), ...lines].join('\n');
        return { json: result, text };
      }),
    );
};
