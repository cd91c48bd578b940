import type { Texts } from './catalogue.ts';

export const fields = {} as const satisfies Texts;
