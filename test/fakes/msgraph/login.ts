/**
 * Signing in: the token service of one tenant with one application, as MSAL and @azure/identity ask it: discovery, client
 * secret, device code, refresh token, and the AADSTS errors people meet. Tokens look like real ones and are opaque.
 */
import { randomBytes } from 'node:crypto';
import type { Identity } from './drive.ts';
import { GraphFailure } from './failure.ts';
import { jwt } from './jwt.ts';
import { LoginFailure, loginFailureBody } from './login-failure.ts';
import type { GraphSwitches } from './switches.ts';

export const TENANT_ID = '6e1d7c52-8a0f-4f0e-9a55-2b1f0c9d7e11';
export const CLIENT_ID = '3f0a9c84-51d7-4a43-9f6d-7c2e8b1a0d66';
export const CLIENT_SECRET = 'fak8Q~only-good-on-this-machine-0000000000';

/** Service account that signs in with a device code. */
const ACCOUNT = {
  displayName: '工单服务账号',
  email: 'tickets@contoso.example',
  id: 'd1e2f3a4-0000-4000-8000-000000000001',
};

/** Where Graph is in each cloud; tokens are good for one of them. */
export const GRAPH_ROOTS: Readonly<Record<GraphSwitches['cloud'], string>> = {
  global: 'https://graph.microsoft.com',
  usgov: 'https://graph.microsoft.us',
  dod: 'https://dod-graph.microsoft.us',
  china: 'https://microsoftgraph.chinacloudapi.cn',
};

/** The bearer of a token. */
export interface Bearer {
  readonly kind: 'application' | 'user';
  readonly permissions: readonly string[];
  readonly by: Identity;
}

export interface LoginReply {
  readonly status: number;
  readonly body: object;
}

interface DeviceCode {
  readonly userCode: string;
  readonly expiresAt: number;
  readonly scope: string;
  state: 'pending' | 'approved' | 'declined' | 'used';
}

export class Login {
  readonly #root: string;
  readonly #switches: GraphSwitches;
  readonly #now: () => Date;
  readonly #tokens = new Map<string, Bearer & { readonly expiresAt: number }>();
  readonly #refresh = new Map<string, string>();
  readonly #codes = new Map<string, DeviceCode>();
  #count = 0;

  constructor(root: string, switches: GraphSwitches, now: () => Date) {
    this.#root = root;
    this.#switches = switches;
    this.#now = now;
  }

