/** From a figure to the tickets behind it. Pure. */
import { kpiOf } from './index.ts';
import { type Listed, list } from './measure.ts';
import type { Query } from './query.ts';
import type { Board, Drill } from './section.ts';

/** What a drill differs in from the board it stands on. */
export interface Narrowing extends Pick<Drill, 'atLeast' | 'below' | 'mode'> {
  readonly from?: number;
  readonly to?: number;
  readonly filter?: Drill['filter'];
}

/** The tickets of a KPI in the period of the board, or of fewer. */
export function drillOf(kpi: string, { query }: Pick<Board, 'query'>, narrowing: Narrowing = {}): Drill {
  const { from, to } = query.window;
  const { filter = {}, ...rest } = narrowing;
  return { kpi, from, to, ...rest, filter: { ...query.filter, ...filter } };
}

/** The tickets of a drill in the order of their ids; those left out of the figure only where no value is asked for. */
export function ticketsBehind({ facts, query }: Pick<Board, 'facts' | 'query'>, drill: Drill): readonly Listed[] {
  const { from, to, filter, atLeast = Number.NEGATIVE_INFINITY, below = Number.POSITIVE_INFINITY, mode } = drill;
  const asked: Query = { ...query, window: { from, to, asOf: query.window.asOf }, mode: mode ?? query.mode, filter };
  const kpi = kpiOf(drill.kpi);
  if (kpi === undefined) return [];
  const listed = list(facts, kpi, asked);
  if (drill.atLeast === undefined && drill.below === undefined) return listed;
  return listed.filter(({ value }) => value !== null && value >= atLeast && value < below);
}
