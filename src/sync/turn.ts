/** The facts every step of one look at one tab shares: configuration, state, the read, the clock's moment. */
import type { Pulled } from '../../connectors/connector.ts';
import type { Origin } from '../edit.ts';
import { say } from '../messages/index.ts';
import type { Binding, BindingRow, BindingState } from '../model/binding.ts';
import type { Field, FieldContext, FieldValue } from '../model/field.ts';
import type { KeptRecord } from '../model/record.ts';
import type { Clock } from '../ports.ts';
import type { Lease, Store } from '../store.ts';
import type { TrippedGuard } from './guard.ts';
import type { SyncParts } from './parts.ts';
import { guardProblem } from './problems.ts';
import type { RecentPast } from './recent-past.ts';
import { render } from './reconcile.ts';
import type { FirstSeen } from './rest.ts';

export interface TurnInput {
  readonly store: Store;
  readonly clock: Clock;
  readonly parts: SyncParts;
  /** Null for a dry run: nothing is committed. */
  readonly lease: Lease | null;
  readonly binding: Binding;
  readonly state: BindingState;
  readonly pulled: Pulled;
  /** Stamp of the write that follows. */
  readonly nextGeneration: number;
  readonly keepsGeneration: boolean;
  /** Kinds without compare-and-set: IDs are written alone and first (N4), and the cells tell what became of a write. */
  readonly idFirst: boolean;
  /** How old a read may be that looks like any other; 0 where reads tell their age. */
  readonly staleMs: number;
  /** An answer proves that a write landed, though not where. */
  readonly answersProve: boolean;
  /** What cells held a moment ago, where a read may be older than it looks; null where it cannot, or where such a read was seen for long enough to be believed. */
  readonly past: RecentPast | null;
  /** When rows that are not records yet were first seen, where people are watched typing; null where a save says that they are done. */
  readonly firstSeen: FirstSeen | null;
  /** Guards that are let go in this run, whatever they hold. */
  readonly allowed: ReadonlySet<string>;
  readonly canWrite: boolean;
  /** False while somebody may still be typing in a row (-1: below the last): what is to be written there is owed to a later turn (W7). */
  readonly mayWrite: (row: number) => boolean;
  readonly rankOf: (source: string, field: string) => number;
  readonly reverts: ReadonlyMap<string, number>;
  readonly noteRevert: (key: string) => void;
}

/** One look at one tab. Reads the clock once. */
export class Turn {
  readonly in: TurnInput;
  readonly now: Date;
  /** Highest generation that was accounted for in this tab; the look raises it when it finds that a write landed. */
  seen: number;
  /** The file is older than what was accounted for; set by the look. */
  isOldCopy = false;
  readonly #contexts = new Map<string, FieldContext>();

  constructor(input: TurnInput) {
    this.in = input;
    this.now = input.clock.now();
    this.seen = input.state.seenGeneration;
  }

  /** A dry run plans everything and commits nothing. */
  get isDry(): boolean {
    return this.in.lease === null;
  }

  fieldContext(field: Field): FieldContext {
    const known = this.#contexts.get(field.key);
    if (known !== undefined) return known;
    const { timeZone, locale } = this.in.binding;
    const context = { timeZone, locale, options: field.options, now: this.now.toISOString() };
    this.#contexts.set(field.key, context);
    return context;
  }

  /** The mapping changed since the base was learnt. */
  get rebases(): boolean {
    const { binding, state } = this.in;
    return state.configHash !== binding.configHash && state.mode !== 'new';
  }

  /** Generation of the workbook as read; one without a stamp is as old as one can be. Null for kinds that keep none. */
  get stamp(): number | null {
    return this.in.keepsGeneration ? (this.in.pulled.generation ?? 0) : null;
  }

  /**
   * Generation in which an edit found now may first have stood: the workbook's own, or the last one accounted for, when
   * this tab was held while others were written.
   */
  get readAt(): number {
    return Math.min(this.stamp ?? this.seen, this.seen);
  }

  /**
   * Generation what is seen in this read belongs to. What is learnt under another mapping, or from an old copy, counts
   * from the stamp on that such a look always leaves: a copy opened earlier has no ancestor here.
   */
  get generation(): number {
    return this.in.keepsGeneration && (this.rebases || this.isOldCopy) ? this.in.nextGeneration : this.readAt;
  }

  /** Last generation in which a value replaced now stood. */
  get replacedAt(): number {
    return this.isOldCopy ? this.seen : this.generation;
  }

  /** Whether a record is shown in this tab. */
  belongs(record: KeptRecord): boolean {
    return Object.entries(this.in.binding.filter).every(([key, wanted]) =>
      wanted.includes(String(record.values[key] ?? '')),
    );
  }

  /** A person in this tab, as far as he is known. */
  get origin(): Origin {
    return this.#originOf(this.in.pulled.editor);
  }

  /** The person who changed this row last, where the platform knows it row by row. */
  originAt(row: number): Origin {
    const { pulled, binding } = this.in;
    return this.#originOf(pulled.rowEditors?.get(binding.tab)?.[row] ?? pulled.editor);
  }

  #originOf(name: string | null): Origin {
    return {
      actor: { kind: 'person', name },
      source: this.in.binding.id,
      cause: null,
      happenedAt: this.now.toISOString(),
    };
  }

  /** A value as this tab shows it. */
  show(field: string, value: FieldValue): string {
    const column = this.in.binding.columns.find((each) => each.field.key === field);
    return column === undefined ? String(value ?? '') : render(column.field, value, this.fieldContext(column.field));
  }

  guardText(tripped: TrippedGuard): string {
    const problem = guardProblem(this.in.binding, tripped);
    return say(this.in.binding.locale, problem.message, problem.params);
  }
}

/** A record that was not known in this tab before. */
export function newRow(record: KeptRecord, state: BindingRow['state'], generation: number): BindingRow {
  return {
    recordId: record.id,
    number: record.number,
    state,
    rowHint: -1,
    missCount: 0,
    missingSince: null,
    bornGen: generation,
    cells: {},
    past: [],
  };
}
