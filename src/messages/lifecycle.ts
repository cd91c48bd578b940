/** What a person is told when a change of status was not taken as it was typed, or when something is still missing. */
import type { LifecycleNote, LifecycleReason } from '../model/lifecycle.ts';
import type { MergeResult } from '../model/merge.ts';
import { statusOptions } from '../model/status.ts';
import { fill, type Locale, type Text, type Texts } from './catalogue.ts';

type MergeReason = Extract<MergeResult, { ok: false }>['reason'];

export const lifecycle = {
  'lifecycle.unknown-status': {
    'zh-CN': '不认识状态“{text}”，仍按原来的状态处理。请从下拉中选择，或让管理员在“状态”配置里说明它属于哪一类。',
    en: 'The status "{text}" is not known; the old one stands. Pick one from the list, or have an admin say in the 状态 tab what it means.',
  },
  'lifecycle.no-such-move': {
    'zh-CN': '不能从“{from}”改为“{to}”，已恢复原状态。请按流程一步一步改。',
    en: 'A ticket cannot go from "{from}" to "{to}"; the old status was put back. Go step by step.',
  },
  'lifecycle.only-admin': {
    'zh-CN': '从“{from}”改为“{to}”只有管理员可以做，已恢复原状态。请联系管理员。',
    en: 'Only an admin can take a ticket from "{from}" to "{to}"; the old status was put back. Ask an admin.',
  },
  'lifecycle.window-over': {
    'zh-CN': '关闭已超过 {days} 天，不能再重新打开，已恢复“{from}”。要继续处理（{to}），请新建一张工单并注明原单号。',
    en: 'The ticket was closed more than {days} days ago and cannot be reopened; "{from}" was put back. To go on ("{to}"), make a new ticket that names this one.',
  },
  'lifecycle.not-new-again': {
    'zh-CN': '工单已经受理过，不再回到“{text}”，已改为处理中。',
    en: 'The ticket was taken up before, so it is not "{text}" again; it is in progress now.',
  },
  'lifecycle.by-way-of': {
    'zh-CN': '不能直接改到这个状态，已自动先经过：{path}。',
    en: 'There is no direct way to this status; it went by way of: {path}.',
  },
  'lifecycle.skipped': {
    'zh-CN': '跳过了：{states}，缺少的时间按这次修改的时间补上。',
    en: 'Skipped: {states}. Missing times were set to the time of this change.',
  },
  'lifecycle.guard-solution': {
    'zh-CN': '解决工单要写“解决方案”。请补上。',
    en: 'A resolved ticket needs a solution. Fill it in.',
  },
  'lifecycle.guard-assignee': {
    'zh-CN': '解决工单要有“负责人”。请补上。',
    en: 'A resolved ticket needs an assignee. Fill it in.',
  },
  'lifecycle.guard-close-reason': {
    'zh-CN': '没有解决就关闭，要写关闭原因。请补上。',
    en: 'A ticket closed without being resolved needs a reason. Fill it in.',
  },
  'lifecycle.guard-merge-target': {
    'zh-CN': '合并要说明并入哪一张工单。请补上工单号。',
    en: 'A merged ticket needs the number of the ticket it went into. Fill it in.',
  },
  'lifecycle.merge-itself': {
    'zh-CN': '工单不能并入自己。请填另一张工单的编号。',
    en: 'A ticket cannot be merged into itself. Name another ticket.',
  },
  'lifecycle.merge-cycle': {
    'zh-CN': '那张工单已经并入这一张，不能再反过来合并。请把这一张留作主单。',
    en: 'That ticket was merged into this one, so it cannot go the other way. Keep this one.',
  },
  'lifecycle.merge-already': {
    'zh-CN': '这张工单已经合并过了。要改并到别处，请管理员先撤销合并。',
    en: 'This ticket was merged before. To merge it elsewhere, have an admin undo that first.',
  },
  'lifecycle.merge-unknown': {
    'zh-CN': '没有“{number}”这张工单，没有合并。请在“合并到”里填已有的工单号，再改状态。',
    en: 'There is no ticket "{number}", so nothing was merged. Name a ticket that exists, then set the status.',
  },
} as const satisfies Texts & Record<`lifecycle.${LifecycleReason | MergeReason}`, Text>;

/** The text of a note, with its categories called as people know them. */
export function lifecycleText(locale: Locale, { reason, params }: LifecycleNote): string {
  const label = (word: string): string => {
    const option = statusOptions.find(({ category }) => category === word);
    return option === undefined ? word : locale === 'en' ? (option.en ?? option.label) : option.label;
  };
  const named = Object.entries(params).map(([name, value]) => {
    const isCategories = ['from', 'to', 'path', 'states'].includes(name);
    const comma = locale === 'zh-CN' ? '、' : ', ';
    return [name, isCategories ? String(value).split(',').map(label).join(comma) : value];
  });
  return fill(lifecycle[`lifecycle.${reason}`][locale], Object.fromEntries(named));
}
