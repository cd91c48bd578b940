/**
 * Calendars in the versions clocks were judged with. An edit of a calendar moves what runs, never what is over: so old
 * versions are made again from the configurations of their time, when a clock names one.
 */
import { type CalendarVersion, type Configuration, type ConfigWorld, readCalendars } from '../config/configuration.ts';
import { calendarTabs } from '../db/config-versions.ts';
import type { Sql } from '../db/sql.ts';
import type { CalendarRef, Calendars } from '../model/sla.ts';
import type { KeptEvent } from './clocks.ts';

/** What one process has made so far. A version is known by its content, so what was found stays right. */
export class PastCalendars {
  readonly #world: Pick<ConfigWorld, 'locale' | 'timeZone'>;
  /** Null: it cannot be made again. */
  readonly #known = new Map<string, CalendarVersion | null>();

  constructor(world: Pick<ConfigWorld, 'locale' | 'timeZone'>) {
    this.#world = world;
  }

  /** Finds what these events name and the configuration does not know any more. `now` bounds the years that are tried. */
  async load(sql: Sql, events: Iterable<KeptEvent>, { calendarRef }: Configuration, now: Date): Promise<void> {
    const missing = new Set<string>();
    for (const event of events) {
      if (!('calendar' in event)) continue;
      const key = keyOf(event.calendar);
      const isCurrent = calendarRef(event.calendar.name).version === event.calendar.version;
      if (!isCurrent && !this.#known.has(key)) missing.add(key);
    }
    if (missing.size === 0) return;
    const found = (versions: readonly CalendarVersion[]): void => {
      for (const version of versions) {
        this.#known.set(keyOf(version.ref), version);
        missing.delete(keyOf(version.ref));
      }
    };
    // The usual office, before any calendar was written down.
    found(readCalendars({}, this.#world, now.toISOString()));
    for (const { tabs, inForceAt } of missing.size === 0 ? [] : await calendarTabs(sql)) {
      // Days without a year are read in the year of the reading, and a service may start again in a later one.
      const readAt = new Date(inForceAt);
      for (; missing.size > 0 && readAt <= now; readAt.setUTCFullYear(readAt.getUTCFullYear() + 1))
        found(readCalendars(tabs, this.#world, readAt.toISOString()));
      if (missing.size === 0) break;
    }
    for (const key of missing) this.#known.set(key, null);
  }

  /** Calendars by version, as far as they were loaded; the current one of the name in place of one that is lost. */
  calendarsOf({ calendarOf, calendarRef }: Configuration): Calendars {
    return (ref) =>
      (calendarRef(ref.name).version === ref.version ? null : this.find(ref)?.calendar) ?? calendarOf(ref);
  }

  /** A version that was loaded, or null. */
  find(ref: CalendarRef): CalendarVersion | null {
    return this.#known.get(keyOf(ref)) ?? null;
  }
}

function keyOf({ name, version }: CalendarRef): string {
  return `${version} ${name}`;
}
