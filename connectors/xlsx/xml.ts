/**
 * XML as bytes: a cursor that walks tags, and decoding of text and attribute values. Made for the small parts of a
 * package and for finding places in a large one; nothing here builds a tree. Names are matched without their
 * namespace prefix, attribute quotes may be of either kind, comments and processing instructions are passed over.
 */
import { Buffer } from 'node:buffer';

const LT = 0x3c;
const GT = 0x3e;
const SLASH = 0x2f;
const BANG = 0x21;
const QUESTION = 0x3f;
const EQUALS = 0x3d;
const COLON = 0x3a;
const QUOTE = 0x22;
const APOSTROPHE = 0x27;

/** The same memory as a Buffer, which has the native searches. */
export function bufferOf(bytes: Uint8Array): Buffer {
  return Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
}

/** Space, tab, line feed or carriage return. */
export function isBlank(byte: number | undefined): boolean {
  return byte === 0x20 || byte === 0x0a || byte === 0x0d || byte === 0x09;
}

/** The place after the `>` of the tag that begins at `from`; `end` when it never closes. A `>` inside quotes does not count. */
export function tagEndAt(bytes: Uint8Array, from: number, end: number): number {
  let quote = 0;
  for (let at = from; at < end; at++) {
    const byte = bytes[at];
    if (quote !== 0) {
      if (byte === quote) quote = 0;
    } else if (byte === GT) return at + 1;
    else if (byte === QUOTE || byte === APOSTROPHE) quote = byte;
  }
  return end;
}

/**
 * The place after a comment, processing instruction, CDATA section or declaration that begins at `from`;
 * -1 when a tag begins there; `end` when it never closes.
 */
export function skipMarkup(bytes: Uint8Array, from: number, end: number): number {
  const second = bytes[from + 1];
  if (second !== BANG && second !== QUESTION) return -1;
  let closing = '>';
  if (second === QUESTION) closing = '?>';
  else if (bytes[from + 2] === 0x2d) closing = '-->';
  else if (bytes[from + 2] === 0x5b) closing = ']]>';
  // `<!-->` is not a comment: the search begins behind the opening.
  const at = bufferOf(bytes).indexOf(closing, from + (closing === '-->' ? 4 : 2), 'latin1');
  return at < 0 || at + closing.length > end ? end : at + closing.length;
}

/** Walks the tags of a range of bytes in order. After `next()` returned true the fields describe the tag it stands on. */
export class XmlCursor {
  bytes: Buffer;
  end: number;
  /** Where the tag's `<` is. */
  tagStart = 0;
  /** The place after the tag's `>`. */
  tagEnd: number;
  /** A closing tag, `</x>`. */
  closing = false;
  /** An empty element, `<x/>`. */
  empty = false;
  private nameStart = 0;
  private nameEnd = 0;

  constructor(bytes: Uint8Array, start = 0, end: number = bytes.length) {
    this.bytes = bufferOf(bytes);
    this.tagEnd = start;
    this.end = end;
  }

  /** Stands before the first of other bytes: the next window of the same part. */
  rebase(bytes: Buffer, end: number): void {
    this.bytes = bytes;
    this.end = end;
    this.tagEnd = 0;
  }

  /** The last tag was not followed by anything: it may be cut off, or there was none. */
  get atEnd(): boolean {
    return this.tagEnd >= this.end;
  }

  /** Moves to the next tag; false when there is none. */
  next(): boolean {
    const { bytes, end } = this;
    let at = this.tagEnd;
    for (;;) {
      at = bytes.indexOf(LT, at);
      if (at < 0 || at >= end) {
        this.tagEnd = end;
        return false;
      }
      const past = skipMarkup(bytes, at, end);
      if (past < 0) break;
      at = past;
    }
    this.tagStart = at;
    this.closing = bytes[at + 1] === SLASH;
    let name = at + (this.closing ? 2 : 1);
    let stop = name;
    while (stop < end) {
      const byte = bytes[stop];
      if (byte === GT || byte === SLASH || isBlank(byte)) break;
      if (byte === COLON) name = stop + 1;
      stop++;
    }
    this.nameStart = name;
    this.nameEnd = stop;
    this.tagEnd = tagEndAt(bytes, stop, end);
    this.empty = !this.closing && bytes[this.tagEnd - 2] === SLASH && bytes[this.tagEnd - 1] === GT;
    return true;
  }

  /** Moves to the next opening (or empty) tag of this local name; false when there is none. */
  find(name: string): boolean {
    while (this.next()) if (this.opens(name)) return true;
    return false;
  }

  /** Name of the tag without its prefix. */
  get name(): string {
    return this.bytes.toString('latin1', this.nameStart, this.nameEnd);
  }

  /** Bytes of the tag's namespace prefix, its colon included; 0 without one. */
  get prefixLength(): number {
    return this.nameStart - this.tagStart - (this.closing ? 2 : 1);
  }

  /** The tag opens an element of this local name. */
  opens(name: string): boolean {
    return !this.closing && this.isNamed(name);
  }

