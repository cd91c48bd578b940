/** 满意度 (CSAT): the part of ratings that are good. A customer who did not answer is no rating, whatever a platform makes of it. */
import { ratings } from './ratings.ts';

export const satisfaction = ratings({
  name: 'satisfaction',
  unit: 'share',
  label: { 'zh-CN': '满意度', en: 'Customer satisfaction' },
  summary: {
    'zh-CN': '4 分和 5 分占全部评价的比例；3 分算不满意，没有评价的不计入。按评价时间归属，每单取最后一次评价。',
    en: 'Ratings of 4 and 5, of all ratings; 3 is not satisfied, no rating is not counted. By date of rating, the last one of each ticket.',
  },
  value: (score, { goodScore }) => (score >= goodScore ? 1 : 0),
});
