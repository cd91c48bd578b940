/**
 * The `channels` section of `rowkeeper.json`: which accounts there are, where they lead, and what they may reach. Secrets
 * are named, never written: a key that ends in `Env` holds the name of an environment variable.
 */
import { z } from 'zod';
import { createShared, type Shared } from '../../connectors/index.ts';
import { type Locale, say } from '../messages/index.ts';
import { ConfigError } from '../model/errors.ts';
import type { Account, Channel } from './channel.ts';
import { channelOf, channels } from './index.ts';
import type { HostRule } from './outbound.ts';

const host = z
  .string()
  .regex(/^(?:[a-z0-9-]+(?:\.[a-z0-9-]+)*|\[[0-9a-f:.]+\])(?::\d{1,5})?$/i, 'host name, or host:port')
  .toLowerCase();

const hostRule = z.union([
  host,
  z
    .strictObject({
      host,
      local: z.literal(true).describe('May be an address of your own network.'),
      plain: z.boolean().optional().describe('True: may be called without TLS.'),
    })
    .describe('A host inside your own network.'),
]);

const account = z.discriminatedUnion(
  'kind',
  channels.map(({ settings }) => settings) as unknown as readonly [(typeof channels)[0]['settings']],
);

/** The whole section. */
export const channelsSchema = z.strictObject({
  hosts: z
    .array(hostRule)
    .optional()
    .describe('Hosts of your own that accounts may call. The vendors of the accounts below need no entry.'),
  smsPerDay: z.int().min(0).max(1000).optional().describe('SMS one person gets in a day at most; 10 when left out.'),
  accounts: z
    .record(z.string().regex(/^[\p{L}\p{N}_-]{1,40}$/u), account)
    .describe('Each account by a short name of your choice; rules and people are told by this name.'),
});

/** The section as checked. */
export type ChannelSettings = z.infer<typeof channelsSchema>;

/** SMS a person gets in a day when the section does not say. */
export const usualSmsPerDay = 10;

/** An account ready for use: what `Channel.send` needs, with the channel it belongs to. */
export interface ReadyAccount {
  readonly channel: Channel;
  readonly account: Account<never>;
}

/** Environment variables an account takes its secrets from. */
export function secretVariables(settings: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(settings).flatMap(([key, variable]) => (key.endsWith('Env') ? [String(variable)] : []));
}

/**
 * The accounts of a section, with secrets read from `variables` when they are used. Throws `ConfigError`
 * (`notify-secrets-missing`) that names every variable which is not set, before the first message needs one. `shared`: what
 * they share with connectors of this process; left out: with each other only.
 */
export function readyAccounts(
  { accounts }: ChannelSettings,
  variables: Readonly<Record<string, string | undefined>>,
  locale: Locale,
  shared: Shared = createShared().of,
): ReadonlyMap<string, ReadyAccount> {
  const wanted = Object.entries(accounts).flatMap(([name, settings]) =>
    secretVariables(settings).map((variable) => ({ name, variable })),
  );
  const missing = wanted.filter(({ variable }) => (variables[variable] ?? '') === '');
  if (missing.length > 0) {
    const names = [...new Set(missing.map(({ variable }) => variable))].join(', ');
    throw new ConfigError('notify-secrets-missing', say(locale, 'notify-secrets-missing', { names }), {
      details: { problems: missing },
      hint: say(locale, 'notify-secrets-missing-hint'),
    });
  }
  return new Map(
    Object.entries(accounts).map(([name, settings]) => [
      name,
      {
        channel: channelOf(settings.kind as string),
        account: { name, settings: settings as never, secret: (variable) => variables[variable] ?? '', shared },
      },
    ]),
  );
}

/** What may be called: the listed hosts, and those of the accounts. A listed host wins: it may be local or plain. */
export function hostRules({ hosts = [], accounts }: ChannelSettings): readonly HostRule[] {
  const rules = new Map<string, HostRule>();
  for (const settings of Object.values(accounts)) {
    const base = channelOf(settings.kind as string).baseUrl(settings as never);
    if (base === null) continue;
    const { host: name } = new URL(base);
    rules.set(name, { host: name, local: false, plain: false });
  }
  for (const rule of hosts) {
    const { host: name, local = false, plain = false } = typeof rule === 'string' ? { host: rule } : rule;
    rules.set(name, { host: name, local, plain });
  }
  return [...rules.values()];
}
