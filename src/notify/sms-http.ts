/**
 * SMS by any gateway that takes one HTTP request: address and body are templates of the configuration, with the places
 * `{to}`, `{text}`, `{key}`, `{link}` and `{secret}`. Each is encoded for where it stands, so that no text ends a string
 * or adds a parameter.
 */
import { z } from 'zod';
import { defineChannel, delivered, refused, retry } from './channel.ts';
import { byStatus, exchange } from './exchange.ts';
import { internationalNumber, variable } from './shapes.ts';

const encodings = {
  json: { type: 'application/json; charset=utf-8', encode: (text: string) => JSON.stringify(text).slice(1, -1) },
  form: { type: 'application/x-www-form-urlencoded; charset=utf-8', encode: encodeURIComponent },
} as const;

export const smsHttp = defineChannel({
  kind: 'sms-http',
  settings: z.strictObject({
    kind: z.literal('sms-http').describe('SMS by a gateway that takes an HTTP request.'),
    method: z.enum(['GET', 'POST']).optional().describe('POST when left out.'),
    url: z
      .string()
      .regex(/^https?:\/\/[^{}/?#]+(?:[/?#]|$)/, 'https address whose host holds no place')
      .describe('With {to}, {text}, {key}, {link}, {secret} where the gateway wants them.'),
    body: z.string().optional().describe('The same places; left out: no body.'),
    bodyType: z.enum(['json', 'form']).optional().describe('How values are encoded in the body; json when left out.'),
    secretEnv: variable.optional().describe('Environment variable that fills {secret}.'),
    success: z
      .string()
      .min(1)
      .optional()
      .describe('What a good reply contains, when its HTTP status does not say it: "code":0'),
    countryCode: z.boolean().optional().describe('True: mainland numbers are written with 86.'),
  }),
  format: 'plain',
  limits: { max: 300, unit: 'characters', perMinute: null },
  costly: true,
  baseUrl: (settings) => settings.url.replace(/^(https?:\/\/[^/?#]+).*$/s, '$1'),
  async send({ key, to, text, link }, { settings, secret }, tools) {
    const international = internationalNumber(to);
    const host = new URL(settings.url.replace(/^(https?:\/\/[^/?#]+).*$/s, '$1')).host;
    if (international === null) return refused('notify-bad-number', { vendor: host });
    const hidden = settings.secretEnv === undefined ? '' : secret(settings.secretEnv);
    const number = settings.countryCode === true ? international : international.replace(/^86(?=1\d{10}$)/, '');
    const values: Readonly<Record<string, string>> = { to: number, text, key, link: link ?? '', secret: hidden };
    const fill = (template: string, encode: (text: string) => string): string =>
      template.replace(/\{(to|text|key|link|secret)\}/g, (_, name: string) => encode(values[name]!));
    const { type, encode } = encodings[settings.bodyType ?? 'json'];
    const method = settings.method ?? 'POST';
    const request = {
      method,
      url: fill(settings.url, encodeURIComponent),
      headers: { 'idempotency-key': key, ...(method === 'POST' ? { 'content-type': type } : {}) },
      body: method === 'POST' ? fill(settings.body ?? '', encode) : '',
    };
    return await exchange(tools, request, [hidden], (reply) => {
      const delivery = byStatus(reply, host);
      if (delivery !== delivered || settings.success === undefined || reply.body.includes(settings.success)) {
        return delivery;
      }
      return retry('notify-vendor', { vendor: host, code: String(reply.status), text: reply.body });
    });
  },
});
