/**
 * The only way out by HTTP. Whoever writes a config tab or a message can name a place, but not reach one that
 * `rowkeeper.json` does not allow: a host must be on the list, its name must resolve to public addresses, and the
 * connection goes to the very address that was checked, so that a name cannot turn to another one in between (DNS
 * rebinding). Redirects are not followed: they come back as the reply they are.
 */
import { lookup } from 'node:dns/promises';
import { request as requestPlain } from 'node:http';
import { request as requestTls } from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { isPublicAddress } from './addresses.ts';

/** A host that may be called. */
export interface HostRule {
  /** `hooks.example.com`, or with a port: `10.0.0.5:8080`. Without a port: the port of the scheme only. */
  readonly host: string;
  /** May resolve to a private address. */
  readonly local: boolean;
  /** May be called without TLS; only together with `local`. */
  readonly plain: boolean;
}

export interface HttpRequest {
  readonly method: 'GET' | 'POST' | 'PATCH';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface HttpReply {
  readonly status: number;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** Throws `OutboundError` and nothing else. */
export type HttpCall = (request: HttpRequest) => Promise<HttpReply>;

export interface ResolvedAddress {
  readonly address: string;
  readonly family: 4 | 6;
}
/** All addresses of a name; rejects when there are none. */
export type Resolver = (hostname: string) => Promise<readonly ResolvedAddress[]>;

/**
 * A call that brought no reply. `refused`: it was not made and never will be. `unreachable`: it was not made now.
 * `unanswered`: it went out, and what became of it is unknown. `what` is a word of ours or of the system, and neither it
 * nor the message holds anything of the URL but the host.
 */
export class OutboundError extends Error {
  readonly kind: 'refused' | 'unreachable' | 'unanswered';
  readonly host: string;
  readonly what: string;

  constructor(kind: OutboundError['kind'], host: string, what: string) {
    super(`${host}: ${what}`);
    this.name = 'OutboundError';
    this.kind = kind;
    this.host = host;
    this.what = what;
  }
}

export interface OutboundOptions {
  readonly hosts: readonly HostRule[];
  /** The system's resolver when left out. */
  readonly resolve?: Resolver;
  /** For the whole call; 10 s when left out. */
  readonly timeoutMs?: number;
  /** 64 KiB when left out. */
  readonly maxReplyBytes?: number;
  /** 256 KiB when left out. */
  readonly maxRequestBytes?: number;
}

const systemResolver: Resolver = async (hostname) =>
  (await lookup(hostname, { all: true })).map(({ address, family }) => ({ address, family: family === 6 ? 6 : 4 }));

export function createOutbound(options: OutboundOptions): HttpCall {
  const { resolve = systemResolver, timeoutMs = 10_000, maxReplyBytes = 65_536, maxRequestBytes = 262_144 } = options;
  const rules = new Map(options.hosts.map((rule) => [rule.host.toLowerCase(), rule]));
  return async (request) => {
    const url = URL.canParse(request.url) ? new URL(request.url) : null;
    if (url === null) throw new OutboundError('refused', '?', 'bad-url');
    const rule = rules.get(url.host);
    if (rule === undefined) throw new OutboundError('refused', url.host, 'host-not-allowed');
    if (url.protocol !== 'https:' && !(url.protocol === 'http:' && rule.plain && rule.local)) {
      throw new OutboundError('refused', url.host, 'not-https');
    }
    if (url.username !== '' || url.password !== '') throw new OutboundError('refused', url.host, 'credentials-in-url');
    if (Buffer.byteLength(request.body) > maxRequestBytes)
      throw new OutboundError('refused', url.host, 'body-too-long');
    const signal = AbortSignal.timeout(timeoutMs);
    const addresses = await checkedAddresses(url, rule, resolve, signal);
    return await exchange(request, url, addresses, signal, maxReplyBytes);
  };
}

/** Every address must do: a name with one public and one private address is refused, whichever comes first. */
async function checkedAddresses(
  url: URL,
  rule: HostRule,
  resolve: Resolver,
  signal: AbortSignal,
): Promise<readonly ResolvedAddress[]> {
  const hostname = url.hostname.replace(/^\[|\]$/g, '');
  const family = isIP(hostname);
  const late = new Promise<never>((_, reject) => {
    signal.addEventListener('abort', () => reject(new OutboundError('unreachable', url.host, 'timeout')), {
      once: true,
    });
  });
  const found =
    family === 0
      ? await Promise.race([resolve(hostname), late]).catch((error: unknown) => {
          throw error instanceof OutboundError ? error : new OutboundError('unreachable', url.host, codeOf(error));
        })
      : [{ address: hostname, family: family === 6 ? 6 : 4 } as const];
  late.catch(() => {});
  if (found.length === 0) throw new OutboundError('unreachable', url.host, 'ENOTFOUND');
  if (!rule.local && !found.every(({ address }) => isPublicAddress(address))) {
    throw new OutboundError('refused', url.host, 'private-address');
  }
  return found;
}

function exchange(
  { method, headers, body }: HttpRequest,
  url: URL,
  addresses: readonly ResolvedAddress[],
  signal: AbortSignal,
  maxReplyBytes: number,
): Promise<HttpReply> {
  const pinned: LookupFunction = (_, { all }, answer) => {
    if (all) answer(null, [...addresses]);
    else answer(null, addresses[0]!.address, addresses[0]!.family);
  };
  return new Promise((fulfil, reject) => {
    let connected = false;
    const fail = (what: string): void =>
      reject(new OutboundError(connected ? 'unanswered' : 'unreachable', url.host, signal.aborted ? 'timeout' : what));
    const send = url.protocol === 'https:' ? requestTls : requestPlain;
    // No agent: a kept connection would skip the check of its address, and might be closed under our hands.
    const call = send(
      url,
      {
        method,
        headers: { ...headers, 'content-length': Buffer.byteLength(body), 'accept-encoding': 'identity' },
        agent: false,
        lookup: pinned,
        signal,
      },
      (reply) => {
        const chunks: Buffer[] = [];
        let size = 0;
        reply.on('data', (chunk: Buffer) => {
          size += chunk.length;
          if (size <= maxReplyBytes) chunks.push(chunk);
          else reply.destroy(Object.assign(new Error('reply too long'), { code: 'reply-too-long' }));
        });
        reply.on('error', (error) => fail(codeOf(error)));
        reply.on('end', () =>
          fulfil({
            status: reply.statusCode ?? 0,
            headers: Object.fromEntries(Object.entries(reply.headers).map(([name, value]) => [name, String(value)])),
            body: Buffer.concat(chunks).toString(),
          }),
        );
      },
    );
    call.on('socket', (socket) => {
      socket.once(url.protocol === 'https:' ? 'secureConnect' : 'connect', () => {
        connected = true;
      });
    });
    call.on('error', (error) => fail(codeOf(error)));
    call.end(body);
  });
}

/** The system's word for an error (`ECONNREFUSED`); its message may hold what must not be told. */
function codeOf(error: unknown): string {
  const code = error instanceof Error ? (error as { readonly code?: unknown }).code : undefined;
  return typeof code === 'string' ? code : 'failed';
}

/** A text without secrets, in any of the forms in which a reply might repeat them. */
export function redact(text: string, secrets: readonly string[]): string {
  let clean = text;
  for (const secret of secrets) {
    if (secret === '') continue;
    const forms = [secret, encodeURIComponent(secret), JSON.stringify(secret).slice(1, -1)];
    // The longest first: a shorter form may be a part of it.
    for (const form of forms.sort((a, b) => b.length - a.length)) clean = clean.replaceAll(form, '***');
  }
  return clean;
}
