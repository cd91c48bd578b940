/**
 * A chart as a PNG, for letters and folders: ECharts draws the SVG, resvg makes dots of it. Both are loaded when first
 * used. Chinese needs a font of the machine that has it (Noto Sans CJK, Source Han Sans, Microsoft YaHei, PingFang);
 * without one the letters come out as boxes.
 */
import type { Chart } from '../model/chart.ts';
import { chartOption } from './chart-option.ts';

export interface PictureSize {
  /** In CSS pixels; the picture has twice as many dots each way. */
  readonly width: number;
  readonly height: number;
}

const USUAL: PictureSize = { width: 760, height: 380 };
const FONTS =
  'Noto Sans CJK SC, Noto Sans SC, Source Han Sans SC, Microsoft YaHei, PingFang SC, WenQuanYi Micro Hei, sans-serif';
const TITLE_HEIGHT = 44;

/** The bytes of a PNG, the title of the chart above it. */
export async function chartPicture(chart: Chart, { width, height }: PictureSize = USUAL): Promise<Uint8Array> {
  const [echarts, { Resvg }] = await Promise.all([import('echarts'), import('@resvg/resvg-js')]);
  const canvas = echarts.init(null, null, { renderer: 'svg', ssr: true, width, height: height - TITLE_HEIGHT });
  let svg: string;
  try {
    canvas.setOption(chartOption(chart, { fontFamily: FONTS }));
    svg = canvas.renderToSVGString();
  } finally {
    canvas.dispose();
  }
  const picture = new Resvg(framed(svg, chart.title, { width, height }), {
    fitTo: { mode: 'zoom', value: 2 },
    background: '#ffffff',
    font: { loadSystemFonts: true, defaultFontFamily: 'Noto Sans CJK SC' },
  });
  return picture.render().asPng();
}

/** Draws each chart once for all who get the same letter: the last ones are kept. */
export function createPictures(): (chart: Chart) => Promise<Uint8Array> {
  const drawn = new Map<string, Promise<Uint8Array>>();
  return (chart) => {
    const key = JSON.stringify(chart);
    let picture = drawn.get(key);
    if (picture === undefined) {
      picture = chartPicture(chart);
      // A failure is not kept: the letter is tried again, and so is its picture.
      picture.catch(() => drawn.delete(key));
      if (drawn.size >= MOST_KEPT) drawn.delete(drawn.keys().next().value!);
      drawn.set(key, picture);
    }
    return picture;
  };
}

const MOST_KEPT = 12;

/** The chart under its title. */
function framed(svg: string, title: string, { width, height }: PictureSize): string {
  const text = title
    .replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
    .replace(/[\u0000-\u001f]/g, ' ');
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}">
    <text x="16" y="29" font-family="${FONTS}" font-size="17" font-weight="600" fill="#1f2933">${text}</text>
    <svg x="0" y="${TITLE_HEIGHT}" width="${width}" height="${height - TITLE_HEIGHT}">${svg}</svg></svg>`;
}
