/**
 * Who we are to Graph, and the token that proves it. Usually a service account of the team, which a person signs in once
 * with a code on another device (device code); by choice the application itself, with a secret. The one rule: nobody ever
 * waits for a person. While a code is out, calls fail with `msgraph-sign-in-waiting`, which tells the code.
 *
 * The library renews tokens by itself when their time comes. Its errors lose or hide the vendor's code, so the number behind
 * `AADSTS` is taken from the reply itself (entra/identity-platform/reference-error-codes), and nothing else is.
 */
import type { AuthenticationRecord, DeviceCodeCredentialOptions, TokenCredential } from '@azure/identity';
import { AppError } from '../../src/model/errors.ts';
import type { Clock, Logger } from '../../src/ports.ts';
import { type MsgraphFault, notNow, refused } from './errors.ts';
import { createTokenStore, fileCachePlugin, type TokenStore } from './token-store.ts';

export interface SignInSettings {
  readonly authority: string;
  /** Root of Graph, for the scope. */
  readonly root: string;
  readonly tenantId: string;
  readonly clientId: string;
  /** Null: a person signs a service account in. */
  readonly clientSecret: string | null;
  /** Folder in which a signed-in account is remembered. */
  readonly stateDir: string;
  readonly clock: Clock;
  readonly logger: Logger;
  /** Our own authority host, which the vendor's directory of authorities does not know. */
  readonly isOwnAuthority: boolean;
  /** PEM of the one certificate authority to trust instead of the usual ones. */
  readonly certificate?: string;
}

type PipelinePolicy = NonNullable<DeviceCodeCredentialOptions['additionalPolicies']>[number]['policy'];

/** Who the tokens speak for. */
export interface Account {
  /** Object id of the person, or client id of the application. */
  readonly id: string;
  /** What people know it by. */
  readonly name: string;
}

export interface SignIn {
  /**
   * A token that should live. Throws `msgraph-sign-in-waiting` (`RetryableError`) while a person has to sign in, and
   * errors that name what an administrator has to change. `quietly`: no code is asked for.
   */
  token(quietly?: boolean): Promise<string>;
  /** This very token is dead, whatever its life was said to be. */
  drop(token: string): Promise<void>;
  /** Resolves when there is a token, however long a person takes; throws what forbids that there ever is one. */
  wait(): Promise<void>;
  /** Known once a token was had. */
  account(): Account | null;
  close(): void;
}

/** A token is given up this long before its end, so that a long call is not cut off (lifetimes are 60 to 90 minutes). */
const MARGIN_MS = 300_000;
const WAIT_FOR_PERSON_MS = 5_000;
const UNREACHABLE_MS = 10_000;

/** Nobody typed the code in time: there will be another one. */
const lapsed: ReadonlySet<string> = new Set(['70016', '70018', '70019', '70020']);

/** A code a person has to type, and how signing in with it goes on. */
interface Asking {
  readonly url: string;
  readonly code: string;
}

export function createSignIn(settings: SignInSettings): SignIn {
  const { clientId, clientSecret, clock, root } = settings;
  const scope = `${root}/.default`;
  const store = createTokenStore(`${settings.stateDir}/msgraph-${clientId.replace(/[^\w-]/g, '_')}.json`);
  const stop = new AbortController();
  const seen: LastReply = { code: null };
  let held: { readonly token: string; readonly until: number } | null = null;
  let account: Account | null = clientSecret === null ? null : { id: clientId, name: clientId };
  let credential: Promise<TokenCredential> | null = null;
  let fetching: Promise<string> | null = null;
  let asking: Asking | null = null;
  /** Ends when signing in with a code has ended, well or badly. */
  let answered: Promise<void> = Promise.resolve();
  /** Set when signing in with a code ended badly; told once. */
  let failed: AppError | null = null;

  async function fetchToken(): Promise<string> {
    credential ??= createCredential(settings, store, seen);
    const found = await (await credential).getToken(scope);
    if (found === null) throw new Error('no token');
    held = { token: found.token, until: found.expiresOnTimestamp - MARGIN_MS };
    if (account === null) account = accountOf((await store.load()).record);
    return found.token;
  }

  /** Starts signing in with a code and resolves once there is a code to tell. */
  async function ask(): Promise<Asking> {
    const { useIdentityPlugin, DeviceCodeCredential, serializeAuthenticationRecord } = await import('@azure/identity');
    useIdentityPlugin(fileCachePlugin);
    return await new Promise<Asking>((resolve, reject) => {
      const asker = new DeviceCodeCredential({
        ...optionsOf(settings, store, seen),
        userPromptCallback: ({ verificationUri, userCode }) => {
          asking = { url: verificationUri, code: userCode };
          settings.logger.log('warn', 'sign-in:needed', { url: verificationUri, code: userCode });
          resolve(asking);
        },
      });
      answered = asker
        .authenticate(scope, { abortSignal: stop.signal })
        .then(async (record) => {
          if (record !== undefined) await store.save({ record: serializeAuthenticationRecord(record) });
          credential = null;
          settings.logger.log('info', 'sign-in:done', { clientId });
        })
        .catch((error: unknown) => {
          const reason = errorOfSignIn(error, settings, seen.code);
          if (!lapsed.has(seen.code ?? '')) failed = reason;
          reject(reason);
        })
        .finally(() => {
          asking = null;
        });
    });
  }

  async function token(quietly: boolean): Promise<string> {
    try {
      return await fetchToken();
    } catch (error) {
      if (clientSecret !== null || !isAsking(error)) throw errorOfSignIn(error, settings, seen.code);
      if (quietly) throw refused('msgraph-not-signed-in', { params: { clientId } });
    }
    if (failed !== null) {
      const told = failed;
      failed = null;
      throw told;
    }
    const { url, code } =
      asking ??
      (await ask().catch((error: unknown) => {
        failed = null;
        throw error;
      }));
    throw notNow('msgraph-sign-in-waiting', WAIT_FOR_PERSON_MS, { params: { url, code } });
  }

  return {
    async token(quietly = false) {
      if (held !== null && clock.now().getTime() < held.until) return held.token;
      fetching ??= token(quietly).finally(() => {
        fetching = null;
      });
      return await fetching;
    },
    async drop(dead) {
      if (held?.token !== dead) return;
      held = null;
      credential = null;
      if (clientSecret === null) await store.dropAccessTokens();
    },
    async wait() {
      for (;;) {
        try {
          await this.token();
          return;
        } catch (error) {
          if (!(error instanceof AppError) || error.code !== 'msgraph-sign-in-waiting') throw error;
          await answered;
        }
      }
    },
    account: () => account,
    close: () => stop.abort(),
  };
}

