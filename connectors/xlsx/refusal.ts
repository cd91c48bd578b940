/** Why a workbook is refused: one place that turns a reason into an error with its text and remedy. */

import { type Params, say } from '../../src/messages/index.ts';
import { UnreadableError } from '../../src/model/errors.ts';

/**
 * - `encrypted`: password-protected, or an old .xls
 * - `not-a-workbook`: some other kind of file
 * - `empty`: 0 bytes
 * - `damaged`: torn, or its parts contradict each other
 * - `too-large`: over a limit
 * - `hostile`: built to harm its reader
 * - `unsupported`: a storage form no spreadsheet app of today writes
 * - `signed`: may be read, not written
 */
export type Refusal =
  | 'encrypted'
  | 'not-a-workbook'
  | 'empty'
  | 'damaged'
  | 'too-large'
  | 'hostile'
  | 'unsupported'
  | 'signed';

/**
 * The error for a refusal, `code` being the reason (an empty file is `damaged` to code, and has a text of its own). Its text is Chinese; `details.key`, `details.hintKey` and
 * `details.params` are there for an edge that speaks another language. `where` is a place inside the package: a part
 * name and a technical word, never cell text.
 */
export function refuse(reason: Refusal, where = '', limit = '', cause?: unknown): UnreadableError {
  const params: Params = { where, limit };
  const key = `workbook-${reason}`;
  const hintKey = `${key}-hint`;
  return new UnreadableError(reason === 'empty' ? 'damaged' : reason, say('zh-CN', key, params), {
    hint: say('zh-CN', hintKey, params),
    details: { key, hintKey, params },
    ...(cause === undefined ? {} : { cause }),
  });
}

/** A byte count as people read it. */
export function megabytes(bytes: number): string {
  return `${Math.ceil(bytes / 1_048_576)} MB`;
}
