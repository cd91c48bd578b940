/**
 * A call below `/v1.0`, from its path to its answer: what is documented, who asks, which file it is about. The tables of
 * what is answered stand in the files for each part; this one only finds the way there.
 */
import { type BookCall, bookCall } from './book-calls.ts';
import { checkBody, checkQuery, type Documented, documentedFor, membersOf, type Step, stepsOf } from './documented.ts';
import type { Drive, File } from './drive.ts';
import { badRequest, GraphFailure, notInDrive } from './failure.ts';
import { fileOfLink, linkOf, rootObject, selected } from './file-object.ts';
import { delta, describe, type FileCall, type FileReply, fileRoute, replace } from './file-routes.ts';
import type { Bearer } from './login.ts';
import type { Operations } from './operations.ts';
import { checkMe, checkPermission } from './permissions.ts';
import { ok } from './reply.ts';
import type { Sessions } from './sessions.ts';
import type { Subscriptions } from './subscriptions.ts';
import type { GraphSwitches } from './switches.ts';
import type { Uploads } from './uploads.ts';

export interface Service {
  readonly root: string;
  readonly drive: Drive;
  readonly switches: GraphSwitches;
  readonly sessions: Sessions;
  readonly operations: Operations;
  readonly uploads: Uploads;
  readonly subscriptions: Subscriptions;
  /** Notes a request that is not documented, with the reason. */
  undocumented(text: string): void;
  changed(file: File): void;
  replaced(file: File): void;
}

export interface GraphCall {
  readonly method: string;
  /** Below `/v1.0`, as it came. */
  readonly rawPath: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly bytes: Buffer;
  readonly bearer: Bearer;
  readonly now: Date;
}

/** A path whose item is found: the steps below it, written with `~`. */
interface Target {
  readonly steps: readonly Step[];
  readonly file: File | null;
  /** A path that names no file yet. */
  readonly isNew: boolean;
}

const TILDE: Step = { text: '~', name: '~', args: null };

/** How many steps address a drive; 0 for none. */
function driveSteps(names: readonly string[]): number {
  const [first, , third] = names;
  if (first === 'drives') return 2;
  if (first === 'me' && names[1] === 'drive') return 2;
  if ((first === 'users' || first === 'groups' || first === 'sites') && third === 'drive') return 3;
  return first === 'sites' && third === 'drives' ? 4 : 0;
}

/** Finds the item of a path. Ids of drives other than the one there is are 404. */
function targetOf(drive: Drive, switches: GraphSwitches, steps: readonly Step[]): Target {
  const names = steps.map(({ name }) => name);
  if (names[0] === 'shares' && names[2] === 'driveitem') {
    const link = linkOf(steps[1]!.text);
    const file = link === null ? undefined : fileOfLink(drive, switches, link);
    if (file === undefined)
      throw notInDrive('The sharing link no longer exists, or you do not have permission to access it.');
    const rest = steps.slice(3);
    // Whether the workbook can be reached through a link is not documented: resolve it to an item first.
    if (rest.length > 0 && rest[0]!.name !== 'content') throw badRequest('The path is not documented below a link.');
    return { steps: rest.length === 0 ? steps : [TILDE, ...rest], file, isNew: false };
  }
  const count = driveSteps(names);
  if (count === 0) return { steps, file: null, isNew: false };
  const id = names[0] === 'drives' ? steps[1]!.text : names[2] === 'drives' ? steps[3]!.text : drive.id;
  if (id !== drive.id) throw notInDrive();
  const rest = steps.slice(count);
  if (rest[0]?.name === 'items' && rest.length > 1) {
    const file = drive.file(rest[1]!.text);
    if (file === undefined) throw notInDrive();
    return { steps: [TILDE, ...rest.slice(2)], file, isNew: false };
  }
  if (rest[0]?.name === 'root:') {
    const end = rest.findIndex(({ text }, index) => index > 0 && text.endsWith(':'));
    const parts = rest.slice(1, end < 0 ? undefined : end + 1).map(({ text }) => text);
    const path = parts.join('/').replace(/:$/, '');
    const file = drive.byPath(path) ?? null;
    return { steps: [TILDE, ...(end < 0 ? [] : rest.slice(end + 1))], file, isNew: file === null };
  }
  return { steps, file: null, isNew: false };
}

/** Answers a call; throws a `GraphFailure` for a refusal. */
export async function graphCall(service: Service, call: GraphCall): Promise<FileReply> {
  const { method, rawPath, query, bytes, headers, bearer } = call;
  const { drive, switches } = service;
  const steps = stepsOf(rawPath);
  if (switches.cloud === 'china' && steps.some(({ name }) => name === 'workbook'))
    throw badRequest("Resource not found for the segment 'workbook'.");
  checkMe(bearer, rawPath);
  let target: Target;
  let documented: Documented;
  let body: Readonly<Record<string, unknown>>;
  try {
    target = targetOf(drive, switches, steps);
    documented = documentedFor(method, target.steps);
    checkQuery(documented, method, query);
    body = documented.body === 'bytes' ? {} : bodyOf(bytes, headers);
    if (bytes.length > 0 || documented.body !== null) checkBody(documented, body);
  } catch (error) {
    if (error instanceof GraphFailure && (error.status === 400 || error.status === 405))
      service.undocumented(`${method} ${rawPath}${query.size > 0 ? `?${query}` : ''}: ${error.message}`);
    throw error;
  }
  checkPermission(bearer, method, documented.path, switches);
  const reply = await answer(service, call, target, documented, body);
  return finished(service, documented, reply, query, target.file);
}

