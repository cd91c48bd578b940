/**
 * A robot in a WeCom group: markdown to its webhook; the key in the address is the only credential.
 *
 * Rules: developer.work.weixin.qq.com/document/path/91770 (markdown of at most 4096 bytes of UTF-8, 20 messages a minute,
 * `<@userid>` calls a person) and /path/90313 (error codes).
 */
import { z } from 'zod';
import { defineChannel } from './channel.ts';
import { byCode, exchange, jsonOf, MINUTE_MS, unreadable, type Verdict } from './exchange.ts';
import { baseUrl, variable } from './shapes.ts';

const address = 'https://qyapi.weixin.qq.com';

const verdicts: Readonly<Record<string, Verdict>> = {
  0: 'delivered',
  '-1': 'retry',
  // Called too often: counted by the minute, and over several.
  45009: { waitMs: MINUTE_MS },
  45033: { waitMs: MINUTE_MS },
  40008: 'never',
  40058: 'never',
  44004: 'never',
  45002: 'never',
  // The webhook does not exist (any more).
  93000: 'never',
  93008: 'never',
};

export const wecom = defineChannel({
  kind: 'wecom',
  settings: z.strictObject({
    kind: z.literal('wecom').describe('A robot of a WeCom group.'),
    keyEnv: variable.describe('Environment variable with the key of the webhook.'),
    baseUrl: baseUrl(address),
  }),
  format: 'robot',
  // Of 4096 bytes the title, the link and a mention need some.
  limits: { max: 3_000, unit: 'bytes', perMinute: 20 },
  costly: false,
  baseUrl: (settings) => settings.baseUrl ?? address,
  async send({ to, title, text, link }, { settings, secret }, tools) {
    const key = secret(settings.keyEnv);
    const url = new URL('/cgi-bin/webhook/send', settings.baseUrl ?? address);
    url.searchParams.set('key', key);
    const lines = [`**${title}**`, text];
    if (link !== null) lines.push(`[→](${link})`);
    if (to !== '') lines.push(`<@${to.replace(/[<>@\s]/g, '')}>`);
    const request = {
      method: 'POST',
      url: url.href,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({ msgtype: 'markdown', markdown: { content: lines.join('\n') } }),
    } as const;
    return await exchange(tools, request, [key], (reply) => {
      const answer = jsonOf(reply);
      return answer === null || answer.errcode === undefined
        ? unreadable(reply, url.host)
        : byCode('WeCom', String(answer.errcode), answer.errmsg, verdicts);
    });
  },
});
