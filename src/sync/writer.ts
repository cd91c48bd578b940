/**
 * Writing to one workbook for a runner: the steps S10 to S12, everything announced in one push. With compare-and-set the
 * push proves itself; without it the next read tells what became of it, so that a write is settled in one way only,
 * whether its sender lives or died.
 */
import type { Connector, Outcome, Pulled, Pushed } from '../../connectors/connector.ts';
import type { Binding, BindingState } from '../model/binding.ts';
import { NotFoundError, RetryableError, UnreadableError } from '../model/errors.ts';
import type { Clock, Logger } from '../ports.ts';
import type { Lease, Store } from '../store.ts';
import type { TabResult } from './apply.ts';
import { confirmTab } from './confirm.ts';
import type { Drawing } from './drawing.ts';
import type { SyncParts } from './parts.ts';
import type { WorkbookReader } from './reader.ts';
import { noteReplies } from './replies.ts';
import { groupSends, type Send } from './sends.ts';
import { isUntouched, type Standing, stillStands } from './standing.ts';
import type { WorkbookTrouble } from './trouble.ts';
import type { WriteWindows } from './write-window.ts';

export interface WriterDeps {
  readonly store: Store;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly parts: SyncParts;
  /** Key of the workbook. */
  readonly workbook: string;
  readonly connector: Connector;
  readonly bindings: readonly Binding[];
  readonly reader: WorkbookReader;
  readonly trouble: WorkbookTrouble;
  readonly windows: WriteWindows;
}

/** What is to be written. */
export interface Writing {
  readonly lease: Lease;
  readonly pulled: Pulled;
  /** One per binding, in their order. */
  readonly results: readonly TabResult[];
  readonly drawings: readonly Drawing[];
  readonly generation: number;
}

export interface Written {
  /** States of bindings that changed by it. */
  readonly states: ReadonlyMap<string, BindingState>;
  /** Cells that got content, by tab. */
  readonly written: ReadonlyMap<string, number>;
  /** The version in which everything is known to stand; null when a read has to tell. */
  readonly version: string | null;
  /** Why it did not come about, and when to try again; null when nothing has to wait. */
  readonly retryAfterMs: number | null;
  /** Something remains to be done at once. */
  readonly again: boolean;
}

export async function write(deps: WriterDeps, writing: Writing): Promise<Written> {
  const sends = writing.results.flatMap((result) => groupSends(result));
  const isProof = deps.connector.capabilities.compareAndSet === 'yes';
  return isProof ? writeProven(deps, writing, sends) : writeUnproven(deps, writing, sends);
}

/** What was announced and not written stays owed, and is planned anew in the next cycle. */
async function writeProven(deps: WriterDeps, writing: Writing, sends: readonly Send[]): Promise<Written> {
  const { store, clock, logger, parts, connector, bindings, workbook, trouble } = deps;
  const { lease, results, generation } = writing;
  const pushed = await push(deps, writing, sends);
  if (pushed instanceof RetryableError) {
    await trouble.locked(lease, pushed);
    return nothing(pushed.retryAfterMs, false);
  }
  if (pushed.outcomes.some((outcome) => outcome.status === 'stale')) {
    logger.log('info', 'push:stale', { workbook });
    return nothing(null, true);
  }
  if (pushed.outcomes.some((outcome) => outcome.status === 'unknown')) {
    logger.log('warn', 'push:unknown', { workbook });
    return nothing(1_000, false);
  }
  await trouble.written(lease);
  // The version that the push reported is proof; if the workbook has moved on, the stamp settles the batch in the next cycle.
  const version = await connector.version().catch(() => null);
  if (version === null || version !== pushed.version) return nothing(null, true);
  const confirm = { store, clock, parts, keepsGeneration: connector.capabilities.keepsGeneration };
  const states = new Map<string, BindingState>();
  for (const [index, result] of results.entries()) {
    const binding = bindings[index]!;
    const [own, outcomes] = ofTab(result, sends, pushed.outcomes);
    states.set(binding.id, await confirmTab(confirm, lease, binding, result, own, outcomes, version, generation));
  }
  return { states, written: countWritten(results, sends, pushed.outcomes), version, retryAfterMs: null, again: false };
}

