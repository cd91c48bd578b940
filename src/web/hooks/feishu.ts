/**
 * The webhook of Feishu, for who takes events that way instead of by the long connection. Public input: a body of bounded
 * size, believed only when it is signed, and answered within the second the vendor gives a challenge.
 */
import type { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { readCallback } from '../../../connectors/feishu/callback.ts';
import type { App } from '../../app.ts';
import { secure } from '../http.ts';

/** Where the vendor's console is told to send events and card clicks. */
export const feishuHookPath = '/hooks/feishu';

/** An event that tells of many rows of a base is the longest. */
const MOST_BYTES = 1024 * 1024;

/** Adds the address where the app takes events by webhook; elsewhere there is no such page. */
export function addFeishuHook(web: Hono, app: App): void {
  const { feishu, clock, logger } = app;
  if (feishu === null || feishu.by !== 'webhook') return;
  const tooLong = bodyLimit({ maxSize: MOST_BYTES, onError: (context) => context.json({}, 413) });
  web.post(feishuHookPath, tooLong, async (context) => {
    secure(context);
    const body = new Uint8Array(await context.req.arrayBuffer());
    const told = readCallback({ header: (name) => context.req.header(name), body }, feishu.keys, clock.now());
    switch (told.kind) {
      case 'challenge':
        return context.json({ challenge: told.challenge });
      case 'event': {
        const { events } = await feishu.open();
        return context.json(await events.receive(told.event));
      }
      case 'refused': {
        const { kind: _, ...why } = told;
        logger.log('warn', 'feishu:refused', why);
        return context.json({}, 401);
      }
    }
  });
}
