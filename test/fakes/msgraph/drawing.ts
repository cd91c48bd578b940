/** Draws a chart from the cells it shows, plainly: lines, columns, bars or slices, with a title and a legend. */
import { type Area, columnsOf, rowsOf } from './address.ts';
import { shown } from './shown.ts';
import type { Chart } from './tab.ts';
import type { Workbook } from './workbook.ts';

export interface Series {
  readonly name: string;
  readonly values: readonly number[];
}

const COLORS = ['#4472C4', '#ED7D31', '#A5A5A5', '#FFC000', '#5B9BD5', '#70AD47', '#264478', '#9E480E'];

const escaped = (text: string): string => text.replace(/[&<>"]/g, (each) => `&#${each.charCodeAt(0)};`);

/** Cells of the source turned so that every line is a series. */
function lines(workbook: Workbook, { source, seriesBy }: Chart): { text: string; value: number | null }[][] {
  const tab = workbook.tab(source.tab);
  const { area }: { area: Area } = source;
  const byRows = seriesBy === 'Rows';
  const [outer, inner] = byRows ? [rowsOf(area), columnsOf(area)] : [columnsOf(area), rowsOf(area)];
  return Array.from({ length: outer }, (_, i) =>
    Array.from({ length: inner }, (_each, j) => {
      const [row, column] = byRows ? [area.top + i, area.left + j] : [area.top + j, area.left + i];
      const cell = tab?.cell(row, column);
      const content = cell?.content ?? null;
      return { text: cell === undefined ? '' : shown(cell), value: typeof content === 'number' ? content : null };
    }),
  );
}

const namesNumbers = (line: readonly { value: number | null }[]): boolean =>
  line.slice(1).some(({ value }) => value !== null);

/** What is drawn: the first line gives the categories when it holds texts, the first cell of each line its name. */
export function seriesOf(workbook: Workbook, chart: Chart): Series[] {
  const all = lines(workbook, chart);
  const figures = all.length > 1 && !namesNumbers(all[0]!) ? all.slice(1) : all;
  return figures.map((line, index) => {
    const isNamed = line[0]?.value === null;
    return {
      name: isNamed && line[0]!.text !== '' ? line[0]!.text : `Series${index + 1}`,
      values: (isNamed ? line.slice(1) : line).map(({ value }) => value ?? 0),
    };
  });
}

function categoriesOf(workbook: Workbook, chart: Chart): string[] {
  const all = lines(workbook, chart);
  return all.length > 1 && !namesNumbers(all[0]!) ? all[0]!.slice(1).map(({ text }) => text) : [];
}

/** An SVG picture of the size of the chart. */
export function chartDrawing(workbook: Workbook, chart: Chart): string {
  const { width, height, type, title } = chart;
  const series = seriesOf(workbook, chart);
  const categories = categoriesOf(workbook, chart);
  const text = title.visible === false ? '' : String(title.text ?? '');
  const plot = { left: 36, top: 34, width: width - 50, height: height - 84 };
  const body = /pie|doughnut/i.test(type)
    ? slices(series[0]?.values ?? [], plot)
    : axes(series, categories, plot, type);
  const names = /pie|doughnut/i.test(type) ? categories : series.map(({ name }) => name);
  const legend = names
    .map((name, index) => {
      const x = plot.left + (index % 4) * (plot.width / 4);
      const y = height - 26 + Math.floor(index / 4) * 13;
      const mark = `<rect x="${x}" y="${y}" width="8" height="8" fill="${COLORS[index % COLORS.length]}"/>`;
      return `${mark}<text x="${x + 11}" y="${y + 8}" font-size="9">${escaped(name)}</text>`;
    })
    .join('');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" font-family="sans-serif"><rect width="${width}" height="${height}" fill="#fff" stroke="#d9d9d9"/><text x="${width / 2}" y="20" font-size="13" text-anchor="middle">${escaped(text)}</text>${body}${legend}</svg>`;
}

interface Plot {
  readonly left: number;
  readonly top: number;
  readonly width: number;
  readonly height: number;
}

function axes(series: readonly Series[], categories: readonly string[], plot: Plot, type: string): string {
  const all = series.flatMap(({ values }) => values);
  const most = Math.max(1, ...all);
  const count = Math.max(1, ...series.map(({ values }) => values.length));
  const isBar = /^bar/i.test(type);
  const step = (isBar ? plot.height : plot.width) / count;
  const y = (value: number): number => plot.top + plot.height - (Math.max(0, value) / most) * plot.height;
  const parts = [
    `<line x1="${plot.left}" y1="${plot.top + plot.height}" x2="${plot.left + plot.width}" y2="${plot.top + plot.height}" stroke="#888"/>`,
    `<text x="${plot.left - 4}" y="${plot.top + 4}" font-size="9" text-anchor="end">${most}</text>`,
    `<text x="${plot.left - 4}" y="${plot.top + plot.height}" font-size="9" text-anchor="end">0</text>`,
  ];
  for (const [index, { values }] of series.entries()) {
    const color = COLORS[index % COLORS.length]!;
    if (/line|area|scatter/i.test(type)) {
      const points = values.map((value, at) => `${plot.left + (at + 0.5) * step},${y(value)}`).join(' ');
      parts.push(`<polyline points="${points}" fill="none" stroke="${color}" stroke-width="2"/>`);
      continue;
    }
    const thick = (step * 0.8) / series.length;
    for (const [at, value] of values.entries()) {
      const offset = at * step + step * 0.1 + index * thick;
      const size = (Math.max(0, value) / most) * (isBar ? plot.width : plot.height);
      parts.push(
        isBar
          ? `<rect x="${plot.left}" y="${plot.top + offset}" width="${size}" height="${thick}" fill="${color}"/>`
          : `<rect x="${plot.left + offset}" y="${y(value)}" width="${thick}" height="${size}" fill="${color}"/>`,
      );
    }
  }
  const every = Math.ceil(count / 8);
  for (const [at, name] of categories.entries())
    if (at % every === 0)
      parts.push(
        isBar
          ? `<text x="${plot.left - 4}" y="${plot.top + (at + 0.6) * step}" font-size="9" text-anchor="end">${escaped(name)}</text>`
          : `<text x="${plot.left + (at + 0.5) * step}" y="${plot.top + plot.height + 12}" font-size="9" text-anchor="middle">${escaped(name)}</text>`,
      );
  return parts.join('');
}

function slices(values: readonly number[], plot: Plot): string {
  const total = values.reduce((sum, value) => sum + Math.max(0, value), 0);
  if (total === 0) return '';
  const [x, y] = [plot.left + plot.width / 2, plot.top + plot.height / 2];
  const radius = Math.min(plot.width, plot.height) / 2;
  const whole = 2 * Math.PI * (radius / 2);
  let before = 0;
  return values
    .map((value, index) => {
      const part = (Math.max(0, value) / total) * whole;
      const ring = `<circle cx="${x}" cy="${y}" r="${radius / 2}" fill="none" stroke="${COLORS[index % COLORS.length]}" stroke-width="${radius}" stroke-dasharray="${part} ${whole}" stroke-dashoffset="${-before}" transform="rotate(-90 ${x} ${y})"/>`;
      before += part;
      return ring;
    })
    .join('');
}
