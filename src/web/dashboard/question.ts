/** What an address of the dashboard asks, and the address of what is asked. Whatever cannot be read is told by name. */
import { bothFilters } from '../../app/access.ts';
import type { Choices } from '../../kpi/choices.ts';
import { dimensionWords, filterName, namesText, readNames } from '../../kpi/filter-text.ts';
import { readPeriod } from '../../kpi/period.ts';
import { type Dimension, dimensions, type Filter } from '../../kpi/query.ts';
import type { Drill } from '../../kpi/section.ts';
import { type Locale, say } from '../../messages/index.ts';
import { InputError } from '../../model/errors.ts';
import { nearest } from '../../model/nearest.ts';
import { dimensionLabel } from './words.ts';

/** What every page is asked. */
export interface Question {
  readonly locale: Locale;
  /** As people write it. */
  readonly period: string;
  readonly hours: 'business' | 'calendar';
  /** What the address picks; what the pass allows comes on top. */
  readonly filter: Filter;
}

export interface QuestionWorld {
  readonly locale: Locale;
  /** The language where the address names none. */
  readonly usual: { readonly locale: Locale; readonly hours: 'business' | 'calendar' };
  readonly timeZone: string;
  readonly now: number;
  readonly choices: Choices;
}

export const usualPeriod = 'month';

/** 1970 to 2200: what an instant of a ticket can be. */
const EARLIEST = 0;
export const LATEST = 7_258_118_400_000;

/** The language an address asks for. Never throws: the refusal of the rest is told in some language. */
export function localeOf(params: URLSearchParams, usual: Locale): Locale {
  const lang = params.get('lang');
  return lang === 'en' || lang === 'zh-CN' ? lang : usual;
}

/**
 * Reads an address. Throws `InputError`: `web-parameter` for one that is not known (`more` names those of the page),
 * `web-value` for a word that is none, `kpi-period`, `web-name` for a name no ticket has.
 */
export function readQuestion(params: URLSearchParams, world: QuestionWorld, more: readonly string[] = []): Question {
  const { locale, usual, choices } = world;
  const known = ['lang', 'period', 'hours', 'from', 'to', ...dimensions.map((each) => dimensionWords[each]), ...more];
  for (const key of params.keys()) {
    if (!known.includes(key))
      throw wrong('web-parameter', locale, { name: key, meant: nearest(key, known) ?? known[1]! });
  }
  oneOf(params, 'lang', ['zh-CN', 'en'], locale);
  const filter: Partial<Record<Dimension, readonly string[]>> = {};
  for (const dimension of dimensions) {
    const texts = params.getAll(dimensionWords[dimension]).flatMap(readNames);
    const names = texts.map((name) => filterName(dimension, name));
    for (const name of names) checkName(name, dimension, choices, locale);
    if (names.length > 0) filter[dimension] = [...new Set(names)];
  }
  return {
    locale,
    period: readPeriodText(params, world, more),
    hours: (oneOf(params, 'hours', ['business', 'calendar'], locale) ?? usual.hours) as Question['hours'],
    filter,
  };
}

function checkName(name: string, dimension: Dimension, choices: Choices, locale: Locale): void {
  const known = choices[dimension];
  // A field with several values is also asked for as it stands in the ticket.
  if (known.includes(name) || (name.includes('、') && name.split('、').every((part) => known.includes(part)))) return;
  const meant = nearest(name, known);
  throw new InputError('web-name', say(locale, 'web-name', { field: dimensionLabel(dimension, locale), name }), {
    hint: meant === null ? say(locale, 'web-name-hint') : say(locale, 'web-did-you-mean', { meant }),
  });
}

/** The word of a parameter, undefined where it is left out. Throws `InputError` (`web-value`). */
export function oneOf(
  params: URLSearchParams,
  name: string,
  words: readonly string[],
  locale: Locale,
): string | undefined {
  const value = params.get(name) ?? '';
  if (value === '') return undefined;
  if (words.includes(value)) return value;
  throw wrong('web-value', locale, { name, value, known: words.join(', ') });
}

