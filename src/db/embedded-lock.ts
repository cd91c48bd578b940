/**
 * One process per embedded database. The lock is a listening socket whose name is made from the real path of the
 * database folder: the kernel frees it on any death, so it is never stale. Through the same socket a command reaches
 * the process that has the database open.
 *
 * - Linux: an abstract socket. Containers that share a volume but not a network namespace do not see each other's.
 * - Windows: a named pipe.
 * - macOS and other systems: a socket file; the lock itself is then an exclusively opened file, because a socket file
 *   outlives its process. Only its holder removes what a dead one left behind.
 *
 * Beside the folder, `NAME.owner.json` (readable by its owner only) says who holds it, for the message, and has a token
 * without which a connection is dropped: any user of the machine can find the socket.
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import { once } from 'node:events';
import { chmod, constants, mkdir, open, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { createServer, connect as dial, type Server, type Socket } from 'node:net';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { type Locale, say } from '../messages/index.ts';
import { RefusedError } from '../model/errors.ts';

export interface EmbeddedLock {
  /** Listening; does not keep the process alive by itself. */
  readonly server: Server;
  /** As in the owner file. */
  readonly token: string;
  /** Who may speak: every connection that knew the token. The handler owns the socket. Connections before it is set are dropped. */
  onConnection(handler: (socket: Socket) => void): void;
  /** Closes every connection and lets the next process in. Safe twice. */
  release(): Promise<void>;
}

/** Who holds an embedded database. */
export interface EmbeddedOwner {
  readonly pid: number;
  readonly host: string;
  /** ISO 8601 in UTC. */
  readonly since: string;
  /** Known to whoever may read the owner file: lets both ends of a connection prove who they are. */
  readonly token: string;
}

/** macOS: `O_EXLOCK | O_NONBLOCK` of open(2); libuv passes them on. */
const exclusive = 0x20 | 0x04;
const tokenLength = 64;

/** Where the process that holds the database in this folder listens. The folder must exist. */
export async function embeddedSocketPath(dir: string): Promise<string> {
  const name = `rowkeeper-${createHash('sha256')
    .update(await realpath(dir))
    .digest('hex')
    .slice(0, 32)}`;
  if (process.platform === 'linux') return `\0${name}`;
  if (process.platform === 'win32') return `\\\\.\\pipe\\${name}`;
  // Not in the folder itself: a socket's path is limited to about 100 bytes.
  return join('/tmp', `${name}.sock`);
}

/** How long a caller may take to say who he is, and how many callers there may be at once. */
const helloMs = 5_000;
const mostConnections = 64;

/**
 * Takes the lock of a database folder, which is made when missing. Throws `RefusedError` (`database-in-use`; details
 * `dir`, `pid`, `host`, `since`) while another process, or this one, holds it.
 */
export async function takeEmbeddedLock(dir: string, locale: Locale = 'zh-CN'): Promise<EmbeddedLock> {
  await mkdir(dir, { recursive: true });
  const path = await embeddedSocketPath(dir);
  const isFile = process.platform !== 'linux' && process.platform !== 'win32';
  const guard = isFile ? await openExclusively(`${path}.lock`) : null;
  if (isFile && guard === null) throw await inUse(dir, locale);
  if (isFile) await rm(path, { force: true });

  const token = randomBytes(tokenLength / 2).toString('hex');
  const sockets = new Set<Socket>();
  let handler: ((socket: Socket) => void) | null = null;
  const server = createServer((socket) => {
    sockets.add(socket.on('close', () => sockets.delete(socket)));
    socket.on('error', () => socket.destroy());
    // A stranger who says nothing must not hold a place for ever.
    socket.setTimeout(helloMs, () => socket.destroy());
    void admit(socket, token).then((admitted) => {
      socket.setTimeout(0);
      if (admitted && handler !== null) handler(socket);
      else socket.destroy();
    });
  });
  server.maxConnections = mostConnections;
  try {
    await listen(server, path);
  } catch (error) {
    await guard?.close();
    throw (error as NodeJS.ErrnoException).code === 'EADDRINUSE' ? await inUse(dir, locale) : error;
  }
  server.unref();
  if (isFile) await chmod(path, 0o600);
  const owner: EmbeddedOwner = { pid: process.pid, host: hostname(), since: new Date().toISOString(), token };
  const ownerFile = await ownerFileOf(dir);
  // Made anew: writing into an old file would keep the permissions it has.
  await rm(ownerFile, { force: true });
  await writeFile(ownerFile, JSON.stringify(owner), { mode: 0o600 });

  let released: Promise<void> | null = null;
  const release = async (): Promise<void> => {
    await rm(ownerFile, { force: true });
    for (const socket of sockets) socket.destroy();
    await new Promise((closed) => server.close(closed));
    await guard?.close();
  };
  return {
    server,
    token,
    onConnection(next) {
      handler = next;
    },
    release() {
      released ??= release();
      return released;
    },
  };
}

/** A connection to the process that holds the database, ready to speak; null when none does. */
export async function connectToOwner(dir: string): Promise<Socket | null> {
  const owner = await embeddedOwner(dir);
  if (owner === null) return null;
  const socket = dial(await embeddedSocketPath(dir));
  try {
    await once(socket, 'connect');
  } catch {
    return null;
  }
  socket.write(owner.token);
  return socket;
}

/** Whether a connection opens with the token. What follows it stays unread for the handler. */
async function admit(socket: Socket, token: string): Promise<boolean> {
  const hello = await new Promise<Buffer | null>((resolve) => {
    const look = (): void => {
      const bytes = socket.read(tokenLength) as Buffer | null;
      if (bytes === null) return;
      socket.off('readable', look);
      resolve(bytes);
    };
    socket.on('readable', look).once('close', () => resolve(null));
  });
  return hello?.length === tokenLength && timingSafeEqual(hello, Buffer.from(token));
}

async function listen(server: Server, path: string): Promise<void> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(path, () => {
      server.off('error', reject);
      resolve();
    });
  });
}

async function openExclusively(path: string) {
  try {
    return await open(path, constants.O_RDWR | constants.O_CREAT | exclusive, 0o600);
  } catch (error) {
    if (['EAGAIN', 'EWOULDBLOCK'].includes((error as NodeJS.ErrnoException).code ?? '')) return null;
    throw error;
  }
}

async function ownerFileOf(dir: string): Promise<string> {
  return `${await realpath(dir)}.owner.json`;
}

/** What the owner file of a database folder says; null when there is none this user may read. A process that was killed leaves it behind. */
export async function embeddedOwner(dir: string): Promise<EmbeddedOwner | null> {
  try {
    return JSON.parse(await readFile(await ownerFileOf(dir), 'utf8')) as EmbeddedOwner;
  } catch {
    // Not there, not ours to read, or half written: there is nothing to say about the owner.
    return null;
  }
}

async function inUse(dir: string, locale: Locale): Promise<RefusedError> {
  const owner = await embeddedOwner(dir);
  const places = { dir, pid: owner?.pid ?? '?', host: owner?.host ?? '?', since: owner?.since ?? '?' };
  return new RefusedError('database-in-use', say(locale, 'database-in-use', places), {
    details: places,
    hint: say(locale, 'database-in-use-hint'),
  });
}
