/** The kill table: a simulator that does not catch a planted bug would not catch a real one either. */
import { expect, test } from 'vitest';
import { playHistories } from './simulator/histories.ts';
import { mutants } from './simulator/mutants.ts';
import { play } from './simulator/play.ts';

for (const { name, model, budget, mutation } of mutants) {
  test(`caught within ${budget} histories: ${name}`, async () => {
    const { failure, played } = await playHistories({
      ...(model === undefined ? {} : { model }),
      histories: budget,
      seed: 7,
      mutation,
      shrink: false,
    });
    expect(failure, `survived ${played} histories`).not.toBeNull();
    // It is the planted bug that was caught, not one of the engine's own.
    const { violations } = await play(failure!.tape);
    expect(violations).toEqual([]);
  });
}
