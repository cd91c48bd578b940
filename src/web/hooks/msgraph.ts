/**
 * The webhook of Microsoft Graph: the handshake of new subscriptions, and notices that something in a drive changed. Public
 * input: a body of bounded size, believed only with the secret of its subscription, and answered at once, because an
 * endpoint that takes three seconds is throttled (change-notifications-delivery-webhooks).
 */
import type { Hono } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { msgraphHookPath } from '../../../connectors/msgraph/shared-notices.ts';
import type { App } from '../../app.ts';
import { secure } from '../http.ts';

/** A post gathers notices of many subscriptions; ours are few. */
const MOST_BYTES = 256 * 1024;
/** Tokens of the handshake are about 150 characters. */
const LONGEST_TOKEN = 1024;

/** Adds the address where Graph can reach the pages; elsewhere there is no such page. */
export function addMsgraphHook(web: Hono, app: App): void {
  const { msgraph, logger } = app;
  if (msgraph === null) return;
  const tooLong = bodyLimit({ maxSize: MOST_BYTES, onError: (context) => context.body(null, 413) });
  web.post(msgraphHookPath, tooLong, async (context) => {
    secure(context);
    const token = context.req.query('validationToken');
    if (token !== undefined) {
      return token.length > LONGEST_TOKEN ? context.body(null, 400) : context.text(token);
    }
    const body: unknown = await context.req.json().catch(() => null);
    const { taken, refused } = (await msgraph.open())?.receive(body) ?? { taken: 0, refused: 0 };
    if (refused > 0) logger.log('warn', 'msgraph:refused', { taken, refused });
    // Also what is not believed is answered well: it may be of a subscription an earlier process left behind.
    return context.body(null, 202);
  });
}
