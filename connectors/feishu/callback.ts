/**
 * One request to the webhook: a challenge, an event, or neither. Nothing a request says is believed before its signature
 * over the raw bytes (with an Encrypt Key) and its Verification Token (where one is set) have been checked.
 */
import { isSameText, openSealed, signatureOf } from './callback-seal.ts';
import { type FlatEvent, flatEvent } from './events-api.ts';

/** From the app's page in the vendor's console; empty where it is not set. At least one must be. */
export interface CallbackKeys {
  readonly encryptKey: string;
  readonly verificationToken: string;
}

export interface CallbackRequest {
  /** By lower-case name. */
  readonly header: (name: string) => string | undefined;
  readonly body: Uint8Array;
}

/** Why a request is not believed. `clock`: rightly signed, but at another time than ours. */
export type CallbackRefusal = 'no-keys' | 'unreadable' | 'signature' | 'clock' | 'token';

export type Callback =
  | { readonly kind: 'challenge'; readonly challenge: string }
  | { readonly kind: 'event'; readonly event: FlatEvent }
  /** `offSeconds`: how far the sender's clock is ahead of ours, with `clock`. */
  | { readonly kind: 'refused'; readonly why: CallbackRefusal; readonly offSeconds?: number };

/** A request signed longer ago, or from so far ahead, is somebody's who kept it; or a clock is wrong. */
export const mostClockSeconds = 5 * 60;

/** Environment variables with the keys. */
export function callbackKeys(variables: Readonly<Record<string, string | undefined>>): CallbackKeys {
  return {
    encryptKey: variables.ROWKEEPER_FEISHU_ENCRYPT_KEY?.trim() ?? '',
    verificationToken: variables.ROWKEEPER_FEISHU_VERIFICATION_TOKEN?.trim() ?? '',
  };
}

/** Reads and judges a request. Never throws. */
export function readCallback({ header, body }: CallbackRequest, keys: CallbackKeys, now: Date): Callback {
  const { encryptKey, verificationToken } = keys;
  if (encryptKey === '' && verificationToken === '') return refused('no-keys');
  const outer = objectOf(textOf(body));
  if (outer === null) return refused('unreadable');
  let payload = outer;
  const signature = header('x-lark-signature');
  if (encryptKey !== '') {
    // With a key everything comes sealed; what does not was sent by somebody else.
    const opened = typeof outer.encrypt === 'string' ? openSealed(outer.encrypt, encryptKey) : null;
    const inner = opened === null ? null : objectOf(opened);
    if (inner === null) return refused('unreadable');
    payload = inner;
    // The first challenge may come unsigned: who knows the key has sealed it, and it changes nothing.
    if (signature !== undefined || payload.type !== 'url_verification') {
      const timestamp = header('x-lark-request-timestamp') ?? '';
      const nonce = header('x-lark-request-nonce') ?? '';
      if (!isSameText(signature ?? '', signatureOf(timestamp, nonce, encryptKey, body))) return refused('signature');
      const offSeconds = Number(timestamp) - Math.round(now.getTime() / 1000);
      if (!(Math.abs(offSeconds) <= mostClockSeconds)) return { ...refused('clock'), offSeconds };
    }
  }
  const isChallenge = payload.type === 'url_verification';
  if (verificationToken !== '') {
    const head = payload.header;
    const token = isChallenge || !isObject(head) ? payload.token : head.token;
    if (typeof token !== 'string' || !isSameText(token, verificationToken)) return refused('token');
  }
  if (isChallenge) {
    const { challenge } = payload;
    return typeof challenge === 'string' && challenge.length <= 1_000
      ? { kind: 'challenge', challenge }
      : refused('unreadable');
  }
  const event = flatEvent(payload);
  return event === null ? refused('unreadable') : { kind: 'event', event };
}

function refused(why: CallbackRefusal): { readonly kind: 'refused'; readonly why: CallbackRefusal } {
  return { kind: 'refused', why };
}

function textOf(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(body);
  } catch {
    return '';
  }
}

function objectOf(text: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : null;
  } catch {
    return null;
  }
}

function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
