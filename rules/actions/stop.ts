/** 停止: when the row matches, the rows below it in its stage are not looked at. */
import { say } from '../../src/messages/index.ts';
import { type Action, refuseAction } from '../action.ts';
import { yesNo } from '../words.ts';

export interface StopParams {
  readonly stop: true;
}

export const stop: Action<StopParams> = {
  name: 'stop',
  columns: { stop: { 'zh-CN': ['停止'], en: ['stop'] } },
  stage: () => 'notify',
  parse({ stop: cell }, { locale }) {
    if (cell === undefined) return { ok: true, params: null };
    const answer = yesNo(cell.raw);
    if (answer === null) return refuseAction('bad-yes-no', cell.text, say(locale, 'rule.example.yes'));
    return { ok: true, params: answer ? { stop: true } : null };
  },
  reads: () => [],
  writes: () => [],
  apply: () => [],
  reading: (_, { locale }) => say(locale, 'rule.reading.stop'),
  examples: [
    { cells: { stop: '是' }, values: {}, effects: [] },
    { cells: { stop: '√' }, values: {}, effects: [] },
  ],
};
