/** Cutting a cell at its separators: a list at `，、；`, line breaks and 或, a conjunction at 且. Quotes and brackets hold together. */
import { cut, type Piece } from './piece.ts';
import { Refusal } from './refusal.ts';

const QUOTES: Readonly<Record<string, string>> = {
  '"': '"',
  '“': '”',
  '„': '“',
  '「': '」',
  '『': '』',
  '«': '»',
};
const BRACKETS: Readonly<Record<string, string>> = { '{': '}', '[': ')]', '(': ')]' };
/** A line break after a comma belongs to it. */
const SEPARATOR = /[,、;] *\n?|\n/y;
/** 或许 and its kind are words; `3 or more`, `on or before` and `1 and above` are comparisons. */
const OR =
  /或者?(?![许然缺以])|(?<!\bon)\s+or\s+(?!(?:more|above|over|higher|later|longer|less|fewer|below|under|lower|earlier)\s*(?:$|[,、;\n])|equal(?![a-z]))/iy;
const AND = /\s*(?:并且|而且|且|&&)\s*|\s+and\s+(?!(?:above|over|up|below|under)\s*(?:$|[,、;\n]))/iy;

/** The text between quotes that hold the whole piece; null without quotes. An opening quote that never closes is a fault. */
export function unquoted(piece: Piece): string | null {
  const closing = QUOTES[piece.text[0] ?? ''];
  if (closing === undefined) return null;
  const end = endOfQuote(piece.text, 0);
  if (end === -1) {
    const bare = piece.text.replace(/^["“”„「『«]|["“”」』»]$/g, '');
    throw new Refusal('quote', piece, { suggestion: bare === '' ? null : `"${bare}"` });
  }
  return end === piece.text.length - 1 ? piece.text.slice(1, end) : null;
}

/** People's apps curl quotes as they like, so any closing sign of the family ends a straight or curly quote. */
function endOfQuote(text: string, start: number): number {
  const curly = '"“”„'.includes(text[start]!);
  for (let i = start + 1; i < text.length; i++) {
    if (curly ? '"“”'.includes(text[i]!) : text[i] === QUOTES[text[start]!]) return i;
  }
  return -1;
}

/** Where each separator stands outside quotes and brackets. */
function cuts(text: string, separators: readonly RegExp[]): readonly { readonly from: number; readonly to: number }[] {
  const found: { from: number; to: number }[] = [];
  let begins = true;
  const closers: string[] = [];
  const last = new Map(Object.values(BRACKETS).map((closing) => [closing, lastOf(text, closing)]));
  for (let i = 0; i < text.length; i++) {
    const character = text[i]!;
    if (QUOTES[character] !== undefined && (begins || character !== '"')) {
      const end = endOfQuote(text, i);
      if (end !== -1) {
        i = end;
        begins = false;
        continue;
      }
    }
    const closing = BRACKETS[character];
    if (closing !== undefined && last.get(closing)! > i) closers.push(closing);
    else if (closers.at(-1)?.includes(character)) closers.pop();
    else if (closers.length === 0) {
      const length = separators.map((separator) => lengthAt(separator, text, i)).find((each) => each > 0);
      if (length !== undefined) {
        found.push({ from: i, to: i + length });
        i += length - 1;
        begins = true;
        continue;
      }
    }
    begins = character === ' ';
  }
  return found;
}

/** Characters of a separator that begins at a place; 0 where it does not. */
function lengthAt(separator: RegExp, text: string, at: number): number {
  separator.lastIndex = at;
  return separator.exec(text)?.[0].length ?? 0;
}

/** Where the last of some signs stands; -1 when there is none. A bracket that never closes is a plain sign. */
function lastOf(text: string, signs: string): number {
  return Math.max(...Array.from(signs, (sign) => text.lastIndexOf(sign)));
}

function splitAt(piece: Piece, separators: readonly RegExp[]): readonly Piece[] {
  const parts: Piece[] = [];
  let from = 0;
  for (const each of cuts(piece.text, separators)) {
    parts.push(cut(piece, from, each.from));
    from = each.to;
  }
  parts.push(cut(piece, from));
  return parts;
}

/**
 * The items of a list. `isWord` tells a whole part that is one word of the column although 或 stands in it. An item
 * without anything is a fault.
 */
export function splitList(piece: Piece, isWord: (part: Piece) => boolean = () => false): readonly Piece[] {
  const items = splitAt(piece, [SEPARATOR]).flatMap((part) => (isWord(part) ? [part] : splitAt(part, [OR])));
  const empty = items.find((item) => item.text === '');
  if (empty !== undefined && items.length > 1) throw new Refusal('empty-item', { text: piece.text, at: empty.at });
  return items;
}

/** The parts of a conjunction: at least one. */
export function splitConjunction(piece: Piece): readonly Piece[] {
  return splitAt(piece, [AND]);
}
