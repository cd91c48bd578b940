/** A person says that what a guard held is meant: the next run goes ahead with it, once. */
import type { Binding } from '../model/binding.ts';
import type { Clock } from '../ports.ts';
import type { Store } from '../store.ts';
import { type GuardName, guardKey } from './guard.ts';

/**
 * Releases everything that is held in a binding: the tab, its columns, its deletions. Returns the released guards, in the
 * form `guard` or `guard:field`; empty when nothing was held or the binding was never run.
 */
export async function releaseBinding(
  store: Store,
  binding: Pick<Binding, 'id' | 'table'>,
  clock: Clock,
): Promise<{ readonly released: readonly string[] }> {
  const head = await store.loadBindingHead(binding.id);
  if (head === null) return { released: [] };
  const guards = (await store.loadProblems(binding.id)).filter((problem) => problem.kind === 'guard');
  const released = [
    ...new Set(guards.map((problem) => guardKey(problem.message.slice('guard.'.length) as GuardName, problem.field))),
  ];
  if (released.length === 0) return { released };
  const now = clock.now();
  await store.transaction(null, async (tx) => {
    await tx.saveBinding(binding.id, binding.table, { released: [...new Set([...head.released, ...released])] });
    await tx.closeProblems(
      guards.map((problem) => problem.key),
      'resolved',
      now,
    );
    await tx.markDirty('problems', [0]);
  });
  return { released };
}
