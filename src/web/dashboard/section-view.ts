/** Draws any section: its cards, charts and tables, each figure with the way to its tickets. */
import { html } from 'hono/html';
import { chartOption } from '../../kpi/chart-option.ts';
import { kpiOf } from '../../kpi/index.ts';
import type { Card, Panel, Section, TableColumn, TableRow } from '../../kpi/section.ts';
import { say } from '../../messages/index.ts';
import type { Chart } from '../../model/chart.ts';
import type { Html } from './frame.ts';
import { type Drawer, tableView } from './table-view.ts';
import { numberText, type Reader, valueText } from './words.ts';

/** As in the style sheet: a canvas inherits none. */
const FONTS = 'system-ui, "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", sans-serif';

type Cards = Extract<Panel, { kind: 'cards' }>;
type Drawing = Extract<Panel, { kind: 'chart' }>;
type List = Extract<Panel, { kind: 'table' }>;

export function sectionView(section: Section, drawer: Drawer): Html {
  return html`<section class="section" aria-labelledby="section-${section.name}">
<h2 id="section-${section.name}">${section.title}</h2>
${section.notice === undefined ? '' : html`<p class="notice plain">${section.notice}</p>`}
<div class="panels">
${placed(section.panels).map((place, n) => panelView(place, `${section.name}-${n}`, drawer))}
</div>
${explanations(section, drawer.reader)}
</section>`;
}

/** A panel, whether it is as wide as the page, and whether the table after it has the figures of this chart. */
interface Place<Of extends Panel = Panel> {
  readonly panel: Of;
  readonly isWide: boolean;
  readonly hasTable: boolean;
}

/** Neighbours that are small enough share a line; their order stays. */
function placed(panels: readonly Panel[]): readonly Place[] {
  const places: Place[] = [];
  for (let n = 0; n < panels.length; n++) {
    const [panel, next] = [panels[n]!, panels[n + 1]];
    // A chart belongs to the table after it, not to the one before.
    const isApart = panel.kind === 'table' && next?.kind === 'chart';
    const isPair = next !== undefined && !isApart && isSmall(panel) && isSmall(next);
    places.push(placeOf(panel, next, !isPair));
    if (isPair) places.push(placeOf(panels[++n]!, panels[n + 1], false));
  }
  return places;
}

function placeOf(panel: Panel, next: Panel | undefined, isWide: boolean): Place {
  const hasTable =
    panel.kind === 'chart' && next?.kind === 'table' && next.title === panel.title && next.rows.length > 0;
  return { panel, isWide, hasTable };
}

function isSmall(panel: Panel): boolean {
  switch (panel.kind) {
    case 'cards':
      return false;
    case 'table':
      return panel.columns.length <= 5 && panel.rows.every(({ ticket }) => ticket === undefined);
    case 'chart':
      return panel.chart.kind !== 'heat-map' && panel.chart.kind !== 'scatter' && panel.chart.categories.length <= 24;
  }
}

function panelView({ panel, ...place }: Place, id: string, drawer: Drawer): Html {
  switch (panel.kind) {
    case 'cards':
      return cardsView(panel, id, drawer);
    case 'chart':
      return chartView({ panel, ...place }, id, drawer);
    case 'table':
      return listView({ panel, ...place }, id, drawer);
  }
}

function cardsView({ title, cards }: Cards, id: string, drawer: Drawer): Html {
  return html`<section class="panel wide" aria-labelledby="panel-${id}">
<h3 id="panel-${id}">${title}</h3>
<ul class="cards">${cards.map((card) => cardView(card, drawer))}</ul>
</section>`;
}

function cardView(card: Card, { reader, addresses }: Drawer): Html {
  const { locale } = reader;
  const [figure, unit = ''] = valueText(card.value, card.unit, reader).split(' ');
  const note = card.value === null && card.note === '' ? say(locale, 'web-nothing-measured') : card.note;
  return html`<li class="card"><a href="${addresses.drill(card.drill)}">
<span class="label">${card.label}</span>
<span class="figure">${figure} ${unit === '' ? '' : html`<small>${unit}</small>`}</span>
${changeOf(card, reader)}
</a>
<p class="note">${note}</p></li>`;
}

/** The change against the period before: arrow, size and in words whether it is for the better. */
function changeOf({ value, before, unit, isBetter }: Card, reader: Reader): Html {
  const { locale } = reader;
  if (before === null) return html`<span class="change none">${say(locale, 'web-no-before')}</span>`;
  const then = say(locale, 'web-before', { value: valueText(before, unit, reader) });
  if (value === null || value === before) {
    return html`<span class="change none">${value === null ? '' : say(locale, 'web-unchanged')} <span class="before">${then}</span></span>`;
  }
  const arrow = value > before ? '▲' : '▼';
  const word = isBetter === null ? '' : say(locale, isBetter ? 'web-better' : 'web-worse');
  const look = isBetter === null ? 'none' : isBetter ? 'good' : 'bad';
  return html`<span class="change ${look}"><span class="by"><span aria-hidden="true">${arrow}</span> ${changeText({ value, before, unit }, reader)} ${word}</span> <span class="before">${then}</span></span>`;
}

