/** Structured references as files write them: `Table1[[#This Row],[Price]]` (ECMA-376 part 1, 18.17.6). */
import type { Table } from './tables.ts';

export interface TableItems {
  /** `#all`, `#data`, `#headers`, `#totals`, `#this row` */
  readonly parts: readonly string[];
  /** One column, the two ends of a span, or none: all columns. */
  readonly columns: readonly string[];
}

/** Takes what stands between the outer brackets apart; null when its form is unknown. */
export function itemsOf(inner: string): TableItems | null {
  const text = inner.trim();
  if (text === '') return { parts: [], columns: [] };
  if (!text.includes('[')) {
    if (text.startsWith('#')) return { parts: [text.toLowerCase()], columns: [] };
    if (text.startsWith('@')) return { parts: ['#this row'], columns: [unescapeColumn(text.slice(1))] };
    return { parts: [], columns: [unescapeColumn(text)] };
  }
  const parts: string[] = [];
  const columns: string[] = [];
  const item = /\s*(@?)\[((?:'.|[^'\]])*)\]\s*([,:]?)|\s*@/sy;
  while (item.lastIndex < text.length) {
    const match = item.exec(text);
    if (match === null) return null;
    if (match[1] === '@' || match[2] === undefined) parts.push('#this row');
    if (match[2] === undefined) continue;
    if (match[2].startsWith('#')) parts.push(match[2].toLowerCase());
    else columns.push(unescapeColumn(match[2]));
  }
  return columns.length > 2 ? null : { parts, columns };
}

function unescapeColumn(text: string): string {
  return text.replace(/'(.)/gs, '$1');
}

/** Left and right end of the named columns; null when one is not there. */
export function columnSpan(names: readonly string[], table: Table): { left: number; right: number } | null {
  if (names.length === 0) return { left: table.range.left, right: table.range.right };
  const places = names.map((name) => {
    const at = table.columns.findIndex((column) => column.name.toLowerCase() === name.toLowerCase());
    return at < 0 ? null : table.range.left + at;
  });
  const known = places.filter((place) => place !== null);
  return known.length < places.length ? null : { left: Math.min(...known), right: Math.max(...known) };
}
