/** Uploads a workbook that is not there yet. Nothing is ever replaced: a name that is taken gets a number. */
import type { Clock } from '../../src/ports.ts';
import type { GraphApp } from './app.ts';
import { notNow, uncertain } from './errors.ts';
import { writeRefused } from './file-errors.ts';
import { sessionCall, sessionCalls } from './session-calls.ts';
import { upload } from './upload.ts';

const TRANSFER_MS = 10_000;

export interface NewFile {
  readonly driveId: string;
  /** From the drive's root, without slashes at its ends: `文件夹/工单.xlsx`. */
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** The address people open the new file under. `UncertainError` when it may have come to be and nobody told. */
export async function uploadNewFile(
  app: Pick<GraphApp, 'ask' | 'askHanded'>,
  clock: Clock,
  { driveId, path, bytes }: NewFile,
): Promise<string> {
  const file = path.slice(path.lastIndexOf('/') + 1);
  const place = path.split('/').map(encodeURIComponent).join('/');
  const create = sessionCall({
    path: `/drives/${encodeURIComponent(driveId)}/root:/${place}:/createUploadSession`,
    ifMatch: null,
    conflict: 'rename',
  });
  const nowhere = { eTag: '', cTag: null, name: file, size: 0, editor: null, checkedOut: null };
  const broken = (code: string) => notNow('msgraph-file-transfer', TRANSFER_MS, { params: { file, code } });
  const sent = await upload(
    {
      ...sessionCalls(app, create),
      isStillTheSame: async () => true,
      errorOf: (reply) => writeRefused(reply, create, nowhere, clock.now().getTime()),
      brokenOff: broken,
    },
    bytes,
  );
  if (sent.status === 'contested') throw broken('412');
  const webUrl = sent.status === 'landed' ? (sent.item as { webUrl?: unknown } | null)?.webUrl : undefined;
  if (typeof webUrl !== 'string') throw uncertain('msgraph-file-uncertain', { params: { file } });
  return webUrl;
}
