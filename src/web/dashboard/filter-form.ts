/** What the figures are of: a plain form that works without any program, and what is picked now. */
import { html } from 'hono/html';
import type { Choices } from '../../kpi/choices.ts';
import { dimensionWords, namesText } from '../../kpi/filter-text.ts';
import { movingPeriods, type Period } from '../../kpi/period.ts';
import { type Dimension, dimensions, type Filter } from '../../kpi/query.ts';
import { say } from '../../messages/index.ts';
import type { Html } from './frame.ts';
import type { Addresses, Question } from './question.ts';
import { dayText, dimensionLabel, nameText, type Reader } from './words.ts';

/** Dimensions the form offers; the others come with a drill-down and go with a click. */
const offered: readonly Dimension[] = [
  'team',
  'person',
  'productLine',
  'issueType',
  'customerLevel',
  'customer',
  'priority',
];

/** A list longer than this is typed into, not picked from. */
const MOST_OPTIONS = 60;
/** Suggestions while typing. */
const MOST_SUGGESTIONS = 500;

export interface FormWorld {
  readonly question: Question;
  readonly addresses: Addresses;
  readonly choices: Choices;
  readonly period: Period;
  readonly reader: Reader;
  /** What the language is where the address names none. */
  readonly usualLocale: string;
  /** Where the form leads. */
  readonly path: string;
}

export function filterForm(world: FormWorld): Html {
  const { question, period, reader, path, usualLocale } = world;
  const { locale } = reader;
  const isMoving = (movingPeriods as readonly string[]).includes(question.period);
  const isOpen = offered.some((dimension) => question.filter[dimension] !== undefined);
  const kept = dimensions.filter((each) => !offered.includes(each) && question.filter[each] !== undefined);
  return html`<form class="filters" method="get" action="${path}" aria-label="${say(locale, 'web-filters')}">
${locale === usualLocale ? '' : html`<input type="hidden" name="lang" value="${locale}">`}
${kept.map((each) => html`<input type="hidden" name="${dimensionWords[each]}" value="${namesText(question.filter[each]!)}">`)}
<div class="line">
<label>${say(locale, 'web-period')}
<select name="period">
${movingPeriods.map((word) => option(word, say(locale, `web-period-${word}`), word === question.period))}
${option(isMoving ? 'custom' : question.period, isMoving ? say(locale, 'web-period-custom') : period.name, !isMoving)}
${isMoving ? '' : option('custom', say(locale, 'web-period-custom'), false)}
</select></label>
<label>${say(locale, 'web-from')}
<input type="date" name="from" value="${dayText(period.from, reader)}"></label>
<label>${say(locale, 'web-to')}
<input type="date" name="to" value="${dayText(period.to - 1, reader)}"></label>
<label>${say(locale, 'web-hours-counted')}
<select name="hours">
${(['business', 'calendar'] as const).map((word) => option(word, say(locale, `web-hours-${word}`), word === question.hours))}
</select></label>
<button type="submit">${say(locale, 'web-apply')}</button>
</div>
<details${isOpen ? html` open` : ''} data-keep="filters"><summary>${say(locale, 'web-more-filters')}</summary>
<div class="line">
${offered.map((dimension) => dimensionField(dimension, world))}
</div></details>
</form>
${chips(world)}`;
}

function option(value: string, label: string, isPicked: boolean): Html {
  return html`<option value="${value}"${isPicked ? html` selected` : ''}>${label}</option>`;
}

function dimensionField(dimension: Dimension, { question, choices, reader }: FormWorld): Html {
  const { locale } = reader;
  const word = dimensionWords[dimension];
  const names = choices[dimension];
  const picked = question.filter[dimension] ?? [];
  const label = dimensionLabel(dimension, locale);
  if (names.length > MOST_OPTIONS) {
    return html`<label>${label}
<input name="${word}" list="names-${word}" value="${namesText(picked)}" placeholder="${say(locale, 'web-any')}" autocomplete="off">
<datalist id="names-${word}">${names.slice(0, MOST_SUGGESTIONS).map((name) => html`<option value="${namesText([name])}"></option>`)}</datalist></label>`;
  }
  const value = namesText(picked);
  // Several names, as a drill-down may bring them, are one entry of the list.
  const isListed = picked.length === 0 || names.some((name) => namesText([name]) === value);
  return html`<label>${label}
<select name="${word}">
${option('', say(locale, 'web-any'), picked.length === 0)}
${isListed ? '' : option(value, picked.map((name) => nameText(dimension, name, locale)).join('、'), true)}
${names.map((name) => option(namesText([name]), nameText(dimension, name, locale), namesText([name]) === value))}
</select></label>`;
}

/** What is picked, each with a link that lets it go. */
export function chips({
  question,
  addresses,
  reader,
  path,
}: Omit<FormWorld, 'choices' | 'period' | 'usualLocale'>): Html {
  const { locale } = reader;
  const picked = dimensions.filter((dimension) => question.filter[dimension] !== undefined);
  if (picked.length === 0) return html``;
  return html`<ul class="chips" aria-label="${say(locale, 'web-picked')}">
${picked.map((dimension) => {
  const { [dimension]: names = [], ...others } = question.filter;
  const text = names.map((name) => nameText(dimension, name, locale)).join('、');
  const filter: Filter = others;
  return html`<li><span>${dimensionLabel(dimension, locale)}: ${text}</span> <a href="${addresses.of(path, { filter })}" aria-label="${say(locale, 'web-drop', { name: `${dimensionLabel(dimension, locale)} ${text}` })}">✕</a></li>`;
})}
</ul>`;
}
