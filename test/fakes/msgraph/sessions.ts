/**
 * Workbook sessions: persistent ones write into the file, private ones into a copy that is lost with them. Idle sessions
 * end, and a session lives on one server and dies with it.
 */
import type { File } from './drive.ts';
import { GraphFailure } from './failure.ts';
import type { GraphSwitches } from './switches.ts';
import type { Workbook } from './workbook.ts';

export interface Session {
  readonly id: string;
  readonly file: File;
  readonly isPersistent: boolean;
  /** The copy of a private session. */
  copy: Workbook | null;
  usedAt: number;
}

const gone = (): GraphFailure =>
  new GraphFailure(404, 'InvalidSession', 'The session specified in the request does not exist or is invalid.', {
    second: 'invalidSessionReCreatable',
  });

export class Sessions {
  readonly #open = new Map<string, Session>();
  #count = 0;

  create(file: File, isPersistent: boolean, seen: Workbook, now: number): Session {
    const text = `cluster=EU1&session=16.0.${1000 + ++this.#count}.EU1.A70${this.#count}&usid=7d5f1f9c-${this.#count}`;
    const id = Buffer.from(text.padEnd(180, '#')).toString('base64');
    const session: Session = { id, file, isPersistent, copy: isPersistent ? null : seen.clone(), usedAt: now };
    this.#open.set(id, session);
    return session;
  }

  /** The session of a request; throws what an ended one is answered. */
  use(id: string, file: File, now: number, switches: GraphSwitches): Session {
    const session = this.#open.get(id);
    const idle = session?.isPersistent === false ? switches.privateSessionIdleMs : switches.sessionIdleMs;
    if (session === undefined || session.file !== file || now - session.usedAt >= idle) {
      this.#open.delete(id);
      throw gone();
    }
    if (switches.lostServers > 0) {
      switches.lostServers--;
      this.#open.delete(id);
      throw new GraphFailure(503, 'UnknownError', '');
    }
    session.usedAt = now;
    return session;
  }

  close(id: string): void {
    this.#open.delete(id);
  }

  /** Ends every session of a file, as a replaced file does. */
  end(file: File): void {
    for (const [id, session] of this.#open) if (session.file === file) this.#open.delete(id);
  }

  count(file: File): number {
    return [...this.#open.values()].filter((session) => session.file === file).length;
  }
}
