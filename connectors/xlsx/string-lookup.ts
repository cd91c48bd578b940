/**
 * Single texts of the shared string table, and where a text stands in it, without decoding the table: a write asks for
 * a few of half a million.
 */
import { Buffer } from 'node:buffer';
import { escapeText } from './cell-xml.ts';
import { parseSharedStrings, readStringItem } from './strings.ts';
import { bufferOf, isBlank, XmlCursor } from './xml.ts';

const LT = 0x3c;
const GT = 0x3e;
const SLASH = 0x2f;
const LOWER_I = 0x69;
const LOWER_S = 0x73;
const LOWER_T = 0x74;

export interface StringLookup {
  /** Plain text by its place in the table; null when there is none. */
  textAt(index: number): string | null;
  /** First place of a text that was asked for, as plain text; null when it is not in the table. */
  indexOf(text: string): number | null;
}

/** Looks through a shared strings part once; `name` is the part's, for messages. */
export function lookUpStrings(part: Uint8Array, name: string, wanted: ReadonlySet<string>): StringLookup {
  const bytes = bufferOf(part);
  // Markup that is no tag is not met in practice, and is left to the reader of the whole table.
  const plain = ['!--', '[CDATA['].every((mark) => bytes.indexOf(mark, 0, 'latin1') < 0);
  return plain ? new ByteLookup(bytes, wanted) : wholeTable(part, name);
}

function wholeTable(part: Uint8Array, name: string): StringLookup {
  const { texts, rich } = parseSharedStrings(part, name);
  const places = new Map<string, number>();
  for (const [index, text] of texts.entries()) if (!places.has(text) && !rich.has(index)) places.set(text, index);
  return { textAt: (index) => texts[index] ?? null, indexOf: (text) => places.get(text) ?? null };
}

class ByteLookup implements StringLookup {
  private readonly bytes: Buffer;
  private readonly prefix: number;
  /** Where each `<si` begins. */
  private starts = new Int32Array(1 << 14);
  private count = 0;
  /** Texts by their bytes as the file writes them (read as latin1), apart by length: few items need to be decoded. */
  private readonly wanted = new Map<number, Map<string, string>>();
  private readonly found = new Map<string, number>();

  constructor(bytes: Buffer, wanted: ReadonlySet<string>) {
    this.bytes = bytes;
    const root = new XmlCursor(bytes);
    root.find('sst');
    this.prefix = root.prefixLength;
    let longest = 0;
    for (const text of wanted) {
      const written = Buffer.from(escapeText(text));
      const ofLength = this.wanted.get(written.length) ?? new Map<string, string>();
      ofLength.set(written.toString('latin1'), text);
      this.wanted.set(written.length, ofLength);
      longest = Math.max(longest, written.length);
    }
    const lengths = new Uint8Array(longest + 1);
    for (const length of this.wanted.keys()) lengths[length] = 1;
    this.scan(root.tagEnd, lengths);
  }

  private scan(from: number, lengths: Uint8Array): void {
    const { bytes, prefix } = this;
    const end = bytes.length;
    const longest = lengths.length - 1;
    let at = from;
    while (at < end) {
      if (bytes[at] !== LT) {
        at++;
        continue;
      }
      const name = at + 1 + prefix;
      if (bytes[name] !== LOWER_S || bytes[name + 1] !== LOWER_I) {
        at += 2;
        continue;
      }
      const after = bytes[name + 2];
      if (after !== GT && after !== SLASH && !isBlank(after)) {
        at += 2;
        continue;
      }
      this.put(at);
      at = name + 3;
      // `<si><t>text</t></si>`, the usual form and the only one whose text may be shared with a plain cell.
      if (after !== GT || bytes[at] !== LT || bytes[at + 1 + prefix] !== LOWER_T) continue;
      at += 2 + prefix;
      while (at < end && bytes[at] !== GT) at++;
      const emptied = bytes[at - 1] === SLASH;
      at++;
      const first = at;
      while (at < end && bytes[at] !== LT) at++;
      const length = at - first;
      if (!emptied && length <= longest && lengths[length] === 1 && this.closesItem(at)) this.compare(first, at);
    }
  }

  private put(start: number): void {
    if (this.count === this.starts.length) {
      const grown = new Int32Array(this.count * 2);
      grown.set(this.starts);
      this.starts = grown;
    }
    this.starts[this.count++] = start;
  }

  /** `</t></si` stands here. */
  private closesItem(at: number): boolean {
    const { bytes, prefix } = this;
    const item = at + 4 + prefix;
    return bytes[at + 2 + prefix] === LOWER_T && bytes[item + 1] === SLASH && bytes[item + 2 + prefix] === LOWER_S;
  }

  private compare(from: number, to: number): void {
    const { bytes } = this;
    const text = this.wanted.get(to - from)?.get(bytes.toString('latin1', from, to));
    if (text === undefined || this.found.has(text)) return;
    // Blanks at the ends count only where the item says that they are to be kept.
    const kept = !/^\s|\s$/.test(text) || bytes.toString('latin1', from - 11, from).includes('preserve');
    if (kept) this.found.set(text, this.count - 1);
  }

  textAt(index: number): string | null {
    if (!(index >= 0 && index < this.count)) return null;
    const cursor = new XmlCursor(this.bytes, this.starts[index]);
    cursor.next();
    return readStringItem(cursor, 'si').text;
  }

  indexOf(text: string): number | null {
    return this.found.get(text) ?? null;
  }
}
