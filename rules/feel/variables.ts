/**
 * Which value a name means at a place of the source: a loop variable, an entry of a context, a key of the value a filter
 * looks at, or an allowed name. The inner one hides the outer one.
 */
import { Refusal } from './fault.ts';
import type { Evaluate } from './run.ts';
import { type Names, spelling } from './syntax.ts';
import { isContext } from './value.ts';

type Scope =
  | { readonly kind: 'local'; readonly name: string; readonly slot: number; readonly outer: Scope | null }
  /** Inside a filter: the keys of the value in `slot` are names, and `item` is the value. */
  | { readonly kind: 'item'; readonly slot: number; readonly outer: Scope | null };

export class Variables {
  /** Allowed names that were read. */
  readonly reads = new Set<string>();
  readonly #names: Names;
  #scope: Scope | null = null;
  #slots = 0;

  constructor(names: Names) {
    this.#names = names;
  }

  /** A place for a value that no other expression uses. */
  slot(): number {
    return this.#slots++;
  }

  /** Runs `body` with the names that `declare` adds, and forgets them afterwards. */
  within<T>(body: () => T): T {
    const before = this.#scope;
    try {
      return body();
    } finally {
      this.#scope = before;
    }
  }

  /** Adds a name up to the end of the running `within`; answers its slot. */
  declare(name: string): number {
    const slot = this.slot();
    this.#scope = { kind: 'local', name: spelling(name), slot, outer: this.#scope };
    return slot;
  }

  /** The same for the value a filter looks at. */
  declareItem(): number {
    const slot = this.slot();
    this.#scope = { kind: 'item', slot, outer: this.#scope };
    return slot;
  }

  /** Reads a name. Throws a `Refusal` when nothing has it; in a filter, a key that a value lacks is null. */
  read(name: string, at: number): Evaluate {
    const key = spelling(name);
    const items: number[] = [];
    let found: Evaluate | null = null;
    for (let scope = this.#scope; scope !== null && found === null; scope = scope.outer) {
      if (scope.kind === 'item') items.push(scope.slot);
      if (scope.kind === 'item' ? key === 'item' : key === scope.name) found = fromSlot(scope.slot);
    }
    found ??= this.#allowed(key);
    if (found === null && items.length === 0) throw new Refusal('unknown-field', at, { name });
    const outer = found ?? (() => null);
    if (items.length === 0) return outer;
    return (run) => {
      for (const slot of items) {
        const item = run.slots[slot] ?? null;
        if (isContext(item) && item.has(name)) return item.get(name) ?? null;
      }
      return outer(run);
    };
  }

  #allowed(key: string): Evaluate | null {
    const name = this.#names.bySpelling.get(key);
    if (name === undefined) return null;
    this.reads.add(name);
    return (run) => run.scope.get(name);
  }
}

function fromSlot(slot: number): Evaluate {
  return (run) => run.slots[slot] ?? null;
}
