/** Shows on cards what was decided, for an app with its accounts. */
import type { App } from '../app.ts';
import { updateCards } from '../jobs/card-updates.ts';
import type { HttpCall } from '../notify/outbound.ts';
import { endedCard } from './card-text.ts';

/** True where messages with buttons go out at all: an account can carry them, and clicks come in. */
export function takesDecisions(app: App): boolean {
  return (
    app.feishu !== null && app.feishu.by !== 'off' && [...app.accounts.keys()].some((name) => carriesButtons(app, name))
  );
}

/** True for an account that belongs to the very app whose clicks are told to us. */
export function carriesButtons({ accounts, feishu }: App, name: string): boolean {
  const ready = accounts.get(name);
  return feishu !== null && ready?.channel.senderId?.(ready.account) === feishu.appId;
}

/** Changes every card that is due, and returns how many were changed. */
export function showDecisions(app: App, http: HttpCall): Promise<number> {
  const { database, accounts, clock, settings } = app;
  return updateCards({
    db: database.db,
    accounts,
    http,
    clock,
    view: ({ key, shown, outcome }) => endedCard({ key, shown, outcome: outcome! }, settings),
  });
}
