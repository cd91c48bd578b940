/** The fixed meanings behind the status words of a team, and the words seen in real sheets for each. */
import type { ChoiceOption } from './field.ts';

export type StatusCategory =
  | 'new'
  | 'open'
  | 'wait_customer'
  | 'wait_third'
  | 'resolved'
  | 'closed'
  | 'cancelled'
  | 'merged';

function status(
  category: StatusCategory,
  label: string,
  en: string,
  words: string,
): ChoiceOption & { category: StatusCategory } {
  return { label, en, category, aliases: words.split(', ') };
}

/**
 * One option per category. A sheet's own words are aliases: what is kept is the category's label. 是 and 否 are the
 * answers of a column called 是否完成; 重新打开 says that work goes on.
 */
export const statusOptions: readonly (ChoiceOption & { readonly category: StatusCategory })[] = [
  status('new', '待受理', 'New', '新建, 未处理, 待处理, 待派单, 待分配, 未派单, 未受理, 未开始'),
  status(
    'open',
    '处理中',
    'In progress',
    '已受理, 已派单, 已接单, 已分配, 进行中, 维修中, 跟进中, 重新打开, 重开, 返修, 未完成, 未解决, 否, N, No, ×, FALSE',
  ),
  status('wait_customer', '等待客户', 'Waiting for customer', '待客户反馈, 等客户, 客户未回复, Pending'),
  status('wait_third', '等待第三方', 'Waiting for third party', '等备件, 缺料, 等厂家, 等研发, 挂起, 暂停, On hold'),
  status('resolved', '已解决', 'Resolved', '待确认, 待客户确认, 待回访, 待验收, 已修复, 已处理, 解决'),
  status(
    'closed',
    '已关闭',
    'Closed',
    '关闭, 完成, 已完成, 完结, 已完结, 办结, 已办结, 结单, 已结单, 是, Y, Yes, √, ✓, ✔, TRUE, Done',
  ),
  status('cancelled', '已作废', 'Cancelled', '取消, 已取消, 作废, 无效, 误报, 撤单, 垃圾, Canceled'),
  status('merged', '已合并', 'Merged', '合并, 重复, 重复单, Duplicate'),
];

/** The category of a kept status label of either language; undefined for a word that is none. */
export function statusCategory(label: string): StatusCategory | undefined {
  return statusOptions.find((option) => option.label === label || option.en === label)?.category;
}

/** The labels of some categories, in every language they are kept in. */
export function statusLabels(...categories: readonly StatusCategory[]): readonly string[] {
  return statusOptions
    .filter(({ category }) => categories.includes(category))
    .flatMap(({ label, en }) => (en === undefined ? [label] : [label, en]));
}

/** Urgency from most to least; `category` is the fixed meaning. */
export const priorityOptions: readonly ChoiceOption[] = [
  { label: '紧急', en: 'Urgent', category: 'urgent', aliases: ['特急', '非常紧急', 'P0', 'P1', 'Critical'] },
  { label: '高', en: 'High', category: 'high', aliases: ['加急', '重要', 'P2'] },
  { label: '中', en: 'Normal', category: 'normal', aliases: ['一般', '普通', '常规', '正常', 'P3', 'Medium'] },
  { label: '低', en: 'Low', category: 'low', aliases: ['不急', 'P4'] },
];
