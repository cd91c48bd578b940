/** The files a page loads: handed in by the entry point, kept by browsers for long because their address changes with them. */
import type { Hono } from 'hono';

export interface Asset {
  readonly type: string;
  /** Other content, other text. */
  readonly version: string;
  body(): Promise<Uint8Array<ArrayBuffer>>;
  /** The same packed by gzip. */
  packed(): Promise<Uint8Array<ArrayBuffer>>;
}

/** By name: `dashboard.css`, `dashboard.js`, `echarts.js`, `icon.svg`. */
export type Assets = ReadonlyMap<string, Asset>;

export interface AssetPaths {
  /** The address of a file by its name. */
  of(name: string): string;
}

const FOLDER = '/dashboard/assets';

export function assetPaths(assets: Assets): AssetPaths {
  return { of: (name) => `${FOLDER}/${assets.get(name)?.version ?? '0'}/${name}` };
}

/** Serves the files, to everybody: they hold nothing of anybody's. */
export function serveAssets(web: Hono, assets: Assets): void {
  web.get(`${FOLDER}/:version/:name`, async (context) => {
    const asset = assets.get(context.req.param('name'));
    if (asset === undefined || asset.version !== context.req.param('version')) return context.notFound();
    const isPacked = /\bgzip\b/.test(context.req.header('accept-encoding') ?? '');
    context.header('content-type', asset.type);
    context.header('cache-control', 'public, max-age=31536000, immutable');
    context.header('vary', 'accept-encoding');
    if (isPacked) context.header('content-encoding', 'gzip');
    return context.body(await (isPacked ? asset.packed() : asset.body()));
  });
}
