/**
 * What Feishu tells by itself, heard once for all of a process: that a file changed, and that somebody pressed a button of a
 * card. An event only ever says "look now": it names no cell, comes twice, late, in any order or never, and also for our own
 * writes. So a notice hastens the next look at a file's version and decides nothing, and looking goes on without it.
 *
 * Two ways lead here, one of them at a time: the long connection (`event-line.ts`) or the webhook of the pages
 * (`receive`). Cards are answered in time whatever their handler does: after 2.5 of the 3 seconds the vendor waits, the
 * person is told that work goes on, and the card is changed when it is done.
 */
import { inAllLocales } from '../../src/messages/index.ts';
import { AppError, RetryableError } from '../../src/model/errors.ts';
import type { Clock, Logger, Timers } from '../../src/ports.ts';
import { wallTimers } from '../call.ts';
import type { FeishuApp } from './app.ts';
import type { EventLine } from './event-line.ts';
import {
  type CardAnswer,
  type CardClick,
  cardReply,
  eventId,
  type FileEvent,
  type FlatEvent,
  readCardClick,
  readFileEvent,
} from './events-api.ts';
import { SeenEvents } from './seen-events.ts';

/** How events come in. `off`: not at all; files are looked at every so often all the same. */
export type EventsBy = 'line' | 'webhook' | 'off';

export interface FeishuEventsSettings {
  readonly app: FeishuApp;
  readonly appSecret: string;
  readonly by: EventsBy;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly timers?: Timers;
}

/** Must be idempotent by `click.eventId`: the vendor may tell one click twice, also to two processes. */
export type CardHandler = (click: CardClick) => Promise<CardAnswer>;

/** What a doctor wants to know. */
export interface EventsState {
  readonly by: EventsBy;
  /** Of the long connection: `idle` while nobody listens. */
  readonly line: 'idle' | 'connecting' | 'up' | 'lost' | 'refused' | 'bad-app-id';
  /** Files whose changes are not told, with the code of the refusal. */
  readonly deaf: readonly { readonly fileToken: string; readonly code: string }[];
}

export interface FeishuEvents {
  readonly state: EventsState;
  /**
   * Calls `notice` when a file may have changed, at once for the first event and then at most once a second; also after
   * the line was down. `fileType` as the vendor names it: `sheet`, `bitable`. Returns how to stop. Never fails: a file
   * whose events cannot be had is told in the log once, and tried again.
   */
  onFile(fileToken: string, fileType: string, notice: (event: FileEvent) => void): () => void;
  /** Takes the clicks on cards; the last handler counts. Returns how to stop. */
  onCardAction(handler: CardHandler): () => void;
  /** Takes one event that is known to come from the vendor, and returns what it is to be answered. */
  receive(event: FlatEvent): Promise<object>;
  /** Safe twice. */
  close(): Promise<void>;
}

/** At most one notice a file in this time: a bell rings once for a thousand events. */
const NOTICE_EVERY_MS = 1_000;
/** The vendor waits 3 s for the answer to a click. */
const ANSWER_WITHIN_MS = 2_500;
/** A change of the card that arrives before our answer is undone by it. */
const LATE_UPDATE_AFTER_MS = 500;
/** Subscriptions do not lapse by the book; people who take an app's rights away and give them back end them. */
const SUBSCRIBE_EVERY_MS = 6 * 3_600_000;
const FIRST_RETRY_MS = 60_000;
const LONGEST_RETRY_MS = 3_600_000;

interface ListenedFile {
  readonly token: string;
  readonly type: string;
  readonly listeners: Set<(event: FileEvent) => void>;
  /** Code of the last refusal; null: its events come. */
  deaf: string | null;
  failures: number;
  cancelSubscribe: () => void;
  /** An event that came within a second after the last notice. */
  waiting: FileEvent | null;
  isQuiet: boolean;
  cancelNotice: () => void;
}

