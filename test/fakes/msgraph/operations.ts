/** Operations that were accepted with 202: each needs some looks until it is done, and some fail. */
import { notInWorkbook } from './failure.ts';
import { ok, type Reply } from './reply.ts';
import type { GraphSwitches } from './switches.ts';

type Resource = 'sessionInfoResource' | 'tableRowOperationResult';

interface Operation {
  readonly id: string;
  looks: number;
  readonly resource: Resource | null;
}

export class Operations {
  readonly #switches: GraphSwitches;
  readonly #all = new Map<string, Operation>();
  readonly #results = new Map<string, object>();

  constructor(switches: GraphSwitches) {
    this.#switches = switches;
  }

  /** Whether the next one is to fail. */
  failsNext(): boolean {
    if (this.#switches.failingOperations <= 0) return false;
    this.#switches.failingOperations--;
    return true;
  }

  start(resource: Resource, result: object): string {
    const id = this.#add(resource);
    this.#results.set(id, result);
    return id;
  }

  failed(): string {
    return this.#add(null);
  }

  #add(resource: Resource | null): string {
    const id = `0195cfac-bd22-4f91-b276-${String(this.#all.size + 1).padStart(12, '0')}`;
    this.#all.set(id, { id, looks: 0, resource });
    return id;
  }

  /** `operations/{id}`: a failure is told with 200 as well. */
  status(id: string, itemUrl: string): Reply {
    const operation = this.#all.get(id);
    if (operation === undefined) throw notInWorkbook();
    operation.looks++;
    if (operation.looks < this.#switches.asyncLooks)
      return ok({ id, status: operation.looks === 1 ? 'notStarted' : 'running' });
    if (operation.resource === null)
      return ok({
        id,
        status: 'failed',
        error: { code: 'generalException', message: 'There was an internal error while processing the request.' },
      });
    return ok({
      id,
      status: 'succeeded',
      resourceLocation: `${itemUrl}/workbook/${operation.resource}(key='${id}')`,
    });
  }

  result(key: string): Reply {
    const result = this.#results.get(key);
    if (result === undefined) throw notInWorkbook();
    return ok(result);
  }
}

export const accepted = (
  id: string,
  itemUrl: string,
): Reply & { readonly headers: Readonly<Record<string, string>> } => ({
  status: 202,
  body: {},
  headers: { location: `${itemUrl}/workbook/operations/${id}` },
});
