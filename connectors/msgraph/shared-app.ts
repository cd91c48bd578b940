/**
 * The one app of this process on Microsoft Graph, made from the environment when it is first asked for: all workbooks and
 * the notices share its token. `ROWKEEPER_MSGRAPH_TENANT_ID` and `ROWKEEPER_MSGRAPH_CLIENT_ID` name the app registration;
 * a person then signs a service account in. `ROWKEEPER_MSGRAPH_CLIENT_SECRET` makes the app speak for itself instead.
 * `ROWKEEPER_MSGRAPH_CLOUD` names the national cloud (global, us-gov, us-dod, china); `ROWKEEPER_MSGRAPH_ROOT` and
 * `ROWKEEPER_MSGRAPH_AUTHORITY` replace its addresses, for a server of one's own.
 */
import { say } from '../../src/messages/index.ts';
import { ConfigError } from '../../src/model/errors.ts';
import type { ConnectorSettings } from '../index.ts';
import { createMsgraphApp, type GraphApp } from './app.ts';
import { type CloudName, clouds } from './clouds.ts';

/** Throws `ConfigError` naming every variable that is missing or malformed. */
export function sharedMsgraphApp({
  variables,
  stateDir,
  clock,
  logger,
  shared,
}: Pick<ConnectorSettings, 'variables' | 'stateDir' | 'clock' | 'logger' | 'shared'>): GraphApp {
  const value = (name: string): string => variables[name]?.trim() ?? '';
  const tenantId = value('ROWKEEPER_MSGRAPH_TENANT_ID');
  const clientId = value('ROWKEEPER_MSGRAPH_CLIENT_ID');
  const clientSecret = value('ROWKEEPER_MSGRAPH_CLIENT_SECRET');
  const cloudName = value('ROWKEEPER_MSGRAPH_CLOUD') || 'global';
  const root = value('ROWKEEPER_MSGRAPH_ROOT').replace(/\/+$/, '');
  const authority = value('ROWKEEPER_MSGRAPH_AUTHORITY').replace(/\/+$/, '');
  const known = Object.keys(clouds).join(', ');
  const problems = [
    ...(tenantId === '' ? [problem('msgraph-variable-missing', { name: 'ROWKEEPER_MSGRAPH_TENANT_ID' })] : []),
    ...(clientId === '' ? [problem('msgraph-variable-missing', { name: 'ROWKEEPER_MSGRAPH_CLIENT_ID' })] : []),
    ...(cloudName in clouds ? [] : [problem('msgraph-cloud-unknown', { name: 'ROWKEEPER_MSGRAPH_CLOUD', known })]),
    ...(root === '' || isOrigin(root) ? [] : [problem('msgraph-url-malformed', { name: 'ROWKEEPER_MSGRAPH_ROOT' })]),
    ...(authority === '' || isOrigin(authority)
      ? []
      : [problem('msgraph-url-malformed', { name: 'ROWKEEPER_MSGRAPH_AUTHORITY' })]),
  ];
  if (problems.length > 0) {
    throw new ConfigError('msgraph-settings', problems.map(({ text }) => text).join('; '), {
      hint: say('zh-CN', 'msgraph-settings-hint'),
      details: { problems, key: problems[0]!.key, hintKey: 'msgraph-settings-hint', params: problems[0]!.params },
    });
  }
  const usual = clouds[cloudName as CloudName];
  const cloud = { ...usual, ...(root === '' ? {} : { root }), ...(authority === '' ? {} : { authority }) };
  return shared('msgraph', () =>
    createMsgraphApp({
      cloud,
      isOwnAuthority: cloud.authority !== usual.authority,
      tenantId,
      clientId,
      clientSecret: clientSecret === '' ? null : clientSecret,
      stateDir,
      clock,
      logger,
    }),
  );
}

function problem(
  key: 'msgraph-variable-missing' | 'msgraph-cloud-unknown' | 'msgraph-url-malformed',
  params: Readonly<Record<string, string>>,
) {
  return { key, params, text: say('zh-CN', key, params) };
}

/** Secrets and tokens go there: TLS, always. */
function isOrigin(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const { protocol, pathname, search } = new URL(text);
  return protocol === 'https:' && pathname === '/' && search === '';
}
