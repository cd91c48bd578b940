/** All KPIs. A new one is one file in `kpis/`, one line here and one test. */
import type { Kpi } from './kpi.ts';
import { age } from './kpis/age.ts';
import { backlog } from './kpis/backlog.ts';
import { created } from './kpis/created.ts';
import { firstContact } from './kpis/first-contact.ts';
import { firstResponse } from './kpis/first-response.ts';
import { nextResponse } from './kpis/next-response.ts';
import { overdue } from './kpis/overdue.ts';
import { ratingRate } from './kpis/rating-rate.ts';
import { reach } from './kpis/reach.ts';
import { reopenRate } from './kpis/reopen-rate.ts';
import { closingTime } from './kpis/resolution-closing.ts';
import { fullResolution } from './kpis/resolution-full.ts';
import { netResolution } from './kpis/resolution-net.ts';
import { resolved } from './kpis/resolved.ts';
import { satisfaction } from './kpis/satisfaction.ts';
import { satisfactionScore } from './kpis/satisfaction-score.ts';
import { nextResponseAttainment } from './kpis/sla-next-response.ts';
import { resolutionAttainment } from './kpis/sla-resolution.ts';
import { responseAttainment } from './kpis/sla-response.ts';
import { ticketAttainment } from './kpis/sla-tickets.ts';
import { waiting } from './kpis/waiting.ts';

export const kpis: readonly Kpi[] = [
  created,
  resolved,
  backlog,
  overdue,
  firstResponse,
  nextResponse,
  fullResolution,
  netResolution,
  closingTime,
  firstContact,
  reopenRate,
  satisfaction,
  satisfactionScore,
  ratingRate,
  ticketAttainment,
  responseAttainment,
  resolutionAttainment,
  nextResponseAttainment,
  age,
  waiting,
  reach,
];

export function kpiOf(name: string): Kpi | undefined {
  return kpis.find((kpi) => kpi.name === name);
}
