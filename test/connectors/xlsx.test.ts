/** The xlsx connector on real files: all laws, and what is special about a file that people share. */
import {
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  unlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Connector, Operation } from '../../connectors/connector.ts';
import { connectors } from '../../connectors/index.ts';
import { type Disk, realDisk } from '../../connectors/xlsx/disk.ts';
import { openPackage } from '../../connectors/xlsx/package.ts';
import { createXlsxConnector, type XlsxOptions } from '../../connectors/xlsx.ts';
import type { CellInput, CellValue } from '../../src/model/cell.ts';
import { AppError, RetryableError, UnreadableError } from '../../src/model/errors.ts';
import type { Logger } from '../../src/ports.ts';
import { madeWorkbook, withoutTab, withTabRenamed, withTyped } from '../fakes/person-saves.ts';
import { connectorLaws, type LawSubject } from '../laws/connector.ts';
import { requireWitness, startOffice } from '../witness/office.ts';

const NAME = '售后 工单.xlsx';
const HOUR_MS = 3_600_000;

/** A person's app saves by replacing the file. */
async function save(path: string, change: (bytes: Uint8Array) => Promise<Uint8Array>): Promise<void> {
  writeFileSync(`${path}.saving`, await change(readFileSync(path)));
  renameSync(`${path}.saving`, path);
}

/** The real disk, telling its calls. */
function watched(calls: string[], overrides: Partial<Disk> = {}): Disk {
  const entries = Object.entries({ ...realDisk, ...overrides }).map(([name, call]) => [
    name,
    (...args: unknown[]) => {
      calls.push(`${name} ${String(args[0])} ${typeof args[1] === 'string' ? args[1] : ''}`.trim());
      return (call as (...args: unknown[]) => unknown)(...args);
    },
  ]);
  return Object.fromEntries(entries) as Disk;
}

connectorLaws('xlsx', async (tabs): Promise<LawSubject> => {
  const folder = mkdtempSync(join(tmpdir(), 'rowkeeper-xlsx-'));
  const path = join(folder, NAME);
  writeFileSync(path, await madeWorkbook(tabs));
  const calls: string[] = [];
  const lines: string[] = [];
  const logger: Logger = { log: (...line) => lines.push(JSON.stringify(line)) };
  const opened: Connector[] = [];
  const connect = (): Connector => {
    const connector = createXlsxConnector({
      path,
      backupDir: join(folder, 'backups'),
      clock: { now: () => new Date() },
      logger,
      pollMs: 20,
      disk: watched(calls),
    });
    opened.push(connector);
    return connector;
  };
  return {
    connector: connect(),
    another: async () => connect(),
    edit: (tab, cells) => save(path, (bytes) => withTyped(bytes, tab, cells)),
    renameTab: (tab, name) => save(path, (bytes) => withTabRenamed(bytes, tab, name)),
    removeTab: (tab) => save(path, (bytes) => withoutTab(bytes, tab)),
    obstruct: async () => {
      const lock = join(folder, `.~lock.${NAME}#`);
      writeFileSync(lock, '李明,liming,desk-7,10.03.2026 11:30,file:///x;');
      return async () => unlinkSync(lock);
    },
    lose: async () => unlinkSync(path),
    calls: () => calls.length,
    logs: () => lines.join('\n'),
    dispose: async () => {
      await Promise.all(opened.map((connector) => connector.close()));
      rmSync(folder, { recursive: true, force: true });
    },
  };
});

let folder: string;
let path: string;
let at: number;
let calls: string[];
let lines: [string, string][];
const connected: Connector[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'rowkeeper-xlsx-'));
  path = join(folder, NAME);
  at = Date.now();
  calls = [];
  lines = [];
  const tabs = [
    {
      name: 'T',
      rows: [
        ['编号', '标题'],
        ['T-1', '卡纸'],
      ],
    },
  ];
  writeFileSync(path, await madeWorkbook(tabs));
});

afterEach(async () => {
  await Promise.all(connected.splice(0).map((connector) => connector.close()));
  rmSync(folder, { recursive: true, force: true });
});

function connect(options: Partial<XlsxOptions> = {}): Connector {
  const connector = createXlsxConnector({
    path,
    backupDir: join(folder, 'backups'),
    clock: { now: () => new Date(at) },
    logger: { log: (level, name) => void lines.push([level, name]) },
    disk: watched(calls),
    ...options,
  });
  connected.push(connector);
  return connector;
}

