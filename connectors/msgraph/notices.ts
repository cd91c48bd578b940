/**
 * What Graph tells by itself: that something in a drive changed. A notice names no file and no cell, comes late (within a
 * minute, at most five), twice or never, and also for our own writes; so it only hastens the next look at a file's version,
 * and looking goes on without it. Which files changed is asked of the drive (delta) before anybody is woken.
 *
 * One subscription a drive, on its root, because business drives take no other (subscription-post-subscriptions). It is
 * given anew at half its life, and made again when Graph has lost it. The one rule: a notice is believed only when it
 * carries the secret its subscription was made with, compared in constant time.
 */

import { Buffer } from 'node:buffer';
import { randomBytes, timingSafeEqual } from 'node:crypto';
import { AppError, NotFoundError, RetryableError } from '../../src/model/errors.ts';
import type { Clock, Logger, Timers } from '../../src/ports.ts';
import { wallTimers } from '../call.ts';
import type { GraphApp } from './app.ts';

export interface NoticesSettings {
  readonly app: GraphApp;
  /** Address Graph is to call, on the internet and https. */
  readonly url: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly timers?: Timers;
}

/** What became of a request to the webhook: how many of its notices were believed and how many were not. */
export interface Received {
  readonly taken: number;
  readonly refused: number;
}

export interface MsgraphNotices {
  /** Calls `notice` when the file may have changed. Returns how to stop. Never fails: without notices it is only looked at less often. */
  watch(file: { readonly driveId: string; readonly itemId: string }, notice: () => void): () => void;
  /** True while changes of the drive are told. */
  isTold(driveId: string): boolean;
  /** Takes the body of a request to the webhook. The work it causes goes on after it. */
  receive(body: unknown): Received;
  /** Resolves when the work notices caused so far is done; for tests and the end. */
  settled(): Promise<void>;
  /** Ends the subscriptions. Safe twice. */
  close(): Promise<void>;
}

/** Under 30 days is the most for files; a day keeps what a crashed process leaves behind short. */
const LIFE_MS = 24 * 3_600_000;
/** One question to the drive for the many notices that automatic saving makes. */
const GATHER_MS = 1_000;
const FIRST_RETRY_MS = 60_000;
const LONGEST_RETRY_MS = 3_600_000;

interface Watcher {
  readonly itemId: string;
  readonly notice: () => void;
}

interface WatchedDrive {
  readonly driveId: string;
  readonly secret: string;
  readonly watchers: Set<Watcher>;
  /** Id of the subscription; null while there is none. */
  subscription: string | null;
  /** Where the next question to the drive starts. */
  mark: string | null;
  failures: number;
  cancelRenewal: () => void;
  isGathering: boolean;
}

interface Notice {
  readonly subscriptionId?: unknown;
  readonly clientState?: unknown;
  readonly lifecycleEvent?: unknown;
}

interface DeltaPage {
  readonly value?: readonly { readonly id?: string }[];
  readonly '@odata.nextLink'?: string;
  readonly '@odata.deltaLink'?: string;
}

