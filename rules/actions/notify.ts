/** 通知: a message to people, from a template or in words of its own. */
import { say } from '../../src/messages/index.ts';
import { nearest } from '../../src/model/nearest.ts';
import { plainText, wordKey } from '../../src/model/typed.ts';
import { type Action, type ActionRead, refuseAction } from '../action.ts';
import {
  parseRecipients,
  type RecipientName,
  recipientReads,
  recipientsReading,
  resolveRecipients,
} from '../action-people.ts';
import { fillText, listed, parseText, type TextPart, textReading, textReads } from '../action-text.ts';
import { fieldPlace, type RuleContext } from '../context.ts';

export interface NotifyParams {
  readonly to: readonly RecipientName[];
  readonly template: string | null;
  readonly text: readonly TextPart[] | null;
  readonly channels: readonly string[];
}

const TEXT = /^(?:文本|内容|text)\s*[:：]\s*([\s\S]+)$/i;

type Message = Pick<NotifyParams, 'template' | 'text'>;

/** A known template, or a text after `文本:`; an unknown word is never taken for a text. */
function parseMessage(typed: string | undefined, context: RuleContext): Exclude<ActionRead<Message>, { params: null }> {
  if (typed === undefined) return { ok: true, params: { template: null, text: null } };
  const [, own] = TEXT.exec(typed.trim()) ?? [];
  if (own !== undefined) {
    const read = parseText(own, context);
    if (!read.ok) return { ok: false, fault: { ...read.fault, column: 'template' } };
    return { ok: true, params: { template: null, text: read.params } };
  }
  const template = context.templates.find((name) => wordKey(name) === wordKey(typed));
  if (template !== undefined) return { ok: true, params: { template, text: null } };
  const example =
    context.templates[0] ?? say(context.locale, 'rule.example.text', { field: fieldPlace('title', context) });
  const suggestion = nearest(typed, context.templates);
  return refuseAction('unknown-template', plainText(typed), example, { suggestion, column: 'template' });
}

function parseChannels(
  typed: string,
  { channels, locale }: RuleContext,
): Exclude<ActionRead<readonly string[]>, { params: null }> {
  const found: string[] = [];
  for (const word of listed(typed)) {
    const channel = channels.find((name) => wordKey(name) === wordKey(word));
    if (channel === undefined) {
      const example = channels[0] ?? say(locale, 'rule.example.channel');
      return refuseAction('unknown-channel', word, example, { suggestion: nearest(word, channels), column: 'channel' });
    }
    found.push(channel);
  }
  return { ok: true, params: found };
}

export const notify: Action<NotifyParams> = {
  name: 'notify',
  columns: {
    notify: { 'zh-CN': ['通知', '提醒'], en: ['notify'] },
    template: { 'zh-CN': ['通知模板', '模板', '通知内容'], en: ['template', 'message template'] },
    channel: { 'zh-CN': ['通知渠道', '通知方式'], en: ['channel', 'channels', 'notify by'] },
  },
  stage: () => 'notify',
  parse({ notify: cell, template, channel }, context) {
    if (cell === undefined) {
      if (template === undefined && channel === undefined) return { ok: true, params: null };
      const column = template === undefined ? 'channel' : 'template';
      return refuseAction('empty-action', (template ?? channel)!.text, say(context.locale, 'rule.example.recipients'), {
        column,
      });
    }
    const to = parseRecipients(cell.text, context);
    if (!to.ok) return to;
    const message = parseMessage(template?.text, context);
    if (!message.ok) return message;
    const channels = parseChannels(channel?.text ?? '', context);
    if (!channels.ok) return channels;
    return { ok: true, params: { to: to.params, ...message.params, channels: channels.params } };
  },
  reads: ({ to, text }) => [...recipientReads(to), ...textReads(text ?? [])],
  writes: () => [],
  apply({ to, template, text, channels }, scope) {
    const recipients = resolveRecipients(to, scope);
    if (recipients.length === 0) return [];
    return [{ do: 'notify', to: recipients, template, text: text === null ? null : fillText(text, scope), channels }];
  },
  reading({ to, template, text, channels }, context) {
    const { locale } = context;
    const people = recipientsReading(to, context);
    const message = template ?? (text === null ? null : textReading(text, context));
    const told =
      message === null
        ? say(locale, 'rule.reading.notify', { people })
        : say(locale, 'rule.reading.notify-message', { people, message });
    return channels.length === 0
      ? told
      : say(locale, 'rule.reading.notify-channels', { told, channels: channels.join(', ') });
  },
  examples: [
    {
      cells: { notify: '处理人;组:客服;{联系电话}', template: '派单通知' },
      values: { assignee: '张三', phone: '13800138000' },
      effects: [
        {
          do: 'notify',
          to: [
            { to: 'field', field: 'assignee', value: '张三' },
            { to: 'group', group: '客服' },
            { to: 'field', field: 'phone', value: '13800138000' },
          ],
          template: '派单通知',
          text: null,
          channels: [],
        },
      ],
    },
    {
      cells: { notify: '角色:技术总监', template: '文本: {问题标题} 超时未响应', channel: '邮件、钉钉' },
      values: { title: '水管破裂' },
      effects: [
        {
          do: 'notify',
          to: [{ to: 'role', role: '技术总监' }],
          template: null,
          text: '水管破裂 超时未响应',
          channels: ['邮件', '钉钉'],
        },
      ],
    },
  ],
};
