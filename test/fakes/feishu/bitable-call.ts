/** What the endpoints of bitable v1 have in common: paths, finding a base and its table, pages of lists. */
import type { FakeTable } from '../feishu.ts';
import type { Base } from './base.ts';
import { type Call, Refusal } from './call.ts';
import type { World } from './world.ts';

export const APP = '/open-apis/bitable/v1/apps/:token';
export const TABLE = `${APP}/tables/:table`;
export const READ = { scopes: ['bitable:app', 'bitable:app:readonly'] };
/** Two writes on one table at a time are a conflict. */
export const WRITE = { scopes: ['bitable:app'], serial: 'table', overlapCode: 1254291 };

export const baseOf = (world: World, call: Call, need: 'read' | 'edit'): Base =>
  world.openBase(call.params.token as string, need);

export function tableOf(found: Base, call: Call): FakeTable {
  const table = found.tables.find(({ id }) => id === call.params.table);
  if (table === undefined) throw new Refusal(1254041, 'TableIdNotFound');
  return table;
}

/** One page of a list; the token is where the next begins, so that what goes meanwhile shifts the rest. */
export function page<T>(call: Call, items: readonly T[], most: number) {
  const size = Number(call.query.get('page_size') ?? 20);
  if (!Number.isInteger(size) || size < 1)
    throw new Refusal(1254011, 'Page size must greater than 0.', { status: 400 });
  if (size > most) throw new Refusal(99992402, 'field validation failed', { status: 400 });
  const token = call.query.get('page_token') || '';
  const from = token === '' ? 0 : Number(Buffer.from(token, 'base64').toString());
  if (!Number.isInteger(from)) throw new Refusal(1254002, 'Fail');
  const next = from + size;
  const more = next < items.length;
  return {
    has_more: more,
    ...(more ? { page_token: Buffer.from(String(next)).toString('base64') } : {}),
    total: items.length,
    items: items.slice(from, next),
  };
}
