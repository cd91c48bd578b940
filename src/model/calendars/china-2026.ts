/**
 * Public holidays and make-up working days of mainland China in 2026, as the State Council announced them on 2025-11-04
 * (https://politics.gmw.cn/2025-11/04/content_38391083.htm). The arrangement of 2027 is not included: it is announced
 * late in the year before and must be added as rows of the 日历 tab.
 */
import type { DateHours } from '../calendar-days.ts';

const off = (name: string, from: string, to: string): DateHours => ({
  from: `2026-${from}`,
  to: `2026-${to}`,
  kind: 'off',
  name,
});
const work = (name: string, on: string): DateHours => ({
  from: `2026-${on}`,
  to: `2026-${on}`,
  kind: 'work',
  name: `${name}补班`,
});

export const china2026: readonly DateHours[] = [
  off('元旦', '01-01', '01-03'),
  work('元旦', '01-04'),
  off('春节', '02-15', '02-23'),
  work('春节', '02-14'),
  work('春节', '02-28'),
  off('清明节', '04-04', '04-06'),
  off('劳动节', '05-01', '05-05'),
  work('劳动节', '05-09'),
  off('端午节', '06-19', '06-21'),
  off('中秋节', '09-25', '09-27'),
  work('国庆节', '09-20'),
  off('国庆节', '10-01', '10-07'),
  work('国庆节', '10-10'),
];
