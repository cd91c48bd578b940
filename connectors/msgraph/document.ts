/**
 * What this process knows of one file in a drive: its session, and which version it was last seen in. One per file,
 * whatever the number of connectors on it.
 *
 * The version is made of the item's tags, asked for with one metadata call. Tags are only a hint, so the token says more:
 * - Reads are said to lag behind a tag (up to 30 s): the token changes once more, half a minute after the tags moved, so
 *   that whoever compares tokens reads again.
 * - A read alone may save the file. Tags that moved by ourselves while nothing of ours was written since the last read are
 *   taken for that echo, and the token stays.
 * - Whatever both miss is found by a token that changes every quarter of an hour: that long, at most, an edit stays unseen
 *   that was saved together with an echo of ours, or that came to be read later than half a minute.
 */
import type { Clock } from '../../src/ports.ts';
import type { GraphApp } from './app.ts';
import { createWorkbookSession, type WorkbookSession } from './session.ts';

/** How long a read may lag behind the tags (Microsoft's connector page says up to 30 s). */
const SETTLE_MS = 30_000;
/** How long at most something stays unseen that the tags do not tell. */
const NET_MS = 900_000;

/** The item's own word on its version, and who saved it. */
export interface Seen {
  readonly tags: string;
  /** We did, as far as the item tells. */
  readonly isOurs: boolean;
  /** Best-known name of whoever saved last, or null. */
  readonly editor: string | null;
}

export interface DocumentState {
  /** Names the file among all documents; what turns are taken for. */
  readonly key: string;
  /** Path of its driveItem. */
  readonly base: string;
  readonly session: WorkbookSession;
  /** One metadata call. Throws `msgraph-gone` (`NotFoundError`) and what `GraphApp.call` throws. */
  look(): Promise<Seen>;
  /** The token for what was seen; `forPull`: it will be read now. */
  token(seen: Seen, forPull: boolean): string;
  /** The file was saved by somebody else since a token was given. */
  hasMoved(token: string, seen: Seen): boolean;
  /** Something of ours was written. */
  wrote(): void;
}

interface Item {
  readonly eTag?: string;
  readonly cTag?: string;
  readonly lastModifiedBy?: {
    readonly user?: { readonly id?: string; readonly displayName?: string };
    readonly application?: { readonly id?: string };
  };
}

export function openDocument({
  app,
  driveId,
  itemId,
  clock,
}: {
  readonly app: GraphApp;
  readonly driveId: string;
  readonly itemId: string;
  readonly clock: Clock;
}): DocumentState {
  const base = `/drives/${encodeURIComponent(driveId)}/items/${encodeURIComponent(itemId)}`;
  let known: { readonly tags: string; readonly since: number } | null = null;
  /** Tags that moved by an echo, shown as `known.tags`. */
  let echo: string | null = null;
  let hasWritten = false;

  return {
    key: `msgraph ${driveId}/${itemId}`,
    base,
    session: createWorkbookSession(app, base, clock),

    async look() {
      const path = `${base}?$select=id,eTag,cTag,lastModifiedBy`;
      const { eTag = '', cTag = '', lastModifiedBy } = await app.call<Item>({ method: 'GET', path, writes: false });
      const ours = app.account()?.id;
      const by = app.isAppOnly ? lastModifiedBy?.application?.id : lastModifiedBy?.user?.id;
      const isOurs = ours !== undefined && by?.toLowerCase() === ours.toLowerCase();
      return { tags: `${cTag} ${eTag}`, isOurs, editor: isOurs ? null : (lastModifiedBy?.user?.displayName ?? null) };
    },

    token({ tags, isOurs }, forPull) {
      const now = clock.now().getTime();
      if (known === null || (tags !== known.tags && tags !== echo)) {
        if (known !== null && isOurs && !hasWritten && !forPull) echo = tags;
        else known = { tags, since: now };
      }
      if (forPull) {
        if (tags === echo) known = { tags, since: now };
        echo = null;
        hasWritten = false;
      }
      const looks = now - known.since < SETTLE_MS ? 0 : 1;
      return `${known.tags} ${looks}.${Math.floor(now / NET_MS)}`;
    },

    hasMoved: (token, { tags, isOurs }) => !isOurs && !token.startsWith(`${tags} `) && tags !== echo,

    wrote() {
      hasWritten = true;
    },
  };
}
