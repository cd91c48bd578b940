/** The log: what it tells, that it cannot be changed, and that a change made behind its back is found. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Link, linkHash } from '../../src/db/chain.ts';
import { verifyChain } from '../../src/db/chain-check.ts';
import { historyOf } from '../../src/db/changes.ts';
import { createRecords, editRecords, type Origin } from '../../src/edit.ts';
import type { KeptRecord } from '../../src/model/record.ts';
import { describeDatabases, type TestDatabase } from './database.ts';

const origin: Origin = {
  actor: { kind: 'person', name: '张三' },
  source: 'team/工单!C12',
  cause: null,
  happenedAt: '2026-03-10T03:30:00.000Z',
};

async function newTicket({ store }: TestDatabase, title: string): Promise<KeptRecord> {
  const values = { title, contract_amount: 0.1, own: 1e-7 };
  const [record] = await store.transaction(null, (tx) => createRecords(tx, [{ table: 'tickets', values }], origin));
  return record!;
}

async function edit({ store }: TestDatabase, { id }: KeptRecord, values: KeptRecord['values']): Promise<void> {
  await store.transaction(null, (tx) => editRecords(tx, [{ table: 'tickets', recordId: id, values }], origin));
}

/** Runs statements as somebody who may switch the trigger off. */
async function tamper({ db }: TestDatabase, ...statements: string[]): Promise<void> {
  await db.transaction(async (tx) => {
    await tx.query('alter table changes disable trigger changes_append_only');
    for (const statement of statements) await tx.query(statement);
    await tx.query('alter table changes enable trigger changes_append_only');
  });
}

describeDatabases('log', (open) => {
  test('tells every change of a record in order', async () => {
    const database = await open();
    const ticket = await newTicket(database, '空调不制冷');
    await database.store.transaction(null, (tx) =>
      editRecords(
        tx,
        [
          {
            table: 'tickets',
            recordId: ticket.id,
            values: { status: '处理中', title: null },
            typed: { status: ' 处理中 ' },
          },
        ],
        { ...origin, actor: { kind: 'rule', name: null }, source: 'rule:分派', cause: 'event-1' },
      ),
    );
    const history = await historyOf(database.db, 'tickets', ticket.number);
    expect(history).toMatchObject([
      {
        seq: 1,
        kind: 'create',
        field: null,
        newValues: ticket.values,
        actor: origin.actor,
        cause: null,
      },
      { seq: 2, kind: 'set', field: 'status', oldValue: null, newValue: '处理中', typed: ' 处理中 ', cause: 'event-1' },
      { seq: 3, kind: 'set', field: 'title', oldValue: '空调不制冷', newValue: null, typed: null, source: 'rule:分派' },
    ]);
    expect(history.every(({ recordedAt }) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/.test(recordedAt))).toBe(true);
    expect(await historyOf(database.db, 'tickets', 'T-000000-XX')).toEqual([]);
  });

  test.each(['update changes set source = source', 'delete from changes', 'truncate changes'])(
    'refuses: %s',
    async (statement) => {
      const { db } = await open();
      await expect(db.query(statement)).rejects.toThrow(/append-only/);
    },
  );

  test('is whole after any mix of changes', async () => {
    const database = await open();
    const { store, db } = database;
    const ticket = await newTicket(database, '甲');
    await edit(database, ticket, { title: '乙\u0000\ud800', status: '处理中' });
    await edit(database, ticket, { due_at: '2026-03-10', own: null });
    await store.transaction(null, async (tx) => {
      await tx.lockRecords('tickets', [ticket.id]);
      await tx.updateRecords([{ table: 'tickets', id: ticket.id, values: {}, deletedAt: origin.happenedAt }]);
      const entry = {
        table: 'tickets',
        recordId: ticket.id,
        field: null,
        oldValue: null,
        newValue: null,
        newValues: {},
      };
      await tx.appendChanges([{ ...entry, kind: 'delete', typed: null, ...origin }]);
    });
    expect(await verifyChain(db)).toEqual([]);
  });

  test.each([
    ['a value', 'altered', 3, `update changes set new_value = '"已关闭"' where seq = 3 and record_id = $id`],
    ['who did it', 'altered', 2, `update changes set actor_name = '李四' where seq = 2 and record_id = $id`],
    ['when', 'altered', 2, `update changes set happened_at = happened_at + '1 ms' where seq = 2 and record_id = $id`],
    ['an entry inside', 'missing-entry', 3, 'delete from changes where seq = 2 and record_id = $id'],
    ['the newest entry', 'missing-entry', null, 'delete from changes where seq = 3 and record_id = $id'],
    [
      'all but the creation, and the head',
      'missing-entry',
      null,
      'delete from changes where seq > 1 and record_id = $id; delete from change_heads where record_id = $id',
    ],
    ['the whole log', 'missing-entry', null, 'delete from changes where record_id = $id'],
    ['the record itself', 'missing-record', null, 'delete from tickets where id = $id'],
    ["the record's value", 'differs', null, `update tickets set title = '别的' where id = $id`],
  ])('finds that somebody changed %s', async (_, kind, seq, statement) => {
    const database = await open();
    const before = await verifyChain(database.db);
    const ticket = await newTicket(database, '丙');
    await edit(database, ticket, { status: '待处理' });
    await edit(database, ticket, { status: '处理中' });
    await tamper(database, ...statement.replaceAll('$id', String(ticket.id)).split('; '));
    const found = (await verifyChain(database.db)).slice(before.length);
    expect(found).toEqual([
      { table: 'tickets', recordId: ticket.id, number: kind === 'missing-record' ? null : ticket.number, seq, kind },
    ]);
  });
});

describe('hash of an entry', () => {
  const link: Link = {
    table: 'tickets',
    recordId: 1,
    seq: 2,
    kind: 'set',
    field: 'status',
    oldValue: null,
    newValue: '"处理中"',
    newValues: null,
    typed: null,
    actorKind: 'person',
    actorName: null,
    source: 'team/工单',
    cause: null,
    happenedAt: '2026-03-10T03:30:00.000Z',
    recordedAt: '2026-03-10T03:30:01.000Z',
  };

  test('depends on the hash before', () => {
    const first = linkHash(null, link);
    expect(linkHash(null, { ...link })).toBe(first);
    expect(linkHash(first, link)).not.toBe(first);
  });

  test('no two entries have one hash, whichever parts a text moves between', () => {
    const text = fc.oneof(fc.string(), fc.constantFrom('', '"', '","', '\n', '\\'));
    const parts = fc.record({ source: text, typed: text, cause: text, actorName: text, newValues: text });
    fc.assert(
      fc.property(parts, parts, (a, b) => {
        const equal = Object.keys(a).every((key) => a[key as keyof typeof a] === b[key as keyof typeof b]);
        expect(linkHash(null, { ...link, ...a }) === linkHash(null, { ...link, ...b })).toBe(equal);
      }),
    );
  });
});
