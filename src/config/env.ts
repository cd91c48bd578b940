/**
 * The one reader of the environment. Everything a process may be told from outside stands here by name; no other module
 * looks at `process.env`. Secrets come from here only, never from a file in the workspace.
 */
import type { Locale } from '../messages/index.ts';

/** What the environment said; a variable that is unset or blank is null. */
export interface Environment {
  /** `DATABASE_URL`: moves the workspace to this Postgres; wins over `database` in `rowkeeper.json`. */
  readonly databaseUrl: string | null;
  /** `ROWKEEPER_LOCALE`: language of the terminal where no workspace says it. */
  readonly locale: Locale | null;
  /** `ROWKEEPER_LOG`: lowest level that reaches standard error; `warn` when unset. */
  readonly logLevel: 'debug' | 'info' | 'warn' | 'error' | 'silent';
  /** `ROWKEEPER_SECRET`: what links to the pages are signed with; unset: one that the database keeps. */
  readonly secret: string | null;
  /** Where the secrets stand that `channels` in `rowkeeper.json` names. */
  readonly variables: Readonly<Record<string, string | undefined>>;
}

const LEVELS = ['debug', 'info', 'warn', 'error', 'silent'] as const;

/** Reads the variables; words it does not know count as unset, because a typo here must not stop a service. */
export function readEnvironment(variables: Readonly<Record<string, string | undefined>>): Environment {
  const text = (name: string): string | null => {
    const value = variables[name]?.trim();
    return value === undefined || value === '' ? null : value;
  };
  const locale = text('ROWKEEPER_LOCALE');
  const level = text('ROWKEEPER_LOG');
  return {
    databaseUrl: text('DATABASE_URL'),
    locale: locale === 'zh-CN' || locale === 'en' ? locale : null,
    secret: text('ROWKEEPER_SECRET'),
    logLevel: LEVELS.find((known) => known === level) ?? 'warn',
    variables,
  };
}
