/** Where an area lies after cells were inserted or taken out. */
import type { Area } from './address.ts';
import { COLUMNS, ROWS } from './address.ts';
import type { Shift } from './tab.ts';

interface Span {
  readonly from: number;
  readonly to: number;
}

function grown(span: Span, at: Span, last: number): Span {
  const count = at.to - at.from + 1;
  if (span.from === 0 && span.to === last) return span;
  return {
    from: span.from >= at.from ? span.from + count : span.from,
    to: Math.min(span.to >= at.from ? span.to + count : span.to, last),
  };
}

function shrunk(span: Span, at: Span, last: number): Span | null {
  const count = at.to - at.from + 1;
  if (span.from === 0 && span.to === last) return span;
  if (span.from >= at.from && span.to <= at.to) return null;
  const from = span.from > at.to ? span.from - count : Math.min(span.from, at.from);
  const to = span.to > at.to ? span.to - count : Math.min(span.to, at.from - 1);
  return { from, to };
}

/** Null when nothing of it is left. Areas that only partly lie in the moved band stay where they are. */
export function moved(area: Area, at: Area, shift: Shift): Area | null {
  const rows = { from: area.top, to: area.bottom };
  const columns = { from: area.left, to: area.right };
  if (shift === 'Down' || shift === 'Up') {
    if (area.left < at.left || area.right > at.right) return area;
    const band = { from: at.top, to: at.bottom };
    const next = shift === 'Down' ? grown(rows, band, ROWS - 1) : shrunk(rows, band, ROWS - 1);
    return next === null ? null : { ...area, top: next.from, bottom: next.to };
  }
  if (area.top < at.top || area.bottom > at.bottom) return area;
  const band = { from: at.left, to: at.right };
  const next = shift === 'Right' ? grown(columns, band, COLUMNS - 1) : shrunk(columns, band, COLUMNS - 1);
  return next === null ? null : { ...area, left: next.from, right: next.to };
}
