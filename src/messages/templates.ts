import type { Texts } from './catalogue.ts';

export const templates = {} as const satisfies Texts;
