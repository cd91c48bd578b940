/** What the settings of several channels share. */
import { z } from 'zod';

/** Name of an environment variable. Secrets stand nowhere else. */
export const variable = z.string().regex(/^[A-Za-z_][A-Za-z0-9_]{0,99}$/, 'name of an environment variable');

/** Where the vendor is reached, for a proxy of one's own. `https`, unless the host is listed as plain and local. */
export function baseUrl(usual: string) {
  return z
    .url({ protocol: /^https?$/ })
    .optional()
    .describe(`${usual} when left out.`);
}

/** What a place of a letter fills in a vendor's own template. */
export const placeName = z.string().min(1).max(60);

/**
 * A telephone number as digits with the country first, `8613800138000`: blanks, dashes and `+` go, a mainland number
 * without its country gets it. Null for what no vendor would take.
 */
export function internationalNumber(text: string): string | null {
  const digits = text.normalize('NFKC').replace(/[\s\-().]/g, '');
  const country = /^(?:\+|00)/.test(digits);
  const number = digits.replace(/^(?:\+|00)/, '');
  if (/^(?:86)?1[3-9]\d{9}$/.test(number)) return `86${number.slice(-11)}`;
  return country && /^[1-9]\d{6,14}$/.test(number) ? number : null;
}
