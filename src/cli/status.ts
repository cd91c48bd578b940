/** `status`: how each tab and the database stand. */
import { status as operation, type StatusResult } from '../app/status.ts';
import { ownerOf, reach } from './reach.ts';
import type { CommandPart, Shell } from './shell.ts';
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
          ...windowLines(shell, result),
          '',
          ...configLines(shell, result),
          '',
          ...waitingLines(shell, result),
        ];
        return {
          json: { workspace: folder.dir, ...folder.settings, service, ...result, workbooks: undefined },
          text: lines.join('\n'),
        };
      }),
    );
};

/** How large the moment is in which a write can meet what somebody types; said only of tabs where there is one. */
function windowLines(shell: Shell, { tabs }: StatusResult): readonly string[] {
  return tabs.flatMap(({ workbook, tab, window_ms: window }) =>
    window === null ? [] : [shell.say('cli-status-window', { workbook, tab, ...window })],
  );
}

function configLines(shell: Shell, { config }: StatusResult): readonly string[] {
  const names = ['workbook', 'tab', 'mode', 'in-force', 'faulty'];
  const rows = config.tabs.map(({ workbook, tab, state, rows: count, faulty }) => [
    workbook,
    tab,
    shell.say(state === 'waiting' ? 'version-waiting' : `status-config-${state}`),
    String(count),
    faulty === null ? '' : String(faulty),
  ]);
  const list = table(
    names.map((name) => shell.say(`cli-column-${name}`)),
    rows,
  );
  return [
    shell.say('status-config', { version: config.version }),
    ...(config.waiting === null ? [] : [shell.say('status-config-waiting', { version: config.waiting.version })]),
    ...(rows.length === 0 ? [] : [list]),
  ];
}

function waitingLines(shell: Shell, { events, messages, accounts }: StatusResult): readonly string[] {
  const { planned, sent_today: sent, dead } = messages;
  return [
    shell.say('status-events', { waiting: events.waiting }),
    ...Object.entries(events.held).map(([name, count]) => shell.say('status-events-held', { name, count })),
    shell.say('status-messages', { planned, sent, dead }),
    ...accounts.map(({ name, kind, state, variables }) =>
      shell.say(`status-account-${state}`, { name, kind, variables: variables.join(', ') }),
    ),
  ];
}