function bodyOf(bytes: Buffer, headers: GraphCall['headers']): Readonly<Record<string, unknown>> {
  if (bytes.length === 0) return {};
  if (!/^application\/json\b/i.test(headers['content-type'] ?? ''))
    throw badRequest('The Content-Type header must be application/json.');
  try {
    return JSON.parse(bytes.toString()) as Readonly<Record<string, unknown>>;
  } catch {
    throw badRequest('Unable to read JSON request payload.');
  }
}

async function answer(
  service: Service,
  call: GraphCall,
  { steps, file, isNew }: Target,
  documented: Documented,
  body: Readonly<Record<string, unknown>>,
): Promise<FileReply> {
  const { drive, switches, root } = service;
  const { method, query, headers, bytes, bearer, now } = call;
  const { path } = documented;
  if (path.startsWith('/subscriptions')) {
    const id = steps[1]?.text ?? null;
    const creator = bearer.by.user?.id ?? bearer.by.application!.id;
    return service.subscriptions.route(method, id, path.endsWith('/reauthorize'), body, creator, now, query);
  }
  if (path === '/drives/{drive-id}/root') return ok(selected(rootObject(drive, switches), query));
  if (path.startsWith('/drives/{drive-id}/root/delta')) {
    const token = query.get('token') ?? steps.at(-1)!.args?.get('token') ?? null;
    return delta(drive, token, query, root, switches);
  }
  const fileCall = (one: File): FileCall => ({
    drive,
    file: one,
    method,
    query,
    headers,
    body,
    bytes,
    by: bearer.by,
    now,
    root,
    switches,
    uploads: service.uploads,
    changed: (changed) => service.changed(changed),
    replaced: (replaced) => service.replaced(replaced),
  });
  if (isNew) return newFile(service, call, fileCall, steps);
  if (file !== null && path.startsWith('/shares')) {
    const wantsRedeeming = /redeemSharingLink/.test(headers.prefer ?? '');
    if (switches.sharesNeedRedeeming && !wantsRedeeming) throw new GraphFailure(403, 'accessDenied', 'Access denied');
    if (wantsRedeeming) switches.sharesNeedRedeeming = false;
    return ok(await describe(fileCall(file)));
  }
  if (file !== null && path.startsWith('~/workbook')) {
    const bookCallOf: BookCall = {
      drive,
      file,
      method,
      steps: steps.slice(2),
      query,
      headers,
      body,
      byteLength: bytes.length,
      by: bearer.by,
      now,
      itemUrl: `${root}/v1.0/drives/${drive.id}/items/${file.id}`,
      switches,
      sessions: service.sessions,
      operations: service.operations,
      changed: (changed) => service.changed(changed),
    };
    return bookCall(bookCallOf);
  }
  if (file !== null) return fileRoute(documented, steps, fileCall(file));
  if (path === '/drives/{drive-id}')
    return ok(selected({ id: drive.id, driveType: 'documentLibrary', name: '文档' }, query));
  service.undocumented(`${method} ${call.rawPath}: documented, but this server does not keep it`);
  throw new GraphFailure(501, 'notImplemented', 'This server does not keep this part of Graph.');
}

/** Content or an upload session for a path where no file is yet. */
async function newFile(
  service: Service,
  { rawPath, method, bearer, now }: GraphCall,
  fileCall: (file: File) => FileCall,
  steps: readonly Step[],
): Promise<FileReply> {
  const path = decodeURIComponent(rawPath.replace(/^.*?\/root:\//, '').replace(/:\/[^/]*$/, ''));
  const call = fileCall(service.drive.draft(path, bearer.by, now));
  if (steps[1]?.name === 'createuploadsession') return ok(service.uploads.create(call));
  if (method !== 'PUT') throw notInDrive();
  await replace(call, call.bytes);
  return { status: 201, body: await describe(call) };
}

/** Cuts the reply to what was selected, completes its links, and checks it against the documented members. */
function finished(
  { root, drive, switches }: Service,
  { reply: kind, path }: Documented,
  reply: FileReply,
  query: URLSearchParams,
  file: File | null,
): FileReply {
  if (reply.body === null || kind === null || reply.status === 202) return reply;
  const isList = kind.isList && Array.isArray((reply.body as { value?: unknown }).value);
  const base = `/drives('${encodeURIComponent(drive.id)}')/items('${file?.id}')/workbook/`;
  const finish = (object: Record<string, unknown>): Record<string, unknown> => {
    const allowed = membersOf(kind.kind);
    const strange = Object.keys(object).filter((name) => !name.startsWith('@') && !allowed.includes(name));
    if (strange.length > 0) throw new Error(`a reply to ${path} has undocumented members: ${strange.join(', ')}`);
    const id = object['@odata.id'];
    return selected(id === undefined ? object : { ...object, '@odata.id': `${base}${id}` }, query);
  };
  const context = { '@odata.context': `${root}/v1.0/$metadata#${kind.kind}` };
  const body = isList
    ? { ...context, ...reply.body, value: (reply.body as { value: Record<string, unknown>[] }).value.map(finish) }
    : { ...context, ...finish(reply.body as Record<string, unknown>) };
  if (path.startsWith('~/workbook') && Buffer.byteLength(JSON.stringify(body)) > switches.maxReplyBytes)
    throw new GraphFailure(413, 'ResponsePayloadSizeLimitExceeded', 'The size of the payload exceeded the limit.', {
      second: 'responsePayloadSizeLimitExceeded',
    });
  return { ...reply, body };
}
