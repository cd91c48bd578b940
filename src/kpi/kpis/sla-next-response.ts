/** 再次响应达成率: answers to later messages of the customer within the promised time. */
import { attainment } from './promises.ts';

export const nextResponseAttainment = attainment(
  'next-response',
  'sla-next-response',
  { 'zh-CN': '再次响应达成率', en: 'Next response SLA met' },
  {
    'zh-CN': '客户再次来信后按时答复的承诺，占已经见分晓的比例。按应答复时间归属。',
    en: 'Answers to later messages of the customer within the promised time, of those that were kept or broken. By due time.',
  },
);
