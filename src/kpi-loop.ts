/**
 * Keeps the published figures up to date while the service runs: about a second after tickets or settings changed, and
 * every full hour, because ages and due times move when nothing else does. Publishing takes at most a fifth of the time,
 * however many tickets there are and however often they change.
 */
import { publishFigures } from './app/publish-kpi.ts';
import type { App } from './app.ts';
import { blocksToken } from './db/kpi-blocks.ts';
import { nextTick } from './jobs/schedule.ts';

const LOOK_EVERY_MS = 500;
const LONGEST_BACKOFF_MS = 60_000;
const LEAST_REST = 4;
/** In the workspace's zone. */
const HOURLY = '0 * * * *';

/** What of the loop is told. */
export interface TellFigures {
  failed(workbook: string, error: unknown): void;
  /** What failed before, if it did, has been done now. */
  recovered(workbook: string): void;
}

/** One look: publishes what is to be published, and says after how many milliseconds to look again. */
export function createFigureLook(app: App, tell: TellFigures): () => Promise<number> {
  const { clock, settings, logger } = app;
  let published: string | null = null;
  let seen: string | null = null;
  let dueAt = 0;
  let failures = 0;
  const hourAfter = (now: Date): number =>
    nextTick({ pattern: HOURLY, timeZone: settings.timeZone }, now)?.getTime() ?? Number.POSITIVE_INFINITY;

  return async () => {
    const now = clock.now();
    const stamp = await stampOf(app);
    const isDue = published === null || now.getTime() >= dueAt;
    if (!isDue && stamp === published) return LOOK_EVERY_MS;
    // Whoever types is seldom done with one cell: a change is waited out for one look.
    if (!isDue && stamp !== seen) {
      seen = stamp;
      return LOOK_EVERY_MS;
    }
    // Folded first: what changes from here on is news for the next look.
    await app.kpi.current();
    const base = await stampOf(app);
    const results = await publishFigures(app);
    for (const { state, error, workbook, ...counts } of results) {
      if (state === 'failed') tell.failed(workbook, error);
      else if (state !== 'unable') tell.recovered(workbook);
      if (state === 'published') {
        const { changed, made, missing, replaced } = counts;
        logger.log('info', 'figures:published', {
          workbook,
          changed,
          made: made.length,
          missing: missing.length,
          replaced,
        });
      }
    }
    const hasFailed = results.some(({ state }) => state === 'failed');
    failures = hasFailed ? failures + 1 : 0;
    const tookMs = clock.now().getTime() - now.getTime();
    if (hasFailed) return Math.min(LOOK_EVERY_MS * 2 ** failures, LONGEST_BACKOFF_MS);
    published = base.startsWith(DIRTY) ? base.slice(DIRTY.length) : base;
    seen = published;
    dueAt = hourAfter(now);
    return Math.max(LOOK_EVERY_MS, tookMs * LEAST_REST);
  };
}

const DIRTY = 'dirty ';

/** Another text whenever figures may be others. */
async function stampOf({ database, kpi, keeper }: App): Promise<string> {
  const [isQuiet, { version }] = [await kpi.isQuiet(), await keeper.current()];
  return `${isQuiet ? '' : DIRTY}${version} ${await blocksToken(database.db)}`;
}
