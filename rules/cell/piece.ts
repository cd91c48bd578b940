/** The text of a cell cut into pieces that remember where they stood, so that a fault can point at its place. */
import { plainText } from '../../src/model/typed.ts';

/** Trimmed text, and where it begins in the cleaned text of the cell. */
export interface Piece {
  readonly text: string;
  readonly at: number;
}

/** A cell's text cleaned character by character: full-width forms plain, unseen characters gone, line breaks `\n`, other blanks one space. */
export interface CleanedText {
  readonly piece: Piece;
  /** Where a place of the cleaned text stands in the typed one. */
  typedAt(at: number): number;
}

const LINE_BREAK = /[\n\v\f\r\u0085\u2028\u2029]/;
const BLANK = /\s/;

export function cleanText(typed: string): CleanedText {
  let text = '';
  const places: number[] = [];
  let at = 0;
  for (const character of typed) {
    let clean = plainText(character);
    if (LINE_BREAK.test(character)) clean = '\n';
    else if (clean === '' && BLANK.test(character)) clean = ' ';
    // Blank lines part nothing, and CR with LF is one line break.
    if (clean === '\n' && /\n\s*$/.test(text)) clean = '';
    text += clean;
    for (let i = 0; i < clean.length; i++) places.push(at);
    at += character.length;
  }
  return { piece: cut({ text, at: 0 }, 0), typedAt: (place) => places[place] ?? typed.length };
}

/** Part of a piece, without blanks at its ends. */
export function cut(piece: Piece, from: number, to = piece.text.length): Piece {
  const text = piece.text.slice(from, to);
  const trimmed = text.trimStart();
  return { text: trimmed.trimEnd(), at: piece.at + from + (text.length - trimmed.length) };
}

const FOLDS_KEPT = 10_000;
const folds = new Map<string, string>();

/** What two spellings of one text share: NFKC, no unseen characters, single blanks, lower case. Answers are kept, because columns repeat their values. */
export function fold(text: string): string {
  const known = folds.get(text);
  if (known !== undefined) return known;
  const folded = plainText(plainText(text).toLowerCase());
  if (folds.size >= FOLDS_KEPT) folds.clear();
  folds.set(text, folded);
  return folded;
}
