/**
 * Who may come in. From this machine everybody, because whoever sits here can open the files too; from anywhere else
 * only with a pass, which a link brings and a cookie keeps.
 */
import type { Context } from 'hono';
import { deleteCookie, getCookie, setCookie } from 'hono/cookie';
import { keyOf, type Pass, readPass } from '../app/access.ts';
import type { App } from '../app.ts';
import { type Locale, say } from '../messages/index.ts';
import { AuthError } from '../model/errors.ts';
import { type Hosts, isSecure, reachedBy } from './http.ts';

const COOKIE = 'rowkeeper_pass';
const TRIES = 20;
const TRIES_WITHIN_MS = 60_000;
const MOST_ADDRESSES = 1_000;

export interface Gate {
  /** What the caller may see. Throws `AuthError`: `foreign-host`, `no-pass`, `too-many-tries`. */
  enter(context: Context, locale: Locale): Promise<Pass>;
  /** Takes the pass of a link into a cookie. Throws as `enter` does. */
  takePass(context: Context, text: string, locale: Locale): Promise<void>;
}

/** `addressOf` tells where a request comes from, to count wrong passes by. */
export function createGate(app: App, hosts: Hosts, addressOf: (context: Context) => string): Gate {
  const wrong = new Map<string, { count: number; since: number }>();
  const now = (): number => app.clock.now().getTime();

  function refuse(code: 'foreign-host' | 'no-pass' | 'too-many-tries', locale: Locale): never {
    throw new AuthError(code, say(locale, `web-${code}`), { hint: say(locale, `web-${code}-hint`) });
  }

  function checkTries(address: string, locale: Locale): void {
    const tries = wrong.get(address);
    if (tries === undefined || now() - tries.since > TRIES_WITHIN_MS) wrong.delete(address);
    else if (tries.count >= TRIES) refuse('too-many-tries', locale);
  }

  function countWrong(address: string): void {
    const tries = wrong.get(address) ?? { count: 0, since: now() };
    tries.count++;
    wrong.delete(address);
    wrong.set(address, tries);
    if (wrong.size > MOST_ADDRESSES) wrong.delete(wrong.keys().next().value!);
  }

  async function passOf(context: Context, text: string, locale: Locale): Promise<Pass> {
    const pass = await readPass(text, await keyOf(app), now());
    if (pass !== null) return pass;
    countWrong(addressOf(context));
    return refuse('no-pass', locale);
  }

  return {
    async enter(context, locale) {
      const by = reachedBy(context.req.raw, hosts);
      if (by === 'foreign') refuse('foreign-host', locale);
      if (by === 'local') return { role: 'admin', name: null, filter: {}, expiresAt: Number.POSITIVE_INFINITY };
      const text = getCookie(context, COOKIE);
      if (text === undefined || text === '') refuse('no-pass', locale);
      try {
        return await passOf(context, text, locale);
      } catch (error) {
        // A pass that is out of date is not to be shown again and again, as if somebody guessed.
        deleteCookie(context, COOKIE, { path: '/' });
        throw error;
      }
    },
    async takePass(context, text, locale) {
      if (reachedBy(context.req.raw, hosts) === 'foreign') refuse('foreign-host', locale);
      checkTries(addressOf(context), locale);
      const { expiresAt } = await passOf(context, text, locale);
      setCookie(context, COOKIE, text, {
        path: '/',
        httpOnly: true,
        sameSite: 'Lax',
        secure: isSecure(context.req.raw, hosts),
        // Browsers keep no cookie for longer.
        maxAge: Math.min(Math.floor((expiresAt - now()) / 1000), 400 * 86_400),
      });
    },
  };
}
