/** A section with every kind of panel and chart, gaps, empty ones and names that want to do harm: pages must draw any section. */
import type { Drill, Panel, Section, SectionMaker } from '../../src/kpi/section.ts';
import type { Chart } from '../../src/model/chart.ts';
import { hostile } from './hostile.ts';

const categories = ['三月', hostile, '五月', 'June'];
const values = [3, null, 5, 1];

/** One chart of each kind and manner. */
export const sampleCharts: readonly Chart[] = [
  { name: 'column', kind: 'column', title: 'column', categories, series: [{ name: 'a', values }], format: '0' },
  {
    name: 'stacked',
    kind: 'bar',
    title: 'stacked',
    categories,
    isStacked: true,
    xTitle: 'x',
    series: [
      { name: hostile, values },
      { name: 'b', values, colour: 'D55E00' },
    ],
    format: '0',
  },
  {
    name: 'second-axis',
    kind: 'column',
    title: 'second axis',
    categories,
    yTitle: 'y',
    series: [
      { name: 'n', values },
      { name: 'median', values: [1.25, null, 2.5, 40], onSecondAxis: true },
    ],
    format: '0',
  },
  {
    name: 'line',
    kind: 'line',
    title: 'line',
    categories,
    series: [{ name: 'share', values: [0.5, null, 0.123, 1] }],
    format: '0%',
  },
  { name: 'pie', kind: 'pie', title: 'pie', categories, series: [{ name: 'a', values }], format: '0' },
  {
    name: 'funnel',
    kind: 'funnel',
    title: 'funnel',
    categories,
    series: [{ name: 'a', values: [10, 8, 5, 0] }],
    format: '0',
  },
  {
    name: 'scatter',
    kind: 'scatter',
    title: 'scatter',
    categories,
    cuts: { x: 2, y: 4 },
    xTitle: 'tickets',
    yTitle: 'rating',
    series: [{ name: 'customers', values: [4.5, 3, null, 5], x: [1, 2, 3, 4] }],
    format: '0.0',
  },
  {
    name: 'heat',
    kind: 'heat-map',
    title: 'heat',
    categories,
    series: [
      { name: 'line 1', values: [1, 0, null, 9] },
      { name: hostile, values: [2, 3, 4, 5] },
    ],
    format: '0',
  },
  { name: 'empty', kind: 'pie', title: 'empty', categories: [], series: [], format: '0' },
];

const drill = (customer: string, from: number, to: number): Drill => ({
  kpi: 'created',
  from,
  to,
  filter: { customer: [customer] },
});

export const sample: SectionMaker = {
  name: 'sample',
  make({ query: { window } }): Section {
    const links = categories.map((_, n) => (n === 1 ? drill(hostile, window.from, window.to) : null));
    const charts = sampleCharts.map(
      (chart): Panel => ({ kind: 'chart', title: chart.title, chart, note: 'how to read it', drills: links }),
    );
    return {
      name: 'sample',
      title: 'Sample',
      notice: 'notice',
      panels: [
        ...charts,
        {
          kind: 'table',
          title: 'table',
          columns: [
            { label: 'name', unit: 'text' },
            { label: 'count', unit: 'count', shade: 'bar' },
            { label: 'share', unit: 'percent', shade: 'scale' },
            { label: 'time', unit: 'hours' },
            { label: 'at', unit: 'instant' },
          ],
          rows: [
            { cells: ['a', 3, 0.5, 3_600, window.from], look: 'good' },
            {
              cells: [hostile, 12, 1, null, null],
              look: 'bad',
              drill: drill(hostile, window.from, window.to),
              drills: Array.from({ length: 5 }, () => drill(hostile, window.from, window.to)),
            },
            { cells: ['sum', 15, 1.5, null, null], isTotal: true },
            { cells: ['c', null, 0, 90, window.to], look: 'faint', looks: [null, 'bad', null, null, null] },
          ],
        },
        { kind: 'table', title: 'no rows', columns: [{ label: 'name', unit: 'text' }], rows: [] },
      ],
    };
  },
};
