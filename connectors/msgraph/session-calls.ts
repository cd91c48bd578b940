/**
 * The calls of an upload session over the shared client: one with the token that asks for the session, the others to the
 * address it hands out. The one rule: no token goes to that address (sent along, it is answered 401).
 */
import { Buffer } from 'node:buffer';
import type { GraphApp, GraphCall, HandedReply } from './app.ts';
import type { GraphReply } from './reply.ts';
import type { UploadCalls } from './upload.ts';

/** Asks for a session that replaces the file at `path`, if it still has this tag. A session alone changes nothing. */
export function sessionCall(path: string, eTag: string): GraphCall {
  return {
    method: 'POST',
    path: `${path}/createUploadSession`,
    headers: { 'If-Match': eTag },
    body: { item: { '@microsoft.graph.conflictBehavior': 'replace' }, deferCommit: false },
    writes: false,
  };
}

/** Those of `UploadCalls` that are the network's. */
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
