/** `rules check|test|replay|approve|versions`: what a keeper of rules asks before and after a change. */
import { type ApproveResult, rulesApprove, rulesVersions, type VersionLine } from '../app/rules-approve.ts';
import { rulesCheck } from '../app/rules-check.ts';
import { type ReplayResult, rulesReplay } from '../app/rules-replay.ts';
import { rulesTest } from '../app/rules-test.ts';
import type { WorkspaceFolder } from '../config/folder.ts';
import { InputError } from '../model/errors.ts';
import { reach } from './reach.ts';
import type { CommandPart, Output, Shell } from './shell.ts';
import { createProgress, plainLine, table } from './terminal.ts';
import { shownTime } from './values.ts';

interface ReplayOptions {
  readonly since: string;
  readonly configVersion?: string;
  readonly waiting?: boolean;
}

export const rules: CommandPart = (program, shell) => {
  const group = program.command('rules').description(shell.say('cli-rules'));
  group
    .command('check')
    .description(shell.say('cli-rules-check'))
    .action(shell.action(() => check(shell)));
  group
    .command('test')
    .description(shell.say('cli-rules-test'))
    .action(shell.action(() => runCases(shell)));
  group
    .command('replay')
    .description(shell.say('cli-rules-replay'))
    .requiredOption('--since <day>', shell.say('cli-option-since'))
    .option('--config-version <number>', shell.say('cli-option-config-version'))
    .option('--waiting', shell.say('cli-option-waiting'))
    .action(shell.action((options: ReplayOptions) => replay(shell, options)));
  group
    .command('approve')
    .description(shell.say('cli-rules-approve'))
    .option('--list', shell.say('cli-option-list'))
    .action(shell.action(({ list = false }: { readonly list?: boolean }) => approve(shell, list)));
  group
    .command('versions')
    .description(shell.say('cli-rules-versions'))
    .action(shell.action(() => versions(shell)));
};

async function check(shell: Shell): Promise<Output> {
  const result = await reach(shell, await shell.openFolder(), rulesCheck, {});
  const { findings, errors, warnings } = result;
  const rows = findings.map(({ level, workbook, tab, cell, row, rule, text }) => [
    shell.say(`check-level-${level}`),
    `${workbook}/${tab}${cell !== null ? `!${cell}` : row !== null ? `!${row}` : ''}`,
    rule ?? '',
    text,
  ]);
  const header = ['level', 'place', 'name', 'message'].map((name) => shell.say(`cli-column-${name}`));
  const count = shell.say('check-count', { errors, warnings });
  const text = findings.length === 0 ? shell.say('check-fine') : `${table(header, rows)}\n${count}`;
  return { json: result, text, exitCode: errors > 0 ? 1 : 0 };
}

async function runCases(shell: Shell): Promise<Output> {
  const result = await reach(shell, await shell.openFolder(), rulesTest, {});
  const { cases, passed, failed, faults } = result;
  const rows = cases.map((each) => [
    `${each.tab}!${each.row}`,
    each.name,
    each.passed ? '✓' : `✗ ${each.reasons.join(' ')}`,
  ]);
  const header = ['place', 'name', 'result'].map((name) => shell.say(`cli-column-${name}`));
  const lines = [
    ...faults,
    ...(cases.length === 0 ? [shell.say('cases-none')] : [table(header, rows)]),
    ...(cases.length === 0 ? [] : [shell.say('cases-count', { passed, failed })]),
  ];
  return { json: result, text: lines.join('\n'), exitCode: failed + faults.length > 0 ? 1 : 0 };
}

async function replay(shell: Shell, { since, configVersion: typed, waiting = false }: ReplayOptions): Promise<Output> {
  const version = typed === undefined ? null : Number(typed);
  if (version !== null && !(Number.isSafeInteger(version) && version > 0)) {
    throw new InputError('usage', shell.say('cli-not-a-number', { text: typed ?? '' }), {
      hint: shell.say('replay-version-hint'),
    });
  }
  if (version !== null && waiting) throw new InputError('usage', shell.say('cli-one-of-two'));
  const folder = await shell.openFolder();
  const progress = createProgress(shell.io.err, shell.io.isTerminal);
  progress.step(shell.say('replay-step'));
  try {
    const result = await reach(shell, folder, rulesReplay, { since, version, waiting }, progress.share);
    progress.end();
    return { json: result, text: replayText(shell, folder, result) };
  } finally {
    progress.end();
  }
}

