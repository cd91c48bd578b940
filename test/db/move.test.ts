import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { verifyChain } from '../../src/db/chain-check.ts';
import { historyOf } from '../../src/db/changes.ts';
import { openDatabase } from '../../src/db/client.ts';
import { dirtyBlocks } from '../../src/db/kpi-blocks.ts';
import { moveToPostgres } from '../../src/db/move.ts';
import { createRecords, editRecords } from '../../src/edit.ts';
import { withPostgres } from './database.ts';

const by = { actor: { kind: 'operator', name: 'tester' }, source: 'cli', cause: null } as const;
const origin = { ...by, happenedAt: '2026-03-10T02:00:00.000Z' };

test('an embedded database moves to an empty Postgres with its log, its numbers and its secret, once', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rowkeeper-test-'));
  const { url, drop } = await withPostgres();
  try {
    const dir = join(folder, 'database');
    const embedded = await openDatabase({ kind: 'embedded', dir });
    const [first] = await embedded.store.transaction(null, async (tx) => {
      await tx.saveBinding('team/工单', 'tickets', { mode: 'live', generation: 7 });
      const made = await createRecords(tx, [{ table: 'tickets', values: { title: '漏水\t"一"', csat: 5 } }], origin);
      await editRecords(tx, [{ table: 'tickets', recordId: made[0]!.id, values: { csat: 4 } }], origin);
      return made;
    });
    const marks = await embedded.store.loadDirty('team/工单');
    await embedded.close();

    expect(await moveToPostgres(dir, url, 'en')).toEqual({ tickets: 1, keptAt: `${dir}.moved` });
    expect([existsSync(dir), existsSync(`${dir}.moved`)]).toEqual([false, true]);

    const { db, store, close } = await openDatabase({ kind: 'postgres', url });
    const records = await store.findRecords('tickets', [first!.number]);
    expect(records.get(first!.number)).toMatchObject({ revision: 2, values: { title: '漏水\t"一"', csat: 4 } });
    expect(await historyOf(db, 'tickets', first!.number)).toHaveLength(2);
    expect(await verifyChain(db)).toEqual([]);
    expect(await store.loadBindingHead('team/工单')).toMatchObject({ mode: 'live', generation: 7 });
    expect(await store.loadDirty('team/工单')).toEqual(marks);
    // Life goes on where it stopped: the next number, the next mark.
    const [second] = await store.transaction(null, (tx) =>
      createRecords(tx, [{ table: 'tickets', values: { title: '下一张' } }], origin),
    );
    expect(second!.id).toBe(first!.id + 1);
    expect((await store.loadDirty('team/工单')).at(-1)!.mark).toBeGreaterThan(marks.at(-1)!.mark);
    // Figures are worked out anew over there.
    expect(new Set((await dirtyBlocks(db, 10)).map(({ block }) => block))).toEqual(new Set([0]));
    await close();

    expect(await moveToPostgres(dir, url, 'en')).toBeNull();
  } finally {
    await drop();
    rmSync(folder, { recursive: true });
  }
});

test('a Postgres in use takes nothing over, and the embedded database stays', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'rowkeeper-test-'));
  const { url, drop } = await withPostgres();
  try {
    const dir = join(folder, 'database');
    for (const place of [{ kind: 'embedded', dir } as const, { kind: 'postgres', url } as const]) {
      const { store, close } = await openDatabase(place);
      await store.transaction(null, (tx) =>
        createRecords(tx, [{ table: 'tickets', values: { title: '有了' } }], origin),
      );
      await close();
    }
    expect(await moveToPostgres(dir, url, 'en')).toBeNull();
    expect(existsSync(dir)).toBe(true);
  } finally {
    await drop();
    rmSync(folder, { recursive: true });
  }
});
