/** Every kind of chart as ECharts draws it, without a browser. */
import * as echarts from 'echarts';
import { describe, expect, test } from 'vitest';
import { chartOption } from '../../src/kpi/chart-option.ts';
import { sampleCharts } from '../web/sample-section.ts';

const chartOf = (name: string) => sampleCharts.find((chart) => chart.name === name)!;

/** The picture ECharts makes of it. */
function drawn(option: Readonly<Record<string, unknown>>): string {
  const chart = echarts.init(null, null, { renderer: 'svg', ssr: true, width: 600, height: 400 });
  chart.setOption(option);
  const picture = chart.renderToSVGString();
  chart.dispose();
  return picture;
}

describe.each(sampleCharts.map(({ name }) => name))('%s', (name) => {
  test.each([false, true])('is plain data and is drawn; narrow: %s', (isNarrow) => {
    const option = chartOption(chartOf(name), { isNarrow, fontFamily: 'Noto Sans CJK SC' });
    expect(JSON.parse(JSON.stringify(option))).toEqual(option);
    expect(drawn(option)).toMatch(/^<svg/);
  });
});

const seriesOf = (name: string) => chartOption(chartOf(name)).series as readonly Readonly<Record<string, unknown>>[];

test('a gap stays a gap, a share is percent', () => {
  expect(seriesOf('line')[0]).toMatchObject({ type: 'line', connectNulls: false, data: [50, null, 12.3, 100] });
});

test('a series on the second axis is a line on it', () => {
  expect(seriesOf('second-axis').map(({ type, yAxisIndex }) => [type, yAxisIndex])).toEqual([
    ['bar', undefined],
    ['line', 1],
  ]);
});

test('bars of a funnel are as long as their numbers, centred', () => {
  const [beside, bars] = seriesOf('funnel');
  expect(beside!.data).toEqual([0, 1, 2.5, 5]);
  expect(bars!.data).toEqual([10, 8, 5, 0]);
});

test('points keep their names, and the cuts are lines', () => {
  const [points] = seriesOf('scatter');
  expect((points!.data as readonly { name: string; value: number[] }[]).map(({ value }) => value)).toEqual([
    [1, 4.5],
    [2, 3],
    [4, 5],
  ]);
  expect(points!.markLine).toMatchObject({ data: [{ xAxis: 2 }, { yAxis: 4 }] });
});

test('an own colour wins over the palette', () => {
  expect(seriesOf('stacked')[1]).toMatchObject({ stack: 'all', itemStyle: { color: '#D55E00' } });
});
