/**
 * What an engine goes through in a history: every call of its connector and its store lets people act, may be struck by a fault,
 * and is watched. Outermost people act and the oracle looks; under that a planted bug may sit; innermost strike the faults.
 */
import type { Connector, Pulled, Pushed } from '../../../connectors/connector.ts';
import { RetryableError } from '../../../src/model/errors.ts';
import type { Lease, Store, StoreTransaction } from '../../../src/store.ts';
import { Crash, type FaultLabel, type FaultName } from './faults.ts';
import type { WorkbookFile } from './file-model.ts';
import type { ObservedStore } from './memory-store.ts';
import { type Fate, OnlineModel, type Wire } from './online-model.ts';
import type { Oracle } from './oracle/oracle.ts';
import type { Book } from './sheet.ts';
import type { Step, TapeFault } from './tape.ts';

/** One life of an engine: dies with a crash, and is dead for every later call. */
export interface Life {
  readonly workbook: string;
  dead: boolean;
  /** Calls since its run began, for the bound on them. */
  pulls: number;
  pushes: number;
  pushedAtMs: number;
  disturbed: boolean;
  /** Its next read is served from an older content. */
  readsStale: boolean;
  /** The content its last read was served from, where that may be an older one. */
  served: Book | null;
  /** What the engine holds while a transaction of its runs. */
  lease: Lease | null;
}

export function newLife(workbook: string): Life {
  return {
    workbook,
    dead: false,
    pulls: 0,
    pushes: 0,
    pushedAtMs: 0,
    disturbed: false,
    readsStale: false,
    served: null,
    lease: null,
  };
}

/** The history that goes on around the calls. */
export interface Surroundings {
  readonly store: ObservedStore;
  readonly oracle: Oracle;
  readonly faults: readonly TapeFault[];
  /** Faults may strike now. */
  readonly isPerilous: boolean;
  readonly nowMs: number;
  file(workbook: string): WorkbookFile;
  /** Somebody may act before a call. */
  turn(label: string): Promise<void>;
  act(step: Step): Promise<void>;
  advance(seconds: number): void;
  /** Does something once that many more calls were made, and no later than the moment given. */
  later(calls: number, act: () => void, byMs?: number): void;
  /** A workbook has this content now. */
  stands(workbook: string): void;
  /** What is under way is no longer undisturbed. */
  disturb(): void;
  /** For a person who studies a failure. */
  tell(line: string): void;
  /** Counts towards what two plays of one tape have in common. */
  mix(text: string): void;
}

/** A write that was given up lands within this time or never. */
const lateWithinMs = 100_000;
/** How old a read can be. */
const staleMs = 5_000;

const fates: Readonly<Record<string, Fate>> = {
  'push:refused': 'refused',
  'push:lost': 'lost',
  'push:unanswered': 'unanswered',
  'push:late': 'late',
  'push:dropped': 'dropped',
};

/** The connection broke: what was asked may or may not have been done. */
export class LostConnection extends Error {
  constructor() {
    super('the connection was lost');
    this.name = 'LostConnection';
  }
}

export class Perils {
  readonly #around: Surroundings;
  readonly #struck = new Map<FaultLabel, number>();

  constructor(around: Surroundings) {
    this.#around = around;
  }

  /** The workbook as one life of an engine meets it. */
  connector(life: Life, bend: (connector: Connector) => Connector = (connector) => connector): Connector {
    return this.#watchedConnector(bend(this.#faultyConnector(this.#around.file(life.workbook), life)), life);
  }

  /** The store as one life of an engine meets it. */
  store(life: Life, bend: (store: Store) => Store = (store) => store): Store {
    return this.#watchedStore(bend(this.#faultyStore(this.#around.store, life)), life);
  }

  /** The fault that strikes this call, if any. A later fault of the same label and number waits for the next call. */
  #strike(label: FaultLabel, life: Life): { name: FaultName; after: Step | null } | null {
    if (life.dead) throw new Crash(label);
    if (!this.#around.isPerilous) return null;
    const nth = this.#struck.get(label) ?? 0;
    this.#struck.set(label, nth + 1);
    const struck = this.#around.faults.find(({ fault, nth: at }) => fault.startsWith(`${label}:`) && at === nth);
    if (struck === undefined) return null;
    life.disturbed = true;
    this.#around.tell(`! ${struck.fault}`);
    this.#around.mix(struck.fault);
    this.#around.oracle.count(`fault ${struck.fault}`);
    return { name: struck.fault, after: struck.after };
  }

