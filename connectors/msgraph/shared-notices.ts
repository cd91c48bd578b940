/**
 * One set of subscriptions per process for the app of the environment, whoever asks for it: connectors, which are woken, and
 * the webhook of the pages, which takes what Graph sends. Only where the pages have an https address on the internet.
 */
import type { Clock, Logger } from '../../src/ports.ts';
import type { Shared } from '../index.ts';
import type { GraphApp } from './app.ts';
import { createMsgraphNotices, type MsgraphNotices } from './notices.ts';

/** Where the pages take what Graph sends. */
export const msgraphHookPath = '/hooks/msgraph';

/** The address Graph can call, or null where the pages have none: it takes https only, and reaches no private network. */
export function hookUrl(publicUrl: string | null): string | null {
  if (publicUrl === null || !URL.canParse(publicUrl)) return null;
  const { protocol, hostname } = new URL(publicUrl);
  const isPrivate =
    /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[)/.test(hostname) || !hostname.includes('.');
  return protocol === 'https:' && !isPrivate ? `${publicUrl.replace(/\/+$/, '')}${msgraphHookPath}` : null;
}

/** The process's notices, made when first asked for; null where Graph cannot reach us. */
export function sharedMsgraphNotices(
  {
    publicUrl,
    clock,
    logger,
    shared,
  }: {
    readonly publicUrl: string | null;
    readonly clock: Clock;
    readonly logger: Logger;
    readonly shared: Shared;
  },
  app: GraphApp,
): MsgraphNotices | null {
  const url = hookUrl(publicUrl);
  return url === null ? null : shared('msgraph-notices', () => createMsgraphNotices({ app, url, clock, logger }));
}