/** The vendor's number of the last refusal; null when the last request was answered well or not at all. */
interface LastReply {
  code: string | null;
}

/** What all credentials of ours are made with. Retries are the engine's, which knows when to come back. */
function optionsOf(
  { authority, tenantId, clientId, isOwnAuthority, certificate }: SignInSettings,
  store: TokenStore,
  seen: LastReply,
) {
  const watch: PipelinePolicy = {
    name: 'rowkeeper-last-reply',
    async sendRequest(request, next) {
      seen.code = null;
      const reply = await next(request);
      if (reply.status >= 400) seen.code = /AADSTS(\d+)/.exec(reply.bodyAsText ?? '')?.[1] ?? null;
      return reply;
    },
  };
  return {
    tenantId,
    clientId,
    authorityHost: authority,
    disableInstanceDiscovery: isOwnAuthority,
    tokenCachePersistenceOptions: { enabled: true, name: store.path },
    retryOptions: { maxRetries: 0 },
    additionalPolicies: [{ policy: watch, position: 'perRetry' as const }],
    ...(certificate === undefined ? {} : { tlsOptions: { ca: certificate } }),
  };
}

async function createCredential(
  settings: SignInSettings,
  store: TokenStore,
  seen: LastReply,
): Promise<TokenCredential> {
  const { ClientSecretCredential, DeviceCodeCredential, deserializeAuthenticationRecord, useIdentityPlugin } =
    await import('@azure/identity');
  const { tokenCachePersistenceOptions, ...options } = optionsOf(settings, store, seen);
  if (settings.clientSecret !== null) {
    return new ClientSecretCredential(settings.tenantId, settings.clientId, settings.clientSecret, options);
  }
  useIdentityPlugin(fileCachePlugin);
  const { record } = await store.load();
  return new DeviceCodeCredential({
    ...options,
    tokenCachePersistenceOptions,
    disableAutomaticAuthentication: true,
    ...(record === null ? {} : { authenticationRecord: deserializeAuthenticationRecord(record) }),
  });
}

/** The account of a record: the first half of its home id is the person's object id. */
function accountOf(record: string | null): Account | null {
  if (record === null) return null;
  const { homeAccountId, username } = JSON.parse(record) as AuthenticationRecord;
  return { id: homeAccountId.split('.')[0] ?? '', name: username };
}

const isAsking = (error: unknown): boolean => (error as Error | null)?.name === 'AuthenticationRequiredError';

/** What a number means to whoever has to change something. */
const faults: Readonly<Record<number, MsgraphFault>> = {
  65001: 'msgraph-consent-missing',
  7000229: 'msgraph-consent-missing',
  7000112: 'msgraph-app-disabled',
  7000215: 'msgraph-wrong-secret',
  7000222: 'msgraph-wrong-secret',
  7000218: 'msgraph-not-public',
  700016: 'msgraph-wrong-app',
  700025: 'msgraph-not-public',
  90002: 'msgraph-wrong-tenant',
  900023: 'msgraph-wrong-tenant',
  900382: 'msgraph-wrong-cloud',
  500011: 'msgraph-wrong-cloud',
  53003: 'msgraph-access-policy',
  53000: 'msgraph-access-policy',
  50076: 'msgraph-access-policy',
  50079: 'msgraph-access-policy',
  50097: 'msgraph-access-policy',
};

/** A failure without a number never reached the service, or is a fault of it: it passes. */
function errorOfSignIn(error: unknown, settings: SignInSettings, code: string | null): AppError {
  if (error instanceof AppError) return error;
  const { authority, clientId, tenantId } = settings;
  const params = { clientId, tenantId, authority, code: code === null ? '' : `AADSTS${code}` };
  const more = { params, details: { aadsts: code, kind: error instanceof Error ? error.name : 'unknown' } };
  if (code === null) return notNow('msgraph-sign-in-unreachable', UNREACHABLE_MS, more);
  return refused(faults[Number(code)] ?? 'msgraph-sign-in-refused', more);
}
