/**
 * A chart as an ECharts option: plain data without functions, so that a page can be handed it as JSON and a picture for a
 * letter is drawn from the same. Pure; values of shares are shown in percent.
 */
import { type Chart, type ChartSeries, chartPalette } from '../model/chart.ts';

/** Plain data for `setOption`. */
export type ChartOption = Readonly<Record<string, unknown>>;

export interface ChartLook {
  readonly fontFamily?: string;
  /** Room is short: fewer labels, the legend below. */
  readonly isNarrow?: boolean;
}

const INK = '#33404d';
const FAINT = '#596773';
const LINE = '#d5dce3';

/** The option of a chart. Give it to `echarts.init(...).setOption(...)`. */
export function chartOption(chart: Chart, look: ChartLook = {}): ChartOption {
  const text = { color: INK, ...(look.fontFamily === undefined ? {} : { fontFamily: look.fontFamily }) };
  return {
    animation: false,
    color: chart.series.length === 0 ? [`#${chartPalette[0]}`] : chartPalette.map((colour) => `#${colour}`),
    textStyle: text,
    aria: { enabled: true, label: { description: chart.title } },
    ...bodyOf(chart, look),
  };
}

function bodyOf(chart: Chart, look: ChartLook): ChartOption {
  switch (chart.kind) {
    case 'pie':
      return pie(chart, look);
    case 'funnel':
      return funnel(chart, look);
    case 'scatter':
      return scatter(chart, look);
    case 'heat-map':
      return heatMap(chart, look);
    default:
      return bars(chart, look);
  }
}

/** Columns, lying bars and lines. */
function bars(chart: Chart, look: ChartLook): ChartOption {
  const { kind, categories, series, isStacked = false } = chart;
  const isLying = kind === 'bar';
  // Titles go by direction: of lying bars the numbers lie across.
  const [nameTitle, valueTitle] = isLying ? [chart.yTitle, chart.xTitle] : [chart.xTitle, chart.yTitle];
  const names = {
    type: 'category',
    data: categories,
    // The first category stands on top, as in the table.
    inverse: isLying,
    axisLine: { lineStyle: { color: LINE } },
    axisTick: { show: false },
    axisLabel: { color: FAINT, hideOverlap: true, ...(isLying ? { width: 140, overflow: 'truncate' } : {}) },
    ...titled(nameTitle, !isLying),
  };
  const hasSecond = series.some(({ onSecondAxis }) => onSecondAxis === true);
  const first = valueAxis(chart, valueTitle, isLying);
  const second = { ...valueAxis(chart, undefined, false), splitLine: { show: false }, position: 'right' };
  const values = hasSecond ? [first, { ...second, axisLabel: { color: FAINT } }] : first;
  return {
    ...shared(series, look),
    tooltip: { trigger: 'axis', axisPointer: { type: kind === 'line' ? 'line' : 'shadow' }, ...TIP },
    xAxis: isLying ? values : names,
    yAxis: isLying ? names : values,
    series: series.map((each) => {
      const isLine = kind === 'line' || each.onSecondAxis === true;
      const lone = series.length === 1 && !isLine && categories.length <= 20 && look.isNarrow !== true;
      return {
        ...named(each),
        type: isLine ? 'line' : 'bar',
        data: each.values.map((value) => shown(value, each.onSecondAxis === true ? '' : chart.format)),
        ...(each.onSecondAxis === true ? { yAxisIndex: 1 } : {}),
        ...(isLine
          ? { connectNulls: false, showSymbol: true, symbolSize: 6, lineStyle: { width: 2 } }
          : { barMaxWidth: 36, ...(isStacked ? { stack: 'all' } : {}) }),
        ...(lone
          ? {
              label: {
                show: true,
                position: isLying ? 'right' : 'top',
                color: FAINT,
                ...(isShare(chart.format) ? { formatter: '{c}%' } : {}),
              },
            }
          : {}),
      };
    }),
  };
}

