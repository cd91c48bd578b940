/**
 * A chart part made from a chart of the model: one file per kind would repeat axes and texts, so the kinds stand here
 * side by side and share them. Element order is that of ECMA-376 part 1, 21.2; apps refuse any other.
 */
import { Buffer } from 'node:buffer';
import type { Chart, ChartSeries } from '../../../src/model/chart.ts';
import type { Area, PublishedChart, PublishedTab } from '../../../src/model/published-tab.ts';
import { escapeXml } from '../xml.ts';
import { numberCache, textCache } from './chart-cache.ts';
import {
  axisIds,
  categoryAxis,
  fill,
  GRID,
  palette,
  QUIET,
  shape,
  shown,
  textLook,
  valueAxis,
} from './chart-pieces.ts';
import { type ChartMemory, memoryTab, padsArea } from './memory.ts';
import { DECLARATION, type Namespaces } from './namespaces.ts';
import { referenceTo } from './references.ts';

const TITLE = '1F3864';
const AXES = { category: 111_111_101, value: 111_111_102, second: 111_111_103, secondValue: 111_111_104 } as const;

/** `tab`: what the tab is called in the workbook; `pads`: the invisible bars of a funnel. A `heat-map` has no chart and must not be asked for. */
export function chartPart(
  published: PublishedChart,
  plan: PublishedTab,
  tab: string,
  pads: ChartMemory['pads'],
  namespaces: Namespaces,
): Buffer {
  return Buffer.from(new ChartWriter(published, plan, tab, pads).part(namespaces));
}

/** What a chart is drawn as and with how many series; another form is another drawing. */
export function formOf({ kind, isStacked, series, cuts }: Chart): string {
  const seconds = series.map(({ onSecondAxis }) => (onSecondAxis === true ? '2' : '1')).join('');
  return `${kind}${isStacked === true ? ' stacked' : ''} ${seconds}${cuts === undefined ? '' : ' cut'}`;
}

/** Numbers of the plan's series in the order their elements stand in a chart part. */
export function orderOfSeries({ kind, series }: Chart): number[] {
  const all = series.map((_, i) => i);
  if (kind !== 'column') return all;
  return [
    ...all.filter((i) => series[i]?.onSecondAxis !== true),
    ...all.filter((i) => series[i]?.onSecondAxis === true),
  ];
}

/** The invisible bars that centre those of a funnel. */
export function funnelPads(values: readonly (number | null)[]): number[] {
  const largest = Math.max(0, ...values.map((value) => value ?? 0));
  return values.map((value) => (largest - (value ?? 0)) / 2);
}

/** Labels of a scatter's points: their names, which no chart shows by itself. `c`, `a`: prefixes; `declaration` of the latter where the part has none. */
export function pointLabels(names: readonly string[], c: string, a: string, declaration = ''): string {
  const labels = names.map((name, idx) =>
    name === ''
      ? `<${c}dLbl><${c}idx val="${idx}"/><${c}delete val="1"/></${c}dLbl>`
      : `<${c}dLbl><${c}idx val="${idx}"/><${c}tx><${c}rich><${a}bodyPr/><${a}p><${a}r><${a}rPr lang="zh-CN" sz="900"/>` +
        `<${a}t>${escapeXml(name)}</${a}t></${a}r></${a}p></${c}rich></${c}tx><${c}dLblPos val="r"/>${shown(c, 'showVal')}</${c}dLbl>`,
  );
  return `<${c}dLbls${declaration}>${labels.join('')}<${c}spPr><${a}noFill/><${a}ln><${a}noFill/></${a}ln></${c}spPr>${shown(c, 'showVal')}</${c}dLbls>`;
}

class ChartWriter {
  private readonly chart: Chart;
  private readonly published: PublishedChart;
  private readonly plan: PublishedTab;
  private readonly tab: string;

  private readonly pads: ChartMemory['pads'];

