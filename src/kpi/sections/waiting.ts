/** Where tickets stand now and how long they have stood there. */
import type { Locale } from '../../messages/index.ts';
import { type StatusCategory, statusOptions } from '../../model/status.ts';
import { kpiOf } from '../index.ts';
import { type Measured, measureBy } from '../measure.ts';
import type { Board } from '../section.ts';
import { nowQuery } from './common.ts';

/** By place in `categories`: how many tickets are in a status now, and since when. */
export function waitingNow(board: Board): ReadonlyMap<number, Measured> {
  return measureBy(board.facts, kpiOf('waiting')!, nowQuery(board), ({ tickets }, ticket) => tickets.category[ticket]!);
}

export function statusName(category: StatusCategory, locale: Locale): string {
  const option = statusOptions.find((each) => each.category === category)!;
  return locale === 'en' ? (option.en ?? option.label) : option.label;
}
