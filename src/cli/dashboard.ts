/** `dashboard`: links that let people see the pages from other machines. */
import { Option } from 'commander';
import { roles } from '../app/access.ts';
import { dashboardLink, dashboardRevoke } from '../app/dashboard-link.ts';
import { dimensionWords, namesText } from '../kpi/filter-text.ts';
import type { Dimension } from '../kpi/query.ts';
import { InputError } from '../model/errors.ts';
import { reach } from './reach.ts';
import type { CommandPart, Shell } from './shell.ts';
import { shownTime } from './values.ts';

interface Options {
  readonly role: (typeof roles)[number];
  readonly name?: string;
  readonly days: string;
  readonly filter?: readonly string[];
}

export const dashboard: CommandPart = (program, shell) => {
  const command = program.command('dashboard').description(shell.say('dashboard-about'));
  command
    .command('link')
    .description(shell.say('dashboard-link'))
    .addOption(new Option('--role <role>', shell.say('dashboard-option-role')).choices(roles).makeOptionMandatory())
    .option('--name <name>', shell.say('dashboard-option-name'))
    .option('--days <days>', shell.say('dashboard-option-days'), '30')
    .option('--filter <filter...>', shell.say('dashboard-option-filter'))
    .action(
      shell.action(async ({ role, name, days, filter = [] }: Options) => {
        const folder = await shell.openFolder();
        const input = { role, name: name ?? null, days: readDays(days, shell), filter: [...filter] };
        const link = await reach(shell, folder, dashboardLink, input);
        const picked = Object.entries(link.filter).map(
          ([dimension, names]) => `${dimensionWords[dimension as Dimension]}=${namesText(names)}`,
        );
        const text = shell.say('dashboard-link-made', {
          url: link.url,
          role: link.role,
          name: link.name === null ? '' : ` (${link.name})`,
          until: shownTime(folder, link.expires_at),
          filter: picked.length === 0 ? '' : shell.say('dashboard-link-filter', { filter: picked.join(' ') }),
        });
        return { json: link, text };
      }),
    );
  command
    .command('revoke')
    .description(shell.say('dashboard-revoke'))
    .action(
      shell.action(async () => {
        const json = await reach(shell, await shell.openFolder(), dashboardRevoke, {});
        return { json, text: shell.say('dashboard-revoked') };
      }),
    );
};

function readDays(text: string, shell: Shell): number {
  const days = /^\d{1,4}$/.test(text) ? Number(text) : 0;
  if (days >= 1 && days <= 3_650) return days;
  throw new InputError('usage', shell.say('dashboard-bad-days', { text }));
}
