/** 分配给: who the record is given to. */
import { say } from '../../src/messages/index.ts';
import { type Action, type ActionScope, refuseAction } from '../action.ts';
import { parseTarget, targetReading } from '../action-people.ts';
import type { AssignTarget } from '../effect.ts';

export interface AssignParams {
  /** The field the person is written into. */
  readonly field: string;
  readonly target: AssignTarget;
}

/**
 * True when the record is already with one of those the cell asks for. A change of the record then keeps it there:
 * otherwise each corrected cell would pass it on to the next of the group. A moment that has come, a comment and a
 * person's click do pass it on.
 */
function isSettled({ field, target }: AssignParams, { values, directory, event }: ActionScope): boolean {
  if (event !== 'create' && event !== 'update') return false;
  const inCharge = String(values[field] ?? '').split('、')[0] ?? '';
  if (inCharge === '' || directory.find(inCharge)?.active === false) return false;
  if (target.to === 'group') return directory.inGroup(inCharge, target.group);
  if (target.to === 'role') return directory.hasRole(inCharge, target.role);
  return target.to === 'one-of' && target.names.includes(inCharge);
}

function personOf({ target }: AssignParams, scope: ActionScope): string | null {
  switch (target.to) {
    case 'person':
      return target.name;
    case 'people':
      return target.names.join('、');
    case 'field':
      return String(scope.values[target.field] ?? '') || null;
    case 'me':
      return scope.me;
    default:
      return scope.pick?.(target, scope.values) ?? null;
  }
}

export const assign: Action<AssignParams> = {
  name: 'assign',
  columns: { assign: { 'zh-CN': ['分配给', '指派给', '派给'], en: ['assign to', 'assign'] } },
  stage: () => 'assign',
  parse({ assign: cell }, context) {
    if (cell === undefined) return { ok: true, params: null };
    const field = context.fields.find(({ key }) => key === 'assignee');
    if (field === undefined) return refuseAction('bad-target', cell.text, '');
    const read = parseTarget(cell.text, context);
    return read.ok ? { ok: true, params: { field: field.key, target: read.params } } : read;
  },
  reads: ({ target }) => (target.to === 'field' ? [target.field] : []),
  writes: ({ field, target }) => {
    if (target.to === 'person') return [{ field, value: target.name }];
    return target.to === 'people' ? [{ field, value: target.names.join('、') }] : [{ field }];
  },
  apply: (params, scope) =>
    isSettled(params, scope)
      ? []
      : [{ do: 'assign', field: params.field, target: params.target, person: personOf(params, scope) }],
  reading: ({ target }, context) =>
    say(context.locale, 'rule.reading.assign', { target: targetReading(target, context) }),
  examples: [
    {
      cells: { assign: '组:水电组 轮流' },
      values: {},
      effects: [
        {
          do: 'assign',
          field: 'assignee',
          target: { to: 'group', group: '水电组', strategy: 'rotate' },
          person: null,
        },
      ],
    },
    {
      cells: { assign: '张工' },
      values: { assignee: '李四' },
      effects: [{ do: 'assign', field: 'assignee', target: { to: 'person', name: '张三' }, person: '张三' }],
    },
  ],
};
