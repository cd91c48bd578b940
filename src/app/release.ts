/** `release`: a person says that what a guard held is meant. */
import { z } from 'zod';
import { say } from '../messages/index.ts';
import { NotFoundError } from '../model/errors.ts';
import { nearest } from '../model/nearest.ts';
import { releaseBinding } from '../sync/release.ts';
import { operation } from './operation.ts';

export interface ReleaseResult {
  readonly binding: string;
  /** Guards that were let go; empty when nothing was held. */
  readonly released: readonly string[];
}

/** Releases all guards of a binding, named `workbook/tab` or by its tab alone where only one has that name. */
export const release = operation({
  name: 'release',
  input: z.strictObject({ binding: z.string() }),
  async run(app, input): Promise<ReleaseResult> {
    const all = app.workbooks.flatMap(({ bindings }) => bindings);
    const named = all.filter(({ id, tab }) => id === input.binding || tab === input.binding);
    const [binding] = named;
    if (binding === undefined || named.length > 1) {
      const { locale } = app.settings;
      const ids = all.map(({ id }) => id);
      const meant = nearest(input.binding, ids);
      throw new NotFoundError('unknown-binding', say(locale, 'cli-unknown-binding', { name: input.binding }), {
        hint: say(locale, meant === null ? 'cli-unknown-binding-hint' : 'cli-did-you-mean', {
          known: ids.join(', '),
          meant: meant ?? '',
        }),
        details: { binding: input.binding, known: ids },
      });
    }
    const { released } = await releaseBinding(app.database.store, binding);
    return { binding: binding.id, released };
  },
});
