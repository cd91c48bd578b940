/**
 * Carrying out a plan: batches of records, each done whole or not at all, and what became of every operation.
 *
 * - A batch that is refused for one record is halved until the record is found, so that one failure hides no other.
 * - The reply to a change that never came leaves its operations `unknown`, and nothing more is sent: a repetition that
 *   lands late could undo what a person typed meanwhile.
 * - The reply to a creation that never came is settled at once by asking for the same creation again: the vendor carries
 *   out calls with one `client_token` once ("用于幂等的进行更新操作"), so the second call makes the records if the first
 *   did not, and only tells of them if it did. Nothing of the kind exists for changes.
 * - What was not sent is `stale`: nothing of it was done, and the caller reads again. An error is thrown only while
 *   nothing at all was done.
 */
import { createHash } from 'node:crypto';
import { AppError } from '../../src/model/errors.ts';
import { createCall, MOST_RECORDS, readCreated, updateCall, type WireChange } from '../bitable-api.ts';
import type { Outcome } from '../connector.ts';
import { codeIn, isMissingField, isMissingRecord, writeFault } from './faults.ts';
import { type Change, type Plan, rejected, type TablePlan } from './plan.ts';
import { type Base, listFields } from './reading.ts';

/** Characters of a request beyond which a batch is parted: the vendor names no limit, and asks for less when it is slow. */
const MOST_REQUEST_CHARS = 2_000_000;
/** How often a creation is asked for again when its reply did not come. */
const REPEATS = 2;

export interface Sent {
  /** One for each operation of the push. */
  readonly outcomes: readonly Outcome[];
  /** Writes that were carried out, by table id: each adds one to the table's revision. */
  readonly writes: ReadonlyMap<string, number>;
}

/** `seed` tells this push from others that send the same: the version it was planned on. */
export async function sendPlan(base: Base, { outcomes, tables }: Plan, seed: string): Promise<Sent> {
  const sending = new Sending(base, [...outcomes], seed);
  for (const table of tables) await sending.table(table);
  return { outcomes: sending.outcomes.map((outcome) => outcome ?? { status: 'stale' }), writes: sending.writes };
}

class Sending {
  readonly outcomes: (Outcome | null)[];
  readonly writes = new Map<string, number>();
  readonly #base: Base;
  readonly #seed: string;
  #isStopped = false;
  /** Something was, or may have been, carried out. */
  #isUnderWay = false;
  /** Records made so far in the table at work: where the next one will stand. */
  #made = 0;

  constructor(base: Base, outcomes: (Outcome | null)[], seed: string) {
    this.#base = base;
    this.outcomes = outcomes;
    this.#seed = seed;
  }

  async table(plan: TablePlan): Promise<void> {
    this.#made = 0;
    for (const batch of batches(plan.updates)) await this.#batch(plan, batch);
    for (const batch of batches(plan.creations)) await this.#batch(plan, batch);
  }

  async #batch(plan: TablePlan, changes: readonly Change[]): Promise<void> {
    if (this.#isStopped) return;
    const tableId = plan.ground.now.table.table_id;
    try {
      const isCreation = changes[0]!.recordId === null;
      if (isCreation) await this.#create(tableId, changes);
      else await this.#base.app.call(updateCall(this.#base.token, tableId, changes.map(wireOf)));
      this.#isUnderWay = true;
      this.writes.set(tableId, (this.writes.get(tableId) ?? 0) + 1);
      const first = plan.ground.now.recordIds.length + 1 + this.#made;
      if (isCreation) this.#made += changes.length;
      for (const [at, change] of changes.entries()) {
        this.#settle(change, { status: 'applied', row: isCreation ? first + at : change.row });
      }
    } catch (error) {
      await this.#failed(plan, changes, error);
    }
  }

