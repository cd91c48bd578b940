/** 解决达成率: tickets solved within the promised time. */
import { attainment } from './promises.ts';

export const resolutionAttainment = attainment(
  'resolution',
  'sla-resolution',
  { 'zh-CN': '解决达成率', en: 'Resolution SLA met' },
  {
    'zh-CN': '按时解决的承诺，占已经见分晓的解决承诺的比例。按截止时间归属；未到期、豁免和作废的不计入。',
    en: 'Tickets solved within the promised time, of those that were kept or broken. By due time; not yet due, waived and void ones are left out.',
  },
);
