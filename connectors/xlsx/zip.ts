/**
 * The container of an .xlsx: reads the central directory of a zip, and writes a changed zip in which every entry that
 * was not named lies byte for byte as before (header, name, extra field, data, descriptor); only offsets move.
 *
 * Format: APPNOTE.TXT 6.3.10 (https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT). Names, sizes and offsets come from the central directory, never
 * from local headers: those hold zeros when the sizes follow the data.
 */
import { Buffer } from 'node:buffer';
import { promisify } from 'node:util';
import { constants, crc32, createGunzip, deflateRaw } from 'node:zlib';
import { refuse } from './refusal.ts';
import { bufferOf } from './xml.ts';

const deflateAsync = promisify<Uint8Array, object, Buffer>(deflateRaw);

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const UTF8_NAME = 0x0800;
const STORED = 0;
const DEFLATED = 8;
const MAX32 = 0xffffffff;

/** One entry, as the central directory tells it. Offsets and sizes in bytes. */
export interface ZipEntry {
  /** As spelled in the container. */
  readonly name: string;
  readonly method: number;
  readonly crc: number;
  readonly compressedSize: number;
  readonly size: number;
  /** Where the local header begins. */
  readonly start: number;
  /** Where the compressed data begins and ends. */
  readonly dataStart: number;
  readonly dataEnd: number;
  /** Up to here the bytes belong to this entry: a descriptor, or padding before the next one. */
  readonly stop: number;
  /** Its record in the central directory. */
  readonly recordStart: number;
  readonly recordEnd: number;
  /** Place of the 8-byte offset inside the record's zip64 field, or -1 when the plain field holds it. */
  readonly offset64: number;
}

export interface Zip {
  readonly bytes: Buffer;
  /** In directory order. */
  readonly entries: readonly ZipEntry[];
  /** Closing comment of the archive. */
  readonly comment: Buffer;
}

/**
 * Reads the directory. Throws `UnreadableError`: `damaged` when records do not fit the file or each other, `encrypted`
 * and `unsupported` by what an entry says of itself, `hostile` when entries overlap, `too-large` beyond `maxEntries`.
 */
export function readZip(source: Uint8Array, maxEntries = 65_534): Zip {
  const bytes = bufferOf(source);
  const end = findEnd(bytes);
  const directory = readEnd(bytes, end);
  if (directory.count > maxEntries) throw refuse('too-large', `${directory.count} entries`, `${maxEntries}`);
  const entries: ZipEntry[] = [];
  let at = directory.start;
  for (let i = 0; i < directory.count; i++) {
    const entry = readRecord(bytes, at, directory.stop, directory.start);
    entries.push(entry);
    at = entry.recordEnd;
  }
  return { bytes, entries: withStops(entries, directory.start), comment: bytes.subarray(end + 22) };
}

function findEnd(bytes: Buffer): number {
  for (let at = bytes.length - 22; at >= 0 && at >= bytes.length - 22 - 0xffff; at--) {
    if (bytes.readUInt32LE(at) === END && at + 22 + bytes.readUInt16LE(at + 20) === bytes.length) return at;
  }
  throw refuse('damaged', 'no directory at the end of the file');
}

interface Directory {
  readonly start: number;
  readonly stop: number;
  readonly count: number;
}

function readEnd(bytes: Buffer, end: number): Directory {
  let count = bytes.readUInt16LE(end + 10);
  let size = bytes.readUInt32LE(end + 12);
  let start = bytes.readUInt32LE(end + 16);
  let disks = bytes.readUInt16LE(end + 4) | bytes.readUInt16LE(end + 6);
  let limit = end;
  if (end >= 20 && bytes.readUInt32LE(end - 20) === LOCATOR64) {
    const at = readSize64(bytes, end - 12);
    if (at + 56 > end - 20 || bytes.readUInt32LE(at) !== END64) throw refuse('damaged', 'zip64 directory');
    disks = bytes.readUInt32LE(at + 16) | bytes.readUInt32LE(at + 20);
    count = readSize64(bytes, at + 32);
    size = readSize64(bytes, at + 40);
    start = readSize64(bytes, at + 48);
    limit = at;
  }
  if (disks !== 0) throw refuse('unsupported', 'split archive');
  if (start + size > limit || count * 46 > size) throw refuse('damaged', 'directory outside the file');
  return { start, stop: start + size, count };
}

function readSize64(bytes: Buffer, at: number): number {
  const value = bytes.readBigUInt64LE(at);
  if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw refuse('damaged', 'impossible size');
  return Number(value);
}

