/**
 * What the sync engine may rely on, whatever keeps the data: the contract of `src/store.ts` as tests. Every store runs
 * it; each law works on bindings and records of its own, so one store serves them all.
 */
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { BindingRow, WriteBatch } from '../../src/model/binding.ts';
import type { ChangeDraft, ProblemDraft } from '../../src/model/change.ts';
import type { FieldValue } from '../../src/model/field.ts';
import type { RecordId } from '../../src/model/record.ts';
import { tables } from '../../src/model/tables.ts';
import { FencedError, type Store, type StoreTransaction } from '../../src/store.ts';

export interface StoreUnderTest {
  readonly store: Store;
  readonly close?: () => Promise<void>;
}

const now = new Date('2026-03-10T03:30:00.000Z');
const later = (ms: number): Date => new Date(now.getTime() + ms);
const minute = 60_000;

let names = 0;
const fresh = (what: string): string => `${what}-${++names}`;

function problem(key: string, over: Partial<ProblemDraft> = {}): ProblemDraft {
  return {
    key,
    kind: 'invalid-value',
    binding: 'laws/problems',
    recordId: 7,
    field: 'priority',
    row: 3,
    column: 2,
    typed: '很急',
    current: '高',
    message: 'unknown-option',
    params: { typed: '很急' },
    lasting: 'standing',
    ...over,
  };
}

function change(table: string, recordId: RecordId, over: Partial<ChangeDraft> = {}): ChangeDraft {
  return {
    table,
    recordId,
    field: 'status',
    kind: 'set',
    oldValue: null,
    newValue: '处理中',
    newValues: {},
    typed: null,
    actor: { kind: 'person', name: '张三' },
    source: 'team/工单!C2',
    cause: null,
    happenedAt: now.toISOString(),
    ...over,
  };
}

