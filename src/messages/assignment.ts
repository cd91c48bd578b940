/** Why a ticket went to somebody, and why not to the others. */
import type { Texts } from './catalogue.ts';

export const assignment = {
  'assign.chosen': { 'zh-CN': '分配给 {name}：{by}', en: 'assigned to {name}: {by}' },
  'assign.queued': {
    'zh-CN': '合适的人都已满负荷，排队等待。有人空出来就自动分配；也可以直接指定负责人。',
    en: 'Everybody who fits has their hands full; it waits for the first free hand. You can also name an assignee.',
  },
  'assign.unassigned': {
    'zh-CN': '现在没有人能接这张工单。请指定负责人，或检查“人员”里的班次、请假、技能和区域。',
    en: 'Nobody can take this ticket now. Name an assignee, or check shifts, leaves, skills and regions in the 人员 tab.',
  },
  'assign.by-reopened': { 'zh-CN': '上次由他处理', en: 'had it before it was reopened' },
  'assign.by-sticky': { 'zh-CN': '熟悉这位客户或这台设备', en: 'knows this customer or device' },
  'assign.by-round-robin': { 'zh-CN': '轮到他', en: 'it is their turn' },
  'assign.by-least-loaded': { 'zh-CN': '手上的工单最少', en: 'has the least to do' },
  'assign.by-weighted': { 'zh-CN': '按权重轮到他', en: 'it is their turn by weight' },
  'assign.by-team-lead': { 'zh-CN': '组里没有人能接，由组长接', en: 'nobody of the team can, so the lead takes it' },
  'assign.by-duty': {
    'zh-CN': '组里没有人能接，由值班的人接',
    en: 'nobody of the team can, so who is on duty takes it',
  },
  'assign.stand-ins': { 'zh-CN': '代班：{chain}', en: 'standing in: {chain}' },
  'assign.handover': {
    'zh-CN': '{name} 请假（{from} 至 {until}），期间到期，转给 {person}',
    en: '{name} is on leave ({from} to {until}) and it falls due before they are back: handed to {person}',
  },
  'assign.handover-nobody': {
    'zh-CN':
      '{name} 请假（{from} 至 {until}），工单在此期间到期，没有代理人也没有组长能接。请改派，或在“人员”里填代理人。',
    en: '{name} is on leave ({from} to {until}) and the ticket falls due before they are back, but no substitute and no lead can take it. Name another assignee, or a substitute in the 人员 tab.',
  },
  'assign.handover-cycle': {
    'zh-CN': '代理人互相代班，由组长接',
    en: 'the substitutes stand in for each other, so the lead takes it',
  },
  'assign.relaxed-region': {
    'zh-CN': '没有人同时满足要求，放宽了区域',
    en: 'nobody had everything, so the region was given up',
  },
  'assign.relaxed-level': {
    'zh-CN': '没有人同时满足要求，放宽了技能等级',
    en: 'nobody had everything, so the skill level was given up',
  },
  'assign.unknown': { 'zh-CN': '“人员”里没有他', en: 'not in the 人员 tab' },
  'assign.left': { 'zh-CN': '已离开', en: 'left' },
  'assign.other-team': { 'zh-CN': '不在 {team}', en: 'not in {team}' },
  'assign.off-shift': { 'zh-CN': '现在不当班', en: 'not on shift now' },
  'assign.on-leave': { 'zh-CN': '请假', en: 'on leave' },
  'assign.leave-soon': { 'zh-CN': '马上要请假', en: 'about to go on leave' },
  'assign.lacks-skill': { 'zh-CN': '没有技能 {skill}', en: 'lacks the skill {skill}' },
  'assign.lacks-level': {
    'zh-CN': '{skill} 要 {level} 级，他是 {own} 级',
    en: '{skill} asks for level {level}, has {own}',
  },
  'assign.other-region': { 'zh-CN': '不负责 {region}', en: 'does not serve {region}' },
  'assign.at-capacity': { 'zh-CN': '已满（{load}/{capacity}）', en: 'full ({load}/{capacity})' },
} as const satisfies Texts;
