/**
 * The tenant token of one app, for all in this process that speak as it: asked for once however many callers wait, kept until
 * shortly before it dies, and dropped early when a call shows that it is dead. The one rule: a caller drops only the token
 * it used, so that a late failure never throws away the fresh one another caller has fetched.
 */
import type { Shared } from '../index.ts';

export interface FreshToken {
  readonly token: string;
  readonly livesSeconds: number;
}

/** How somebody asks for a token: with his own transport, and telling failures in his own way. */
export interface TokenAsker {
  /** The same for all whose failures are told alike; they share a failure too. */
  readonly by: object;
  ask(): Promise<FreshToken>;
  now(): Date;
}

export interface Tokens {
  /** A token that should live; asks for one when there is none. Throws what `ask` throws. */
  current(asker: TokenAsker): Promise<string>;
  /** This very token is dead, whatever its life was said to be. */
  drop(token: string): void;
  close(): Promise<void>;
}

/**
 * A token is given up this long before its end: inside its last 30 minutes the vendor hands out a new one while the old
 * one still lives (auth-v3/tenant_access_token_internal), so calls under way are not cut off.
 */
const MARGIN_SECONDS = 600;

/** The tokens of an app on a platform; the same for everybody in the process. `address`: any of the platform's API. */
export function sharedTokens(shared: Shared, address: string, appId: string): Tokens {
  return shared(`feishu token ${new URL(address).origin} ${appId}`, createTokens);
}

export function createTokens(): Tokens {
  let held: { readonly token: string; readonly from: number; readonly until: number } | null = null;
  let asking: { readonly by: object; readonly token: Promise<string> } | null = null;

  async function refresh({ ask, now }: TokenAsker): Promise<string> {
    const { token, livesSeconds } = await ask();
    const from = now().getTime();
    held = { token, from, until: from + (livesSeconds - Math.min(MARGIN_SECONDS, livesSeconds / 2)) * 1_000 };
    return token;
  }

  return {
    async current(asker) {
      for (;;) {
        const now = asker.now().getTime();
        // A clock that was set back makes no token live longer.
        if (held !== null && now >= held.from && now < held.until) return held.token;
        asking ??= {
          by: asker.by,
          token: refresh(asker).finally(() => {
            asking = null;
          }),
        };
        const { by, token } = asking;
        if (by === asker.by) return await token;
        // What befell somebody else is not for us to tell: where he got none, we ask ourselves.
        const got = await token.catch(() => null);
        if (got !== null) return got;
      }
    },
    drop(token) {
      if (held?.token === token) held = null;
    },
    async close() {},
  };
}
