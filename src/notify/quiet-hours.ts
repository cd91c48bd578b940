/** When somebody may be told: quiet hours in his own zone, and the morning of a working day. Pure. */
import { instantOf, wallOf } from '../model/wall-clock.ts';

const DAY_MS = 86_400_000;
const MINUTE_MS = 60_000;

/** Minute of the day a morning digest goes out. */
export const digestMinute = 9 * 60;

/** Minutes of the day; `from` after `to` means over midnight. */
export interface QuietHours {
  readonly from: number;
  readonly to: number;
}

/** `22:00-08:00`, also with a full-width colon or another dash. Null for anything else and for a span of nothing. */
export function parseQuietHours(text: string | null): QuietHours | null {
  const match = /^([01]?\d|2[0-4]):([0-5]\d)\s*[-–—~至]\s*([01]?\d|2[0-4]):([0-5]\d)$/.exec(
    (text ?? '').normalize('NFKC').trim(),
  );
  if (match === null) return null;
  const [from, to] = [Number(match[1]) * 60 + Number(match[2]), Number(match[3]) * 60 + Number(match[4])];
  if (from > 1440 || to > 1440 || from % 1440 === to % 1440) return null;
  return { from: from % 1440, to: to % 1440 };
}

/** True when the wall clock of the zone is in the quiet hours at an instant; their end is not part of them. */
export function isQuiet(at: number, quiet: QuietHours, timeZone: string): boolean {
  const minute = minuteOf(wallOf(at, timeZone));
  return quiet.from < quiet.to ? minute >= quiet.from && minute < quiet.to : minute >= quiet.from || minute < quiet.to;
}

const minuteOf = (wall: number): number => (((wall % DAY_MS) + DAY_MS) % DAY_MS) / MINUTE_MS;

/** A calendar day in somebody's zone, `2026-03-10`: is it worked? */
export type IsWorkday = (day: string) => boolean;

/** How far ahead a working day is looked for; a calendar without one must not stop messages for ever. */
const searchDays = 15;

/**
 * The first morning digest after an instant: 09:00 of a working day, later where the person's quiet hours last longer.
 * A calendar that has no working day within two weeks counts every day.
 */
export function nextMorning(after: number, quiet: QuietHours | null, timeZone: string, isWorkday: IsWorkday): number {
  const midnight = Math.floor(wallOf(after, timeZone) / DAY_MS) * DAY_MS;
  let first: number | null = null;
  for (let day = 0; day <= searchDays; day++) {
    const wall = midnight + day * DAY_MS;
    const nine = instantOf(wall + digestMinute * MINUTE_MS, timeZone);
    const at = quiet !== null && isQuiet(nine, quiet, timeZone) ? endOf(nine, quiet, timeZone) : nine;
    if (at <= after) continue;
    first ??= at;
    if (isWorkday(new Date(wall).toISOString().slice(0, 10))) return at;
  }
  return first!;
}

/** The end of the quiet hours that hold an instant. */
function endOf(at: number, quiet: QuietHours, timeZone: string): number {
  const wall = wallOf(at, timeZone);
  const end = Math.floor(wall / DAY_MS) * DAY_MS + quiet.to * MINUTE_MS;
  return instantOf(end > wall ? end : end + DAY_MS, timeZone);
}

/** The instant itself, or the next morning when it falls into quiet hours. */
export function afterQuietHours(at: number, quietHours: string | null, timeZone: string, isWorkday: IsWorkday): number {
  const quiet = parseQuietHours(quietHours);
  return quiet !== null && isQuiet(at, quiet, timeZone) ? nextMorning(at, quiet, timeZone, isWorkday) : at;
}

/** Midnight before an instant in a zone. */
export function startOfDay(at: number, timeZone: string): number {
  return instantOf(Math.floor(wallOf(at, timeZone) / DAY_MS) * DAY_MS, timeZone);
}
