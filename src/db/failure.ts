/** Turns what the drivers throw into the error classes: what to do next is decided here, once. */

import { type Locale, say } from '../messages/index.ts';
import { AppError, RetryableError } from '../model/errors.ts';

/** SQLSTATE or driver word of an error, looked for through wrapped causes; null for an error of our own making. */
export function failureCode(error: unknown): string | null {
  for (let at = error; at instanceof Error; at = at.cause) {
    const code = (at as { readonly code?: unknown }).code;
    if (typeof code === 'string') return code;
  }
  return null;
}

/**
 * SQLSTATE classes 40 (serialization failure, deadlock) and 53 (no memory, disk or connection left), a lock that was
 * not available, and a row that another transaction wrote first.
 */
const busy = /^(40|53)...$|^(55P03|23505)$/;

/** SQLSTATE classes 08 (connection) and 57P (shutdown), and the words of postgres.js and of the system. */
const lost =
  /^(08...|57P..)$|^(CONNECTION_.+|CONNECT_TIMEOUT|ECONN.+|EPIPE|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|EAI_AGAIN|ENOTFOUND)$/;

/** A `RetryableError` where trying again can help; anything else as it came. */
export function translated(error: unknown, locale: Locale): unknown {
  const code = error instanceof AppError ? null : failureCode(error);
  if (code === null) return error;
  if (busy.test(code)) {
    return new RetryableError('database-busy', say(locale, 'database-busy', { reason: code }), 50, { cause: error });
  }
  if (lost.test(code)) {
    return new RetryableError('database-lost', say(locale, 'database-lost', { reason: code }), 2000, { cause: error });
  }
  return error;
}

/** Every call of an object of async functions, with its failures translated. */
export function translating<T extends object>(calls: T, locale: Locale): T {
  const wrapped: Record<string, unknown> = {};
  for (const [name, call] of Object.entries(calls)) {
    wrapped[name] =
      typeof call !== 'function'
        ? call
        : async (...args: unknown[]) => {
            try {
              return await call(...args);
            } catch (error) {
              throw translated(error, locale);
            }
          };
  }
  return wrapped as T;
}
