/**
 * The one session through which this process works on a workbook. Calls go one after the other (workbook-best-practice);
 * a session that is lost is made again and the call resumed. The one rule: a call that is not repeatable is never sent
 * again unless the reply says that nothing was done.
 *
 * A session lives until it was idle for about five minutes, or until the server it is pinned to goes. Changes are kept
 * only by a persistent one; where an application may not open one, calls go without (excel-manage-sessions).
 */
import type { AppError } from '../../src/model/errors.ts';
import type { Clock } from '../../src/ports.ts';
import type { GraphApp, GraphCall } from './app.ts';
import { MsgraphError, notNow, refused, uncertain } from './errors.ts';
import { endsSession, errorOfReply, type GraphReply, isDeadSession } from './reply.ts';

export interface WorkbookCall {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below `/workbook`, with its query. */
  readonly path: string;
  readonly body?: unknown;
  /** A call that writes and may be sent twice with one effect; true of calls that only read. */
  readonly isRepeatable?: boolean;
}

export interface WorkbookSession {
  /**
   * One call in the session; opens it when there is none. Throws what `GraphApp.call` throws, and `msgraph-no-workbook-api`
   * (`MsgraphError`) where this file, app or cloud cannot be worked on in place.
   */
  call<T>(call: WorkbookCall): Promise<T>;
  /** Opens the workbook, if it is not: `sessionless` where an app alone may read and write but open no session. */
  open(): Promise<'session' | 'sessionless'>;
  /** Tells the server that the session is over. Never throws. */
  end(): Promise<void>;
}

/** createSession may be answered 504, and then is to be asked again (workbook-createsession). */
const OPENING_TRIES = 3;
/** A session that breaks this often in one call is no accident. */
const SESSION_TRIES = 3;
const NO_SESSION = Symbol('sessionless');

/** `base`: path of the file's driveItem. */
export function createWorkbookSession(app: GraphApp, base: string, clock: Clock): WorkbookSession {
  const root = `${base}/workbook`;
  let opened: Promise<string | typeof NO_SESSION> | null = null;
  let last: Promise<unknown> = Promise.resolve();

  /** One call at a time, in the order of asking. */
  function inLine<T>(work: () => Promise<T>): Promise<T> {
    const mine = last.then(work, work);
    last = mine.catch(() => undefined);
    return mine;
  }

  const now = (): number => clock.now().getTime();

  async function create(): Promise<string | typeof NO_SESSION> {
    const call: GraphCall = {
      method: 'POST',
      path: `${root}/createSession`,
      body: { persistChanges: true },
      writes: false,
    };
    for (let attempt = 1; ; attempt++) {
      const reply = await app.ask(call);
      if (reply.status === 504 && attempt < OPENING_TRIES) continue;
      const failure = errorOfReply(reply, call, now());
      if (failure === null) return sessionId(reply);
      if (!(failure instanceof MsgraphError)) throw failure;
      if (await isUsableWithout()) return NO_SESSION;
      throw failure.code === 'msgraph-unsupported' ? failure : noWorkbookApi(failure);
    }
  }

  /** App-only tokens are reported to be refused a session and yet served without one. */
  async function isUsableWithout(): Promise<boolean> {
    if (!app.isAppOnly) return false;
    const call: GraphCall = { method: 'GET', path: `${root}/worksheets?$select=id`, writes: false };
    return errorOfReply(await app.ask(call), call, now()) === null;
  }

  async function ensure(): Promise<string | typeof NO_SESSION> {
    opened ??= create().catch((error: unknown) => {
      opened = null;
      throw error;
    });
    return await opened;
  }

  async function send<T>(call: WorkbookCall): Promise<T> {
    const writes = call.method !== 'GET';
    const isRepeatable = call.isRepeatable ?? !writes;
    for (let attempt = 1; ; attempt++) {
      const session = await ensure();
      const sent: GraphCall = {
        method: call.method,
        path: `${root}${call.path}`,
        body: call.body,
        headers: session === NO_SESSION ? {} : { 'workbook-session-id': session },
        writes,
      };
      const reply = await app.ask(sent);
      const dead = session === NO_SESSION ? null : isDeadSession(reply);
      if (dead !== null || endsSession(reply)) opened = null;
      if (dead !== null) {
        if (attempt < SESSION_TRIES && (isRepeatable || dead === 'nothing-done')) continue;
        throw dead === 'unknown' && writes ? uncertain('msgraph-session-lost') : notNow('msgraph-session-lost', 5_000);
      }
      const failure = errorOfReply(reply, sent, now());
      if (failure !== null) throw failure;
      return reply.body as T;
    }
  }

  return {
    call: (call) => inLine(() => send(call)),
    open: () => inLine(async () => ((await ensure()) === NO_SESSION ? 'sessionless' : 'session')),
    end: () =>
      inLine(async () => {
        const session = await opened?.catch(() => NO_SESSION);
        opened = null;
        if (typeof session !== 'string') return;
        const headers = { 'workbook-session-id': session };
        await app
          .ask({ method: 'POST', path: `${root}/closeSession`, headers, body: {}, writes: true })
          .catch(() => undefined);
      }),
  };
}

function sessionId({ body }: GraphReply): string {
  const { id } = (body ?? {}) as { id?: unknown };
  if (typeof id !== 'string' || id === '')
    throw notNow('msgraph-fault-of-server', 10_000, { params: { code: 'session' } });
  return id;
}

function noWorkbookApi({ details }: AppError): MsgraphError {
  return refused('msgraph-no-workbook-api', { details: { codes: details.codes, status: details.status } });
}
