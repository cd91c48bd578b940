/**
 * The laws every connector keeps, run against each of them and against every fake. A connector that truly cannot keep
 * one names it in `except` with its reason; nothing in here asks which connector it is, only what it declares.
 */
import { inspect } from 'node:util';
import { afterEach, describe, expect, test } from 'vitest';
import { type CellInput, cellAt, type Grid } from '../../src/model/cell.ts';
import { AppError, RetryableError, StaleError } from '../../src/model/errors.ts';
import type { FieldType, TypedCell } from '../../src/model/field.ts';
import { fieldTypes } from '../../src/model/fields/index.ts';
import { figures, publishNow } from './published.ts';
import { odd, ordinary } from './samples.ts';
import {
  append,
  cell,
  context,
  DATE,
  failure,
  grid,
  insist,
  type LawSubject,
  type LawTab,
  OTHER,
  pushNow,
  ROWS,
  room,
  statuses,
  TAB,
  tabs,
} from './subject.ts';

export type { LawSubject, LawTab } from './subject.ts';

export interface LawException {
  readonly law: number;
  readonly reason: string;
}

/** A value others take and this connector refuses: it must then truly do so, and never alter it. */
export interface Refusal {
  readonly value: CellInput;
  readonly reason: string;
}

/** All laws as one suite. `create` makes a new workbook with the given tabs for every test. */
export function connectorLaws(
  name: string,
  create: (tabs: readonly LawTab[]) => Promise<LawSubject>,
  {
    except = [],
    mayRefuse = [],
  }: { readonly except?: readonly LawException[]; readonly mayRefuse?: readonly Refusal[] } = {},
): void {
  describe(`laws of ${name}`, () => {
    let subject: LawSubject | null = null;
    afterEach(async () => {
      await subject?.dispose();
      subject = null;
    });

    function law(n: number, text: string, keep: (subject: LawSubject) => Promise<void>): void {
      const exception = except.find((e) => e.law === n);
      test(`law ${n}: ${text}`, async (context) => {
        if (exception !== undefined) context.skip(exception.reason);
        subject = await create(tabs);
        await keep(subject);
      });
    }

    law(
      1,
      'pull changes nothing; without a write two pulls are equal, versions too',
      async ({ connector, another }) => {
        const info = await connector.describe();
        expect(info.tabs.filter(({ hidden }) => !hidden).map((tab) => tab.name)).toEqual([TAB, OTHER]);
        const first = await connector.pull([TAB, OTHER]);
        expect(first.grids.get(TAB)?.rows.slice(1, 3)).toMatchObject([
          ['T-1', '打印机卡纸', 3, DATE, true, { kind: 'formula', result: 6 }, 'note'],
          ['T-2', '无法开机', 0, null, false, { kind: 'formula', result: 0 }],
        ]);
        const second = await connector.pull([TAB, OTHER]);
        const third = await (await another()).pull([TAB, OTHER]);
        expect(second).toEqual(first);
        expect(third).toEqual(first);
        expect(await connector.version()).toBe(first.version);
      },
    );

    law(2, 'after an applied push, pull shows the values and the stamp', async ({ connector, another }) => {
      const pushed = await pushNow(connector, [
        cell(1, 1, '墨盒漏墨'),
        cell(2, 2, 41.5),
        append('T-4', '新行'),
        cell(3, 4, true),
      ]);
      expect(statuses(pushed)).toEqual(['applied', 'applied', 'applied', 'applied']);
      const pulled = await (await another()).pull([TAB]);
      const found = pulled.grids.get(TAB) as Grid;
      expect([cellAt(found, 1, 1), cellAt(found, 2, 2), cellAt(found, 3, 4)]).toEqual(['墨盒漏墨', 41.5, true]);
      expect(found.rows[ROWS]?.slice(0, 2)).toEqual(['T-4', '新行']);
      expect(pulled.generation).toBe(connector.capabilities.keepsGeneration ? 7 : null);
      if (pushed.version !== null) expect(pulled.version).toBe(pushed.version);
    });

    law(3, 'each value comes back exactly or its push is rejected', async (given) => {
      const { connector, another, columnOf = () => 9 } = given;
      const refusals: readonly CellInput[] = mayRefuse.map(({ value }) => value);
      const taken = ordinary.filter((value) => !refusals.includes(value));
      const samples = [...taken, ...odd, ...refusals];
      const top = await room(connector, samples.length);
      const operations = samples.map((value, n) => cell(top + n, columnOf(value), value));
      const { outcomes } = await pushNow(connector, operations);
      const found = await grid(await another());
      const faults = samples.flatMap((value, n) => {
        const status = outcomes[n]?.status;
        const expected = status === 'applied' ? value : null;
        const read = cellAt(found, top + n, columnOf(value));
        const same = inspect(read) === inspect(expected);
        const allowed = status === 'applied' || (status === 'rejected' && n >= taken.length);
        return same && allowed ? [] : [{ value, status, found: read }];
      });
      expect(faults).toEqual([]);
    });

    law(3, 'what a field type shows is read back as the value it stood for', async (given) => {
      const { connector, another, columnOf = () => 9 } = given;
      const cases = Object.values(fieldTypes).flatMap((type: FieldType) =>
        type.samples.map((value) => ({ type, value })),
      );
      const top = await room(connector, cases.length);
      const shown = cases.map(({ type, value }) => type.format(value, context(type)));
      // Each cell holds another sample of its type first, so that a date comes to stand where a moment stood.
      const before = cases.map(({ type }, n) => {
        const other = cases.findLast((candidate) => candidate.type === type && candidate !== cases[n]) ?? cases[n];
        const value = type.format(other!.value, context(type));
        return cell(top + n, columnOf(value), value);
      });
      await pushNow(connector, before);
      const { outcomes } = await pushNow(
        connector,
        shown.map((value, n) => cell(top + n, columnOf(value), value)),
      );
      const found = await grid(await another());
      const faults = cases.flatMap(({ type, value }, n) => {
        const read = cellAt(found, top + n, columnOf(shown[n] ?? null));
        const parsed = type.parse(read as TypedCell, context(type));
        const same = outcomes[n]?.status === 'applied' && parsed.ok && parsed.value === value;
        return same ? [] : [{ type: type.name, value, read, parsed, outcome: outcomes[n] }];
      });
      expect(faults).toEqual([]);
    });

    law(3, 'a text over the limit is rejected, one at the limit is not', async ({ connector }) => {
      const { maxCellChars } = connector.capabilities;
      const longest = '长'.repeat(maxCellChars);
      const pushed = await pushNow(connector, [cell(1, 1, longest), cell(2, 1, `${longest}x`)]);
      expect(statuses(pushed)).toEqual(['applied', 'rejected']);
      const found = await grid(connector);
      expect(cellAt(found, 1, 1) === longest).toBe(true);
      expect(cellAt(found, 2, 1)).toBe('无法开机');
    });

    law(4, 'any edit changes the version; no edit, no change', async ({ connector, another, edit }) => {
      const edits: Parameters<typeof edit>[] = [
        [TAB, [{ row: 1, column: 1, value: '打印机卡住' }]],
        [TAB, [{ row: 1, column: 1, value: '打印机卡死' }]],
        [TAB, [{ row: 2, column: 2, value: 1 }]],
        [TAB, [{ row: 1, column: 6, value: null }]],
        [OTHER, [{ row: 0, column: 1, value: 2 }]],
        [TAB, [{ row: 9, column: 0, value: 'far below' }]],
      ];
      const versions = new Set([await connector.version()]);
      for (const change of edits) {
        await edit(...change);
        versions.add(await connector.version());
      }
      expect(versions.size).toBe(edits.length + 1);
      const last = await connector.version();
      for (let n = 0; n < 45; n++) expect(await connector.version()).toBe(last);
      expect(await (await another()).version()).toBe(last);
    });

    law(4, 'a push changes the version, and a watcher hears of every edit', async ({ connector, edit }) => {
      const before = await connector.version();
      const pushed = await pushNow(connector, [cell(1, 1, 'x')]);
      expect(await connector.version()).not.toBe(before);
      expect([null, await connector.version()]).toContain(pushed.version);
      if (!connector.capabilities.canNotify || connector.watch === undefined) return;
      let hear = (): void => undefined;
      const stop = await connector.watch(() => hear());
      for (const value of ['first', 'second']) {
        const heard = new Promise<void>((resolve) => {
          hear = resolve;
        });
        await edit(TAB, [{ row: 1, column: 1, value }]);
        await heard;
      }
      await stop();
      await stop();
    });

    law(5, 'a push for an old version', async ({ connector, another, edit }) => {
      const { version } = await connector.pull([TAB]);
      await edit(TAB, [{ row: 1, column: 1, value: 'by a person' }]);
      const before = await grid(connector);
      const after = await connector.version();
      const operations = [cell(1, 1, 'by us'), append('T-9')];
      const pushed = await connector.push({ version, generation: 8, operations });
      if (connector.capabilities.compareAndSet === 'yes') {
        expect(pushed).toEqual({ outcomes: [{ status: 'stale' }, { status: 'stale' }], version: null });
        expect(await grid(await another())).toEqual(before);
        expect(await connector.version()).toBe(after);
      } else {
        for (const { status } of pushed.outcomes) expect(['stale', 'unknown', 'applied']).toContain(status);
        expect(['by a person', 'by us']).toContain(cellAt(await grid(await another()), 1, 1));
      }
    });

    law(
      5,
      'of two pushes for one version at the same moment at most one is applied',
      async ({ connector, another }) => {
        if (connector.capabilities.compareAndSet !== 'yes') return;
        const rivals = [connector, await another(), await another()];
        const version = await connector.version();
        const results = await Promise.allSettled(
          rivals.map((rival, n) => rival.push({ version, generation: n, operations: [cell(1, 1, `rival ${n}`)] })),
        );
        const winners = results.flatMap((result, n) => {
          if (result.status === 'fulfilled') return statuses(result.value)[0] === 'applied' ? [n] : [];
          expect(result.reason).toBeInstanceOf(RetryableError);
          return [];
        });
        expect(winners).toHaveLength(1);
        expect(cellAt(await grid(connector), 1, 1)).toBe(`rival ${winners[0]}`);
      },
    );

    law(6, 'one outcome for each operation, in order; one failure hides no other', async ({ connector }) => {
      const tooLong = 'x'.repeat(connector.capabilities.maxCellChars + 1);
      const operations = [
        cell(1, 0, 'first'),
        cell(1, 1, tooLong),
        cell(0, 0, 'nowhere', 'no such tab'),
        append(tooLong),
        append('last'),
      ];
      const pushed = await pushNow(connector, operations);
      expect(statuses(pushed)).toEqual(['applied', 'rejected', 'rejected', 'rejected', 'applied']);
      expect(pushed.outcomes[4]).toEqual({ status: 'applied', row: ROWS });
      const found = await grid(connector);
      expect([cellAt(found, 1, 0), cellAt(found, 1, 1), cellAt(found, ROWS, 0)]).toEqual([
        'first',
        '打印机卡纸',
        'last',
      ]);
      expect(found.rows).toHaveLength(ROWS + 1);
      const none = await pushNow(connector, []);
      expect(none.outcomes).toEqual([]);
    });

    law(7, 'an append lands below the last row in use; two at once both land', async ({ connector, another, edit }) => {
      await edit(TAB, [{ row: 6, column: 6, value: 'a lonely note' }]);
      const pushed = await pushNow(connector, [append('T-7'), append('T-8')]);
      expect(pushed.outcomes).toEqual([
        { status: 'applied', row: 7 },
        { status: 'applied', row: 8 },
      ]);
      const rival = await another();
      const rows = await Promise.all([insist(connector, 'mine'), insist(rival, 'theirs')]);
      const found = await grid(connector);
      expect(rows.map((row) => cellAt(found, row, 0))).toEqual(['mine', 'theirs']);
      expect(rows.sort()).toEqual([10, 9]);
      expect(cellAt(found, 6, 6)).toBe('a lonely note');
    });

    law(8, 'cells, formulas and tabs that were not named stay as they were', async ({ connector }) => {
      const before = await connector.pull([TAB, OTHER]);
      await pushNow(connector, [cell(1, 1, 'changed'), cell(3, 6, 'new'), append('T-4')]);
      const after = await connector.pull([TAB, OTHER]);
      expect(after.grids.get(OTHER)).toEqual(before.grids.get(OTHER));
      const old = before.grids.get(TAB) as Grid;
      const now = after.grids.get(TAB) as Grid;
      for (const [row, cells] of old.rows.entries()) {
        for (const column of cells.keys()) {
          if (row !== 1 || column !== 1) expect(cellAt(now, row, column)).toEqual(cellAt(old, row, column));
        }
      }
      expect(now.merges).toEqual(old.merges);
    });

    law(9, 'empty, empty text, zero, false and a missing column are told apart', async ({ connector, edit }) => {
      const pushed = await pushNow(connector, [cell(1, 1, null), cell(1, 2, 0), cell(1, 4, false), cell(3, 1, '')]);
      const found = await grid(connector);
      expect(found.rows[1]?.slice(0, 5)).toEqual(['T-1', null, 0, DATE, false]);
      expect(cellAt(found, 3, 1)).toBe(pushed.outcomes[3]?.status === 'applied' ? '' : '屏幕闪烁');
      expect(cellAt(found, 1, 40)).toBe(null);
      await edit(TAB, [{ row: 8, column: 0, value: 'x' }]);
      expect((await grid(connector)).rows).toHaveLength(9);
      await edit(TAB, [{ row: 8, column: 0, value: null }]);
      expect((await grid(connector)).rows).toHaveLength(ROWS);
    });

    law(10, 'a missing tab is absent and cannot be written; a missing workbook is an error', async (given) => {
      const { connector } = given;
      const { grids } = await connector.pull(['no such tab', TAB]);
      expect([...grids.keys()]).toEqual([TAB]);
      const pushed = await pushNow(connector, [cell(0, 0, 'x', 'no such tab')]);
      expect(pushed.outcomes[0]).toMatchObject({ status: 'rejected', code: expect.stringMatching(/./) });
      if (given.lose === undefined) return;
      const version = await connector.version();
      await given.lose();
      for (const work of [
        () => connector.pull([TAB]),
        () => connector.version(),
        () => connector.describe(),
        () => connector.push({ version, generation: 1, operations: [cell(1, 1, 'x')] }),
      ]) {
        expect(await failure(work())).toBeInstanceOf(AppError);
      }
    });

    law(11, 'a long tab comes whole', async ({ connector, another }) => {
      const count = 3_000;
      const rows = Array.from({ length: count }, (_, n) => append(`N-${n}`, `行 ${n}`));
      const { outcomes } = await pushNow(connector, rows);
      expect(outcomes.every((outcome, n) => outcome.status === 'applied' && outcome.row === ROWS + n)).toBe(true);
      const found = await grid(await another());
      expect(found.rows).toHaveLength(ROWS + count);
      expect(found.rows.slice(ROWS).every((row, n) => row[0] === `N-${n}` && row[1] === `行 ${n}`)).toBe(true);
    });

    law(11, 'a refusal for now says when to come back, and nothing was done', async ({ connector, obstruct }) => {
      const before = await connector.pull([TAB]);
      const release = await obstruct();
      const refused = await failure(
        connector.push({ version: before.version, generation: 9, operations: [cell(1, 1, 'x')] }),
      );
      expect(refused).toBeInstanceOf(RetryableError);
      expect((refused as RetryableError).retryAfterMs).toBeGreaterThan(0);
      expect(await connector.pull([TAB])).toEqual(before);
      await release();
      expect(statuses(await pushNow(connector, [cell(1, 1, 'x')]))).toEqual(['applied']);
    });

    law(12, 'after close no call goes out; without canWrite a push fails before any', async (given) => {
      const { connector } = given;
      const version = await connector.version();
      const change = { version, generation: 1, operations: [cell(1, 1, 'x')] };
      if (given.withoutWriting !== undefined) {
        const reader = await given.withoutWriting();
        const before = given.calls();
        expect(await failure(reader.push(change))).toBeInstanceOf(Error);
        expect(given.calls()).toBe(before);
      }
      await connector.close();
      await connector.close();
      const before = given.calls();
      for (const work of [() => connector.pull([TAB]), () => connector.version(), () => connector.push(change)]) {
        expect(await failure(work())).toBeInstanceOf(Error);
      }
      expect(given.calls()).toBe(before);
    });

    law(13, 'errors, logs and toString carry no cell text', async ({ connector, another, edit, obstruct, logs }) => {
      const secret = '身份证4711秘密';
      await edit(TAB, [{ row: 1, column: 1, value: secret }]);
      const { version } = await connector.pull([TAB]);
      const long = secret.repeat(connector.capabilities.maxCellChars);
      const rejected = await pushNow(connector, [cell(0, 0, secret, 'no such tab'), cell(1, 2, long), append(long)]);
      await pushNow(await another(), [cell(2, 1, secret)]);
      const stale = await connector.push({ version, generation: 1, operations: [cell(1, 1, secret)] });
      await obstruct();
      const refused = await failure(pushNow(connector, [cell(1, 1, `${secret}!`)]));
      await connector.close();
      const closed = await failure(pushNow(connector, [cell(1, 1, secret)]));
      const said = [rejected, stale, refused, closed].map((thing) => inspect(thing, { depth: 9, showHidden: true }));
      for (const text of [...said, logs(), String(connector), inspect(connector, { depth: 9 })]) {
        expect(text.includes(secret)).toBe(false);
      }
    });

    law(14, 'publishes where it says so: the figures stand there, a second time nothing changes', async (given) => {
      const { connector, another } = given;
      expect(connector.publish !== undefined).toBe(connector.capabilities.canPublish);
      if (!connector.capabilities.canPublish) return;
      const before = await connector.pull([TAB, OTHER]);
      const first = await publishNow(connector, figures());
      expect(first).toMatchObject({ replaced: [], missing: [], made: ['overview', 'list'] });
      expect(first.changed).toBeGreaterThan(0);
      const { grids, version } = await (await another()).pull([TAB, OTHER, '概览', '清单']);
      expect([grids.get(TAB), grids.get(OTHER)]).toEqual([before.grids.get(TAB), before.grids.get(OTHER)]);
      const overview = grids.get('概览') as Grid;
      expect(cellAt(overview, 0, 0)).toBe('看板');
      expect(overview.rows.slice(1, 3)).toMatchObject([
        ['新建', 120, { kind: 'formula', result: 3 }],
        ['达标率', 0.96, null, true],
      ]);
      expect(cellAt(overview, 3, 0)).toEqual({ kind: 'date', wallMs: Date.UTC(2026, 7, 30, 10, 30), hasTime: true });
      expect(cellAt(overview, 4, 0)).toBe('=1+1');
      expect(await publishNow(await another(), figures())).toEqual({ changed: 0, replaced: [], missing: [], made: [] });
      expect(await connector.version()).toBe(version);
    });

    law(14, 'what people typed where figures stand is replaced and told; the rest is theirs', async (given) => {
      const { connector, edit } = given;
      if (!connector.capabilities.canPublish) return;
      await publishNow(connector, figures());
      await edit('概览', [
        { row: 1, column: 1, value: '手改' },
        { row: 2, column: 1, value: null },
        { row: 2, column: 9, value: '我的备注' },
        { row: 30, column: 0, value: 7 },
      ]);
      const again = await publishNow(connector, figures({ more: 1, rows: 2 }));
      expect(again).toMatchObject({
        replaced: [{ tab: 'overview', row: 1, column: 1, typed: '手改' }],
        missing: [],
        made: [],
      });
      const { grids } = await connector.pull(['概览', '清单']);
      const overview = grids.get('概览') as Grid;
      expect([cellAt(overview, 1, 1), cellAt(overview, 2, 1)]).toEqual([121, 0.96]);
      expect([cellAt(overview, 2, 9), cellAt(overview, 30, 0)]).toEqual(['我的备注', 7]);
      expect(grids.get('清单')?.rows.map(([first]) => first)).toEqual(['编号', 'T-1', 'T-2']);
    });

    law(14, 'a renamed tab is found again; a deleted one stays away until it is asked for', async (given) => {
      const { connector, renameTab, removeTab } = given;
      if (!connector.capabilities.canPublish || renameTab === undefined || removeTab === undefined) return;
      await publishNow(connector, figures());
      await renameTab('概览', "老板's 页");
      expect(await publishNow(connector, figures({ more: 5 }))).toMatchObject({ replaced: [], missing: [], made: [] });
      const { grids } = await connector.pull(["老板's 页", '概览']);
      expect([...grids.keys()]).toEqual(["老板's 页"]);
      expect(cellAt(grids.get("老板's 页") as Grid, 1, 1)).toBe(125);
      await removeTab('清单');
      const version = await connector.version();
      expect(await publishNow(connector, figures({ more: 5 }))).toMatchObject({
        changed: 0,
        missing: ['list'],
        made: [],
      });
      expect(await connector.version()).toBe(version);
      expect(await publishNow(connector, figures({ more: 5 }), ['list'])).toMatchObject({
        missing: [],
        made: ['list'],
      });
      expect((await connector.pull(['清单'])).grids.get('清单')?.rows).toHaveLength(4);
    });

    law(14, 'while writing is refused, and for one who may not write, nothing is published', async (given) => {
      const { connector, obstruct } = given;
      if (!connector.capabilities.canPublish) return;
      const version = await connector.version();
      const release = await obstruct();
      expect(await failure(publishNow(connector, figures()))).toBeInstanceOf(RetryableError);
      expect(await connector.version()).toBe(version);
      await release();
      if (given.withoutWriting !== undefined) {
        expect(await failure(publishNow(await given.withoutWriting(), figures()))).toBeInstanceOf(AppError);
      }
      await connector.close();
      expect(await failure(publishNow(connector, figures()))).toBeInstanceOf(AppError);
    });

    law(14, 'publishing and pushing at the same moment lose nothing of each other', async ({ connector, another }) => {
      if (!connector.capabilities.canPublish) return;
      const rival = await another();
      const published = (async () => {
        for (let attempt = 0; attempt < 100; attempt++) {
          try {
            return await publishNow(connector, figures());
          } catch (error) {
            if (!(error instanceof RetryableError || error instanceof StaleError)) throw error;
          }
        }
        throw new Error('never published');
      })();
      const [row] = await Promise.all([insist(rival, 'theirs'), published]);
      expect(cellAt(await grid(connector), row, 0)).toBe('theirs');
      expect(cellAt(await grid(connector, '概览'), 1, 1)).toBe(120);
    });
  });
}
