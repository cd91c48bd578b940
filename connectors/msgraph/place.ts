/**
 * Where a workbook is: from the address people open it under to the ids of its drive and item, which survive renaming and
 * moving within the drive. Asked once for a connector. The one rule: what is no Excel workbook is refused here, before
 * anything opens it.
 */
import { Buffer } from 'node:buffer';
import { NotFoundError } from '../../src/model/errors.ts';
import type { GraphApp } from './app.ts';
import { notFound, refused } from './errors.ts';

export interface Place {
  readonly driveId: string;
  readonly itemId: string;
  readonly name: string;
}

/** Members of a driveItem that tell where it is. */
export interface Item {
  readonly id?: string;
  readonly name?: string;
  readonly parentReference?: { readonly driveId?: string; readonly path?: string };
  /** Present in a folder. */
  readonly folder?: object;
  /** An item of somebody else's drive, seen from ours. */
  readonly remoteItem?: Item;
}

/** An address by ids, as Graph itself writes them. */
const byIds = /\/drives\/([^/?#]+)\/items\/([^/?#]+)/;

/** The item an address leads to. Throws `msgraph-link-dead` (`NotFoundError`) where it leads nowhere, and what `GraphApp.call` throws. */
export async function itemOfAddress(app: GraphApp, address: string): Promise<Item> {
  const ids = byIds.exec(address);
  const path =
    ids === null ? `/shares/${shareToken(address)}/driveItem` : `/drives/${ids[1] as string}/items/${ids[2] as string}`;
  try {
    return await app.call<Item>({
      method: 'GET',
      path: `${path}?$select=id,name,parentReference,remoteItem,folder`,
      // What a link gives to its holder is kept for the account, so that ids work from then on (shares-get).
      headers: ids === null && !app.isAppOnly ? { Prefer: 'redeemSharingLink' } : {},
      writes: false,
    });
  } catch (error) {
    throw error instanceof NotFoundError ? notFound('msgraph-link-dead', { details: error.details }) : error;
  }
}

/** Throws what `itemOfAddress` throws, and `msgraph-not-a-workbook` where the address leads to something else. */
export async function resolvePlace(app: GraphApp, address: string): Promise<Place> {
  const item = await itemOfAddress(app, address);
  const { id, parentReference } = item.remoteItem ?? item;
  const driveId = parentReference?.driveId;
  if (id === undefined || driveId === undefined) throw notFound('msgraph-link-dead');
  const name = item.name ?? '';
  if (!/\.xls[xmb]$/i.test(name)) throw refused('msgraph-not-a-workbook', { params: { name } });
  return { driveId, itemId: id, name };
}

/** A sharing link or the address of a browser, as `/shares` takes it: base64url without padding (shares-get). */
function shareToken(address: string): string {
  return `u!${Buffer.from(address, 'utf8').toString('base64url')}`;
}
