/**
 * Changing a part by cutting pieces out of its bytes and putting others in: what is not named stays as it lies. Also
 * where an attribute stands inside a tag, which a cut needs and a reader does not.
 */
import { Buffer } from 'node:buffer';
import { bufferOf, isBlank } from './xml.ts';

interface Cut {
  readonly start: number;
  readonly end: number;
  readonly content: Buffer;
}

/** The bytes of a part and the cuts to be made in them. Places are always those of the original bytes. */
export class PartEdit {
  readonly bytes: Buffer;
  private readonly cuts: Cut[] = [];

  constructor(bytes: Uint8Array) {
    this.bytes = bufferOf(bytes);
  }

  get changed(): boolean {
    return this.cuts.length > 0;
  }

  /** Puts `content` in the place of the bytes from `start` to `end`; cuts must not overlap. A cut that changes nothing is not kept. */
  replace(start: number, end: number, content: string | Uint8Array): void {
    const bytes = typeof content === 'string' ? Buffer.from(content, 'utf8') : bufferOf(content);
    if (bytes.length === end - start && this.bytes.compare(bytes, 0, bytes.length, start, end) === 0) return;
    this.cuts.push({ start, end, content: bytes });
  }

  /** Puts `content` before the byte at `at`; several at one place stand in the order they were asked for. */
  insert(at: number, content: string | Uint8Array): void {
    this.replace(at, at, content);
  }

  /** Sets an attribute of the tag that stands at `tagStart`..`tagEnd`; null takes it off. Each tag at most once per attribute. */
  setAttribute(tagStart: number, tagEnd: number, name: string, value: string | null): void {
    const found = attributeSpan(this.bytes, tagStart, tagEnd, name);
    if (found !== null && value === null) this.replace(found.start, found.end, '');
    else if (found !== null && value !== null) this.replace(found.valueStart, found.valueEnd, value);
    else if (value !== null) {
      const empty = this.bytes[tagEnd - 2] === 0x2f;
      this.insert(tagEnd - (empty ? 2 : 1), ` ${name}="${value}"`);
    }
  }

  /** The part with all cuts made, in pieces: what was not cut is not copied. */
  pieces(): readonly Buffer[] {
    // Stable: what is inserted at one place keeps its order.
    const cuts = [...this.cuts].sort((a, b) => a.start - b.start || a.end - b.end);
    const pieces: Buffer[] = [];
    let from = 0;
    for (const cut of cuts) {
      if (cut.start < from) throw new Error('two cuts of one part overlap');
      pieces.push(this.bytes.subarray(from, cut.start), cut.content);
      from = cut.end;
    }
    pieces.push(this.bytes.subarray(from));
    return pieces;
  }

  /** The same in one piece. */
  apply(): Buffer {
    return Buffer.concat(this.pieces());
  }
}

/** `start` takes in the blanks before the name, `end` the closing quote. */
export interface AttributeSpan {
  readonly name: string;
  readonly start: number;
  readonly valueStart: number;
  readonly valueEnd: number;
  readonly end: number;
}

/** The attributes of a tag, in order, names as written with their prefix. */
export function attributeSpans(bytes: Buffer, tagStart: number, tagEnd: number): AttributeSpan[] {
  const spans: AttributeSpan[] = [];
  let at = tagStart + 1;
  while (at < tagEnd && !isBlank(bytes[at]) && bytes[at] !== 0x3e) at++;
  while (at < tagEnd) {
    const start = at;
    while (isBlank(bytes[at])) at++;
    const nameStart = at;
    while (at < tagEnd && bytes[at] !== 0x3d && bytes[at] !== 0x3e && bytes[at] !== 0x2f && !isBlank(bytes[at])) at++;
    const name = bytes.toString('latin1', nameStart, at);
    while (at < tagEnd && bytes[at] !== 0x22 && bytes[at] !== 0x27) at++;
    if (name === '' || at >= tagEnd) break;
    const valueStart = at + 1;
    const closing = bytes.indexOf(bytes[at] ?? 0x22, valueStart);
    if (closing < 0 || closing >= tagEnd) break;
    spans.push({ name, start, valueStart, valueEnd: closing, end: closing + 1 });
    at = closing + 1;
  }
  return spans;
}

/** The attribute of this name as written, prefix included, or null. */
export function attributeSpan(bytes: Buffer, tagStart: number, tagEnd: number, name: string): AttributeSpan | null {
  return attributeSpans(bytes, tagStart, tagEnd).find((span) => span.name === name) ?? null;
}

/** The namespace prefix of the tag that begins at `tagStart`, colon included; empty without one. */
export function prefixAt(bytes: Buffer, tagStart: number): string {
  const from = tagStart + (bytes[tagStart + 1] === 0x2f ? 2 : 1);
  for (let at = from; at < bytes.length; at++) {
    const byte = bytes[at];
    if (byte === 0x3a) return bytes.toString('latin1', from, at + 1);
    if (byte === 0x3e || byte === 0x2f || isBlank(byte)) break;
  }
  return '';
}