  #die(life: Life, place: string): never {
    life.dead = true;
    throw new Crash(place);
  }

  /** What lies between an engine and an online workbook. */
  #wire(life: Life): Wire {
    const { workbook } = life;
    let after: Step | null = null;
    let dies = false;
    let isOverdue = false;
    return {
      sending: async () => {
        if (after !== null) await this.#around.act(after);
        after = null;
        await this.#around.turn('request');
        isOverdue = this.#around.nowMs - life.pushedAtMs > 60_000;
      },
      fate: () => {
        const struck = this.#strike('push', life);
        after = struck?.after ?? null;
        dies = struck?.name === 'push:crash-after';
        if (struck?.name === 'push:crash-before') this.#die(life, 'push');
        if (struck?.name === 'push:slow') this.#around.advance(15);
        if (isOverdue) return 'refused';
        return fates[struck?.name ?? ''] ?? 'lands';
      },
      landing: (landing) => this.#around.oracle.landing(workbook, landing, this.#isFenced(life)),
      unanswered: (operations) => {
        if (operations.some(({ kind }) => kind === 'append')) this.#around.oracle.count('unknown append landed');
      },
      landed: (landing) => {
        if (landing.late) this.#around.disturb();
        this.#around.stands(workbook);
      },
      later: (land) => {
        this.#around.oracle.count('write held up');
        this.#around.later(9, land, this.#around.nowMs + lateWithinMs);
      },
      sent: () => {
        if (dies) this.#die(life, 'push');
      },
      served: (versions) => {
        const present = versions.at(-1)!;
        if (!life.readsStale) return present;
        life.readsStale = false;
        // What stood there some seconds ago was true until its successor came.
        const at = versions.findIndex((_, i) => (versions[i + 1]?.sinceMs ?? Infinity) > this.#around.nowMs - staleMs);
        const served = versions[at] ?? present;
        if (served !== present) this.#around.oracle.count('stale read');
        life.served = served.book;
        return served;
      },
    };
  }

  #isFenced({ workbook, lease }: Life): boolean {
    return lease !== null && this.#around.store.fence(workbook) !== lease.fence;
  }

  #onlineConnector(file: OnlineModel, life: Life): Connector {
    const wire = this.#wire(life);
    const inner = file.connect(wire);
    return {
      ...inner,
      version: async () => {
        const struck = this.#strike('version', life);
        if (struck?.name === 'version:refused') throw new RetryableError('busy', 'not now', 1_000);
        if (struck?.name === 'version:crash') this.#die(life, 'version');
        return inner.version();
      },
      pull: async (tabs) => {
        const struck = this.#strike('pull', life);
        if (struck?.name === 'pull:refused') throw new RetryableError('busy', 'not now', 1_000);
        if (struck?.name === 'pull:crash') this.#die(life, 'pull');
        if (struck?.name === 'pull:slow') this.#around.advance(15);
        life.readsStale = struck?.name === 'pull:stale';
        life.served = file.book;
        const pulled = await inner.pull(tabs);
        if (struck?.after != null) await this.#around.act(struck.after);
        return pulled;
      },
      push: async (push) => {
        if (life.dead) throw new Crash('push');
        return inner.push(push);
      },
    };
  }

  #faultyConnector(file: WorkbookFile, life: Life): Connector {
    if (file instanceof OnlineModel) return this.#onlineConnector(file, life);
    const react = async (step: Step | null): Promise<void> => {
      if (step !== null) await this.#around.act(step);
    };
    const inner = file.connect();
    return {
      kind: inner.kind,
      capabilities: inner.capabilities,
      describe: () => inner.describe(),
      close: () => inner.close(),
      version: async () => {
        const struck = this.#strike('version', life);
        if (struck?.name === 'version:refused') throw new RetryableError('busy', 'not now', 1_000);
        if (struck?.name === 'version:crash') this.#die(life, 'version');
        return inner.version();
      },
      pull: async (tabs) => {
        const struck = this.#strike('pull', life);
        if (struck?.name === 'pull:torn') throw new RetryableError('torn', 'the file changed while it was read', 1_000);
        if (struck?.name === 'pull:refused') throw new RetryableError('busy', 'not now', 1_000);
        if (struck?.name === 'pull:crash') this.#die(life, 'pull');
        if (struck?.name === 'pull:slow') this.#around.advance(15);
        const pulled = await inner.pull(tabs);
        if (struck != null) await react(struck.after);
        return pulled;
      },
      push: async (push) => {
        const struck = this.#strike('push', life);
        const unknown = (): Pushed => ({
          outcomes: push.operations.map(() => ({ status: 'unknown', reason: 'no reply' })),
          version: null,
        });
        const land = async (): Promise<Pushed> => {
          const { workbook } = life;
          const landing = { ...push, operations: (await file.takes(push)) ? push.operations : [] };
          this.#around.oracle.beforePush(workbook, landing, this.#isFenced(life));
          const pushed = await inner.push(push);
          this.#around.stands(life.workbook);
          return pushed;
        };
        try {
          switch (struck?.name) {
            case 'push:refused':
              throw new RetryableError('busy', 'not now', 1_000);
            case 'push:stale':
              return { outcomes: push.operations.map(() => ({ status: 'stale' })), version: null };
            case 'push:unknown-before':
              return unknown();
            case 'push:unknown-after':
              await land();
              return unknown();
            case 'push:crash-before':
              return this.#die(life, 'push');
            case 'push:crash-after':
              await land();
              return this.#die(life, 'push');
            case 'push:slow':
              this.#around.advance(15);
          }
          return await land();
        } finally {
          if (struck != null) await react(struck.after);
        }
      },
    };
  }

  #faultyStore(store: ObservedStore, life: Life): Store {
    const read = <A extends unknown[], T>(call: (...args: A) => Promise<T>) => {
      return async (...args: A): Promise<T> => {
        const struck = this.#strike('read', life);
        if (struck?.name === 'read:crash') this.#die(life, 'read');
        if (struck?.name === 'read:lost') throw new LostConnection();
        const result = await call.apply(store, args);
        if (struck?.after != null) await this.#around.act(struck.after);
        return result;
      };
    };
    return {
      takeLease: read(store.takeLease),
      renewLease: read(store.renewLease),
      releaseLease: read(store.releaseLease),
      loadBindingHead: read(store.loadBindingHead),
      loadBinding: read(store.loadBinding),
      loadDirty: read(store.loadDirty),
      isDirty: read(store.isDirty),
      loadRecords: read(store.loadRecords),
      findRecords: read(store.findRecords),
      listRecords: read(store.listRecords),
      loadProblems: read(store.loadProblems),
      transaction: async (lease, work) => {
        const struck = this.#strike('commit', life);
        if (struck?.name === 'commit:crash-before') this.#die(life, 'commit');
        if (struck?.name === 'commit:lost-before') throw new LostConnection();
        try {
          const result = await store.transaction(lease, async (tx) => {
            const done = await work(this.#faultyTransaction(tx, life));
            if (struck?.name === 'commit:serialization') throw new RetryableError('serialization', 'try again', 0);
            return done;
          });
          this.#around.oracle.checkFence(life.lease);
          if (struck?.name === 'commit:crash-after') this.#die(life, 'commit');
          if (struck?.name === 'commit:lost-reply') throw new LostConnection();
          return result;
        } finally {
          if (struck?.after != null) await this.#around.act(struck.after);
        }
      },
    };
  }

  #faultyTransaction(tx: StoreTransaction, life: Life): StoreTransaction {
    return new Proxy(tx, {
      get: (target, name) => {
        const call = Reflect.get(target, name, target);
        if (typeof call !== 'function') return call;
        return async (...args: unknown[]) => {
          const struck = this.#strike('inside', life);
          if (struck?.name === 'inside:crash') this.#die(life, 'transaction');
          if (struck?.name === 'inside:serialization') throw new RetryableError('serialization', 'try again', 0);
          return call.apply(target, args);
        };
      },
    });
  }

  /** The outermost layer: people act before the call, the oracle looks after it. */
  #watchedConnector(connector: Connector, life: Life): Connector {
    return {
      kind: connector.kind,
      capabilities: connector.capabilities,
      describe: () => connector.describe(),
      close: () => connector.close(),
      version: async () => {
        await this.#around.turn('version');
        return connector.version();
      },
      pull: async (tabs): Promise<Pulled> => {
        await this.#around.turn('pull');
        life.pulls += 1;
        const pulled = await connector.pull(tabs);
        this.#around.oracle.read(life.workbook, life.served ?? this.#around.file(life.workbook).book);
        return pulled;
      },
      push: async (push) => {
        life.pushedAtMs = this.#around.nowMs;
        await this.#around.turn('push');
        life.pushes += 1;
        this.#around.mix(JSON.stringify(push));
        this.#around.tell(`  push ${life.workbook} ${JSON.stringify(push)}`);
        const pushed = await connector.push(push);
        this.#around.tell(`  pushed ${JSON.stringify(pushed.outcomes)}`);
        return pushed;
      },
    };
  }

  #watchedStore(store: Store, life: Life): Store {
    return new Proxy(store, {
      get: (target, name) => {
        const call = Reflect.get(target, name, target);
        if (typeof call !== 'function') return call;
        return async (...args: unknown[]) => {
          await this.#around.turn(String(name));
          if (name !== 'transaction') return call.apply(target, args);
          const before = this.#around.store.root;
          life.lease = args[0] as Lease | null;
          try {
            return await call.apply(target, args);
          } finally {
            if (this.#around.store.root !== before) this.#around.oracle.committed();
            if (life.dead) this.#around.mix('dead');
          }
        };
      },
    });
  }
}
