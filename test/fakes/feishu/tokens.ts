/** Tenant tokens: handed out again while they live long, two at a time near the end, and dead before their time when told. */
import { type Call, Plain, Refusal, type Route } from './call.ts';
import type { World } from './world.ts';

const LIFE_MS = 7_200_000;
/** With less life left than this a new token is handed out; the old one lives on to its end. */
const RENEW_MS = 1_800_000;

export interface Tokens {
  readonly routes: readonly Route[];
  /** @throws Refusal as the gateway does. */
  check(authorization: string | undefined): void;
  /** All tokens are dead from now on, whatever was said of their life. */
  kill(): void;
}

export function tokens(world: World, appSecret: string): Tokens {
  const alive = new Map<string, number>();
  let current: string | null = null;

  function issue(call: Call): Plain {
    const { app_id: appId, app_secret: secret } = call.body ?? {};
    if (typeof appId !== 'string' || typeof secret !== 'string') {
      return new Plain({ code: 10003, msg: 'invalid param' }, { status: 400 });
    }
    // What the other domain answers too: an app exists on one of them only.
    if (appId !== world.appId) return new Plain({ code: 10003, msg: 'invalid app_id' }, { status: 400 });
    if (secret !== appSecret) return new Plain({ code: 10014, msg: 'app secret invalid' }, { status: 400 });
    const now = world.now().getTime();
    if (current === null || (alive.get(current) ?? 0) - now < RENEW_MS) {
      current = `t-${world.newId(30)}`;
      alive.set(current, now + LIFE_MS);
    }
    const expire = Math.floor(((alive.get(current) as number) - now) / 1000);
    return new Plain({ code: 0, msg: 'ok', tenant_access_token: current, expire });
  }

  return {
    routes: [{ method: 'POST', path: '/open-apis/auth/v3/tenant_access_token/internal', isOpen: true, handle: issue }],
    check(authorization) {
      const token = /^Bearer (.+)$/.exec(authorization ?? '')?.[1];
      const status = { status: world.switches.deadTokenStatus };
      if (token === undefined) throw new Refusal(99991661, 'Missing access token for authorization.', { status: 400 });
      if (!/^[tu]-/.test(token)) throw new Refusal(99991671, 'Invalid access token format.', { status: 400 });
      const until = alive.get(token);
      if (until === undefined || until <= world.now().getTime()) {
        throw new Refusal(
          99991663,
          'Invalid access token for authorization. Please make a request with token attached.',
          status,
        );
      }
    },
    kill() {
      alive.clear();
      current = null;
    },
  };
}
