/** The connectors by the name `rowkeeper.json` gives them. Each loads when first used. */
import type { Clock, Logger } from '../src/ports.ts';
import type { Connector } from './connector.ts';

/** What a connector is made from; each takes what it needs. */
export interface ConnectorSettings {
  /** Where the workbook is: the absolute path of a file, or the address people open it under. */
  readonly place: string;
  /** Where old contents of the workbook are kept. */
  readonly backupDir: string;
  /** Where a platform's sign-in is remembered between runs; nobody but the owner may read what is put there. */
  readonly stateDir: string;
  /** How a workbook that can be worked on in several ways is worked on, as the settings say; null: as it turns out to be possible. */
  readonly mode: 'workbook' | 'file' | null;
  /** How far apart looks at the unchanged workbook are to be; null: as the connector thinks right. */
  readonly lookEveryMs: number | null;
  /** IANA zone of the wall clock people read in the workbook. */
  readonly timeZone: string;
  /** The environment, for secrets and the addresses of vendors. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  /** Address of the pages on the internet, for platforms that call back; null: they have none. */
  readonly publicUrl: string | null;
  readonly clock: Clock;
  readonly logger: Logger;
  /**
   * Runs work that must not overlap with other work on the same document, in this process or in another one on the same
   * database; in the order of asking within a process.
   */
  readonly inTurn: InTurn;
  /** What several of a process share (an app's token, its line for events): made once, closed at the end. */
  readonly shared: Shared;
}

export type InTurn = <T>(document: string, work: () => Promise<T>) => Promise<T>;

export type Shared = <T extends { close(): Promise<void> }>(name: string, make: () => T) => T;

/** What those who speak to platforms share within a process, made when first asked for. */
export function createShared(): { readonly of: Shared; close(): Promise<void> } {
  const made = new Map<string, { close(): Promise<void> }>();
  return {
    of: (name, make) => {
      const known = made.get(name) as ReturnType<typeof make> | undefined;
      if (known !== undefined) return known;
      const fresh = make();
      made.set(name, fresh);
      return fresh;
    },
    async close() {
      // What was made last leans on what was made first: notices on the app that takes them back.
      for (const each of [...made.values()].reverse()) await each.close();
    },
  };
}

export type CreateConnector = (settings: ConnectorSettings) => Connector;

/** What a new workbook is made from on a platform that keeps workbooks itself. */
export interface NewWorkbook {
  readonly title: string;
  /** Name for the blank tab the platform puts into it, where it does: the first one that will be laid out. */
  readonly firstTab: string;
  /** Draws the workbook as an .xlsx file with all its tabs, for platforms that take files. */
  readonly file: () => Promise<Uint8Array>;
  /** Folder of the platform it is made in; null: where the platform puts such things. */
  readonly folder: string | null;
  /** Who is to manage it, by mail address or mobile number; null: nobody is asked in. */
  readonly manager: string | null;
}

export interface MadeWorkbook {
  /** What people open it under. */
  readonly address: string;
  /** The file was taken: its tabs are there, with everything a file can have. Else they are still to be laid out. */
  readonly hasTabs: boolean;
}

/** Makes a workbook. Throws what the platform says; then there is none. */
export type MakeWorkbook = (
  settings: Pick<ConnectorSettings, 'variables' | 'stateDir' | 'clock' | 'logger' | 'shared'>,
  workbook: NewWorkbook,
) => Promise<MadeWorkbook>;

export const connectors: Readonly<Record<string, () => Promise<CreateConnector>>> = {
  bitable: async () => {
    const { createBitableConnector } = await import('./bitable.ts');
    return createBitableConnector;
  },
  feishu: async () => {
    const { createFeishuConnector } = await import('./feishu.ts');
    return createFeishuConnector;
  },
  memory: async () => {
    const { createMemoryConnector, MemoryWorkbook } = await import('./memory.ts');
    return () => createMemoryConnector(new MemoryWorkbook());
  },
  msgraph: async () => (await import('./msgraph.ts')).createMsgraphConnector,
  xlsx: async () => {
    const { createXlsxConnector } = await import('./xlsx.ts');
    return ({ place, backupDir, clock, logger }) => createXlsxConnector({ path: place, backupDir, clock, logger });
  },
};

/** Platforms on which the service can make workbooks itself. */
export const workbookMakers: Readonly<Record<string, () => Promise<MakeWorkbook>>> = {
  feishu: async () => (await import('./feishu/make.ts')).makeSpreadsheet,
  bitable: async () => (await import('./feishu/make.ts')).makeBase,
  msgraph: async () => (await import('./msgraph/make.ts')).makeMsgraphWorkbook,
};
