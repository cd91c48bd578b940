/**
 * Approvals as a ticket keeps them: one field says who decides (`approver`), one how it stands (`approval`). Both are
 * columns of a team's own; a rule fills them in, the approver changes the second in a sheet or by a button, and rules
 * answer that change like any other.
 */
import type { ChoiceOption, Field, FieldValue } from './field.ts';
import { wordKey } from './typed.ts';

export const approverKey = 'approver';
export const approvalKey = 'approval';

export type Approval = 'pending' | 'approved' | 'rejected';

/** The words of the two decisions, and of having none yet. A team's own list may use any of the aliases. */
export const approvalOptions: readonly (ChoiceOption & { readonly category: Approval })[] = [
  { category: 'pending', label: '待审批', en: 'To approve', aliases: ['审批中', '未审批', '待批', 'Pending'] },
  {
    category: 'approved',
    label: '同意',
    en: 'Approved',
    aliases: ['已同意', '通过', '审批通过', '已通过', '批准', '已批准', 'Approve', 'Agreed'],
  },
  {
    category: 'rejected',
    label: '驳回',
    en: 'Rejected',
    aliases: ['已驳回', '不同意', '拒绝', '已拒绝', '不通过', '未通过', '退回', 'Reject', 'Refused'],
  },
];

/** How a value of the field stands; nothing in it means that nobody has decided. Undefined for a word that says neither. */
export function approvalOf(value: FieldValue | undefined): Approval | undefined {
  if (value === null || value === undefined || value === '') return 'pending';
  return meaning(String(value));
}

/** What is written for a decision: the team's own word for it, or ours where any text may stand. Null: its list has none. */
export function approvalValue(field: Field, approval: Approval, locale: 'zh-CN' | 'en'): string | null {
  if (field.options.length === 0) {
    const option = approvalOptions.find(({ category }) => category === approval)!;
    return locale === 'en' ? (option.en ?? option.label) : option.label;
  }
  const own = field.options.find(({ label, category }) => (category ?? meaning(label)) === approval);
  if (own === undefined) return null;
  return locale === 'en' ? (own.en ?? own.label) : own.label;
}

function meaning(text: string): Approval | undefined {
  const word = wordKey(text);
  return approvalOptions.find(({ label, en, aliases }) =>
    [label, en ?? label, ...aliases].some((each) => wordKey(each) === word),
  )?.category;
}
