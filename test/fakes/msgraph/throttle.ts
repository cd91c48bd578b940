/** Refusals that have nothing to do with what was asked: planned failures, throttling, and calls that came too early. */
import { GraphFailure } from './failure.ts';
import type { GraphSwitches, PlannedFailure } from './switches.ts';

const NAMES: Readonly<Record<number, string>> = {
  409: 'Conflict',
  423: 'resourceLocked',
  429: 'TooManyRequests',
  500: 'GenericFileOpenError',
  502: 'BadGateway',
  503: 'ServiceUnavailable',
  504: 'MaxRequestDurationExceeded',
  509: 'BandwidthLimitExceeded',
};
const SECONDS: Readonly<Record<number, string>> = {
  409: 'accessConflict',
  429: 'tooManyRequestsUncategorized',
  500: 'internalServerErrorUncategorized',
  503: 'serviceUnavailableUncategorized',
  504: 'gatewayTimeoutUncategorized',
};

/** The connection is cut. */
export class HangUp extends Error {}

export class Throttle {
  readonly #switches: GraphSwitches;
  #recent: number[] = [];
  #notBefore = Number.NEGATIVE_INFINITY;

  constructor(switches: GraphSwitches) {
    this.#switches = switches;
  }

  /** Throws when this call must not be carried out now. */
  check(now: number): void {
    const { throttle, enforceRetryAfter } = this.#switches;
    if (enforceRetryAfter && now < this.#notBefore) this.#refuse(this.#notBefore - now);
    if (throttle === null) return;
    this.#recent = this.#recent.filter((at) => now - at < throttle.perMs);
    const isOver = this.#recent.length >= throttle.calls;
    // Refused calls count too.
    this.#recent.push(now);
    if (isOver) this.#refuse(throttle.perMs - (now - this.#recent[0]!));
  }

  #refuse(waitMs: number): never {
    throw new GraphFailure(429, 'TooManyRequests', 'Too many requests.', {
      second: SECONDS[429]!,
      retryAfter: (Math.max(waitMs, 1) / 1000).toFixed(3),
    });
  }

  /** Notes a `Retry-After` that was sent. */
  sent(retryAfter: string, now: number): void {
    const seconds = Number(retryAfter);
    this.#notBefore = Number.isNaN(seconds) ? Date.parse(retryAfter) : now + seconds * 1000;
  }

  /** Throws the planned failure that meets this request, if any. */
  planned(when: 'before' | 'after', request: { readonly method: string; readonly path: string }): void {
    const { failures } = this.#switches;
    const index = failures.findIndex(
      (each) => (each.when ?? 'before') === when && (each.matches === undefined || each.matches(request)),
    );
    if (index < 0) return;
    const failure = failures[index]!;
    failure.times = (failure.times ?? 1) - 1;
    if (failure.times <= 0) failures.splice(index, 1);
    throw failure.hangUp === true ? new HangUp() : failureOf(failure);
  }
}

function failureOf({ status, code, second, third, message, retryAfter }: PlannedFailure): GraphFailure {
  const inner = second ?? (code === undefined ? SECONDS[status] : undefined);
  return new GraphFailure(status, code ?? NAMES[status] ?? 'UnknownError', message ?? '', {
    ...(inner === undefined ? {} : { second: inner }),
    ...(third === undefined ? {} : { third }),
    ...(retryAfter === undefined ? {} : { retryAfter }),
  });
}
