/**
 * The shared string table: cells name their text by its place in it. Tables of half a million texts are made into
 * strings in blocks, because making each text alone costs several times as much.
 */
import { Buffer } from 'node:buffer';
import type { XlsxPackage } from './package.ts';
import { refuse } from './refusal.ts';
import { feedPart, type PartReader } from './window.ts';
import { bufferOf, decodeEscapes, decodeReferences, isBlank, tagEndAt, XmlCursor } from './xml.ts';

const LT = 0x3c;
const GT = 0x3e;
const SLASH = 0x2f;
const AMPERSAND = 0x26;
const RETURN = 0x0d;
const UNDERSCORE = 0x5f;
const LOWER_I = 0x69;
const LOWER_P = 0x70;
const LOWER_S = 0x73;
const LOWER_T = 0x74;

export interface SharedStrings {
  /** Plain text by index, rich text without its formats. */
  readonly texts: readonly string[];
  /** Indexes whose item carries formats or a reading aid: their text must not be reused for a plain cell. */
  readonly rich: ReadonlySet<number>;
}

/** Reads the table; a workbook without one has an empty table. */
export async function loadSharedStrings(pkg: XlsxPackage): Promise<SharedStrings> {
  if (pkg.sharedStringsPart === null) return { texts: [], rich: new Set() };
  const reader = new StringsReader(pkg.sharedStringsPart);
  await feedPart(pkg.inflateChunks(pkg.sharedStringsPart), reader);
  return reader.strings();
}

/** Where each of the texts stands in the table as plain text, first place first; texts that are not there are absent. */
export function findTexts(strings: SharedStrings, wanted: ReadonlySet<string>): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const lengths = new Set([...wanted].map((text) => text.length));
  const { texts } = strings;
  for (let index = 0; index < texts.length && found.size < wanted.size; index++) {
    const text = texts[index] ?? '';
    if (!lengths.has(text.length) || !wanted.has(text)) continue;
    if (!found.has(text) && !strings.rich.has(index)) found.set(text, index);
  }
  return found;
}

/** The text of a `<si>` or `<is>` element. */
export interface StringItem {
  readonly text: string;
  /** False when it is made of formatted runs or carries a reading aid. */
  readonly plain: boolean;
  /** False when the bytes ended before the element did. */
  readonly complete: boolean;
}

/** Reads an element whose opening tag the cursor stands on; the cursor then stands on its closing tag. */
export function readStringItem(cursor: XmlCursor, element: string): StringItem {
  let text = '';
  let plain = true;
  let inReading = false;
  let complete = cursor.empty;
  while (!complete && cursor.next()) {
    if (cursor.closes(element)) complete = true;
    else if (cursor.closes('rPh')) inReading = false;
    else if (cursor.opens('rPh')) {
      inReading = !cursor.empty;
      plain = false;
    } else if (cursor.opens('r')) plain = false;
    else if (cursor.opens('t') && !inReading) text += cursor.text();
  }
  return { text: decodeEscapes(text), plain, complete };
}

/** Parses a whole shared strings part; `name` is the part's, for messages. The counts it declares are not believed. */
export function parseSharedStrings(part: Uint8Array, name: string): SharedStrings {
  const reader = new StringsReader(name);
  reader.feed(bufferOf(part), part.length, true);
  return reader.strings();
}

class StringsReader implements PartReader {
  private readonly name: string;
  private readonly texts: string[] = [];
  private readonly rich = new Set<number>();
  private readonly plain = new PlainItems(this.texts);
  private readonly cursor = new XmlCursor(Buffer.alloc(0));
  private phase: 'head' | 'items' | 'done' = 'head';

  constructor(name: string) {
    this.name = name;
  }

  strings(): SharedStrings {
    return { texts: this.texts, rich: this.rich };
  }

