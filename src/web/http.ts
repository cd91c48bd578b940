/** What every page shares: which status a failure is, the headers of a careful server, and under which names we answer. */
import type { Context } from 'hono';
import {
  AuthError,
  ConfigError,
  InputError,
  NotFoundError,
  RefusedError,
  RetryableError,
  StaleError,
  UnreadableError,
} from '../model/errors.ts';

export type Status = 400 | 401 | 403 | 404 | 409 | 422 | 429 | 500 | 503;

const statuses: readonly (readonly [abstract new (...args: never[]) => Error, Status])[] = [
  [InputError, 400],
  [NotFoundError, 404],
  [ConfigError, 422],
  [UnreadableError, 422],
  [RetryableError, 503],
  [StaleError, 409],
  [RefusedError, 409],
];

const authStatuses: Readonly<Record<string, Status>> = { 'no-pass': 401, 'foreign-host': 403, 'too-many-tries': 429 };

/** The HTTP status of a failure; one nobody foresaw is 500. */
export function statusOf(error: unknown): Status {
  if (error instanceof AuthError) return authStatuses[error.code] ?? 403;
  return statuses.find(([type]) => error instanceof type)?.[1] ?? 500;
}

const HEADERS = {
  'content-security-policy': [
    "default-src 'none'",
    "script-src 'self'",
    "style-src 'self'",
    "img-src 'self' data:",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ].join('; '),
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'x-robots-tag': 'noindex',
} as const;

/** Puts the headers of a careful server on an answer; what is not marked otherwise is kept by nobody. */
export function secure(context: Context): void {
  for (const [name, value] of Object.entries(HEADERS)) context.header(name, value);
  if (context.res.headers.get('cache-control') === null) context.header('cache-control', 'no-store');
}

/** Where the pages are served and what they are called. */
export interface Hosts {
  /** The address the server listens on. */
  readonly host: string;
  /** As in the settings. */
  readonly url: string | null;
  /** Other names of this machine. */
  readonly names: readonly string[];
}

/**
 * How a request reached us: `local` from this machine by a name that means nothing else; `known` by another name or
 * address of ours; `foreign` by a name we do not know, as a page of somebody else does that lets its name point here.
 */
export function reachedBy(request: Request, hosts: Hosts): 'local' | 'known' | 'foreign' {
  const name = nameOf(request.headers.get('host') ?? new URL(request.url).host);
  const own = hosts.url === null ? null : nameOf(new URL(hosts.url).host);
  if (name === null) return 'foreign';
  if (isLoopback(name)) {
    // Behind a proxy every request comes from this machine.
    const isForwarded = [
      'forwarded',
      'via',
      'x-forwarded-for',
      'x-forwarded-host',
      'x-forwarded-proto',
      'x-real-ip',
    ].some((header) => request.headers.has(header));
    return isLoopback(nameOf(hosts.host) ?? '') && (own === null || isLoopback(own)) && !isForwarded
      ? 'local'
      : 'known';
  }
  const names = [own, nameOf(hosts.host), ...hosts.names.map(nameOf)];
  // Nobody can let an address point elsewhere.
  return names.includes(name) || isAddress(name) ? 'known' : 'foreign';
}

/** Whether the address people use is one of this machine only. */
export function isLoopback(name: string): boolean {
  return name === 'localhost' || name === '[::1]' || /^127(\.\d{1,3}){3}$/.test(name);
}

function isAddress(name: string): boolean {
  return name.startsWith('[') || /^\d{1,3}(\.\d{1,3}){3}$/.test(name);
}

/** The name in `name:port`, in small letters; null for a text that is none. */
function nameOf(host: string): string | null {
  const text = host.includes(':') && !host.includes('[') && host.split(':').length > 2 ? `[${host}]` : host;
  return /^[\w.:[\]-]+$/.test(text) && URL.canParse(`http://${text}`)
    ? new URL(`http://${text}`).hostname.replace(/\.$/, '')
    : null;
}

/** Whether the browser is to send a cookie over https only. */
export function isSecure(request: Request, hosts: Hosts): boolean {
  return (
    hosts.url?.startsWith('https:') === true ||
    request.url.startsWith('https:') ||
    request.headers.get('x-forwarded-proto') === 'https'
  );
}
