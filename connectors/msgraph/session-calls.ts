/**
 * The calls of an upload session over the shared client: one with the token that asks for the session, the others to the
 * address it hands out. The one rule: no token goes to that address (sent along, it is answered 401).
 */
import { type GraphApp, type GraphCall, graphReplyOf } from './app.ts';
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
    toSession: async (url, call) => graphReplyOf(await app.askHanded({ ...call, url, writes: call.method === 'PUT' })),
  };
}
