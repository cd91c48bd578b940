/** The part of `doctor` that looks through the app: database, log and workbooks. */
import { z } from 'zod';
import type { App } from '../app.ts';
import { verifyChain } from '../db/chain-check.ts';
import { listDeadMessages } from '../db/messages.ts';
import { countPending } from '../db/pending-events.ts';
import { say } from '../messages/index.ts';
import { cellAt, rawText } from '../model/cell.ts';
import { normaliseHeader } from '../model/header.ts';
import { configTabsOf } from './config-look.ts';
import { operation } from './operation.ts';
import { reportError } from './report.ts';
import { type CheckLine, rulesCheck } from './rules-check.ts';
import { accountsOf } from './status.ts';

/** One thing that was looked at. */
export interface Check {
  readonly check: string;
  readonly state: 'ok' | 'warn' | 'fail';
  readonly message: string;
  readonly hint: string | null;
}

/** Clocks further apart than this put times into the log that mislead people. */
const CLOCK_SKEW_MS = 5_000;
const MOST_DEAD = 500;

/** Looks at the database, the chain of the log, the clock, every workbook, the configuration and what waits. Changes nothing. */
export const inspect = operation({
  name: 'inspect',
  input: z.strictObject({}),
  async run(app): Promise<readonly Check[]> {
    return [
      await checkDatabase(app),
      await checkClock(app),
      await checkChain(app),
      ...(await checkPlatforms(app)),
      ...(await checkWorkbooks(app)),
      ...(await checkConfig(app)),
      ...checkAccounts(app),
      ...(await checkEvents(app)),
      ...(await checkMessages(app)),
    ];
  },
});

async function checkDatabase(app: App): Promise<Check> {
  const { db } = app.database;
  const [row] = await db.query('select max(number)::integer as n from schema_migrations');
  const params = { kind: say(app.settings.locale, `cli-database-${db.kind}`), migration: Number(row?.n ?? 0) };
  return { check: 'database', state: 'ok', message: say(app.settings.locale, 'doctor-database', params), hint: null };
}

async function checkClock(app: App): Promise<Check> {
  const { locale } = app.settings;
  const [row] = await app.database.db.query('select now() as now');
  const skewMs = Math.abs(Date.parse(String(row?.now)) - app.clock.now().getTime());
  const params = { seconds: Math.round(skewMs / 1000) };
  return skewMs <= CLOCK_SKEW_MS
    ? { check: 'clock', state: 'ok', message: say(locale, 'doctor-clock'), hint: null }
    : {
        check: 'clock',
        state: 'warn',
        message: say(locale, 'doctor-clock-skew', params),
        hint: say(locale, 'doctor-clock-skew-hint'),
      };
}

async function checkChain(app: App): Promise<Check> {
  const { locale } = app.settings;
  const breaks = await verifyChain(app.database.db);
  if (breaks.length === 0) return { check: 'log', state: 'ok', message: say(locale, 'doctor-chain'), hint: null };
  const numbers = breaks.slice(0, 5).map((each) => `${each.number ?? `${each.table} ${each.recordId}`} (${each.kind})`);
  const params = { count: breaks.length, numbers: numbers.join(', ') };
  return {
    check: 'log',
    state: 'fail',
    message: say(locale, 'doctor-chain-broken', params),
    hint: say(locale, 'doctor-chain-broken-hint'),
  };
}

/** What each workbook that lives on somebody's platform needs there, tried step by step. */
async function checkPlatforms(app: App): Promise<readonly Check[]> {
  const { locale } = app.settings;
  const checks: Check[] = [];
  for (const { key } of app.settings.workbooks) {
    const connector = await app.connectorOf(key);
    for (const { step, state, code, params } of (await connector?.diagnose?.()) ?? []) {
      const message = say(locale, 'doctor-platform', { workbook: key, message: say(locale, code, params) });
      const hint = state === 'ok' ? null : say(locale, `${code}-hint`, params);
      checks.push({ check: `workbook ${key} ${step}`, state, message, hint });
    }
  }
  return checks;
}

