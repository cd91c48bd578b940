/** The connectors by the name `rowkeeper.json` gives them. Each loads when first used. */
import type { Clock, Logger } from '../src/ports.ts';
import type { Connector } from './connector.ts';

/** What a connector is made from; each takes what it needs. */
export interface ConnectorSettings {
  readonly path: string;
  /** Where old contents of the workbook are kept. */
  readonly backupDir: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

export type CreateConnector = (settings: ConnectorSettings) => Connector;

export const connectors: Readonly<Record<string, () => Promise<CreateConnector>>> = {
  memory: async () => {
    const { createMemoryConnector, MemoryWorkbook } = await import('./memory.ts');
    return () => createMemoryConnector(new MemoryWorkbook());
  },
  xlsx: async () => (await import('./xlsx.ts')).createXlsxConnector,
};
