/** A library of workbooks on the local Graph, with a service account that is signed in, and connectors on its files. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Connector } from '../../connectors/connector.ts';
import type { ConnectorSettings, InTurn, Shared } from '../../connectors/index.ts';
import { createMsgraphApp, type GraphApp, type MsgraphAppSettings } from '../../connectors/msgraph/app.ts';
import { createMsgraphConnector } from '../../connectors/msgraph.ts';
import { RetryableError } from '../../src/model/errors.ts';
import type { Logger } from '../../src/ports.ts';
import { type FakeGraph, type GraphSwitches, startGraph } from '../fakes/msgraph.ts';

export interface MsgraphDesk {
  readonly graph: FakeGraph;
  readonly app: GraphApp;
  readonly stateDir: string;
  /** Everything logged so far, a line each. */
  readonly lines: string[];
  /** The one clock of connectors and platform; moved by hand. */
  readonly clock: { at: number };
  /** Another process: an app with its own sessions, signed in by the same account. */
  anotherApp(overrides?: Partial<MsgraphAppSettings>): GraphApp;
  connect(place: string, overrides?: Partial<ConnectorSettings>, app?: GraphApp): Connector;
  close(): Promise<void>;
}

export const START = Date.UTC(2026, 2, 10, 3, 0, 30);

/** `secret`: the application speaks for itself instead of an account. */
export async function openDesk(
  switches: Partial<GraphSwitches> = {},
  { secret = false }: { readonly secret?: boolean } = {},
): Promise<MsgraphDesk> {
  const clock = { at: START };
  const now = (): Date => new Date(clock.at);
  const graph = await startGraph({ now, switches: { deviceCodeIntervalSeconds: 0, ...switches } });
  const stateDir = mkdtempSync(join(tmpdir(), 'rowkeeper-msgraph-'));
  const lines: string[] = [];
  let signedIn = (): void => undefined;
  const logger: Logger = {
    log(level, name, data) {
      lines.push(JSON.stringify([level, name, data]));
      if (name === 'sign-in:done') signedIn();
    },
  };
  const apps: GraphApp[] = [];
  const makeApp = (overrides: Partial<MsgraphAppSettings> = {}): GraphApp => {
    const made = createMsgraphApp({
      cloud: { authority: graph.authority, root: graph.root, hasWorkbookApi: true },
      isOwnAuthority: true,
      tenantId: graph.tenantId,
      clientId: graph.clientId,
      clientSecret: secret ? graph.clientSecret : null,
      stateDir,
      clock: { now },
      logger,
      certificate: graph.certificate,
      ...overrides,
    });
    apps.push(made);
    return made;
  };
  const app = makeApp();
  if (!secret) {
    const done = new Promise<void>((resolve) => {
      signedIn = resolve;
    });
    graph.approve(await askedCode(app));
    await done;
  }
  const turns = createTurns();
  const connectors: Connector[] = [];
  return {
    graph,
    app,
    stateDir,
    lines,
    clock,
    anotherApp: makeApp,
    connect(place, overrides = {}, on = app) {
      const connector = createMsgraphConnector({
        place,
        backupDir: join(stateDir, 'backups'),
        stateDir,
        mode: null,
        publicUrl: null,
        lookEveryMs: null,
        timeZone: 'Asia/Shanghai',
        variables: { ROWKEEPER_MSGRAPH_TENANT_ID: graph.tenantId, ROWKEEPER_MSGRAPH_CLIENT_ID: graph.clientId },
        clock: { now },
        logger,
        inTurn: turns,
        shared: (() => on) as unknown as Shared,
        ...overrides,
      });
      connectors.push(connector);
      return connector;
    },
    async close() {
      for (const connector of connectors) await connector.close();
      for (const each of apps) await each.close();
      await graph.close();
      rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

/** The code a call tells when nobody has signed in. */
export async function askedCode(app: GraphApp): Promise<string> {
  try {
    await app.call({ method: 'GET', path: '/subscriptions', writes: false });
  } catch (error) {
    if (error instanceof RetryableError && error.code === 'msgraph-sign-in-waiting') {
      return String((error.details.params as { code: string }).code);
    }
    throw error;
  }
  throw new Error('nobody had to sign in');
}

/** Turns as one process takes them. */
export function createTurns(): InTurn {
  const last = new Map<string, Promise<unknown>>();
  return (document, work) => {
    const before = last.get(document) ?? Promise.resolve();
    const mine = before.then(work, work);
    last.set(document, mine);
    return mine;
  };
}

/** Requests to Graph as `METHOD path`, ids of drive and item left out. */
export function requestsOf(graph: FakeGraph, since = 0): readonly string[] {
  return graph.requests
    .slice(since)
    .filter(({ path }) => path.startsWith('/v1.0'))
    .map(({ method, path }) => `${method} ${path.replace(/^\/v1\.0\/drives\/[^/]+\/items\/[^/]+/, '~')}`);
}
