/**
 * An .xlsx as a set of named parts: finds the workbook and its sheets by relationship, hands out inflated parts, and
 * saves a changed set. Guards against files that are encrypted, torn, oversized or built to harm; what it refuses it
 * refuses before anything is inflated, or at the part concerned.
 */

import { say } from '../../src/messages/index.ts';
import { NotFoundError } from '../../src/model/errors.ts';
import { megabytes, refuse } from './refusal.ts';
import { bufferOf, isBlank, skipMarkup, XmlCursor } from './xml.ts';
import { inflateChunks, inflateEntry, type Pieces, readZip, writeZip, type Zip, type ZipEntry } from './zip.ts';

export interface Relationship {
  readonly id: string;
  /** Last segment of the type, for example `worksheet`: strict files use other roots before it. */
  readonly type: string;
  /** Name of the part it leads to, without a leading slash; the address as written when external. */
  readonly target: string;
  readonly external: boolean;
}

/** A worksheet; chart and dialog sheets are not listed. */
export interface SheetInfo {
  readonly name: string;
  readonly part: string;
  readonly sheetId: string;
  readonly relationshipId: string;
  readonly state: 'visible' | 'hidden' | 'veryHidden';
}

export interface XlsxPackage {
  /** As spelled in the container, in its order; folder entries are left out. */
  readonly partNames: readonly string[];
  /** Part names are compared without regard to case. */
  has(part: string): boolean;
  /**
   * Inflated bytes of a part, not to be changed. `NotFoundError` when absent; `UnreadableError` when it is damaged, over the
   * limit, carries a document type declaration, or is not in UTF-8.
   */
  inflate(part: string): Promise<Uint8Array>;
  /** The same bytes in order, chunk by chunk, for parts that are read once. Errors as in `inflate`, some only at the end. */
  inflateChunks(part: string): AsyncIterable<Uint8Array>;
  /** Size and checksum of a part as the container tells them, without inflating it; null when absent. */
  checksum(part: string): string | null;
  /** What a part points to; `''` is the package itself. Empty when it has none. */
  relationships(part: string): Promise<readonly Relationship[]>;
  readonly workbookPart: string;
  readonly sheets: readonly SheetInfo[];
  readonly date1904: boolean;
  readonly stylesPart: string | null;
  readonly sharedStringsPart: string | null;
  /** Carries a digital signature: may be read, `save` refuses. */
  readonly signed: boolean;
  /**
   * A new container: named parts replaced, null removes, unknown names are added at the end; every other entry is copied
   * as it lies. `UnreadableError` `signed` when a signature would break.
   */
  save(changes: ReadonlyMap<string, Pieces | null>): Promise<Uint8Array>;
}

/** Sizes in bytes. */
export interface PackageLimits {
  readonly maxFileBytes: number;
  /** Inflated size of one part. */
  readonly maxPartBytes: number;
  /** Inflated size of all parts together. */
  readonly maxTotalBytes: number;
  readonly maxEntries: number;
}

const MB = 1_048_576;

/** A ticket workbook of 100,000 rows and 20 columns is 22 MB with a sheet of 78 MB; these leave room for ten times that. */
export const PACKAGE_LIMITS: PackageLimits = {
  maxFileBytes: 256 * MB,
  maxPartBytes: 768 * MB,
  maxTotalBytes: 1536 * MB,
  maxEntries: 10_000,
};

/** Deflate can reach 1,032 to 1; sheets reach about 40. Small parts may be anything. */
const MAX_RATIO = 200;
const RATIO_FREE_BYTES = 16 * MB;

/** Opens a package and reads its directory, relationships and workbook part. `UnreadableError` with a `Refusal` as its code. */
export async function openPackage(bytes: Uint8Array, limits: Partial<PackageLimits> = {}): Promise<XlsxPackage> {
  const opened = new OpenedPackage(bytes, { ...PACKAGE_LIMITS, ...limits });
  await opened.readWorkbook();
  return opened;
}

/** Name used for comparing: forward slashes, no leading one, lower case. */
function partKey(name: string): string {
  const slashed = name.replaceAll('\\', '/');
  return (slashed.startsWith('/') ? slashed.slice(1) : slashed).toLowerCase();
}

class OpenedPackage implements XlsxPackage {
  readonly partNames: readonly string[];
  readonly signed: boolean;
  workbookPart = '';
  sheets: readonly SheetInfo[] = [];
  date1904 = false;
  stylesPart: string | null = null;
  sharedStringsPart: string | null = null;
  private readonly zip: Zip;
  private readonly indexes = new Map<string, number>();
  private readonly known = new Map<string, Promise<readonly Relationship[]>>();

