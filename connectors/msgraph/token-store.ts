/**
 * What a signed-in service account leaves on disk, so that a restart needs no new code: the record that names the account
 * and the library's own cache with its refresh token. One file, readable by its owner only, inside the workspace.
 *
 * `@azure/identity` keeps tokens across restarts only through a plugin, and the vendor's plugin needs native modules. The
 * plugin here is a small one for files; the library hands it the `name` of each credential's cache, which is the path.
 */
import { chmod, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { IdentityPlugin } from '@azure/identity';

interface Kept {
  /** Serialized `AuthenticationRecord`; null before anybody signed in. */
  readonly record: string | null;
  /** The library's cache, as it serializes itself. */
  readonly cache: string | null;
}

export interface TokenStore {
  readonly path: string;
  load(): Promise<Kept>;
  save(change: Partial<Kept>): Promise<void>;
  /** Takes out access tokens that a service no longer accepts although their time has not come; the account stays. */
  dropAccessTokens(): Promise<void>;
}

const nothing: Kept = { record: null, cache: null };

export function createTokenStore(path: string): TokenStore {
  let last: Promise<unknown> = Promise.resolve();

  /** A file that is damaged or written by somebody else's version means signing in again, nothing worse. */
  async function load(): Promise<Kept> {
    try {
      const { record, cache } = JSON.parse(await readFile(path, 'utf8')) as Partial<Kept>;
      return { record: textOf(record), cache: textOf(cache) };
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (error instanceof SyntaxError || code === 'ENOENT') return nothing;
      throw error;
    }
  }

  async function write(change: (kept: Kept) => Kept): Promise<void> {
    const kept = await load();
    const next = change(kept);
    if (next.record === kept.record && next.cache === kept.cache) return;
    await mkdir(dirname(path), { recursive: true });
    const fresh = `${path}.${process.pid}.new`;
    try {
      await writeFile(fresh, JSON.stringify(next), { mode: 0o600 });
      // A file left by a crash keeps the rights it had.
      await chmod(fresh, 0o600);
      await rename(fresh, path);
    } catch (error) {
      await rm(fresh, { force: true });
      throw error;
    }
  }

  function save(change: (kept: Kept) => Kept): Promise<void> {
    const mine = last.then(() => write(change));
    last = mine.catch(() => undefined);
    return mine;
  }

  return {
    path,
    load,
    save: (change) => save((kept) => ({ ...kept, ...change })),
    dropAccessTokens: () =>
      save((kept) => {
        if (kept.cache === null) return kept;
        const cache = JSON.parse(kept.cache) as Record<string, unknown>;
        return { ...kept, cache: JSON.stringify({ ...cache, AccessToken: {} }) };
      }),
  };
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

/** What the library gives a cache plugin to read and write through (`ICachePlugin` of `@azure/msal-node`). */
interface CacheContext {
  readonly cacheHasChanged: boolean;
  readonly tokenCache: { serialize(): string; deserialize(text: string): void };
}

/** For `useIdentityPlugin`: caches whose `name` is a path are kept there. */
export const fileCachePlugin: IdentityPlugin = (context) => {
  const { cachePluginControl } = context as {
    cachePluginControl: { setPersistence(make: (options?: { name?: string }) => Promise<unknown>): void };
  };
  cachePluginControl.setPersistence(async (options) => {
    const store = createTokenStore(options?.name ?? '');
    return {
      async beforeCacheAccess({ tokenCache }: CacheContext) {
        const { cache } = await store.load();
        if (cache !== null) tokenCache.deserialize(cache);
      },
      async afterCacheAccess({ cacheHasChanged, tokenCache }: CacheContext) {
        if (cacheHasChanged) await store.save({ cache: tokenCache.serialize() });
      },
    };
  });
};