async function checkWorkbooks(app: App): Promise<readonly Check[]> {
  const { locale } = app.settings;
  const checks: Check[] = [];
  for (const { key, connector, bindings, problemTabs } of app.workbooks) {
    const check = `workbook ${key}`;
    const wanted = [...bindings.map(({ tab }) => tab), ...problemTabs.map(({ tab }) => tab)];
    try {
      const { grids, foreign } = await connector.pull(wanted);
      for (const tab of wanted.filter((name) => !grids.has(name))) {
        const { tabs } = await connector.describe();
        const params = {
          tab,
          known: tabs
            .filter(({ hidden, isForeign }) => !hidden && isForeign !== true)
            .map(({ name }) => name)
            .join(locale === 'zh-CN' ? '、' : ', '),
        };
        const fault = foreign?.has(tab) === true ? 'doctor-tab-foreign' : 'doctor-tab-missing';
        checks.push({
          check,
          state: 'fail',
          message: say(locale, fault, params),
          hint: say(locale, `${fault}-hint`, params),
        });
      }
      for (const binding of bindings) {
        const grid = grids.get(binding.tab);
        if (grid === undefined) continue;
        const names = new Set(binding.idColumn.headers.map(normaliseHeader));
        const hasHeader = grid.rows
          .slice(0, 20)
          .some((row, r) => row.some((_, c) => names.has(normaliseHeader(rawText(cellAt(grid, r, c))))));
        const params = {
          tab: binding.tab,
          rows: Math.max(0, grid.rows.length - 1),
          header: binding.idColumn.headers[0] ?? '',
        };
        checks.push(
          hasHeader
            ? { check, state: 'ok', message: say(locale, 'doctor-tab', params), hint: null }
            : {
                check,
                state: 'fail',
                message: say(locale, 'doctor-header', params),
                hint: say(locale, 'doctor-header-hint', params),
              },
        );
      }
    } catch (error) {
      const { message, hint } = reportError(error, locale);
      checks.push({ check, state: 'fail', message, hint });
    }
  }
  return checks;
}

/** What the config tabs say, as far as it is not told of their workbook already. */
async function checkConfig(app: App): Promise<readonly Check[]> {
  const { locale } = app.settings;
  const check = 'configuration';
  if (configTabsOf(app).length === 0) return [];
  let findings: readonly CheckLine[];
  try {
    ({ findings } = await rulesCheck.run(app, {}));
  } catch (error) {
    const { message, hint } = reportError(error, locale);
    return [{ check, state: 'fail', message, hint }];
  }
  const waiting = await app.keeper.waiting();
  const params = {
    version: (await app.keeper.current()).version,
    errors: findings.filter(({ level }) => level === 'error').length,
    warnings: findings.filter(({ level }) => level === 'warning').length,
  };
  const isFine = params.errors + params.warnings === 0;
  const key = isFine ? 'doctor-rules' : 'doctor-rules-faults';
  const hint = isFine ? null : say(locale, 'doctor-rules-faults-hint');
  const checks: Check[] = [{ check, state: isFine ? 'ok' : 'warn', message: say(locale, key, params), hint }];
  if (waiting !== null) {
    checks.push({
      check,
      state: 'warn',
      message: say(locale, 'doctor-waiting'),
      hint: say(locale, 'doctor-waiting-hint'),
    });
  }
  return checks;
}

function checkAccounts(app: App): readonly Check[] {
  const { locale } = app.settings;
  return accountsOf(app).map(({ name, kind, state, variables }): Check => {
    const params = { name, kind, variables: variables.join(', ') };
    return state === 'usable'
      ? { check: `account ${name}`, state: 'ok', message: say(locale, 'doctor-account', params), hint: null }
      : {
          check: `account ${name}`,
          state: 'warn',
          message: say(locale, 'doctor-account-secrets', params),
          hint: say(locale, 'doctor-account-secrets-hint', params),
        };
  });
}

/** What happens is answered within a second or two while the service runs. */
const LATE_MS = 10 * 60_000;

async function checkEvents(app: App): Promise<readonly Check[]> {
  const { locale } = app.settings;
  const { waiting, oldestAt, held } = await countPending(app.database.db);
  const check = 'events';
  const isLate = oldestAt !== null && app.clock.now().getTime() - Date.parse(oldestAt) > LATE_MS;
  const free: Check = isLate
    ? {
        check,
        state: 'warn',
        message: say(locale, 'doctor-events-late', { count: waiting }),
        hint: say(locale, 'doctor-events-late-hint'),
      }
    : { check, state: 'ok', message: say(locale, 'doctor-events', { count: waiting }), hint: null };
  const aside = [...held].map(
    ([name, count]): Check => ({
      check,
      state: 'warn',
      message: say(locale, 'doctor-events-held', { name, count }),
      hint: say(locale, 'doctor-events-held-hint', { name }),
    }),
  );
  return [free, ...aside];
}

async function checkMessages(app: App): Promise<readonly Check[]> {
  const { locale } = app.settings;
  const dead = await listDeadMessages(app.database.db, MOST_DEAD);
  const check = 'messages';
  if (dead.length === 0) return [{ check, state: 'ok', message: say(locale, 'doctor-messages'), hint: null }];
  const [last] = dead;
  const reason = last!.reason === null ? '' : say(locale, last!.reason.code, last!.reason.params);
  const count = dead.length === MOST_DEAD ? `${MOST_DEAD}+` : String(dead.length);
  const message = say(locale, 'doctor-messages-dead', { count, recipient: last!.recipient, reason });
  return [{ check, state: 'warn', message, hint: say(locale, 'doctor-messages-dead-hint') }];
}
