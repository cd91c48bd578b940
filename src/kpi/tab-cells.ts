/** Figures as cells: numbers as numbers with formats, lengths of time as hours, instants as dates. Pure. */
import type { CellLook, PublishedCell } from '../model/published-tab.ts';
import type { Unit } from './section.ts';

const FORMATS: Readonly<Record<Unit, string | null>> = {
  text: null,
  hours: '0.0',
  percent: '0.0%',
  count: '#,##0',
  score: '0.00',
  decimal: '0.0',
  change: '+0.0%;-0.0%;0.0%',
  instant: 'yyyy-mm-dd hh:mm',
};

/** A value of a card or table as a cell; text stays text whatever the unit, so that – can stand for no share at all. */
export function cellOf(value: string | number | null, unit: Unit, look: CellLook): PublishedCell {
  if (typeof value !== 'number') return { value, look };
  const format = FORMATS[unit] ?? undefined;
  if (unit === 'instant') {
    return { value: new Date(value).toISOString(), isInstant: true, look, ...(format === undefined ? {} : { format }) };
  }
  return { value: shownNumber(value, unit), look, ...(format === undefined ? {} : { format }) };
}

/** The number a cell shows: hours of seconds, anything else as it is. */
export function shownNumber(value: number, unit: Unit): number {
  return unit === 'hours' ? value / 3600 : value;
}

/** Columns a text takes in a cell: characters of East Asia take two. */
export function textWidth(text: string): number {
  let width = 0;
  for (const character of text) width += character.codePointAt(0)! >= 0x1100 ? 2 : 1;
  return width;
}

/** A text in at most so many lines of a width; what does not fit stands at the end of the last. */
export function wrapped(text: string, width: number, lines: number): readonly string[] {
  const wrap: string[] = [];
  let line = '';
  // A word may end after a blank or any East Asian character.
  for (const word of text.match(/[\u1100-\uffff][。，；：、）”]*|[^\s\u1100-\uffff]+\s*|\s+/gu) ?? []) {
    if (line !== '' && wrap.length < lines - 1 && textWidth(line + word.trimEnd()) > width) {
      wrap.push(line.trimEnd());
      line = '';
    }
    line += word;
  }
  if (line.trim() !== '') wrap.push(line.trimEnd());
  return wrap;
}
