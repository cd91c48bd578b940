/** Filters as people write them on the command line, checked against what tickets and people there are. */
import type { App } from '../app.ts';
import { choicesOf } from '../kpi/choices.ts';
import { dimensionFields, dimensionOf, dimensionWords, filterName, readNames } from '../kpi/filter-text.ts';
import { type Dimension, dimensions, type Filter } from '../kpi/query.ts';
import { say } from '../messages/index.ts';
import { InputError } from '../model/errors.ts';
import { nearest } from '../model/nearest.ts';
import { fieldOf } from '../model/tables.ts';
import { boardOf } from './board.ts';

/**
 * `team=华东|华北`, each name one that is known: a slip would show nothing, or lock somebody out of everything. Throws
 * `InputError`: `dashboard-bad-filter`, `web-name`.
 */
export async function readFilter(app: App, texts: readonly string[]): Promise<Filter> {
  if (texts.length === 0) return {};
  const { locale } = app.settings;
  const { facts, people } = await boardOf(app);
  const choices = choicesOf(facts, {}, people);
  const teams = people.flatMap(({ team }) => team ?? []);
  const filter: Partial<Record<Dimension, readonly string[]>> = {};
  for (const text of texts) {
    const [, word = '', value = ''] = /^([^=]+)=(.*)$/su.exec(text) ?? [];
    const dimension = dimensionOf(word.trim());
    const names = dimension === undefined ? [] : readNames(value).map((name) => filterName(dimension, name));
    if (dimension === undefined || names.length === 0) {
      const params = { text, known: dimensions.map((each) => `${dimensionWords[each]}=…`).join(' ') };
      throw new InputError('dashboard-bad-filter', say(locale, 'dashboard-bad-filter', params), {
        hint: say(locale, 'dashboard-bad-filter-hint', params),
      });
    }
    const known = dimension === 'team' ? [...choices.team, ...teams] : choices[dimension];
    for (const name of names) {
      if (known.includes(name)) continue;
      const field = fieldOf('tickets', dimensionFields[dimension])?.label[locale] ?? dimension;
      const meant = nearest(name, known);
      throw new InputError('web-name', say(locale, 'web-name', { field, name }), {
        hint: meant === null ? say(locale, 'dashboard-name-hint') : say(locale, 'web-did-you-mean', { meant }),
      });
    }
    filter[dimension] = [...new Set([...(filter[dimension] ?? []), ...names])];
  }
  return filter;
}
