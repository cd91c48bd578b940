/** What a contact about a ticket is, and which kinds count as an answer of a person to the customer. */
import type { ChoiceOption } from './field.ts';

export type ContactKind = 'reply' | 'call' | 'visit' | 'auto-reply' | 'internal' | 'customer';

function kind(
  category: ContactKind,
  label: string,
  en: string,
  words: string,
): ChoiceOption & { readonly category: ContactKind } {
  return { label, en, category, aliases: words.split(', ') };
}

/** One option per kind; the words of a team are aliases, as with statuses. */
export const contactOptions: readonly (ChoiceOption & { readonly category: ContactKind })[] = [
  kind('reply', '回复', 'Reply', '邮件回复, 消息回复, 微信, 短信, 邮件, Message, Email'),
  kind('call', '电话', 'Call', '去电, 电话沟通, 通话, Phone'),
  kind('visit', '上门', 'Visit', '到场, 现场, 上门服务, On site'),
  kind('auto-reply', '自动回复', 'Auto-reply', '系统回复, 机器人, Bot, Automatic'),
  kind('internal', '内部备注', 'Internal note', '内部, 备注, Internal'),
  kind('customer', '客户来信', 'Customer message', '客户, 来电, 客户来电, 客户消息, 客户反馈, Inbound'),
];

/**
 * The kind behind a kept label of either language; undefined for a word that is none. `own`: options of a team that calls
 * the kinds what it likes, each with what it means; they go before the usual ones.
 */
export function contactKind(label: string, own: readonly ChoiceOption[] = []): ContactKind | undefined {
  const meant = (options: readonly ChoiceOption[]) =>
    options.find((option) => option.label === label || option.en === label)?.category;
  return (meant(own) ?? meant(contactOptions)) as ContactKind | undefined;
}

/** True for what a person of the team said to the customer: neither a machine's answer nor a note among colleagues. */
export function isAnswer(kind: ContactKind): boolean {
  return kind === 'reply' || kind === 'call' || kind === 'visit';
}
