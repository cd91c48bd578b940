/** Who signs in to Microsoft Graph, how long that lasts, and what is told when it fails. */
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, test } from 'vitest';
import type { GraphApp } from '../../connectors/msgraph/app.ts';
import { sharedMsgraphApp } from '../../connectors/msgraph/shared-app.ts';
import { AppError, ConfigError, RefusedError, RetryableError } from '../../src/model/errors.ts';
import { askedCode, type MsgraphDesk, openDesk } from './msgraph-desk.ts';

let desk: MsgraphDesk;

afterEach(async () => {
  await desk?.close();
});

/** A small call that any signed-in account may make. */
const ping = (app: GraphApp): Promise<unknown> => app.call({ method: 'GET', path: '/subscriptions', writes: false });
const stateFile = (): string => join(desk.stateDir, `msgraph-${desk.graph.clientId}.json`);
const codesAsked = (): number => desk.graph.requests.filter(({ path }) => path.endsWith('/devicecode')).length;

async function failure(work: Promise<unknown>): Promise<AppError> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
}

/** Signs in anew on an app that asks for it. */
async function signIn(app: GraphApp): Promise<void> {
  desk.graph.approve(await askedCode(app));
  await app.signedIn();
}

describe('a service account', () => {
  test('signs in once with a code that calls and the log tell; a restart needs none', async () => {
    desk = await openDesk();
    await ping(desk.app);
    const told = JSON.parse(desk.lines.find((line) => line.includes('sign-in:needed')) ?? '[]');
    expect(told).toEqual([
      'warn',
      'sign-in:needed',
      { url: expect.stringMatching(/^https:/), code: expect.any(String) },
    ]);
    expect(desk.app.account()?.name).toBe('tickets@contoso.example');
    const restarted = desk.anotherApp();
    await ping(restarted);
    expect(restarted.account()).toEqual(desk.app.account());
    expect(codesAsked()).toBe(1);
  });

  test('is remembered for the eyes of the owner only', async () => {
    desk = await openDesk();
    await ping(desk.app);
    expect(statSync(stateFile()).mode & 0o777).toBe(0o600);
    expect(readFileSync(stateFile(), 'utf8')).toContain('RefreshToken');
  });

  test.each(['{"record": 3', '{}', ''])('signs in anew where what was remembered is damaged: %s', async (text) => {
    desk = await openDesk();
    await ping(desk.app);
    writeFileSync(stateFile(), text);
    const restarted = desk.anotherApp();
    await signIn(restarted);
    await ping(restarted);
    expect(codesAsked()).toBe(2);
  });

  test('nobody waits while a code is out: every call tells it, and one code is asked for', async () => {
    desk = await openDesk();
    const other = mkdtempSync(join(tmpdir(), 'rowkeeper-msgraph-'));
    const app = desk.anotherApp({ stateDir: other });
    const errors = await Promise.all([failure(ping(app)), failure(ping(app))]);
    errors.push(await failure(ping(app)));
    for (const error of errors) {
      expect([error.code, error instanceof RetryableError]).toEqual(['msgraph-sign-in-waiting', true]);
      expect(error.message).toContain(String((error.details.params as { code: string }).code));
    }
    expect(codesAsked()).toBe(2);
    await signIn(app);
    await ping(app);
    rmSync(other, { recursive: true });
  });

  test('the doctor asks nobody to sign in', async () => {
    desk = await openDesk();
    const other = mkdtempSync(join(tmpdir(), 'rowkeeper-msgraph-'));
    const app = desk.anotherApp({ stateDir: other });
    const file = desk.graph.addFile('工单.xlsx', { tabs: [{ name: 'T', rows: [] }] });
    const findings = await desk.connect(file.webUrl, {}, app).diagnose?.();
    expect(findings).toEqual([
      { step: 'sign-in', state: 'fail', code: 'msgraph-not-signed-in', params: { clientId: desk.graph.clientId } },
    ]);
    expect(codesAsked()).toBe(1);
    rmSync(other, { recursive: true });
  });

  test('a token that expired, or that Graph no longer takes, is renewed without anybody', async () => {
    desk = await openDesk({ tokenSeconds: 900 });
    await ping(desk.app);
    desk.clock.at += 901_000;
    await ping(desk.app);
    desk.graph.expireTokens();
    await ping(desk.app);
    expect(codesAsked()).toBe(1);
  });

  test('a changed password means a new code, and then all is as before', async () => {
    desk = await openDesk();
    await ping(desk.app);
    desk.graph.expireTokens();
    desk.graph.revokeRefreshTokens();
    await signIn(desk.app);
    await ping(desk.app);
    expect(codesAsked()).toBe(2);
  });

  test('a person who declines, and one who lets the code lapse, are told of and asked again', async () => {
    desk = await openDesk();
    const other = mkdtempSync(join(tmpdir(), 'rowkeeper-msgraph-'));
    const app = desk.anotherApp({ stateDir: other });
    desk.graph.decline(await askedCode(app));
    const declined = await failure(app.signedIn());
    expect(declined).toBeInstanceOf(AppError);
    expect(declined.code).not.toBe('msgraph-sign-in-waiting');
    await signIn(app);
    await ping(app);
    rmSync(other, { recursive: true });
  });

  test('no consent and no public client are told with what an administrator does', async () => {
    desk = await openDesk();
    const other = mkdtempSync(join(tmpdir(), 'rowkeeper-msgraph-'));
    const app = desk.anotherApp({ stateDir: other });
    desk.graph.switches.isPublicClient = false;
    expect((await failure(app.signedIn())).code).toBe('msgraph-not-public');
    desk.graph.switches.isPublicClient = true;
    desk.graph.switches.hasConsent = false;
    desk.graph.approve(await askedCode(app));
    expect((await failure(app.signedIn())).code).toBe('msgraph-consent-missing');
    rmSync(other, { recursive: true });
  });
});

