/** `explain`: why a ticket stands as it does. */
import { type DecisionLine, type Explanation, type MessageLine, explain as operation } from '../app/explain.ts';
import type { WorkspaceFolder } from '../config/folder.ts';
import { reach } from './reach.ts';
import type { CommandPart, Shell } from './shell.ts';
import { plainLine } from './terminal.ts';
import { shownField, shownTime, shownValue } from './values.ts';

interface Options {
  readonly rule?: string;
  readonly all?: boolean;
}

export const explain: CommandPart = (program, shell) => {
  program
    .command('explain')
    .description(shell.say('cli-explain'))
    .argument('<ticket>', shell.say('cli-arg-ticket'))
    .option('--rule <name>', shell.say('cli-option-rule'))
    .option('--all', shell.say('cli-option-all'))
    .action(
      shell.action(async (number: string, { rule, all = false }: Options) => {
        const folder = await shell.openFolder();
        const result = await reach(shell, folder, operation, { number, rule: rule ?? null, all });
        return { json: result, text: sectionsOf(shell, folder, result).join('\n') };
      }),
    );
};

/** Longer lines are cut: a terminal is no place for a whole description. */
const LONGEST = 400;

function sectionsOf(shell: Shell, folder: WorkspaceFolder, told: Explanation): readonly string[] {
  const time = (at: string): string => shownTime(folder, at);
  const section = (key: string, lines: readonly string[]): readonly string[] =>
    lines.length === 0 ? [] : ['', shell.say(key), ...lines.map((line) => `  ${plainLine(line, LONGEST)}`)];
  return [
    told.ticket_no,
    ...section(
      'explain-fields',
      told.fields.map(({ field, value, actor, source, at }) =>
        shell.say('explain-field', {
          field: shownField(folder, field),
          value: shownValue(folder, field, value),
          who: actor.name ?? shell.say(`cli-actor-${actor.kind}`),
          source,
          at: time(at),
        }),
      ),
    ),
    ...section(
      'explain-decisions',
      told.hint === null ? told.decisions.flatMap((each) => decisionLines(shell, folder, each)) : [told.hint],
    ),
    ...section(
      'explain-clocks',
      told.clocks.length === 0
        ? [shell.say('explain-no-clocks')]
        : told.clocks.map(({ metric, state, text, breached_at: breachedAt }) => {
            const head = shell.say('explain-clock', {
              metric: shell.say(`automation-metric-${metric}`),
              state: shell.say(`explain-state-${state}`),
              text,
            });
            return breachedAt === null ? head : head + shell.say('explain-breached', { at: time(breachedAt) });
          }),
    ),
    ...section(
      'explain-next',
      told.next.map(({ at, text }) => `${time(at)} ${text}`),
    ),
    ...section(
      'explain-messages',
      told.messages.map((message) => messageText(shell, folder, message)),
    ),
    ...section(
      'explain-why-not',
      told.why_not.map(({ text }) => text),
    ),
  ];
}

function decisionLines(shell: Shell, folder: WorkspaceFolder, decision: DecisionLine): readonly string[] {
  const head = shell.say('explain-decision', {
    at: shownTime(folder, decision.at),
    trigger: shell.say(`explain-trigger-${decision.trigger}`),
    version: decision.config_version,
  });
  const lines = [...decision.why.map(({ text }) => text), ...decision.choice, ...decision.notes];
  return [head, ...lines.map((line) => `· ${line}`)];
}

function messageText(shell: Shell, folder: WorkspaceFolder, message: MessageLine): string {
  const { state, recipient, channel, title, reason, sent_at: sentAt } = message;
  const at = sentAt === null ? '' : shownTime(folder, sentAt);
  const told = shell.say(`explain-message-${state}`, { at }).trim();
  const line = shell.say('explain-message', { state: told, recipient, channel, title });
  return reason === null ? line : `${line} (${reason})`;
}
