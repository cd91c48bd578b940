/** What can go wrong at a call, and the deaths that go with it. */

/** The process died here: thrown at a call, and at every later call of the same incarnation. */
export class Crash extends Error {
  constructor(place: string) {
    super(`the process died at ${place}`);
    this.name = 'Crash';
  }
}

/**
 * Calls that can be struck. `push pull version`: the connector. `read`: a load outside a transaction. `commit`: a whole
 * transaction. `inside`: a call inside one.
 */
export type FaultLabel = 'push' | 'pull' | 'version' | 'read' | 'commit' | 'inside';

interface FaultKind {
  readonly at: FaultLabel;
  readonly onWrite: boolean;
}

const write = (at: FaultLabel): FaultKind => ({ at, onWrite: true });
const other = (at: FaultLabel): FaultKind => ({ at, onWrite: false });

export const FAULTS = {
  'push:refused': write('push'),
  'push:stale': write('push'),
  'push:unknown-before': write('push'),
  'push:unknown-after': write('push'),
  'push:crash-before': write('push'),
  'push:crash-after': write('push'),
  'push:slow': write('push'),
  'pull:torn': other('pull'),
  'pull:refused': other('pull'),
  'pull:crash': other('pull'),
  'pull:slow': other('pull'),
  'version:refused': other('version'),
  'version:crash': other('version'),
  'read:lost': other('read'),
  'read:crash': other('read'),
  'commit:serialization': write('commit'),
  'commit:lost-before': write('commit'),
  'commit:lost-reply': write('commit'),
  'commit:crash-before': write('commit'),
  'commit:crash-after': write('commit'),
  'inside:crash': other('inside'),
  'inside:serialization': other('inside'),
} as const satisfies Record<string, FaultKind>;

/** What can go wrong where a push is several requests to a platform: `push` is then one of them. */
export const ONLINE_FAULTS = {
  'push:refused': write('push'),
  'push:lost': write('push'),
  'push:unanswered': write('push'),
  'push:late': write('push'),
  'push:dropped': write('push'),
  'push:crash-before': write('push'),
  'push:crash-after': write('push'),
  'push:slow': write('push'),
  'pull:stale': other('pull'),
  'pull:refused': other('pull'),
  'pull:crash': other('pull'),
  'pull:slow': other('pull'),
  'version:refused': other('version'),
  'version:crash': other('version'),
  'read:lost': other('read'),
  'read:crash': other('read'),
  'commit:serialization': write('commit'),
  'commit:lost-before': write('commit'),
  'commit:lost-reply': write('commit'),
  'commit:crash-before': write('commit'),
  'commit:crash-after': write('commit'),
  'inside:crash': other('inside'),
  'inside:serialization': other('inside'),
} as const satisfies Record<string, FaultKind>;

export type FaultName = keyof typeof FAULTS | keyof typeof ONLINE_FAULTS;
