/** A file on a drive as the vendor describes it (driveItem), down to what is used of it. Plain functions of a reply. */

export interface DriveItem {
  /** Moves with content and with properties. */
  readonly eTag: string;
  /** Moves with content; null where the drive has none. */
  readonly cTag: string | null;
  readonly name: string;
  /** Bytes. Not always what a download brings. */
  readonly size: number;
  /** The person who saved last, or null when it was an app on its own or nobody is named. */
  readonly editor: string | null;
  /** Checked out; to whom, where that is told. */
  readonly checkedOut: { readonly to: string | null } | null;
}

/** What to ask for: `$select`. */
export const itemFields = 'id,name,size,eTag,cTag,lastModifiedBy,publication';

interface Identity {
  readonly user?: { readonly displayName?: unknown };
}

/** The item, or null when what came is none. */
export function itemOf(body: unknown): DriveItem | null {
  if (typeof body !== 'object' || body === null) return null;
  const { eTag, cTag, name, size, lastModifiedBy, publication } = body as Readonly<Record<string, unknown>>;
  if (typeof eTag !== 'string' || eTag === '' || typeof name !== 'string') return null;
  const { level, checkedOutBy } = (publication ?? {}) as { level?: unknown; checkedOutBy?: unknown };
  return {
    eTag,
    cTag: typeof cTag === 'string' && cTag !== '' ? cTag : null,
    name,
    size: typeof size === 'number' ? size : 0,
    editor: personOf(lastModifiedBy),
    checkedOut: level === 'checkout' ? { to: personOf(checkedOutBy) } : null,
  };
}

function personOf(identity: unknown): string | null {
  const name = (identity as Identity | null | undefined)?.user?.displayName;
  return typeof name === 'string' && name.trim() !== '' ? name.trim() : null;
}
