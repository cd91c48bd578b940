/** 提示: the event must not stand as it is; every row that says so is shown at once. */
import { say } from '../../src/messages/index.ts';
import type { Action } from '../action.ts';
import { fillText, parseText, type TextPart, textReading, textReads } from '../action-text.ts';

export interface RefuseParams {
  readonly text: readonly TextPart[];
}

export const refuse: Action<RefuseParams> = {
  name: 'refuse',
  columns: { refuse: { 'zh-CN': ['提示', '校验提示', '拒绝'], en: ['message', 'refuse'] } },
  stage: () => 'validate',
  parse({ refuse: cell }, context) {
    if (cell === undefined) return { ok: true, params: null };
    const read = parseText(cell.text.trim(), context);
    return read.ok ? { ok: true, params: { text: read.params } } : read;
  },
  reads: ({ text }) => textReads(text),
  writes: () => [],
  apply: ({ text }, scope) => [{ do: 'refuse', text: fillText(text, scope) }],
  reading: ({ text }, context) => say(context.locale, 'rule.reading.refuse', { text: textReading(text, context) }),
  examples: [
    {
      cells: { refuse: '解决前请填写解决方案' },
      values: {},
      effects: [{ do: 'refuse', text: '解决前请填写解决方案' }],
    },
    {
      cells: { refuse: '{客户名称} 的合同金额不能是 {合同金额}' },
      values: { customer: '远大物业', contract_amount: 0 },
      effects: [{ do: 'refuse', text: '远大物业 的合同金额不能是 0' }],
    },
  ],
};
