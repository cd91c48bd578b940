/** `dashboard link` and `dashboard revoke`: who may see the pages from elsewhere. */
import { z } from 'zod';
import type { App } from '../app.ts';
import { nextGeneration, webAddress } from '../db/web-access.ts';
import type { Filter } from '../kpi/query.ts';
import { say } from '../messages/index.ts';
import { InputError } from '../model/errors.ts';
import { keyOf, longestPass, type Role, roles, signPass } from './access.ts';
import { readFilter } from './filter.ts';
import { operation } from './operation.ts';

export interface DashboardLink {
  readonly url: string;
  readonly role: Role;
  readonly name: string | null;
  readonly filter: Filter;
  /** ISO 8601 in UTC. */
  readonly expires_at: string;
}

/** Makes a link. Throws `InputError`: `dashboard-no-web`, `dashboard-bad-filter`, `dashboard-admin-filter`, `web-name`. */
export const dashboardLink = operation({
  name: 'dashboard-link',
  input: z.strictObject({
    role: z.enum(roles),
    name: z.string().nullable(),
    days: z.int().min(1).max(3_650),
    filter: z.array(z.string()),
  }),
  async run(app, { role, name, days, filter: texts }): Promise<DashboardLink> {
    const { settings, clock, database } = app;
    const { web } = settings;
    if (web === null) refuse('dashboard-no-web', app);
    if (role === 'admin' && texts.length > 0) refuse('dashboard-admin-filter', app);
    const filter = await readFilter(app, texts);
    const expiresAt = clock.now().getTime() + days * 86_400_000;
    const token = await signPass({ role, name, filter, expiresAt }, await keyOf(app));
    const address = web.url ?? (await webAddress(database.db)) ?? `http://${web.host}:${web.port}`;
    const url = new URL('dashboard/login', address.endsWith('/') ? address : `${address}/`);
    url.searchParams.set('token', token);
    if (token.length > longestPass) refuse('dashboard-long-filter', app);
    return { url: url.href, role, name, filter, expires_at: new Date(expiresAt).toISOString() };
  },
});

function refuse(code: string, { settings: { locale } }: App): never {
  throw new InputError(code, say(locale, code), { hint: say(locale, `${code}-hint`) });
}

/** Makes every link void that was given out before. */
export const dashboardRevoke = operation({
  name: 'dashboard-revoke',
  input: z.strictObject({}),
  async run(app): Promise<{ readonly revoked: true }> {
    await nextGeneration(app.database.db);
    return { revoked: true };
  },
});
