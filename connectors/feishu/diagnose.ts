/**
 * Tries step by step, on the live platform, what the service needs of one document: `doctor` tells it to the person who sets
 * it up. Every step only reads; a step that failed hides none that follows.
 */
import { AppError } from '../../src/model/errors.ts';
import type { Finding } from '../connector.ts';
import type { FeishuApp } from './app.ts';

/** What a document is called by the drive API. */
export interface FeishuDocument {
  readonly token: string;
  readonly type: 'sheet' | 'bitable';
}

/** Steps: `app` (credentials, domain), `read`, `write`, `notices`, `people`, `bot`. `document` is looked up first, so its failure is told as `read`. */
export async function diagnoseDocument(
  app: FeishuApp,
  document: () => Promise<FeishuDocument>,
  read: (document: FeishuDocument) => Promise<{ readonly title: string }>,
): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  const find = (step: string, state: Finding['state'], code: string, params: Finding['params'] = {}): void => {
    findings.push({ step, state, code, params });
  };
  /** Runs a step; its failure is told by the text of its error. */
  const attempt = async (step: string, failure: 'warn' | 'fail', work: () => Promise<void>): Promise<boolean> => {
    try {
      await work();
      return true;
    } catch (error) {
      if (!(error instanceof AppError)) throw error;
      const { key = error.code, params = {} } = error.details as { key?: string; params?: Record<string, unknown> };
      find(step, failure, key, textParams(params));
      return false;
    }
  };

  let found: FeishuDocument | null = null;
  const isThere = await attempt('read', 'fail', async () => {
    found = await document();
    const { title } = await read(found);
    find('app', 'ok', 'feishu-doctor-app', { appId: app.appId, domain: new URL(app.domain).host });
    find('read', 'ok', 'feishu-doctor-read', { title });
  });
  if (!isThere || found === null) return findings;
  const { token, type } = found as FeishuDocument;
  const path = encodeURIComponent(token);
  await attempt('write', 'fail', async () => {
    const { auth_result: may } = await app.call<{ auth_result?: boolean }>({
      method: 'GET',
      path: `/open-apis/drive/v1/permissions/${path}/members/auth`,
      params: { type, action: 'edit' },
      writes: false,
    });
    if (may === true) find('write', 'ok', 'feishu-doctor-write');
    else find('write', 'fail', 'feishu-doctor-no-write');
  });
  await attempt('notices', 'warn', async () => {
    const { is_subscribe: isOn } = await app.call<{ is_subscribe?: boolean }>({
      method: 'GET',
      path: `/open-apis/drive/v1/files/${path}/get_subscribe`,
      params: { file_type: type },
      writes: false,
    });
    if (isOn === true) find('notices', 'ok', 'feishu-doctor-notices');
    else find('notices', 'warn', 'feishu-doctor-no-notices');
  });
  await attempt('people', 'warn', async () => {
    await app.call({
      method: 'POST',
      path: '/open-apis/contact/v3/users/batch_get_id',
      params: { user_id_type: 'open_id' },
      // Nobody has this address: unknown people come back without an id, a missing scope comes back as an error.
      data: { emails: ['nobody@rowkeeper.invalid'] },
      writes: false,
    });
    find('people', 'ok', 'feishu-doctor-people');
  });
  await attempt('bot', 'warn', async () => {
    await app.call({ method: 'GET', path: '/open-apis/bot/v3/info', writes: false });
    find('bot', 'ok', 'feishu-doctor-bot');
  });
  return findings;
}

function textParams(params: Readonly<Record<string, unknown>>): Finding['params'] {
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]));
}
