/** A workbook of figures in memory: keeps what a connector that can publish promises, with `type` and `remove` as the person. */
import type { Connector, PublishOptions } from '../../connectors/connector.ts';
import { createMemoryConnector, MemoryWorkbook } from '../../connectors/memory.ts';
import { RetryableError, StaleError } from '../../src/model/errors.ts';
import type { Published, PublishedTab } from '../../src/model/published-tab.ts';

type Value = PublishedTab['rows'][number][number];

export class FigureBook {
  /** By key; what stands in each cell, by `row,column`. */
  readonly tabs = new Map<string, Map<string, string>>();
  /** Plans as they were last published, by key. */
  readonly plans = new Map<string, PublishedTab>();
  /** Saves of the file. */
  writes = 0;
  /** Whether there is a file. */
  isThere = true;
  /** How often somebody saves in between from now on. */
  interruptions = 0;
  readonly #typed = new Map<string, Map<string, string>>();
  readonly #known = new Set<string>();

  type(key: string, row: number, column: number, text: string): void {
    const typed = this.#typed.get(key) ?? new Map<string, string>();
    this.#typed.set(key, typed.set(`${row},${column}`, text));
    this.tabs.get(key)!.set(`${row},${column}`, text);
  }

  remove(key: string): void {
    this.tabs.delete(key);
  }

  publish(tabs: readonly PublishedTab[], { restore }: PublishOptions): Published {
    if (!this.isThere) throw new RetryableError('workbook-absent', 'not there now', 1000);
    if (this.interruptions > 0) {
      this.interruptions--;
      throw new StaleError('stale', 'somebody saved');
    }
    const replaced: Published['replaced'][number][] = [];
    const [missing, made]: [string[], string[]] = [[], []];
    let changed = 0;
    for (const tab of tabs) {
      let cells = this.tabs.get(tab.key);
      if (cells === undefined && this.#known.has(tab.key) && !restore.includes(tab.key)) {
        missing.push(tab.key);
        continue;
      }
      if (cells === undefined) {
        cells = new Map();
        made.push(tab.key);
      }
      this.#known.add(tab.key);
      this.tabs.set(tab.key, cells);
      const wanted = new Map<string, string>(
        tab.rows.flatMap((row, r) =>
          row.flatMap((cell, c) => (cell === null ? [] : [[`${r},${c}`, textOf(cell)] as const])),
        ),
      );
      for (const place of new Set([...wanted.keys(), ...cells.keys()])) {
        const [now, then] = [cells.get(place), wanted.get(place)];
        if (now === then) continue;
        changed++;
        const typed = this.#typed.get(tab.key)?.get(place);
        const [row, column] = place.split(',').map(Number) as [number, number];
        if (typed !== undefined && typed === now) replaced.push({ tab: tab.key, row, column, typed });
        if (then === undefined) cells.delete(place);
        else cells.set(place, then);
      }
      this.plans.set(tab.key, tab);
    }
    this.#typed.clear();
    if (changed > 0) this.writes++;
    return { changed, replaced, missing, made };
  }
}

function textOf(cell: Value): string {
  return JSON.stringify([cell?.value, cell?.formula ?? null]);
}

export function createFigureConnector(book: FigureBook): Connector {
  const connector = createMemoryConnector(new MemoryWorkbook());
  return {
    ...connector,
    capabilities: { ...connector.capabilities, canPublish: true },
    publish: async (tabs, options) => book.publish(tabs, options),
  };
}
