/**
 * How the suite runs: two workers, because the machines it must pass on have two cores. Files of the folders in `shared`
 * leave nothing behind and share a worker, so that modules, the embedded database's code and the drawn demo are loaded once;
 * every other file has a process to itself.
 */
import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';

const shared = ['app', 'automation', 'config', 'model', 'notify', 'rules', 'templates'].map(
  (folder) => `test/${folder}/**/*.test.ts`,
);
const outside = ['**/node_modules/**'];

export default defineConfig({
  test: {
    root: resolve(import.meta.dirname, '..'),
    globalSetup: resolve(import.meta.dirname, 'db/global-setup.ts'),
    reporters: ['default', resolve(import.meta.dirname, 'reporter.ts')],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    maxWorkers: 2,
    projects: [
      { extends: true, test: { name: 'shared', include: shared, exclude: outside, isolate: false } },
      { extends: true, test: { name: 'alone', include: ['test/**/*.test.ts'], exclude: [...outside, ...shared] } },
    ],
  },
});
