/** The `rowkeeper` command: reads what was asked, calls the app, prints the answer. One file a command in `cli/`. */
import { readFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { Command, CommanderError } from 'commander';
import type { ExitCode } from './app/report.ts';
import { dashboard } from './cli/dashboard.ts';
import { doctor } from './cli/doctor.ts';
import { explain } from './cli/explain.ts';
import { init } from './cli/init.ts';
import { kpi } from './cli/kpi.ts';
import { log } from './cli/log.ts';
import { problems } from './cli/problems.ts';
import { release } from './cli/release.ts';
import { rules } from './cli/rules.ts';
import { set } from './cli/set.ts';
import { type CommandPart, createShell, type Io, printFailure, type Shell } from './cli/shell.ts';
import { start } from './cli/start.ts';
import { status } from './cli/status.ts';
import { sync } from './cli/sync.ts';
import { tickets } from './cli/tickets.ts';
import { xlsx } from './cli/xlsx.ts';
import { packageFolder } from './package-folder.ts';

const parts: readonly CommandPart[] = [
  init,
  start,
  sync,
  status,
  tickets,
  set,
  problems,
  log,
  explain,
  dashboard,
  rules,
  kpi,
  release,
  xlsx,
  doctor,
];

/** Carries out one command line. Never throws: failures are printed and become the exit code. */
export async function runCli(argv: readonly string[], io: Io): Promise<ExitCode> {
  const shell = await createShell(argv, io);
  try {
    const program = createProgram(shell);
    for (const part of parts) part(program, shell);
    await program.parseAsync([...argv], { from: 'user' });
    return shell.exitCode();
  } catch (error) {
    // `--help` and `--version` have printed what was asked for.
    if (error instanceof CommanderError && error.exitCode === 0) return 0;
    // Commander has printed the help; with `--json` the one document is still owed.
    if (error instanceof CommanderError && error.code === 'commander.help' && !shell.isJson) return 2;
    return printFailure(error, io, shell.locale, shell.isJson);
  }
}

function createProgram(shell: Shell): Command {
  const { version } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
  const titles: Readonly<Record<string, string>> = {
    'Usage:': '用法：',
    'Options:': '选项：',
    'Commands:': '命令：',
    'Arguments:': '参数：',
    'Global Options:': '通用选项：',
  };
  return new Command('rowkeeper')
    .description(shell.say('cli-about'))
    .option('-w, --workspace <dir>', shell.say('cli-option-workspace'))
    .option('--json', shell.say('cli-option-json'))
    .version(version, '-V, --version', shell.say('cli-option-version'))
    .helpOption('-h, --help', shell.say('cli-option-help'))
    .helpCommand(false)
    .configureHelp({
      showGlobalOptions: true,
      styleTitle: (title) => (shell.locale === 'en' ? title : (titles[title] ?? title)),
    })
    .configureOutput({ writeOut: shell.io.out, writeErr: shell.io.err, outputError: () => undefined })
    .exitOverride();
}

/** The process: streams, signals, environment. */
export async function main(argv: readonly string[]): Promise<void> {
  const stopping = new AbortController();
  const stop = (): void => {
    // The first signal ends the running cycle cleanly; a second one is meant.
    if (stopping.signal.aborted) process.exit(130);
    stopping.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  // A reader that goes away early (`| head`) is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  process.exitCode = await runCli(argv, {
    out: (text) => process.stdout.write(text),
    err: (text) => process.stderr.write(text),
    cwd: process.cwd(),
    variables: process.env,
    isTerminal: process.stderr.isTTY === true,
    operator: operatorName(),
    now: () => new Date(),
    stop: stopping.signal,
  });
  process.off('SIGINT', stop);
  process.off('SIGTERM', stop);
}

function operatorName(): string | null {
  try {
    return userInfo().username;
  } catch {
    // A container may run as a user the system has no name for.
    return null;
  }
}
