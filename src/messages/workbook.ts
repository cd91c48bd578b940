import type { Texts } from './catalogue.ts';

export const workbook = {} as const satisfies Texts;