  constructor(published: PublishedChart, plan: PublishedTab, tab: string, pads: ChartMemory['pads']) {
    this.pads = pads;
    this.chart = published.chart;
    this.published = published;
    this.plan = plan;
    this.tab = tab;
  }

  part(ns: Namespaces): string {
    const { chart } = this;
    const legend =
      chart.kind === 'pie' || (chart.series.length > 1 && chart.kind !== 'funnel')
        ? `<c:legend><c:legendPos val="b"/><c:overlay val="0"/>${textLook(900)}</c:legend>`
        : '';
    return (
      `${DECLARATION}<c:chartSpace xmlns:c="${ns.chart}" xmlns:a="${ns.drawing}" xmlns:r="${ns.relationships}">` +
      `<c:roundedCorners val="0"/><c:chart>${this.title(chart.title, 1200, true)}<c:autoTitleDeleted val="${chart.title === '' ? 1 : 0}"/>` +
      `<c:plotArea><c:layout/>${this.plot()}${shape(null, null)}</c:plotArea>${legend}` +
      '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>' +
      `${shape('FFFFFF', GRID)}${textLook(900)}</c:chartSpace>`
    );
  }

  private plot(): string {
    switch (this.chart.kind) {
      case 'pie':
        return this.pie();
      case 'scatter':
        return this.scatter();
      case 'line':
        return this.line();
      case 'funnel':
        return this.funnel();
      default:
        return this.bars();
    }
  }

  private bars(): string {
    const { chart } = this;
    const lying = chart.kind === 'bar';
    const stacked = chart.isStacked === true;
    const order = orderOfSeries(chart);
    const isSecond = (i: number): boolean => !lying && chart.series[i]?.onSecondAxis === true;
    const labelled = lying && !stacked && chart.series.length === 1;
    const first = order
      .filter((i) => !isSecond(i))
      .map((i) =>
        this.series(i, {
          look: `${shape(this.colour(i), null)}<c:invertIfNegative val="0"/>${labelled ? this.valueLabels('outEnd') : ''}`,
          data: this.categories() + this.values(i),
        }),
      );
    const bars =
      `<c:barChart><c:barDir val="${lying ? 'bar' : 'col'}"/><c:grouping val="${stacked ? 'stacked' : 'clustered'}"/>` +
      `<c:varyColors val="0"/>${first.join('')}<c:gapWidth val="${lying ? 50 : 70}"/>` +
      `<c:overlap val="${stacked ? 100 : 0}"/>${axisIds(AXES.category, AXES.value)}</c:barChart>`;
    const lines = order.filter(isSecond);
    const { category, value, second, secondValue } = AXES;
    const axes =
      categoryAxis({
        id: category,
        crosses: value,
        at: lying ? 'l' : 'b',
        title: this.axis(lying ? chart.yTitle : chart.xTitle),
        reversed: lying,
      }) +
      valueAxis({
        id: value,
        crosses: category,
        at: lying ? 'b' : 'l',
        title: this.axis(lying ? chart.xTitle : chart.yTitle),
        format: chart.format,
        grid: true,
        ...(lying ? { crossing: 'max' as const } : {}),
      });
    if (lines.length === 0) return bars + axes;
    const format = this.formatOf(this.published.series[lines[0] as number]?.values);
    return (
      `${bars}<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>` +
      `${lines.map((i) => this.lineSeries(i)).join('')}<c:marker val="1"/>${axisIds(second, secondValue)}</c:lineChart>${axes}` +
      categoryAxis({ id: second, crosses: secondValue, at: 'b', hidden: true }) +
      valueAxis({ id: secondValue, crosses: second, at: 'r', format, linked: true, crossing: 'max', fromZero: true })
    );
  }

