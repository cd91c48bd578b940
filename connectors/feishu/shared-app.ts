/**
 * The one app of this process for a platform, made from the environment when it is first asked for: all workbooks and the
 * events speak through it, and message accounts of the same app share its token. `ROWKEEPER_FEISHU_APP_ID` and `ROWKEEPER_FEISHU_APP_SECRET` name the app;
 * `ROWKEEPER_FEISHU_DOMAIN` its platform, where the workbook's address does not tell.
 */
import { say } from '../../src/messages/index.ts';
import { ConfigError } from '../../src/model/errors.ts';
import type { ConnectorSettings } from '../index.ts';
import { createFeishuApp, type FeishuApp } from './app.ts';
import { sharedTokens } from './token.ts';

/** The two platforms; an app exists on one of them only. */
const FEISHU = 'https://open.feishu.cn';
const LARK = 'https://open.larksuite.com';

/** Where the API of the platform is that a document's address belongs to. Private addresses of Feishu count as Feishu. */
export function domainOf(address: string): string {
  const host = URL.canParse(address) ? new URL(address).hostname : '';
  return /(^|\.)larksuite\.com$/.test(host) ? LARK : FEISHU;
}

/** Throws `ConfigError` naming every variable that is missing or malformed. `place`: an address people open, or empty. */
export function sharedFeishuApp({
  place,
  variables,
  clock,
  logger,
  shared,
}: Pick<ConnectorSettings, 'place' | 'variables' | 'clock' | 'logger' | 'shared'>): FeishuApp {
  const value = (name: string): string => variables[name]?.trim() ?? '';
  const appId = value('ROWKEEPER_FEISHU_APP_ID');
  const appSecret = value('ROWKEEPER_FEISHU_APP_SECRET');
  const told = value('ROWKEEPER_FEISHU_DOMAIN').replace(/\/+$/, '');
  const problems = [
    ...(appId === '' ? [problem('feishu-variable-missing', 'ROWKEEPER_FEISHU_APP_ID')] : []),
    ...(appSecret === '' ? [problem('feishu-variable-missing', 'ROWKEEPER_FEISHU_APP_SECRET')] : []),
    ...(told === '' || isDomain(told) ? [] : [problem('feishu-domain-malformed', 'ROWKEEPER_FEISHU_DOMAIN')]),
  ];
  if (problems.length > 0) {
    throw new ConfigError('feishu-settings', problems.map(({ text }) => text).join('; '), {
      hint: say('zh-CN', 'feishu-settings-hint'),
      details: { problems, key: problems[0]!.key, hintKey: 'feishu-settings-hint', params: problems[0]!.params },
    });
  }
  const domain = told === '' ? domainOf(place) : told;
  const tokens = sharedTokens(shared, domain, appId);
  return shared(`feishu ${domain}`, () => createFeishuApp({ domain, appId, appSecret, clock, logger, tokens }));
}

function problem(key: 'feishu-variable-missing' | 'feishu-domain-malformed', name: string) {
  const params = { name };
  return { key, params, text: say('zh-CN', key, params) };
}

/** The secret goes there: without TLS only to this machine. */
function isDomain(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, hostname, pathname, search } = new URL(text);
  const isHere = hostname === '127.0.0.1' || hostname === 'localhost' || hostname === '[::1]';
  return pathname === '/' && search === '' && (protocol === 'https:' || (protocol === 'http:' && isHere));
}
