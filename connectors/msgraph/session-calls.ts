/**
 * The calls of an upload session over the shared client: one with the token that asks for the session, the others to the
 * address it hands out. The one rule: no token goes to that address (sent along, it is answered 401).
 */
import { Buffer } from 'node:buffer';
import type { GraphApp, GraphCall, HandedReply } from './app.ts';
import type { GraphReply } from './reply.ts';
import type { UploadCalls } from './upload.ts';

/** `path`: where the session is asked for; `ifMatch`: the tag the file must have, null for a new file. */
export interface SessionRequest {
  readonly path: string;
  readonly ifMatch: string | null;
  /** What becomes of a file of the same name. */
  readonly conflict: 'replace' | 'rename';
}

/** The call that asks for a session. A session alone changes nothing. */
export function sessionCall({ path, ifMatch, conflict }: SessionRequest): GraphCall {
  return {
    method: 'POST',
    path,
    ...(ifMatch === null ? {} : { headers: { 'If-Match': ifMatch } }),
    body: { item: { '@microsoft.graph.conflictBehavior': conflict }, deferCommit: false },
    writes: false,
  };
}

/** Both halves of `UploadCalls` that are the network's. */
export function sessionCalls(
  app: Pick<GraphApp, 'ask' | 'askHanded'>,
  create: GraphCall,
): Pick<UploadCalls, 'createSession' | 'toSession'> {
  return {
    createSession: () => app.ask(create),
    toSession: async (url, call) => asGraphReply(await app.askHanded({ ...call, url, writes: call.method === 'PUT' })),
  };
}

function asGraphReply({ status, headers, bytes }: HandedReply): GraphReply {
  try {
    return { status, headers, body: bytes.length === 0 ? null : JSON.parse(Buffer.from(bytes).toString('utf8')) };
  } catch {
    return { status, headers, body: null };
  }
}