function readRecord(bytes: Buffer, at: number, stop: number, dataLimit: number): ZipEntry {
  if (at + 46 > stop || bytes.readUInt32LE(at) !== CENTRAL) throw refuse('damaged', 'directory record');
  const flags = bytes.readUInt16LE(at + 8);
  const method = bytes.readUInt16LE(at + 10);
  let compressedSize = bytes.readUInt32LE(at + 20);
  let size = bytes.readUInt32LE(at + 24);
  const nameEnd = at + 46 + bytes.readUInt16LE(at + 28);
  const extraEnd = nameEnd + bytes.readUInt16LE(at + 30);
  const recordEnd = extraEnd + bytes.readUInt16LE(at + 32);
  if (recordEnd > stop) throw refuse('damaged', 'directory record');
  // Without the flag a name is in some old code page; every name a spreadsheet app gives is ASCII or UTF-8.
  const name = bytes.toString('utf8', at + 46, nameEnd);
  if ((flags & 1) !== 0) throw refuse('encrypted');
  if (method !== STORED && method !== DEFLATED) throw refuse('unsupported', `${name}: method ${method}`);
  let start = bytes.readUInt32LE(at + 42);
  let offset64 = -1;
  for (let field = nameEnd; field + 4 <= extraEnd; field += 4 + bytes.readUInt16LE(field + 2)) {
    if (bytes.readUInt16LE(field) !== 1) continue;
    // The field holds, in this order, only those values whose plain place says "see here".
    let place = field + 4;
    const fieldEnd = Math.min(extraEnd, place + bytes.readUInt16LE(field + 2));
    const take = (): number => {
      if (place + 8 > fieldEnd) throw refuse('damaged', `${name}: zip64 field`);
      place += 8;
      return readSize64(bytes, place - 8);
    };
    if (size === MAX32) size = take();
    if (compressedSize === MAX32) compressedSize = take();
    if (start === MAX32) {
      start = take();
      offset64 = place - 8;
    }
    break;
  }
  if (start + 30 > dataLimit || bytes.readUInt32LE(start) !== LOCAL) throw refuse('damaged', `${name}: local header`);
  const dataStart = start + 30 + bytes.readUInt16LE(start + 26) + bytes.readUInt16LE(start + 28);
  const dataEnd = dataStart + compressedSize;
  if (dataEnd > dataLimit) throw refuse('damaged', `${name}: data outside the file`);
  if (method === STORED && size !== compressedSize) throw refuse('damaged', `${name}: size`);
  const crc = bytes.readUInt32LE(at + 16);
  const place = { start, dataStart, dataEnd, stop: dataEnd, recordStart: at, recordEnd, offset64 };
  return { name, method, crc, compressedSize, size, ...place };
}

/** An entry owns the bytes up to the next one: that carries descriptors of all four forms along without parsing them. */
function withStops(entries: readonly ZipEntry[], directoryStart: number): ZipEntry[] {
  const stops = new Map<number, number>();
  const byPlace = [...entries].sort((a, b) => a.start - b.start);
  byPlace.forEach((entry, i) => {
    const stop = byPlace[i + 1]?.start ?? directoryStart;
    if (entry.dataEnd > stop) throw refuse('hostile', `${entry.name}: overlapping entries`);
    stops.set(entry.recordStart, stop);
  });
  return entries.map((entry) => ({ ...entry, stop: stops.get(entry.recordStart) ?? entry.dataEnd }));
}

/**
 * The content of an entry. The declared size is the limit: an entry that holds more, less or something else than it
 * declares is `damaged`.
 */
export async function inflateEntry(zip: Zip, entry: ZipEntry): Promise<Buffer> {
  if (entry.method === STORED) {
    const content = zip.bytes.subarray(entry.dataStart, entry.dataEnd);
    if (crc32(content) !== entry.crc) throw refuse('damaged', `${entry.name}: checksum`);
    return content;
  }
  // One chunk, one byte larger than needed: zlib then neither copies nor asks for a second one.
  const chunks: Buffer[] = [];
  for await (const chunk of inflateDeflated(zip, entry, Math.max(64, entry.size + 1))) chunks.push(chunk);
  return chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks);
}

const CHUNK_BYTES = 262_144;

/**
 * The content of an entry chunk by chunk: the next one is inflated on the thread pool while the caller reads this one.
 * Throws as `inflateEntry`, at the latest after the last chunk.
 */
export async function* inflateChunks(zip: Zip, entry: ZipEntry): AsyncGenerator<Buffer, void, undefined> {
  if (entry.method === STORED) yield await inflateEntry(zip, entry);
  else yield* inflateDeflated(zip, entry, CHUNK_BYTES);
}