/** Replies are noted with the batches; a fresh read settles them. */
async function writeUnproven(deps: WriterDeps, writing: Writing, sends: readonly Send[]): Promise<Written> {
  const { store, clock, logger, connector, bindings, workbook, reader, trouble, windows } = deps;
  const { lease, results } = writing;
  const { pushed, outcomes } = await pushStanding(deps, writing, sends);
  const reply = pushed instanceof RetryableError ? null : pushed;
  const windowMs = clock.now().getTime() - reader.checkedAtMs;
  reader.wrote(reply);
  const states = new Map<string, BindingState>();
  for (const [index, result] of results.entries()) {
    const binding = bindings[index]!;
    const [own, replies] = ofTab(result, sends, outcomes);
    if (replies.some(({ status }) => status !== 'stale')) windows.note(binding.id, windowMs);
    const proves = connector.capabilities.compareAndSet === 'after-the-fact';
    states.set(
      binding.id,
      await noteReplies({
        store,
        clock,
        lease,
        binding,
        result,
        sends: own,
        outcomes: replies,
        proves,
        revision: reply?.revision ?? null,
      }),
    );
  }
  if (pushed instanceof RetryableError) {
    await trouble.locked(lease, pushed);
    return { ...nothing(pushed.retryAfterMs, false), states };
  }
  if (pushed === null) logger.log('info', 'push:stale', { workbook });
  else await trouble.written(lease);
  if (reply?.outcomes.some((outcome) => outcome.status === 'unknown') === true)
    logger.log('warn', 'push:unknown', { workbook });
  return { states, written: countWritten(results, sends, outcomes), version: null, retryAfterMs: null, again: true };
}

interface Answer {
  /** Null when there was nothing left to send; the refusal when it is not the time. */
  readonly pushed: Pushed | RetryableError | null;
  /** One for each of the sends. */
  readonly outcomes: readonly Outcome[];
}

/** S10: what of the plan still holds is pushed; the rest is planned anew with the next read. */
async function pushStanding(deps: WriterDeps, writing: Writing, sends: readonly Send[]): Promise<Answer> {
  const { drawings, pulled } = writing;
  const stale: Outcome = { status: 'stale' };
  const none = sends.map(() => stale);
  const now = await orRefusal(deps, () => deps.reader.present(pulled));
  if (now instanceof RetryableError) return { pushed: now, outcomes: none };
  const read: Standing = { planned: pulled, now };
  const stands = sends.map(({ operation, result }) => stillStands(read, operation, result.headerRow));
  const left = { ...writing, pulled: now, drawings: drawings.filter(({ tab }) => isUntouched(read, tab)) };
  const standing = sends.filter((_send, at) => stands[at]);
  if (standing.length === 0 && left.drawings.every(({ operations }) => operations.length === 0))
    return { pushed: null, outcomes: none };
  const pushed = await push(deps, left, standing);
  if (pushed instanceof RetryableError) return { pushed, outcomes: none };
  let next = 0;
  return { pushed, outcomes: stands.map((each) => (each ? pushed.outcomes[next++]! : stale)) };
}

/** One push of everything; the refusal when it is not the time. */
async function push(
  deps: WriterDeps,
  { pulled, drawings, generation }: Writing,
  sends: readonly Send[],
): Promise<Pushed | RetryableError> {
  const operations = [...sends.map((send) => send.operation), ...drawings.flatMap((drawing) => drawing.operations)];
  return orRefusal(deps, () => deps.connector.push({ version: pulled.version, generation, operations }));
}

async function orRefusal<T>({ connector }: WriterDeps, ask: () => Promise<T>): Promise<T | RetryableError> {
  try {
    return await ask();
  } catch (error) {
    if (error instanceof RetryableError) return error;
    // Gone since it was read: nothing was done, and the next read tells people.
    const isGone = error instanceof NotFoundError || error instanceof UnreadableError;
    if (isGone && connector.capabilities.compareAndSet !== 'yes')
      return new RetryableError(error.code, error.message, 1_000);
    throw error;
  }
}

function nothing(retryAfterMs: number | null, again: boolean): Written {
  return { states: new Map(), written: new Map(), version: null, retryAfterMs, again };
}

function ofTab(
  result: TabResult,
  sends: readonly Send[],
  outcomes: readonly Outcome[],
): [own: readonly Send[], outcomes: readonly Outcome[]] {
  const own = sends.filter((send) => send.result === result);
  return [own, outcomes.filter((_outcome, place) => sends[place]?.result === result)];
}

function countWritten(
  results: readonly TabResult[],
  sends: readonly Send[],
  outcomes: readonly Outcome[],
): ReadonlyMap<string, number> {
  return new Map(
    results.map((result) => {
      const [own, told] = ofTab(result, sends, outcomes);
      const cells = own.reduce((count, send, at) => (told[at]!.status === 'applied' ? count + send.cells : count), 0);
      return [result.report.tab, cells];
    }),
  );
}
