/** A connector on a sheet of the local Feishu, as tests need it. */
import type { Connector } from '../../connectors/connector.ts';
import { createFeishuConnector } from '../../connectors/feishu.ts';
import type { ConnectorSettings, InTurn, Shared } from '../../connectors/index.ts';
import { AppError } from '../../src/model/errors.ts';
import type { FakeFeishu } from '../fakes/feishu.ts';

export interface Desk {
  readonly lines: string[];
  /** A connector on the document at an address, of a process of its own. */
  connect(address: string, variables?: Readonly<Record<string, string>>): Connector;
  close(): Promise<void>;
}

/** Connectors of one database: they take turns on a document, each with an app of its own. */
export function openDesk(feishu: FakeFeishu, now: () => Date = () => new Date()): Desk {
  const lines: string[] = [];
  const inTurn = turns();
  const opened: { close(): Promise<void> }[] = [];
  return {
    lines,
    connect(address, variables = {}) {
      const made = new Map<string, { close(): Promise<void> }>();
      const shared = ((name, make) => {
        const known = made.get(name) ?? make();
        made.set(name, known);
        opened.push(known);
        return known;
      }) as Shared;
      const settings: ConnectorSettings = {
        place: address,
        backupDir: '/nowhere',
        stateDir: '/nowhere',
        mode: null,
        publicUrl: null,
        lookEveryMs: null,
        timeZone: 'Asia/Shanghai',
        variables: {
          ROWKEEPER_FEISHU_APP_ID: feishu.appId,
          ROWKEEPER_FEISHU_APP_SECRET: feishu.appSecret,
          ROWKEEPER_FEISHU_DOMAIN: feishu.domain,
          ...variables,
        },
        clock: { now },
        logger: { log: (...line) => void lines.push(JSON.stringify(line)) },
        inTurn,
        shared,
      };
      const connector = createFeishuConnector(settings);
      opened.push(connector);
      return connector;
    },
    async close() {
      for (const one of opened.splice(0)) await one.close();
    },
  };
}

/** One after the other on each document. */
function turns(): InTurn {
  const last = new Map<string, Promise<unknown>>();
  return (document, work) => {
    const turn = (last.get(document) ?? Promise.resolve()).then(work, work);
    last.set(
      document,
      turn.catch(() => undefined),
    );
    return turn;
  };
}

/** The expected failure of a call. */
export async function failure(work: Promise<unknown>): Promise<AppError> {
  try {
    await work;
  } catch (error) {
    if (error instanceof AppError) return error;
    throw error;
  }
  throw new Error('expected a failure');
}
