/**
 * The TypeScript sources joined into a few files of JavaScript: a command starts in a quarter of the time that hundreds
 * of single files take. Kept beside the libraries, once for every state the sources are in, so that a change to any of
 * them is in the next run. What was not started for a month is taken away.
 */
import { createHash, randomUUID } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const root = resolve(fileURLToPath(import.meta.url), '../..');
const MONTH_MS = 30 * 24 * 3_600_000;

/** What can be in the way of keeping files beside the libraries: another user's program, a read-only image. */
const cannotKeep = ['EACCES', 'EPERM', 'EROFS', 'ENOTDIR', 'EEXIST', 'ENOSPC'];

/** Address to import `src/NAME.ts` from in its joined form; null where nothing can be kept beside the libraries. */
export async function joinedSources(name) {
  const kept = join(root, 'node_modules', '.cache', 'rowkeeper');
  const folder = join(kept, stateOfSources());
  const now = new Date();
  try {
    if (existsSync(folder)) {
      utimesSync(folder, now, now);
    } else {
      mkdirSync(kept, { recursive: true });
      for (const each of readdirSync(kept)) {
        if (now.getTime() - statSync(join(kept, each)).mtimeMs > MONTH_MS)
          rmSync(join(kept, each), { recursive: true });
      }
      await joinInto(folder, name);
    }
  } catch (error) {
    if (cannotKeep.includes(error.code)) return null;
    throw error;
  }
  return pathToFileURL(join(folder, `${name}.mjs`)).href;
}

/** A name for the state that everything is in which the joined form is made of. */
function stateOfSources() {
  const hash = createHash('sha256')
    .update(process.version)
    .update(readFileSync(join(root, 'package.json')));
  for (const folder of ['src', 'connectors', 'rules']) {
    for (const file of readdirSync(join(root, folder), { recursive: true }).sort()) {
      if (/\.[jt]s$/.test(file)) hash.update(`\0${file}\0`).update(readFileSync(join(root, folder, file)));
    }
  }
  return hash.digest('hex').slice(0, 32);
}

async function joinInto(folder, name) {
  const { build, stop } = await import('esbuild');
  const { outputFiles } = await build({
    absWorkingDir: root,
    entryPoints: [join(root, 'src', `${name}.ts`)],
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    packages: 'external',
    platform: 'node',
    format: 'esm',
    target: 'node20',
    sourcemap: 'linked',
    sourcesContent: false,
    logLevel: 'silent',
    write: false,
  });
  await stop();
  // Two processes may do this at once, and each may die at it: the folder comes into being whole.
  const making = `${folder}.${randomUUID()}`;
  mkdirSync(making);
  for (const { path, contents } of outputFiles) writeFileSync(join(making, basename(path)), contents);
  try {
    renameSync(making, folder);
  } catch (error) {
    rmSync(making, { recursive: true });
    if (!existsSync(folder)) throw error;
  }
}
