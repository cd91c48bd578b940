/**
 * A whole desk by hand: the app on a real database, the workbooks of a template in memory, a clock that is turned, and
 * accounts that keep what they are given. `settle` does what the running service does until nothing is left to do.
 */
import { createMemoryConnector, MemoryWorkbook } from '../../connectors/memory.ts';
import { openPackage } from '../../connectors/xlsx/package.ts';
import { readTabs } from '../../connectors/xlsx/read.ts';
import { createCardDresser } from '../../src/app/card-dresser.ts';
import { refreshCards } from '../../src/app/card-updater.ts';
import { runPass } from '../../src/app/pass.ts';
import { problems } from '../../src/app/problems.ts';
import { type App, createApp, type FeishuDesk } from '../../src/app.ts';
import { workdays } from '../../src/automation/run.ts';
import { parseWorkspace } from '../../src/config/workspace.ts';
import type { OpenDatabase } from '../../src/db/client.ts';
import { createStoreIn } from '../../src/db/sync-store.ts';
import { deliverDue } from '../../src/jobs/delivery.ts';
import type { Jobs } from '../../src/jobs/queue.ts';
import { fireSchedule, isSchedule, type ScheduledTick } from '../../src/jobs/schedule.ts';
import { runDueTimers } from '../../src/jobs/timers.ts';
import { type CellValue, type Grid, rawText } from '../../src/model/cell.ts';
import type { FieldValue } from '../../src/model/field.ts';
import type { KeptRecord } from '../../src/model/record.ts';
import { type Channel, delivered, type OutgoingMessage } from '../../src/notify/channel.ts';
import { channelOf } from '../../src/notify/index.ts';
import type { ReadyAccount } from '../../src/notify/settings.ts';
import { demoAccounts, templateFiles } from '../../src/templates/index.ts';
import { type TestDatabase, testDatabase } from '../db/database.ts';
import { type TestClock, testClock } from '../fakes/clock.ts';

/** A message of an account that takes decisions, as its receiver sees it now. */
export interface SentCard {
  readonly receipt: string;
  readonly to: string;
  message: OutgoingMessage;
  /** How often it was written anew. */
  revisions: number;
}

/** What an account was given to send. */
export interface Sent {
  readonly account: string;
  readonly to: string;
  readonly title: string;
  readonly text: string;
}

export type Cells = Readonly<Record<string, CellValue>>;

export interface DeskOptions {
  /** Tuesday 10:00 in Shanghai when left out. */
  readonly at?: string;
  /** More of `rowkeeper.json`. */
  readonly settings?: Readonly<Record<string, unknown>>;
  readonly database?: TestDatabase;
  /** People also have the bot of an app, through an account called 机器人; it comes first where nothing is said. */
  readonly bot?: boolean;
  /** Accounts that send for real, and the app whose clicks are heard, in place of those that keep what they are given. */
  readonly real?: { readonly accounts: ReadonlyMap<string, ReadyAccount>; readonly feishu: FeishuDesk };
  /** Changes the administration workbook before it is first read. */
  readonly prepare?: (desk: Workbooks) => void;
}

const accounts = {
  [demoAccounts.mail]: {
    kind: 'mail',
    host: 'smtp.example.com',
    userEnv: 'USER',
    passwordEnv: 'PASSWORD',
    from: 'service@example.com',
    domains: ['example.com'],
  },
  [demoAccounts.dingtalk]: { kind: 'dingtalk', tokenEnv: 'TOKEN', secretEnv: 'SECRET' },
  [demoAccounts.wecom]: { kind: 'wecom', keyEnv: 'KEY' },
  [demoAccounts.feishu]: { kind: 'feishu', tokenEnv: 'TOKEN', secretEnv: 'SECRET' },
  [demoAccounts.sms]: {
    kind: 'sms-http',
    url: 'https://sms.example.com/send',
    body: '{"to":"{to}"}',
    secretEnv: 'KEY',
  },
} as const;

const bot = { 机器人: { kind: 'feishu-app', appIdEnv: 'APP', appSecretEnv: 'SECRET' } } as const;

/** The workbooks as a person has them open. */
export class Workbooks {
  readonly books: ReadonlyMap<string, MemoryWorkbook>;

  constructor(books: ReadonlyMap<string, MemoryWorkbook>) {
    this.books = books;
  }

  rows(tab: string): CellValue[][] {
    return this.#find(tab).tab.rows;
  }

  /** One save of the workbook that has the tab. */
  edit(tab: string, change: (rows: CellValue[][]) => void, editor: string | null = '小张'): void {
    const { book, tab: found } = this.#find(tab);
    book.edit(() => change(found.rows), editor);
  }

  column(tab: string, header: string): number {
    const at = (this.rows(tab)[0] ?? []).findIndex((cell) => rawText(cell) === header);
    if (at < 0) throw new Error(`${tab} has no column ${header}`);
    return at;
  }

  /** Row of the first line whose cell of `header` shows `text`. */
  find(tab: string, header: string, text: string): number {
    const column = this.column(tab, header);
    const at = this.rows(tab).findIndex((row, n) => n > 0 && rawText(row[column] ?? null) === text);
    if (at < 0) throw new Error(`${tab} has no row with ${header} ${text}`);
    return at;
  }