  feed(window: Buffer, end: number, last: boolean): number {
    const { cursor, plain } = this;
    cursor.rebase(window, end);
    let at = 0;
    while (this.phase !== 'done') {
      at = cursor.tagEnd;
      if (this.phase === 'items') {
        at = plain.take(window, at, end);
        cursor.tagEnd = at;
      }
      const found = cursor.next();
      if (found && this.phase === 'items' && cursor.closes('sst')) this.phase = 'done';
      else if (!found || cursor.atEnd) break;
      else if (cursor.opens('sst')) {
        this.phase = cursor.empty ? 'done' : 'items';
        plain.prefix = cursor.prefixLength;
      } else if (this.phase === 'items' && cursor.opens('si')) {
        plain.flush();
        const item = readStringItem(cursor, 'si');
        if (!item.complete) break;
        if (!item.plain) this.rich.add(this.texts.length);
        this.texts.push(item.text);
      }
    }
    plain.flush();
    if (this.phase === 'done') return end;
    if (last) throw refuse('damaged', this.name);
    return at;
  }
}

/** Characters and texts made into strings at once. A text that is kept keeps its block in memory, so blocks are small. */
const BLOCK_CHARS = 65_536;
const BLOCK_TEXTS = 4_096;
/** Room for one more text of any length a cell can have. */
const ROOM_CHARS = BLOCK_CHARS + 32_768;

/** Numbers kept of a text that waits: first and last character in its block, and its `NARROW`, `WIDE`, `MARKED`. */
const PLACE = 3;
const NARROW = 0;
const WIDE = 1;
/** Holds characters that may stand for others. */
const MARKED = 2;

/** What a byte is in a text: an ASCII character, the same but one that may stand for others, or neither. */
const PLAIN = 0;
const MARK = 1;
const OTHER = 2;
const KINDS = Uint8Array.from({ length: 256 }, (_, byte) => {
  if (byte === 0 || byte === LT || byte >= 0x80) return OTHER;
  return byte === AMPERSAND || byte === RETURN || byte === UNDERSCORE ? MARK : PLAIN;
});

/**
 * Reads runs of the usual item, `<si><t>text</t></si>`. Their characters are collected without the markup between them,
 * ASCII texts apart from others, and made into one string a block, of which the texts are slices.
 */
class PlainItems {
  /** Length of the namespace prefix of the part's elements. */
  prefix = 0;
  private readonly texts: string[];
  private readonly narrow = Buffer.allocUnsafeSlow(ROOM_CHARS);
  private readonly wide = new Uint16Array(ROOM_CHARS);
  private narrowEnd = 0;
  private wideEnd = 0;
  private readonly places = new Int32Array(BLOCK_TEXTS * PLACE);
  private count = 0;
  /** Marks of the text that was read last. */
  private marks = 0;

  constructor(texts: string[]) {
    this.texts = texts;
  }

  /** Takes the items of this form that begin at a place; the place of the first thing of another form. */
  take(bytes: Buffer, from: number, end: number): number {
    const { prefix, places } = this;
    let at = from;
    for (;;) {
      let n = at;
      while (isBlank(bytes[n])) n++;
      if (bytes[n] !== LT || bytes[n + 1 + prefix] !== LOWER_S || bytes[n + 2 + prefix] !== LOWER_I) return at;
      n += 3 + prefix;
      if (bytes[n] !== GT || bytes[n + 1] !== LT || bytes[n + 2 + prefix] !== LOWER_T) return at;
      n += 3 + prefix;
      if (bytes[n] === GT) n++;
      else {
        if (!isBlank(bytes[n])) return at;
        n = tagEndAt(bytes, n, end);
        if (bytes[n - 2] === SLASH) return at;
      }

      if (this.count === BLOCK_TEXTS || this.narrowEnd > BLOCK_CHARS || this.wideEnd > BLOCK_CHARS) this.flush();
      const { narrowEnd, wideEnd } = this;
      n = this.takeText(bytes, n);
      if (
        n < 0 ||
        bytes[n] !== LT ||
        bytes[n + 1] !== SLASH ||
        bytes[n + 2 + prefix] !== LOWER_T ||
        bytes[n + 3 + prefix] !== GT
      ) {
        return this.giveBack(narrowEnd, wideEnd, at);
      }
      n += 4 + prefix;
      // East Asian Excel adds <phoneticPr …/>, how a reading aid would look, to texts that have none.
      if (bytes[n + 1 + prefix] === LOWER_P) {
        n = tagEndAt(bytes, n, end);
        if (bytes[n - 2] !== SLASH) return this.giveBack(narrowEnd, wideEnd, at);
      }
      if (
        bytes[n] !== LT ||
        bytes[n + 1] !== SLASH ||
        bytes[n + 2 + prefix] !== LOWER_S ||
        bytes[n + 3 + prefix] !== LOWER_I ||
        bytes[n + 4 + prefix] !== GT
      ) {
        return this.giveBack(narrowEnd, wideEnd, at);
      }

      const place = this.count * PLACE;
      const isWide = this.wideEnd > wideEnd;
      places[place] = isWide ? wideEnd : narrowEnd;
      places[place + 1] = isWide ? this.wideEnd : this.narrowEnd;
      places[place + 2] = this.marks | (isWide ? WIDE : NARROW);
      this.count++;
      at = n + 5 + prefix;
    }
  }

