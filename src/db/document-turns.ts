/**
 * One piece of work at a time on a document, whoever asks: within this process in the order of asking, and against other
 * processes by an advisory lock of the database they share, which a process that dies lets go. For platforms that take
 * writes to one document only one after the other.
 */
import type { Database } from './sql.ts';

/** Says who is next for a document; documents do not wait for each other. */
export function createDocumentTurns(db: Database): <T>(document: string, work: () => Promise<T>) => Promise<T> {
  const last = new Map<string, Promise<unknown>>();
  return async (document, work) => {
    const before = last.get(document) ?? Promise.resolve();
    const mine = before.then(
      () => alone(db, document, work),
      () => alone(db, document, work),
    );
    last.set(document, mine);
    try {
      return await mine;
    } finally {
      if (last.get(document) === mine) last.delete(document);
    }
  };
}

async function alone<T>(db: Database, document: string, work: () => Promise<T>): Promise<T> {
  // The embedded database has one process, and one connection that must not be held while a remote service thinks.
  if (db.kind !== 'postgres') return await work();
  return await db.transaction(async (tx) => {
    await tx.query('select pg_advisory_xact_lock(hashtextextended($1, 7201))', [document]);
    return await work();
  });
}
