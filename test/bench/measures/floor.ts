/** What no reader can beat: inflating the two large parts, and looking at every byte of them once. */
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { inflateRaw } from 'node:zlib';
import type { Measure } from './measure.ts';

const inflate = promisify(inflateRaw);

/** Compressed bytes and inflated size of the cell and string parts, straight from the central directory. */
function largeParts(file: Buffer): readonly { readonly bytes: Buffer; readonly size: number }[] {
  const end = file.lastIndexOf('PK\u0005\u0006', undefined, 'latin1');
  const parts: { bytes: Buffer; size: number }[] = [];
  for (let at = file.readUInt32LE(end + 16), left = file.readUInt16LE(end + 10); left > 0; left--) {
    const packed = file.readUInt32LE(at + 20);
    const nameLength = file.readUInt16LE(at + 28);
    const name = file.toString('utf8', at + 46, at + 46 + nameLength);
    const local = file.readUInt32LE(at + 42);
    if (/sharedStrings\.xml$|worksheets\/[^/]+\.xml$/.test(name) && file.readUInt16LE(at + 10) === 8) {
      const start = local + 30 + file.readUInt16LE(local + 26) + file.readUInt16LE(local + 28);
      parts.push({ bytes: file.subarray(start, start + packed), size: file.readUInt32LE(at + 24) });
    }
    at += 46 + nameLength + file.readUInt16LE(at + 30) + file.readUInt16LE(at + 32);
  }
  return parts;
}

const inflateAll = async (path: string): Promise<readonly Buffer[]> => {
  const parts = largeParts(await readFile(path));
  return Promise.all(parts.map(({ bytes, size }) => inflate(bytes, { chunkSize: Math.max(size, 64) })));
};

export const floorInflate: Measure = async ({ path }) => ({
  async work() {
    const parts = await inflateAll(path);
    return { bytes: parts.reduce((sum, part) => sum + part.length, 0) };
  },
});

export const floorScan: Measure = async ({ path }) => ({
  async work() {
    let tags = 0;
    for (const part of await inflateAll(path)) {
      for (let at = 0; at < part.length; at++) if (part[at] === 0x3c) tags++;
    }
    return { tags };
  },
});