  shown(tab: string, row: number, header: string): string {
    return rawText(this.rows(tab)[row]?.[this.column(tab, header)] ?? null);
  }

  /** Rows below the header that say something, by header. */
  lines(tab: string): readonly Readonly<Record<string, string>>[] {
    const [head = [], ...rows] = this.rows(tab);
    return rows
      .filter((row) => row.some((cell) => rawText(cell ?? null) !== ''))
      .map((row) => Object.fromEntries(head.map((header, column) => [rawText(header), rawText(row[column] ?? null)])));
  }

  set(tab: string, row: number, cells: Cells): void {
    this.edit(tab, (rows) => {
      while (rows.length <= row) rows.push([]);
      for (const [header, value] of Object.entries(cells)) {
        const line = rows[row]!;
        const column = this.column(tab, header);
        while (line.length < column) line.push(null);
        line[column] = value;
      }
    });
  }

  /** Types rows below the last one with content, in one save. */
  add(tab: string, ...lines: readonly Cells[]): void {
    this.edit(tab, (rows) => {
      let last = rows.length;
      while (last > 1 && rows[last - 1]!.every((cell) => rawText(cell ?? null) === '')) last--;
      rows.length = last;
      for (const cells of lines) {
        const row: CellValue[] = (rows[0] ?? []).map(() => null);
        for (const [header, value] of Object.entries(cells)) row[this.column(tab, header)] = value;
        rows.push(row);
      }
    });
  }

  /** Adds columns at the right end. */
  addColumns(tab: string, ...headers: readonly string[]): void {
    this.edit(tab, (rows) => void rows[0]!.push(...headers));
  }

  #find(name: string) {
    for (const book of this.books.values()) {
      const tab = book.tabs.find((each) => each.name === name);
      if (tab !== undefined) return { book, tab };
    }
    throw new Error(`there is no tab ${name}`);
  }
}

/** A process of the service on the desk's database and workbooks. */
export interface Process {
  readonly app: App;
  /** One pass over the workbooks and one answer; no timers, no messages. */
  pass(): Promise<void>;
  /** Lets every timer go off that is due. */
  timers(): Promise<void>;
  deliver(): Promise<void>;
  settle(): Promise<void>;
}

export class Desk extends Workbooks {
  readonly clock: TestClock;
  readonly database: TestDatabase;
  readonly sent: Sent[] = [];
  readonly cards: SentCard[] = [];
  /** What an attempt to change a card does first; throws in a test. */
  beforeRevise: (card: SentCard) => void = () => undefined;
  /** What an attempt to send does first; throws or waits in a test. */
  beforeSend: (sent: Sent) => void = () => undefined;
  readonly #settings: Readonly<Record<string, unknown>>;
  readonly #accounts: Readonly<Record<string, { readonly kind: string }>>;
  readonly #real: DeskOptions['real'];
  main!: Process;

  constructor(books: ReadonlyMap<string, MemoryWorkbook>, database: TestDatabase, options: DeskOptions) {
    super(books);
    this.clock = testClock(options.at ?? '2026-03-10T02:00:00.000Z');
    this.database = database;
    this.#settings = options.settings ?? {};
    this.#real = options.real;
    this.#accounts = options.bot ? { ...bot, ...accounts } : accounts;
  }

