/** Robots of DingTalk, WeCom and Feishu as their vendors document them: what they check, and what they answer. */
import { createHmac } from 'node:crypto';
import type { Clock } from '../../src/ports.ts';
import { type Answer, json, type Received } from './receiver.ts';

/** At most so many messages in any minute. */
function minuteCounter(clock: Clock, most: number): () => boolean {
  const times: number[] = [];
  return () => {
    const now = clock.now().getTime();
    while (times.length > 0 && times[0]! <= now - 60_000) times.shift();
    times.push(now);
    return times.length <= most;
  };
}

const bytes = (text: string): number => Buffer.byteLength(text);

export function dingtalkRobot(clock: Clock, token: string, secret: string): (request: Received) => Answer {
  const inTime = minuteCounter(clock, 20);
  return ({ method, path, query, body, headers }) => {
    if (method !== 'POST' || path !== '/robot/send' || !headers['content-type']?.startsWith('application/json')) {
      return json({ errcode: 43002, errmsg: 'require POST method' });
    }
    if (query.get('access_token') !== token) return json({ errcode: 300001, errmsg: 'token is not exist' });
    const timestamp = query.get('timestamp') ?? '';
    if (!/^\d{13}$/.test(timestamp) || Math.abs(clock.now().getTime() - Number(timestamp)) > 3_600_000) {
      return json({ errcode: 310000, errmsg: 'invalid timestamp' });
    }
    const sign = createHmac('sha256', secret).update(`${timestamp}\n${secret}`, 'utf8').digest('base64');
    if (query.get('sign') !== sign) return json({ errcode: 310000, errmsg: `sign not match, token ${token}` });
    if (bytes(body) > 20_000) return json({ errcode: 460101, errmsg: 'message too long, exceed 20000 bytes' });
    if (!inTime()) return json({ errcode: 130101, errmsg: 'send too fast, exceed 20 times per minute' });
    const { msgtype, markdown, at } = JSON.parse(body);
    if (msgtype !== 'markdown' || !markdown.title || !markdown.text || at?.isAtAll !== false) {
      return json({ errcode: 400105, errmsg: 'unsupported msgtype' });
    }
    return json({ errcode: 0, errmsg: 'ok' });
  };
}

export function wecomRobot(clock: Clock, key: string): (request: Received) => Answer {
  const inTime = minuteCounter(clock, 20);
  return ({ method, path, query, body }) => {
    if (method !== 'POST' || path !== '/cgi-bin/webhook/send' || query.get('key') !== key) {
      return json({ errcode: 93000, errmsg: 'invalid webhook url, hint: [1]' });
    }
    if (!inTime()) return json({ errcode: 45009, errmsg: 'api freq out of limit' });
    const { msgtype, markdown } = JSON.parse(body);
    if (msgtype !== 'markdown') return json({ errcode: 40008, errmsg: 'invalid message type' });
    if (bytes(markdown.content) > 4096) {
      return json({ errcode: 40058, errmsg: 'markdown.content exceed max length 4096' });
    }
    return json({ errcode: 0, errmsg: 'ok' });
  };
}

export function feishuRobot(clock: Clock, token: string, secret: string): (request: Received) => Answer {
  const inTime = minuteCounter(clock, 100);
  return ({ method, path, body }) => {
    if (method !== 'POST' || path !== `/open-apis/bot/v2/hook/${token}`) {
      return json({ code: 19001, msg: 'param invalid: incoming webhook access token invalid' });
    }
    if (bytes(body) > 20_480) return json({ code: 9499, msg: 'Bad Request' }, 400);
    const { timestamp, sign, msg_type, content } = JSON.parse(body);
    const right = createHmac('sha256', `${timestamp}\n${secret}`).update(Buffer.alloc(0)).digest('base64');
    const late = Math.abs(clock.now().getTime() / 1000 - Number(timestamp)) > 3600;
    if (sign !== right || late || typeof timestamp !== 'string') {
      return json({ code: 19021, msg: 'sign match fail or timestamp is not within one hour from current time' });
    }
    if (!inTime())
      return json({ code: 11232, msg: 'frequency limited: create message trigger system frequency limit' });
    if (msg_type !== 'post' || !Array.isArray(content?.post?.zh_cn?.content)) {
      return json({ code: 19002, msg: 'params error, msg_type need' });
    }
    return json({ StatusCode: 0, StatusMessage: 'success', code: 0, data: {}, msg: 'success' });
  };
}
