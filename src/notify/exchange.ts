/** One request of a channel and what its reply means: what is alike for all receivers that speak HTTP. */
import { type ChannelTools, type Delivery, delivered, refused, retry } from './channel.ts';
import { type HttpReply, type HttpRequest, OutboundError, redact } from './outbound.ts';

/** What a vendor's own code means for a message that got it. */
export type Verdict = 'delivered' | 'retry' | 'never' | { readonly waitMs: number };

export const MINUTE_MS = 60_000;

/** The longest wait a receiver can ask for. */
const longestWaitMs = 24 * 60 * MINUTE_MS;

/**
 * Sends, and lets `read` judge every reply that is neither a redirect, nor a throttle, nor a server's failure. `secrets`
 * never show in a reason. Throws only what `read` throws by a fault of ours.
 */
export async function exchange(
  { http, now }: ChannelTools,
  request: HttpRequest,
  secrets: readonly string[],
  read: (reply: HttpReply) => Delivery,
): Promise<Delivery> {
  let reply: HttpReply;
  try {
    reply = await http(request);
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    const params = { host: error.host, reason: error.what };
    return error.kind === 'refused' ? refused('notify-host-refused', params) : retry(`notify-${error.kind}`, params);
  }
  const { host } = new URL(request.url);
  const params = { host, status: String(reply.status) };
  if (reply.status >= 300 && reply.status < 400) return refused('notify-redirected', params);
  if (reply.status === 429 || reply.status === 503) {
    return retry('notify-throttled', params, retryAfterMs(reply.headers['retry-after'], now));
  }
  const delivery = read(reply);
  if (delivery.outcome === 'delivered') return delivery;
  const { code, params: told } = delivery.reason;
  const clean = Object.entries(told).map(([name, text]) => [name, redact(text, secrets).slice(0, 200)]);
  return { ...delivery, reason: { code, params: Object.fromEntries(clean) } };
}

/** Seconds or a date, as RFC 9110 has it; a minute when the receiver asks for time without saying how much. */
function retryAfterMs(header: string | undefined, now: Date): number {
  const text = header?.trim() ?? '';
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - now.getTime();
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 1000), longestWaitMs) : MINUTE_MS;
}

/** A reply without a code of the vendor's: judged by its HTTP status. */
export function byStatus(reply: HttpReply, host: string): Delivery {
  const params = { host, status: String(reply.status) };
  if (reply.status >= 200 && reply.status < 300) return delivered;
  const later = reply.status >= 500 || reply.status === 408 || reply.status === 425;
  return later ? retry('notify-status', params) : refused('notify-status', params);
}

/** A reply in which the vendor's code is missing: it was not the vendor who answered, or not as he says he does. */
export function unreadable(reply: HttpReply, host: string): Delivery {
  const delivery = byStatus(reply, host);
  return delivery.outcome === 'delivered'
    ? retry('notify-unreadable', { host, status: String(reply.status) })
    : delivery;
}

/** The JSON object of a reply; null when it is none. */
export function jsonOf(reply: HttpReply): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(reply.body);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Readonly<Record<string, unknown>>)
      : null;
  } catch {
    return null;
  }
}

/** What a vendor's code means; one that is in no list may be gone the next time. */
export function byCode(
  vendor: string,
  code: string,
  text: unknown,
  verdicts: Readonly<Record<string, Verdict>>,
): Delivery {
  const verdict = Object.hasOwn(verdicts, code) ? verdicts[code]! : 'retry';
  if (verdict === 'delivered') return delivered;
  const params = { vendor, code, text: typeof text === 'string' ? text : '' };
  if (verdict === 'never') return refused('notify-vendor', params);
  return retry('notify-vendor', params, verdict === 'retry' ? null : verdict.waitMs);
}
