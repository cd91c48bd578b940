/**
 * What goes wrong with a base, beyond what goes wrong with Feishu as a whole: errors with their texts, and what the vendor's
 * codes mean for a write. The one rule: a code is only called harmless where the vendor says that nothing was done.
 *
 * Source of the codes: the lists of `records/batch_create` and `batch_update`.
 */
import { say } from '../../src/messages/index.ts';
import {
  AppError,
  ConfigError,
  type ErrorOptionsWithHint,
  RefusedError,
  RetryableError,
  UncertainError,
} from '../../src/model/errors.ts';

type Fault = 'bitable-address' | 'bitable-not-a-base' | 'bitable-records-hidden' | 'bitable-changing';

const AGAIN_MS = 1_000;

function told(fault: Fault, params: Readonly<Record<string, string>>): [string, ErrorOptionsWithHint] {
  const hintKey = `${fault}-hint` as const;
  const hint = say('zh-CN', hintKey, params);
  return [say('zh-CN', fault, params), { hint, details: { key: fault, hintKey, params } }];
}

/** The place in the configuration leads to no base. */
export function noBase(fault: 'bitable-address' | 'bitable-not-a-base', place: string): ConfigError {
  return new ConfigError(fault, ...told(fault, { place }));
}

/** The table may only look empty. */
export function recordsHidden(tab: string): RefusedError {
  return new RefusedError('bitable-records-hidden', ...told('bitable-records-hidden', { tab }));
}

/** People changed the tables faster than they could be read. */
export function stillChanging(): RetryableError {
  const [message, options] = told('bitable-changing', {});
  return new RetryableError('bitable-changing', message, AGAIN_MS, options);
}

/** The vendor's code in an error; 0 when there is none. */
export function codeIn(error: unknown): number {
  const code = error instanceof AppError ? error.details.code : undefined;
  return typeof code === 'number' ? code : 0;
}

/** A reply as large as the vendor sends none: fewer records at a time will do. */
export const TOO_LARGE_REPLY = 1254030;

/** The table, or the thing asked of it, went away between two calls. */
const gone: ReadonlySet<number> = new Set([1254004, 1254006, 1254009, 1254041, 1254043, 1254044, 1254045]);

export function isGone(error: unknown): boolean {
  return gone.has(codeIn(error));
}

/** One record of the batch, or one field of it, is at fault, and therefore none was written. */
const oneRecord: ReadonlySet<number> = new Set([
  1254006, 1254007, 1254015, 1254043, 1254044, 1254045, 1254060, 1254061, 1254062, 1254063, 1254064, 1254065, 1254066,
  1254067, 1254068, 1254069, 1254072, 1254074, 1254130,
]);

/** The client token was seen before: what it stood for was done, or is being done. */
const seenBefore: ReadonlySet<number> = new Set([1254608, 1255006]);

/** What a failed write means for the records in it. */
export type WriteFault =
  /** Nothing was done: look for the record at fault. */
  | 'one-record'
  /** Nothing was done: what was planned on is not there any more. */
  | 'gone'
  /** Nothing was done: the table is full. */
  | 'full'
  /** It may have been carried out. */
  | 'uncertain'
  /** It may have been carried out by an earlier call with the same token, and will not be again. */
  | 'seen-before'
  /** Nothing was done, and nothing else will succeed now. */
  | 'refused';

export function writeFault(error: unknown): WriteFault {
  const code = codeIn(error);
  if (error instanceof UncertainError) return 'uncertain';
  if (seenBefore.has(code)) return 'seen-before';
  if (oneRecord.has(code)) return 'one-record';
  if (gone.has(code)) return 'gone';
  return code === 1254103 ? 'full' : 'refused';
}

/** The field is not there under this name: renamed, deleted, or hidden from the app by advanced permissions. */
export function isMissingField(error: unknown): boolean {
  const code = codeIn(error);
  return code === 1254045 || code === 1254044;
}

export function isMissingRecord(error: unknown): boolean {
  const code = codeIn(error);
  return code === 1254043 || code === 1254006;
}
