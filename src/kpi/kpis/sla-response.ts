/** 响应达成率: first responses within the promised time. */
import { attainment } from './promises.ts';

export const responseAttainment = attainment(
  'first-response',
  'sla-response',
  { 'zh-CN': '响应达成率', en: 'Response SLA met' },
  {
    'zh-CN': '按时首次响应的承诺，占已经见分晓的响应承诺的比例。按应响应时间归属；未到期、豁免和作废的不计入。',
    en: 'First responses within the promised time, of those that were kept or broken. By due time; not yet due, waived and void ones are left out.',
  },
);
