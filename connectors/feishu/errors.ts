/**
 * What can go wrong between us and Feishu, as errors with a text and a remedy for people. The one rule: nothing the
 * vendor writes into `msg` goes into an error, because it may quote a cell; codes and our own words do.
 */
import type { feishu } from '../../src/messages/feishu.ts';
import { type Params, say } from '../../src/messages/index.ts';
import { type ErrorOptionsWithHint, RefusedError, RetryableError, UncertainError } from '../../src/model/errors.ts';

/** Refused for good, until a person changes something. `details.code` is the vendor's code, where there was one. */
export class FeishuError extends RefusedError {}

/** 90216: what was asked for stands already, and nothing was changed. */
export function isNoChange(error: unknown): boolean {
  return error instanceof FeishuError && error.details.code === 90216;
}

type Key = keyof typeof feishu;
/** Faults that have a remedy: `x` where the catalogue has `x-hint` too. They are the `code` of the errors. */
export type FeishuFault = { [K in Key]: `${K}-hint` extends Key ? K : never }[Key];

export interface FaultDetails {
  readonly params?: Params;
  /** Facts for code and support, beside the text: the vendor's code, the call, its log id. */
  readonly details?: Readonly<Record<string, unknown>>;
  readonly cause?: unknown;
}

/** Chinese text; `details.key`, `details.hintKey` and `details.params` are there for an edge that speaks another language. */
function told(fault: FeishuFault, { params = {}, details, cause }: FaultDetails): [string, ErrorOptionsWithHint] {
  const hintKey = `${fault}-hint`;
  return [
    say('zh-CN', fault, params),
    {
      hint: say('zh-CN', hintKey, params),
      details: { ...details, key: fault, hintKey, params },
      ...(cause === undefined ? {} : { cause }),
    },
  ];
}

/** Refused until a person changes something. */
export function refused(fault: FeishuFault, more: FaultDetails = {}): FeishuError {
  return new FeishuError(fault, ...told(fault, more));
}

/** Not now; nothing was done. */
export function notNow(fault: FeishuFault, retryAfterMs: number, more: FaultDetails = {}): RetryableError {
  const [message, options] = told(fault, more);
  return new RetryableError(fault, message, retryAfterMs, options);
}

/** Sent, and nobody knows what became of it. */
export function uncertain(fault: FeishuFault, more: FaultDetails = {}): UncertainError {
  return new UncertainError(fault, ...told(fault, more));
}
