/** 评论: a note on the record that the team sees and the customer does not. */
import { say } from '../../src/messages/index.ts';
import type { Action } from '../action.ts';
import { fillText, parseText, type TextPart, textReading, textReads } from '../action-text.ts';

export interface CommentParams {
  readonly text: readonly TextPart[];
}

export const comment: Action<CommentParams> = {
  name: 'comment',
  columns: { comment: { 'zh-CN': ['评论', '添加评论'], en: ['comment', 'add comment'] } },
  stage: () => 'notify',
  parse({ comment: cell }, context) {
    if (cell === undefined) return { ok: true, params: null };
    const read = parseText(cell.text.trim(), context);
    return read.ok ? { ok: true, params: { text: read.params } } : read;
  },
  reads: ({ text }) => textReads(text),
  writes: () => [],
  apply: ({ text }, scope) => [{ do: 'comment', text: fillText(text, scope) }],
  reading: ({ text }, context) => say(context.locale, 'rule.reading.comment', { text: textReading(text, context) }),
  examples: [
    {
      cells: { comment: '请在今天内联系客户' },
      values: {},
      effects: [{ do: 'comment', text: '请在今天内联系客户' }],
    },
    {
      cells: { comment: '客户 {客户名称} 第 {重开次数} 次重开' },
      values: { customer: '远大物业', reopen_count: 2 },
      effects: [{ do: 'comment', text: '客户 远大物业 第 2 次重开' }],
    },
  ],
};