/** A whole number, undefined where it is left out. Throws `InputError` (`web-number`). */
export function wholeNumber(
  params: URLSearchParams,
  name: string,
  { least, most }: { readonly least: number; readonly most: number },
  locale: Locale,
): number | undefined {
  const value = params.get(name) ?? '';
  if (value === '') return undefined;
  const number = /^-?\d{1,16}$/.test(value) ? Number(value) : Number.NaN;
  if (number >= least && number <= most) return number;
  throw wrong('web-number', locale, { name, value });
}

/** A number, undefined where it is left out. Throws `InputError` (`web-number`). */
export function amount(params: URLSearchParams, name: string, locale: Locale): number | undefined {
  const value = params.get(name) ?? '';
  if (value === '') return undefined;
  if (/^-?\d{1,15}(\.\d{1,6})?$/.test(value)) return Number(value);
  throw wrong('web-number', locale, { name, value });
}

function wrong(code: string, locale: Locale, params: Readonly<Record<string, string>>): InputError {
  return new InputError(code, say(locale, code, params), { hint: say(locale, `${code}-hint`, params) });
}

/** `period`; or the two days of the form, where it says that they count and the page has no other use for them. */
function readPeriodText(
  params: URLSearchParams,
  { locale, now, timeZone }: QuestionWorld,
  more: readonly string[],
): string {
  const word = (params.get('period') ?? '').trim();
  const [from, to] = more.includes('kpi') ? ['', ''] : [params.get('from') ?? '', params.get('to') ?? ''];
  const isCustom = word === 'custom' || (word === '' && from !== '' && to !== '');
  const text = isCustom ? `${from}..${to}` : word === '' ? usualPeriod : word;
  const period = readPeriod(text, now, timeZone);
  if (period !== null && period.from >= EARLIEST && period.to <= LATEST) {
    return isCustom ? period.name : text.toLowerCase();
  }
  throw new InputError('kpi-period', say(locale, 'kpi-period', { value: text }), {
    hint: say(locale, isCustom ? 'web-days-hint' : 'kpi-period-hint'),
  });
}

/** Everything that may be seen of what is asked. */
export function allowedFilter(question: Question, pass: { readonly filter: Filter }): Filter {
  return bothFilters(question.filter, pass.filter);
}

export interface Addresses {
  /** The address of a page with the same question, changed where `change` says so. */
  of(path: string, change?: Partial<Question>, more?: Readonly<Record<string, string>>): string;
  /** The list of tickets behind a figure. */
  drill(drill: Drill): string;
}

/** Writes addresses that carry a question along; what is usual is left out. */
export function addressesOf(question: Question, { usual }: Pick<QuestionWorld, 'usual'>): Addresses {
  const of: Addresses['of'] = (path, change = {}, more = {}) => {
    const asked = { ...question, ...change };
    const params = new URLSearchParams(more);
    if (asked.period !== usualPeriod) params.set('period', asked.period);
    if (asked.hours !== usual.hours) params.set('hours', asked.hours);
    for (const dimension of dimensions) {
      const names = asked.filter[dimension];
      if (names !== undefined && names.length > 0) params.set(dimensionWords[dimension], namesText(names));
    }
    if (asked.locale !== usual.locale) params.set('lang', asked.locale);
    const text = params.toString();
    return text === '' ? path : `${path}?${text}`;
  };
  return {
    of,
    drill: ({ kpi, from, to, filter, atLeast, below, mode }) =>
      of(
        '/dashboard/tickets',
        { filter, ...(mode === undefined ? {} : { hours: mode }) },
        {
          kpi,
          from: String(from),
          to: String(to),
          ...(atLeast === undefined ? {} : { 'at-least': String(atLeast) }),
          ...(below === undefined ? {} : { below: String(below) }),
        },
      ),
  };
}
