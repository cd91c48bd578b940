/**
 * A time on the clock without a day: when a shop opens, when to call back. Kept as seconds since midnight, so that rules
 * compare it as they compare durations; shown as `14:30`.
 */
import { readTime } from '../date-text.ts';
import type { FieldType } from '../field.ts';
import { accept, EPOCH_WALL, isTimeOnly, plainText, refuse } from '../typed.ts';

const DAY_SECONDS = 86_400;
/** `0930`, as it stands on duty rosters. */
const COMPACT = /^([01]\d|2[0-3])([0-5]\d)$/;

export const timeOfDay: FieldType = {
  name: 'time-of-day',
  parse(cell) {
    let ms: number | null | undefined;
    if (typeof cell === 'string') ms = readTime(plainText(cell).replace(COMPACT, '$1:$2'));
    else if (typeof cell === 'object' && isTimeOnly(cell)) ms = cell.wallMs - EPOCH_WALL;
    const seconds = typeof ms === 'number' ? Math.round(ms / 1000) : Number.NaN;
    return seconds < DAY_SECONDS ? accept(seconds) : refuse('not-a-time-of-day', cell);
  },
  format(value) {
    const total = Number(value);
    const parts = [Math.floor(total / 3600), Math.floor(total / 60) % 60, total % 60];
    return (parts[2] === 0 ? parts.slice(0, 2) : parts).map((part) => String(part).padStart(2, '0')).join(':');
  },
  sql: 'bigint',
  samples: [0, 32_400, 52_200, 86_399],
  weight: 1,
  kind: 'duration',
};
