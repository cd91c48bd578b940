/** Looks at a workbook's version, or takes what was seen a moment ago where a look costs a call to somebody's service. */
import type { Connector, Version } from '../../connectors/connector.ts';
import type { Clock } from '../ports.ts';

export interface VersionLook {
  /** The version, at most this many milliseconds old; 0: as it is now. Throws what the connector throws. */
  take(maxAgeMs: number): Promise<Version>;
  /** A read told the version: no older look counts beside it. */
  note(version: Version): void;
  /** When what was taken last was asked for: it may have changed ever since. */
  readonly askedAtMs: number;
  /** What was seen does not count any more. */
  forget(): void;
}

export function createVersionLook(connector: Connector, clock: Clock): VersionLook {
  let seen: { readonly version: Version; readonly atMs: number } | null = null;
  let askedAtMs = 0;
  const now = (): number => clock.now().getTime();
  return {
    async take(maxAgeMs) {
      if (seen !== null && maxAgeMs > 0 && now() - seen.atMs <= maxAgeMs) return seen.version;
      seen = null;
      askedAtMs = now();
      const version = await connector.version();
      seen = { version, atMs: now() };
      return version;
    },
    note(version) {
      seen = { version, atMs: now() };
    },
    get askedAtMs() {
      return askedAtMs;
    },
    forget() {
      seen = null;
    },
  };
}
