/**
 * Where an operation runs: in this process, on a database it opens itself, or in the service that already holds the
 * embedded database. The caller need not know.
 */
import type { Operation } from '../app/operation.ts';
import { ReportedError } from '../app/report.ts';
import type { WorkspaceFolder } from '../config/folder.ts';
import { type ControlReply, type ControlRequest, callControl } from '../control.ts';
import { connectToOwner, type EmbeddedOwner, embeddedOwner } from '../db/embedded-lock.ts';
import { RefusedError } from '../model/errors.ts';
import { openApp } from '../node.ts';
import type { Shell } from './shell.ts';

/** Runs one operation of the app wherever its database is. */
export async function reach<Input, Result>(
  shell: Shell,
  folder: WorkspaceFolder,
  operation: Operation<Input, Result>,
  input: Input,
  share?: (done: number) => void,
): Promise<Result> {
  let app: Awaited<ReturnType<typeof openApp>>;
  try {
    app = await openApp(folder, shell.environment, shell.io.now, (text) => shell.io.err(`${text}\n`));
  } catch (refused) {
    const reply = refused instanceof RefusedError ? await ask(folder, { name: operation.name, input }) : null;
    // Nobody who knows the token answers: what refused us is no service of this workspace.
    if (reply === null) throw refused;
    if (!reply.ok) throw new ReportedError(reply.error);
    return reply.result as Result;
  }
  try {
    return await operation.run(app, input, share);
  } finally {
    await app.close();
  }
}

async function ask(folder: WorkspaceFolder, request: ControlRequest): Promise<ControlReply | null> {
  const owner = await ownerOf(folder);
  const socket = folder.database.kind === 'embedded' ? await connectToOwner(folder.database.dir) : null;
  return owner === null || socket === null ? null : await callControl(socket, owner.token, request);
}

/** Who holds the embedded database of a workspace, as far as this user may know; null when nobody does. */
export async function ownerOf(folder: WorkspaceFolder): Promise<EmbeddedOwner | null> {
  return folder.database.kind === 'embedded' ? await embeddedOwner(folder.database.dir) : null;
}