const write = (value: CellInput, row = 1, column = 1): Operation => ({ kind: 'cell', tab: 'T', row, column, value });

async function push(connector: Connector, value: CellInput) {
  return connector.push({ version: await connector.version(), generation: 1, operations: [write(value)] });
}

async function shown(connector: Connector): Promise<CellValue | undefined> {
  return (await connector.pull(['T'])).grids.get('T')?.rows[1]?.[1];
}

async function failure(work: Promise<unknown>): Promise<AppError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('expected a failure');
}

/** Names beside the workbook that are not the workbook. */
const strays = (): string[] => readdirSync(folder).filter((name) => name !== NAME && name !== 'backups');

test('a quiet version takes one stat', async () => {
  utimesSync(path, new Date(at - HOUR_MS), new Date(at - HOUR_MS));
  const connector = connect();
  const { version } = await connector.pull(['T']);
  calls.length = 0;
  for (let n = 0; n < 15; n++) expect(await connector.version()).toBe(version);
  expect(calls).toEqual(Array(15).fill(`stat ${path}`));
});

test('the bytes that were pulled serve the push: the workbook is read once', async () => {
  utimesSync(path, new Date(at - HOUR_MS), new Date(at - HOUR_MS));
  const connector = connect();
  const { version } = await connector.pull(['T']);
  await connector.push({ version, generation: 1, operations: [write('换墨盒')] });
  expect(calls.filter((call) => call === `open ${path} r`)).toHaveLength(1);
  expect(await shown(connector)).toBe('换墨盒');
});

test('a push of which nothing can be done leaves the file alone', async () => {
  const before = readFileSync(path);
  const connector = connect();
  const version = await connector.version();
  const { outcomes } = await connector.push({ version, generation: 1, operations: [write('x'.repeat(40_000))] });
  expect(outcomes[0]?.status).toBe('rejected');
  expect(readFileSync(path).equals(before)).toBe(true);
  expect(existsSync(join(folder, 'backups'))).toBe(false);
});

test('the editor is whom the file names', async () => {
  expect((await connect().pull(['T'])).editor).toBe('王芳');
});

test('while somebody has it open, reading goes on and a push names him; after ten minutes the log says so', async () => {
  const connector = connect();
  const lock = join(folder, `.~lock.${NAME}#`);
  writeFileSync(lock, '李明,liming,desk-7,10.03.2026 11:30,file:///x;');
  const before = readFileSync(path);
  for (let minutes = 0; minutes <= 20; minutes += 4) {
    const error = await failure(push(connector, 'ours'));
    expect(error).toBeInstanceOf(RetryableError);
    expect(error.code).toBe('workbook-locked');
    expect(error.message).toContain('李明 (desk-7)');
    expect(error.hint).toContain(`.~lock.${NAME}#`);
    expect(Date.parse(String(error.details.lockedSince))).toBeLessThanOrEqual(at - minutes * 60_000);
    expect(await shown(connector)).toBe('卡纸');
    at += 4 * 60_000;
  }
  expect(lines).toEqual([
    ['info', 'file:locked'],
    ['warn', 'file:locked'],
  ]);
  expect(readFileSync(path).equals(before)).toBe(true);
  unlinkSync(lock);
  expect((await push(connector, 'ours')).outcomes).toEqual([{ status: 'applied', row: 1 }]);
  expect(await shown(connector)).toBe('ours');
});

test('a workbook opened while the new content is being written is not replaced', async () => {
  const lock = join(folder, `~$${NAME}`);
  const disk = watched(calls, {
    open: (async (name: string, flags: string, mode: number) => {
      if (flags === 'wx') writeFileSync(lock, '');
      return realDisk.open(name, flags, mode);
    }) as Disk['open'],
  });
  expect((await failure(push(connect({ disk }), 'ours'))).code).toBe('workbook-locked');
  expect(strays()).toEqual([`~$${NAME}`]);
  unlinkSync(lock);
  expect(await shown(connect())).toBe('卡纸');
});

