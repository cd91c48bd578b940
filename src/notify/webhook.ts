/**
 * A message to a program: JSON, signed so that the receiver can tell that it is ours, is new and was not changed.
 *
 * `X-Rowkeeper-Timestamp`: seconds since 1970. `X-Rowkeeper-Signature`: `sha256=` and the hexadecimal HMAC-SHA256 of
 * `timestamp.body` under the shared secret. `X-Rowkeeper-Id` (also `Idempotency-Key`): the same for every attempt of one
 * message; delivery is at least once, so a receiver drops an id it has seen.
 */
import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { defineChannel } from './channel.ts';
import { byStatus, exchange } from './exchange.ts';
import { variable } from './shapes.ts';

export const webhook = defineChannel({
  kind: 'webhook',
  settings: z.strictObject({
    kind: z.literal('webhook').describe('A program that takes JSON by POST.'),
    url: z.url({ protocol: /^https?$/ }).describe('Where to; no secret in it.'),
    secretEnv: variable.describe('Environment variable with the secret that signs.'),
  }),
  format: 'plain',
  limits: { max: 100_000, unit: 'bytes', perMinute: null },
  costly: false,
  baseUrl: (settings) => settings.url,
  async send({ key, to, title, text, values, link }, { settings, secret }, tools) {
    const shared = secret(settings.secretEnv);
    const timestamp = String(Math.floor(tools.now.getTime() / 1000));
    const body = JSON.stringify({ id: key, to, title, text, values, link });
    const request = {
      method: 'POST',
      url: settings.url,
      headers: {
        'content-type': 'application/json; charset=utf-8',
        'idempotency-key': key,
        'x-rowkeeper-id': key,
        'x-rowkeeper-timestamp': timestamp,
        'x-rowkeeper-signature': webhookSignature(shared, timestamp, body),
      },
      body,
    } as const;
    return await exchange(tools, request, [shared], (reply) => byStatus(reply, new URL(settings.url).host));
  },
});

/** The value of `X-Rowkeeper-Signature`. */
export function webhookSignature(secret: string, timestamp: string, body: string): string {
  return `sha256=${createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex')}`;
}
