/** Working time: weekly hours, days that differ, and arithmetic on both (`due` is where elapsed equals target). */

/** Working time of one calendar. Instants are milliseconds since 1970 in UTC; durations are whole seconds. */
export interface WorkCalendar {
  /** Seconds of working time in `[from, to)`; 0 when `to` is not after `from`. */
  elapsed(from: number, to: number): number;
  /** The earliest instant at which `elapsed(from, instant)` equals `seconds`. Throws `RangeError` when the calendar has no such time within ten years. */
  add(from: number, seconds: number): number;
}
