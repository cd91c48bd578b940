/** 启动流程: starts a workflow of the 流程 tab on the record. */
import { say } from '../../src/messages/index.ts';
import { nearest } from '../../src/model/nearest.ts';
import { plainText, wordKey } from '../../src/model/typed.ts';
import { type Action, refuseAction } from '../action.ts';

export interface WorkflowParams {
  readonly workflow: string;
}

export const workflow: Action<WorkflowParams> = {
  name: 'workflow',
  columns: { workflow: { 'zh-CN': ['启动流程', '流程'], en: ['start workflow', 'workflow'] } },
  stage: () => 'notify',
  parse({ workflow: cell }, { workflows, locale }) {
    if (cell === undefined) return { ok: true, params: null };
    const found = workflows.find((name) => wordKey(name) === wordKey(cell.text));
    if (found !== undefined) return { ok: true, params: { workflow: found } };
    const example = workflows[0] ?? say(locale, 'rule.example.nothing');
    const suggestion = nearest(cell.text, workflows);
    return refuseAction('unknown-workflow', plainText(cell.text), example, { suggestion });
  },
  reads: () => [],
  writes: () => [],
  apply: (params) => [{ do: 'workflow', ...params }],
  reading: ({ workflow: name }, { locale }) => say(locale, 'rule.reading.workflow', { name }),
  examples: [
    { cells: { workflow: '售后' }, values: {}, effects: [{ do: 'workflow', workflow: '售后' }] },
    { cells: { workflow: ' 退 货 ' }, values: {}, effects: [{ do: 'workflow', workflow: '退货' }] },
  ],
};
