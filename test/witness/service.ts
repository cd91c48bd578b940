/** The program as a person runs it: the real command in a process of its own. */
import { type ChildProcess, spawn } from 'node:child_process';
import { resolve } from 'node:path';

const entry = resolve(import.meta.dirname, '../../src/rowkeeper.js');

export interface Finished {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

type Variables = Readonly<Record<string, string | undefined>>;

function launch(args: readonly string[], variables: Variables): ChildProcess {
  return spawn(process.execPath, [entry, ...args], {
    env: { ...process.env, DATABASE_URL: undefined, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Runs one command to its end. */
export function rowkeeper(args: readonly string[], variables: Variables = {}): Promise<Finished> {
  const child = launch(args, variables);
  const texts = { stdout: '', stderr: '' };
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream]?.setEncoding('utf8').on('data', (text: string) => {
      texts[stream] += text;
    });
  }
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('close', (code) => done({ code, ...texts }));
  });
}

/** Runs one command with `--json` and returns its document; throws with what it said when it does not end well. */
export async function ask<T>(args: readonly string[], variables: Variables = {}): Promise<T> {
  const { code, stdout, stderr } = await rowkeeper([...args, '--json'], variables);
  if (code !== 0) throw new Error(`rowkeeper ${args.join(' ')} ended with ${code}: ${stdout}${stderr}`);
  return JSON.parse(stdout) as T;
}

export interface Service {
  /** Everything it has printed. */
  output(): string;
  /** Sends a signal and waits for the end; the exit code, or null when the signal ended it. */
  stop(signal: 'SIGINT' | 'SIGTERM' | 'SIGKILL'): Promise<number | null>;
  readonly ended: Promise<number | null>;
}

/** Starts the service; resolves as soon as it says that it runs, or right away with `waitForReady` false. */
export async function startService(
  workspace: string,
  options: { readonly variables?: Variables; readonly waitForReady?: boolean } = {},
): Promise<Service> {
  const child = launch(['start', '--workspace', workspace], options.variables ?? {});
  let printed = '';
  const ended = new Promise<number | null>((done) => child.once('close', (code) => done(code)));
  const ready = new Promise<void>((done) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream?.setEncoding('utf8').on('data', (text: string) => {
        printed += text;
        if (printed.includes('Ctrl-C')) done();
      });
    }
  });
  if (options.waitForReady !== false) {
    await Promise.race([
      ready,
      ended.then((code) => {
        throw new Error(`the service ended with ${code} before it was ready: ${printed}`);
      }),
    ]);
  }
  return {
    output: () => printed,
    stop: (signal) => {
      child.kill(signal);
      return ended;
    },
    ended,
  };
}

/**
 * Looks again and again until `look` returns something, for what another process does and tells nobody. Throws what the
 * last look threw, or that it waited in vain, after `withinMs`.
 */
export async function until<T>(look: () => Promise<T | undefined>, withinMs: number): Promise<T> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    let failure: unknown = new Error(`nothing came within ${withinMs} ms`);
    try {
      const seen = await look();
      if (seen !== undefined) return seen;
    } catch (error) {
      failure = error;
    }
    if (performance.now() > deadline) throw failure;
    await new Promise((done) => setTimeout(done, 20));
  }
}