  /** Forgets the characters of an item that turned out to be of another form. */
  private giveBack(narrowEnd: number, wideEnd: number, at: number): number {
    this.narrowEnd = narrowEnd;
    this.wideEnd = wideEnd;
    return at;
  }

  /** Collects the text at a place; the place behind it, or -1 when it is not UTF-8 or too long for any cell. */
  private takeText(bytes: Buffer, from: number): number {
    const { narrow, narrowEnd } = this;
    let n = from;
    let to = narrowEnd;
    let marks = 0;
    for (;;) {
      const byte = bytes[n] as number;
      const kind = KINDS[byte];
      if (kind !== PLAIN) {
        if (kind !== MARK) break;
        marks = MARKED;
      }
      narrow[to++] = byte;
      n++;
    }
    this.marks = marks;
    if ((bytes[n] as number) >= 0x80) return this.takeWideText(bytes, from);
    if (to > ROOM_CHARS) return -1;
    this.narrowEnd = to;
    return n;
  }

  /** The same for a text that is not all ASCII. */
  private takeWideText(bytes: Buffer, from: number): number {
    const { wide } = this;
    let n = from;
    let to = this.wideEnd;
    let marks = 0;
    for (;;) {
      const byte = bytes[n] as number;
      if (byte < 0x80) {
        const kind = KINDS[byte];
        if (kind === OTHER) break;
        if (kind === MARK) marks = MARKED;
        wide[to++] = byte;
        n++;
        continue;
      }
      const second = (bytes[n + 1] as number) ^ 0x80;
      const third = (bytes[n + 2] as number) ^ 0x80;
      if (byte >= 0xe0 && byte < 0xf0) {
        const unit = ((byte & 0x0f) << 12) | (second << 6) | third;
        if ((second | third) > 0x3f || unit < 0x800 || (unit & 0xf800) === 0xd800) return -1;
        wide[to++] = unit;
        n += 3;
      } else if (byte < 0xe0) {
        if (byte < 0xc2 || second > 0x3f) return -1;
        wide[to++] = ((byte & 0x1f) << 6) | second;
        n += 2;
      } else {
        const fourth = (bytes[n + 3] as number) ^ 0x80;
        const code = ((byte & 0x07) << 18) | (second << 12) | (third << 6) | fourth;
        if (byte > 0xf4 || (second | third | fourth) > 0x3f || code < 0x10000 || code > 0x10ffff) return -1;
        wide[to++] = 0xd7c0 + (code >> 10);
        wide[to++] = 0xdc00 | (code & 0x3ff);
        n += 4;
      }
    }
    if (to > ROOM_CHARS) return -1;
    this.marks = marks;
    this.wideEnd = to;
    return n;
  }

  /** Makes strings of what waits. */
  flush(): void {
    const { places, texts, count } = this;
    const narrow = this.narrow.toString('latin1', 0, this.narrowEnd);
    const wide = bufferOf(new Uint8Array(this.wide.buffer)).toString('utf16le', 0, this.wideEnd * 2);
    for (let i = 0; i < count * PLACE; i += PLACE) {
      const marks = places[i + 2] as number;
      const text = ((marks & WIDE) === 0 ? narrow : wide).slice(places[i], places[i + 1]);
      texts.push((marks & MARKED) === 0 ? text : decodeEscapes(decodeReferences(text)));
    }
    this.count = 0;
    this.narrowEnd = 0;
    this.wideEnd = 0;
  }
}
