/** Planned tabs with every look and every kind of chart, as a service desk's figures would fill them. */
import type { Chart, ChartKind, ChartSeries } from '../../src/model/chart.ts';
import type { Area, PublishedCell, PublishedChart, PublishedTab } from '../../src/model/published-tab.ts';

export interface SampleOptions {
  /** Weeks of the trend; others make the tables shorter or longer. */
  readonly weeks?: number;
  /** Added to every figure. */
  readonly more?: number;
  readonly people?: readonly string[];
  readonly tickets?: number;
}

type Row = (PublishedCell | null)[];

const text = (value: string, look: PublishedCell['look'] = 'value'): PublishedCell => ({ value, look });
const number = (value: number | null, format = '0', look: PublishedCell['look'] = 'value'): PublishedCell => ({
  value,
  format,
  look,
});

const column = (column: number, row: number, count: number): Area => ({
  row,
  column,
  toRow: row + count - 1,
  toColumn: column,
});
const one = (row: number, column: number): Area => ({ row, column, toRow: row, toColumn: column });

/** A table of categories and series put into the rows, and the chart over it. */
function chartOver(rows: Row[], at: number, chart: Chart, place: Area): PublishedChart {
  const head: Row = [text(chart.xTitle ?? '类别', 'heading'), ...chart.series.map(({ name }) => text(name, 'heading'))];
  if (chart.kind === 'scatter') head.push(text('横轴', 'heading'));
  rows[at] = head;
  for (const [i, category] of chart.categories.entries()) {
    const row: Row = [text(category), ...chart.series.map(({ values }) => number(values[i] ?? null, chart.format))];
    if (chart.kind === 'scatter') row.push(number(chart.series[0]?.x?.[i] ?? null, '0.0'));
    rows[at + 1 + i] = row;
  }
  const count = chart.categories.length;
  return {
    chart,
    place,
    categories: column(0, at + 1, count),
    series: chart.series.map((_, i) => ({
      name: one(at, i + 1),
      values: column(i + 1, at + 1, count),
      ...(chart.kind === 'scatter' ? { x: column(chart.series.length + 1, at + 1, count) } : {}),
    })),
  };
}

const weekNames = (weeks: number): string[] => Array.from({ length: weeks }, (_, i) => `第${i + 27}周`);

/** Three tabs: cards and trends, analyses with every kind of chart, a list of tickets with links. */
export function samplePlan({
  weeks = 8,
  more = 0,
  people = ['张伟', '王芳', '李娜', '刘洋'],
  tickets = 12,
}: SampleOptions = {}): PublishedTab[] {
  return [overview(weeks, more, tickets), analysis(more, people), details(tickets)];
}

function overview(weeks: number, more: number, tickets: number): PublishedTab {
  const rows: Row[] = [
    [text('售后服务看板', 'title')],
    [text('统计区间 2026-07-06 至 2026-08-30 · 时区 Asia/Shanghai', 'subtitle')],
    [],
  ];
  const cards: [string, number, string, string, 'good' | 'bad' | 'note'][] = [
    ['新建工单', 1284 + more, '#,##0', '较上周 +6.2%', 'note'],
    ['首次响应达标率', 0.962, '0.0%', '▲ 1.4 个百分点', 'good'],
    ['平均解决时长(小时)', 7.4, '0.0', '▼ 慢了 0.8 小时', 'bad'],
    ['客户满意度', 4.6, '0.0', 'n = 312', 'note'],
  ];
  rows.push(cards.flatMap(([label], i) => [...(i === 0 ? [] : [null]), text(label, 'label')]));
  rows.push(cards.flatMap(([, value, format], i) => [...(i === 0 ? [] : [null]), number(value, format, 'figure')]));
  rows.push(cards.flatMap(([, , , note, look], i) => [...(i === 0 ? [] : [null]), text(note, look)]));
  rows.push([]);
  const names = weekNames(weeks);
  const created = names.map((_, i) => 120 + ((i * 37) % 50) + more);
  const solved = names.map((_, i) => (i === 3 ? null : 110 + ((i * 29) % 60)));
  const rate = names.map((_, i) => 0.9 + ((i * 7) % 9) / 100);
  const trend = chartOver(
    rows,
    7,
    {
      name: 'created-trend',
      kind: 'column',
      title: '每周新建与解决',
      categories: names,
      series: [
        { name: '新建', values: created },
        { name: '解决', values: solved },
        { name: '达标率', values: rate, onSecondAxis: true },
      ],
      xTitle: '周',
      yTitle: '工单数',
      format: '0',
    },
    { row: 7, column: 7, toRow: 22, toColumn: 13 },
  );
  for (let i = 0; i < weeks; i++) (rows[8 + i] as Row)[3] = number(rate[i] ?? null, '0.0%');
  const total = 8 + weeks;
  rows[total] = [
    text('合计', 'label'),
    {
      value: created.reduce((sum, value) => sum + value, 0),
      formula: `SUM(B9:B${8 + weeks})`,
      format: '#,##0',
      look: 'value',
    },
    null,
    { value: tickets, formula: "COUNTA('工单明细'!A5:A500)", format: '0', look: 'check' },
    { value: '查看明细', link: "#'工单明细'!A1", look: 'value' },
    { value: '2026-08-30T02:30:00.000Z', isInstant: true, look: 'faint' },
  ];
  const line: Chart = {
    name: 'first-response-trend',
    kind: 'line',
    title: '首次响应时长趋势',
    categories: names,
    series: [
      { name: '中位数', values: names.map((_, i) => (i === 2 ? null : 12 + ((i * 5) % 7))) },
      { name: '90 分位', values: names.map((_, i) => 30 + ((i * 11) % 13)) },
    ],
    xTitle: '周',
    yTitle: '分钟',
    format: '0.0',
  };
  const second = chartOver(rows, total + 2, line, { row: 24, column: 7, toRow: 39, toColumn: 13 });
  return {
    key: 'overview',
    name: '概览',
    colour: '0072B2',
    widths: [18, 18, 18, 18, 18, 18, 18, 12],
    frozenRows: 2,
    rows: Array.from(rows, (row) => row ?? []),
    merges: [{ row: 0, column: 0, toRow: 0, toColumn: 4 }],
    charts: [trend, second],
    rules: [
      { kind: 'data-bar', area: column(1, 8, weeks), colour: '56B4E9' },
      { kind: 'colour-scale', area: column(3, 8, weeks), colour: '009E73' },
    ],
  };
}

