/** Figures in words, alike on a terminal, on a page and in a letter. Pure. */
import { type Locale, say } from '../messages/index.ts';
import { wallText } from '../model/wall-clock.ts';
import type { Card, Panel, Section, Unit } from './section.ts';

/** A value as people read it; nothing to measure is a dash. Zone: of instants. */
export function shownValue(value: string | number | null, unit: Unit, locale: Locale, timeZone: string): string {
  if (value === null) return '–';
  if (typeof value === 'string') return value;
  return unit === 'instant' ? wallText(value, timeZone) : numberText(value, unit, locale);
}

/** A number in the precision of its unit. */
export function numberText(value: number, unit: Unit, locale: Locale): string {
  switch (unit) {
    case 'hours':
      return say(locale, 'kpi.hours', { hours: (value / 3600).toFixed(1) });
    case 'percent':
      return `${(value * 100).toFixed(1)}%`;
    case 'change':
      return `${value > 0 ? '+' : ''}${(value * 100).toFixed(1)}%`;
    case 'score':
      return value.toFixed(2);
    case 'decimal':
      return value.toFixed(1);
    default:
      return String(value);
  }
}

/** `↑ 12.5% 较上期` with a sign; null without a period before to compare with. Shares change by points. */
export function shownChange({ value, before, unit }: Card, locale: Locale): string | null {
  if (value === null || before === null) return null;
  if (value === before) return say(locale, 'kpi.change.none');
  const arrow = value > before ? '↑' : '↓';
  const size = Math.abs(value - before);
  if (unit === 'percent') return say(locale, 'kpi.change.points', { arrow, points: (size * 100).toFixed(1) });
  if (before === 0) return say(locale, 'kpi.change.from-none', { arrow, value: numberText(size, unit, locale) });
  return say(locale, 'kpi.change.part', { arrow, percent: ((size / Math.abs(before)) * 100).toFixed(1) });
}

/** A panel as rows with a header: what a terminal and a CSV show of it. */
export function panelRows(panel: Panel, locale: Locale): readonly (readonly (string | number | null)[])[] {
  switch (panel.kind) {
    case 'cards':
      return [
        ['figure', 'value', 'before', 'note'].map((key) => say(locale, `kpi.column.${key}`)),
        ...panel.cards.map((card) => [card.label, card.value, card.before, card.note]),
      ];
    case 'chart': {
      const { categories, series } = panel.chart;
      return [
        ['', ...series.map(({ name }) => name)],
        ...categories.map((name, n) => [name, ...series.map(({ values }) => values[n] ?? null)]),
      ];
    }
    case 'table':
      return [panel.columns.map(({ label }) => label), ...panel.rows.map(({ cells }) => cells)];
  }
}

/** The charts of sections by a name that is good for a file. */
export function chartsOf(
  sections: readonly Section[],
): readonly { readonly name: string; readonly panel: Extract<Panel, { kind: 'chart' }> }[] {
  return sections.flatMap(({ name, panels }) =>
    panels.flatMap((panel) => (panel.kind === 'chart' ? [{ name: `${name}-${panel.chart.name}`, panel }] : [])),
  );
}
