/**
 * The app's tenant token: asked for once however many callers wait, kept until shortly before it dies, and dropped early
 * when a call shows that it is dead. The one rule: a caller drops only the token it used, so that a late failure never
 * throws away the fresh one another caller has fetched.
 */
import type { Clock } from '../../src/ports.ts';

export interface FreshToken {
  readonly token: string;
  readonly livesSeconds: number;
}

export interface Tokens {
  /** A token that should live; asks for one when there is none. */
  current(): Promise<string>;
  /** This very token is dead, whatever its life was said to be. */
  drop(token: string): void;
}

/**
 * A token is given up this long before its end: inside its last 30 minutes the vendor hands out a new one while the old
 * one still lives (auth-v3/tenant_access_token_internal), so calls under way are not cut off.
 */
const MARGIN_SECONDS = 600;

/** `ask` fetches a token from the vendor; its failure reaches everybody who waits, and is not kept. */
export function createTokens(ask: () => Promise<FreshToken>, clock: Clock): Tokens {
  let held: { readonly token: string; readonly from: number; readonly until: number } | null = null;
  let asking: Promise<string> | null = null;

  async function refresh(): Promise<string> {
    const { token, livesSeconds } = await ask();
    const now = clock.now().getTime();
    held = { token, from: now, until: now + (livesSeconds - Math.min(MARGIN_SECONDS, livesSeconds / 2)) * 1_000 };
    return token;
  }

  return {
    async current() {
      const now = clock.now().getTime();
      // A clock that was set back makes no token live longer.
      if (held !== null && now >= held.from && now < held.until) return held.token;
      asking ??= refresh().finally(() => {
        asking = null;
      });
      return asking;
    },
    drop(token) {
      if (held?.token === token) held = null;
    },
  };
}
