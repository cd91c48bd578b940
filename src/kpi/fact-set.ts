/** All facts in memory: blocks of columns, and the names their codes stand for. */
import { type Block, unpackBlock } from './block.ts';

export class FactSet {
  readonly #names: string[] = [];
  readonly #codes = new Map<string, number>();
  readonly #blocks = new Map<number, { readonly revision: number; readonly block: Block }>();
  #ordered: readonly Block[] | null = null;
  #version = 0;

  /** Grows with every change: the same version has the same figures. */
  get version(): number {
    return this.#version;
  }

  /** Blocks by number, ascending. */
  get blocks(): readonly Block[] {
    this.#ordered ??= [...this.#blocks].toSorted(([a], [b]) => a - b).map(([, { block }]) => block);
    return this.#ordered;
  }

  /** Tickets in all blocks, whatever became of them. */
  get size(): number {
    return this.blocks.reduce((sum, { tickets }) => sum + tickets.length, 0);
  }

  revisionOf(number: number): number | undefined {
    return this.#blocks.get(number)?.revision;
  }

  /** Puts a block in place of its older revision. */
  put(number: number, revision: number, body: Uint8Array): void {
    this.#blocks.set(number, { revision, block: unpackBlock(body, (name) => this.codeOf(name)) });
    this.#ordered = null;
    this.#version++;
  }

  /** Drops blocks that are not there any more. */
  keepOnly(numbers: ReadonlySet<number>): void {
    for (const number of this.#blocks.keys()) {
      if (numbers.has(number)) continue;
      this.#blocks.delete(number);
      this.#ordered = null;
      this.#version++;
    }
  }

  /** The code of a name, a new one for a name not seen before. */
  codeOf(name: string): number {
    let code = this.#codes.get(name);
    if (code === undefined) {
      code = this.#names.push(name) - 1;
      this.#codes.set(name, code);
    }
    return code;
  }

  /** The code of a name, or undefined when no ticket has it. */
  knownCode(name: string): number | undefined {
    return this.#codes.get(name);
  }

  /** The name of a code; null for the code of no name. */
  nameOf(code: number): string | null {
    return this.#names[code] ?? null;
  }

  /** How many names there are: codes are below it. */
  get names(): number {
    return this.#names.length;
  }
}

/** Facts of some tickets, for tests and small reckonings. */
export function factSetOf(bodies: readonly Uint8Array[]): FactSet {
  const set = new FactSet();
  for (const [number, body] of bodies.entries()) set.put(number, 1, body);
  return set;
}