test('twenty seconds without the file are an error for now, and then everything is as before', async () => {
  const connector = connect();
  const before = await connector.pull(['T']);
  renameSync(path, `${path}.away`);
  for (let n = 0; n < 10; n++) {
    const works = [() => connector.pull(['T']), () => connector.version(), () => connector.describe()];
    for (const work of [...works, () => push(connector, 'x')]) {
      const error = await failure(work());
      expect([error.code, error instanceof RetryableError]).toEqual(['workbook-absent', true]);
    }
    at += 2_000;
  }
  expect(existsSync(path)).toBe(false);
  renameSync(`${path}.away`, path);
  expect(await connector.pull(['T'])).toEqual(before);
});

test('a fresh file that is torn may be half copied; an old one is damaged; neither is written', async () => {
  const whole = readFileSync(path);
  writeFileSync(path, whole.subarray(0, whole.length - 100));
  const connector = connect();
  const fresh = await failure(connector.pull(['T']));
  expect([fresh.code, fresh instanceof RetryableError]).toEqual(['workbook-changing', true]);
  at += 10_000;
  expect(await failure(connector.pull(['T']))).toBeInstanceOf(UnreadableError);
  expect(await failure(push(connector, 'x'))).toBeInstanceOf(UnreadableError);
  writeFileSync(path, Buffer.from('d0cf11e0a1b11ae1', 'hex'));
  expect((await failure(connector.pull(['T']))).code).toBe('encrypted');
  writeFileSync(path, whole);
  expect(await shown(connector)).toBe('卡纸');
  expect(strays()).toEqual([]);
});

test('a signed workbook is read and never written', async () => {
  const plain = await openPackage(readFileSync(path));
  writeFileSync(path, await plain.save(new Map([['_xmlsignatures/sig1.xml', Buffer.from('<s/>')]])));
  const connector = connect();
  expect(await shown(connector)).toBe('卡纸');
  expect((await failure(push(connector, 'x'))).code).toBe('signed');
});

test('the connector is found by its name', async () => {
  const create = await connectors.xlsx?.();
  const connector = create?.({
    place: path,
    backupDir: folder,
    stateDir: folder,
    mode: null,
    publicUrl: null,
    lookEveryMs: null,
    timeZone: 'Asia/Shanghai',
    variables: {},
    inTurn: (_document, work) => work(),
    shared: (_name, make) => make(),
    clock: { now: () => new Date(at) },
    logger: { log: () => {} },
  });
  expect((await connector?.describe())?.tabs).toEqual([{ name: 'T', id: 'T', hidden: false }]);
  await connector?.close();
});

test('LibreOffice as the person: its lock is respected, its save is read, and it shows what was written', async (context) => {
  requireWitness(context, 'office');
  const office = await startOffice();
  try {
    const connector = connect();
    const { version } = await connector.pull(['T']);
    const open = await office.open(path);
    const locked = await failure(connector.push({ version, generation: 1, operations: [write('ours')] }));
    expect(locked.code).toBe('workbook-locked');
    await open.type('T', { B2: '主板烧坏', B3: '7.3' });
    await open.save();
    await open.close();
    expect((await connector.push({ version, generation: 1, operations: [write('ours')] })).outcomes[0]?.status).toBe(
      'stale',
    );
    const after = await connector.pull(['T']);
    expect(after.grids.get('T')?.rows.slice(1)).toEqual([
      ['T-1', '主板烧坏'],
      [null, 7.3],
    ]);
    const operations: Operation[] = [
      write('=1+1', 2, 0),
      {
        kind: 'append',
        tab: 'T',
        cells: [
          { column: 0, value: 'T-2' },
          { column: 1, value: '＋新行' },
        ],
      },
    ];
    const pushed = await connector.push({ version: after.version, generation: 2, operations });
    expect(pushed.outcomes.map((outcome) => outcome.status)).toEqual(['applied', 'applied']);
    expect(await office.read(path, 'T')).toEqual([
      ['编号', '标题'],
      ['T-1', '主板烧坏'],
      ['=1+1', '7.3'],
      ['T-2', '＋新行'],
    ]);
    await office.edit(path, 'T', { B4: '又改' });
    const last = await connector.pull(['T']);
    expect(last.grids.get('T')?.rows[3]?.[1]).toBe('又改');
    expect(last.generation).toBe(2);
    expect(strays()).toEqual([]);
  } finally {
    await office.close();
  }
});
