/**
 * Keeps the facts of all tickets up to date: folds anew the blocks in which something changed, and reads into memory
 * those somebody else has folded. A block is a pure function of what the database holds of its tickets, so that folding
 * what changed and folding everything give the same bytes.
 */
import { type Configuration, contactKinds } from '../config/configuration.ts';
import {
  blocksInUse,
  blocksToken,
  clearDirty,
  dirtyBlocks,
  type KeptBlock,
  type LoggedStep,
  listBlocks,
  loadBlocks,
  loadClockStates,
  loadContacts,
  loadSteps,
  lockFolding,
  saveBlocks,
} from '../db/kpi-blocks.ts';
import type { Database, Sql } from '../db/sql.ts';
import { firstContact } from '../edit.ts';
import { contactKind, isAnswer } from '../model/contact.ts';
import type { ChoiceOption, FieldValue } from '../model/field.ts';
import type { RecordId } from '../model/record.ts';
import { foldClocks, type SlaEvent } from '../model/sla.ts';
import { blockForm, blockSize, packBlock } from './block.ts';
import { FactSet } from './fact-set.ts';
import { type FoldWorld, foldFacts, momentOf } from './fold.ts';
import type { HistoryStep, TicketHistory } from './history.ts';

/** Fields of a ticket that figures depend on; entries of all others are not read. */
const FIELDS = [
  'created_at',
  'first_response_at',
  'resolved_at',
  'closed_at',
  'due_at',
  'status',
  'csat',
  'assignee',
  'accepted_by',
  'team',
  'customer',
  'customer_level',
  'product_line',
  'module',
  'issue_type',
  'priority',
  'channel',
  'region',
] as const;

/** Blocks folded in one transaction: what a refresh may hold up others for. */
const BLOCKS_AT_ONCE = 16;
const MARKS_AT_ONCE = 10_000;

export interface RollUpDeps {
  readonly db: Database;
  readonly timeZone: string;
  configuration(): Promise<Configuration>;
}

/** Tells how far a long reading is. */
export type Progress = (done: number, all: number) => void;

export interface RollUp {
  /** The facts as the database has them now. Folds what is out of date first. */
  current(progress?: Progress): Promise<FactSet>;
  /** Folds everything anew, as after a doubt; the figures are the same or something was wrong. */
  rebuild(progress?: Progress): Promise<FactSet>;
  /** True when no ticket changed since the last `current`, here or in another process; two small queries. */
  isQuiet(): Promise<boolean>;
}

export function createRollUp({ db, timeZone, configuration }: RollUpDeps): RollUp {
  const facts = new FactSet();
  let madeWith = '';
  /** Of the blocks that were read last. */
  let token = '';
  let queue: Promise<unknown> = Promise.resolve();
  /** One at a time: two refreshes of one process would only fold the same blocks twice. */
  const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
    const next = queue.then(work, work);
    queue = next.catch(() => undefined);
    return next;
  };

  async function foldWorld(): Promise<BlockWorld> {
    const inForce = await configuration();
    const { calendarOf, calendarRef, calendars } = inForce;
    const hours = calendars.map(({ name }) => calendarRef(name)).map(({ name, version }) => `${name}:${version}`);
    const kinds = contactKinds(inForce);
    const words = kinds.map(({ label, en, category }) => [label, en, category].join(':'));
    madeWith = `${blockForm}|${timeZone}|${hours.join()}|${words.join()}`;
    return {
      timeZone,
      calendars: calendarOf,
      calendar: calendarRef(null),
      pausing: ['wait_customer', 'wait_third'],
      kinds,
    };
  }

  async function foldBlocks(blocks: readonly number[], world: BlockWorld, progress?: Progress): Promise<void> {
    for (let n = 0; n < blocks.length; n += BLOCKS_AT_ONCE) {
      const some = blocks.slice(n, n + BLOCKS_AT_ONCE);
      await db.transaction(async (tx) => {
        await lockFolding(tx);
        const folded = [];
        for (const block of some) folded.push({ block, body: await foldBlock(tx, block, world) });
        await saveBlocks(tx, folded, madeWith);
      });
      progress?.(Math.min(n + BLOCKS_AT_ONCE, blocks.length), blocks.length);
    }
  }

  async function refresh(progress?: Progress): Promise<FactSet> {
    const world = await foldWorld();
    for (;;) {
      const marks = await dirtyBlocks(db, MARKS_AT_ONCE);
      if (marks.length === 0) break;
      const blocks = [...new Set(marks.map(({ block }) => block))].toSorted((a, b) => a - b);
      await foldBlocks(blocks, world, progress);
      // After the folding: what is marked meanwhile has a mark of its own.
      const seen = marks.map(({ id }) => id);
      await db.transaction((tx) => clearDirty(tx, seen));
      if (marks.length < MARKS_AT_ONCE) break;
    }
    let kept = await keptBlocks();
    const old = kept.filter((block) => block.madeWith !== madeWith).map(({ block }) => block);
    if (old.length > 0) {
      await foldBlocks(old, world, progress);
      kept = await keptBlocks();
    }
    return await read(kept);
  }

  async function keptBlocks(): Promise<readonly KeptBlock[]> {
    // Before the reading: what is written meanwhile shows as a change.
    token = await blocksToken(db);
    return await listBlocks(db);
  }

  async function read(kept: readonly KeptBlock[]): Promise<FactSet> {
    facts.keepOnly(new Set(kept.map(({ block }) => block)));
    const newer = kept.filter(({ block, revision }) => facts.revisionOf(block) !== revision).map(({ block }) => block);
    for (let n = 0; n < newer.length; n += MOST_READ) {
      for (const { block, revision, body } of await loadBlocks(db, newer.slice(n, n + MOST_READ)))
        facts.put(block, revision, body);
    }
    return facts;
  }

  return {
    current: (progress) => inTurn(() => refresh(progress)),
    rebuild: (progress) =>
      inTurn(async () => {
        const world = await foldWorld();
        await foldBlocks(await blocksInUse(db, blockSize), world, progress);
        return await refresh(progress);
      }),
    isQuiet: async () => (await dirtyBlocks(db, 1)).length === 0 && (await blocksToken(db)) === token,
  };
}