/** Shares change by points, scores by their difference, all else by a part of what it was. */
function changeText(
  { value, before, unit }: { readonly value: number; readonly before: number; readonly unit: Card['unit'] },
  reader: Reader,
): string {
  const sign = value > before ? '+' : '−';
  if (unit === 'percent') {
    return say(reader.locale, 'web-points', {
      value: sign + numberText(Math.abs(value - before) * 100, 1, reader.locale),
    });
  }
  if (unit === 'score' || before === 0) return sign + valueText(Math.abs(value - before), unit, reader);
  return `${sign}${numberText((Math.abs(value - before) / Math.abs(before)) * 100, 0, reader.locale)}%`;
}

function chartView({ panel, isWide, hasTable }: Place<Drawing>, id: string, drawer: Drawer): Html {
  const { reader, addresses } = drawer;
  const { locale } = reader;
  const { title, chart, note } = panel;
  const { columns, rows } = chartTable(panel, locale);
  const isNothing = (value: number | null): boolean => value === null || (value === 0 && chart.format === '0');
  const isEmpty = chart.series.every(({ values }) => values.every(isNothing));
  const drills = (panel.drills ?? []).map((drill) => (drill === null ? null : addresses.drill(drill)));
  return html`<section class="panel${isWide ? ' wide' : ''}" aria-labelledby="panel-${id}">
<h3 id="panel-${id}">${title}</h3>
${
  isEmpty
    ? emptyView(reader)
    : html`<div class="chart" role="img" aria-label="${say(locale, 'web-chart-of', { title })}" data-chart="${id}" data-kind="${chart.kind}" data-rows="${String(chart.kind === 'heat-map' ? chart.series.length : chart.categories.length)}"
 data-option="${JSON.stringify(chartOption(chart, { fontFamily: FONTS }))}" data-narrow="${JSON.stringify(chartOption(chart, { fontFamily: FONTS, isNarrow: true }))}" data-links="${JSON.stringify(drills)}" data-names="${JSON.stringify(chart.categories)}"></div>
${
  hasTable
    ? ''
    : html`<details class="as-table" data-keep="table-${id}"><summary>${say(locale, 'web-as-table')}</summary>
${tableView({ name: id, caption: title, columns, rows }, drawer)}
</details>`
}`
}
${note === undefined || note === '' ? '' : html`<p class="note">${note}</p>`}
</section>`;
}

/** The figures of a chart as columns and rows: what is read where a picture cannot be seen. */
function chartTable(
  { chart, drills }: Drawing,
  locale: Reader['locale'],
): { readonly columns: readonly TableColumn[]; readonly rows: readonly TableRow[] } {
  const { kind, categories, series, xTitle, yTitle } = chart;
  const unitOf = (onSecondAxis = false): TableColumn['unit'] => unitOfFormat(onSecondAxis ? '0.0' : chart.format);
  const first: TableColumn = {
    label: say(locale, kind === 'scatter' ? 'web-name-column' : 'web-category'),
    unit: 'text',
  };
  const shade = kind === 'heat-map' ? ({ shade: 'scale' } as const) : {};
  const columns = series.flatMap((each): readonly TableColumn[] => {
    const own: TableColumn = { label: each.name, unit: unitOf(each.onSecondAxis), ...shade };
    if (kind !== 'scatter') return [own];
    const suffix = series.length === 1 ? '' : ` (${each.name})`;
    return [
      { label: (xTitle ?? 'x') + suffix, unit: 'decimal' },
      { ...own, label: (yTitle ?? each.name) + suffix },
    ];
  });
  const rows = categories.map((name, n): TableRow => {
    const drill = drills?.[n] ?? null;
    const cells = series.flatMap((each) =>
      kind === 'scatter' ? [each.x?.[n] ?? null, each.values[n] ?? null] : [each.values[n] ?? null],
    );
    return { cells: [name, ...cells], ...(drill === null ? {} : { drill }) };
  });
  return { columns: [first, ...columns], rows };
}

/** Values of a chart stand as they are shown: hours as hours. */
function unitOfFormat(format: Chart['format']): TableColumn['unit'] {
  if (format.endsWith('%')) return 'percent';
  return /\.0/.test(format) ? 'decimal' : 'count';
}

function listView({ panel, isWide }: Place<List>, id: string, drawer: Drawer): Html {
  const { title, columns, rows, note } = panel;
  return html`<section class="panel${isWide ? ' wide' : ''}" aria-labelledby="panel-${id}">
<h3 id="panel-${id}">${title}</h3>
${rows.length === 0 ? emptyView(drawer.reader) : tableView({ name: id, caption: title, columns, rows }, drawer)}
${note === undefined || note === '' ? '' : html`<p class="note">${note}</p>`}
</section>`;
}

function emptyView({ locale }: Reader): Html {
  return html`<p class="empty">${say(locale, 'web-empty-panel')}</p>`;
}

/** What the figures of the cards measure, for people who want to check them. */
function explanations({ panels, name }: Section, { locale }: Reader): Html {
  const names = panels.flatMap((panel) => (panel.kind === 'cards' ? panel.cards.map(({ kpi }) => kpi) : []));
  const shown = [...new Set(names)].flatMap((each) => kpiOf(each) ?? []);
  if (shown.length === 0) return html``;
  return html`<details class="explained" data-keep="explained-${name}"><summary>${say(locale, 'web-explained')}</summary>
<dl>${shown.map(({ label, summary }) => html`<dt>${label[locale]}</dt><dd>${summary[locale]}</dd>`)}</dl></details>`;
}
