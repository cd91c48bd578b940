/**
 * The official SDKs pointed at the local Graph: their `fetch` and their token requests trust its certificate, and nothing
 * is tried again behind the caller's back.
 */
import { request } from 'node:https';
import {
  type AccessToken,
  ClientSecretCredential,
  DeviceCodeCredential,
  type DeviceCodeInfo,
  type TokenCredential,
} from '@azure/identity';
import { AuthenticationHandler, Client, type Context, type Middleware } from '@microsoft/microsoft-graph-client';
import type { FakeGraph } from './msgraph.ts';

/** What a `fetch` needs of one request; answers come as a `Response`. Redirects are not followed. */
export interface FetchInit {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>> | Headers;
  readonly body?: string | Uint8Array | null;
}

export type Fetch = (address: string, init?: FetchInit) => Promise<Response>;

/** A `fetch` that trusts one authority. */
export function fetchTrusting(authority: string): Fetch {
  return (address, init = {}) =>
    new Promise((resolve, reject) => {
      const headers = Object.fromEntries(new Headers(init.headers as Record<string, string>));
      const body = init.body ?? null;
      const outgoing = request(
        address,
        { method: init.method ?? 'GET', headers, ca: authority, agent: false },
        (incoming) => {
          const chunks: Buffer[] = [];
          incoming.on('data', (chunk: Buffer) => void chunks.push(chunk));
          incoming.on('error', reject);
          incoming.on('end', () => {
            const status = incoming.statusCode ?? 0;
            const names = Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]);
            const isEmpty = [204, 304].includes(status);
            resolve(
              new Response(isEmpty ? null : Buffer.concat(chunks), { status, headers: Object.fromEntries(names) }),
            );
          });
        },
      );
      outgoing.on('error', reject);
      if (body !== null) outgoing.setHeader('content-length', Buffer.byteLength(body));
      outgoing.end(body ?? undefined);
    });
}

class Transport implements Middleware {
  readonly #fetch: Fetch;

  constructor(fetch: Fetch) {
    this.#fetch = fetch;
  }

  async execute(context: Context): Promise<void> {
    context.response = await this.#fetch(context.request as string, context.options as FetchInit);
  }
}

const atFake = (graph: FakeGraph) => ({
  authorityHost: graph.authority,
  disableInstanceDiscovery: true,
  tlsOptions: { ca: graph.certificate },
  retryOptions: { maxRetries: 0 },
});

/** The application signs in with its secret. */
export const secretCredential = (graph: FakeGraph, secret = graph.clientSecret, tenant = graph.tenantId) =>
  new ClientSecretCredential(tenant, graph.clientId, secret, atFake(graph));

/** A person signs in with a code. */
export const deviceCredential = (graph: FakeGraph, show: (info: DeviceCodeInfo) => void) =>
  new DeviceCodeCredential({
    tenantId: graph.tenantId,
    clientId: graph.clientId,
    userPromptCallback: show,
    ...atFake(graph),
  });

export const scopeOf = (graph: FakeGraph): string => `${graph.root}/.default`;

/** The official client with no retries of its own. */
export function sdkClient(graph: FakeGraph, credential: TokenCredential): Client {
  const provider = {
    getAccessToken: async (): Promise<string> => ((await credential.getToken(scopeOf(graph))) as AccessToken).token,
  };
  const first = new AuthenticationHandler(provider);
  first.setNext(new Transport(fetchTrusting(graph.certificate)));
  return Client.initWithMiddleware({
    baseUrl: `${graph.root}/`,
    customHosts: new Set(['127.0.0.1']),
    middleware: first,
  });
}
