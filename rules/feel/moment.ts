/**
 * Dates, times and date-times of FEEL. A date is a count of days since 1970-01-01 in the proleptic Gregorian calendar, a
 * time a count of nanoseconds since midnight; the zone is an offset, an IANA name, or none (a time on some wall clock).
 */

/** Seconds east of UTC, an IANA name, or null for a wall clock without zone. */
export type FeelZone = number | string | null;

export class FeelDate {
  readonly epochDay: number;
  constructor(epochDay: number) {
    this.epochDay = epochDay;
  }
}

export class FeelTime {
  /** Since midnight on the wall clock; below 86,400,000,000,000. */
  readonly nanos: number;
  readonly zone: FeelZone;
  constructor(nanos: number, zone: FeelZone) {
    this.nanos = nanos;
    this.zone = zone;
  }
}

export class FeelDateTime {
  /** Day on the wall clock of the zone. */
  readonly epochDay: number;
  /** Since midnight on that wall clock. */
  readonly nanos: number;
  readonly zone: FeelZone;
  constructor(epochDay: number, nanos: number, zone: FeelZone) {
    this.epochDay = epochDay;
    this.nanos = nanos;
    this.zone = zone;
  }
}
