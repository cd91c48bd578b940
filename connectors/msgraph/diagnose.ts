/**
 * Tries step by step, on the live platform, what the service needs of one workbook: `doctor` tells it to the person who
 * sets it up. Nothing is changed, nobody is asked to sign in; a step that failed hides none that does not need it.
 */
import { AppError } from '../../src/model/errors.ts';
import type { Finding } from '../connector.ts';
import type { GraphApp } from './app.ts';
import type { Place } from './place.ts';
import { listTabs } from './tab-list.ts';

/** Steps: `sign-in` (app, account, consent), `file`, `session` (is it worked on in place, and may we write), `read`, `notices`. */
export async function diagnoseWorkbook(
  app: GraphApp,
  find: () => Promise<Place>,
  isTold: boolean,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const tell = (step: string, state: Finding['state'], code: string, params: Finding['params'] = {}): void => {
    findings.push({ step, state, code, params });
  };
  /** Runs a step; its failure is told by the text of its error. */
  const attempt = async <T>(step: string, work: () => Promise<T>): Promise<T | null> => {
    try {
      return await work();
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const { key = error.code, params = {} } = error.details as { key?: string; params?: Record<string, unknown> };
      tell(step, 'fail', key, Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)])));
      return null;
    }
  };

  const isSignedIn = await attempt('sign-in', async () => {
    await app.checkSignIn();
    const account = app.account()?.name ?? app.clientId;
    if (app.isAppOnly) tell('sign-in', 'warn', 'msgraph-doctor-app-only', { account });
    else tell('sign-in', 'ok', 'msgraph-doctor-signed-in', { account });
    return true;
  });
  if (isSignedIn === null) return findings;
  const place = await attempt('file', find);
  if (place === null) return findings;
  tell('file', 'ok', 'msgraph-doctor-file', { name: place.name });
  const { session } = app.document(place.driveId, place.itemId);
  const opened = await attempt('session', () => session.open());
  if (opened === 'session') tell('session', 'ok', 'msgraph-doctor-session');
  if (opened === 'sessionless') tell('session', 'warn', 'msgraph-doctor-sessionless');
  if (opened !== null) {
    const tabs = await attempt('read', () => listTabs(session));
    if (tabs !== null) tell('read', 'ok', 'msgraph-doctor-read', { count: String(tabs.length) });
  }
  tell('notices', 'ok', isTold ? 'msgraph-doctor-notices' : 'msgraph-doctor-looks');
  return findings;
}
