/**
 * One self-built app on Feishu or Lark, as everything of ours that speaks to it shares it: its token, its pace, its errors.
 * The vendor's shapes are in the `*-api.ts` files; here a call is a method, a path and plain data.
 *
 * What a failed call means is told by the class of its error, so that nobody above reads codes to decide what to do:
 * - `RetryableError`: nothing was done; come back after `retryAfterMs` (throttled, the document is busy, no connection).
 *   A call that only reads also fails this way when its reply never came.
 * - `UncertainError`: a call that writes was sent and its reply is missing or is a fault of the server: it may have been
 *   carried out, and may still be.
 * - `FeishuError`: refused for good; `code` of the vendor in `details.code`.
 */
import type { Clock, Logger } from '../../src/ports.ts';

export interface FeishuAppSettings {
  /** `https://open.feishu.cn`, `https://open.larksuite.com`, or a test's own. Without a slash at the end. */
  readonly domain: string;
  readonly appId: string;
  readonly appSecret: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface FeishuCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** From `/open-apis/` on, parts already percent-encoded. */
  readonly path: string;
  readonly params?: Readonly<Record<string, string | number | boolean>>;
  readonly data?: unknown;
  /** A file to be sent as a form: `data` are its other parts. */
  readonly file?: { readonly name: string; readonly bytes: Uint8Array };
  /** The call changes something: a missing reply is then uncertain. */
  readonly writes: boolean;
}

export interface FeishuApp {
  readonly domain: string;
  readonly appId: string;
  /** Requests sent so far, tokens included: for tests that count. */
  readonly requests: number;
  /** One call; resolves to `data` of the reply (`{}` where there is none). Throws as the head of this file says. */
  call<T>(call: FeishuCall): Promise<T>;
  /** After it every call fails at once with `connector-closed`. Safe twice. */
  close(): Promise<void>;
}
