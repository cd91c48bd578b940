import type { Texts } from './catalogue.ts';

export const cli = {} as const satisfies Texts;