export function createMsgraphNotices(settings: NoticesSettings): MsgraphNotices {
  const { app, url, clock, logger, timers = wallTimers } = settings;
  const drives = new Map<string, WatchedDrive>();
  const work = new Set<Promise<void>>();
  let isClosed = false;

  /** Work nobody waits for; its failures are only ever a reason to look without notices. */
  function start(task: () => Promise<void>): void {
    const running = task()
      .catch((error: unknown) => logger.log('warn', 'msgraph:deaf', { code: codeOf(error) }))
      .finally(() => work.delete(running));
    work.add(running);
  }

  async function subscribe(drive: WatchedDrive): Promise<void> {
    drive.cancelRenewal();
    if (isClosed || drive.watchers.size === 0) return;
    const expirationDateTime = new Date(clock.now().getTime() + LIFE_MS).toISOString();
    let waitMs = LIFE_MS / 2;
    try {
      if (drive.subscription !== null) await renew(drive, expirationDateTime);
      if (drive.subscription === null) {
        drive.mark ??= await newMark(drive.driveId);
        const { id } = await app.call<{ id: string }>({
          method: 'POST',
          path: '/subscriptions',
          body: {
            changeType: 'updated',
            notificationUrl: url,
            lifecycleNotificationUrl: url,
            resource: `/drives/${drive.driveId}/root`,
            expirationDateTime,
            clientState: drive.secret,
          },
          writes: true,
        });
        drive.subscription = id;
      }
      drive.failures = 0;
    } catch (error) {
      waitMs = Math.min(FIRST_RETRY_MS * 2 ** drive.failures, LONGEST_RETRY_MS);
      if (error instanceof RetryableError) waitMs = Math.max(waitMs, error.retryAfterMs);
      if (drive.failures === 0) logger.log('warn', 'msgraph:deaf', { code: codeOf(error) });
      drive.failures++;
    }
    if (!isClosed) drive.cancelRenewal = timers.after(waitMs, () => start(() => subscribe(drive)));
  }

  /** Also answers a question for new authorization (change-notifications-lifecycle-events). */
  async function renew(drive: WatchedDrive, expirationDateTime: string): Promise<void> {
    const path = `/subscriptions/${drive.subscription as string}`;
    try {
      await app.call({ method: 'PATCH', path, body: { expirationDateTime }, writes: true });
    } catch (error) {
      if (!(error instanceof NotFoundError)) throw error;
      drive.subscription = null;
      ring(drive, null);
    }
  }

  async function newMark(driveId: string): Promise<string | null> {
    const page = await app.call<DeltaPage>({
      method: 'GET',
      path: `/drives/${encodeURIComponent(driveId)}/root/delta?token=latest`,
      writes: false,
    });
    return pathOf(page['@odata.deltaLink']);
  }

  /** A link of the reply as a path below the version. */
  function pathOf(link: string | undefined): string | null {
    if (link === undefined) return null;
    const at = link.indexOf('/v1.0/');
    return at === -1 ? null : link.slice(at + '/v1.0'.length);
  }

  /** Asks the drive what changed, and wakes who watches it. */
  async function ask(drive: WatchedDrive): Promise<void> {
    drive.isGathering = false;
    const changed = new Set<string>();
    let path = drive.mark;
    try {
      while (path !== null && !isClosed) {
        const page: DeltaPage = await app.call<DeltaPage>({ method: 'GET', path, writes: false });
        for (const { id } of page.value ?? []) if (id !== undefined) changed.add(id);
        const next = pathOf(page['@odata.nextLink']);
        if (next === null) drive.mark = pathOf(page['@odata.deltaLink']);
        path = next;
      }
    } catch (error) {
      // The mark is too old: everything may have changed.
      ring(drive, null);
      drive.mark = error instanceof NotFoundError ? await newMark(drive.driveId) : drive.mark;
      throw error;
    }
    ring(drive, changed);
  }

  /** `null`: whatever is watched. */
  function ring({ watchers }: WatchedDrive, items: ReadonlySet<string> | null): void {
    for (const { itemId, notice } of [...watchers]) if (items === null || items.has(itemId)) notice();
  }

  function gather(drive: WatchedDrive): void {
    if (drive.isGathering || isClosed) return;
    drive.isGathering = true;
    timers.after(GATHER_MS, () => start(() => ask(drive)));
  }

  function driveOf({ subscriptionId, clientState }: Notice): WatchedDrive | null {
    const drive = [...drives.values()].find(
      ({ subscription }) => subscription !== null && subscription === subscriptionId,
    );
    return drive !== undefined && typeof clientState === 'string' && isSame(clientState, drive.secret) ? drive : null;
  }

  return {
    watch({ driveId, itemId }, notice) {
      let drive = drives.get(driveId);
      if (drive === undefined) {
        drive = {
          driveId,
          secret: randomBytes(32).toString('base64url'),
          watchers: new Set(),
          subscription: null,
          mark: null,
          failures: 0,
          cancelRenewal: () => undefined,
          isGathering: false,
        };
        drives.set(driveId, drive);
      }
      const watcher = { itemId, notice };
      const isFirst = drive.watchers.size === 0;
      drive.watchers.add(watcher);
      const known = drive;
      if (isFirst) start(() => subscribe(known));
      return () => void known.watchers.delete(watcher);
    },

    isTold: (driveId) => drives.get(driveId)?.subscription != null,

    receive(body) {
      const { value } = (body ?? {}) as { value?: unknown };
      let taken = 0;
      let refused = 0;
      for (const notice of Array.isArray(value) ? (value as Notice[]) : []) {
        const drive = driveOf(notice ?? {});
        if (drive === null) {
          refused++;
          continue;
        }
        taken++;
        if (notice.lifecycleEvent === undefined) gather(drive);
        else {
          if (notice.lifecycleEvent === 'subscriptionRemoved') drive.subscription = null;
          start(() => subscribe(drive));
        }
      }
      return { taken, refused };
    },

    async settled() {
      while (work.size > 0) await Promise.all(work);
    },

    async close() {
      if (isClosed) return;
      isClosed = true;
      await this.settled();
      for (const drive of drives.values()) {
        drive.cancelRenewal();
        if (drive.subscription === null) continue;
        const path = `/subscriptions/${drive.subscription}`;
        await app.call({ method: 'DELETE', path, writes: true }).catch(() => undefined);
      }
    },
  };
}

function isSame(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}

const codeOf = (error: unknown): string => (error instanceof AppError ? error.code : 'unknown');