  private line(): string {
    const { chart } = this;
    const { category, value } = AXES;
    return (
      `<c:lineChart><c:grouping val="${chart.isStacked === true ? 'stacked' : 'standard'}"/><c:varyColors val="0"/>` +
      `${chart.series.map((_, i) => this.lineSeries(i)).join('')}<c:marker val="1"/>${axisIds(category, value)}</c:lineChart>` +
      categoryAxis({ id: category, crosses: value, at: 'b', title: this.axis(chart.xTitle) }) +
      valueAxis({
        id: value,
        crosses: category,
        at: 'l',
        title: this.axis(chart.yTitle),
        format: chart.format,
        grid: true,
      })
    );
  }

  private pie(): string {
    const colours = this.chart.categories.map(
      (_, idx) => `<c:dPt><c:idx val="${idx}"/><c:bubble3D val="0"/>${shape(palette(idx), 'FFFFFF')}</c:dPt>`,
    );
    const labels =
      `<c:dLbls><c:numFmt formatCode="0%" sourceLinked="0"/>${shape(null, null)}${textLook(900)}<c:dLblPos val="outEnd"/>` +
      `${shown('c:', 'showPercent')}<c:showLeaderLines val="1"/></c:dLbls>`;
    const series = this.chart.series
      .slice(0, 1)
      .map((_, i) => this.series(i, { look: colours.join('') + labels, data: this.categories() + this.values(i) }));
    return `<c:pieChart><c:varyColors val="1"/>${series.join('')}<c:firstSliceAng val="0"/></c:pieChart>`;
  }

  private funnel(): string {
    const { chart } = this;
    const { category, value } = AXES;
    const pad = this.pads === null ? '' : this.padSeries(this.pads);
    const bars = chart.series.slice(0, 1).map((_, i) =>
      this.series(i, {
        number: 1,
        look: `${shape(this.colour(i), null)}<c:invertIfNegative val="0"/>${this.valueLabels('ctr', 'FFFFFF')}`,
        data: this.categories() + this.values(i),
      }),
    );
    return (
      '<c:barChart><c:barDir val="bar"/><c:grouping val="stacked"/><c:varyColors val="0"/>' +
      `${pad}${bars.join('')}<c:gapWidth val="25"/><c:overlap val="100"/>${axisIds(category, value)}</c:barChart>` +
      categoryAxis({ id: category, crosses: value, at: 'l', reversed: true }) +
      valueAxis({ id: value, crosses: category, at: 'b', hidden: true, crossing: 'max', fromZero: true })
    );
  }

  private padSeries(pads: NonNullable<ChartMemory['pads']>): string {
    const cache = numberCache(pads.values, 'General', 'c:');
    const values = `<c:numRef><c:f>${escapeXml(referenceTo(memoryTab, padsArea(pads)))}</c:f><c:numCache>${cache}</c:numCache></c:numRef>`;
    return (
      `<c:ser><c:idx val="0"/><c:order val="0"/>${shape(null, null)}<c:invertIfNegative val="0"/>` +
      `${this.categories()}<c:val>${values}</c:val></c:ser>`
    );
  }

  private scatter(): string {
    const { chart, published } = this;
    const { category: across, value: up } = AXES;
    const series = chart.series.map((one, i) => {
      const ranges = published.series[i];
      const x = `<c:xVal>${this.numbers(ranges?.x ?? published.categories, one.x ?? [])}</c:xVal>`;
      const y = `<c:yVal>${this.numbers(ranges?.values ?? published.categories, one.values)}</c:yVal>`;
      const colour = this.colour(i);
      const marker = `<c:marker><c:symbol val="circle"/><c:size val="9"/>${shape(colour, 'FFFFFF')}</c:marker>`;
      const labels = i === 0 ? pointLabels(chart.categories, 'c:', 'a:') : '';
      return this.series(i, {
        look: `<c:spPr><a:ln w="19050"><a:noFill/></a:ln></c:spPr>${marker}${labels}`,
        data: `${x}${y}<c:smooth val="0"/>`,
      });
    });
    const { cuts } = chart;
    const grid = cuts === undefined;
    return (
      `<c:scatterChart><c:scatterStyle val="lineMarker"/><c:varyColors val="0"/>${series.join('')}${axisIds(across, up)}</c:scatterChart>` +
      valueAxis({
        id: across,
        crosses: up,
        at: 'b',
        title: this.axis(chart.xTitle),
        format: this.formatOf(published.series[0]?.x),
        grid,
        isLine: true,
        ...(cuts === undefined ? {} : { crossing: cuts.y }),
      }) +
      valueAxis({
        id: up,
        crosses: across,
        at: 'l',
        title: this.axis(chart.yTitle),
        format: chart.format,
        grid,
        isLine: true,
        ...(cuts === undefined ? {} : { crossing: cuts.x }),
      })
    );
  }

