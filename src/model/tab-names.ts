/**
 * Names of tabs inside formulas and links of a plan, exchanged for the names the tabs have now. A person may rename a tab
 * we wrote; a plan still calls it what it was called when it was made.
 */

/** What a tab is called now, by the name a plan gives it; a tab that is not of the plan keeps its name. */
export type NameNow = (planned: string) => string;

/** A tab's name as a reference writes it: always in quotes, which is right for every name. */
export function quoteTab(name: string): string {
  return `'${name.replaceAll("'", "''")}'`;
}

/** Texts, and names of tabs before their `!`. */
const TEXT_OR_TAB = /"(?:[^"]|"")*"|'((?:[^']|'')+)'!|(?<![#\p{L}\p{N}_.])([\p{L}_\\][\p{L}\p{M}\p{N}_.\\]*)!/gu;

/** A formula of a plan with the names its tabs have now. */
export function withNamesNow(formula: string, now: NameNow): string {
  return formula.replace(TEXT_OR_TAB, (whole, quoted?: string, plain?: string) => {
    const name = quoted === undefined ? plain : quoted.replaceAll("''", "'");
    return name === undefined ? whole : `${quoteTab(now(name))}!`;
  });
}

/** Two formulas that an app would call the same: quotes about names, blanks and case outside texts do not count. */
export function sameFormula(a: string, b: string): boolean {
  return a === b || canonicalFormula(a) === canonicalFormula(b);
}

/** One text for all ways an app writes a formula. */
export function canonicalFormula(formula: string): string {
  const texts: string[] = [];
  const kept = formula.replace(TEXT_OR_TAB, (whole, quoted?: string, plain?: string) => {
    const name = quoted === undefined ? plain : quoted.replaceAll("''", "'");
    texts.push(name === undefined ? whole : `${name}!`);
    return '\u0001';
  });
  return `${kept.replace(/\s+/g, '').toUpperCase()}\u0002${texts.join('\u0001').normalize('NFC')}`;
}

/** Place a link inside the workbook leads to, with the names tabs have now: `'明细'!A1`. */
export function placeOfLink(link: string, now: NameNow): string {
  const match = /^#(?:'((?:[^']|'')+)'|([^'!]+))!(.+)$/.exec(link);
  if (match === null) return link.slice(1);
  const name = match[1] === undefined ? (match[2] as string) : match[1].replaceAll("''", "'");
  return `${quoteTab(now(name))}!${match[3]}`;
}
