/**
 * Passes to the pages: who somebody is, what of the figures he may see and until when, signed by the server. A pass is
 * a text for a link and a cookie; it holds nothing secret, and nobody can change a letter of it unnoticed.
 */
import type { App } from '../app.ts';
import { type AccessKey, accessKey } from '../db/web-access.ts';
import { type Dimension, dimensions, type Filter } from '../kpi/query.ts';

export const roles = ['manager', 'admin'] as const;
export type Role = (typeof roles)[number];

export interface Pass {
  readonly role: Role;
  readonly name: string | null;
  /** Always applied besides what is asked for; empty: everything may be seen. */
  readonly filter: Filter;
  /** Milliseconds since 1970 in UTC. */
  readonly expiresAt: number;
}

/** The key passes are signed with now. */
export function keyOf(app: App): Promise<AccessKey> {
  return accessKey(app.database.db, app.secret);
}

/** A pass as text: letters, digits, `-`, `_` and one dot. */
export async function signPass({ role, name, filter, expiresAt }: Pass, key: AccessKey): Promise<string> {
  const body = base64url(new TextEncoder().encode(JSON.stringify({ r: role, n: name, f: filter, e: expiresAt })));
  const signature = await crypto.subtle.sign('HMAC', await hmacKey(key), signed(body));
  return `${body}.${base64url(new Uint8Array(signature))}`;
}

/** What a text lets one see; null for a text that is no pass, is void or out of date. */
export async function readPass(text: string, key: AccessKey, now: number): Promise<Pass | null> {
  const [body, signature, ...more] = text.split('.');
  if (body === undefined || signature === undefined || more.length > 0 || text.length > longestPass) return null;
  const bytes = fromBase64url(signature);
  // `verify` compares in constant time.
  if (bytes === null || !(await crypto.subtle.verify('HMAC', await hmacKey(key), bytes, signed(body)))) return null;
  const told = fromBase64url(body);
  if (told === null) return null;
  const { r, n, f, e } = JSON.parse(new TextDecoder().decode(told)) as {
    r: Role;
    n: string | null;
    f: Filter;
    e: number;
  };
  return e <= now ? null : { role: r, name: n, filter: f, expiresAt: e };
}

/** Letters of a pass: what fits into a cookie. */
export const longestPass = 3_500;

/** Both filters at once: of a dimension both name, only what is in both. */
export function bothFilters(first: Filter, second: Filter): Filter {
  const joined: Partial<Record<Dimension, readonly string[]>> = { ...first };
  for (const dimension of dimensions) {
    const names = second[dimension];
    if (names === undefined) continue;
    const other = first[dimension];
    joined[dimension] = other === undefined ? names : names.filter((name) => other.includes(name));
  }
  return joined;
}

function hmacKey({ secret, generation }: AccessKey): ReturnType<typeof crypto.subtle.importKey> {
  const bytes = new TextEncoder().encode(`rowkeeper pages ${generation} ${secret}`);
  return crypto.subtle.importKey('raw', bytes, { name: 'HMAC', hash: 'SHA-256' }, false, ['sign', 'verify']);
}

/** What is signed also says what for. */
function signed(body: string): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`pass ${body}`);
}

function base64url(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64url');
}

function fromBase64url(text: string): Uint8Array<ArrayBuffer> | null {
  return /^[\w-]+$/.test(text) ? new Uint8Array(Buffer.from(text, 'base64url')) : null;
}