function chartOf(
  name: string,
  kind: ChartKind,
  title: string,
  categories: string[],
  series: ChartSeries[],
  more: Partial<Chart> = {},
): Chart {
  return { name, kind, title, categories, series, format: '0', ...more };
}

function analysis(more: number, people: readonly string[]): PublishedTab {
  const rows: Row[] = [[text('问题分析', 'title')], []];
  const charts: PublishedChart[] = [];
  const add = (chart: Chart): void => {
    const at = rows.length;
    const n = charts.length;
    const place = {
      row: 2 + Math.floor(n / 2) * 17,
      column: 6 + (n % 2) * 7,
      toRow: 17 + Math.floor(n / 2) * 17,
      toColumn: 12 + (n % 2) * 7,
    };
    charts.push(chartOver(rows, at, chart, place));
    rows.push([]);
  };
  add(
    chartOf(
      'causes',
      'pie',
      '问题类型占比',
      ['打印机', '网络', '账号权限', '软件安装', '其他'],
      [{ name: '工单数', values: [42 + more, 31, 18, 12, 7] }],
    ),
  );
  add(
    chartOf(
      'cohort',
      'funnel',
      '处理漏斗',
      ['提交', '受理', '处理中', '已解决', '客户确认'],
      [{ name: '工单数', values: [320 + more, 300, 260, 214, 180] }],
    ),
  );
  add(
    chartOf(
      'by-person',
      'bar',
      '各处理人解决量',
      [...people],
      [{ name: '解决', values: people.map((_, i) => 40 + i * 9 + more) }],
      { xTitle: '处理人', yTitle: '工单数' },
    ),
  );
  add(
    chartOf(
      'load-and-time',
      'scatter',
      '工作量与时长',
      [...people],
      [
        {
          name: '平均时长',
          values: people.map((_, i) => 4 + ((i * 3) % 5)),
          x: people.map((_, i) => 30 + ((i * 23) % 40)),
        },
      ],
      {
        xTitle: '在办工单数',
        yTitle: '平均解决时长(小时)',
        format: '0.0',
        cuts: { x: 45, y: 6 },
      },
    ),
  );
  add(
    chartOf(
      'by-level',
      'column',
      '优先级构成',
      [...people],
      [
        { name: '高', values: people.map((_, i) => 5 + i) },
        { name: '中', values: people.map((_, i) => 12 + i * 2) },
        { name: '低', values: people.map((_, i) => 9 - i) },
      ],
      { isStacked: true, xTitle: '处理人' },
    ),
  );
  add(
    chartOf(
      'by-hour',
      'heat-map',
      '提交时段',
      ['周一', '周二', '周三'],
      [
        { name: '上午', values: [12, 30, 7] },
        { name: '下午', values: [22, 9, 15] },
      ],
    ),
  );
  const heat = charts.at(-1) as PublishedChart;
  return {
    key: 'analysis',
    name: '分析',
    widths: [18, 12, 12, 12, 12, 4],
    rows,
    charts,
    rules: [{ kind: 'colour-scale', area: { ...heat.categories, column: 1, toColumn: 2 }, colour: 'D55E00' }],
  };
}

function details(tickets: number): PublishedTab {
  const rows: Row[] = [
    [text('工单明细', 'title')],
    [text('每个数字的来源工单', 'subtitle')],
    [],
    ['编号', '标题', '处理人', '创建时间', '时长(小时)', '链接'].map((name) => text(name, 'heading')),
  ];
  for (let n = 1; n <= tickets; n++) {
    rows.push([
      text(`T-${String(n).padStart(4, '0')}`),
      text(n % 5 === 0 ? '=1+1' : n % 3 === 0 ? '<网络> & "断线"' : `打印机卡纸 ${n}`),
      text(['张伟', '王芳', '李娜'][n % 3] as string),
      { value: new Date(Date.UTC(2026, 7, 1, 1, 30) + n * 5_400_000).toISOString(), isInstant: true, look: 'value' },
      number(n * 1.1, '0.0', n % 4 === 0 ? 'bad' : 'value'),
      { value: '打开', link: `https://example.com/tickets/${n}?a=1&b=2`, look: 'value' },
    ]);
  }
  return {
    key: 'details',
    name: '工单明细',
    colour: '7F7F7F',
    widths: [12, 34, 12, 18, 12, 10],
    frozenRows: 4,
    filter: { row: 3, column: 0, toRow: 3 + tickets, toColumn: 5 },
    rows,
    charts: [],
    rules: [],
  };
}
