/** How the suite runs: two workers, because the machines it must pass on have two cores. */
import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    root: resolve(import.meta.dirname, '..'),
    include: ['test/**/*.test.ts'],
    exclude: ['**/node_modules/**'],
    globalSetup: resolve(import.meta.dirname, 'db/global-setup.ts'),
    reporters: ['default', resolve(import.meta.dirname, 'reporter.ts')],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
  },
});
