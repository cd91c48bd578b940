/**
 * Planted bugs: each takes one safety away from the engine, by swapping one of its pure parts or by bending what its store or connector
 * says. The simulator must catch each within its budget of histories; a rising number means the histories got weaker.
 */
import type { Connector } from '../../../connectors/connector.ts';
import type { BindingRow, WriteIntent } from '../../../src/model/binding.ts';
import type { RecordId } from '../../../src/model/record.ts';
import type { Store, StoreTransaction } from '../../../src/store.ts';
import type { Matching } from '../../../src/sync/match.ts';
import { syncParts } from '../../../src/sync/parts.ts';
import type { DataRow } from '../../../src/sync/rows.ts';
import type { Mutation } from './stage/engines.ts';
import type { ModelName } from './tape.ts';

export interface Mutant {
  readonly name: string;
  /** What it is planted in; files unless given. */
  readonly model?: ModelName;
  /** Histories within which it must be caught. */
  readonly budget: number;
  readonly mutation: Mutation;
}

/** A store whose transactions, and other calls, are partly replaced. */
function bentStore(
  store: Store,
  bend: { calls?: Partial<Store>; tx?: (tx: StoreTransaction) => Partial<StoreTransaction> },
): Store {
  const bent = overlay(store, bend.calls ?? {});
  if (bend.tx === undefined) return bent;
  const { tx: bendTx } = bend;
  return overlay(bent, {
    transaction: (lease, work) => bent.transaction(lease, (tx) => work(overlay(tx, bendTx(tx)))),
  } as Partial<Store>);
}

function overlay<T extends object>(target: T, replaced: Partial<T>): T {
  return new Proxy(target, {
    get(of, name) {
      const value = Reflect.get(name in replaced ? replaced : of, name);
      return typeof value === 'function' && !(name in replaced) ? value.bind(of) : value;
    },
  });
}

