/**
 * kill -9 of the real service at random moments, again and again, while a person edits the workbook and an operator
 * changes tickets: at the end every edit is where it belongs, once, and file and tickets agree. `ROWKEEPER_KILLS` sets
 * how often (CI: 50; 5 without it); `ROWKEEPER_KILL_SEED` repeats a run's choices.
 */
import { readFile, rename, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { Operation } from '../../connectors/connector.ts';
import { openPackage } from '../../connectors/xlsx/package.ts';
import { patchWorkbook } from '../../connectors/xlsx/patch.ts';
import type { Grid } from '../../src/model/cell.ts';
import { withPostgres } from '../db/database.ts';
import { gridOf, rowsByHeader, scratchFolder, type Ticket } from './real-desk.ts';
import { ask, rowkeeper, startService, until } from './service.ts';

const kills = Number(process.env.ROWKEEPER_KILLS ?? 5);
const seed = Number(process.env.ROWKEEPER_KILL_SEED ?? Math.floor(Math.random() * 2 ** 31));
const STARTING_ROWS = 12;
/** A start takes about a second and the first cycles as long again: the kill falls anywhere in them. */
const LATEST_KILL_MS = 2_200;

/** Numbers from 0 up to a limit, the same for the same seed. */
function createDice(start: number): (limit: number) => number {
  let state = start;
  return (limit) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * limit);
  };
}

type Row = Readonly<Record<string, string>>;

const pause = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms));

/** A person with a workbook: knows what he typed, row by row, under a word of his own in 联系人. */
class Person {
  readonly titles = new Map<string, string>();
  readonly path: string;
  /** The state of the file in which something was still missing. */
  private unfinished = '';

  constructor(path: string) {
    this.path = path;
  }

  /** Adds a row and changes the title of another, in one save, as an app saves: beside the file, then over it. */
  async edit(dice: (limit: number) => number, round: number): Promise<void> {
    const bytes = await readFile(this.path);
    const grid = await gridOf(bytes, '工单');
    const rows = rowsByHeader(grid);
    const known = [...this.titles.keys()];
    const chosen = known[dice(known.length)] as string;
    const title = `改${round}`;
    const row = rows.findIndex((each) => each.联系人 === chosen);
    if (row < 0) throw new Error(`the row of ${chosen} is gone from the file`);
    const added = `人${known.length}`;
    const operations: Operation[] = [
      { kind: 'cell', tab: '工单', row: row + 1, column: columnOf(grid, '问题标题'), value: title },
      this.newRow(grid, added),
    ];
    await this.save(bytes, operations);
    this.titles.set(chosen, title);
    this.titles.set(added, `新${added}`);
  }

  async fill(count: number): Promise<void> {
    const bytes = await readFile(this.path);
    const grid = await gridOf(bytes, '工单');
    const words = Array.from({ length: count }, (_, n) => `人${n}`);
    await this.save(
      bytes,
      words.map((word) => this.newRow(grid, word)),
    );
    for (const word of words) this.titles.set(word, `新${word}`);
  }

  /**
   * The rows as soon as the service has put into each what it owes it; asking the service before would be in vain, and a
   * file that has not changed is not read again.
   */
  async finishedRows(): Promise<readonly Row[] | undefined> {
    const { mtimeNs, ino } = await stat(this.path, { bigint: true });
    const state = `${ino} ${mtimeNs}`;
    if (state === this.unfinished) return undefined;
    const rows = rowsByHeader(await gridOf(this.path, '工单')).filter((row) => row.联系人 !== '');
    if (rows.every(isFinished)) return rows;
    this.unfinished = state;
    return undefined;
  }

  private newRow(grid: Grid, word: string): Operation {
    const cells = Object.entries({ 联系人: word, 问题标题: `新${word}`, 优先级: '中' });
    return {
      kind: 'append',
      tab: '工单',
      cells: cells.map(([header, value]) => ({ column: columnOf(grid, header), value })),
    };
  }

  private async save(bytes: Uint8Array, operations: readonly Operation[]): Promise<void> {
    const patched = await patchWorkbook(await openPackage(bytes), operations, { generation: null });
    expect(patched.outcomes.map(({ status }) => status)).not.toContain('rejected');
    await writeFile(`${this.path}.person`, patched.bytes);
    await rename(`${this.path}.person`, this.path);
  }
}