  private lineSeries(i: number): string {
    const colour = this.colour(i);
    return this.series(i, {
      look:
        `<c:spPr><a:ln w="25400" cap="rnd">${fill(colour)}<a:round/></a:ln></c:spPr>` +
        `<c:marker><c:symbol val="circle"/><c:size val="5"/>${shape(colour, 'FFFFFF')}</c:marker>`,
      data: `${this.categories()}${this.values(i)}<c:smooth val="0"/>`,
    });
  }

  private series(i: number, { look, data, number = i }: { look: string; data: string; number?: number }): string {
    const { name } = this.chart.series[i] as ChartSeries;
    const range = this.published.series[i]?.name;
    const tx =
      range === undefined
        ? ''
        : `<c:tx><c:strRef><c:f>${this.reference(range)}</c:f><c:strCache>${textCache([name], 'c:')}</c:strCache></c:strRef></c:tx>`;
    return `<c:ser><c:idx val="${number}"/><c:order val="${number}"/>${tx}${look}${data}</c:ser>`;
  }

  private categories(): string {
    const cache = textCache(this.chart.categories, 'c:');
    return `<c:cat><c:strRef><c:f>${this.reference(this.published.categories)}</c:f><c:strCache>${cache}</c:strCache></c:strRef></c:cat>`;
  }

  private values(i: number): string {
    const range = this.published.series[i]?.values ?? this.published.categories;
    return `<c:val>${this.numbers(range, this.chart.series[i]?.values ?? [])}</c:val>`;
  }

  private numbers(range: Area, values: readonly (number | null)[]): string {
    const cache = numberCache(values, this.formatOf(range), 'c:');
    return `<c:numRef><c:f>${this.reference(range)}</c:f><c:numCache>${cache}</c:numCache></c:numRef>`;
  }

  private valueLabels(place: string, colour = QUIET): string {
    return (
      `<c:dLbls><c:numFmt formatCode="${escapeXml(this.chart.format)}" sourceLinked="0"/>${shape(null, null)}` +
      `${textLook(900, colour)}<c:dLblPos val="${place}"/>${shown('c:', 'showVal')}</c:dLbls>`
    );
  }

  private reference(range: Area): string {
    return escapeXml(referenceTo(this.tab, range));
  }

  /** Format of the first cell of a range. */
  private formatOf(range: Area | undefined): string {
    const cell = range === undefined ? null : this.plan.rows[range.row]?.[range.column];
    return cell?.format ?? this.chart.format;
  }

  private colour(i: number): string {
    return this.chart.series[i]?.colour ?? palette(i);
  }

  private axis(title: string | undefined): string {
    return title === undefined || title === '' ? '' : this.title(title, 900, false);
  }

  private title(text: string, size: number, bold: boolean): string {
    if (text === '') return '';
    const look = `lang="zh-CN" sz="${size}" b="${bold ? 1 : 0}"`;
    return (
      `<c:title><c:tx><c:rich><a:bodyPr/><a:p><a:pPr><a:defRPr sz="${size}" b="${bold ? 1 : 0}"/></a:pPr><a:r><a:rPr ${look}>` +
      `${fill(bold ? TITLE : QUIET)}</a:rPr><a:t>${escapeXml(text)}</a:t></a:r></a:p></c:rich></c:tx><c:overlay val="0"/></c:title>`
    );
  }
}
