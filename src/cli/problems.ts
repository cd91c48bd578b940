/** `problems`: what waits for a person. */
import { problems as operation } from '../app/problems.ts';
import { reach } from './reach.ts';
import type { CommandPart } from './shell.ts';
import { table } from './terminal.ts';

export const problems: CommandPart = (program, shell) => {
  program
    .command('problems')
    .description(shell.say('cli-problems'))
    .action(
      shell.action(async () => {
        const lines = await reach(shell, await shell.openFolder(), operation, {});
        const header = ['id', 'place', 'message'].map((name) => shell.say(`cli-column-${name}`));
        const rows = lines.map((line) => {
          const place = `${line.workbook}/${line.tab}${line.cell === null ? '' : `!${line.cell}`}`;
          return [line.id, place, line.message];
        });
        return { json: lines, text: lines.length === 0 ? shell.say('cli-no-problems') : table(header, rows) };
      }),
    );
};