function columnOf(grid: Grid, header: string): number {
  return (grid.rows[0] ?? []).indexOf(header);
}

describe.concurrent.each(['embedded', 'postgres'] as const)('the service on %s, killed', (kind) => {
  const scratch = scratchFolder();
  afterAll(() => scratch.remove());

  test(`${kills} times at random moments loses nothing and doubles nothing (seed ${seed})`, {
    timeout: 1_500_000,
  }, async () => {
    const database = kind === 'postgres' ? await withPostgres() : null;
    const variables = { DATABASE_URL: database?.url };
    const workspace = join(scratch.folder, kind);
    const at = ['--workspace', workspace];
    const dice = createDice(seed);
    try {
      expect(await rowkeeper(['init', workspace, '--template', 'blank'], variables)).toMatchObject({ code: 0 });
      const person = new Person(join(workspace, '售后工单.xlsx'));
      await person.fill(STARTING_ROWS);
      await ask(['sync', '--once', ...at], variables);
      const first = await ask<readonly Ticket[]>(['tickets', ...at], variables);
      expect(first).toHaveLength(STARTING_ROWS);

      /** What may stand: the last text an operator was told is set (nothing at first), and any after it whose answer never came. */
      const descriptions = new Map<string, Set<string | null>>();
      for (let round = 1; round <= kills; round++) {
        const service = await startService(workspace, { variables, waitForReady: false });
        const killAt = dice(LATEST_KILL_MS);
        const number = String(first[dice(first.length)]?.ticket_no);
        const description = `定${round}`;
        const setting = pause(dice(killAt + 1)).then(() =>
          rowkeeper(['set', number, `description=${description}`, ...at], variables),
        );
        const editing = pause(dice(killAt + 1)).then(() => person.edit(dice, round));
        await pause(killAt);
        await service.stop('SIGKILL');
        const [{ code }] = await Promise.all([setting, editing]);
        const standing = descriptions.get(number) ?? new Set([null]);
        descriptions.set(number, code === 0 ? new Set([description]) : new Set([...standing, description]));
      }

      const service = await startService(workspace, { variables });
      const settled = await until(async () => {
        const rows = await person.finishedRows();
        if (rows === undefined) return undefined;
        const tickets = await ask<readonly Ticket[]>(['tickets', ...at], variables);
        if (rows.length !== tickets.length) return undefined;
        return rows.every((row) => agrees(row, tickets)) ? { tickets, rows } : undefined;
      }, 60_000);
      expect(await service.stop('SIGINT')).toBe(0);

      expect(settled.rows.map((row) => row.联系人).sort()).toEqual([...person.titles.keys()].sort());
      for (const [word, title] of person.titles) {
        expect(settled.tickets.filter((ticket) => ticket.contact === word).map((ticket) => ticket.title)).toEqual([
          title,
        ]);
      }
      for (const [number, allowed] of descriptions) {
        const { description } = settled.tickets.find((ticket) => ticket.ticket_no === number) ?? {};
        expect([...allowed], `${number}: what was answered stands`).toContain(description ?? null);
      }
      expect(await rowkeeper(['doctor', ...at], variables)).toMatchObject({ code: 0 });
      const before = await readFile(person.path);
      const { cycles } = await ask<{ readonly cycles: readonly Record<string, number>[] }>(
        ['sync', '--once', ...at],
        variables,
      );
      expect(cycles.map(({ created, applied, written }) => [created, applied, written])).toEqual(
        cycles.map(() => [0, 0, 0]),
      );
      expect((await readFile(person.path)).equals(before)).toBe(true);
    } finally {
      await database?.drop();
    }
  });
});

/** The row stands as it will stay: its due time, decided after its number is given, is in it too. */
function isFinished(row: Row): boolean {
  return row.工单号 !== '' && row.截止时间 !== '' && row.SLA状态 !== '';
}

/** The row says what its ticket says. */
function agrees(row: Row, tickets: readonly Ticket[]): boolean {
  const ticket = tickets.find((each) => each.ticket_no === row.工单号);
  return (
    ticket?.title === row.问题标题 &&
    (ticket?.description ?? '') === row.详细描述 &&
    ticket?.contact === row.联系人 &&
    row.SLA状态 === ticket?.sla_state
  );
}
