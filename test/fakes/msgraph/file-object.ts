/** Files and folders as Graph describes them, and their addresses. */
import type { Drive, File, Version } from './drive.ts';
import type { GraphSwitches } from './switches.ts';

const XLSX = 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet';

export const SITE_ID =
  'contoso.sharepoint.com,2c712604-1370-44e7-a1f5-426573fda80a,2d2244c3-251a-49ea-93a8-39e1c3a060fe';

/** Where SharePoint is in each cloud. */
export const sharePointHost = ({ cloud }: GraphSwitches): string =>
  `contoso.sharepoint.${cloud === 'china' ? 'cn' : cloud === 'global' ? 'com' : 'us'}`;

/** The address Office files have in a browser. */
export const webUrl = (file: File, switches: GraphSwitches): string =>
  `https://${sharePointHost(switches)}/sites/Service/_layouts/15/Doc.aspx?sourcedoc=%7B${file.guid}%7D&file=${encodeURIComponent(file.name)}&action=default&mobileredirect=true`;

/** The address of the file itself. */
export const plainUrl = (file: File, switches: GraphSwitches): string =>
  `https://${sharePointHost(switches)}/sites/Service/Shared%20Documents/${file.path.split('/').map(encodeURIComponent).join('/')}`;

export const shareUrl = (file: File, switches: GraphSwitches): string =>
  `https://${sharePointHost(switches)}/:x:/s/Service/E${Buffer.from(file.guid).toString('base64url').slice(-40)}?e=4xQzRk`;

/** The token of a link: `u!` and unpadded base64url. Decodes to the link, or null. */
export function linkOf(token: string): string | null {
  if (!token.startsWith('u!')) return null;
  return Buffer.from(token.slice(2), 'base64url').toString();
}

/** The file a link leads to. */
export function fileOfLink(drive: Drive, switches: GraphSwitches, link: string): File | undefined {
  const bare = (text: string): string => text.split('?')[0]!.toLowerCase();
  return drive.files.find((file) => {
    if (file.isDeleted) return false;
    if (bare(link) === bare(shareUrl(file, switches))) return true;
    if (bare(decodeURI(link)) === bare(decodeURI(plainUrl(file, switches)))) return true;
    return decodeURIComponent(link).toUpperCase().includes(`SOURCEDOC={${file.guid}}`);
  });
}

const parentOf = (drive: Drive, folder: string): object => ({
  driveType: 'documentLibrary',
  driveId: drive.id,
  id: folder === '' ? drive.rootId : `${drive.rootId}${folder.length}`,
  name: folder === '' ? 'root' : folder.split('/').at(-1),
  path: `/drives/${drive.id}/root:${folder === '' ? '' : `/${folder}`}`,
  siteId: SITE_ID,
});

/** All members of a file except its size, which costs a rendering; see `describe`. */
export function fileObject(drive: Drive, file: File, switches: GraphSwitches, root: string): Record<string, unknown> {
  const { current } = file;
  return {
    '@microsoft.graph.downloadUrl': `${root}/_download/${file.id}/${file.cTagNumber}`,
    createdBy: file.createdBy,
    createdDateTime: file.createdAt.toISOString(),
    id: file.id,
    lastModifiedBy: current.by,
    lastModifiedDateTime: current.at.toISOString(),
    name: file.name,
    webUrl: webUrl(file, switches),
    cTag: file.cTag,
    eTag: file.eTag,
    parentReference: parentOf(drive, file.folder),
    file: { mimeType: file.name.endsWith('.xlsx') ? XLSX : 'application/octet-stream' },
    fileSystemInfo: {
      createdDateTime: file.createdAt.toISOString(),
      lastModifiedDateTime: current.at.toISOString(),
    },
    ...(file.checkedOutBy === null
      ? {}
      : {
          publication: {
            level: 'checkout',
            versionId: current.id,
            checkedOutBy: { user: { displayName: file.checkedOutBy } },
          },
        }),
  };
}

export const rootObject = (drive: Drive, switches: GraphSwitches): Record<string, unknown> => ({
  id: drive.rootId,
  name: 'root',
  webUrl: `https://${sharePointHost(switches)}/sites/Service/Shared%20Documents`,
  parentReference: { driveType: 'documentLibrary', driveId: drive.id },
  folder: { childCount: drive.files.filter(({ isDeleted }) => !isDeleted).length },
  root: {},
});

export const versionObject = async (file: File, version: Version): Promise<Record<string, unknown>> => ({
  id: version.id,
  lastModifiedBy: version.by,
  lastModifiedDateTime: version.at.toISOString(),
  size: (await file.bytesOf(version)).length,
});

/** Members of an object that `$select` names; all without one. */
export function selected(object: Record<string, unknown>, query: URLSearchParams): Record<string, unknown> {
  const select = query.get('$select')?.split(',');
  if (select === undefined) return object;
  return Object.fromEntries(
    Object.entries(object).filter(
      ([name]) => select.includes(name) || (name.startsWith('@') && !name.includes('download')),
    ),
  );
}
