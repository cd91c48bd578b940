import type { Texts } from './catalogue.ts';

export const problems = {} as const satisfies Texts;
