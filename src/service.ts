/**
 * The running service: all workbooks kept in step, what happens in them answered, messages delivered, each in a loop of its
 * own that another can wake. Timers stand here and nowhere deeper.
 */
import type { Connector } from '../connectors/connector.ts';
import { createCardClicks } from './app/card-clicks.ts';
import { refreshCards, takesDecisions } from './app/card-updater.ts';
import { createLayOut } from './app/lay-out.ts';
import type { AdminWorkbook, App, AppWorkbook } from './app.ts';
import type { AutomationRun } from './automation/run.ts';
import { workOnDue } from './due.ts';
import { openJobs } from './jobs/queue.ts';
import { scheduleQueue } from './jobs/schedule.ts';
import { type Waking, wakeQueues } from './jobs/wake.ts';
import type { FactSet } from './kpi/fact-set.ts';
import { createFigureLook } from './kpi-loop.ts';
import { createOutbound } from './notify/outbound.ts';
import { hostRules } from './notify/settings.ts';
import type { RunResult } from './sync/run.ts';
import type { Live } from './web/live.ts';

/** How long a look may be away: a few small queries, and a stat where the workbook is a file. */
const LOOK_EVERY_MS = 1_000;
const LONGEST_BACKOFF_MS = 60_000;
/** How long what is due can wait when the job that should have woken somebody is lost. */
const LOOK_AROUND_EVERY_MS = 5_000;
/** How long messages under way are waited for at the end; the others are sent again by whoever starts next. */
const SENDING_GRACE_MS = 10_000;

/** What the service tells while it runs. */
export interface Tell {
  ran(workbook: string, result: RunResult): void;
  /** Rows of config tabs came into force. */
  configured(workbook: string, tabs: readonly string[]): void;
  /** Tickets were answered by rules, clocks or assignment. */
  answered(run: AutomationRun): void;
  failed(workbook: string, error: unknown): void;
  /** What failed before, if it did, has been done now. */
  recovered(workbook: string): void;
}

/**
 * Keeps all workbooks in step, answers what happens in them and delivers messages, until the signal; what runs is finished
 * first. `live`: open pages, which are told when figures change.
 */
export async function keepInStep(app: App, stop: AbortSignal, tell: Tell, live: Live | null = null): Promise<void> {
  const bells = new Map<string, Bell>(app.workbooks.map(({ key }) => [key, createBell(stop)]));
  const desk = createBell(stop);
  const admins = app.admins.map((admin) => ({ admin, bell: createBell(stop) }));
  const ringAll = (except: string | null): void => {
    for (const [key, bell] of bells) if (key !== except) bell.ring();
  };
  const jobs = await openJobs(app.database.db, [...wakeQueues, scheduleQueue], (error) => {
    app.logger.log('warn', 'jobs:failed', { code: failureName(error) });
  });
  const layOut = createBell(stop);
  const readConfig = async ({ key, runner }: AdminWorkbook, maxAgeMs = 0): Promise<number> => {
    if (await runner.isQuiet(maxAgeMs)) return LOOK_EVERY_MS;
    const { changed, retryAfterMs } = await runner.run();
    if (changed.length > 0) {
      tell.configured(key, changed);
      if (await app.refresh()) ringAll(null);
      desk.ring();
      layOut.ring();
    }
    return retryAfterMs ?? LOOK_EVERY_MS;
  };
  let wakings: readonly Waking[] = [];
  try {
    // What was saved while nothing ran holds for the first ticket already; what cannot be read now keeps nobody waiting.
    for (const { admin } of admins) await readConfig(admin).catch((error: unknown) => tell.failed(admin.key, error));
    wakings = await workOnDue(app, jobs, stop, {
      changed: () => ringAll(null),
      failed: (what, error) => tell.failed(what, error),
      recovered: (what) => tell.recovered(what),
    });
    await Promise.all([
      ...[...bells].map(([key, bell]) =>
        keepWorkbook(app, key, bell, stop, tell, () => {
          desk.ring();
          ringAll(key);
        }),
      ),
      ...admins.map(({ admin, bell }) =>
        keep(admin.key, { bell, stop, tell, connector: admin.connector }, (maxAgeMs) => readConfig(admin, maxAgeMs)),
      ),
      keep('#automation', { bell: desk, stop, tell }, async () => {
        // Another process may have let a change in.
        if (await app.refresh()) ringAll(null);
        if (await app.automation.isQuiet()) return LOOK_EVERY_MS;
        const run = await app.automation.run(jobs);
        if (run.answered > 0) tell.answered(run);
        if (run.changed > 0) ringAll(null);
        return LOOK_EVERY_MS;
      }),
      keep('#due', { bell: createBell(stop), stop, tell }, async () => {
        for (const waking of wakings) await waking.lookAround();
        return LOOK_AROUND_EVERY_MS;
      }),
      ...(app.settings.workbooks.every((workbook) => workbook.layOut === null)
        ? []
        : [keep('#layout', { bell: layOut, stop, tell }, createLayOut(app))]),
      ...(takesDecisions(app)
        ? [
            keepCards(app, createBell(stop), stop, tell, () => {
              desk.ring();
              ringAll(null);
            }),
          ]
        : []),
      ...(live === null ? [] : [keepFigures(app, live, stop, tell)]),
      ...(app.figureWorkbooks.length === 0
        ? []
        : [keep('#figures', { bell: createBell(stop), stop, tell }, createFigureLook(app, tell))]),
    ]);
  } finally {
    await atMost(SENDING_GRACE_MS, Promise.all(wakings.map((waking) => waking.settled())));
    await jobs.close();
  }
}

