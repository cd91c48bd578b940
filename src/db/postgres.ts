/** Postgres behind `Database`, through postgres.js: a pool, sessions in UTC, values as `sql.ts` promises them. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { Stream } from 'node:stream';
import { setImmediate } from 'node:timers/promises';
import { drizzle } from 'drizzle-orm/pg-proxy';
import postgres from 'postgres';
import type { Locale } from '../messages/index.ts';
import { copyPieces, parseCopy } from './copy-text.ts';
import { translating } from './failure.ts';
import { type Database, isoInstant, type Row, type Sql, type Transaction } from './sql.ts';

const asText = (value: unknown): unknown => value;

/** Names that postgres.js knows replace its own handling; numbers are the types' object ids. */
const types = {
  number: { to: 0, from: [20, 21, 23], serialize: String, parse: Number },
  json: { to: 114, from: [114, 3802], serialize: asText, parse: asText },
  date: { to: 1184, from: [1184], serialize: asText, parse: isoInstant },
  day: { to: 1082, from: [1082], serialize: asText, parse: asText },
};

const connectSeconds = 10;

/**
 * The connection for postgres.js, with Nagle's algorithm off. It leaves it on, and the small messages that end a COPY
 * then wait 40 ms for the server's delayed acknowledgement. Of several hosts the first that answers is taken.
 */
async function openSocket(options: {
  readonly path: string | false;
  readonly host: readonly string[];
  readonly port: readonly number[];
}): Promise<Socket> {
  if (options.path) return await connected(connect(options.path));
  const last = options.host.length - 1;
  for (let i = 0; ; i++) {
    const host = options.host[i]!;
    try {
      // postgres.js takes the name for the server's certificate from the socket.
      return Object.assign(await connected(connect({ host, port: options.port[i]!, noDelay: true })), { host });
    } catch (error) {
      if (i === last) throw error;
    }
  }
}

async function connected(socket: Socket): Promise<Socket> {
  const late = (): void => void socket.destroy(Object.assign(new Error('no answer'), { code: 'CONNECT_TIMEOUT' }));
  socket.setTimeout(1000 * connectSeconds, late);
  await once(socket, 'connect');
  socket.setTimeout(0).off('timeout', late);
  return socket;
}

/** A pool of at most `max` connections, opened when first used. */
export function postgresDatabase(url: string, locale: Locale, max = 10): Database {
  const client = postgres(url, {
    max,
    types,
    connect_timeout: connectSeconds,
    onnotice: () => {},
    connection: { application_name: 'rowkeeper', TimeZone: 'UTC' },
    socket: openSocket,
  } as postgres.Options<Record<string, postgres.PostgresType>>) as unknown as postgres.Sql;
  return translating<Database>(
    {
      ...sqlOf(client),
      kind: 'postgres',
      engine: { kind: 'postgres', url },
      async transaction(work) {
        const result = await client.begin(async (tx) => {
          const copying = new Copying();
          const of = await work(translating(transactionOf(tx, copying), locale));
          await copying.done();
          return { of };
        });
        return result.of;
      },
      async close() {
        await client.end({ timeout: 5 });
      },
    },
    locale,
  );
}

function sqlOf(client: postgres.Sql | postgres.TransactionSql): Sql {
  return {
    async query(statement, params = []) {
      return await client.unsafe<Row[]>(statement, [...params], { prepare: true });
    },
    orm: drizzle((statement, params, method) => runOrm(client, statement, params, method)),
    async copyOut(select) {
      const pending = client.unsafe(`copy (${select}) to stdout`);
      watchCopy(pending);
      const stream = await pending.readable();
      const chunks: Buffer[] = [];
      try {
        for await (const chunk of stream) chunks.push(chunk as Buffer);
      } finally {
        // postgres.js pauses the socket when the stream is full and resumes it on the next read. A stream that ends
        // while it is full is never read again: without this the connection would stay silent.
        stream._read(0);
      }
      return parseCopy(Buffer.concat(chunks).toString());
    },
  };
}

async function runOrm(
  client: postgres.Sql | postgres.TransactionSql,
  statement: string,
  params: unknown[],
  method: string,
): Promise<{ rows: unknown[] }> {
  const pending = client.unsafe(statement, params as never[], { prepare: true });
  return { rows: method === 'execute' ? [...(await pending)] : [...(await pending.values())] };
}

/**
 * The COPY a connection is at. What is next is prepared while the server takes in what it was sent, so that an import
 * keeps both busy; nothing else is asked before it has answered.
 */
class Copying {
  #answer: Promise<unknown> = Promise.resolve();

  begin(answer: Promise<unknown>): void {
    this.#answer = answer;
    // Told to whoever asks next, not to nobody.
    answer.catch(() => {});
  }

  /** Throws what the server refused. */
  async done(): Promise<void> {
    await this.#answer;
  }
}

function transactionOf(tx: postgres.TransactionSql, copying: Copying): Transaction {
  const sql = sqlOf(tx);
  return {
    async query(statement, params) {
      await copying.done();
      return await sql.query(statement, params);
    },
    orm: drizzle(async (statement, params, method) => {
      await copying.done();
      return await runOrm(tx, statement, params, method);
    }),
    async copyOut(select) {
      await copying.done();
      return await sql.copyOut(select);
    },
    async copyIn(table, columns, rows) {
      const pieces = copyPieces(rows);
      let piece = pieces.next();
      if (piece.done === true) return;
      await copying.done();
      const pending = tx.unsafe(`copy ${table} (${columns.join()}) from stdin`);
      const refusal = watchCopy(pending);
      const stream = await pending.writable();
      for (; piece.done !== true; piece = pieces.next()) {
        const text = piece.value;
        await new Promise((written) => stream.write(text, written));
      }
      stream.end();
      await setImmediate();
      // Answered after the COPY: it fails in a transaction that a refused COPY has broken.
      const answer = tx.unsafe('select 1').catch((error: unknown) => {
        throw refusal() ?? error;
      });
      copying.begin(answer);
      // On its way before the caller goes on.
      await setImmediate();
    },
  };
}

/**
 * Two gaps in how postgres.js (connection.js: `errored`) reports that a COPY failed. An error in one packet with the
 * answer that the COPY may begin destroys the stream before anybody can listen, which would end the process: so a
 * listener is there from the start. An error after the last byte we sent finds the query settled and is dropped, with
 * the stream left waiting: so it is taken where it arrives, at the query's `reject`, and given to who asks.
 */
function watchCopy(pending: object): () => unknown {
  const query = pending as { resolve(value: unknown): void; reject(error: unknown): void };
  const { resolve, reject } = query;
  let refusal: unknown;
  // Called with the stream, and once more with the result when the COPY is over.
  query.resolve = (value) => {
    if (value instanceof Stream) value.on('error', () => {});
    resolve(value);
  };
  query.reject = (error) => {
    refusal = error;
    reject(error);
  };
  return () => refusal;
}
