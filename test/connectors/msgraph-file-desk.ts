/** A desk for tests of Excel Online in file mode: a local Graph without the workbook API, an app that speaks for itself, files. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { Connector, Operation, Outcome } from '../../connectors/connector.ts';
import { connectors, type InTurn } from '../../connectors/index.ts';
import { createMsgraphApp, type GraphApp } from '../../connectors/msgraph/app.ts';
import { clouds } from '../../connectors/msgraph/clouds.ts';
import { createFileMode, type FileMode, type FileModeOptions } from '../../connectors/msgraph/file-mode.ts';
import type { CellInput, CellValue } from '../../src/model/cell.ts';
import { AppError } from '../../src/model/errors.ts';
import { type FakeFile, type FakeGraph, type GraphRequest, startGraph } from '../fakes/msgraph.ts';
import { madeWorkbook, type PersonTab, withTyped } from '../fakes/person-saves.ts';

const START = Date.UTC(2026, 2, 10, 3, 30);
const TICKETS: PersonTab = {
  name: 'T',
  rows: [
    ['编号', '标题'],
    ['T-1', '卡纸'],
  ],
};

/** A request in a word: `item` for the file's description. */
export function short({ method, path, status }: GraphRequest): string {
  const part = /_upload|_download|createUploadSession$|content$/.exec(path)?.[0];
  return `${method} ${part ?? (path.includes('/items/') ? 'item' : 'other')} ${status}`;
}

export class FileDesk {
  readonly graph: FakeGraph;
  readonly folder: string;
  readonly backupDir: string;
  readonly app: GraphApp;
  at = START;
  readonly lines: string[] = [];
  readonly #opened: { close(): Promise<void> }[] = [];
  readonly #last = new Map<string, Promise<unknown>>();
  #files = 0;

  private constructor(graph: FakeGraph) {
    this.graph = graph;
    this.folder = mkdtempSync(join(tmpdir(), 'rowkeeper-msgraph-file-'));
    this.backupDir = join(this.folder, 'backups');
    this.app = createMsgraphApp({
      cloud: { ...clouds.china, root: graph.root, authority: graph.authority },
      isOwnAuthority: true,
      tenantId: graph.tenantId,
      clientId: graph.clientId,
      clientSecret: graph.clientSecret,
      stateDir: this.folder,
      certificate: graph.certificate,
      ...this.world,
    });
  }

  static async open(): Promise<FileDesk> {
    let desk: FileDesk | null = null;
    const graph = await startGraph({ now: () => new Date(desk?.at ?? START), switches: { cloud: 'china' } });
    desk = new FileDesk(graph);
    return desk;
  }

  get world() {
    return {
      clock: { now: () => new Date(this.at) },
      logger: { log: (...line: unknown[]) => void this.lines.push(JSON.stringify(line)) },
    };
  }

  /** Turns as the service takes them. */
  readonly inTurn: InTurn = (document, work) => {
    const done = (this.#last.get(document) ?? Promise.resolve()).then(work, work);
    this.#last.set(
      document,
      done.catch(() => undefined),
    );
    return done;
  };

  async file(tabs: readonly PersonTab[] = [TICKETS]): Promise<FakeFile> {
    const file = this.graph.addFile(`售后 工单 ${++this.#files}.xlsx`, { bytes: await madeWorkbook(tabs) });
    await this.graph.ready();
    return file;
  }

  /** Through the front door, as the service opens a workbook. */
  async connect(file: FakeFile): Promise<Connector> {
    const { graph, folder, backupDir, inTurn } = this;
    const create = await connectors.msgraph!();
    const connector = create({
      place: file.webUrl,
      mode: null,
      backupDir,
      stateDir: folder,
      lookEveryMs: null,
      publicUrl: null,
      timeZone: 'Asia/Shanghai',
      variables: {
        ROWKEEPER_MSGRAPH_TENANT_ID: graph.tenantId,
        ROWKEEPER_MSGRAPH_CLIENT_ID: graph.clientId,
        ROWKEEPER_MSGRAPH_CLOUD: 'china',
      },
      inTurn,
      shared: <T>() => this.app as T,
      ...this.world,
    });
    this.#opened.push(connector);
    return connector;
  }

  /** File mode by itself, with knobs. */
  mode(file: FakeFile, options: Partial<FileModeOptions> = {}): FileMode {
    const { driveId, itemId, name } = file;
    const { app, backupDir, inTurn } = this;
    const mode = createFileMode({ app, driveId, itemId, name, backupDir, inTurn, ...this.world, ...options });
    this.#opened.push(mode);
    return mode;
  }

  /** What was asked about files while `work` ran; signing in left out. */
  async asked(work: () => Promise<unknown>): Promise<readonly string[]> {
    const before = this.graph.requests.length;
    await work();
    const asked = this.graph.requests.slice(before).map(short);
    return asked.filter((call) => !call.includes('other'));
  }

  async close(): Promise<void> {
    await Promise.all(this.#opened.splice(0).map((each) => each.close()));
    await this.app.close();
    await this.graph.close();
    rmSync(this.folder, { recursive: true, force: true });
    expect(this.graph.undocumented).toEqual([]);
    // An address that was handed out is its own key.
    const handed = this.graph.requests.filter(({ path }) => /^\/_(upload|download)/.test(path));
    expect(handed.filter(({ headers }) => headers.authorization !== undefined)).toEqual([]);
  }
}

/** A person saves B2, and what stands below and beside stays. */
export async function saves(file: FakeFile, value: CellInput, editor?: string): Promise<void> {
  await file.upload(await withTyped(await file.download(), 'T', [{ row: 1, column: 1, value }]), editor);
}

export const write = (value: CellInput, row = 1, column = 1): Operation => ({
  kind: 'cell',
  tab: 'T',
  row,
  column,
  value,
});

let generation = 0;

/** Pushes B2 for the version that stands now. */
export async function push(mode: FileMode, value: CellInput, version?: string): Promise<readonly Outcome['status'][]> {
  const known = version ?? (await mode.version());
  const pushed = await mode.push({ version: known, generation: ++generation, operations: [write(value)] });
  return pushed.outcomes.map(({ status }) => status);
}

/** What B2 shows. */
export async function shown(mode: FileMode): Promise<CellValue | undefined> {
  return (await mode.pull(['T'])).grids.get('T')?.rows[1]?.[1];
}

/** What B2 of the file itself shows, without the connector under test. */
export async function stands(desk: FileDesk, file: FakeFile): Promise<CellValue | undefined> {
  return shown(desk.mode(file));
}

export async function failure(work: Promise<unknown>): Promise<AppError> {
  const error = await work.then(
    () => null,
    (thrown) => thrown,
  );
  expect(error).toBeInstanceOf(AppError);
  return error;
}