/** Runs the laws against the store that `create` makes, once for all of them. */
export function storeLaws(name: string, create: () => Promise<StoreUnderTest>): void {
  describe(`store laws: ${name}`, () => {
    let subject: StoreUnderTest;
    let store: Store;
    beforeAll(async () => {
      subject = await create();
      store = subject.store;
    });
    afterAll(() => subject.close?.());

    const write = <T>(work: (tx: StoreTransaction) => Promise<T>): Promise<T> => store.transaction(null, work);
    const createOne = async (table: string, values: Record<string, FieldValue>) => {
      const [record] = await write((tx) => tx.createRecords([{ table, values }]));
      return record!;
    };
    const load = async (table: string, id: RecordId) => (await store.loadRecords(table, [id])).get(id);

    describe('leases', () => {
      test('only one owner holds a workbook, and each new hold has a higher fence', async () => {
        const workbook = fresh('book');
        const mine = await store.takeLease(workbook, 'a', now, minute);
        expect(await store.takeLease(workbook, 'b', later(minute - 1), minute)).toBeNull();
        const again = await store.takeLease(workbook, 'a', later(1), minute);
        const theirs = await store.takeLease(workbook, 'b', later(minute + 1), minute);
        expect([mine, again, theirs].every((lease) => lease !== null)).toBe(true);
        expect(again!.fence).toBeGreaterThan(mine!.fence);
        expect(theirs!.fence).toBeGreaterThan(again!.fence);
        expect(await store.renewLease(again!, later(minute + 2), minute)).toBe(false);
        expect(await store.renewLease(theirs!, later(minute + 2), minute)).toBe(true);
        expect(await store.takeLease(workbook, 'a', later(2 * minute + 1), minute)).toBeNull();
      });

      test('a released lease is free at once; releasing one that was taken over frees nothing', async () => {
        const workbook = fresh('book');
        const old = (await store.takeLease(workbook, 'a', now, minute))!;
        await store.releaseLease(old);
        const next = await store.takeLease(workbook, 'b', now, minute);
        expect(next!.fence).toBeGreaterThan(old.fence);
        await store.releaseLease(old);
        expect(await store.takeLease(workbook, 'c', now, minute)).toBeNull();
      });

      test('a holder with an old fence changes nothing (I10)', async () => {
        const workbook = fresh('book');
        const old = (await store.takeLease(workbook, 'a', now, minute))!;
        await store.takeLease(workbook, 'b', later(minute), minute);
        let ran = false;
        const work = store.transaction(old, async () => {
          ran = true;
        });
        await expect(work).rejects.toBeInstanceOf(FencedError);
        expect(ran).toBe(false);
      });
    });

    describe('records', () => {
      test('every sample of every standard field comes back exactly', async () => {
        for (const { name: table, fields } of Object.values(tables)) {
          const drafts = fields.flatMap(({ key, type }) =>
            type.samples.map((sample) => ({ table, values: { [key]: sample } })),
          );
          const created = await write((tx) => tx.createRecords(drafts));
          const loaded = await store.loadRecords(
            table,
            created.map((record) => record.id),
          );
          expect(created.map((record) => record.values)).toEqual(drafts.map((draft) => draft.values));
          expect(created.map((record) => loaded.get(record.id))).toEqual(created);
        }
      });

      test("a team's own values, a moment without a time, and milliseconds are kept", async () => {
        const values = {
          created_at: '2026-03-10',
          due_at: '2026-03-10T23:59:59.007Z',
          contract_amount: -0.1,
          title: '引号" 反斜杠\\ 制表\t换行\n回车\r \\N {a,b} 😀',
          note: '',
          spare: true,
          weight: 1e-7,
          colour: '2026-03-10',
          行号: 12345678901,
        };
        const record = await createOne('tickets', values);
        expect(record.values).toEqual(values);
        expect(await load('tickets', record.id)).toEqual(record);
        const other = await createOne('spares', values);
        expect(await load('spares', other.id)).toEqual(other);
      });

      test('numbers are distinct and find their record; what was never given out finds nothing', async () => {
        const drafts = Array.from({ length: 40 }, (_, i) => ({
          table: i % 2 === 0 ? 'tickets' : 'visits',
          values: { title: `${i}` },
        }));
        const created = await write((tx) => tx.createRecords(drafts));
        expect(created.map(({ table, values }) => ({ table, values }))).toEqual(drafts);
        expect(created.every(({ revision, deletedAt }) => revision === 1 && deletedAt === null)).toBe(true);
        const numbers = created.filter(({ table }) => table === 'tickets').map(({ number }) => number);
        expect(new Set(numbers).size).toBe(numbers.length);
        const found = await store.findRecords('tickets', [...numbers, 'T-999999-ZZ', '', '"}\\\0', "';--"]);
        expect([...found.keys()].sort()).toEqual([...numbers].sort());
        expect(found.get(numbers[3]!)!.number).toBe(numbers[3]);
        expect((await store.loadRecords('tickets', [987_654_321])).size).toBe(0);
      });

      test('an update changes the named fields only, and the revision', async () => {
        const before = await createOne('tickets', { title: 'a', status: '待处理', due_at: '2026-03-10', own: 1 });
        const after = await write(async (tx) => {
          await tx.lockRecords('tickets', [before.id]);
          return await tx.updateRecords([
            { table: 'tickets', id: before.id, values: { status: '处理中', own: 2 } },
            { table: 'tickets', id: before.id, values: { title: null, due_at: '2026-03-10T08:00:00.000Z' } },
          ]);
        });
        expect(after.map((record) => record.revision)).toEqual([2, 3]);
        expect(after[1]!.values).toEqual({ status: '处理中', due_at: '2026-03-10T08:00:00.000Z', own: 2 });
        expect(await load('tickets', before.id)).toEqual(after[1]);
      });

      test('a tombstone stays findable, is not listed, and can be lifted', async () => {
        const record = await createOne('tombs', { title: 'x' });
        const set = (deletedAt: string | null) =>
          write(async (tx) => {
            await tx.lockRecords('tombs', [record.id]);
            await tx.updateRecords([{ table: 'tombs', id: record.id, values: {}, deletedAt }]);
          });
        await set(now.toISOString());
        expect(await store.listRecords('tombs')).toEqual([]);
        expect((await load('tombs', record.id))?.deletedAt).toBe(now.toISOString());
        await set(null);
        expect((await store.listRecords('tombs')).map(({ id, revision }) => ({ id, revision }))).toEqual([
          { id: record.id, revision: 3 },
        ]);
      });

      test('transactions at once lose no update of a record they locked', async () => {
        const { id } = await createOne('counters', { n: 0 });
        const add = () =>
          write(async (tx) => {
            const record = (await tx.lockRecords('counters', [id])).get(id)!;
            await tx.updateRecords([{ table: 'counters', id, values: { n: Number(record.values.n) + 1 } }]);
          });
        await Promise.all(Array.from({ length: 8 }, add));
        expect(await load('counters', id)).toMatchObject({ revision: 9, values: { n: 8 } });
      });

      test('the last actor of a field is told; what only the creation set is not', async () => {
        const { id } = await createOne('tickets', { title: 'a', status: '待处理' });
        const actors = await write(async (tx) => {
          await tx.appendChanges([change('tickets', id, { field: null, kind: 'create', newValues: { title: 'a' } })]);
          await tx.appendChanges([
            change('tickets', id),
            change('tickets', id, { actor: { kind: 'rule', name: null }, source: 'rule:1' }),
          ]);
          return await tx.lastActors('tickets', [id]);
        });
        expect([...actors]).toEqual([[`${id}:status`, { kind: 'rule', name: null, source: 'rule:1' }]]);
      });
    });

    describe('bindings', () => {
      const open = async (table = fresh('table')) => {
        const binding = fresh('book/tab');
        await write((tx) => tx.saveBinding(binding, table, { mode: 'live' }));
        return { binding, table };
      };

      test('parts of the state are saved one by one', async () => {
        const binding = fresh('book/tab');
        expect(await store.loadBindingHead(binding)).toBeNull();
        expect(await store.loadBinding(binding)).toBeNull();
        await write((tx) => tx.saveBinding(binding, 'tickets', { configHash: 'h', generation: 3 }));
        const first = await store.loadBindingHead(binding);
        expect(first).toMatchObject({
          configHash: 'h',
          mode: 'new',
          heldBy: null,
          token: null,
          cycle: 0,
        });
        const column = { header: '状态', index: 4, attached: true, alias: null, heldBy: null };
        const parts = {
          mode: 'live',
          heldBy: 'G2',
          token: 't\\"',
          lastReadAt: now.toISOString(),
          columns: { status: column },
        } as const;
        await write((tx) => tx.saveBinding(binding, 'tickets', parts));
        await write((tx) => tx.saveBinding(binding, 'tickets', {}));
        expect(await store.loadBindingHead(binding)).toEqual({ ...first, ...parts });
        expect(await store.loadBinding(binding)).toEqual({
          ...first,
          ...parts,
          id: binding,
          rows: new Map(),
          batches: [],
        });
      });

      test('rows come back as they were, whatever a person typed', async () => {
        const { binding } = await open();
        const text = fc.oneof(
          fc.string(),
          fc.string({ unit: 'binary' }),
          fc.constantFrom('', '\\N', '\0', '\ud800', '[1]'),
        );
        const state = fc.constantFrom('problem' as const, 'formula' as const, 'covered' as const, 'old' as const);
        const cell = fc.record(
          {
            raw: text,
            val: text,
            gen: fc.nat(9),
            state,
          },
          { requiredKeys: ['raw', 'val', 'gen'], noNullPrototype: true },
        );
        const row: fc.Arbitrary<BindingRow> = fc.record({
          recordId: fc.integer({ min: 1, max: 20 }),
          number: fc.string({ unit: 'grapheme-ascii' }),
          state: fc.constantFrom('live', 'claim', 'append', 'missing', 'hidden', 'frozen'),
          rowHint: fc.integer({ min: -1, max: 1_048_575 }),
          missCount: fc.nat(5),
          missingSince: fc.constantFrom(null, now.toISOString()),
          bornGen: fc.nat(9),
          cells: fc.dictionary(fc.constantFrom('title', 'status', '自定义'), cell, { noNullPrototype: true }),
          past: fc.array(
            fc.record(
              { field: fc.constantFrom('title', 'own'), from: fc.nat(5), to: fc.nat(9), raw: text, val: text, state },
              { requiredKeys: ['field', 'from', 'to', 'raw', 'val'], noNullPrototype: true },
            ),
            { maxLength: 3 },
          ),
        });
        const kept = new Map<RecordId, BindingRow>();
        await fc.assert(
          fc.asyncProperty(fc.uniqueArray(row, { selector: (each) => each.recordId, maxLength: 6 }), async (rows) => {
            await write((tx) => tx.saveRows(binding, rows));
            for (const each of rows) kept.set(each.recordId, each);
            const loaded = (await store.loadBinding(binding))!.rows;
            expect(new Map([...loaded].sort(([a], [b]) => a - b))).toEqual(
              new Map([...kept].sort(([a], [b]) => a - b)),
            );
          }),
          { numRuns: 25 },
        );
        const gone = [...kept.keys()].slice(0, 2);
        await write((tx) => tx.removeRows(binding, [...gone, 99]));
        expect([...(await store.loadBinding(binding))!.rows.keys()].some((id) => gone.includes(id))).toBe(false);
      });

      test('a change marks its record in every binding of the table but the one that made it', async () => {
        const one = await open();
        const two = await open(one.table);
        const other = await open();
        await write((tx) => tx.markDirty(one.table, [5, 6, 5], one.binding));
        expect(await store.isDirty(one.binding)).toBe(false);
        expect(await store.isDirty(other.binding)).toBe(false);
        expect((await store.loadDirty(two.binding)).map(({ recordId }) => recordId).sort()).toEqual([5, 6]);
        await write((tx) => tx.markDirty(one.table, [5]));
        expect(await store.isDirty(one.binding)).toBe(true);
      });

      test('clearing leaves a record dirty that changed since its mark was loaded', async () => {
        const { binding, table } = await open();
        await write((tx) => tx.markDirty(table, [1, 2]));
        const seen = await store.loadDirty(binding);
        await write((tx) => tx.markDirty(table, [2]));
        await write((tx) => tx.clearDirty(binding, seen));
        const left = await store.loadDirty(binding);
        expect(left.map(({ recordId }) => recordId)).toEqual([2]);
        await write((tx) => tx.clearDirty(binding, left));
        await write((tx) => tx.markDirty(table, [2]));
        await write((tx) => tx.clearDirty(binding, [...seen, ...left]));
        expect(await store.isDirty(binding)).toBe(true);
      });

      test('announced writes stay until they are settled', async () => {
        const { binding } = await open();
        const intent = { recordId: 1, field: null, row: -1, column: 0, oldRaw: '', newRaw: 'T-1\0', val: 'T-1\ud800' };
        const batch = (id: string): WriteBatch => ({
          id,
          state: 'planned',
          generation: 2,
          token: 'k',
          at: now.toISOString(),
          intents: [intent],
        });
        await write((tx) => tx.saveBatches(binding, [batch('b'), batch('a')]));
        await write((tx) => tx.saveBatches(binding, [{ ...batch('b'), state: 'sent' }]));
        const open_ = (await store.loadBinding(binding))!.batches;
        expect(open_).toEqual([{ ...batch('b'), state: 'sent' }, batch('a')]);
        await write((tx) => tx.settleBatches(binding, ['b', 'unknown'], now));
        expect((await store.loadBinding(binding))!.batches).toEqual([batch('a')]);
      });

      test('what was said to a write, and what stood beside it, is kept while it is watched', async () => {
        const { binding } = await open();
        const intent = { recordId: 1, field: 'title', row: 3, column: 1, oldRaw: 'a', newRaw: 'b', val: 'b' };
        const watched: WriteBatch = {
          id: 'w',
          state: 'watched',
          generation: 2,
          token: 'k',
          at: now.toISOString(),
          intents: [
            { ...intent, reply: 'answered' },
            { ...intent, recordId: 2, val: 'c', reply: 'proven' },
            { ...intent, recordId: 0 },
          ],
          strays: [{ row: 7, id: '', cells: { title: 'half a row' } }],
        };
        await write((tx) => tx.saveBatches(binding, [watched]));
        expect((await store.loadBinding(binding))!.batches).toEqual([watched]);
      });

      test('a cycle is applied once, whole or not at all', async () => {
        const { binding, table } = await open();
        await write((tx) => tx.insertCycle(binding, 1));
        const again = write(async (tx) => {
          await tx.markDirty(table, [1]);
          await tx.insertCycle(binding, 1);
        });
        await expect(again).rejects.toThrow();
        expect(await store.isDirty(binding)).toBe(false);
      });

      test('a transaction that throws changes nothing', async () => {
        const { binding, table } = await open();
        const { id } = await createOne(table, { title: 'before' });
        const key = fresh('problem');
        const failing = write(async (tx) => {
          await tx.lockRecords(table, [id]);
          await tx.createRecords([{ table, values: { title: 'new' } }]);
          await tx.updateRecords([{ table, id, values: { title: 'after' } }]);
          await tx.appendChanges([change(table, id, { kind: 'create', field: null })]);
          await tx.markDirty(table, [id]);
          await tx.saveBinding(binding, table, { cycle: 9 });
          await tx.saveProblems([problem(key, { binding })], now);
          await tx.insertCycle(binding, 9);
          throw new Error('changed my mind');
        });
        await expect(failing).rejects.toThrow('changed my mind');
        expect((await store.listRecords(table)).map(({ values }) => values)).toEqual([{ title: 'before' }]);
        expect(await store.isDirty(binding)).toBe(false);
        expect(await store.loadProblems(binding)).toEqual([]);
        expect((await store.loadBindingHead(binding))?.cycle).toBe(0);
        await write((tx) => tx.insertCycle(binding, 9));
      });
    });

    describe('problems', () => {
      const states = async (binding: string) =>
        (await store.loadProblems(binding)).map(({ key, state, typed }) => ({ key, state, typed }));

      test('a second sighting refreshes the line and keeps when it was first seen', async () => {
        const binding = fresh('book/tab');
        const [first, second] = [fresh('problem'), fresh('problem')];
        await write((tx) => tx.saveProblems([problem(first, { binding })], now));
        await write((tx) => tx.saveProblems([problem(second, { binding, typed: '"\\\n' })], later(1)));
        const moved = problem(first, { binding, row: 9, column: null, typed: '急', params: { typed: '急' } });
        await write((tx) => tx.saveProblems([moved], later(2)));
        const [a, b] = await store.loadProblems(binding);
        expect(a).toMatchObject({ ...moved, firstSeenAt: now.toISOString(), lastSeenAt: later(2).toISOString() });
        expect(b).toMatchObject({ key: second, state: 'open', answer: null, typed: '"\\\n' });
        expect((await store.loadProblems()).map(({ key }) => key)).toEqual(expect.arrayContaining([first, second]));
      });

      test('a dismissed cause stays dismissed until it was resolved once', async () => {
        const binding = fresh('book/tab');
        const key = fresh('problem');
        const see = (typed: string, at: Date) => write((tx) => tx.saveProblems([problem(key, { binding, typed })], at));
        await see('a', now);
        await write((tx) => tx.closeProblems([key], 'dismissed', later(1)));
        await see('b', later(2));
        expect(await states(binding)).toEqual([{ key, state: 'dismissed', typed: 'a' }]);
        await write((tx) => tx.closeProblems([key], 'resolved', later(3)));
        expect(await states(binding)).toEqual([]);
        await write((tx) => tx.closeProblems([key], 'dismissed', later(4)));
        await see('c', later(5));
        expect(await states(binding)).toEqual([{ key, state: 'open', typed: 'c' }]);
        expect((await store.loadProblems(binding))[0]?.firstSeenAt).toBe(later(5).toISOString());
      });

      test('an answer waits with its problem and wakes its binding', async () => {
        const binding = fresh('book/tab');
        const key = fresh('problem');
        await write((tx) => tx.saveBinding(binding, 'tickets', {}));
        await write((tx) => tx.saveProblems([problem(key, { binding, recordId: 42 })], now));
        await write((tx) => tx.answerProblem(key, 'use-mine'));
        await write((tx) => tx.saveProblems([problem(key, { binding, recordId: 42 })], later(1)));
        expect((await store.loadProblems(binding))[0]?.answer).toBe('use-mine');
        expect((await store.loadDirty(binding)).map(({ recordId }) => recordId)).toEqual([42]);
        const marks = await store.loadDirty(binding);
        await write((tx) => tx.clearDirty(binding, marks));
        await write((tx) => tx.answerProblem(key, null));
        expect((await store.loadProblems(binding))[0]?.answer).toBeNull();
        expect(await store.isDirty(binding)).toBe(false);
        await write((tx) => tx.answerProblem(key, 'ignore'));
        await write((tx) => tx.closeProblems([key], 'resolved', later(2)));
        await write((tx) => tx.saveProblems([problem(key, { binding, recordId: 42 })], later(3)));
        expect((await store.loadProblems(binding))[0]?.answer).toBeNull();
      });
    });
  });
}
