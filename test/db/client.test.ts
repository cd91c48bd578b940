/** Opening the database of a workspace: the folder, its lock, and what is said when it does not open. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { connect, createServer, type Socket } from 'node:net';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { openDatabase } from '../../src/db/client.ts';
import { connectToOwner, embeddedSocketPath, takeEmbeddedLock } from '../../src/db/embedded-lock.ts';
import { ConfigError, RefusedError, RetryableError, UnreadableError } from '../../src/model/errors.ts';
import { withPostgres } from './database.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'rowkeeper-client-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const failure = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => expect.unreachable('it should have failed'),
    (error: unknown) => error,
  );

describe('embedded database in a folder', () => {
  test('what was written is there after it was closed and opened again', async () => {
    const place = { kind: 'embedded', dir: join(folder, 'a', 'database') } as const;
    const first = await openDatabase(place);
    const [ticket] = await first.store.transaction(null, (tx) =>
      tx.createRecords([{ table: 'tickets', values: { title: '一' } }]),
    );
    await first.close();
    await first.close();
    const second = await openDatabase(place);
    expect(await second.store.listRecords('tickets')).toEqual([ticket]);
    await second.close();
  });

  test('a folder that is none says so', async () => {
    const file = join(folder, 'file');
    await writeFile(file, 'x');
    const error = await failure(openDatabase({ kind: 'embedded', dir: join(file, 'database') }, 'en'));
    expect(error).toBeInstanceOf(UnreadableError);
    expect(error).toMatchObject({ code: 'database-unreadable', message: expect.stringContaining(file) });
  });
});

describe('embedded lock', () => {
  test('the second to come is told who has it; after a release he gets it', async () => {
    const dir = join(folder, 'lock');
    const lock = await takeEmbeddedLock(dir);
    const link = join(folder, 'another name');
    await symlink(dir, link);
    for (const name of [dir, link]) {
      const error = await failure(takeEmbeddedLock(name, 'en'));
      expect(error).toBeInstanceOf(RefusedError);
      expect(error).toMatchObject({ code: 'database-in-use', details: { pid: process.pid, host: hostname() } });
      expect(String(error)).toContain(`pid ${process.pid} on ${hostname()}`);
    }
    if (process.platform !== 'win32') expect((await stat(`${dir}.owner.json`)).mode & 0o777).toBe(0o600);
    await lock.release();
    await lock.release();
    expect(existsSync(`${dir}.owner.json`)).toBe(false);
    await (await takeEmbeddedLock(dir)).release();
  });

  test('a killed owner leaves it free', async () => {
    const dir = join(folder, 'killed');
    const program = `import { takeEmbeddedLock } from ${JSON.stringify(new URL('../../src/db/embedded-lock.ts', import.meta.url).href)};
      await takeEmbeddedLock(${JSON.stringify(dir)}); console.log('taken'); setInterval(() => {}, 1000);`;
    const owner = spawn(process.execPath, ['--import', 'tsx', '--input-type=module', '-e', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(owner.stdout, 'data');
    const error = await failure(takeEmbeddedLock(dir));
    expect(error).toMatchObject({ code: 'database-in-use', details: { pid: owner.pid } });
    owner.kill('SIGKILL');
    await once(owner, 'exit');
    await (await takeEmbeddedLock(dir)).release();
  });

  test('carries what those say to each other who know the token, and drops everyone else', async () => {
    const dir = join(folder, 'talk');
    expect(await connectToOwner(dir)).toBeNull();
    const lock = await takeEmbeddedLock(dir);
    lock.onConnection((socket) => socket.on('data', (data) => socket.end(`heard ${data}`)));
    const friend = (await connectToOwner(dir))!;
    friend.write('你好');
    expect(await textOf(friend)).toBe('heard 你好');
    const stranger = connect(await embeddedSocketPath(dir));
    stranger.write(`${'0'.repeat(64)}你好`);
    expect(await textOf(stranger)).toBe('');
    const open = (await connectToOwner(dir))!;
    await lock.release();
    expect(await textOf(open)).toBe('');
    expect(await connectToOwner(dir)).toBeNull();
  });

  async function textOf(socket: Socket): Promise<string> {
    const chunks: Buffer[] = [];
    socket.on('data', (chunk) => chunks.push(chunk));
    socket.on('error', () => {});
    await once(socket, 'close');
    return Buffer.concat(chunks).toString();
  }
});

describe('Postgres', () => {
  test('opens, migrated', async () => {
    const { url, drop } = await withPostgres();
    const database = await openDatabase({ kind: 'postgres', url });
    expect(await database.store.listRecords('tickets')).toEqual([]);
    await database.close();
    await drop();
  });

  test('an address that is none is a fault of the configuration, and is not repeated', async () => {
    for (const url of ['nonsense:s3cret', 'mysql://me:s3cret@host/x', 'postgres://me:s3cret@host:port/x']) {
      const error = await failure(openDatabase({ kind: 'postgres', url }, 'en'));
      expect(error).toBeInstanceOf(ConfigError);
      expect(error).toMatchObject({ code: 'database-url', hint: expect.any(String) });
      expect(`${error} ${JSON.stringify(error)}`).not.toContain('s3cret');
    }
  });

  test('a database that does not exist is named', async () => {
    const { url, drop } = await withPostgres();
    const missing = new URL(url);
    missing.pathname = '/no_such_database';
    const error = await failure(openDatabase({ kind: 'postgres', url: missing.href }, 'en'));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ code: 'database-missing', message: expect.stringContaining('no_such_database') });
    await drop();
  });

  test('a user without the right to make tables is told so', async () => {
    const { url, drop } = await withPostgres();
    const { postgresDatabase } = await import('../../src/db/postgres.ts');
    const admin = postgresDatabase(url, 'en', 1);
    const role = `guest_${process.pid}`;
    await admin.query(`create role ${role} login password 'pa55word'`);
    await admin.query('revoke create on schema public from public');
    const guest = new URL(url);
    guest.username = role;
    guest.password = 'pa55word';
    const error = await failure(openDatabase({ kind: 'postgres', url: guest.href }, 'en'));
    expect(error).toBeInstanceOf(ConfigError);
    expect(error).toMatchObject({ code: 'database-rights', message: expect.stringContaining(role) });
    expect(`${error} ${JSON.stringify(error)}`).not.toContain('pa55word');
    await admin.query(`drop role ${role}`);
    await admin.close();
    await drop();
  });

  test('a server that does not answer may be tried again', async () => {
    const server = createServer().listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as { port: number };
    await new Promise((closed) => server.close(closed));
    const url = `postgres://me:pa55word@127.0.0.1:${port}/x`;
    const error = await failure(openDatabase({ kind: 'postgres', url }, 'en'));
    expect(error).toBeInstanceOf(RetryableError);
    expect(error).toMatchObject({
      code: 'database-unreachable',
      message: expect.stringContaining(`127.0.0.1:${port}/x`),
    });
    expect(`${error} ${JSON.stringify(error)}`).not.toContain('pa55word');
  });
});