/** The beginning of a gzip file, without name and time. */
const GZIP_HEADER = Buffer.from([0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff]);

async function* inflateDeflated(zip: Zip, entry: ZipEntry, chunkSize: number): AsyncGenerator<Buffer, void, undefined> {
  // As a gzip file, which ends with checksum and size: then these are checked on the thread pool too.
  const stream = createGunzip({ chunkSize });
  const trailer = Buffer.alloc(8);
  trailer.writeUInt32LE(entry.crc, 0);
  trailer.writeUInt32LE(entry.size % 2 ** 32, 4);
  stream.write(GZIP_HEADER);
  stream.write(zip.bytes.subarray(entry.dataStart, entry.dataEnd));
  stream.end(trailer);
  let size = 0;
  const chunks = stream[Symbol.asyncIterator]();
  try {
    for (;;) {
      const next = await chunks.next().catch((cause: unknown) => {
        throw refuse('damaged', entry.name, '', cause);
      });
      if (next.done === true) break;
      const chunk = next.value as Buffer;
      size += chunk.length;
      if (size > entry.size) break;
      yield chunk;
    }
  } finally {
    stream.destroy();
  }
  if (size !== entry.size) throw refuse('damaged', `${entry.name}: size`);
}

/** Bytes in one piece, or in several that follow each other. */
export type Pieces = Uint8Array | readonly Uint8Array[];

/** What a write does to a zip; keys are places in `zip.entries`. */
export interface ZipChanges {
  readonly replaced: ReadonlyMap<number, Pieces>;
  readonly removed: ReadonlySet<number>;
  /** New entries, added at the end. */
  readonly added: readonly { readonly name: string; readonly content: Pieces }[];
}

/** A new zip: see the header. Replaced and new entries are deflated at level 1, which is how large Excel's own files are. */
export async function writeZip(zip: Zip, changes: ZipChanges): Promise<Buffer> {
  const { bytes, entries } = zip;
  const replaced = new Map<number, Packed>();
  for (const [index, content] of changes.replaced) replaced.set(index, await pack(content));

  const order = entries.map((_, index) => index).sort((a, b) => startOf(entries, a) - startOf(entries, b));
  const chunks: Uint8Array[] = [];
  let length = 0;
  const put = (chunk: Uint8Array): void => {
    chunks.push(chunk);
    length += chunk.length;
  };
  // Bytes before the first entry are kept, as self-extracting archives have them.
  put(bytes.subarray(0, order[0] === undefined ? 0 : startOf(entries, order[0])));

  const records = new Map<number, Buffer>();
  for (const index of order) {
    const entry = entries[index];
    if (entry === undefined || changes.removed.has(index)) continue;
    const record = bytes.subarray(entry.recordStart, entry.recordEnd);
    const packed = replaced.get(index);
    if (packed === undefined) {
      records.set(index, movedRecord(record, entry, length));
      put(bytes.subarray(entry.start, entry.stop));
    } else {
      records.set(index, replacedRecord(record, packed, length));
      const nameEnd = 46 + record.readUInt16LE(28);
      put(localHeader(record.subarray(46, nameEnd), packed, record.readUInt16LE(8), record.readUInt32LE(12)));
      for (const part of packed.data) put(part);
    }
  }
  const tail: Buffer[] = [];
  for (const { name, content } of changes.added) {
    const packed = await pack(content);
    const header = localHeader(Buffer.from(name), packed, UTF8_NAME, EPOCH);
    tail.push(freshRecord(header, length));
    put(header);
    for (const part of packed.data) put(part);
  }

  const directoryStart = length;
  let count = tail.length;
  entries.forEach((_, index) => {
    const record = records.get(index);
    if (record === undefined) return;
    count++;
    put(record);
  });
  for (const record of tail) put(record);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(END, 0);
  end.writeUInt16LE(count, 8);
  end.writeUInt16LE(count, 10);
  end.writeUInt32LE(length - directoryStart, 12);
  end.writeUInt32LE(directoryStart, 16);
  end.writeUInt16LE(zip.comment.length, 20);
  put(end);
  put(zip.comment);
  return Buffer.concat(chunks, length);
}

function startOf(entries: readonly ZipEntry[], index: number): number {
  return entries[index]?.start ?? 0;
}

/** 1980-01-01 00:00, the first moment a zip can name: new entries carry no clock. */
const EPOCH = 0x00210000;

interface Packed {
  readonly data: readonly Uint8Array[];
  readonly compressedSize: number;
  readonly size: number;
  readonly crc: number;
}