/** Looks between two signs of life to open pages, so that a line that died is noticed; and the same between two tellings of figures that only time moves (what is overdue). */
const LOOKS_PER_BEAT = 20;
const LOOKS_PER_TELLING = 300;

/**
 * Folds what changed and tells open pages, once for all changes between two looks. Another process may have folded them:
 * now and then everything that is new is read, as long as somebody looks.
 */
export function keepFigures(app: App, live: Live, stop: AbortSignal, tell: Tell): Promise<void> {
  let looks = 0;
  let facts: FactSet | null = null;
  let told = -1;
  return keep('#kpi', { bell: createBell(stop), stop, tell }, async () => {
    looks++;
    const isBeat = looks % LOOKS_PER_BEAT === 0;
    const isRead = isBeat && live.listeners > 0;
    if (facts === null || isRead || !(await app.kpi.isQuiet())) facts = await app.kpi.current();
    // A page that was asked for may have folded the change before this look.
    const isNew = told !== -1 && facts.version !== told;
    told = facts.version;
    if (isNew || looks % LOOKS_PER_TELLING === 0) live.changed(app.clock.now().getTime());
    else if (isBeat) live.beat();
    return LOOK_EVERY_MS;
  });
}

/**
 * Looks again and again until the signal: at each ring, and after the time a look asks for. Whatever goes wrong, the others
 * go on and this one is tried again, later each time. A look is told how old what it knows of the workbook may be: after a
 * notice, nothing.
 */
async function keep(
  name: string,
  { bell, stop, tell, connector }: Loop,
  look: (maxAgeMs: number) => Promise<number>,
): Promise<void> {
  let noticed = true;
  const watch = async (): Promise<(() => Promise<void>) | null> =>
    (await connector?.watch?.(() => {
      noticed = true;
      bell.ring();
    })) ?? null;
  let unwatch: (() => Promise<void>) | null = null;
  let failures = 0;
  let isTold = false;
  while (!stop.aborted) {
    let waitMs: number;
    const maxAgeMs = noticed ? 0 : (connector?.lookEveryMs ?? 0);
    noticed = false;
    const fail = (error: unknown): void => {
      isTold = true;
      tell.failed(name, error);
    };
    try {
      let isWatched = true;
      unwatch ??= await watch().catch((error: unknown) => {
        // Looking goes on without notices; they are asked for again with the next look.
        isWatched = false;
        fail(error);
        return null;
      });
      waitMs = await look(maxAgeMs);
      failures = 0;
      if (isTold && isWatched) {
        isTold = false;
        tell.recovered(name);
      }
    } catch (error) {
      failures++;
      waitMs = Math.min(LOOK_EVERY_MS * 2 ** failures, LONGEST_BACKOFF_MS);
      fail(error);
    }
    await bell.wait(waitMs);
  }
  await unwatch?.();
}

interface Loop {
  readonly bell: Bell;
  readonly stop: AbortSignal;
  readonly tell: Tell;
  /** Whose notices are heard, and how often it may be looked at. */
  readonly connector?: Connector;
}

async function keepWorkbook(
  app: App,
  key: string,
  bell: Bell,
  stop: AbortSignal,
  tell: Tell,
  told: () => void,
): Promise<void> {
  // The fields in force may give the workbook another runner; its connector stays.
  const workbook = (): AppWorkbook => app.workbooks.find((each) => each.key === key)!;
  const { connector } = workbook();
  await keep(key, { bell, stop, tell, connector }, async (maxAgeMs) => {
    const { runner } = workbook();
    if (await runner.isQuiet(maxAgeMs)) return LOOK_EVERY_MS;
    const result = await runner.run();
    tell.ran(key, result);
    if (result.reports.some((report) => report.created + report.applied > 0)) told();
    return Math.max(result.retryAfterMs ?? LOOK_EVERY_MS, 50);
  });
}

/** Takes clicks on cards, and shows on all cards what was decided and how their tickets stand. */
async function keepCards(app: App, bell: Bell, stop: AbortSignal, tell: Tell, changed: () => void): Promise<void> {
  const http = createOutbound({ hosts: app.settings.channels === null ? [] : hostRules(app.settings.channels) });
  const decided = (): void => {
    bell.ring();
    changed();
  };
  // Loaded here only: no command answers clicks.
  const { createFeishuPeople } = await import('../connectors/feishu/people.ts');
  const { app: feishu, events } = await app.feishu!.open();
  const clicks = createCardClicks(app, { people: createFeishuPeople(feishu, app.clock), decided });
  const stopClicks = events.onCardAction(clicks);
  try {
    await keep('#cards', { bell, stop, tell }, async () => {
      await refreshCards(app, http);
      return LOOK_EVERY_MS;
    });
  } finally {
    stopClicks();
  }
}

async function atMost(ms: number, work: Promise<unknown>): Promise<void> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<void>((done) => {
    timer = setTimeout(done, ms);
  });
  await Promise.race([work, late]);
  clearTimeout(timer);
}

function failureName(error: unknown): string {
  return error instanceof Error ? error.name : 'unknown';
}

interface Bell {
  readonly ring: () => void;
  /** Ends after the time, at a ring (also one from before the wait), or when the process is to stop. */
  wait(ms: number): Promise<void>;
}

function createBell(stop: AbortSignal): Bell {
  let rung = false;
  let wake: (() => void) | null = null;
  const ring = (): void => {
    rung = true;
    wake?.();
  };
  stop.addEventListener('abort', ring);
  return {
    ring,
    async wait(ms) {
      if (!rung && !stop.aborted) {
        await new Promise<void>((done) => {
          const timer = setTimeout(done, ms);
          wake = () => {
            clearTimeout(timer);
            done();
          };
        });
        wake = null;
      }
      rung = false;
    },
  };
}
