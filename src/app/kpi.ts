/** `kpi`: the figures of a period, section by section, and the tickets behind one of them. */
import { z } from 'zod';
import type { App } from '../app.ts';
import { type ListedTicket, listTickets } from '../db/kpi-blocks.ts';
import { kpiOf, kpis } from '../kpi/index.ts';
import type { LeftOut } from '../kpi/kpi.ts';
import { list } from '../kpi/measure.ts';
import { type Section, type Unit, unitOf } from '../kpi/section.ts';
import { sections } from '../kpi/sections/index.ts';
import { say } from '../messages/index.ts';
import { InputError } from '../model/errors.ts';
import { nearest } from '../model/nearest.ts';
import { boardOf } from './board.ts';
import { readFilter } from './filter.ts';
import { operation } from './operation.ts';

const question = {
  period: z.string().optional(),
  /** `team=华东组|华南组`; see `filter-text.ts`. */
  filter: z.array(z.string()).readonly().optional(),
  hours: z.enum(['business', 'calendar']).optional(),
};

export interface KpiResult {
  /** As written: `2026-03`. */
  readonly period: string;
  /** ISO 8601 in UTC; the end is not included. */
  readonly from: string;
  readonly to: string;
  readonly as_of: string;
  readonly hours: 'business' | 'calendar';
  readonly tickets: number;
  /** Seconds of durations, parts of 1 of shares, milliseconds since 1970 of instants; charts as they are shown. */
  readonly sections: readonly Section[];
}

/** Throws `InputError` for a period or section nobody knows. */
export const kpi = operation({
  name: 'kpi',
  input: z.strictObject({ ...question, section: z.string().optional(), rebuild: z.boolean().optional() }),
  async run(app, { section, rebuild = false, filter = [], ...asked }, share): Promise<KpiResult> {
    const { locale } = app.settings;
    const chosen = section === undefined ? sections : sections.filter(({ name }) => name === section);
    if (chosen.length === 0)
      throw unknown(
        locale,
        'kpi-section',
        section ?? '',
        sections.map(({ name }) => name),
      );
    const progress = (done: number, all: number): void => share?.(done / all);
    if (rebuild) await app.kpi.rebuild(progress);
    const board = await boardOf(app, { ...asked, filter: await readFilter(app, filter) }, progress);
    return {
      period: board.period.name,
      from: new Date(board.period.from).toISOString(),
      to: new Date(board.period.to).toISOString(),
      as_of: new Date(board.now).toISOString(),
      hours: board.query.mode,
      tickets: board.facts.size,
      sections: chosen.map((each) => each.make(board)),
    };
  },
});

export interface KpiTicket extends ListedTicket {
  /** As the KPI measures it; null for a ticket that is left out. */
  readonly value: number | null;
  readonly leftOut: LeftOut | null;
}

export interface KpiTickets {
  readonly kpi: string;
  readonly label: string;
  readonly summary: string;
  readonly unit: Unit;
  readonly period: string;
  readonly tickets: readonly KpiTicket[];
}

/** The tickets behind a figure, those that are left out among them. Throws `InputError` for an unknown KPI or period. */
export const kpiTickets = operation({
  name: 'kpi-tickets',
  input: z.strictObject({ ...question, kpi: z.string() }),
  async run(app: App, { kpi: name, filter = [], ...asked }): Promise<KpiTickets> {
    const { locale } = app.settings;
    const found = kpiOf(name);
    if (found === undefined)
      throw unknown(
        locale,
        'kpi-name',
        name,
        kpis.map((each) => each.name),
      );
    const board = await boardOf(app, { ...asked, filter: await readFilter(app, filter) });
    const listed = list(board.facts, found, board.query);
    const tickets = new Map(
      (
        await listTickets(
          app.database.db,
          listed.map(({ id }) => id),
        )
      ).map((each) => [each.id, each]),
    );
    return {
      kpi: name,
      label: found.label[locale],
      summary: found.summary[locale],
      unit: unitOf(found.unit),
      period: board.period.name,
      tickets: listed.flatMap(({ id, value, leftOut }) => {
        const ticket = tickets.get(id);
        return ticket === undefined ? [] : [{ ...ticket, value, leftOut }];
      }),
    };
  },
});

function unknown(locale: App['settings']['locale'], code: string, value: string, known: readonly string[]): InputError {
  const meant = nearest(value, known);
  const hint =
    meant === null
      ? say(locale, 'cli-bad-choice-hint', { known: known.join(', ') })
      : say(locale, 'cli-did-you-mean', { meant });
  return new InputError(code, say(locale, code, { value }), { hint });
}