function replayText(shell: Shell, folder: WorkspaceFolder, result: ReplayResult): string {
  const against = shell.say(`replay-${result.against}`, { version: result.version ?? 0 });
  const { events, tickets, total_differences: total, differences } = result;
  const since = shownTime(folder, result.since).slice(0, 16);
  const head = shell.say('replay-head', { since, events, tickets, total, against });
  if (differences.length === 0) return head;
  const rows = differences.map(({ ticket_no: number, header, now, would_be: wouldBe }) => [
    number,
    header,
    now?.text ?? '',
    wouldBe?.text ?? '',
    [now, wouldBe].flatMap((asked) => (asked === null ? [] : [`${asked.row} ${asked.rule}`])).join(' → '),
  ]);
  const names = ['id', 'field', 'now', 'would-be', 'because'];
  const list = table(
    names.map((name) => shell.say(`cli-column-${name}`)),
    rows,
  );
  const more = total > differences.length ? [shell.say('replay-more', { count: differences.length })] : [];
  return [head, '', list, ...more].join('\n');
}

async function approve(shell: Shell, list: boolean): Promise<Output> {
  const folder = await shell.openFolder();
  const result = await reach(shell, folder, rulesApprove, { list, operator: shell.io.operator });
  return { json: result, text: approvalText(shell, folder, result) };
}

function approvalText(shell: Shell, folder: WorkspaceFolder, { waiting, approved }: ApproveResult): string {
  if (waiting === null) return shell.say('approve-none');
  const who = waiting.author ?? shell.say('approve-unknown-author');
  const at = shownTime(folder, waiting.saved_at);
  return [
    shell.say('approve-waits', { version: waiting.version, who, at }),
    ...changeLines(shell, waiting),
    ...(approved === null ? [] : [shell.say('approve-done', { version: approved })]),
  ].join('\n');
}

/** What a version changed, row by row and cell by cell. */
function changeLines(shell: Shell, { changes }: VersionLine): readonly string[] {
  const shown = (text: string): string => (text === '' ? shell.say('change-blank') : plainLine(text, 80));
  return changes.flatMap(({ workbook, tab, rows, other }) => [
    `${workbook}/${tab}`,
    ...rows.flatMap(({ kind, row, number, cells }) => [
      `  ${shell.say(`change-${kind}`, { number, row: plainLine(row) })}`,
      ...cells.map(
        (cell) => `      ${shell.say('change-cell', { ...cell, old: shown(cell.old), new: shown(cell.new) })}`,
      ),
    ]),
    ...(other ? [`  ${shell.say('change-other')}`] : []),
  ]);
}

async function versions(shell: Shell): Promise<Output> {
  const folder = await shell.openFolder();
  const lines = await reach(shell, folder, rulesVersions, {});
  const names = ['version', 'mode', 'time', 'who', 'changed'];
  const rows = lines.map(({ version, state, saved_at: savedAt, author, approver, changes }) => [
    String(version),
    shell.say(`version-${state}`),
    shownTime(folder, savedAt),
    [author, approver].filter((name) => name !== null).join(' → '),
    changes
      .map(({ tab, rows: changed }) => {
        const count = (kind: string): number => changed.filter((each) => each.kind === kind).length;
        const params = { added: count('added'), removed: count('removed'), changed: count('changed') };
        return shell.say('change-count', { tab, ...params });
      })
      .join('，'),
  ]);
  const list = table(
    names.map((name) => shell.say(`cli-column-${name}`)),
    rows,
  );
  return { json: lines, text: lines.length === 0 ? shell.say('versions-none') : list };
}
