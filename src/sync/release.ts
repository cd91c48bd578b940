/** A person says that what a guard held is meant: the next run goes ahead with it, once. */
import type { Binding } from '../model/binding.ts';
import type { Store } from '../store.ts';
import { guardKey } from './guard.ts';
import { guardNameOf, isTabGuard } from './problems.ts';

/**
 * Releases everything that is held in a binding: the tab, its columns, its deletions. It answers the open guard problems
 * with 采用我的, so a run that is under way cannot lose it. Returns the released guards, in the form `guard` or
 * `guard:field`; empty when nothing was held or the binding was never run.
 */
export async function releaseBinding(
  store: Store,
  binding: Pick<Binding, 'id' | 'table'>,
): Promise<{ readonly released: readonly string[] }> {
  const known = await store.loadProblems(binding.id);
  const guards = known.filter((problem) => isTabGuard(problem) && problem.state === 'open');
  if (guards.length > 0) {
    await store.transaction(null, async (tx) => {
      for (const problem of guards) await tx.answerProblem(problem.key, 'use-mine');
      // Guards name no record: a mark that belongs to none wakes the binding.
      await tx.markDirty(binding.table, [0]);
    });
  }
  return { released: [...new Set(guards.map((problem) => guardKey(guardNameOf(problem), problem.field)))] };
}
