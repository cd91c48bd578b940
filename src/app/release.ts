/** `release`: a person says that what a guard held is meant. */
import { z } from 'zod';
import type { App } from '../app.ts';
import { holdName } from '../automation/hold.ts';
import { letGo } from '../automation/let-go.ts';
import { heldEvents } from '../db/pending-events.ts';
import { say } from '../messages/index.ts';
import { NotFoundError } from '../model/errors.ts';
import { nearest } from '../model/nearest.ts';
import { wordKey } from '../model/typed.ts';
import { releaseBinding } from '../sync/release.ts';
import { operation } from './operation.ts';

export interface ReleaseResult {
  /** `workbook/tab`, or `rules/NAME`. */
  readonly binding: string;
  /** Guards that were let go; empty when nothing was held. */
  readonly released: readonly string[];
  /** Events a rule is let go on with; absent for a tab. */
  readonly events?: number;
  /** Rules that hold some of the same events and are to be released too; absent when there are none. */
  readonly held_by?: readonly string[];
}

/** What rules hold is named `rules/` and the rule. */
const RULES = 'rules/';

/**
 * Releases all guards of a binding, named `workbook/tab` or by its tab alone where only one has that name; or the events
 * that wait because a rule would act on too many tickets at once, named `rules/NAME`.
 */
export const release = operation({
  name: 'release',
  input: z.strictObject({ binding: z.string() }),
  async run(app, input): Promise<ReleaseResult> {
    const all = app.workbooks.flatMap(({ bindings }) => bindings);
    const named = all.filter(({ id, tab }) => id === input.binding || tab === input.binding);
    const [binding] = named;
    if (binding !== undefined && named.length === 1) {
      const { released } = await releaseBinding(app.database.store, binding);
      return { binding: binding.id, released };
    }
    const held = await heldEvents(app.database.db);
    if (input.binding.startsWith(RULES)) {
      const name = await heldName(app, input.binding, held);
      if (name !== null) return await releaseRule(app, name);
    }
    const { locale } = app.settings;
    const known = [...all.map(({ id }) => id), ...held];
    const meant = nearest(input.binding, known);
    throw new NotFoundError('unknown-binding', say(locale, 'cli-unknown-binding', { name: input.binding }), {
      hint: say(locale, meant === null ? 'cli-unknown-binding-hint' : 'cli-did-you-mean', {
        known: known.join(', '),
        meant: meant ?? '',
      }),
      details: { binding: input.binding, known },
    });
  },
});

/** The name a rule's events are held by; null for a rule nobody knows. Blanks and case do not matter. */
async function heldName(app: App, typed: string, held: readonly string[]): Promise<string | null> {
  const { rules } = await app.keeper.current();
  const known = [...held, ...(rules?.rows ?? []).map(({ name }) => holdName(name))];
  return known.find((name) => wordKey(name) === wordKey(typed)) ?? null;
}

async function releaseRule(app: App, name: string): Promise<ReleaseResult> {
  const { transact } = app.database;
  const { events, heldBy } = await transact(null, (tx, store) => letGo(tx, store, name, 'release', app.clock.now()));
  const others = heldBy.length === 0 ? {} : { held_by: heldBy };
  return { binding: name, released: events === 0 ? [] : ['rules'], events, ...others };
}