  /** Another process, also on another connection to the same server. */
  async start(owner: string, database: OpenDatabase = this.database): Promise<Process> {
    const app = await createApp({
      settings: parseWorkspace(JSON.stringify({ channels: { accounts: this.#accounts }, ...this.#settings })),
      database,
      connect: async (key) => createMemoryConnector(this.books.get(key)!),
      accounts:
        this.#real?.accounts ??
        new Map(Object.entries(this.#accounts).map(([name, { kind }]) => [name, this.#account(name, kind)])),
      feishu: this.#real?.feishu ?? {
        appId: '',
        by: 'line',
        keys: { encryptKey: '', verificationToken: '' },
        open: neverOpened,
      },
      // Timers of the running service keep to the wall clock.
      clock: this.#real === undefined ? this.clock : { now: () => new Date() },
      logger: { log: () => undefined },
      owner,
    });
    return processOf(app);
  }

  #account(name: string, kind: string): ReadyAccount {
    const channel: Channel = {
      ...channelOf(kind),
      limits: { ...channelOf(kind).limits, perMinute: null },
      send: async (message) => {
        const { to, title, text } = message;
        const sent = { account: name, to, title, text };
        this.beforeSend(sent);
        this.sent.push(sent);
        if (channelOf(kind).revise === undefined) return delivered;
        const known = this.cards.find((card) => card.message.key === message.key);
        const receipt = known?.receipt ?? `om_${this.cards.length}`;
        if (known === undefined) this.cards.push({ receipt, to, message, revisions: 0 });
        return { outcome: 'delivered', receipt };
      },
      ...(channelOf(kind).revise === undefined
        ? {}
        : {
            revise: async (receipt, message) => {
              const card = this.cards.find((each) => each.receipt === receipt)!;
              this.beforeRevise(card);
              card.message = message;
              card.revisions++;
              return delivered;
            },
          }),
    };
    return { channel, account: { name, settings: {} as never, secret: () => '', shared: (_, make) => make() } };
  }

  settle(): Promise<void> {
    return this.main.settle();
  }

  /** Time passes, and the service does what falls due, moment by moment. */
  async pass(minutes: number, step = minutes): Promise<void> {
    for (let done = 0; done < minutes; done += step) {
      this.clock.move(Math.min(step, minutes - done) * 60_000);
      await this.settle();
    }
  }

  async tickets(): Promise<readonly KeptRecord[]> {
    return await this.database.store.listRecords('tickets');
  }

  /** Values of the ticket with a title. */
  async ticket(
    title: string,
  ): Promise<Readonly<Record<string, FieldValue>> & { readonly id: number; readonly number: string }> {
    const record = (await this.tickets()).find(({ values }) => values.title === title);
    if (record === undefined) throw new Error(`there is no ticket ${title}`);
    return { ...record.values, id: record.id, number: record.number } as never;
  }

  /** Row of a ticket in its tab. */
  row(title: string): number {
    return this.find('工单', '问题标题', title);
  }

  /** Changes cells of the ticket with a title and lets the service answer. */
  async change(title: string, cells: Cells): Promise<void> {
    this.set('工单', this.row(title), cells);
    await this.settle();
  }

  /** Types new tickets and lets the service answer. */
  async file(...lines: readonly Cells[]): Promise<void> {
    this.add('工单', ...lines);
    await this.settle();
  }

  async problems(): Promise<readonly string[]> {
    return (await problems.run(this.main.app, {})).map(({ message }) => message);
  }

  /** Messages sent since the last look, as `account→to: title`. */
  letters(): readonly string[] {
    return this.sent.splice(0).map(({ account, to, title }) => `${account}${to === '' ? '' : `→${to}`}: ${title}`);
  }
}

const neverOpened = (): Promise<never> => Promise.reject(new Error('there is no network here'));

function processOf(app: App): Process {
  const { database, clock, accounts: ready, settings } = app;
  const { db } = database;
  const pass = async (): Promise<void> => void (await runPass(app, { confirmFirstContact: true }));
  const ticks: ScheduledTick[] = [];
  const jobs: Jobs = {
    send: async (_tx, { data }) => void ticks.push(data as unknown as ScheduledTick),
    work: () => Promise.reject(new Error('nothing works here')),
    close: async () => undefined,
  };
  const timers = async (): Promise<void> => {
    const storeIn = await createStoreIn(db);
    const run = await runDueTimers({ db, clock }, async (tx, timer, now) => {
      if (isSchedule(timer)) await fireSchedule(tx, timer, now, jobs);
      else await app.automation.due(tx, storeIn(tx), timer, null);
    });
    for (const { error } of run.failed) throw error;
    for (const tick of ticks.splice(0)) await app.automation.runScheduled(tick, null);
  };
  const deliver = async (): Promise<void> => {
    const run = await deliverDue({
      db,
      accounts: ready,
      http: neverOpened,
      dress: createCardDresser(app),
      clock,
      locale: settings.locale,
      isWorkday: workdays(await app.keeper.current()),
      smsPerDay: 10,
      draw: async () => new Uint8Array(),
      onLost: async () => undefined,
    });
    for (const fault of run.faults) throw fault;
    await refreshCards(app, neverOpened);
  };
  return {
    app,
    pass,
    timers,
    deliver,
    async settle() {
      await pass();
      await timers();
      await pass();
      await deliver();
    },
  };
}

type DrawnTabs = readonly { readonly name: string; readonly rows: Grid['rows'] }[];
let drawn: Promise<ReadonlyMap<string, DrawnTabs>> | undefined;

/** The demo's workbooks as grids; making them takes seconds, so it is done once a file. */
async function drawTemplate(): Promise<ReadonlyMap<string, DrawnTabs>> {
  const files = await templateFiles('zh-CN', 'demo', new Date('2026-03-01T00:00:00.000Z'));
  const books = new Map<string, DrawnTabs>([['boss', []]]);
  for (const [n, key] of ['team', 'admin'].entries()) {
    const pkg = await openPackage(files[n]!.bytes);
    const grids = await readTabs(pkg, pkg.sheets);
    books.set(
      key,
      [...grids].map(([name, { rows }]) => ({ name, rows })),
    );
  }
  return books;
}

/** Opens a desk of the demo's people, rules and words, without its history. Close the database after use. */
export async function openDesk(options: DeskOptions = {}): Promise<Desk> {
  const database = options.database ?? (await testDatabase());
  drawn ??= drawTemplate();
  const books = new Map([...(await drawn)].map(([key, tabs]) => [key, new MemoryWorkbook(tabs)]));
  const desk = new Desk(books, database, options);
  options.prepare?.(desk);
  desk.main = await desk.start('first');
  await desk.settle();
  return desk;
}
