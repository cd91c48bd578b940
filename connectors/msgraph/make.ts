/**
 * Puts a new workbook, as the templates draw it, into the service account's drive, or in a folder it may write to. The one rule: a file that is there
 * is never written over; the new one takes another name.
 *
 * The file goes through an upload session, because only that lets a name clash be told apart (driveitem-createuploadsession).
 */
import type { MakeWorkbook } from '../index.ts';
import type { GraphApp } from './app.ts';
import { MsgraphError, refused } from './errors.ts';
import { itemOfAddress } from './place.ts';
import { sharedMsgraphApp } from './shared-app.ts';

interface NewItem {
  readonly id?: string;
  readonly webUrl?: string;
  readonly parentReference?: { readonly driveId?: string };
}

/** Waits for a person to sign in where nobody has yet: the log says where and with which code. */
export const makeMsgraphWorkbook: MakeWorkbook = async (settings, { title, file, folder, manager }) => {
  const app = sharedMsgraphApp(settings);
  await app.signedIn();
  const root = folder === null ? '/me/drive/root:' : await folderPath(app, folder);
  const { id, webUrl, parentReference } = await putNew(app, root, title.replace(/["*:<>?/\\|]/g, '_'), await file());
  const driveId = parentReference?.driveId;
  if (id === undefined || driveId === undefined || webUrl === undefined)
    throw refused('msgraph-refused', { params: { code: 'upload' } });
  const address = manager === null ? webUrl : await linkFor(app, driveId, id, manager);
  return { address, hasTabs: true };
};

/** Uploads under the first name that is free. */
async function putNew(app: GraphApp, root: string, title: string, bytes: Uint8Array): Promise<NewItem> {
  for (let attempt = 1; ; attempt++) {
    const name = attempt === 1 ? `${title}.xlsx` : `${title} (${attempt}).xlsx`;
    try {
      const { uploadUrl } = await app.call<{ uploadUrl: string }>({
        method: 'POST',
        path: `${root}/${encodeURIComponent(name)}:/createUploadSession`,
        body: { item: { '@microsoft.graph.conflictBehavior': 'fail', name } },
        writes: true,
      });
      return await app.upload<NewItem>(uploadUrl, bytes);
    } catch (error) {
      if (attempt === TRIES || !isTaken(error)) throw error;
    }
  }
}

const TRIES = 100;

const isTaken = (error: unknown): boolean =>
  error instanceof MsgraphError &&
  (error.details.codes as readonly string[] | undefined)?.includes('namealreadyexists') === true;

/** Path of a folder of which somebody gave the address. */
async function folderPath(app: GraphApp, address: string): Promise<string> {
  const { name = '', parentReference, folder } = await itemOfAddress(app, address);
  const { driveId = '', path = '' } = parentReference ?? {};
  if (folder === undefined) throw refused('msgraph-not-a-folder', { params: { name } });
  const above = path.includes(':') ? path.slice(path.indexOf(':') + 1) : '';
  const inside = path === '' ? '' : `${above}/${name}`;
  const steps = inside.split('/').map((step) => encodeURIComponent(decodeURIComponent(step)));
  return `/drives/${encodeURIComponent(driveId)}/root:${steps.join('/')}`;
}

/** An address under which the person who manages the workbook can open it, and nobody else. */
async function linkFor(app: GraphApp, driveId: string, itemId: string, email: string): Promise<string> {
  const { link } = await app.call<{ link: { webUrl: string } }>({
    method: 'POST',
    path: `/drives/${encodeURIComponent(driveId)}/items/${encodeURIComponent(itemId)}/createLink`,
    body: { type: 'edit', scope: 'users', recipients: [{ email }] },
    writes: true,
  });
  return link.webUrl;
}
