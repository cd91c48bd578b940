/**
 * Rows of numbers packed column by column: what a million tickets take in memory and in the database is these arrays and
 * little else, and reading them back is a view on the bytes, not a loop. Pure.
 */

/**
 * `wide`: any number, for instants and ids; null is NaN. `int`: a whole number of 32 bits; null is -1. `byte`: 0 to 254;
 * null is 255. `name`: a text; in the column it is its place in a list of names, null is -1.
 */
export type ColumnKind = 'wide' | 'int' | 'byte' | 'name';
export type TableShape = Readonly<Record<string, ColumnKind>>;

interface Arrays {
  readonly wide: Float64Array;
  readonly int: Int32Array;
  readonly byte: Uint8Array;
  readonly name: Int32Array;
}

/** A table as columns, all of the same length. */
export type Columns<Shape extends TableShape> = { readonly [Key in keyof Shape]: Arrays[Shape[Key]] } & {
  readonly length: number;
};

/** A row to pack. */
export type PackedRow<Shape extends TableShape> = {
  readonly [Key in keyof Shape]: (Shape[Key] extends 'name' ? string : number) | null;
};

export type Shapes = Readonly<Record<string, TableShape>>;
export type Tables<All extends Shapes> = { readonly [Name in keyof All]: Columns<All[Name]> };
export type Rows<All extends Shapes> = { readonly [Name in keyof All]: readonly PackedRow<All[Name]>[] };

const BYTES = { wide: 8, int: 4, byte: 1, name: 4 } as const;
/** Columns begin at multiples of this, so that every view is allowed. */
const STEP = 8;

interface Head {
  readonly names: readonly string[];
  readonly lengths: Readonly<Record<string, number>>;
}

/** Packs tables into one piece of bytes; the same rows give the same bytes. */
export function pack<All extends Shapes>(shapes: All, rows: Rows<All>): Uint8Array {
  const names: string[] = [];
  const places = new Map<string, number>();
  const placeOf = (name: string): number => {
    let place = places.get(name);
    if (place === undefined) {
      place = names.push(name) - 1;
      places.set(name, place);
    }
    return place;
  };
  const columns = Object.entries(shapes).flatMap(([table, shape]) =>
    Object.entries(shape).map(([key, kind]) => {
      const values = rows[table]!.map((row) => row[key] as string | number | null);
      return bytesOf(
        kind,
        kind === 'name' ? values.map((name) => (name === null ? null : placeOf(String(name)))) : values,
      );
    }),
  );
  const lengths = Object.fromEntries(Object.keys(shapes).map((table) => [table, rows[table]!.length]));
  const head = new TextEncoder().encode(JSON.stringify({ names, lengths } satisfies Head));
  const size = rounded(STEP + head.length) + columns.reduce((sum, { length }) => sum + rounded(length), 0);
  const packed = new Uint8Array(size);
  new DataView(packed.buffer).setUint32(0, head.length, true);
  packed.set(head, STEP);
  let at = rounded(STEP + head.length);
  for (const column of columns) {
    packed.set(column, at);
    at += rounded(column.length);
  }
  return packed;
}

function bytesOf(kind: ColumnKind, values: readonly (string | number | null)[]): Uint8Array {
  const array = newArray(kind, values.length);
  const none = kind === 'wide' ? Number.NaN : kind === 'byte' ? 255 : -1;
  for (const [n, value] of values.entries()) array[n] = value === null ? none : Number(value);
  return new Uint8Array(array.buffer);
}

function newArray(kind: ColumnKind, length: number): Float64Array | Int32Array | Uint8Array {
  return kind === 'wide' ? new Float64Array(length) : kind === 'byte' ? new Uint8Array(length) : new Int32Array(length);
}

function rounded(size: number): number {
  return Math.ceil(size / STEP) * STEP;
}

/**
 * Unpacks what `pack` made with the same shapes. `codeOf` gives the number of a name that all pieces share; name columns
 * hold these. The bytes are copied once, so the piece may be let go.
 */
export function unpack<All extends Shapes>(
  shapes: All,
  packed: Uint8Array,
  codeOf: (name: string) => number,
): Tables<All> {
  // Not `slice`: that of a Buffer copies nothing, and its bytes may lie anywhere in a shared piece.
  const bytes = new Uint8Array(packed);
  const headLength = new DataView(bytes.buffer).getUint32(0, true);
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(STEP, STEP + headLength))) as Head;
  const codes = head.names.map(codeOf);
  let at = rounded(STEP + headLength);
  const tables: Record<string, Record<string, unknown>> = {};
  for (const [table, shape] of Object.entries(shapes)) {
    const length = head.lengths[table]!;
    const columns: Record<string, unknown> = { length };
    for (const [key, kind] of Object.entries(shape)) {
      columns[key] = view(kind, bytes.buffer, at, length);
      if (kind === 'name') {
        const column = columns[key] as Int32Array;
        for (let n = 0; n < length; n++) if (column[n] !== -1) column[n] = codes[column[n]!]!;
      }
      at += rounded(length * BYTES[kind]);
    }
    tables[table] = columns;
  }
  return tables as unknown as Tables<All>;
}

function view(kind: ColumnKind, buffer: ArrayBuffer, at: number, length: number): unknown {
  return kind === 'wide'
    ? new Float64Array(buffer, at, length)
    : kind === 'byte'
      ? new Uint8Array(buffer, at, length)
      : new Int32Array(buffer, at, length);
}