  constructor(bytes: Uint8Array, limits: PackageLimits) {
    checkFile(bytes, limits);
    this.zip = readZip(bytes, limits.maxEntries);
    const names: string[] = [];
    this.zip.entries.forEach((entry, index) => {
      const key = partKey(entry.name);
      checkName(entry.name, key);
      if (this.indexes.has(key)) throw refuse('hostile', `${entry.name}: two entries of one name`);
      this.indexes.set(key, index);
      if (!key.endsWith('/')) names.push(entry.name);
    });
    checkSizes(this.zip, limits);
    this.partNames = names;
    this.signed = names.some((name) => partKey(name).startsWith('_xmlsignatures/'));
  }

  has(part: string): boolean {
    return this.entry(part) !== undefined;
  }

  checksum(part: string): string | null {
    const entry = this.entry(part);
    return entry === undefined ? null : `${entry.size} ${entry.crc}`;
  }

  private entry(part: string): ZipEntry | undefined {
    const index = this.indexes.get(partKey(part));
    return index === undefined ? undefined : this.zip.entries[index];
  }

  /** The entry of a part, if it is one that may be inflated. */
  private inflatable(part: string): ZipEntry {
    const entry = this.entry(part);
    if (entry === undefined) {
      throw new NotFoundError('part-missing', say('zh-CN', 'workbook-part-missing', { part }), { details: { part } });
    }
    if (entry.size > RATIO_FREE_BYTES && entry.size > entry.compressedSize * MAX_RATIO) {
      throw refuse('hostile', `${entry.name}: ${megabytes(entry.size)} in ${megabytes(entry.compressedSize)}`);
    }
    return entry;
  }

  async inflate(part: string): Promise<Uint8Array> {
    const entry = this.inflatable(part);
    const content = await inflateEntry(this.zip, entry);
    checkProlog(content, entry.name);
    return content;
  }

  async *inflateChunks(part: string): AsyncGenerator<Uint8Array, void, undefined> {
    const entry = this.inflatable(part);
    let first = true;
    for await (const chunk of inflateChunks(this.zip, entry)) {
      // A root element that does not begin in the first chunk hides behind a megabyte of comments.
      if (first && !checkProlog(chunk, entry.name)) throw refuse('damaged', `${entry.name}: root`);
      first = false;
      yield chunk;
    }
  }

  relationships(part: string): Promise<readonly Relationship[]> {
    const key = partKey(part);
    const reading = this.known.get(key) ?? this.readRelationships(part);
    this.known.set(key, reading);
    return reading;
  }

  private async readRelationships(part: string): Promise<readonly Relationship[]> {
    const slash = part.lastIndexOf('/') + 1;
    const folder = part.slice(0, slash);
    const relsPart = `${folder}_rels/${part.slice(slash)}.rels`;
    if (!this.has(relsPart)) return [];
    const found: Relationship[] = [];
    const cursor = new XmlCursor(await this.inflate(relsPart));
    while (cursor.find('Relationship')) {
      const target = cursor.attribute('Target') ?? '';
      const type = cursor.attribute('Type') ?? '';
      const external = cursor.attribute('TargetMode')?.toLowerCase() === 'external';
      found.push({
        id: cursor.attribute('Id') ?? '',
        type: type.slice(type.lastIndexOf('/') + 1),
        target: external ? target : this.resolve(folder, target),
        external,
      });
    }
    return found;
  }