describe('the application itself', () => {
  test('signs in with its secret, and leaves nothing on disk', async () => {
    desk = await openDesk({}, { secret: true });
    await ping(desk.app);
    desk.graph.expireTokens();
    await ping(desk.app);
    expect(() => statSync(stateFile())).toThrow('ENOENT');
    expect(codesAsked()).toBe(0);
  });

  test.each([
    ['a wrong secret', { clientSecret: 'wrong~secret' }, 'msgraph-wrong-secret'],
    ['a tenant nobody knows', { tenantId: '00000000-0000-4000-8000-000000000000' }, 'msgraph-wrong-tenant'],
    ['an app nobody knows', { clientId: '00000000-0000-4000-8000-000000000000' }, 'msgraph-wrong-app'],
  ])('%s is refused with a remedy, and without the secret', async (_words, overrides, code) => {
    desk = await openDesk({}, { secret: true });
    const error = await failure(ping(desk.anotherApp(overrides)));
    expect([error.code, error instanceof RefusedError]).toEqual([code, true]);
    const said = JSON.stringify([error.message, error.hint, error.details, error.stack, desk.lines]);
    expect(said).not.toContain('wrong~secret');
    expect(said).not.toContain(desk.graph.clientSecret);
    expect(error.cause).toBe(undefined);
  });

  test('missing consent is told', async () => {
    desk = await openDesk({ hasConsent: false }, { secret: true });
    expect((await failure(ping(desk.app))).code).toBe('msgraph-consent-missing');
  });

  test('a sign-in service that cannot be reached is not now', async () => {
    desk = await openDesk({}, { secret: true });
    const cloud = { ...desk.app.cloud, authority: 'https://127.0.0.1:9' };
    const error = await failure(ping(desk.anotherApp({ cloud })));
    expect([error.code, error instanceof RetryableError]).toEqual(['msgraph-sign-in-unreachable', true]);
  });
});

describe('the environment', () => {
  const settings = (variables: Readonly<Record<string, string>>) => ({
    variables,
    stateDir: '/nowhere',
    clock: { now: () => new Date() },
    logger: { log: () => undefined },
    shared: <T>(_name: string, make: () => T): T => make(),
  });

  test('every variable that is missing or malformed is named', () => {
    const variables = { ROWKEEPER_MSGRAPH_CLOUD: 'moon', ROWKEEPER_MSGRAPH_ROOT: 'http://graph.example' };
    const error = (() => {
      try {
        sharedMsgraphApp(settings(variables));
      } catch (thrown) {
        return thrown;
      }
    })();
    expect(error).toBeInstanceOf(ConfigError);
    for (const name of ['TENANT_ID', 'CLIENT_ID', 'CLOUD', 'ROOT']) {
      expect((error as ConfigError).message).toContain(`ROWKEEPER_MSGRAPH_${name}`);
    }
  });

  test.each([
    ['', 'https://graph.microsoft.com', true],
    ['china', 'https://microsoftgraph.chinacloudapi.cn', false],
    ['us-dod', 'https://dod-graph.microsoft.us', true],
  ])('cloud %s', (cloud, root, hasWorkbookApi) => {
    const app = sharedMsgraphApp(
      settings({
        ROWKEEPER_MSGRAPH_TENANT_ID: 't',
        ROWKEEPER_MSGRAPH_CLIENT_ID: 'c',
        ROWKEEPER_MSGRAPH_CLOUD: cloud,
      }),
    );
    expect([app.cloud.root, app.cloud.hasWorkbookApi, app.isAppOnly]).toEqual([root, hasWorkbookApi, false]);
  });
});
