/**
 * Tries step by step, on the live platform, what the service needs of one workbook: `doctor` tells it to the person who
 * sets it up. Nothing is changed, nobody is asked to sign in; a step that failed hides none that does not need it.
 */
import { AppError } from '../../src/model/errors.ts';
import type { Finding } from '../connector.ts';
import type { GraphApp } from './app.ts';
import type { FileMode } from './file-mode.ts';
import type { Place } from './place.ts';
import { listTabs } from './tab-list.ts';

/** Where steps tell what they found. */
export interface Steps {
  tell(step: string, state: Finding['state'], code: string, params?: Finding['params']): void;
  /** Runs a step; its failure is told by the text of its error, and is null. */
  attempt<T>(step: string, work: () => Promise<T>): Promise<T | null>;
}

export interface Diagnosis {
  readonly find: () => Promise<Place>;
  /** Whether the app was set to speak for itself on purpose: whole files work like that. */
  readonly isAppOnlyFine: boolean;
  /** What is tried on the file, by the way it is worked on. */
  readonly tryFile: (place: Place, steps: Steps) => Promise<void>;
  /** Microsoft tells of changes. */
  readonly isTold: boolean;
  /** How far apart looks are where nobody tells. */
  readonly lookEveryMs: number;
}

/** Steps: `sign-in` (app, account, consent), `file`, those of `tryFile`, `notices`. */
export async function diagnoseWorkbook(app: GraphApp, diagnosis: Diagnosis): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const tell: Steps['tell'] = (step, state, code, params = {}) => {
    findings.push({ step, state, code, params });
  };
  const attempt: Steps['attempt'] = async (step, work) => {
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
    if (app.isAppOnly && !diagnosis.isAppOnlyFine) tell('sign-in', 'warn', 'msgraph-doctor-app-only', { account });
    else tell('sign-in', 'ok', 'msgraph-doctor-signed-in', { account });
    return true;
  });
  if (isSignedIn === null) return findings;
  const place = await attempt('file', diagnosis.find);
  if (place === null) return findings;
  tell('file', 'ok', 'msgraph-doctor-file', { name: place.name });
  await diagnosis.tryFile(place, { tell, attempt });
  if (diagnosis.isTold) tell('notices', 'ok', 'msgraph-doctor-notices');
  else tell('notices', 'ok', 'msgraph-doctor-looks', { seconds: String(Math.round(diagnosis.lookEveryMs / 1_000)) });
  return findings;
}

/** Steps on a workbook that is worked on in place: `session` (does it open, and may we write), `read`. */
export async function tryInPlace(app: GraphApp, place: Place, { tell, attempt }: Steps): Promise<void> {
  const { session } = app.document(place.driveId, place.itemId);
  const opened = await attempt('session', () => session.open());
  if (opened === null) return;
  if (opened === 'session') tell('session', 'ok', 'msgraph-doctor-session');
  if (opened === 'sessionless') tell('session', 'warn', 'msgraph-doctor-sessionless');
  const tabs = await attempt('read', () => listTabs(session));
  if (tabs !== null) tell('read', 'ok', 'msgraph-doctor-read', { count: String(tabs.length) });
}

/** Steps on a workbook that is a whole file: `read`, `write` (would an upload be taken now). */
export async function tryWhole(file: FileMode, { tell, attempt }: Steps): Promise<void> {
  const info = await attempt('read', () => file.describe());
  if (info !== null) tell('read', 'ok', 'msgraph-doctor-read', { count: String(info.tabs.length) });
  const isTaken = await attempt('write', async () => {
    await file.tryWriting();
    return true;
  });
  if (isTaken !== null) tell('write', 'ok', 'msgraph-doctor-whole');
}
