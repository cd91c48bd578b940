/** The error classes. A class is named by what to do next; the text for people comes from the message catalogue. */

export type ErrorDetails = Readonly<Record<string, unknown>>;

export interface ErrorOptionsWithHint {
  readonly details?: ErrorDetails;
  /** What the person can do, in his language. */
  readonly hint?: string;
  readonly cause?: unknown;
}

/** Base of all expected failures: `code` is a stable word, `message` names the place, `hint` the remedy. */
export class AppError extends Error {
  readonly code: string;
  readonly details: ErrorDetails;
  readonly hint: string | undefined;

  constructor(code: string, message: string, options: ErrorOptionsWithHint = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.name = new.target.name;
    this.code = code;
    this.details = options.details ?? {};
    this.hint = options.hint;
  }
}

/** The environment, `rowkeeper.json` or a config tab is wrong; `details.problems` lists every fault. */
export class ConfigError extends AppError {}
/** A caller's request is wrong. */
export class InputError extends AppError {}
/** Who asks is not known, or may not: without a valid link, under a name that is not ours, after too many tries. */
export class AuthError extends AppError {}
/** The thing named does not exist: a ticket, a tab, a file. */
export class NotFoundError extends AppError {}
/** Not now: throttled, locked, unreachable. Nothing was done. */
export class RetryableError extends AppError {
  readonly retryAfterMs: number;

  constructor(code: string, message: string, retryAfterMs: number, options: ErrorOptionsWithHint = {}) {
    super(code, message, options);
    this.retryAfterMs = retryAfterMs;
  }
}
/** Sent, and what became of it is not known: it may have been carried out, and may still be. Look before doing it again. */
export class UncertainError extends AppError {}
/** Somebody wrote in between: read and plan again. */
export class StaleError extends AppError {}
/** A guard said no; waits for a person. */
export class RefusedError extends AppError {}
/** A file or message that must not be opened: encrypted, damaged, hostile. Nothing was changed. */
export class UnreadableError extends AppError {}
