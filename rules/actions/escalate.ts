/** 升级到: marks the record as escalated, to whom. */
import { say } from '../../src/messages/index.ts';
import type { Action } from '../action.ts';
import {
  parseRecipients,
  type RecipientName,
  recipientReads,
  recipientsReading,
  resolveRecipients,
} from '../action-people.ts';

export interface EscalateParams {
  readonly to: readonly RecipientName[];
}

export const escalate: Action<EscalateParams> = {
  name: 'escalate',
  columns: { escalate: { 'zh-CN': ['升级到', '升级给', '升级'], en: ['escalate to', 'escalate'] } },
  stage: () => 'notify',
  parse({ escalate: cell }, context) {
    if (cell === undefined) return { ok: true, params: null };
    const to = parseRecipients(cell.text, context);
    return to.ok ? { ok: true, params: { to: to.params } } : to;
  },
  reads: ({ to }) => recipientReads(to),
  writes: () => [],
  apply({ to }, scope) {
    const recipients = resolveRecipients(to, scope);
    return recipients.length === 0 ? [] : [{ do: 'escalate', to: recipients }];
  },
  reading: ({ to }, context) =>
    say(context.locale, 'rule.reading.escalate', { people: recipientsReading(to, context) }),
  examples: [
    {
      cells: { escalate: '角色:技术总监' },
      values: {},
      effects: [{ do: 'escalate', to: [{ to: 'role', role: '技术总监' }] }],
    },
    {
      cells: { escalate: '小张; 组:客服' },
      values: {},
      effects: [
        {
          do: 'escalate',
          to: [
            { to: 'person', name: '张三' },
            { to: 'group', group: '客服' },
          ],
        },
      ],
    },
  ],
};
