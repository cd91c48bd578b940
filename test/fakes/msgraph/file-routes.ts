/** Files: reading about them, reading and replacing their content, versions, delta, checking out, sharing links. */
import { createHash } from 'node:crypto';
import type { Documented, Step } from './documented.ts';
import type { Drive, File, Identity } from './drive.ts';
import { badRequest, GraphFailure, notInDrive } from './failure.ts';
import { fileObject, rootObject, selected, shareUrl, versionObject } from './file-object.ts';
import { created, done, list, ok, type Reply } from './reply.ts';
import type { GraphSwitches } from './switches.ts';
import type { Uploads } from './uploads.ts';

export interface FileCall {
  readonly drive: Drive;
  readonly file: File;
  readonly method: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Readonly<Record<string, unknown>>;
  readonly bytes: Uint8Array;
  readonly by: Identity;
  readonly now: Date;
  readonly root: string;
  readonly switches: GraphSwitches;
  readonly uploads: Uploads;
  changed(file: File): void;
  replaced(file: File): void;
}

/** A reply that may carry headers and bytes besides JSON. */
export interface FileReply extends Reply {
  readonly headers?: Readonly<Record<string, string>>;
  readonly bytes?: Uint8Array;
}

/** Refuses an upload while somebody has the file open, checked out, or worked on it through the workbook API. */
export function checkUnlocked(file: File, now: Date, switches: GraphSwitches): void {
  const isBusy = now.getTime() - file.lastWorkbookCallAt < switches.lockAfterWorkbookMs;
  if (file.openedBy === null && file.checkedOutBy === null && !isBusy) return;
  const message = 'The resource you are attempting to access is locked';
  if (switches.lockedBody === 'resourceLocked') throw new GraphFailure(423, 'resourceLocked', message);
  if (switches.lockedBody === 'notAllowed')
    throw new GraphFailure(423, 'notAllowed', message, { second: 'resourceLocked' });
  throw new GraphFailure(423, 'accessDenied', 'Lock token does not match existing lock');
}

/** `If-Match` with the eTag or the cTag. */
export function checkMatch(file: File, given: string | undefined, switches: GraphSwitches): void {
  if (switches.wrongPreconditions > 0) {
    const status = switches.wrongPreconditions-- % 2 === 0 ? 409 : 412;
    throw new GraphFailure(status, 'resourceModified', "ETag does not match current item's value");
  }
  if (given === undefined || given === '*') return;
  if (given === file.eTag || given === file.cTag) return;
  throw new GraphFailure(412, switches.preconditionBody, "ETag does not match current item's value");
}

/** A file's description, with its size when that is asked for. */
export async function describe({ drive, file, switches, root, query }: FileCall): Promise<Record<string, unknown>> {
  const object = fileObject(drive, file, switches, root);
  const select = query.get('$select');
  if (select === null || select.split(',').includes('size')) object.size = (await file.bytesOf(file.current)).length;
  return selected(object, query);
}

export async function fileRoute(documented: Documented, steps: readonly Step[], call: FileCall): Promise<FileReply> {
  const { drive, file, method, query, headers, switches, now } = call;
  switch (documented.path) {
    case '~': {
      if (method === 'GET') {
        const known = headers['if-none-match'];
        if (known !== undefined && (known === file.eTag || known === file.cTag)) return { status: 304, body: null };
        return ok(await describe(call));
      }
      checkUnlocked(file, now, switches);
      checkMatch(file, headers['if-match'], switches);
      if (method === 'DELETE') file.isDeleted = true;
      else change(call);
      file.eTagNumber++;
      drive.mark(file);
      call.changed(file);
      return method === 'DELETE' ? done : ok(await describe(call));
    }
    case '~/content':
      return method === 'GET' ? download(call) : put(call);
    case '~/createUploadSession':
      return ok(call.uploads.create(call));
    case '~/versions': {
      const all = await Promise.all(file.versions.toReversed().map((version) => versionObject(file, version)));
      return list(
        all.map((version) => selected(version, query)),
        query,
      );
    }
    case '~/checkout':
      checkUnlocked(file, now, switches);
      file.checkedOutBy = call.by.user?.displayName ?? call.by.application?.displayName ?? '';
      return done;
    case '~/checkin':
      file.checkedOutBy = null;
      return done;
    case '~/createLink':
      return created({ id: 'link', link: { type: 'edit', scope: 'organization', webUrl: shareUrl(file, switches) } });
    default:
      if (documented.path.startsWith('~/versions/')) return version(documented.path, steps[2]!.text, call);
      throw badRequest('This server does not keep this part of files.');
  }
}