  /** The person types the code and agrees, or declines. */
  answer(userCode: string, state: 'approved' | 'declined'): void {
    const code = [...this.#codes.values()].find((each) => each.userCode === userCode.trim().toUpperCase());
    if (code === undefined || code.state !== 'pending') throw new Error(`nobody is waiting for the code ${userCode}`);
    code.state = state;
  }

  /** Refresh tokens given so far are no longer good. */
  revoke(): void {
    this.#refresh.clear();
  }

  /** Access tokens given so far are no longer good. */
  expireTokens(): void {
    this.#tokens.clear();
  }

  /** Who sent this header; throws 401. */
  bearer(header: string | undefined): Bearer {
    const token = /^Bearer (.+)$/i.exec(header ?? '')?.[1];
    if (token === undefined) throw new GraphFailure(401, 'InvalidAuthenticationToken', 'Access token is empty.');
    const found = this.#tokens.get(token);
    if (found === undefined || this.#now().getTime() >= found.expiresAt)
      throw new GraphFailure(401, 'InvalidAuthenticationToken', 'Lifetime validation failed, the token is expired.', {
        headers: { 'www-authenticate': 'Bearer error="invalid_token"' },
      });
    return found;
  }

  /** Answers a request below the authority, or null when the path is none of its own. */
  route(method: string, path: string, form: URLSearchParams): LoginReply | null {
    if (path === '/common/discovery/instance') return { status: 200, body: this.#discovery() };
    const match = /^\/([^/]+)\/(v2\.0\/\.well-known\/openid-configuration|oauth2\/v2\.0\/(token|devicecode))$/.exec(
      path,
    );
    if (match === null) return null;
    const tenant = decodeURIComponent(match[1]!);
    try {
      if (![TENANT_ID, 'organizations', 'common', 'contoso.example'].includes(tenant))
        throw new LoginFailure(400, 'invalid_tenant', 90002, `Tenant '${tenant}' not found.`);
      if (match[3] === undefined) return { status: 200, body: this.#configuration(tenant) };
      if (method !== 'POST')
        throw new LoginFailure(400, 'invalid_request', 900561, 'The endpoint only accepts POST requests.');
      if (form.get('client_id') !== CLIENT_ID)
        throw new LoginFailure(
          400,
          'unauthorized_client',
          700016,
          `Application with identifier '${form.get('client_id')}' was not found in the directory 'Contoso'.`,
        );
      return { status: 200, body: match[3] === 'token' ? this.#token(form) : this.#deviceCode(form) };
    } catch (error) {
      if (!(error instanceof LoginFailure)) throw error;
      return { status: error.status, body: loginFailureBody(error, this.#root, ++this.#count, this.#now()) };
    }
  }

  #discovery(): object {
    const host = new URL(this.#root).host;
    return {
      tenant_discovery_endpoint: `${this.#root}/${TENANT_ID}/v2.0/.well-known/openid-configuration`,
      'api-version': '1.1',
      metadata: [{ preferred_network: host, preferred_cache: host, aliases: [host] }],
    };
  }

  #configuration(tenant: string): object {
    const at = `${this.#root}/${tenant}/oauth2/v2.0`;
    return {
      token_endpoint: `${at}/token`,
      device_authorization_endpoint: `${at}/devicecode`,
      authorization_endpoint: `${at}/authorize`,
      end_session_endpoint: `${at}/logout`,
      jwks_uri: `${this.#root}/${tenant}/discovery/v2.0/keys`,
      issuer: `${this.#root}/${TENANT_ID}/v2.0`,
      token_endpoint_auth_methods_supported: ['client_secret_post', 'private_key_jwt'],
      response_types_supported: ['code', 'id_token'],
      subject_types_supported: ['pairwise'],
      id_token_signing_alg_values_supported: ['RS256'],
      scopes_supported: ['openid', 'profile', 'email', 'offline_access'],
    };
  }

  /** The scopes of a request without those of sign-in itself; throws for another cloud's Graph. */
  #scopes(scope: string): string[] {
    const own = [GRAPH_ROOTS[this.#switches.cloud], this.#root];
    return scope
      .split(/\s+/)
      .filter((each) => each !== '' && !['openid', 'profile', 'email', 'offline_access'].includes(each))
      .map((each) => {
        if (!each.includes('://')) return each;
        const root = own.find((candidate) => each.startsWith(`${candidate}/`));
        if (root === undefined)
          throw new LoginFailure(
            400,
            'invalid_resource',
            500011,
            `The resource principal named ${each.replace(/\/[^/]*$/, '')} was not found in the tenant named Contoso.`,
          );
        return each.slice(root.length + 1);
      });
  }

  #deviceCode(form: URLSearchParams): object {
    const scope = form.get('scope') ?? '';
    this.#scopes(scope);
    const userCode = randomBytes(5).toString('hex').toUpperCase().slice(0, 9);
    const code = randomBytes(24).toString('base64url');
    this.#codes.set(code, { userCode, scope, state: 'pending', expiresAt: this.#now().getTime() + 900_000 });
    return {
      user_code: userCode,
      device_code: code,
      verification_uri: `${this.#root}/devicelogin`,
      expires_in: 900,
      interval: this.#switches.deviceCodeIntervalSeconds,
      message: `To sign in, use a web browser to open the page ${this.#root}/devicelogin and enter the code ${userCode} to authenticate.`,
    };
  }

  #token(form: URLSearchParams): object {
    switch (form.get('grant_type')) {
      case 'client_credentials':
        return this.#forApplication(form);
      case 'urn:ietf:params:oauth:grant-type:device_code':
      case 'device_code':
        return this.#forDevice(form);
      case 'refresh_token':
        return this.#forRefresh(form);
      default:
        throw new LoginFailure(400, 'unsupported_grant_type', 70003, 'The app requested an unsupported grant type.');
    }
  }

  #forApplication(form: URLSearchParams): object {
    const secret = form.get('client_secret');
    if (secret === null)
      throw new LoginFailure(401, 'invalid_client', 7000216, "'client_assertion' or 'client_secret' is required.");
    if (secret !== CLIENT_SECRET)
      throw new LoginFailure(
        401,
        'invalid_client',
        7000215,
        `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${CLIENT_ID}'.`,
      );
    const scopes = this.#scopes(form.get('scope') ?? '');
    if (scopes.length !== 1 || scopes[0] !== '.default')
      throw new LoginFailure(
        400,
        'invalid_scope',
        1002012,
        'The provided value for scope is not valid: it must end in /.default.',
      );
    if (!this.#switches.hasConsent)
      throw new LoginFailure(
        401,
        'unauthorized_client',
        7000229,
        `The client application ${CLIENT_ID} is missing service principal in the tenant ${TENANT_ID}.`,
      );
    const by = { application: { displayName: 'Rowkeeper', id: CLIENT_ID } };
    const access = this.#issue({ kind: 'application', permissions: this.#switches.applicationPermissions.slice(), by });
    const seconds = this.#switches.tokenSeconds;
    return { token_type: 'Bearer', expires_in: seconds, ext_expires_in: seconds, access_token: access };
  }

  #forDevice(form: URLSearchParams): object {
    if (!this.#switches.isPublicClient)
      throw new LoginFailure(
        401,
        'invalid_client',
        7000218,
        "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
      );
    const code = this.#codes.get(form.get('device_code') ?? '');
    if (code === undefined || code.state === 'used')
      throw new LoginFailure(400, 'bad_verification_code', 70018, 'Invalid verification code.');
    if (this.#now().getTime() >= code.expiresAt)
      throw new LoginFailure(400, 'expired_token', 70020, 'The provided device code has expired.');
    if (code.state === 'declined')
      throw new LoginFailure(400, 'authorization_declined', 70000, 'The end user denied the authorization request.');
    if (code.state === 'pending')
      throw new LoginFailure(
        400,
        'authorization_pending',
        70016,
        'OAuth 2.0 device flow error. Authorization is pending. Continue polling.',
      );
    code.state = 'used';
    return this.#forUser(code.scope);
  }

  #forRefresh(form: URLSearchParams): object {
    const known = this.#refresh.get(form.get('refresh_token') ?? '');
    if (known === undefined)
      throw new LoginFailure(
        400,
        'invalid_grant',
        700082,
        'The refresh token has expired due to inactivity.',
        'token_expired',
      );
    return this.#forUser(form.get('scope') ?? known);
  }

  #forUser(scope: string): object {
    if (!this.#switches.hasConsent)
      throw new LoginFailure(
        400,
        'invalid_grant',
        65001,
        `The user or administrator has not consented to use the application with ID '${CLIENT_ID}' named 'Rowkeeper'. Send an interactive authorization request for this user and resource.`,
        'consent_required',
      );
    const asked = this.#scopes(scope);
    const granted = this.#switches.delegatedPermissions.filter(
      (each) => asked.includes('.default') || asked.some((one) => one.toLowerCase() === each.toLowerCase()),
    );
    const access = this.#issue({ kind: 'user', permissions: granted, by: { user: ACCOUNT } });
    const reply: Record<string, unknown> = {
      token_type: 'Bearer',
      scope: granted.map((each) => `${this.#root}/${each}`).join(' '),
      expires_in: this.#switches.tokenSeconds,
      ext_expires_in: this.#switches.tokenSeconds,
      access_token: access,
      id_token: jwt({
        aud: CLIENT_ID,
        iss: `${this.#root}/${TENANT_ID}/v2.0`,
        oid: ACCOUNT.id,
        sub: ACCOUNT.id,
        tid: TENANT_ID,
        name: ACCOUNT.displayName,
        preferred_username: ACCOUNT.email,
        ver: '2.0',
      }),
      client_info: Buffer.from(JSON.stringify({ uid: ACCOUNT.id, utid: TENANT_ID })).toString('base64url'),
    };
    if (scope.split(/\s+/).includes('offline_access')) {
      const refresh = randomBytes(48).toString('base64url');
      this.#refresh.set(refresh, scope);
      reply.refresh_token = refresh;
    }
    return reply;
  }

  #issue(bearer: Bearer): string {
    const token = jwt({ aud: GRAPH_ROOTS[this.#switches.cloud], tid: TENANT_ID, appid: CLIENT_ID, uti: ++this.#count });
    this.#tokens.set(token, { ...bearer, expiresAt: this.#now().getTime() + this.#switches.tokenSeconds * 1000 });
    return token;
  }
}
