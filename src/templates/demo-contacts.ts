/** What passed between the demo's team and its customers, from what is known of each ticket. Pure and deterministic. */
import type { ContactKind } from '../model/contact.ts';
import type { DemoTicket } from './demo-data.ts';

export interface DemoContact {
  /** Working minutes after the ticket came in. */
  readonly after: number;
  readonly kind: ContactKind;
  /** Who wrote it down; `machine` for an answer nobody wrote. */
  readonly by: 'engineer' | 'front-desk' | 'machine';
  readonly content: string;
}

/** A fault that took this long was looked at on the spot. */
const VISIT_AFTER_MINUTES = 700;
const VISIT_MINUTES = 60;
const ANSWER_MINUTES = 20;

/** The contacts of a ticket in their order; what has not happened yet is among them. */
export function contactsOf({ type, priority, answered, waited, solved }: DemoTicket): readonly DemoContact[] {
  if (answered === undefined) return [];
  const contacts: DemoContact[] = [];
  const add = (after: number, kind: ContactKind, by: DemoContact['by'], content: string): void => {
    contacts.push({ after, kind, by, content });
  };
  if (type === '软件问题') add(0, 'auto-reply', 'machine', '您的问题已收到，工程师会尽快与您联系。');
  const isCall = priority === 'urgent' || priority === 'high';
  if (isCall) add(answered, 'call', 'engineer', '电话联系客户，了解现场情况，已着手处理。');
  else add(answered, 'reply', 'engineer', '已受理，说明了处理步骤和预计时间。');
  if (waited?.for === 'wait_customer') {
    add(waited.from, 'reply', 'engineer', '请客户补充截图和单据编号。');
    if (waited.to !== undefined) {
      add(waited.to, 'customer', 'front-desk', '截图和单据编号已发来，请继续处理。');
      add(waited.to + ANSWER_MINUTES, 'reply', 'engineer', '资料收到，今天继续处理。');
    }
  }
  if (waited?.for === 'wait_third') add(waited.from, 'internal', 'engineer', '备件已向厂家订购，到货后再约时间。');
  const isOnSite = type === '硬件故障' || type === '安装调试';
  if (isOnSite && solved !== undefined && solved >= VISIT_AFTER_MINUTES)
    add(solved - VISIT_MINUTES, 'visit', 'engineer', '到现场处理，完成后请客户试用。');
  return contacts;
}
