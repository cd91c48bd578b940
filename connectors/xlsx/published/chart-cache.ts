/** Values a chart keeps beside each reference, for readers that do not look at the cells. */
import { escapeXml } from '../xml.ts';

/** What a reference comes to; null is a gap. */
export type Points = readonly (string | number | null)[];

/** Inside of a `numCache`; what is no number is a gap. `prefix`: of the chart's elements, colon included. */
export function numberCache(points: Points, format: string, prefix: string): string {
  return `<${prefix}formatCode>${escapeXml(format)}</${prefix}formatCode>${listOf(points, 'number', prefix)}`;
}

/** Inside of a `strCache`. */
export function textCache(points: Points, prefix: string): string {
  return listOf(
    points.map((point) => (point === null || point === '' ? null : String(point))),
    'string',
    prefix,
  );
}

function listOf(points: Points, type: 'number' | 'string', p: string): string {
  const list = points.map((point, idx) =>
    typeof point !== type ? '' : `<${p}pt idx="${idx}"><${p}v>${escapeXml(String(point))}</${p}v></${p}pt>`,
  );
  return `<${p}ptCount val="${points.length}"/>${list.join('')}`;
}
