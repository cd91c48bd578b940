/** `status`: how each tab and the database stand. */
import { status as operation } from '../app/status.ts';
import { ownerOf, reach } from './reach.ts';
import type { CommandPart } from './shell.ts';
import { table } from './terminal.ts';
import { shownTime } from './values.ts';

export const status: CommandPart = (program, shell) => {
  program
    .command('status')
    .description(shell.say('cli-status'))
    .action(
      shell.action(async () => {
        const folder = await shell.openFolder();
        const owner = await ownerOf(folder);
        const result = await reach(shell, folder, operation, {});
        const service = owner === null ? null : { pid: owner.pid, since: owner.since };
        const head = shell.say('cli-status-head', {
          dir: folder.dir,
          database: shell.say(`cli-database-${result.database.kind}`),
          size: (result.database.bytes / 1_000_000).toFixed(0),
          tickets: result.records.tickets ?? 0,
          customers: result.records.customers ?? 0,
        });
        const running =
          service === null
            ? shell.say('cli-status-no-service')
            : shell.say('cli-status-service', { pid: service.pid, since: shownTime(folder, service.since) });
        const names = ['workbook', 'tab', 'mode', 'rows', 'problems', 'pending', 'read-at', 'held'];
        const rows = result.tabs.map((tab) => [
          tab.workbook,
          tab.tab,
          shell.say(`cli-mode-${tab.mode}`),
          ...(tab.mode === 'idle'
            ? ['', '', '']
            : [String(tab.rows), String(tab.open_problems), String(tab.pending_writes)]),
          tab.last_read_at === null ? '' : shownTime(folder, tab.last_read_at),
          tab.held ?? tab.held_columns.join(', '),
        ]);
        const list = table(
          names.map((name) => shell.say(`cli-column-${name}`)),
          rows,
        );
        const lines = [
          head,
          ...(folder.database.kind === 'embedded' ? [running] : []),
          ...(result.database.hint === null ? [] : [result.database.hint]),
          '',
          list,
        ];
        return {
          json: { workspace: folder.dir, ...folder.settings, service, ...result, workbooks: undefined },
          text: lines.join('\n'),
        };
      }),
    );
};
