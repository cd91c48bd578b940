/**
 * Wall clocks of a time zone and the instants they stand for. The offset of a zone is asked of Intl twice a day of the
 * calendar at most and remembered, because a first import converts millions of cells.
 */

const DAY_MS = 86_400_000;

/** The offsets of one UTC day: `before` holds until `changeMs`, `after` from there on. Milliseconds. */
interface DayOffsets {
  readonly before: number;
  readonly changeMs: number;
  readonly after: number;
}

interface Zone {
  readonly clock: Intl.DateTimeFormat;
  readonly days: Map<number, DayOffsets>;
}

const zones = new Map<string, Zone>();

/** Throws a RangeError for a name that is no time zone; configuration checks the name before. */
function zoneOf(timeZone: string): Zone {
  let zone = zones.get(timeZone);
  if (!zone) {
    const clock = new Intl.DateTimeFormat('en-US', {
      timeZone,
      calendar: 'gregory',
      hourCycle: 'h23',
      year: 'numeric',
      month: 'numeric',
      day: 'numeric',
      hour: 'numeric',
      minute: 'numeric',
      second: 'numeric',
    });
    zone = { clock, days: new Map() };
    zones.set(timeZone, zone);
  }
  return zone;
}

function askOffset(zone: Zone, atMs: number): number {
  const wholeMs = Math.floor(atMs / 1000) * 1000;
  const part: Record<string, number> = {};
  for (const { type, value } of zone.clock.formatToParts(wholeMs)) part[type] = Number(value);
  return Date.UTC(part.year!, part.month! - 1, part.day!, part.hour!, part.minute!, part.second!) - wholeMs;
}

/** Zones change at whole seconds and at most once a day. */
function askDay(zone: Zone, day: number): DayOffsets {
  let low = day * DAY_MS;
  let high = low + DAY_MS;
  const before = askOffset(zone, low);
  const after = askOffset(zone, high);
  if (before === after) return { before, changeMs: high, after };
  while (high - low > 1000) {
    const middle = low + Math.floor((high - low) / 2000) * 1000;
    if (askOffset(zone, middle) === before) low = middle;
    else high = middle;
  }
  return { before, changeMs: high, after };
}

function offsetAt(zone: Zone, atMs: number): number {
  const day = Math.floor(atMs / DAY_MS);
  let offsets = zone.days.get(day);
  if (!offsets) {
    offsets = askDay(zone, day);
    zone.days.set(day, offsets);
  }
  return atMs < offsets.changeMs ? offsets.before : offsets.after;
}

/** What a clock on the wall shows at an instant, to the minute or the second: `2026-03-10 09:30`. */
export function wallText(atMs: number, timeZone: string, to: 'minute' | 'second' = 'minute'): string {
  return new Date(wallOf(atMs, timeZone))
    .toISOString()
    .slice(0, to === 'minute' ? 16 : 19)
    .replace('T', ' ');
}

/** What a clock on the wall shows at an instant, both in milliseconds; the years 1 to 9999. */
export function wallOf(atMs: number, timeZone: string): number {
  return atMs + offsetAt(zoneOf(timeZone), atMs);
}

/**
 * The instant at which a wall clock shows a time. An hour that the clock goes through twice (end of summer time) means
 * its first pass; an hour it skips means the same distance after the skip.
 */
export function instantOf(wallMs: number, timeZone: string): number {
  const zone = zoneOf(timeZone);
  const earlier = offsetAt(zone, wallMs - DAY_MS);
  const later = offsetAt(zone, wallMs + DAY_MS);
  if (earlier === later) return wallMs - earlier;
  const first = wallMs - Math.max(earlier, later);
  if (first + offsetAt(zone, first) === wallMs) return first;
  const second = wallMs - Math.min(earlier, later);
  return second + offsetAt(zone, second) === wallMs ? second : wallMs - earlier;
}