export const mutants: readonly Mutant[] = [
  {
    name: 'a created ticket leaves no claim on its row',
    budget: 200,
    mutation: {
      store: (store) =>
        bentStore(store, {
          tx: (tx) => ({
            saveRows: (id: string, rows: readonly BindingRow[]) =>
              tx.saveRows(
                id,
                rows.filter((row) => row.state !== 'claim'),
              ),
          }),
        }),
    },
  },
  {
    name: 'the generation stamp is ignored',
    budget: 1_000,
    mutation: {
      connector(connector: Connector) {
        let newest = 0;
        return overlay(connector, {
          pull: async (tabs: readonly string[]) => {
            const pulled = await connector.pull(tabs);
            newest = Math.max(newest, pulled.generation ?? 0);
            return { ...pulled, generation: pulled.generation === null ? null : newest };
          },
          push: (push) => {
            newest = Math.max(newest, push.generation);
            return connector.push(push);
          },
        } as Partial<Connector>);
      },
    },
  },
  {
    name: 'writes are not announced before they are sent',
    budget: 5_000,
    mutation: { store: (store) => bentStore(store, { tx: () => ({ saveBatches: async () => undefined }) }) },
  },
  {
    name: 'unsettled writes are taken for landed without a look',
    budget: 5_000,
    mutation: { parts: { settleBatches: (state) => state.batches.map((batch) => ({ batch, landed: true })) } },
  },
  {
    name: 'unsettled writes are taken for lost without a look',
    budget: 5_000,
    mutation: { parts: { settleBatches: (state) => state.batches.map((batch) => ({ batch, landed: false })) } },
  },
  {
    name: 'edits are applied while an earlier write is unsettled',
    budget: 5_000,
    mutation: { parts: { settleBatches: () => [] } },
  },
  {
    name: 'the base is taken from what was sent instead of what stands there',
    budget: 5_000,
    mutation: {
      connector(connector: Connector) {
        return overlay(connector, {
          push: async (push) => {
            const pushed = await connector.push(push);
            if (!pushed.outcomes.some(({ status }) => status === 'unknown')) return pushed;
            const outcomes = push.operations.map((operation) => ({
              status: 'applied' as const,
              row: operation.kind === 'cell' ? operation.row : 0,
            }));
            return { outcomes, version: await connector.version() };
          },
        } as Partial<Connector>);
      },
    },
  },
  {
    name: 'a write lands whatever became of the file since it was read',
    budget: 200,
    mutation: {
      connector(connector: Connector) {
        return overlay(connector, {
          push: async (push) => connector.push({ ...push, version: await connector.version() }),
        } as Partial<Connector>);
      },
    },
  },
  {
    name: 'the guards are off',
    budget: 5_000,
    mutation: { parts: { guard: () => ({ tab: null, columns: new Map(), deletions: null, spent: [] }) } },
  },
  {
    name: 'an unknown outcome is sent again at once',
    budget: 5_000,
    mutation: {
      connector(connector: Connector) {
        return overlay(connector, {
          push: async (push) => {
            const pushed = await connector.push(push);
            if (!pushed.outcomes.some(({ status }) => status === 'unknown')) return pushed;
            return connector.push({ ...push, version: await connector.version() });
          },
        } as Partial<Connector>);
      },
    },
  },
  {
    name: 'rows are matched by position',
    budget: 5_000,
    mutation: {
      parts: {
        matchRows(rows, shape, state, ...rest): Matching {
          const matching = syncParts.matchRows(rows, shape, state, ...rest);
          const pairs = new Map<RecordId, DataRow>();
          for (const [recordId, row] of matching.pairs) {
            const hint = state.rows.get(recordId)!.rowHint;
            const there = rows.find((other) => other.row === hint && [...matching.pairs.values()].includes(other));
            pairs.set(recordId, there !== undefined && ![...pairs.values()].includes(there) ? there : row);
          }
          return { ...matching, pairs };
        },
      },
    },
  },
  {
    name: 'the fence is not checked',
    budget: 5_000,
    mutation: {
      store: (store) =>
        overlay(store, { transaction: (_lease, work) => store.transaction(null, work) } as Partial<Store>),
    },
  },
  {
    name: 'dirty marks are cleared without comparing them',
    budget: 5_000,
    mutation: {
      store: (store) =>
        bentStore(store, {
          tx: (tx) => ({
            clearDirty: async (id: string) => tx.clearDirty(id, await store.loadDirty(id)),
          }),
        }),
    },
  },
  {
    name: 'the loser of a conflict is dropped',
    budget: 5_000,
    mutation: {
      store: (store) =>
        bentStore(store, {
          tx: (tx) => ({
            saveProblems: (drafts: Parameters<StoreTransaction['saveProblems']>[0], now: Date) =>
              tx.saveProblems(
                drafts.filter((draft) => draft.kind !== 'conflict'),
                now,
              ),
          }),
        }),
    },
  },
  {
    name: 'nothing is settled: what was sent counts as lost',
    model: 'feishu',
    budget: 500,
    mutation: {
      parts: {
        settleCells: (input) =>
          syncParts.settleCells({
            ...input,
            batches: input.batches.map((batch) => ({ ...batch, state: 'planned' as const })),
          }),
      },
    },
  },
  {
    name: 'what was sent counts as landed without a look',
    model: 'feishu',
    budget: 500,
    mutation: {
      parts: {
        settleCells: (input) => {
          const proven = (intent: WriteIntent): WriteIntent => ({ ...intent, reply: 'proven' });
          const batches = input.batches.map((batch) => ({ ...batch, intents: batch.intents.map(proven) }));
          return syncParts.settleCells({ ...input, batches });
        },
      },
    },
  },
  {
    // That it does not wait alone is no more seen: what comes back from a read that is too old is told by other means.
    name: 'an earlier write is forgotten at the first look, however old the read may be',
    model: 'graph',
    budget: 2_500,
    mutation: {
      parts: {
        settleCells: (input) => {
          const settled = syncParts.settleCells({ ...input, staleMs: 0 });
          return { ...settled, settled: input.batches.map(({ id }) => id), watched: [], landing: new Set() };
        },
      },
    },
  },
  {
    name: 'writes are not announced before they are sent to a sheet',
    model: 'feishu',
    budget: 500,
    mutation: { store: (store) => bentStore(store, { tx: () => ({ saveBatches: async () => undefined }) }) },
  },
  {
    name: 'misplaced values are not looked for',
    model: 'feishu',
    budget: 1_000,
    mutation: {
      parts: {
        settleCells: (input) => {
          const settled = syncParts.settleCells(input);
          const confirmed = settled.moved.filter((row) => {
            const before = input.known.get(row.recordId)!;
            return Object.entries(row.cells).every(
              ([field, cell]) => cell.val !== before.cells[field]?.val || cell.raw === before.cells[field]?.raw,
            );
          });
          return { ...settled, moved: confirmed, strays: [], displaced: new Set() };
        },
      },
    },
  },
  {
    name: 'late writes are not looked for',
    model: 'feishu',
    budget: 2_500,
    mutation: {
      parts: {
        settleCells: (input) => {
          const settled = syncParts.settleCells(input);
          return { ...settled, settled: input.batches.map(({ id }) => id), watched: [], landing: new Set() };
        },
      },
    },
  },
  {
    name: 'an ID and the data of its row are written at once',
    model: 'graph',
    budget: 5_000,
    mutation: {
      parts: {
        planRowWrites: (row, known, values, context, idColumn) =>
          syncParts.planRowWrites(row, known, values, context, idColumn, false),
      },
    },
  },
  {
    name: 'an append of unknown outcome is sent again at once',
    model: 'feishu',
    budget: 2_500,
    mutation: {
      connector(connector: Connector) {
        return overlay(connector, {
          push: async (push) => {
            const pushed = await connector.push(push);
            const lost = push.operations.filter(
              ({ kind }, at) => kind === 'append' && pushed.outcomes[at]!.status === 'unknown',
            );
            if (lost.length > 0) await connector.push({ ...push, operations: lost });
            return pushed;
          },
        } as Partial<Connector>);
      },
    },
  },
  {
    name: 'a read that goes back in time is believed',
    model: 'graph',
    budget: 2_500,
    mutation: {
      connector(connector: Connector) {
        return overlay(connector, {
          pull: async (tabs: readonly string[]) => ({ ...(await connector.pull(tabs)), revision: 1 }),
        } as Partial<Connector>);
      },
    },
  },
  {
    name: 'a revision that goes back is believed',
    model: 'feishu',
    budget: 1_000,
    mutation: {
      connector(connector: Connector) {
        return overlay(connector, {
          pull: async (tabs: readonly string[]) => {
            const { revision: _revision, ...pulled } = await connector.pull(tabs);
            return { ...pulled, revision: 1 };
          },
          push: async (push) => {
            const { revision: _revision, ...pushed } = await connector.push(push);
            return pushed;
          },
        } as Partial<Connector>);
      },
    },
  },
];
