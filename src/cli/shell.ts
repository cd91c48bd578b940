/**
 * What every command shares: where it reads and writes, its language, and the shape of its answer. A command returns
 * data and words; only this file prints, so `--json` is exactly one document on standard output, also for errors.
 */
import { type Command, CommanderError } from 'commander';
import { type ErrorReport, type ExitCode, reportError } from '../app/report.ts';
import { type Environment, readEnvironment } from '../config/env.ts';
import { chooseFolder, localeOfFolder, openFolder, type WorkspaceFolder } from '../config/folder.ts';
import { type Locale, say } from '../messages/index.ts';
import { InputError } from '../model/errors.ts';

/** The outside of a command, handed in so that tests run the same code. */
export interface Io {
  readonly out: (text: string) => void;
  readonly err: (text: string) => void;
  readonly cwd: string;
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Somebody looks at standard error. */
  readonly isTerminal: boolean;
  /** Name of the person at the keyboard, or null. */
  readonly operator: string | null;
  readonly now: () => Date;
  /** Aborts when the process is asked to end. */
  readonly stop: AbortSignal;
}

/** What a command has to say. */
export interface Output {
  readonly json: unknown;
  readonly text: string;
  /** 0 when left out. */
  readonly exitCode?: ExitCode;
}

export interface Shell {
  readonly io: Io;
  readonly environment: Environment;
  readonly locale: Locale;
  /** The folder the command works in, which may not be a workspace yet. */
  readonly dir: string;
  readonly isJson: boolean;
  say(key: string, params?: Readonly<Record<string, string | number>>): string;
  openFolder(): Promise<WorkspaceFolder>;
  /** Turns what a command does into what commander calls. */
  action<Args extends readonly unknown[]>(work: (...args: Args) => Promise<Output>): (...args: Args) => Promise<void>;
}

/** Adds its commands to the program. */
export type CommandPart = (program: Command, shell: Shell) => void;

/** The shell of one call, and how it ended. */
export async function createShell(argv: readonly string[], io: Io): Promise<Shell & { exitCode(): ExitCode }> {
  const environment = readEnvironment(io.variables);
  const given = optionBefore(argv, '--workspace', '-w');
  const dir = chooseFolder(given, io.cwd);
  const locale = (await localeOfFolder(dir)) ?? environment.locale ?? 'zh-CN';
  const isJson = argv.includes('--json');
  let exitCode: ExitCode = 0;
  return {
    io,
    environment,
    locale,
    dir,
    isJson,
    say: (key, params = {}) => say(locale, key, params),
    openFolder: () => openFolder(dir, environment),
    action:
      (work) =>
      async (...args) => {
        const output = await work(...args);
        exitCode = output.exitCode ?? 0;
        if (isJson) io.out(`${JSON.stringify(output.json, null, 2)}\n`);
        else if (output.text !== '') io.out(`${output.text}\n`);
      },
    exitCode: () => exitCode,
  };
}

/** Prints a failure where it belongs and says how the command ends. */
export function printFailure(error: unknown, io: Io, locale: Locale, isJson: boolean): ExitCode {
  const { exitCode, ...told }: ErrorReport = reportError(
    error instanceof CommanderError ? usageError(error, locale) : error,
    locale,
  );
  if (isJson) io.out(`${JSON.stringify({ error: told }, null, 2)}\n`);
  else io.err(`${told.message}\n${told.hint === null ? '' : `${told.hint}\n`}`);
  return exitCode;
}

/** The keys of commander's codes that have words of their own here. */
const USAGE = [
  'unknownCommand',
  'unknownOption',
  'missingArgument',
  'optionMissingArgument',
  'excessArguments',
  'invalidArgument',
  'help',
] as const;

/** Commander speaks English only. Its messages quote what they are about. */
function usageError(error: CommanderError, locale: Locale): InputError {
  const code = USAGE.find((each) => error.code === `commander.${each}`);
  const [, subject = '', value = ''] = /'([^']+)'(?: argument '([^']*)')?/.exec(error.message) ?? [];
  const known = /choices are ([^.]+)\./.exec(error.message)?.[1];
  const meant = /Did you mean (?:one of )?([^?]+)\?/.exec(error.message)?.[1];
  const message =
    code === undefined ? error.message.replace(/^error: /, '') : say(locale, `cli-usage-${code}`, { subject, value });
  const hint =
    meant !== undefined
      ? say(locale, 'cli-did-you-mean', { meant })
      : known !== undefined
        ? say(locale, 'cli-bad-choice-hint', { known })
        : say(locale, 'cli-usage-hint');
  return new InputError('usage', message, { hint, details: { subject } });
}

/** The last value of an option, as commander will take it too; it parses later, but the language of its help is needed before. */
function optionBefore(argv: readonly string[], ...names: readonly string[]): string | undefined {
  let value: string | undefined;
  for (const [index, word] of argv.entries()) {
    if (word === '--') break;
    for (const name of names) {
      if (word === name) value = argv[index + 1];
      else if (word.startsWith(`${name}=`)) value = word.slice(name.length + 1);
    }
  }
  return value;
}
