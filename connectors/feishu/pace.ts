/**
 * How often a document is looked at. Calls are counted by the vendor, per month on small plans, so a document whose changes
 * are told is looked at seldom; looking never ends, because notices get lost.
 */
import type { FeishuEvents } from './events.ts';

/** When changes are told: only for what a lost notice hid. */
const LOOK_WHEN_TOLD_MS = 60_000;
const LOOK_MS = 5_000;

/** `wanted`: what the settings say, or null. `token`: the document, null before it is known. */
export function lookEvery(wanted: number | null, events: FeishuEvents | null, token: string | null): number {
  if (wanted !== null) return wanted;
  if (events === null || token === null) return LOOK_MS;
  const { by, line, deaf } = events.state;
  const isTold = by === 'webhook' || (by === 'line' && line === 'up');
  return isTold && !deaf.some(({ fileToken }) => fileToken === token) ? LOOK_WHEN_TOLD_MS : LOOK_MS;
}
