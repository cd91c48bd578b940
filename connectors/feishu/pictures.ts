/**
 * Charts of published tabs as floating pictures: the platform has no documented call for charts of its own. The one rule:
 * a picture is named by what it shows, so that an unchanged one costs nothing, and a new one stands before the old one is
 * taken away. It takes the place the old one had, wherever a person moved it; one a person deleted stays deleted.
 */
import { createHash } from 'node:crypto';
import type { PublishedChart, PublishedTab } from '../../src/model/published-tab.ts';
import type { PublishOptions } from '../connector.ts';
import type { FeishuCall } from './app.ts';
import { pixelsOf } from './dress.ts';
import {
  type PicturePlace,
  parsePictures,
  parseUpload,
  picturesCall,
  placeCall,
  removeCall,
  uploadCall,
} from './picture-api.ts';
import type { PictureMemory } from './published-memory.ts';

/** Height of a row nobody changed. */
const ROW_PIXELS = 27;
const USUAL_WIDTH = 12;
/** Smaller ones are refused, larger ones are of no use. */
const LEAST = 120;
const MOST = 2_000;

export interface Pictures {
  readonly memory: readonly PictureMemory[];
  readonly changed: number;
}

/** Brings the pictures of one tab up to date. `send` makes one call of the document's. */
export async function drawPictures(
  plan: PublishedTab,
  sheetId: string,
  token: string,
  before: readonly PictureMemory[],
  draw: PublishOptions['draw'],
  send: (call: FeishuCall) => Promise<unknown>,
): Promise<Pictures> {
  if (draw === undefined) return { memory: before, changed: 0 };
  const charts = plan.charts.filter(({ chart }) => chart.kind !== 'heat-map');
  const wanted = charts.map((published) => ({ published, hash: hashOf(published, plan) }));
  const last = new Map(before.map((picture) => [picture.name, picture]));
  const surplus = before.filter(({ name }) => !charts.some(({ chart }) => chart.name === name));
  const isDue = wanted.some(({ published, hash }) => {
    const known = last.get(published.chart.name);
    return known === undefined || (known.id !== null && known.hash !== hash);
  });
  if (!isDue && surplus.every(({ id }) => id === null)) {
    return { memory: before.filter((picture) => !surplus.includes(picture)), changed: 0 };
  }
  const standing = parsePictures(await send(picturesCall(token, sheetId)));
  const memory: PictureMemory[] = [];
  let changed = 0;
  for (const { published, hash } of wanted) {
    const { chart } = published;
    const known = last.get(chart.name);
    const id = idOf(plan.key, chart.name, hash);
    const isKept = known !== undefined && known.id !== null && known.hash === hash;
    const isDeleted = known !== undefined && (known.id === null || !standing.has(known.id)) && !standing.has(id);
    if (isKept || isDeleted) {
      memory.push({ name: chart.name, id: isDeleted ? null : known.id, hash });
      continue;
    }
    const old = known === undefined || known.id === null || known.id === id ? null : known.id;
    if (!standing.has(id)) {
      const place = (old === null ? undefined : standing.get(old)) ?? placeOf(published, plan);
      const bytes = await draw(chart, sizeOf(published, plan));
      const file = parseUpload(await send(uploadCall(token, `${chart.name}.png`, bytes)));
      await send(placeCall(token, sheetId, id, file, place));
    }
    if (old !== null && standing.has(old)) await send(removeCall(token, sheetId, old));
    memory.push({ name: chart.name, id, hash });
    changed++;
  }
  for (const { id } of surplus) {
    if (id === null || !standing.has(id)) continue;
    await send(removeCall(token, sheetId, id));
    changed++;
  }
  return { memory, changed };
}

/** Of all a picture depends on: it need not be drawn to know that it is the same. */
function hashOf(published: PublishedChart, plan: PublishedTab): string {
  const text = JSON.stringify([published.chart, sizeOf(published, plan)]);
  return createHash('sha256').update(text).digest('base64url').slice(0, 16);
}

/** Ten letters and digits. */
function idOf(key: string, name: string, hash: string): string {
  const hex = createHash('sha256').update(`${key}/${name}/${hash}`).digest('hex').slice(0, 14);
  return Number.parseInt(hex.slice(0, 13), 16).toString(36).padStart(10, '0').slice(0, 10);
}

function sizeOf({ place }: PublishedChart, { widths }: PublishedTab): { width: number; height: number } {
  let width = 0;
  for (let column = place.column; column <= place.toColumn; column++) width += pixelsOf(widths[column] ?? USUAL_WIDTH);
  const within = (pixels: number): number => Math.min(MOST, Math.max(LEAST, Math.round(pixels)));
  return { width: within(width), height: within((place.toRow - place.row + 1) * ROW_PIXELS) };
}

function placeOf(published: PublishedChart, plan: PublishedTab): PicturePlace {
  const { row, column } = published.place;
  return { row, column, ...sizeOf(published, plan), offsetX: 0, offsetY: 0 };
}