  /** Targets may be absolute, relative or climb with `..`; climbing past the root stays at the root. */
  private resolve(folder: string, target: string): string {
    const slashed = target.replaceAll('\\', '/');
    const segments: string[] = [];
    for (const segment of (slashed.startsWith('/') ? slashed : folder + slashed).split('/')) {
      if (segment === '..') segments.pop();
      else if (segment !== '.' && segment !== '') segments.push(segment);
    }
    const part = segments.join('/');
    const index = this.indexes.get(partKey(part)) ?? this.indexes.get(partKey(unescapeUri(part)));
    const spelled = index === undefined ? undefined : this.zip.entries[index]?.name;
    return spelled === undefined ? part : spelled.replaceAll('\\', '/').replace(/^\//, '');
  }

  async readWorkbook(): Promise<void> {
    const root = (await this.relationships('')).find((r) => r.type === 'officeDocument' && !r.external);
    if (root === undefined || !this.has(root.target)) throw refuse('not-a-workbook');
    this.workbookPart = root.target;
    const cursor = new XmlCursor(await this.inflate(root.target));
    // A binary workbook (.xlsb), a text document or a presentation has another root.
    if (!cursor.next() || !cursor.opens('workbook')) throw refuse('not-a-workbook');

    const relationships = await this.relationships(root.target);
    const partOf = (type: string): string | null => {
      const target = relationships.find((r) => r.type === type && !r.external)?.target;
      return target !== undefined && this.has(target) ? target : null;
    };
    this.stylesPart = partOf('styles');
    this.sharedStringsPart = partOf('sharedStrings');

    const sheets: SheetInfo[] = [];
    let inSheets = false;
    while (cursor.next()) {
      if (cursor.opens('sheets')) inSheets = true;
      else if (cursor.closes('sheets')) inSheets = false;
      else if (cursor.opens('workbookPr')) this.date1904 = cursor.flag('date1904');
      else if (inSheets && cursor.opens('sheet')) {
        const relationshipId = cursor.prefixedAttribute('id') ?? '';
        const relationship = relationships.find((r) => r.id === relationshipId);
        if (relationship !== undefined && relationship.type !== 'worksheet') continue;
        const name = cursor.attribute('name') ?? '';
        if (relationship === undefined || !this.has(relationship.target))
          throw refuse('damaged', `${root.target}: sheet`);
        const state = cursor.attribute('state');
        sheets.push({
          name,
          part: relationship.target,
          sheetId: cursor.attribute('sheetId') ?? '',
          relationshipId,
          state: state === 'hidden' || state === 'veryHidden' ? state : 'visible',
        });
      }
    }
    this.sheets = sheets;
  }

  async save(changes: ReadonlyMap<string, Pieces | null>): Promise<Uint8Array> {
    if (this.signed) throw refuse('signed');
    const replaced = new Map<number, Pieces>();
    const removed = new Set<number>();
    const added: { name: string; content: Pieces }[] = [];
    for (const [part, content] of changes) {
      const index = this.indexes.get(partKey(part));
      if (index !== undefined && content !== null) replaced.set(index, content);
      else if (index !== undefined) removed.add(index);
      else if (content !== null) added.push({ name: part, content });
    }
    return writeZip(this.zip, { replaced, removed, added });
  }
}

function unescapeUri(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function checkFile(bytes: Uint8Array, limits: PackageLimits): void {
  if (bytes.length === 0) throw refuse('empty');
  if (bytes.length > limits.maxFileBytes) {
    throw refuse('too-large', megabytes(bytes.length), megabytes(limits.maxFileBytes));
  }
  const head = bufferOf(bytes).subarray(0, 4).toString('hex');
  // An OLE2 compound file: what Excel wraps an encrypted package in, and what .xls was.
  if (head === 'd0cf11e0') throw refuse('encrypted');
  if (!head.startsWith('504b')) throw refuse('not-a-workbook');
}

/** Names are never used as paths here, but a package that tries is not one to hand on to others either. */
function checkName(name: string, key: string): void {
  const climbs = key.split('/').includes('..');
  if (climbs || key.startsWith('/') || /^[a-z]:/.test(key) || key.includes('\0')) {
    throw refuse('hostile', `${name.replaceAll('\0', '\\0')}: path`);
  }
}

function checkSizes(zip: Zip, limits: PackageLimits): void {
  let total = 0;
  for (const entry of zip.entries) {
    total += entry.size;
    if (entry.size > limits.maxPartBytes) {
      throw refuse('too-large', `${entry.name} ${megabytes(entry.size)}`, megabytes(limits.maxPartBytes));
    }
  }
  if (total > limits.maxTotalBytes) throw refuse('too-large', megabytes(total), megabytes(limits.maxTotalBytes));
  if (total > 4 * RATIO_FREE_BYTES && total > zip.bytes.length * MAX_RATIO) {
    throw refuse('hostile', `${megabytes(total)} in ${megabytes(zip.bytes.length)}`);
  }
}

/**
 * Looks at what stands before the root element: the only place for a declaration of encoding or document type. False
 * when the root element was not reached.
 */
function checkProlog(content: Buffer, part: string): boolean {
  const [first, second] = content;
  const utf16 = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  if (utf16 || (first === 0x3c && second === 0) || (first === 0 && second === 0x3c)) {
    throw refuse('unsupported', `${part}: UTF-16`);
  }
  let at = first === 0xef && second === 0xbb ? 3 : 0;
  while (at < content.length) {
    while (isBlank(content[at])) at++;
    if (content[at] !== 0x3c) return at < content.length;
    const past = skipMarkup(content, at, content.length);
    if (past < 0) return true;
    const markup = content.toString('latin1', at, Math.min(past, at + 200));
    if (/^<!doctype/i.test(markup)) throw refuse('hostile', `${part}: DOCTYPE`);
    const encoding = /^<\?xml\s.*?encoding\s*=\s*["']([^"']*)["']/s.exec(markup)?.[1];
    if (encoding !== undefined && !/^(utf-?8|us-ascii)$/i.test(encoding)) {
      throw refuse('unsupported', `${part}: ${encoding}`);
    }
    at = past;
  }
  return false;
}
