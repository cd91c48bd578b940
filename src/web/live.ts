/** Open pages that want to hear when figures change. Nothing about a figure is told here: a page asks for what it may see. */

export interface Listener {
  /** Figures changed; instants are milliseconds since 1970 in UTC. */
  changed(at: number): void;
  /** Nothing changed; the line is alive. */
  beat(): void;
  end(): void;
}

export interface Live {
  /** Null when there are too many already, or none are taken any more. The answer ends the listening. */
  listen(listener: Listener): (() => void) | null;
  readonly listeners: number;
  changed(at: number): void;
  beat(): void;
  /** Ends all listening; nobody is taken after that. Safe twice. */
  close(): void;
}

const MOST_LISTENERS = 500;

export function createLive(): Live {
  const all = new Set<Listener>();
  let isClosed = false;
  return {
    listen(listener) {
      if (isClosed || all.size >= MOST_LISTENERS) return null;
      all.add(listener);
      return () => all.delete(listener);
    },
    get listeners() {
      return all.size;
    },
    changed(at) {
      for (const listener of all) listener.changed(at);
    },
    beat() {
      for (const listener of all) listener.beat();
    },
    close() {
      isClosed = true;
      for (const listener of all) listener.end();
      all.clear();
    },
  };
}
