/** Looks at a workbook's version, or takes what was seen a moment ago where a look costs a call to somebody's service. */
import type { Connector } from '../../connectors/connector.ts';
import type { Clock } from '../ports.ts';

export interface VersionLook {
  /** The version, at most this many milliseconds old; null when it cannot be had now. */
  take(maxAgeMs: number): Promise<string | null>;
  /** What was seen does not count any more. */
  forget(): void;
}

export function createVersionLook(connector: Connector, clock: Clock): VersionLook {
  let seen: { readonly version: string; readonly atMs: number } | null = null;
  return {
    async take(maxAgeMs) {
      const nowMs = clock.now().getTime();
      if (seen !== null && maxAgeMs > 0 && nowMs - seen.atMs < maxAgeMs) return seen.version;
      try {
        seen = { version: await connector.version(), atMs: nowMs };
        return seen.version;
      } catch {
        seen = null;
        return null;
      }
    },
    forget() {
      seen = null;
    },
  };
}
