/** Values as FEEL writes them: what `string()` answers. */
import { formatMonths, formatSpan } from './duration-text.ts';
import { FeelDate, FeelDateTime, FeelTime } from './moment.ts';
import { formatDate, formatDateTime, formatTime } from './moment-text.ts';
import type { Run } from './run.ts';
import { FeelMonths, FeelRange, FeelSpan, type FeelValue, isContext, isList, isNumber } from './value.ts';

/** Null only for null and functions. Text stands as it is, inside a list or context in quotes. */
export function valueText(run: Run, value: FeelValue): string | null {
  return value === null || typeof value === 'string' ? value : written(run, value);
}

function written(run: Run, value: FeelValue): string | null {
  const text = writtenFreely(run, value);
  run.spend((text?.length ?? 0) / 100);
  return text;
}

function writtenFreely(run: Run, value: FeelValue): string | null {
  if (value === null) return 'null';
  if (typeof value === 'string') return `"${value.replace(/["\\]/g, '\\$&')}"`;
  if (typeof value === 'boolean') return String(value);
  if (isNumber(value)) return value.toFixed();
  if (value instanceof FeelDate) return formatDate(value);
  if (value instanceof FeelTime) return formatTime(value);
  if (value instanceof FeelDateTime) return formatDateTime(value);
  if (value instanceof FeelMonths) return formatMonths(value);
  if (value instanceof FeelSpan) return formatSpan(value);
  if (isList(value)) return `[${value.map((each) => written(run, each) ?? 'null').join(', ')}]`;
  if (isContext(value)) {
    return `{${[...value].map(([key, each]) => `${key}: ${written(run, each) ?? 'null'}`).join(', ')}}`;
  }
  return value instanceof FeelRange ? rangeText(run, value) : null;
}

function rangeText(run: Run, range: FeelRange): string {
  const end = (value: FeelValue): string => (value === null ? '' : (written(run, value) ?? ''));
  return `${range.lowIncluded ? '[' : '('}${end(range.low)}..${end(range.high)}${range.highIncluded ? ']' : ')'}`;
}
