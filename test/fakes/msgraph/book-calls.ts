/**
 * Calls on the workbook of a file: sessions, which state a call sees or changes, operations that take their time, the
 * limits of one request and one reply, and one call at a time.
 */
import type { Step } from './documented.ts';
import { type Drive, type File, type Identity, NOBODY } from './drive.ts';
import { GraphFailure, notInWorkbook } from './failure.ts';
import { accepted, type Operations } from './operations.ts';
import { created, done, type Reply } from './reply.ts';
import type { Session, Sessions } from './sessions.ts';
import type { GraphSwitches } from './switches.ts';
import { workbookRoute } from './workbook-routes.ts';

export interface BookCall {
  readonly drive: Drive;
  readonly file: File;
  readonly method: string;
  /** What follows `/workbook`. */
  readonly steps: readonly Step[];
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly byteLength: number;
  readonly by: Identity;
  readonly now: Date;
  /** Address of the item, for links in replies. */
  readonly itemUrl: string;
  readonly switches: GraphSwitches;
  readonly sessions: Sessions;
  readonly operations: Operations;
  changed(file: File): void;
}

export function bookCall(call: BookCall): Reply & { readonly headers?: Readonly<Record<string, string>> } {
  const { file, now, switches, sessions, headers, method, steps } = call;
  if (call.byteLength > switches.maxRequestBytes)
    throw new GraphFailure(413, 'RequestPayloadSizeLimitExceeded', 'The request payload size has exceeded the limit.', {
      second: 'requestPayloadSizeLimitExceeded',
    });
  file.lastWorkbookCallAt = now.getTime();
  const first = steps[0]?.name;
  if (first === 'createsession') return createSession(call);
  const id = headers['workbook-session-id'];
  const session = id === undefined ? null : sessions.use(id, file, now.getTime(), switches);
  if (first === 'refreshsession' || first === 'closesession') {
    if (session === null)
      throw new GraphFailure(400, 'InvalidArgument', 'The workbook-session-id header is missing.', {
        second: 'invalidArgument',
      });
    if (first === 'closesession') sessions.close(session.id);
    return done;
  }
  if (first === 'operations') return call.operations.status(steps[1]!.text, call.itemUrl);
  if (first === 'sessioninforesource' || first === 'tablerowoperationresult')
    return call.operations.result(steps[0]!.args?.get('key') ?? '');
  const isSlow = wantsAsync(call) && method === 'POST' && isRows(steps);
  if (isSlow && session === null)
    throw new GraphFailure(400, 'InvalidArgument', 'An asynchronous request needs a session.');
  if (isSlow && call.operations.failsNext()) return accepted(call.operations.failed(), call.itemUrl);
  const reply = method === 'GET' ? read(call, session) : write(call, session);
  return isSlow ? accepted(call.operations.start('tableRowOperationResult', reply.body!), call.itemUrl) : reply;
}

const wantsAsync = ({ headers, switches }: BookCall): boolean =>
  /\brespond-async\b/.test(headers.prefer ?? '') && switches.asyncLooks > 0;

/** `tables/{id}/rows` and `tables/{id}/rows/add`. */
const isRows = (steps: readonly Step[]): boolean =>
  steps.at(-1)!.name === 'rows' || (steps.at(-1)!.name === 'add' && steps.at(-2)?.name === 'rows');

function createSession(call: BookCall): ReturnType<typeof bookCall> {
  const { file, now, switches, body, sessions, operations, itemUrl } = call;
  const isPersistent = body.persistChanges !== false;
  const seen = file.seenBy(NOBODY, now.getTime(), switches.staleMs);
  if (isPersistent && file.checkedOutBy !== null)
    throw new GraphFailure(409, 'AccessConflict', 'The file is checked out or locked for editing by another user.', {
      second: 'accessConflict',
    });
  if (wantsAsync(call) && operations.failsNext()) return accepted(operations.failed(), itemUrl);
  const { id } = sessions.create(file, isPersistent, seen, now.getTime());
  const info = { id, persistChanges: isPersistent };
  return wantsAsync(call) ? accepted(operations.start('sessionInfoResource', info), itemUrl) : created(info);
}

function read(
  { file, now, switches, steps, method, query, body, by, ...call }: BookCall,
  session: Session | null,
): Reply {
  const workbook = session?.copy ?? file.seenBy(session?.id ?? NOBODY, now.getTime(), switches.staleMs);
  const reply = workbookRoute(steps, { workbook, method, query, body, now, switches });
  if (switches.readsSave && session?.copy == null) {
    file.touch(by, now);
    call.changed(file);
  }
  return reply;
}

function write(
  { file, now, switches, steps, method, query, body, by, ...call }: BookCall,
  session: Session | null,
): Reply {
  const route = (workbook: Parameters<typeof workbookRoute>[1]['workbook']): Reply =>
    workbookRoute(steps, { workbook, method, query, body, now, switches });
  if (session?.copy != null) {
    const next = session.copy.clone();
    const reply = route(next);
    next.recalculate(now);
    session.copy = next;
    return reply;
  }
  if (session === null && switches.droppedWrites > 0) {
    switches.droppedWrites--;
    return route(file.seenBy(NOBODY, now.getTime(), 0).clone());
  }
  if (file.isDeleted) throw notInWorkbook();
  let reply = file.change(session?.id ?? NOBODY, by, now, route);
  // The reply shows what formulas say after the change.
  const isRange = reply.body !== null && '@odata.type' in reply.body;
  if (method === 'PATCH' && isRange)
    reply = workbookRoute(steps, { workbook: file.live!, method: 'GET', query, body: {}, now, switches });
  call.changed(file);
  return reply;
}
