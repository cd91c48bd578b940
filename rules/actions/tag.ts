/** 加标签: words by which a record is found again. */
import { say } from '../../src/messages/index.ts';
import { type Action, refuseAction } from '../action.ts';
import { listed } from '../action-text.ts';

export interface TagParams {
  readonly tags: readonly string[];
}

export const tag: Action<TagParams> = {
  name: 'tag',
  columns: { tag: { 'zh-CN': ['加标签', '标签'], en: ['add tag', 'tag', 'tags'] } },
  stage: () => 'set',
  parse({ tag: cell }, { locale }) {
    if (cell === undefined) return { ok: true, params: null };
    const tags = listed(cell.text);
    if (tags.length === 0) return refuseAction('empty-action', cell.text, say(locale, 'rule.example.tag'));
    return { ok: true, params: { tags } };
  },
  reads: () => [],
  writes: () => [],
  apply: ({ tags }) => [{ do: 'tag', tags }],
  reading: ({ tags }, { locale }) =>
    say(locale, 'rule.reading.tag', { tags: tags.join(say(locale, 'rule.list-separator')) }),
  examples: [
    { cells: { tag: 'VIP' }, values: {}, effects: [{ do: 'tag', tags: ['VIP'] }] },
    { cells: { tag: '漏水、 老客户' }, values: {}, effects: [{ do: 'tag', tags: ['漏水', '老客户'] }] },
  ],
};
