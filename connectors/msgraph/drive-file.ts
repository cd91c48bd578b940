/**
 * A workbook as a whole file on a drive: what version it is, its content, and replacing it as a whole.
 *
 * The version is the print of the content (`WorkbookBytes.print`), never a tag or a hash of the file: SharePoint writes
 * properties into uploaded workbooks, so bytes, size, `eTag` and `cTag` move again later without anybody's edit
 * (rclone/rclone#2599, OneDrive/onedrive-api-docs#935). Tags only tell when a look inside can be spared: while the `eTag`
 * answers 304, or the `cTag` (content alone) stands, the content is what it was. A tag is read before the content it is
 * kept with: content that is newer than its tag shows as another tag at the next look, and is refused by `If-Match`.
 * A download may also lag behind its tag, by about 20 s as reported. So the first download under a new tag is taken for
 * good only when a second one, `SETTLE_MS` later, has shown the same; and one that shows, so soon after a write of ours,
 * just what that write replaced is not believed yet.
 *
 * Ids stay while a file is renamed or moved inside its library; the name here is for people only.
 */
import { UnreadableError } from '../../src/model/errors.ts';
import type { Clock } from '../../src/ports.ts';
import type { WorkbookInfo } from '../connector.ts';
import { megabytes, refuse } from '../xlsx/refusal.ts';
import { openWorkbook, type WorkbookBytes } from '../xlsx/workbook.ts';
import type { GraphApp } from './app.ts';
import { type DriveItem, itemFields, itemOf } from './drive-item.ts';
import { notNow } from './errors.ts';
import { readRefused, writeRefused } from './file-errors.ts';
import { sessionCall, sessionCalls } from './session-calls.ts';
import { tryUpload, type Uploaded, upload } from './upload.ts';

/** A download this long after its tag was first seen is no longer behind it. */
const SETTLE_MS = 30_000;
/** Bytes are kept this long for the write that may follow a read. */
const HELD_MS = 60_000;
const TRANSFER_MS = 10_000;
const BEHIND_MS = 5_000;

/** What stands on the drive, as far as can be told without its bytes. */
export interface Seen {
  readonly item: DriveItem;
  readonly print: string;
  readonly info: WorkbookInfo;
  /** Whom the drive names as the last person to save another content than ours. */
  readonly editor: string | null;
}

/** The bytes too. */
export interface DriveContent extends Seen {
  readonly bytes: Uint8Array;
  readonly workbook: WorkbookBytes;
}

export type Replaced =
  | { readonly status: 'landed'; readonly print: string }
  /** The file is said to be no longer what the bytes were made from. Nothing was done: look again. */
  | { readonly status: 'contested' }
  | { readonly status: 'unknown' };

export interface DriveFile {
  /** What people call the file. */
  name(): string;
  /** One call while nothing changes. `UnreadableError` as long as a content stands that is no workbook. */
  look(): Promise<Seen>;
  /** The content as it is now. */
  content(): Promise<DriveContent>;
  /** Throws only when nothing was done. */
  replace(from: DriveContent, bytes: Uint8Array): Promise<Replaced>;
  /** Would a replacement be taken now? Throws what `replace` would; changes nothing. */
  tryReplacing(): Promise<void>;
  /** Lets go of bytes that were kept. */
  release(): void;
}

export interface DriveFileSettings {
  readonly app: Pick<GraphApp, 'ask' | 'askHanded'>;
  readonly driveId: string;
  readonly itemId: string;
  /** What people call the file, until it is seen. */
  readonly name: string;
  readonly maxFileBytes: number;
  /** Bytes of one piece of an upload. */
  readonly pieceBytes?: number;
  readonly clock: Clock;
  /** Another content was found than the last known one, which is not ours. */
  readonly changed: () => void;
}

interface Known {
  readonly item: DriveItem;
  /** When content was first looked for under this tag. */
  readonly at: number;
  readonly isSettled: boolean;
  readonly content: Pick<Seen, 'print' | 'info' | 'editor'> | UnreadableError;
}