const SEGMENT_BYTES = 4 * 1_048_576;
const WINDOW_BYTES = 32_768;
/** One for each thread of Node's pool and two that wait for one: more would only lie in memory. */
const SEGMENTS_AT_ONCE = 6;

/**
 * Deflates in segments on the thread pool. Each ends on a byte boundary and starts with the window of the one before
 * as its dictionary, so that together they are one ordinary deflate stream.
 */
async function pack(content: Pieces): Promise<Packed> {
  // An empty piece would only make others meet, and be copied.
  const pieces = (content instanceof Uint8Array ? [content] : content).filter(({ length }) => length > 0);
  const size = pieces.reduce((sum, piece) => sum + piece.length, 0);
  const count = Math.max(1, Math.ceil(size / SEGMENT_BYTES));
  const data = new Array<Uint8Array>(count);
  let started = 0;
  let crc = 0;
  const work = async (): Promise<void> => {
    while (started < count) {
      const index = started++;
      const at = index * SEGMENT_BYTES;
      const segment = gather(pieces, at, Math.min(at + SEGMENT_BYTES, size));
      const deflating = deflateAsync(segment, {
        level: constants.Z_BEST_SPEED,
        finishFlush: index === count - 1 ? constants.Z_FINISH : constants.Z_SYNC_FLUSH,
        // Room for the worst case: each further chunk would cost a round trip, memory that is not touched costs nothing.
        chunkSize: segment.length + (segment.length >> 8) + 1_024,
        ...(index === 0 ? {} : { dictionary: gather(pieces, at - WINDOW_BYTES, at) }),
      });
      // Segments are started in order. All at once the checksum would keep the threads waiting for their next segment.
      crc = crc32(segment, crc);
      data[index] = await deflating;
    }
  };
  await Promise.all(Array.from({ length: SEGMENTS_AT_ONCE }, work));
  return { data, compressedSize: data.reduce((sum, part) => sum + part.length, 0), size, crc };
}

/** The bytes between two places; copied only where pieces meet. */
function gather(pieces: readonly Uint8Array[], from: number, to: number): Uint8Array {
  const found: Uint8Array[] = [];
  let start = 0;
  for (const piece of pieces) {
    const end = start + piece.length;
    if (end > from && start < to) found.push(piece.subarray(Math.max(0, from - start), to - start));
    start = end;
  }
  return found.length === 1 ? (found[0] as Uint8Array) : Buffer.concat(found);
}

function localHeader(name: Uint8Array, packed: Packed, flags: number, time: number): Buffer {
  const header = Buffer.alloc(30 + name.length);
  header.writeUInt32LE(LOCAL, 0);
  header.writeUInt16LE(20, 4);
  header.writeUInt16LE(flags & UTF8_NAME, 6);
  header.writeUInt16LE(DEFLATED, 8);
  header.writeUInt32LE(time, 10);
  header.writeUInt32LE(packed.crc, 14);
  header.writeUInt32LE(packed.compressedSize, 18);
  header.writeUInt32LE(packed.size, 22);
  header.writeUInt16LE(name.length, 26);
  header.set(name, 30);
  return header;
}

function movedRecord(record: Uint8Array, entry: ZipEntry, start: number): Buffer {
  const moved = Buffer.from(record);
  if (entry.offset64 < 0) moved.writeUInt32LE(start, 42);
  else moved.writeBigUInt64LE(BigInt(start), entry.offset64 - entry.recordStart);
  return moved;
}

/** The old record with new sizes: attributes, time and comment stay, the extra field goes. */
function replacedRecord(record: Buffer, packed: Packed, start: number): Buffer {
  const nameEnd = 46 + record.readUInt16LE(28);
  const comment = record.subarray(nameEnd + record.readUInt16LE(30));
  const made = Buffer.concat([record.subarray(0, nameEnd), comment]);
  made.writeUInt16LE(20, 6);
  made.writeUInt16LE(record.readUInt16LE(8) & UTF8_NAME, 8);
  made.writeUInt16LE(DEFLATED, 10);
  made.writeUInt32LE(packed.crc, 16);
  made.writeUInt32LE(packed.compressedSize, 20);
  made.writeUInt32LE(packed.size, 24);
  made.writeUInt16LE(0, 30);
  made.writeUInt32LE(start, 42);
  return made;
}

function freshRecord(header: Buffer, start: number): Buffer {
  const record = Buffer.alloc(46 + header.length - 30);
  record.writeUInt32LE(CENTRAL, 0);
  record.writeUInt16LE(20, 4);
  header.copy(record, 6, 4, 28);
  header.copy(record, 46, 30);
  record.writeUInt32LE(start, 42);
  return record;
}
