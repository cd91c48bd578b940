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
  const { kind, categories, series, isStacked = false, yTitle, xTitle } = chart;
  const isLying = kind === 'bar';
  const names = {
    type: 'category',
    data: categories,
    // The first category stands on top, as in the table.
    inverse: isLying,
    axisLine: { lineStyle: { color: LINE } },
    axisTick: { show: false },
    axisLabel: { color: FAINT, hideOverlap: true, ...(isLying ? { width: 140, overflow: 'truncate' } : {}) },
    ...titled(xTitle, !isLying),
  };
  const hasSecond = series.some(({ onSecondAxis }) => onSecondAxis === true);
  const first = valueAxis(chart, yTitle, isLying);
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
        label: { formatter: look.isNarrow === true ? '{d}%' : '{b} {c} ({d}%)', color: INK },
        itemStyle: { borderColor: '#fff', borderWidth: 2 },
        data,
      },
    ],
  };
}

/** Bars of the first series, each centred over the next; further series stand in the tip and the table. */
function funnel({ categories, series, format }: Chart, look: ChartLook): ChartOption {
  const [values] = series;
  const data = categories.flatMap((name, n) => {
    const value = shown(values?.values[n] ?? null, format);
    return value === null ? [] : [{ name, value }];
  });
  return {
    tooltip: { trigger: 'item', ...TIP },
    series: [
      {
        ...(values === undefined ? {} : named(values)),
        type: 'funnel',
        // The order of the stages says more than their size.
        sort: 'none',
        left: '4%',
        right: '4%',
        top: 12,
        bottom: 12,
        minSize: '12%',
        gap: 3,
        label: {
          position: 'inside',
          formatter: '{b}  {c}',
          color: '#14202b',
          backgroundColor: 'rgba(255,255,255,0.82)',
          borderRadius: 3,
          padding: [2, 6],
          fontSize: look.isNarrow === true ? 11 : 13,
        },
        data,
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
    xAxis: { ...numbers, ...titled(xTitle, true) },
    yAxis: { ...valueAxis(chart, yTitle, false), scale: true },
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
      max: Math.max(1, ...cells.map(([, , number]) => number)),
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

function shared(series: readonly ChartSeries[], look: ChartLook): ChartOption {
  const hasLegend = series.length > 1;
  return {
    grid: { left: 12, right: 20, top: 34, bottom: hasLegend ? 40 : 14, outerBoundsMode: 'same' },
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

/** A value as the axis counts: percent of a share; at most two places, so that no label shows the noise of a double. */
function shown(value: number | null, format: string): number | null {
  if (value === null) return null;
  const number = isShare(format) ? value * 100 : value;
  return Math.round(number * 100) / 100;
}