  /** The tag closes an element of this local name. */
  closes(name: string): boolean {
    return this.closing && this.isNamed(name);
  }

  private isNamed(name: string): boolean {
    if (this.nameEnd - this.nameStart !== name.length) return false;
    for (let i = 0; i < name.length; i++) {
      if (this.bytes[this.nameStart + i] !== name.charCodeAt(i)) return false;
    }
    return true;
  }

  /** Decoded value of the attribute without a prefix, or null. */
  attribute(name: string): string | null {
    return this.findAttribute(name, false);
  }

  /** Decoded value of the attribute of this local name that carries any prefix (`r:id`), or null. */
  prefixedAttribute(name: string): string | null {
    return this.findAttribute(name, true);
  }

  /** True when the attribute is `1`, `true` or `on`. */
  flag(name: string): boolean {
    const value = this.attribute(name);
    return value === '1' || value === 'true' || value === 'on';
  }

  private findAttribute(name: string, prefixed: boolean): string | null {
    const { bytes } = this;
    const end = this.tagEnd - (this.empty ? 2 : 1);
    let at = this.nameEnd;
    while (at < end) {
      while (at < end && isBlank(bytes[at])) at++;
      let nameAt = at;
      let hasPrefix = false;
      while (at < end && bytes[at] !== EQUALS && !isBlank(bytes[at])) {
        if (bytes[at] === COLON) {
          hasPrefix = true;
          nameAt = at + 1;
        }
        at++;
      }
      const nameTo = at;
      while (at < end && bytes[at] !== QUOTE && bytes[at] !== APOSTROPHE) at++;
      const quote = bytes[at];
      const valueAt = at + 1;
      at = valueAt;
      while (at < end && bytes[at] !== quote) at++;
      if (
        hasPrefix === prefixed &&
        nameTo - nameAt === name.length &&
        bytes.toString('latin1', nameAt, nameTo) === name
      ) {
        return decodeAttribute(bytes.toString('utf8', valueAt, Math.min(at, end)));
      }
      at++;
    }
    return null;
  }

  /**
   * Text of the element whose opening tag the cursor stands on, texts of inner elements included; the cursor then
   * stands on its closing tag.
   */
  text(): string {
    if (this.empty || this.closing) return '';
    const from = this.tagEnd;
    let depth = 1;
    while (depth > 0 && this.next()) {
      if (this.closing) depth--;
      else if (!this.empty) depth++;
    }
    return decodeText(this.bytes, from, depth === 0 ? this.tagStart : this.end);
  }
}

/** Text between two places: references resolved, CDATA taken as it is, tags and comments left out, line ends made LF. */
export function decodeText(bytes: Uint8Array, from: number, to: number): string {
  const buffer = bufferOf(bytes);
  let text = '';
  let at = from;
  while (at < to) {
    let open = buffer.indexOf(LT, at);
    if (open < 0 || open > to) open = to;
    if (open > at) text += decodeReferences(buffer.toString('utf8', at, open));
    if (open >= to) break;
    const past = skipMarkup(buffer, open, to);
    if (past < 0) at = tagEndAt(buffer, open, to);
    else {
      if (buffer.toString('latin1', open, open + 9) === '<![CDATA[') {
        const closed = buffer.toString('latin1', past - 3, past) === ']]>';
        text += lineFeeds(buffer.toString('utf8', open + 9, closed ? past - 3 : past));
      }
      at = past;
    }
  }
  return text;
}

function lineFeeds(text: string): string {
  return text.includes('\r') ? text.replace(/\r\n?/g, '\n') : text;
}

const NAMED: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

/** Resolves `&amp;`, `&#10;`, `&#xA;` and their kind; line ends typed as such become LF. An unknown reference stays as it is. */
export function decodeReferences(text: string): string {
  const plain = lineFeeds(text);
  if (!plain.includes('&')) return plain;
  return plain.replace(/&(#x[0-9a-f]{1,6}|#\d{1,7}|\w+);/gi, (whole, name: string) => {
    if (name[0] !== '#') return NAMED[name] ?? whole;
    const code = name[1] === 'x' || name[1] === 'X' ? Number.parseInt(name.slice(2), 16) : Number(name.slice(1));
    return code > 0x10ffff ? whole : String.fromCodePoint(code);
  });
}

/** The value of an attribute: blanks typed as such become spaces, references are resolved. */
function decodeAttribute(text: string): string {
  return decodeReferences(/[\t\n\r]/.test(text) ? text.replace(/\r\n|[\t\n\r]/g, ' ') : text);
}

/** Resolves the `_xHHHH_` escapes that spreadsheets use for characters XML cannot hold (ECMA-376 part 1, 22.9.2.19). */
export function decodeEscapes(text: string): string {
  if (!text.includes('_x')) return text;
  return text.replace(/_x([0-9a-fA-F]{4})_/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
}

/** Text made safe for element content and attribute values. */
export function escapeXml(text: string): string {
  return /[&<>"]/.test(text)
    ? text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;').replace(/"/g, '&quot;')
    : text;
}
