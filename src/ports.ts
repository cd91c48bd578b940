/** What the outside hands in: no module below the entry points reads a clock, makes up a number or writes a log by itself. */

/** Now, and nothing else. */
export interface Clock {
  now(): Date;
}

/** Work put off, handed in so that tests need not wait. */
export interface Timers {
  /** Does `work` once, after so many milliseconds; the result takes it back. It does not keep a process alive. */
  after(ms: number, work: () => void): () => void;
}

/** Names of log lines: one typed list, so that tests and alerts can rely on them. */
export type LogName =
  | 'run:done'
  | 'run:failed'
  | 'run:retry'
  | 'run:held'
  | 'push:stale'
  | 'push:unknown'
  | 'push:settled'
  | 'lease:lost'
  | 'file:locked'
  | 'file:changed'
  | 'jobs:failed'
  | 'web:failed'
  | 'figures:published'
  | 'sign-in:needed'
  | 'sign-in:done'
  /** Changes of a drive are not told by Microsoft Graph; its files are looked at all the same. */
  | 'msgraph:deaf'
  /** Notices that came to the webhook were not believed. */
  | 'msgraph:refused'
  /** The line on which Feishu tells of changes: up, lost or refused. */
  | 'feishu:line'
  /** Changes of a file are not told by Feishu; it is looked at all the same. */
  | 'feishu:deaf'
  | 'feishu:card-failed'
  /** A request to the webhook was not believed. */
  | 'feishu:refused';

/** One line per event; never cell text, query parameters or secrets. */
export interface Logger {
  log(level: 'debug' | 'info' | 'warn' | 'error', name: LogName, data: Readonly<Record<string, unknown>>): void;
}
