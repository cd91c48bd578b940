/** The figures of a period, ready to be drawn: what the command, the KPI tabs, the dashboard and the letter all start from. */
import type { App } from '../app.ts';
import { periodBefore, readPeriod } from '../kpi/period.ts';
import { type Filter, kpiDefaults } from '../kpi/query.ts';
import type { Progress } from '../kpi/roll-up.ts';
import type { Board } from '../kpi/section.ts';
import { say } from '../messages/index.ts';
import { InputError } from '../model/errors.ts';

export interface BoardQuestion {
  /** As `readPeriod` reads it; `month` when left out. */
  readonly period?: string | undefined;
  readonly filter?: Filter | undefined;
  /** How lengths are counted; as the settings say when left out. */
  readonly hours?: 'business' | 'calendar' | undefined;
}

/** Throws `InputError` (`kpi-period`) for a text that names no period. */
export async function boardOf(app: App, question: BoardQuestion = {}, progress?: Progress): Promise<Board> {
  const { settings, clock, keeper } = app;
  const { locale, timeZone } = settings;
  const now = clock.now().getTime();
  const text = question.period ?? 'month';
  const period = readPeriod(text, now, timeZone);
  if (period === null) {
    throw new InputError('kpi-period', say(locale, 'kpi-period', { value: text }), {
      hint: say(locale, 'kpi-period-hint'),
    });
  }
  const facts = await app.kpi.current(progress);
  const { directory, calendarOf, calendarRef } = await keeper.current();
  return {
    facts,
    period,
    before: periodBefore(period, timeZone),
    query: {
      window: { from: period.from, to: period.to, asOf: now },
      mode: question.hours ?? settings.kpi.hours,
      filter: question.filter ?? {},
      settings: {
        ...kpiDefaults,
        goodScore: settings.kpi.goodScore,
        reopenDays: settings.lifecycle.reopenDays,
        calendar: calendarOf(calendarRef(null)),
      },
    },
    people: directory.people
      .filter(({ active }) => active)
      .map(({ name, teams, capacity, leaves }) => {
        const isOnLeave = leaves.some(({ from, to }) => Date.parse(from) <= now && now < Date.parse(to));
        return { name, team: teams[0] ?? null, capacity: isOnLeave ? 0 : capacity, isOnLeave };
      }),
    vipLevels: settings.kpi.vipLevels,
    locale,
    timeZone,
    now,
  };
}
