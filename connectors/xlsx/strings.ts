/**
 * The shared string table: cells name their text by its place in it. Tables of half a million texts are decoded in
 * blocks, because decoding each text alone costs several times as much.
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

/** Bytes and texts decoded at once. A text that is kept keeps its block in memory, so blocks are small. */
const BLOCK_BYTES = 65_536;
const BLOCK_TEXTS = 4_096;
/** Numbers kept of a text that waits: first and last byte, first and last UTF-16 unit from the block's start, marked. */
const PLACE = 5;

/** Reads runs of the usual item, `<si><t>text</t></si>`, and decodes them block by block. */
class PlainItems {
  /** Length of the namespace prefix of the part's elements. */
  prefix = 0;
  private readonly texts: string[];
  private bytes: Buffer = Buffer.alloc(0);
  private readonly places = new Int32Array(BLOCK_TEXTS * PLACE);
  private count = 0;
  private start = 0;
  private stop = 0;
  /** Bytes minus UTF-16 units so far in the block. */
  private surplus = 0;

  constructor(texts: string[]) {
    this.texts = texts;
  }

  /** Takes the items of this form that begin at a place; the place of the first thing of another form. Flush before other bytes. */
  take(bytes: Buffer, from: number, end: number): number {
    const { prefix, places } = this;
    this.bytes = bytes;
    let at = from;
    for (;;) {
      let n = at;
      while (isBlank(bytes[n])) n++;
      if (bytes[n] !== LT || bytes[n + 1 + prefix] !== LOWER_S || bytes[n + 2 + prefix] !== LOWER_I) return at;
      n += 3 + prefix;
      if (bytes[n] !== GT || bytes[n + 1] !== LT || bytes[n + 2 + prefix] !== LOWER_T) return at;
      n += 3 + prefix;
      if (bytes[n] !== GT && !isBlank(bytes[n])) return at;
      n = tagEndAt(bytes, n, end);
      if (bytes[n - 2] === SLASH) return at;

      const first = n;
      let surplus = 0;
      let marked = 0;
      for (; n < end; n++) {
        const byte = bytes[n] as number;
        if (byte === LT) break;
        if (byte < 0x80) {
          if (byte === AMPERSAND || byte === RETURN || byte === UNDERSCORE) marked = 1;
        } else if (byte < 0xc0) surplus++;
        else if (byte >= 0xf0) surplus--;
      }
      const last = n;
      if (bytes[n + 1] !== SLASH || bytes[n + 2 + prefix] !== LOWER_T || bytes[n + 3 + prefix] !== GT) return at;
      n += 4 + prefix;
      // East Asian Excel adds <phoneticPr …/>, how a reading aid would look, to texts that have none.
      if (bytes[n + 1 + prefix] === LOWER_P) {
        n = tagEndAt(bytes, n, end);
        if (bytes[n - 2] !== SLASH) return at;
      }
      if (bytes[n] !== LT || bytes[n + 1] !== SLASH || bytes[n + 2 + prefix] !== LOWER_S) return at;
      if (bytes[n + 3 + prefix] !== LOWER_I || bytes[n + 4 + prefix] !== GT) return at;

      if (this.count === BLOCK_TEXTS || (this.count > 0 && last - this.start > BLOCK_BYTES)) this.flush();
      if (this.count === 0) this.start = first;
      const place = this.count * PLACE;
      places[place] = first;
      places[place + 1] = last;
      places[place + 2] = first - this.start - this.surplus;
      this.surplus += surplus;
      places[place + 3] = last - this.start - this.surplus;
      places[place + 4] = marked;
      this.stop = last;
      this.count++;
      at = n + 5 + prefix;
    }
  }

  /** Decodes what waits. */
  flush(): void {
    const { bytes, places, texts, start, stop, count } = this;
    const block = bytes.toString('utf8', start, count === 0 ? start : stop);
    // Bytes that are not UTF-8 upset the count of units: then each text is decoded by itself.
    const counted = block.length === stop - start - this.surplus;
    for (let i = 0; i < count * PLACE; i += PLACE) {
      const text = counted
        ? block.slice(places[i + 2], places[i + 3])
        : bytes.toString('utf8', places[i], places[i + 1]);
      texts.push(places[i + 4] === 0 ? text : decodeEscapes(decodeReferences(text)));
    }
    this.count = 0;
    this.surplus = 0;
  }
}
