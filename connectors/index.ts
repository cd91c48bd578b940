/** The connectors by the name `rowkeeper.json` gives them. Each loads when first used. */
import type { Clock, Logger } from '../src/ports.ts';
import type { Connector } from './connector.ts';

/** What a connector is made from; each takes what it needs. */
export interface ConnectorSettings {
  /** Where the workbook is: the absolute path of a file, or the address people open it under. */
  readonly place: string;
  /** Where old contents of the workbook are kept. */
  readonly backupDir: string;
  /** IANA zone of the wall clock people read in the workbook. */
  readonly timeZone: string;
  /** The environment, for secrets and the addresses of vendors. */
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly logger: Logger;
  /**
   * Runs work that must not overlap with other work on the same document, in this process or in another one on the same
   * database; in the order of asking within a process.
   */
  readonly inTurn: InTurn;
  /** What several connectors of a process share (an app's token, its line for events): made once, closed at the end. */
  readonly shared: Shared;
}

export type InTurn = <T>(document: string, work: () => Promise<T>) => Promise<T>;

export type Shared = <T extends { close(): Promise<void> }>(name: string, make: () => T) => T;

export type CreateConnector = (settings: ConnectorSettings) => Connector;

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
  xlsx: async () => {
    const { createXlsxConnector } = await import('./xlsx.ts');
    return ({ place, backupDir, clock, logger }) => createXlsxConnector({ path: place, backupDir, clock, logger });
  },
};