function pie({ categories, series, format }: Chart, look: ChartLook): ChartOption {
  const [values] = series;
  const data = categories.flatMap((name, n) => {
    const value = shown(values?.values[n] ?? null, format);
    return value === null || value === 0 ? [] : [{ name, value }];
  });
  return {
    legend: { bottom: 0, type: 'scroll', textStyle: { color: INK } },
    tooltip: { trigger: 'item', ...TIP },
    series: [
      {
        ...(values === undefined ? {} : named(values)),
        type: 'pie',
        radius: look.isNarrow === true ? ['30%', '55%'] : ['38%', '66%'],
        center: ['50%', '45%'],
        // The largest remainder: what is shown comes to 100.
        percentPrecision: 0,
        label: { formatter: look.isNarrow === true ? '{d}%' : '{b} {c} ({d}%)', color: INK, overflow: 'none' },
        ...(look.isNarrow === true ? { labelLine: { length: 8, length2: 4 } } : {}),
        itemStyle: { borderColor: '#fff', borderWidth: 2 },
        data,
      },
    ],
  };
}

/** Bars of the first series, each centred over the next; what is beside a bar is a series nobody sees. */
function funnel({ categories, series, format }: Chart, look: ChartLook): ChartOption {
  const [first] = series;
  const values = categories.map((_, n) => shown(first?.values[n] ?? null, format));
  const most = Math.max(0, ...values.map((value) => value ?? 0));
  const beside = values.map((value) => (most - (value ?? 0)) / 2);
  return {
    grid: { left: 8, right: 8, top: 8, bottom: 8, outerBoundsMode: 'same' },
    tooltip: { trigger: 'item', ...TIP },
    xAxis: { type: 'value', show: false, max: most === 0 ? 1 : most },
    yAxis: {
      type: 'category',
      data: categories,
      inverse: true,
      axisLine: { show: false },
      axisTick: { show: false },
      axisLabel: { color: INK, fontSize: 13, width: 110, overflow: 'truncate' },
    },
    series: [
      { type: 'bar', stack: 'all', data: beside, silent: true, tooltip: { show: false }, itemStyle: { opacity: 0 } },
      {
        ...(first === undefined ? {} : named(first)),
        type: 'bar',
        stack: 'all',
        data: values,
        barCategoryGap: '18%',
        itemStyle: { color: `#${first?.colour ?? chartPalette[0]}`, borderRadius: 3 },
        label: {
          show: true,
          position: 'inside',
          formatter: isShare(format) ? '{c}%' : '{c}',
          color: '#14202b',
          backgroundColor: 'rgba(255,255,255,0.88)',
          borderRadius: 3,
          padding: [2, 7],
          fontSize: look.isNarrow === true ? 12 : 13,
        },
      },
    ],
  };
}

function scatter(chart: Chart, look: ChartLook): ChartOption {
  const { categories, series, cuts, xTitle, yTitle, format } = chart;
  const lines =
    cuts === undefined
      ? {}
      : {
          markLine: {
            silent: true,
            symbol: 'none',
            lineStyle: { color: FAINT, type: 'dashed' },
            label: { color: FAINT, formatter: '{c}' },
            data: [{ xAxis: cuts.x }, { yAxis: shown(cuts.y, format) }],
          },
        };
  const numbers = { type: 'value', axisLabel: { color: FAINT }, splitLine: { lineStyle: { color: '#edf0f3' } } };
  return {
    ...shared(series, look),
    tooltip: { trigger: 'item', ...TIP },
    xAxis: { ...numbers, boundaryGap: ['0%', '12%'], ...titled(xTitle, true) },
    yAxis: { ...valueAxis(chart, yTitle, false), scale: true, boundaryGap: ['10%', '10%'] },
    series: series.map((each, n) => ({
      ...named(each),
      type: 'scatter',
      symbolSize: 12,
      data: categories.flatMap((name, point) => {
        const [x, y] = [each.x?.[point] ?? null, shown(each.values[point] ?? null, format)];
        return x === null || y === null ? [] : [{ name, value: [x, y] }];
      }),
      label: { show: look.isNarrow !== true, formatter: '{b}', position: 'right', color: INK, fontSize: 11 },
      labelLayout: { hideOverlap: true },
      ...(n === 0 ? lines : {}),
    })),
  };
}

