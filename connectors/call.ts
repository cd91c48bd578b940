/**
 * What every connector needs that calls a service over the network: what it means that no reply came, and time that passes.
 * The vendors' own words, codes and texts are not here.
 */
import type { Timers } from '../src/ports.ts';

/** The connection was never made: the request cannot have arrived. */
const neverSent: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
]);
/** A certificate that is not valid now, or from nobody we trust: a wrong clock, or somebody in between. */
const badCertificate = /^(CERT_|ERR_TLS_CERT|DEPTH_ZERO_|SELF_SIGNED_|UNABLE_TO_)/;

/**
 * Why no reply came. `certificate` and `unreachable`: the request cannot have arrived; `silent`: it may have. `code`: of the
 * system's error, or its name. `syscall`: of the system's error, where the one given only wraps it.
 */
export function silenceOf(code: string, syscall: unknown): 'certificate' | 'unreachable' | 'silent' {
  if (badCertificate.test(code)) return 'certificate';
  return neverSent.has(code) || syscall === 'connect' ? 'unreachable' : 'silent';
}

export const wallTimers: Timers = {
  after(ms, work) {
    const timer = setTimeout(work, ms);
    timer.unref();
    return () => clearTimeout(timer);
  },
};
