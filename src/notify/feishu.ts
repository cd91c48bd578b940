/**
 * A robot in a Feishu group: a rich-text post to its webhook, signed where the robot has a secret. A post is structure,
 * not marks, so that no text in it can become a link or a mention.
 *
 * Rules: open.feishu.cn/document/client-docs/bot-v3/add-custom-bot (signature: the key is `timestamp\nsecret`, over
 * nothing; 100 messages a minute and 5 a second; a request of at most 20 KB).
 */
import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { defineChannel } from './channel.ts';
import { byCode, exchange, jsonOf, MINUTE_MS, unreadable, type Verdict } from './exchange.ts';
import { baseUrl, variable } from './shapes.ts';

const address = 'https://open.feishu.cn';

const verdicts: Readonly<Record<string, Verdict>> = {
  0: 'delivered',
  // Too often, by the robot's own count or by the platform's.
  9499: { waitMs: MINUTE_MS },
  11232: { waitMs: MINUTE_MS },
  99991400: { waitMs: MINUTE_MS },
  // The webhook is unknown, the robot switched off, or the message is none of its types.
  19001: 'never',
  19002: 'never',
  19007: 'never',
  // Wrong signature or a clock more than an hour off; an address not on its list; no keyword.
  19021: 'never',
  19022: 'never',
  19024: 'never',
};

export const feishu = defineChannel({
  kind: 'feishu',
  settings: z.strictObject({
    kind: z.literal('feishu').describe('A robot of a Feishu group.'),
    tokenEnv: variable.describe('Environment variable with the last part of the webhook address.'),
    secretEnv: variable.optional().describe('Environment variable with the secret when the robot checks signatures.'),
    baseUrl: baseUrl(address),
  }),
  format: 'plain',
  limits: { max: 12_000, unit: 'bytes', perMinute: 100 },
  costly: false,
  baseUrl: (settings) => settings.baseUrl ?? address,
  async send({ to, title, text, link }, { settings, secret }, tools) {
    const token = secret(settings.tokenEnv);
    const url = new URL(`/open-apis/bot/v2/hook/${encodeURIComponent(token)}`, settings.baseUrl ?? address);
    const secrets = [token];
    let signature = {};
    if (settings.secretEnv !== undefined) {
      const key = secret(settings.secretEnv);
      const timestamp = String(Math.floor(tools.now.getTime() / 1000));
      signature = { timestamp, sign: createHmac('sha256', `${timestamp}\n${key}`).update('').digest('base64') };
      secrets.push(key);
    }
    const lines: Readonly<Record<string, string>>[][] = text.split('\n').map((line) => [{ tag: 'text', text: line }]);
    if (link !== null) lines.push([{ tag: 'a', text: link, href: link }]);
    // `all` would call everybody.
    if (to !== '' && to !== 'all') lines.push([{ tag: 'at', user_id: to }]);
    const request = {
      method: 'POST',
      url: url.href,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({
        ...signature,
        msg_type: 'post',
        content: { post: { zh_cn: { title, content: lines } } },
      }),
    } as const;
    return await exchange(tools, request, secrets, (reply) => {
      const answer = jsonOf(reply);
      // Old robots answer with StatusCode.
      const code = answer?.code ?? answer?.StatusCode;
      return answer === null || code === undefined
        ? unreadable(reply, url.host)
        : byCode('Feishu', String(code), answer.msg ?? answer.StatusMessage, verdicts);
    });
  },
});
