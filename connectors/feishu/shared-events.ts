/**
 * One line of events per process for the app of the environment, whoever asks for it: connectors of sheets and bases, and the
 * chat.
 *
 * `ROWKEEPER_FEISHU_EVENTS` says how events come: `line` (the long connection, which needs no public address), `webhook` or
 * `off`. Unset: the webhook where it has a key to check requests by (`ROWKEEPER_FEISHU_ENCRYPT_KEY` or
 * `ROWKEEPER_FEISHU_VERIFICATION_TOKEN`), else the line.
 */
import type { Clock, Logger } from '../../src/ports.ts';
import type { Shared } from '../index.ts';
import type { FeishuApp } from './app.ts';
import { createFeishuEvents, type EventsBy, type FeishuEvents } from './events.ts';

export interface SharedEventsSettings {
  readonly variables: Readonly<Record<string, string | undefined>>;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly shared: Shared;
}

/** The process's events, made when first asked for. `app`: the app of the same environment. */
export function sharedFeishuEvents(settings: SharedEventsSettings, app: FeishuApp): FeishuEvents {
  const { variables, clock, logger, shared } = settings;
  return shared('feishu-events', () =>
    createFeishuEvents({
      app,
      appSecret: variables.ROWKEEPER_FEISHU_APP_SECRET?.trim() ?? '',
      by: eventsBy(variables),
      clock,
      logger,
    }),
  );
}

/** How events come in, by the environment. */
export function eventsBy(variables: SharedEventsSettings['variables']): EventsBy {
  const said = variables.ROWKEEPER_FEISHU_EVENTS?.trim();
  if (said === 'line' || said === 'webhook' || said === 'off') return said;
  const hasKey = [variables.ROWKEEPER_FEISHU_ENCRYPT_KEY, variables.ROWKEEPER_FEISHU_VERIFICATION_TOKEN].some(
    (key) => (key?.trim() ?? '') !== '',
  );
  return hasKey ? 'webhook' : 'line';
}
