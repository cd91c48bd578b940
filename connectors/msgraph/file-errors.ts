/**
 * What a refusal means where a workbook is read and replaced as a whole file. Plain functions of a reply. The one rule:
 * what a person has to end (a lock, a check-out, a full drive) is tried again; what only rights and policies can end is
 * refused. Whatever is not about the file itself means what it means to every call.
 */
import type { AppError } from '../../src/model/errors.ts';
import type { GraphCall } from './app.ts';
import type { DriveItem } from './drive-item.ts';
import { notFound, notNow, refused } from './errors.ts';
import { codesOf, errorOfReply, type GraphReply } from './reply.ts';

/** A lock is tried again in this time; it may outlast the person who held it by minutes. */
const LOCKED_MS = 30_000;
const NO_SPACE_MS = 600_000;
const ODD_REPLY_MS = 10_000;

/** A read that was not answered with what was asked for. */
export function readRefused(reply: GraphReply, call: GraphCall, file: string, now: number): AppError {
  if (reply.status === 404 || reply.status === 410) return notFound('msgraph-file-gone', { params: { file } });
  return errorOfReply(reply, call, now) ?? oddReply(reply, file);
}

/** A refused upload; nothing was done. `item`: the file it was meant for. */
export function writeRefused(reply: GraphReply, call: GraphCall, item: DriveItem, now: number): AppError {
  const { status } = reply;
  const codes = codesOf(reply);
  const file = item.name;
  const details = { status, codes };
  if (status === 404 || status === 410) return notFound('msgraph-file-gone', { params: { file }, details });
  // Three bodies are seen with 423, one of them `accessDenied`: the status decides before the code.
  if (status === 423 || codes.includes('resourcelocked')) return locked(item, details);
  if (status === 507 || codes.includes('quotalimitreached')) {
    return notNow('msgraph-file-no-space', NO_SPACE_MS, { params: { file }, details });
  }
  // "This operation has been disabled by policy": seen with labels (MicrosoftDocs/msteams-docs#13259).
  if (codes.includes('notallowed')) return refused('msgraph-file-policy', { params: { file }, details });
  if (status === 403) return refused('msgraph-file-no-write', { params: { file, code: codes[0] ?? status }, details });
  return errorOfReply(reply, call, now) ?? oddReply(reply, file);
}

function locked({ name: file, checkedOut }: DriveItem, details: Readonly<Record<string, unknown>>): AppError {
  if (checkedOut === null) return notNow('msgraph-file-locked', LOCKED_MS, { params: { file }, details });
  const more = { params: { file, person: checkedOut.to ?? '' }, details };
  return notNow('msgraph-file-checked-out', LOCKED_MS, {
    ...more,
    ...(checkedOut.to === null ? {} : { key: 'msgraph-file-checked-out-by' as const }),
  });
}

/** A success without what it should have brought. */
function oddReply({ status }: GraphReply, file: string): AppError {
  return notNow('msgraph-file-transfer', ODD_REPLY_MS, { params: { file, code: status } });
}
