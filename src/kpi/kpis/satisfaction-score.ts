/** 平均评分: the mean of the ratings, 1 to 5. */
import { ratings } from './ratings.ts';

export const satisfactionScore = ratings({
  name: 'satisfaction-score',
  unit: 'score',
  label: { 'zh-CN': '平均评分', en: 'Mean rating' },
  summary: {
    'zh-CN': '评价的平均分（1 到 5）。按评价时间归属，每单取最后一次评价。',
    en: 'Mean of the ratings, 1 to 5. By date of rating, the last one of each ticket.',
  },
  value: (score) => score,
});