const MOST_READ = 256;

/** What blocks are folded with. */
interface BlockWorld extends FoldWorld {
  /** Words of the team for the kinds of contacts. */
  readonly kinds: readonly ChoiceOption[];
}

/** The facts of a block, from what the database holds of its tickets. */
async function foldBlock(sql: Sql, block: number, world: BlockWorld): Promise<Uint8Array> {
  const [from, to] = [block * blockSize, (block + 1) * blockSize];
  const steps = await loadSteps(sql, from, to, FIELDS);
  const contacts = await loadContacts(sql, from, to);
  const clocks = await loadClockStates(sql, from, to);
  const contactsOf = new Map<RecordId, TicketHistory['contacts'][number][]>();
  for (const { ticketId, at, kind: label, person, isByMachine } of contacts) {
    const known = contactKind(label, world.kinds);
    if (known === undefined) continue;
    const kind = isByMachine && isAnswer(known) ? 'auto-reply' : known;
    const list = contactsOf.get(ticketId) ?? [];
    contactsOf.set(ticketId, list);
    const moment = momentOf(at, world.timeZone);
    list.push({ at: moment?.at ?? null, isDay: moment?.isDay ?? false, kind, person });
  }
  const facts = [...stepsByTicket(steps)].flatMap(([id, list]) => {
    const state = clocks.get(id) as { readonly events: readonly SlaEvent[] } | undefined;
    const history: TicketHistory = {
      id,
      steps: list,
      contacts: contactsOf.get(id) ?? [],
      clocks: state === undefined ? null : foldClocks(state.events, world.calendars),
    };
    return foldFacts(history, world) ?? [];
  });
  return packBlock(facts);
}

/**
 * Entries of one moment are one step: what was saved together was done together. A status that the service put back
 * because it may not stand never was: neither the attempt nor the way back is part of the history.
 */
function stepsByTicket(entries: readonly LoggedStep[]): ReadonlyMap<RecordId, readonly HistoryStep[]> {
  const steps = new Map<RecordId, Step[]>();
  const attempts = new Map<RecordId, { readonly before: FieldValue; readonly values: Record<string, FieldValue> }>();
  for (const { recordId, kind, field, newValue, newValues, happenedAt, actorKind, cause } of entries) {
    const list = steps.get(recordId) ?? [];
    steps.set(recordId, list);
    const at = Date.parse(happenedAt);
    const last = list.at(-1);
    if (kind !== 'set' || field === null) {
      const isTakenOver = kind === 'create' && cause === firstContact;
      list.push({
        kind,
        at,
        values: kind === 'create' ? { ...newValues } : {},
        ...(isTakenOver ? { isTakenOver } : {}),
      });
      continue;
    }
    if (field === 'status') {
      const attempt = attempts.get(recordId);
      if (attempt !== undefined && actorKind === 'system' && attempt.before === newValue) {
        delete attempt.values.status;
        attempts.delete(recordId);
        continue;
      }
    }
    let step = last;
    if (step === undefined || step.at !== at || step.kind !== 'set') {
      step = { kind, at, values: {} };
      list.push(step);
    }
    if (field === 'status') {
      const before = list.findLast(({ values }) => values.status !== undefined)?.values.status ?? null;
      attempts.set(recordId, { before, values: step.values });
    }
    step.values[field] = newValue;
  }
  return steps;
}

interface Step {
  readonly kind: HistoryStep['kind'];
  readonly at: number;
  readonly isTakenOver?: boolean;
  readonly values: Record<string, FieldValue>;
}
