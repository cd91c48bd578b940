/**
 * Starts PGlite, the Postgres inside this program, at the least cost: what it would do anew at every start is left out or
 * kept for the next.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import type { PGlite } from '@electric-sql/pglite';
import { packageFolder } from '../package-folder.ts';

/** Its own 128 MB are filled with zeros at every start, which takes as long as all else; the system keeps files in memory too. */
const settings = ['-c', 'shared_buffers=16MB'];

/**
 * How much code of a function has to run before the engine compiles it again, better: by its own measure, a few
 * megabytes, a short command spends half of its time on compiling what it will never run again.
 */
const compileBetterAfter = 200_000_000;

/**
 * A database in a folder, made when there is none in it, or in memory without `dir`; `from`: a dump that a new one starts
 * as. Loaded when needed: PGlite takes memory that a workspace on a server does not need.
 */
export async function startPglite(where: { readonly dir?: string; readonly from?: Blob } = {}): Promise<PGlite> {
  setFlagsFromString(`--wasm-tiering-budget=${compileBetterAfter}`);
  const { PGlite } = await import('@electric-sql/pglite');
  const { dir, from } = where;
  const isNew = from === undefined && (dir === undefined || !existsSync(join(dir, 'PG_VERSION')));
  const empty = isNew ? await keptEmpty() : null;
  const pglite = await PGlite.create({
    ...(dir === undefined ? {} : { dataDir: dir }),
    ...(from === undefined && empty === null ? {} : { loadDataDir: from ?? empty! }),
    startParams: [...PGlite.defaultStartParams, ...settings],
  });
  if (isNew && empty === null) await keepEmpty(pglite);
  return pglite;
}

/** A database as it is before anything of ours is in it: to make one takes longer than all else that a new workspace needs. */
function emptyPath(): string {
  const { dependencies } = JSON.parse(readFileSync(join(packageFolder, 'package.json'), 'utf8'));
  const name = `database-${dependencies['@electric-sql/pglite']}.tar.gz`;
  return join(packageFolder, 'node_modules', '.cache', 'rowkeeper', name);
}

async function keptEmpty(): Promise<Blob | null> {
  try {
    return new Blob([await readFile(emptyPath())], { type: 'application/x-gzip' });
  } catch {
    return null;
  }
}

/** Where nothing can be kept beside the libraries the next database is made from nothing too. */
async function keepEmpty(pglite: PGlite): Promise<void> {
  await pglite.exec('checkpoint');
  const bytes = Buffer.from(await (await pglite.dumpDataDir('gzip')).arrayBuffer());
  const path = emptyPath();
  // Two processes may do this at once, and each may die at it: the file comes into being whole.
  const making = `${path}.${randomUUID()}`;
  try {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(making, bytes);
    await rename(making, path);
  } catch {
    await rm(making, { force: true }).catch(() => undefined);
  }
}
