/** How figures, moments and names read on a page. */
import { dimensionFields } from '../../kpi/filter-text.ts';
import type { Dimension } from '../../kpi/query.ts';
import type { Unit } from '../../kpi/section.ts';
import { type Locale, say } from '../../messages/index.ts';
import { statusOptions } from '../../model/status.ts';
import { fieldOf } from '../../model/tables.ts';
import { wallText } from '../../model/wall-clock.ts';

export interface Reader {
  readonly locale: Locale;
  readonly timeZone: string;
}

/** What a dimension is called. */
export function dimensionLabel(dimension: Dimension, locale: Locale): string {
  return fieldOf('tickets', dimensionFields[dimension])?.label[locale] ?? dimension;
}

/** A name of a dimension as people read it; the empty one in words. */
export function nameText(dimension: Dimension, name: string, locale: Locale): string {
  if (dimension === 'status') {
    const status = statusOptions.find(({ category }) => category === name);
    return (locale === 'en' ? status?.en : status?.label) ?? name;
  }
  return name === '' ? say(locale, 'web-no-value') : name;
}

/** A value with its unit; null, which is nothing to measure, as a dash. */
export function valueText(value: string | number | null, unit: Unit, reader: Reader): string {
  if (value === null || value === '') return '—';
  if (typeof value === 'string') return value;
  const { locale } = reader;
  switch (unit) {
    case 'hours':
      return say(locale, 'web-hours', { value: numberText(value / 3600, 1, locale) });
    case 'percent':
      return `${numberText(value * 100, 1, locale)}%`;
    case 'change':
      return `${value > 0 ? '+' : value < 0 ? '−' : ''}${numberText(Math.abs(value) * 100, 1, locale)}%`;
    case 'count':
      return numberText(value, 0, locale);
    case 'score':
      return numberText(value, 2, locale);
    case 'decimal':
      return numberText(value, 1, locale);
    case 'instant':
      return momentText(value, reader);
    case 'text':
      return numberText(value, 2, locale);
  }
}

/** A number with its thousands parted and at most so many places. */
export function numberText(value: number, places: number, locale: Locale): string {
  return new Intl.NumberFormat(locale, { maximumFractionDigits: places }).format(value);
}

/** An instant on the workspace's clock, to the minute. */
export function momentText(at: number, { timeZone }: Reader): string {
  return wallText(at, timeZone);
}

/** The day an instant lies on, on the workspace's clock. */
export function dayText(at: number, reader: Reader): string {
  return momentText(at, reader).slice(0, 10);
}
