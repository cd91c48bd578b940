/**
 * The pages and addresses of the service as one hono app: no disk, no timers, no server of its own; the entry point hands
 * in files, names and the one who tells of changes, and listens.
 */
import { type Context, Hono } from 'hono';
import { reportError } from '../app/report.ts';
import type { App } from '../app.ts';
import { say } from '../messages/index.ts';
import { AppError } from '../model/errors.ts';
import { type Assets, assetPaths, serveAssets } from './assets.ts';
import { refusal } from './dashboard/frame.ts';
import { localeOf } from './dashboard/question.ts';
import { addDashboard } from './dashboard/routes.ts';
import { createGate } from './gate.ts';
import { addFeishuHook } from './hooks/feishu.ts';
import { addMsgraphHook } from './hooks/msgraph.ts';
import { type Hosts, type Status, secure, statusOf } from './http.ts';
import type { Live } from './live.ts';

export interface WebDeps {
  readonly assets: Assets;
  readonly hosts: Hosts;
  readonly live: Live;
  /** Where a request comes from, to slow down who guesses. */
  readonly addressOf: (context: Context) => string;
}

export function createWeb(app: App, { assets, hosts, live, addressOf }: WebDeps): Hono {
  const web = new Hono();
  const gate = createGate(app, hosts, addressOf);

  const refuse = async (
    context: Context,
    status: Status,
    told: { readonly message: string; readonly hint: string | null },
  ) => {
    const locale = localeOf(new URL(context.req.url).searchParams, app.settings.locale);
    const frame = {
      locale,
      assets: assetPaths(assets),
      title: say(locale, `web-status-${status}`),
      asked: null,
      current: null,
      otherLanguage: null,
    };
    return context.html(await refusal(frame, told), status);
  };

  // Before the rule that everything only reads: who sends to a hook is no browser.
  addFeishuHook(web, app);
  addMsgraphHook(web, app);
  web.use(async (context, next) => {
    const { method } = context.req;
    if (method === 'GET' || method === 'HEAD') await next();
    else context.res = context.body(null, 405, { allow: 'GET, HEAD' });
    secure(context);
  });
  serveAssets(web, assets);
  addDashboard(web, { app, gate, live, assets });
  web.notFound((context) => {
    const locale = localeOf(new URL(context.req.url).searchParams, app.settings.locale);
    return refuse(context, 404, { message: say(locale, 'web-no-page'), hint: say(locale, 'web-no-page-hint') });
  });
  web.onError(async (error, context) => {
    const status = statusOf(error);
    const locale = localeOf(new URL(context.req.url).searchParams, app.settings.locale);
    if (error instanceof AppError) {
      const { message, hint } = reportError(error, locale);
      return await refuse(context, status, { message, hint });
    }
    // What went wrong inside is for the log; the address may hold names, and is not.
    app.logger.log('error', 'web:failed', { error: error.name, stack: error.stack?.split('\n').slice(1, 6) });
    return await refuse(context, 500, { message: say(locale, 'web-internal'), hint: say(locale, 'web-internal-hint') });
  });
  return web;
}