function change({ file, body, drive }: FileCall): void {
  const { name, parentReference } = body as { name?: string; parentReference?: { path?: string } };
  if (name !== undefined) {
    const other = drive.byPath(file.folder === '' ? name : `${file.folder}/${name}`);
    if (other !== undefined && other !== file) throw new GraphFailure(409, 'nameAlreadyExists', 'Name already exists');
    file.name = name;
  }
  const path = parentReference?.path;
  if (path !== undefined) file.folder = path.slice(path.indexOf(':') + 1).replace(/^\//, '');
}

function download({ file, headers, root }: FileCall): FileReply {
  const known = headers['if-none-match'];
  if (known !== undefined && (known === file.eTag || known === file.cTag)) return { status: 304, body: null };
  const location = `${root}/_download/${file.id}/${file.cTagNumber}`;
  return { status: 302, body: null, headers: { location } };
}

/** A pre-authenticated address: no token, ranges allowed, good until the content changes. */
export async function downloaded(file: File, headers: Readonly<Record<string, string>>): Promise<FileReply> {
  const bytes = await file.bytesOf(file.current);
  const tags = { etag: file.eTag, 'accept-ranges': 'bytes', 'content-type': 'application/octet-stream' };
  const range = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '');
  if (range === null) return { status: 200, body: null, bytes, headers: tags };
  const from = Number(range[1]);
  const to = range[2] === '' ? bytes.length - 1 : Math.min(Number(range[2]), bytes.length - 1);
  if (from >= bytes.length) throw new GraphFailure(416, 'invalidRange', 'The range is not satisfiable.');
  return {
    status: 206,
    body: null,
    bytes: bytes.subarray(from, to + 1),
    headers: { ...tags, 'content-range': `bytes ${from}-${to}/${bytes.length}` },
  };
}

const LARGEST_PUT = 250 * 1024 * 1024;

async function put(call: FileCall): Promise<FileReply> {
  const { file, bytes, headers, now, switches } = call;
  if (bytes.length > LARGEST_PUT) throw new GraphFailure(413, 'requestSizeExceeded', 'The upload is too large.');
  checkUnlocked(file, now, switches);
  checkMatch(file, headers['if-match'], switches);
  await replace(call, bytes);
  return ok(await describe(call));
}

/** Puts bytes in place of a file. */
export async function replace({ drive, file, by, now, switches, ...call }: FileCall, bytes: Uint8Array): Promise<void> {
  await file.replace(bytes, by, now, switches);
  drive.mark(file);
  call.replaced(file);
  call.changed(file);
}

async function version(path: string, id: string, call: FileCall): Promise<FileReply> {
  const { file, now } = call;
  const found = file.versions.find((each) => each.id === id);
  if (found === undefined) throw notInDrive();
  if (path.endsWith('/content')) {
    const bytes = await file.bytesOf(found);
    return { status: 200, body: null, bytes, headers: { 'content-type': 'application/octet-stream' } };
  }
  if (path.endsWith('/restoreVersion')) {
    checkUnlocked(file, now, call.switches);
    await replace(call, await file.bytesOf(found));
    return done;
  }
  return ok(await versionObject(file, found));
}

const tokenOf = (changes: number, skip: number): string =>
  Buffer.from(
    JSON.stringify({ changes, skip, mark: createHash('sha1').update(String(changes)).digest('hex') }),
  ).toString('base64url');

function readToken(token: string): { readonly changes: number; readonly skip: number } {
  try {
    const { changes, skip } = JSON.parse(Buffer.from(token, 'base64url').toString()) as Record<string, unknown>;
    if (typeof changes === 'number' && typeof skip === 'number') return { changes, skip };
  } catch {}
  throw badRequest('The provided token is not valid.');
}

/** `root/delta`: everything, or what changed since a token; pages, repeats and deleted items as told. */
export function delta(
  drive: Drive,
  token: string | null,
  query: URLSearchParams,
  root: string,
  switches: GraphSwitches,
): FileReply {
  const address = `${root}/v1.0/drives/${drive.id}/root/delta`;
  const link = (next: string): string => `${address}?token=${next}`;
  if (token === 'latest') return ok({ value: [], '@odata.deltaLink': link(tokenOf(drive.changes, 0)) });
  if (token !== null && switches.expiredDeltas > 0) {
    switches.expiredDeltas--;
    throw new GraphFailure(410, 'resyncRequired', 'Resync required.', {
      second: 'resyncChangesApplyDifferences',
      headers: { location: address },
    });
  }
  const { changes, skip } = token === null ? { changes: 0, skip: 0 } : readToken(token);
  const changed = drive.files
    .filter((file) => file.changedAt > changes && !(changes === 0 && file.isDeleted))
    .sort((one, other) => one.changedAt - other.changedAt)
    .flatMap((file) => {
      const item = deltaItem(drive, file, switches, root);
      return switches.deltaRepeats && !file.isDeleted ? [{ ...item, eTag: `"{${file.guid}},0"` }, item] : [item];
    });
  const items = [...(changes === 0 || changed.length > 0 ? [rootObject(drive, switches)] : []), ...changed];
  const page = items.slice(skip, skip + switches.deltaPage).map((item) => selected(item, query));
  const isLast = skip + switches.deltaPage >= items.length;
  return ok({
    value: page,
    ...(isLast
      ? { '@odata.deltaLink': link(tokenOf(drive.changes, 0)) }
      : { '@odata.nextLink': link(tokenOf(changes, skip + switches.deltaPage)) }),
  });
}

/** Business drives leave cTag, lastModifiedBy and the path of the parent out. */
function deltaItem(drive: Drive, file: File, switches: GraphSwitches, root: string): Record<string, unknown> {
  if (file.isDeleted)
    return {
      id: file.id,
      name: file.name,
      deleted: { state: 'deleted' },
      parentReference: { driveId: drive.id, id: drive.rootId },
    };
  const { cTag: _c, lastModifiedBy: _l, parentReference, ...rest } = fileObject(drive, file, switches, root);
  const { path: _p, ...parent } = parentReference as Record<string, unknown>;
  return { ...rest, parentReference: parent };
}
