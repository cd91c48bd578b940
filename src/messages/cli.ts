/** What the command line says. Faults of `rowkeeper.json` stand in `config.ts`. */
import type { Texts } from './catalogue.ts';
import { config } from './config.ts';

export const cli = {
  ...config,
} as const satisfies Texts;
