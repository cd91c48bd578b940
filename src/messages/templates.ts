/** Names, headers and notes in the workbooks that `init` makes. */
import type { Texts } from './catalogue.ts';

export const templates = {
  'template-team-file': { 'zh-CN': '售后工单.xlsx', en: 'service-tickets.xlsx' },
  'template-admin-file': { 'zh-CN': '管理配置.xlsx', en: 'administration.xlsx' },
  'template-boss-file': { 'zh-CN': 'KPI看板.xlsx', en: 'kpi-board.xlsx' },
  'template-tickets-tab': { 'zh-CN': '工单', en: 'Tickets' },
  'template-customers-tab': { 'zh-CN': '客户', en: 'Customers' },
  'template-service_records-tab': { 'zh-CN': '服务记录', en: 'Service records' },
  'template-follow_ups-tab': { 'zh-CN': '客户回访', en: 'Follow-ups' },
  'template-contacts-tab': { 'zh-CN': '联系记录', en: 'Contacts' },
  'template-problems-tab': { 'zh-CN': '问题清单', en: 'Problems' },
  'template-fields-tab': { 'zh-CN': '字段', en: 'Fields' },
  'template-people-tab': { 'zh-CN': '人员', en: 'People' },
  'template-rules-tab': { 'zh-CN': '规则', en: 'Rules' },
  'template-sla-tab': { 'zh-CN': 'SLA', en: 'SLA' },
  'template-calendar-tab': { 'zh-CN': '日历', en: 'Calendar' },
  'template-notifications-tab': { 'zh-CN': '通知', en: 'Notifications' },
  'template-cases-tab': { 'zh-CN': '用例', en: 'Cases' },
  'template-guide-tab': { 'zh-CN': '写法', en: 'How to write' },
  'template-about-tab': { 'zh-CN': '说明', en: 'About' },

  'template-hint-header': { 'zh-CN': '系统提示', en: 'System note' },
  'template-hint-note': {
    'zh-CN': '本行有需要处理的地方时，由服务写在这里，并把对应的单元格标红；改好后自动消失。',
    en: 'What is wrong with the row, written by the service; the cell it names turns red. It goes away once mended.',
  },
  'template-number-note': {
    'zh-CN': '由服务填写。新增一行时把这里留空，保存后就会得到编号。',
    en: 'Filled in by the service. Leave it blank in a new row and save: the number appears.',
  },
  'template-answer-note': {
    'zh-CN': '选一个答复并保存，服务照办后这一行会消失。',
    en: 'Pick an answer and save; the row goes away once the service has done it.',
  },

  'template-own-approver': { 'zh-CN': '审批人', en: 'Approver' },
  'template-own-approval': { 'zh-CN': '审批结果', en: 'Approval' },
  'template-own-rush': { 'zh-CN': '是否加急上门', en: 'Rush visit' },
  'template-own-parts': { 'zh-CN': '预计到货日', en: 'Parts expected' },

  'template-about-admin': { 'zh-CN': '管理配置', en: 'Administration' },
  'template-about-admin-1': {
    'zh-CN': '服务按这本工作簿工作：改一行并保存，几秒后“检查”列就会写上 ✓，或者说明哪个单元格为什么不行、该怎么改。',
    en: 'The service runs by this workbook: change a row and save, and within seconds its Check column says ✓, or which cell is wrong, why, and what to write instead.',
  },
  'template-about-admin-2': {
    'zh-CN': '一行写错不会影响别的行，也不会让服务停下；那一行上一次正确的写法继续生效。灰色的列由服务填写。',
    en: 'A wrong row harms no other row and never stops the service; what it last said correctly stays in force. Grey columns are written by the service.',
  },
  'template-about-admin-3': {
    'zh-CN':
      '字段：《{team}》每一列是什么，自己的列也加在这里。人员：谁、什么角色和组、怎么联系。规则：什么情况下做什么。SLA：承诺多久响应和解决。日历：工作时间和节假日。通知：消息写什么、从哪里发。用例：试一试规则对不对。',
    en: 'Fields: what each column of {team} is, your own ones included. People: who, in which role and team, how to reach them. Rules: what happens when. SLA: how soon you answer and solve. Calendar: working time and holidays. Notifications: what is said and through what. Cases: trying out the rules.',
  },
  'template-about-admin-4': {
    'zh-CN':
      '想先看看一条规则会命中哪些工单，把“启用”设为“演练”：只计次数，什么也不做。暂时不要一行，设为“否”，不必删除。',
    en: 'To see what a rule would hit, set its On column to Rehearse: hits are counted and nothing is done. To switch a row off set it to No; there is no need to delete it.',
  },
  'template-about-admin-5': {
    'zh-CN': '条件和动作的写法连同例子在隐藏的“{guide}”页：右键任意一个标签，取消隐藏。',
    en: 'How conditions and actions are written, with examples, stands in the hidden tab {guide}: right-click any tab and unhide it.',
  },
  'template-about-boss': { 'zh-CN': 'KPI 看板', en: 'KPI board' },
  'template-about-boss-1': {
    'zh-CN':
      '服务启动后会在这本工作簿里加上统计表：概览、趋势、漏斗、人员、问题分析、客户、SLA、积压和明细，并随工单自动更新。',
    en: 'Once the service runs it adds tabs of figures to this workbook: overview, trend, funnel, people, issues, customers, SLA, backlog and details, and keeps them up to date.',
  },
  'template-about-boss-2': {
    'zh-CN':
      '数字来自《{team}》里的工单。图表可以移动、改样式；批注写在统计区域的右边，自己的图表放在新建的工作表里。统计区域里填的内容会被换回数字。',
    en: 'The figures are of the tickets in {team}. Charts may be moved and styled; write notes to the right of the figures and keep your own charts in tabs of your own. What is typed over a figure is replaced by it.',
  },
} as const satisfies Texts;
