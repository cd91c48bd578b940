/** Robots of groups: an address that takes messages, knows nobody and tells nothing back. */
import { createHmac } from 'node:crypto';
import { type Call, Plain, type Route } from './call.ts';
import type { Chat } from './chat.ts';
import type { World } from './world.ts';

export interface Robots {
  readonly routes: readonly Route[];
  /** The path of a new one. */
  add(secret?: string): string;
}

export function robots(world: World, keep: Chat['keep']): Robots {
  const secrets = new Map<string, string | undefined>();
  const sentAt = new Map<string, number[]>();

  function take(call: Call): Plain {
    const no = (code: number, msg: string, status = 200) => new Plain({ code, msg, data: {} }, { status });
    const id = call.params.id as string;
    if (!secrets.has(id)) return no(19001, 'param invalid: incoming webhook access token invalid');
    const { timestamp, sign, msg_type: type, content, card } = call.body ?? {};
    if (Buffer.byteLength(JSON.stringify(call.body ?? null)) > 20_480) return no(9499, 'Bad Request', 400);
    const now = world.now().getTime();
    const secret = secrets.get(id);
    if (secret !== undefined) {
      const right = createHmac('sha256', `${timestamp}\n${secret}`).update(Buffer.alloc(0)).digest('base64');
      if (sign !== right || Math.abs(now / 1000 - Number(timestamp)) > 3600) {
        return no(19021, 'sign match fail or timestamp is not within one hour from current time');
      }
    }
    const times = (sentAt.get(id) ?? []).filter((at) => at > now - 60_000);
    if (times.length >= 100 || times.filter((at) => at > now - 1000).length >= 5) {
      return no(11232, 'frequency limited: create message trigger system frequency limit');
    }
    sentAt.set(id, [...times, now]);
    if ((type === 'interactive' ? card : content) === undefined) return no(19002, 'params error, msg_type need');
    const messageId = `om_${world.newId(32).toLowerCase()}`;
    const sent = type === 'interactive' ? card : content;
    keep({ messageId, chatId: id, person: null, type, content: sent, createdMs: now });
    return new Plain({ code: 0, msg: 'success', data: {}, StatusCode: 0, StatusMessage: 'success' });
  }

  return {
    routes: [{ method: 'POST', path: '/open-apis/bot/v2/hook/:id', isOpen: true, handle: take }],
    add(secret) {
      const id = world.newId(36).toLowerCase();
      secrets.set(id, secret);
      return `/open-apis/bot/v2/hook/${id}`;
    },
  };
}