export function createDriveFile(settings: DriveFileSettings): DriveFile {
  const { app, clock } = settings;
  const path = `/drives/${encodeURIComponent(settings.driveId)}/items/${encodeURIComponent(settings.itemId)}`;
  let known: Known | null = null;
  /** The content of `known`. */
  let held: { readonly bytes: Uint8Array; readonly workbook: WorkbookBytes; readonly at: number } | null = null;

  /** What our last write replaced, and when. */
  let replaced = { print: '', at: Number.NEGATIVE_INFINITY };
  let line: Promise<unknown> = Promise.resolve();

  /** One after the other: each step goes by what the one before found. */
  function inLine<T>(work: () => Promise<T>): Promise<T> {
    const done = line.then(work, work);
    line = done.catch(() => undefined);
    return done;
  }

  const now = (): number => clock.now().getTime();
  const name = (): string => known?.item.name ?? settings.name;

  /** The item, or null while it has the tag that is known. */
  async function askItem(): Promise<DriveItem | null> {
    const call = {
      method: 'GET',
      path: `${path}?$select=${itemFields}`,
      ...(known === null ? {} : { headers: unless(known.item) }),
      writes: false,
    } as const;
    const reply = await app.ask(call);
    if (reply.status === 304 && known !== null) return null;
    const item = reply.status === 200 ? itemOf(reply.body) : null;
    if (item === null) throw readRefused(reply, call, name(), now());
    return item;
  }

  /** The content is at an address that works for minutes and needs no token (driveItem: get content). */
  async function download(item: DriveItem): Promise<Uint8Array> {
    if (item.size > settings.maxFileBytes) {
      throw refuse('too-large', megabytes(item.size), megabytes(settings.maxFileBytes));
    }
    const call = { method: 'GET', path: `${path}/content`, writes: false } as const;
    for (let asked = 1; ; asked++) {
      const reply = await app.ask(call);
      const url = reply.status === 302 ? reply.headers.get('location') : null;
      if (url === null) throw readRefused(reply, call, item.name, now());
      const { status, bytes } = await app.askHanded({ method: 'GET', url, writes: false });
      if (status === 200) return bytes;
      // An address may end with the content it was given for.
      if (status === 404 && asked === 1) continue;
      throw notNow('msgraph-file-transfer', TRANSFER_MS, { params: { file: item.name, code: status } });
    }
  }

  /** Reads the content that stands under a tag just seen, and keeps both. */
  async function take(item: DriveItem, at: number): Promise<void> {
    const before = known?.content instanceof UnreadableError ? null : (known?.content ?? null);
    const isSettled = now() - at >= SETTLE_MS;
    held = null;
    const bytes = await download(item);
    try {
      const workbook = await openWorkbook(bytes, settings.maxFileBytes);
      const print = await workbook.print();
      if (print === replaced.print && now() - replaced.at < SETTLE_MS) {
        throw notNow('msgraph-file-behind', BEHIND_MS, { params: { file: item.name } });
      }
      const isSame = before?.print === print;
      if (before !== null && !isSame) settings.changed();
      const editor = isSame ? before.editor : item.editor;
      known = { item, at, isSettled, content: { print, info: workbook.info, editor } };
      held = { bytes, workbook, at: now() };
    } catch (error) {
      if (!(error instanceof UnreadableError)) throw error;
      known = { item, at, isSettled, content: error };
    }
  }

  async function look(): Promise<Seen> {
    const item = await askItem();
    if (held !== null && now() - held.at > HELD_MS) held = null;
    const isSame = known !== null && (item === null || (item.cTag !== null && item.cTag === known.item.cTag));
    if (!isSame) await take(item as DriveItem, now());
    else {
      const { at, isSettled } = known as Known;
      known = { ...(known as Known), item: item ?? (known as Known).item };
      if (!isSettled && now() - at >= SETTLE_MS) await take(known.item, at);
    }
    const { item: stands, content } = known as Known;
    if (content instanceof UnreadableError) throw content;
    return { item: stands, ...content };
  }

  async function content(): Promise<DriveContent> {
    let seen = await look();
    if (held === null) {
      await take(seen.item, (known as Known).at);
      seen = { ...seen, ...settled() };
    }
    const { bytes, workbook } = held as NonNullable<typeof held>;
    return { ...seen, bytes, workbook };
  }

  function settled(): Pick<Seen, 'print' | 'info' | 'editor'> {
    const { content } = known as Known;
    if (content instanceof UnreadableError) throw content;
    return content;
  }

  async function send({ item }: DriveContent, bytes: Uint8Array): Promise<Uploaded> {
    const create = sessionCall(path, item.eTag);
    const again = {
      method: 'GET',
      path: `${path}?$select=${itemFields}`,
      headers: unless(item),
      writes: false,
    } as const;
    return upload(
      {
        ...sessionCalls(app, create),
        async isStillTheSame() {
          const { status, body } = await app.ask(again);
          return status === 304 || itemOf(body)?.eTag === item.eTag;
        },
        errorOf: (reply) => writeRefused(reply, create, item, now()),
        brokenOff: (code) => notNow('msgraph-file-transfer', TRANSFER_MS, { params: { file: name(), code } }),
      },
      bytes,
      settings.pieceBytes,
    );
  }

  async function tryReplacing(): Promise<void> {
    const { item } = await look();
    const create = sessionCall(path, item.eTag);
    await tryUpload({ ...sessionCalls(app, create), errorOf: (reply) => writeRefused(reply, create, item, now()) });
  }

  async function replace(from: DriveContent, bytes: Uint8Array): Promise<Replaced> {
    const workbook = await openWorkbook(bytes, settings.maxFileBytes);
    const print = await workbook.print();
    const sent = await send(from, bytes);
    if (sent.status === 'contested') return sent;
    held = null;
    const item = sent.status === 'landed' ? itemOf(sent.item) : null;
    if (item !== null) {
      const { editor } = from;
      replaced = { print: from.print, at: now() };
      known = { item, at: now(), isSettled: true, content: { print, info: workbook.info, editor } };
      return { status: 'landed', print };
    }
    // Carried out, or not known: what stands there tells, if it can be read now.
    const stands = await look().catch(() => null);
    if (sent.status !== 'landed' && stands?.print !== print) return { status: 'unknown' };
    replaced = { print: from.print, at: now() };
    return { status: 'landed', print };
  }

  return {
    name,
    look: () => inLine(look),
    content: () => inLine(content),
    replace: (from, bytes) => inLine(() => replace(from, bytes)),
    tryReplacing: () => inLine(tryReplacing),

    release() {
      held = null;
    },
  };
}

/** Answer only if the item has another tag than this one. */
function unless({ eTag }: DriveItem): Readonly<Record<string, string>> {
  return { 'If-None-Match': eTag };
}