/** Categories across, one line a series; the colour says how many. */
function heatMap({ categories, series, format }: Chart, look: ChartLook): ChartOption {
  const cells = series.flatMap(({ values }, row) =>
    values.flatMap((value, column) => {
      const number = shown(value, format);
      return number === null ? [] : [[column, row, number] as const];
    }),
  );
  const most = Math.max(0, ...cells.map(([, , number]) => number)) || 1;
  const axis = (data: readonly string[]): ChartOption => ({
    type: 'category',
    data,
    axisLine: { show: false },
    axisTick: { show: false },
    splitArea: { show: true },
    axisLabel: { color: FAINT, width: 110, overflow: 'truncate' },
  });
  return {
    grid: { left: 8, right: 16, top: 8, bottom: 56, outerBoundsMode: 'same' },
    tooltip: { trigger: 'item', ...TIP },
    xAxis: {
      ...axis(categories),
      axisLabel: { color: FAINT, width: 90, overflow: 'truncate', ...(look.isNarrow === true ? { rotate: 60 } : {}) },
    },
    yAxis: { ...axis(series.map(({ name }) => name)), inverse: true },
    visualMap: {
      min: 0,
      max: most,
      text: [isShare(format) ? `${most}%` : String(most), '0'],
      orient: 'horizontal',
      left: 'center',
      bottom: 0,
      itemHeight: 90,
      textStyle: { color: FAINT },
      inRange: { color: ['#f2f7fb', '#a9cfe6', '#4c9ccb', '#0072b2'] },
    },
    series: [
      {
        type: 'heatmap',
        data: cells,
        label: {
          show: look.isNarrow !== true,
          color: '#14202b',
          backgroundColor: 'rgba(255,255,255,0.7)',
          padding: [1, 4],
          borderRadius: 3,
        },
      },
    ],
  };
}

/** Drawn on the canvas: a page that allows no inline styles shows no other tip. */
const TIP = { renderMode: 'richText', confine: true } as const;

/** Room around the axes and their names, and the legend where several series are to be told apart. */
function shared(series: readonly ChartSeries[], look: ChartLook): ChartOption {
  const hasLegend = series.length > 1;
  return {
    grid: { left: 8, right: 16, top: 14, bottom: hasLegend ? 34 : 8, outerBoundsMode: 'same' },
    ...(hasLegend
      ? { legend: { bottom: 0, type: look.isNarrow === true ? 'scroll' : 'plain', textStyle: { color: INK } } }
      : {}),
  };
}

function named({ name, colour }: ChartSeries): ChartOption {
  return { name, ...(colour === undefined ? {} : { itemStyle: { color: `#${colour}` } }) };
}

function valueAxis(chart: Chart, title: string | undefined, isLying: boolean): ChartOption {
  return {
    type: 'value',
    axisLabel: { color: FAINT, hideOverlap: true, ...unitLabel(chart) },
    splitLine: { lineStyle: { color: '#edf0f3' } },
    ...(chart.format === '0' ? { minInterval: 1 } : {}),
    ...titled(title, isLying),
  };
}

function unitLabel({ format }: Chart): ChartOption {
  if (!isShare(format)) return {};
  return { formatter: '{value}%' };
}

function titled(title: string | undefined, isAcross: boolean): ChartOption {
  if (title === undefined) return {};
  return isAcross
    ? { name: title, nameLocation: 'middle', nameGap: 28, nameTextStyle: { color: FAINT } }
    : { name: title, nameLocation: 'end', nameTextStyle: { color: FAINT, align: 'left' } };
}

function isShare(format: string): boolean {
  return format.endsWith('%');
}

/** A value as the axis counts: percent of a share; as many places as the format, of shares one. */
function shown(value: number | null, format: string): number | null {
  if (value === null) return null;
  const places = isShare(format) ? 1 : (/\.(0+)/.exec(format)?.[1]?.length ?? 2);
  const step = 10 ** places;
  return Math.round((isShare(format) ? value * 100 : value) * step) / step;
}
