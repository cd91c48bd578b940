/** How much room a text needs in a column: not every app fits a row to its text when it opens a file. */

/** Height of a line of the templates' font, in points. */
export const LINE_POINTS = 17;

/** Lines a text takes in a column so many characters wide; words that do not fit a line leave some of it empty. */
export function linesOf(text: string, width: number): number {
  const usable = Math.max(2, width - 1);
  return text.split('\n').reduce((sum, line) => sum + Math.max(1, Math.ceil(widthOf(line) / usable)), 0);
}

/** In characters of the default font, which is a little larger. */
function widthOf(text: string): number {
  return [...text].reduce((sum, character) => sum + (character.codePointAt(0)! > 0x2e80 ? 1.9 : 0.85), 0);
}
