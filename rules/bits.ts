/** Sets of small numbers as bits in 32-bit words: rows of a table, cells of a column. */

export type Bits = Int32Array<ArrayBuffer>;

export function bitWords(size: number): number {
  return (size + 31) >>> 5;
}

export function emptyBits(size: number): Bits {
  return new Int32Array(bitWords(size));
}

export function fullBits(size: number): Bits {
  const bits = new Int32Array(bitWords(size)).fill(-1);
  if (size % 32 !== 0) bits[bits.length - 1] = (1 << (size % 32)) - 1;
  return bits;
}

export function addBit(bits: Bits, at: number): void {
  bits[at >>> 5]! |= 1 << (at & 31);
}

export function dropBit(bits: Bits, at: number): void {
  bits[at >>> 5]! &= ~(1 << (at & 31));
}

export function hasBit(bits: Bits, at: number): boolean {
  return (bits[at >>> 5]! & (1 << (at & 31))) !== 0;
}

/** `into` and `other`, into the first. */
export function keepBits(into: Bits, other: Bits): void {
  for (let word = 0; word < into.length; word++) into[word]! &= other[word]!;
}

/** `into` or `other`, into the first. */
export function joinBits(into: Bits, other: Bits): void {
  for (let word = 0; word < into.length; word++) into[word]! |= other[word]!;
}

/** `into` without `other`, into the first. */
export function dropBits(into: Bits, other: Bits): void {
  for (let word = 0; word < into.length; word++) into[word]! &= ~other[word]!;
}

export function noBits(bits: Bits): boolean {
  for (let word = 0; word < bits.length; word++) if (bits[word] !== 0) return false;
  return true;
}

export function shareBits(a: Bits, b: Bits): boolean {
  for (let word = 0; word < a.length; word++) if ((a[word]! & b[word]!) !== 0) return true;
  return false;
}

/** The numbers in ascending order. */
export function bitList(bits: Bits, into: number[] = []): number[] {
  for (let word = 0; word < bits.length; word++) {
    for (let rest = bits[word]!; rest !== 0; rest &= rest - 1) into.push((word << 5) + 31 - Math.clz32(rest & -rest));
  }
  return into;
}
