/** webhook: calls an address by the name it has in the configuration; a tab never holds an address. */
import { say } from '../../src/messages/index.ts';
import { nearest } from '../../src/model/nearest.ts';
import { wordKey } from '../../src/model/typed.ts';
import { type Action, refuseAction } from '../action.ts';
import { listed } from '../action-text.ts';

export interface WebhookParams {
  readonly webhooks: readonly string[];
}

export const webhook: Action<WebhookParams> = {
  name: 'webhook',
  columns: { webhook: { 'zh-CN': ['webhook', '调用接口'], en: ['webhook'] } },
  stage: () => 'notify',
  parse({ webhook: cell }, context) {
    if (cell === undefined) return { ok: true, params: null };
    const example = context.webhooks[0] ?? say(context.locale, 'rule.example.nothing');
    const found: string[] = [];
    for (const word of listed(cell.text)) {
      const name = context.webhooks.find((each) => wordKey(each) === wordKey(word));
      if (name === undefined) {
        return refuseAction('unknown-webhook', word, example, { suggestion: nearest(word, context.webhooks) });
      }
      found.push(name);
    }
    return found.length === 0
      ? refuseAction('empty-action', cell.text, example)
      : { ok: true, params: { webhooks: found } };
  },
  reads: () => [],
  writes: () => [],
  apply: ({ webhooks }) => webhooks.map((name) => ({ do: 'webhook', webhook: name })),
  reading: ({ webhooks }, { locale }) => say(locale, 'rule.reading.webhook', { names: webhooks.join(', ') }),
  examples: [
    { cells: { webhook: 'erp' }, values: {}, effects: [{ do: 'webhook', webhook: 'erp' }] },
    {
      cells: { webhook: 'ERP; 大屏' },
      values: {},
      effects: [
        { do: 'webhook', webhook: 'erp' },
        { do: 'webhook', webhook: '大屏' },
      ],
    },
  ],
};