  /** Repeated with the same token while no reply comes. */
  async #create(tableId: string, changes: readonly Change[]): Promise<void> {
    const records = changes.map(wireOf);
    const call = createCall(this.#base.token, tableId, records, this.#clientToken(tableId, changes, records));
    let failure: unknown;
    for (let attempt = 0; attempt <= REPEATS; attempt++) {
      try {
        const ids = readCreated(await this.#base.app.call(call));
        if (ids.length === records.length) return;
        failure = new UnclearReply();
      } catch (error) {
        // A refusal of the second call tells nothing of the first.
        if (attempt === 0 || writeFault(error) === 'uncertain') failure = error;
      }
      if (!isUncertain(failure)) break;
    }
    throw failure;
  }

  async #failed(plan: TablePlan, changes: readonly Change[], error: unknown): Promise<void> {
    const { table } = plan.ground.now;
    switch (error instanceof UnclearReply ? 'uncertain' : writeFault(error)) {
      case 'uncertain':
      case 'seen-before':
        this.#isUnderWay = true;
        this.#isStopped = true;
        for (const change of changes) this.#settle(change, { status: 'unknown', reason: 'no reply that settles it' });
        return;
      case 'one-record':
        await this.#part(plan, changes, error);
        return;
      case 'gone':
        for (const change of changes) this.#settle(change, { status: 'stale' });
        return;
      case 'full':
        for (const change of changes) this.#settle(change, rejected('bitable-table-full', table.name, ''));
        return;
      case 'refused':
        if (!this.#isUnderWay) throw error;
        this.#isStopped = true;
    }
  }

  /** Looks for what is at fault by halves: of records, and of one record's cells. */
  async #part(plan: TablePlan, changes: readonly Change[], error: unknown): Promise<void> {
    if (changes.length > 1) {
      const middle = changes.length >> 1;
      await this.#batch(plan, changes.slice(0, middle));
      await this.#batch(plan, changes.slice(middle));
      return;
    }
    const change = changes[0]!;
    if (change.operations.length > 1 && !isMissingRecord(error)) {
      for (const operation of change.operations) {
        const cells = change.cells.filter((cell) => cell.operation === operation);
        await this.#batch(plan, [{ ...change, cells, operations: [operation] }]);
      }
      return;
    }
    const isGone = isMissingRecord(error) || (isMissingField(error) && !(await this.#isAsPlanned(plan, change)));
    this.#settle(change, isGone ? { status: 'stale' } : refusedValue(plan, change, codeIn(error)));
  }

  /** The fields are still called what they were: then it is not a rename that was met, and trying again is no use. */
  async #isAsPlanned({ ground }: TablePlan, { cells }: Change): Promise<boolean> {
    const fields = await listFields(this.#base, ground.now.table).catch(() => []);
    return cells.every(({ field }) =>
      fields.some(({ field_id, field_name }) => field_id === field.id && field_name === field.name),
    );
  }

  #settle({ operations }: Change, outcome: Outcome): void {
    for (const operation of operations) this.outcomes[operation] = outcome;
  }

  /** A UUID of version 4 made from what is sent: the same push gives the same one, in this process and in the next. */
  #clientToken(tableId: string, changes: readonly Change[], records: readonly WireChange[]): string {
    const said = JSON.stringify([this.#base.token, tableId, this.#seed, changes[0]!.operations[0], records]);
    const hex = createHash('sha256').update(said).digest('hex');
    const variant = '89ab'[Number.parseInt(hex[16]!, 16) % 4];
    return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
  }
}

/** The vendor said yes, and did not say to what. */
class UnclearReply extends AppError {
  constructor() {
    super('feishu-fault-of-server', 'a reply without the records it made');
  }
}

function isUncertain(failure: unknown): boolean {
  return failure instanceof UnclearReply || writeFault(failure) === 'uncertain';
}

function refusedValue({ ground }: TablePlan, change: Change, code: number): Outcome {
  const cell = change.cells[0];
  return rejected('bitable-refused-value', ground.seen.table.name, cell?.address ?? '', {
    field: cell?.field.name ?? '',
    code: String(code),
  });
}

function wireOf({ recordId, cells }: Change): WireChange {
  const fields = Object.fromEntries(cells.map(({ field, value }) => [field.name, value]));
  return recordId === null ? { fields } : { record_id: recordId, fields };
}

/** As many records as one call takes. */
function batches(changes: readonly Change[]): readonly (readonly Change[])[] {
  const all: Change[][] = [];
  let chars = 0;
  for (const change of changes) {
    const length = JSON.stringify(wireOf(change)).length;
    const last = all.at(-1);
    if (last === undefined || last.length === MOST_RECORDS || chars + length > MOST_REQUEST_CHARS) {
      all.push([change]);
      chars = length;
    } else {
      last.push(change);
      chars += length;
    }
  }
  return all;
}
