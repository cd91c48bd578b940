/**
 * A robot in a DingTalk group: markdown to its webhook, signed where the robot has a secret.
 *
 * Rules: open.dingtalk.com/document/robots/custom-robot-access (address, message types, at most 20 messages a minute, or
 * the robot is silenced for ten) and /customize-robot-security-settings (signature, keywords, addresses).
 */
import { createHmac } from 'node:crypto';
import { z } from 'zod';
import { defineChannel } from './channel.ts';
import { byCode, exchange, jsonOf, MINUTE_MS, unreadable, type Verdict } from './exchange.ts';
import { baseUrl, variable } from './shapes.ts';

const address = 'https://oapi.dingtalk.com';

/** After too many messages a robot is silent for ten minutes. */
const silenced: Verdict = { waitMs: 10 * MINUTE_MS };

const verdicts: Readonly<Record<string, Verdict>> = {
  0: 'delivered',
  '-1': 'retry',
  130101: silenced,
  410100: silenced,
  90030: silenced,
  // Not signed as the robot expects, no keyword in the text, or sent from an address that is not on its list.
  310000: 'never',
  300001: 'never',
  400013: 'never',
  400101: 'never',
  400102: 'never',
  400105: 'never',
  400106: 'never',
  // The text or a picture or link in it was judged unfit.
  430101: 'never',
  430102: 'never',
  430103: 'never',
  430104: 'never',
};

export const dingtalk = defineChannel({
  kind: 'dingtalk',
  settings: z.strictObject({
    kind: z.literal('dingtalk').describe('A robot of a DingTalk group.'),
    tokenEnv: variable.describe('Environment variable with the access_token of the webhook.'),
    secretEnv: variable
      .optional()
      .describe('Environment variable with the secret (SEC…) when the robot checks signatures.'),
    baseUrl: baseUrl(address),
  }),
  format: 'robot',
  // The whole request may have 20,000 bytes.
  limits: { max: 16_000, unit: 'bytes', perMinute: 20 },
  costly: false,
  baseUrl: (settings) => settings.baseUrl ?? address,
  async send({ to, title, text, link }, { settings, secret }, tools) {
    const token = secret(settings.tokenEnv);
    const url = new URL('/robot/send', settings.baseUrl ?? address);
    url.searchParams.set('access_token', token);
    const secrets = [token];
    if (settings.secretEnv !== undefined) {
      const key = secret(settings.secretEnv);
      const timestamp = String(tools.now.getTime());
      url.searchParams.set('timestamp', timestamp);
      url.searchParams.set('sign', createHmac('sha256', key).update(`${timestamp}\n${key}`).digest('base64'));
      secrets.push(key);
    }
    const lines = [`#### ${title}`, text.replaceAll('\n', '\n\n')];
    if (link !== null) lines.push(`[→](${link})`);
    // Only a number that also stands in the text is called; what is no number is not put there.
    const mobile = /^\+?\d[\d-]{4,19}$/.test(to) ? to : null;
    if (mobile !== null) lines.push(`@${mobile}`);
    const request = {
      method: 'POST',
      url: url.href,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      body: JSON.stringify({
        msgtype: 'markdown',
        markdown: { title, text: lines.join('\n\n') },
        at: { atMobiles: mobile === null ? [] : [mobile], isAtAll: false },
      }),
    } as const;
    return await exchange(tools, request, secrets, (reply) => {
      const answer = jsonOf(reply);
      return answer === null || answer.errcode === undefined
        ? unreadable(reply, url.host)
        : byCode('DingTalk', String(answer.errcode), answer.errmsg, verdicts);
    });
  },
});
