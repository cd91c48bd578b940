/**
 * What can go wrong between us and Microsoft Graph, as errors with a text and a remedy for people. The one rule: nothing
 * the vendor writes into `message` goes into an error, because it may quote a cell; codes and our own words do.
 */
import { type Params, say } from '../../src/messages/index.ts';
import type { msgraph } from '../../src/messages/msgraph.ts';
import type { msgraphFile } from '../../src/messages/msgraph-file.ts';
import {
  type ErrorOptionsWithHint,
  NotFoundError,
  RefusedError,
  RetryableError,
  UncertainError,
} from '../../src/model/errors.ts';

/** Refused for good, until a person changes something. `details.codes` are the vendor's, where there were any. */
export class MsgraphError extends RefusedError {}

type Key = keyof typeof msgraph | keyof typeof msgraphFile;
/** Faults that have a remedy: `x` where the catalogue has `x-hint` too. They are the `code` of the errors. */
export type MsgraphFault = { [K in Key]: `${K}-hint` extends Key ? K : never }[Key];

export interface FaultDetails {
  /** Key of the text, where it is not the fault itself. */
  readonly key?: Key;
  readonly params?: Params;
  /** Facts for code and support, beside the text: the vendor's codes, the call, its request id. */
  readonly details?: Readonly<Record<string, unknown>>;
}

/** Chinese text; `details.key`, `details.hintKey` and `details.params` are there for an edge that speaks another language. */
function told(fault: MsgraphFault, more: FaultDetails): [string, ErrorOptionsWithHint] {
  const { key = fault, params = {}, details } = more;
  const hintKey = `${fault}-hint`;
  const hint = say('zh-CN', hintKey, params);
  return [say('zh-CN', key, params), { hint, details: { ...details, key, hintKey, params } }];
}

/** Refused until a person changes something. */
export function refused(fault: MsgraphFault, more: FaultDetails = {}): MsgraphError {
  return new MsgraphError(fault, ...told(fault, more));
}

/** The thing asked for is not there. */
export function notFound(fault: MsgraphFault, more: FaultDetails = {}): NotFoundError {
  return new NotFoundError(fault, ...told(fault, more));
}

/** Not now; nothing was done. */
export function notNow(fault: MsgraphFault, retryAfterMs: number, more: FaultDetails = {}): RetryableError {
  const [message, options] = told(fault, more);
  return new RetryableError(fault, message, retryAfterMs, options);
}

/** Sent, and nobody knows what became of it. */
export function uncertain(fault: MsgraphFault, more: FaultDetails = {}): UncertainError {
  return new UncertainError(fault, ...told(fault, more));
}
