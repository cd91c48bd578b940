/** Serves the pages on a machine with a disk: the files they load, the port, and an end that no open page can hold up. */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import { createRequire } from 'node:module';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import { createAdaptorServer } from '@hono/node-server';
import { getConnInfo } from '@hono/node-server/conninfo';
import type { App } from './app.ts';
import { keepWebAddress } from './db/web-access.ts';
import { packageFolder } from './package-folder.ts';
import type { Asset, Assets } from './web/assets.ts';
import { createLive, type Live } from './web/live.ts';
import { createWeb } from './web/web.ts';

export interface Serving {
  /** Where people reach the pages: `http://127.0.0.1:8420`. */
  readonly address: string;
  readonly port: number;
  /** The port that was asked for and taken by somebody else; null when it is the one we have. */
  readonly takenPort: number | null;
  readonly live: Live;
  /** Answers what is being asked, tells open pages, lets the port go. Safe twice. */
  close(): Promise<void>;
}

/** Ports tried after the one that is wanted. */
const MORE_PORTS = 20;
/** A reader that takes longer is cut off. */
const CLOSE_WITHIN_MS = 2_000;

/** Serves the pages of an app. Throws what listening throws when the address is none of this machine, or no port is free. */
export async function serveWeb(app: App, web: NonNullable<App['settings']['web']>): Promise<Serving> {
  const live = createLive();
  const names = isEverywhere(web.host) ? [hostname()] : [];
  const hono = createWeb(app, {
    assets: await loadAssets(),
    hosts: { host: web.host, url: web.url, names },
    live,
    addressOf: (context) => getConnInfo(context).remote.address ?? '',
  });
  const server = createAdaptorServer({ fetch: hono.fetch }) as Server;
  const port = await listen(server, web.host, web.port);
  const host = isEverywhere(web.host) ? hostname() : web.host;
  const address = web.url ?? `http://${host.includes(':') ? `[${host}]` : host}:${port}`;
  await keepWebAddress(app.database.db, address);
  let closing: Promise<void> | null = null;
  return {
    address,
    port,
    takenPort: web.port === 0 || port === web.port ? null : web.port,
    live,
    close() {
      closing ??= close(server, live);
      return closing;
    },
  };
}

function isEverywhere(host: string): boolean {
  return host === '0.0.0.0' || host === '::';
}

async function listen(server: Server, host: string, wanted: number): Promise<number> {
  for (let port = wanted; ; port++) {
    try {
      await new Promise<void>((done, fail) => {
        server.once('error', fail);
        server.listen(port, host, () => {
          server.off('error', fail);
          done();
        });
      });
      const bound = server.address();
      return typeof bound === 'object' && bound !== null ? bound.port : port;
    } catch (error) {
      const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
      if (!isTaken || port - wanted >= MORE_PORTS || port >= 65_535) throw error;
    }
  }
}

async function close(server: Server, live: Live): Promise<void> {
  live.close();
  const ended = new Promise<void>((done) => server.close(() => done()));
  server.closeIdleConnections();
  const late = setTimeout(() => server.closeAllConnections(), CLOSE_WITHIN_MS);
  await ended;
  clearTimeout(late);
}

const ours = (name: string): string => join(packageFolder, 'src/web/dashboard/assets', name);

/** The files the pages load, read once. */
export async function loadAssets(): Promise<Assets> {
  const files: readonly (readonly [string, string, string])[] = [
    ['dashboard.css', ours('dashboard.css'), 'text/css; charset=utf-8'],
    ['dashboard.js', ours('dashboard.js'), 'text/javascript; charset=utf-8'],
    ['icon.svg', ours('icon.svg'), 'image/svg+xml'],
    [
      'echarts.js',
      createRequire(import.meta.url).resolve('echarts/dist/echarts.min.js'),
      'text/javascript; charset=utf-8',
    ],
  ];
  const assets = await Promise.all(files.map(async ([name, path, type]) => [name, await assetOf(path, type)] as const));
  return new Map(assets);
}

async function assetOf(path: string, type: string): Promise<Asset> {
  const bytes = new Uint8Array(await readFile(path));
  let packed: Promise<Uint8Array<ArrayBuffer>> | null = null;
  return {
    type,
    version: createHash('sha256').update(bytes).digest('base64url').slice(0, 12),
    body: async () => bytes,
    packed: () => {
      packed ??= promisify(gzip)(bytes).then((buffer) => new Uint8Array(buffer));
      return packed;
    },
  };
}
