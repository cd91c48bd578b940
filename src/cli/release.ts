/** `release`: lets go what a guard holds. */
import { release as operation } from '../app/release.ts';
import { reach } from './reach.ts';
import type { CommandPart } from './shell.ts';

export const release: CommandPart = (program, shell) => {
  program
    .command('release')
    .description(shell.say('cli-release'))
    .argument('<binding>', shell.say('cli-arg-binding'))
    .action(
      shell.action(async (binding: string) => {
        const result = await reach(shell, await shell.openFolder(), operation, { binding });
        const { released, events = 0, held_by: others = [] } = result;
        const params = { binding: result.binding, guards: released.join(', '), name: result.binding, count: events };
        const done = events > 0 ? 'cli-released-rule' : 'cli-released';
        const text = [
          shell.say(released.length === 0 ? 'cli-nothing-held' : done, params),
          ...(others.length > 0 ? [shell.say('cli-released-still-held', { others: others.join(', ') })] : []),
        ].join('\n');
        return { json: result, text };
      }),
    );
};