export function createFeishuEvents(settings: FeishuEventsSettings): FeishuEvents {
  const { app, appSecret, by, clock, logger, timers = wallTimers } = settings;
  const files = new Map<string, ListenedFile>();
  const seen = new SeenEvents(clock);
  let handler: CardHandler | null = null;
  let lineState: EventsState['line'] = 'idle';
  let line: Promise<EventLine | null> | null = null;
  let isClosed = false;

  function connect(): void {
    if (by !== 'line' || line !== null || isClosed) return;
    lineState = 'connecting';
    // The vendor's client is large: loaded when somebody listens.
    line = import('./event-line.ts').then(({ openEventLine }) =>
      isClosed
        ? null
        : openEventLine({
            domain: app.domain,
            appId: app.appId,
            appSecret,
            timers,
            receive,
            up(again) {
              if (again) logger.log('info', 'feishu:line', { state: 'up' });
              lineState = 'up';
              if (!again) return;
              for (const file of files.values()) {
                void subscribe(file);
                ring(file, { kind: 'edited', fileToken: file.token, tableId: null });
              }
            },
            down(reason) {
              if (lineState !== reason) logger.log('warn', 'feishu:line', { state: reason });
              lineState = reason;
            },
          }),
    );
  }

  async function subscribe(file: ListenedFile): Promise<void> {
    file.cancelSubscribe();
    if (by === 'off') return;
    let waitMs = SUBSCRIBE_EVERY_MS;
    try {
      await app.call({
        method: 'POST',
        path: `/open-apis/drive/v1/files/${encodeURIComponent(file.token)}/subscribe`,
        params: { file_type: file.type },
        // Subscribing twice is subscribing once: a missing reply leaves nothing uncertain.
        writes: false,
      });
      file.failures = 0;
      file.deaf = null;
    } catch (error) {
      if (isClosed) return;
      const code = codeOf(error);
      if (file.deaf === null) logger.log('warn', 'feishu:deaf', { fileType: file.type, code });
      file.deaf = code;
      waitMs = Math.min(FIRST_RETRY_MS * 2 ** file.failures, LONGEST_RETRY_MS);
      if (error instanceof RetryableError) waitMs = Math.max(waitMs, error.retryAfterMs);
      file.failures++;
    }
    // Two that ran at once (the line came back meanwhile) leave one timer.
    file.cancelSubscribe();
    if (isClosed || files.get(file.token) !== file) return;
    file.cancelSubscribe = timers.after(waitMs, () => void subscribe(file));
  }

  function ring(file: ListenedFile, event: FileEvent): void {
    if (file.isQuiet) {
      file.waiting = event;
      return;
    }
    file.isQuiet = true;
    file.cancelNotice = timers.after(NOTICE_EVERY_MS, () => {
      file.isQuiet = false;
      const { waiting } = file;
      file.waiting = null;
      if (waiting !== null) ring(file, waiting);
    });
    for (const notice of [...file.listeners]) notice(event);
  }

  async function receive(event: FlatEvent): Promise<object> {
    const click = readCardClick(event);
    // A click goes to its handler each time: only what stands in the database knows what became of the first.
    if (click !== null) return await answer(click);
    const told = readFileEvent(event);
    const id = eventId(event);
    if (told === null || (id !== null && !seen.isNew(id))) return {};
    const file = files.get(told.fileToken);
    if (file === undefined) return {};
    if (told.kind === 'access') void subscribe(file);
    ring(file, told);
    return {};
  }

  async function answer(click: CardClick): Promise<object> {
    if (handler === null) return cardReply(toast('warning', 'feishu-card-nobody'));
    const answered = handler(click).catch((error: unknown): CardAnswer => {
      logger.log('error', 'feishu:card-failed', { error: error instanceof Error ? error.name : 'unknown' });
      return toast('error', 'feishu-card-failed');
    });
    let cancel = (): void => undefined;
    const late = new Promise<'late'>((done) => {
      cancel = timers.after(ANSWER_WITHIN_MS, () => done('late'));
    });
    const first = await Promise.race([answered, late]);
    cancel();
    if (first !== 'late') return cardReply(first);
    void answered.then(({ card }) => {
      if (card !== undefined) timers.after(LATE_UPDATE_AFTER_MS, () => void updateLate(click, card));
    });
    return cardReply(toast('info', 'feishu-card-busy'));
  }

  async function updateLate({ updateToken }: CardClick, card: object): Promise<void> {
    try {
      await app.call({
        method: 'POST',
        path: '/open-apis/interactive/v1/card/update',
        data: { token: updateToken, card },
        writes: true,
      });
    } catch (error) {
      // Whoever sent the card changes it as well, and tries again.
      if (!isClosed) logger.log('warn', 'feishu:card-failed', { code: codeOf(error) });
    }
  }

  function toast(kind: CardAnswer['toast']['kind'], key: string): CardAnswer {
    return { toast: { kind, text: inAllLocales(key) } };
  }

  return {
    get state() {
      const deaf = [...files.values()].flatMap(({ token, deaf: code }) =>
        code === null ? [] : [{ fileToken: token, code }],
      );
      return { by, line: lineState, deaf };
    },
    onFile(token, type, notice) {
      connect();
      let file = files.get(token);
      if (file === undefined) {
        const nothing = (): void => undefined;
        file = {
          token,
          type,
          listeners: new Set(),
          deaf: null,
          failures: 0,
          cancelSubscribe: nothing,
          waiting: null,
          isQuiet: false,
          cancelNotice: nothing,
        };
        files.set(token, file);
        void subscribe(file);
      }
      const listened = file;
      // The same function may listen twice, and each stops by itself.
      const listener = (event: FileEvent): void => notice(event);
      listened.listeners.add(listener);
      return () => {
        listened.listeners.delete(listener);
        if (listened.listeners.size > 0 || files.get(token) !== listened) return;
        listened.cancelSubscribe();
        listened.cancelNotice();
        files.delete(token);
      };
    },
    onCardAction(next) {
      connect();
      handler = next;
      return () => {
        if (handler === next) handler = null;
      };
    },
    receive,
    async close() {
      isClosed = true;
      handler = null;
      for (const file of files.values()) {
        file.cancelSubscribe();
        file.cancelNotice();
      }
      files.clear();
      (await line?.catch(() => null))?.close();
      line = null;
    },
  };
}

function codeOf(error: unknown): string {
  if (!(error instanceof AppError)) return error instanceof Error ? error.name : 'unknown';
  const { code } = error.details;
  return typeof code === 'number' || typeof code === 'string' ? String(code) : error.code;
}
