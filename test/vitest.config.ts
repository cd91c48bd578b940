/**
 * How the suite runs: two workers, because the machines it must pass on have two cores. Files leave nothing behind and
 * share a worker, so that modules, the embedded database and the drawn demo are loaded once. The few in `alone` have a
 * process to themselves: they run long and start first, so that both workers end together, or put something else in the place of a module.
 */
import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

const alone = ['test/sync/**/*.test.ts', 'test/witness/**/*.test.ts', 'test/web/browser.test.ts'];
const outside = ['**/node_modules/**'];

export default defineConfig({
  test: {
    root: resolve(import.meta.dirname, '..'),
    globalSetup: resolve(import.meta.dirname, 'db/global-setup.ts'),
    reporters: ['default', resolve(import.meta.dirname, 'reporter.ts')],
    // Nothing is timed: this only ends what hangs, and machines are busy.
    testTimeout: 300_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'alone', include: alone, exclude: outside } },
      {
        extends: true,
        test: { name: 'shared', include: ['test/**/*.test.ts'], exclude: [...outside, ...alone], isolate: false },
      },
    ],
  },
});
