/** Where a base is: the address people open it under, and the token the platform knows it by. */
import { nodeCall, readNode } from '../bitable-api.ts';
import type { FeishuApp } from '../feishu/app.ts';
import { noBase } from './faults.ts';

/** Part of the address that names the base, or the page of a wiki that holds it. */
export type Place = { readonly kind: 'base' | 'wiki'; readonly token: string };

/** Throws `ConfigError` for anything else; a table or view named in the address is not looked at. */
export function placeOf(address: string): Place {
  const path = URL.canParse(address) ? new URL(address).pathname : '';
  const [, kind, token] = /^\/(base|wiki)\/([A-Za-z0-9_-]+)\/?$/.exec(path) ?? [];
  if (kind === undefined || token === undefined) throw noBase('bitable-address', address);
  return { kind: kind as Place['kind'], token };
}

/** The base's own token; one call for a page of a wiki, none otherwise. */
export async function resolvePlace(app: FeishuApp, { kind, token }: Place): Promise<string> {
  if (kind === 'base') return token;
  const node = readNode(await app.call(nodeCall(token)));
  if (node.kind !== 'bitable') throw noBase('bitable-not-a-base', token);
  return node.token;
}
