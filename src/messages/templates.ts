/** Names, headers and notes in the workbooks that `init` makes. */
import type { Texts } from './catalogue.ts';

export const templates = {
  'template-team-file': { 'zh-CN': '售后工单.xlsx', en: 'service-tickets.xlsx' },
  'template-admin-file': { 'zh-CN': '管理配置.xlsx', en: 'administration.xlsx' },
  'template-boss-file': { 'zh-CN': 'KPI看板.xlsx', en: 'kpi-board.xlsx' },
  'template-tickets-tab': { 'zh-CN': '工单', en: 'Tickets' },
  'template-customers-tab': { 'zh-CN': '客户', en: 'Customers' },
  'template-problems-tab': { 'zh-CN': '问题清单', en: 'Problems' },
  'template-fields-tab': { 'zh-CN': '字段', en: 'Fields' },
  'template-people-tab': { 'zh-CN': '人员', en: 'People' },
  'template-rules-tab': { 'zh-CN': '规则', en: 'Rules' },
  'template-sla-tab': { 'zh-CN': 'SLA', en: 'SLA' },
  'template-calendar-tab': { 'zh-CN': '日历', en: 'Calendar' },
  'template-notifications-tab': { 'zh-CN': '通知', en: 'Notifications' },
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

  'template-column-field': { 'zh-CN': '字段', en: 'Field' },
  'template-column-key': { 'zh-CN': '键', en: 'Key' },
  'template-column-table': { 'zh-CN': '表', en: 'Table' },
  'template-column-type': { 'zh-CN': '类型', en: 'Type' },
  'template-column-required': { 'zh-CN': '必填', en: 'Required' },
  'template-column-writer': { 'zh-CN': '谁填写', en: 'Written by' },
  'template-column-options': { 'zh-CN': '选项', en: 'Options' },
  'template-column-headers': { 'zh-CN': '也认这些表头', en: 'Headers also recognised' },
  'template-column-name': { 'zh-CN': '姓名', en: 'Name' },
  'template-column-role': { 'zh-CN': '角色', en: 'Role' },
  'template-column-when': { 'zh-CN': '什么时候', en: 'When' },
  'template-column-then': { 'zh-CN': '服务会怎么做', en: 'What the service does' },
  'template-column-priority': { 'zh-CN': '优先级', en: 'Priority' },
  'template-column-target': { 'zh-CN': '解决时限（工作小时）', en: 'Solved within (working hours)' },
  'template-column-day': { 'zh-CN': '星期', en: 'Day' },
  'template-column-morning': { 'zh-CN': '上午', en: 'Morning' },
  'template-column-afternoon': { 'zh-CN': '下午', en: 'Afternoon' },
  'template-column-where': { 'zh-CN': '在哪里', en: 'Where' },
  'template-column-what': { 'zh-CN': '看到什么', en: 'What is shown there' },
  'template-yes': { 'zh-CN': '是', en: 'Yes' },
  'template-writer-both': { 'zh-CN': '人员', en: 'People' },
  'template-writer-service': { 'zh-CN': '服务', en: 'The service' },
  'template-role-desk': { 'zh-CN': '客服', en: 'Front desk' },
  'template-role-engineer': { 'zh-CN': '工程师', en: 'Engineer' },
  'template-weekdays': { 'zh-CN': '周一至周五', en: 'Monday to Friday' },
  'template-weekend': { 'zh-CN': '周六、周日', en: 'Saturday and Sunday' },
  'template-day-off': { 'zh-CN': '休息', en: 'Off' },

  'template-rule-new-when': { 'zh-CN': '新增一行，填好问题标题并保存', en: 'A new row with a subject is saved' },
  'template-rule-new-then': {
    'zh-CN': '建立工单，把工单号写回这一行',
    en: 'Makes a ticket and writes its number into the row',
  },
  'template-rule-edit-when': { 'zh-CN': '改了某个单元格并保存', en: 'A cell is changed and saved' },
  'template-rule-edit-then': {
    'zh-CN': '写入数据库，并留下谁、何时、从什么改成什么的记录',
    en: 'Stores it, with a record of when, where, the old and the new value',
  },
  'template-rule-wrong-when': { 'zh-CN': '填的内容这一列不能接受', en: 'A value its column cannot take' },
  'template-rule-wrong-then': {
    'zh-CN': '原样保留，标红，在系统提示里说明，并列入问题清单',
    en: 'Leaves it as typed, marks it red, explains it in the system note and lists it under problems',
  },
  'template-rule-both-when': {
    'zh-CN': '同一单元格在表格和数据库里都被改过',
    en: 'One cell changed in the sheet and in the database',
  },
  'template-rule-both-then': {
    'zh-CN': '按先后与权限取一个，另一个列入问题清单供选择',
    en: 'Keeps one by rank and lists the other under problems, to choose from',
  },
  'template-rule-grey-when': { 'zh-CN': '改动了灰色的列', en: 'A grey column is typed into' },
  'template-rule-grey-then': { 'zh-CN': '写回原来的内容', en: 'Writes the old content back' },
  'template-rule-mass-when': {
    'zh-CN': '许多行突然消失，或一列被单独排序、整列清空',
    en: 'Many rows vanish, or one column is sorted alone or emptied',
  },
  'template-rule-mass-then': {
    'zh-CN': '先停下并说明原因，等人确认（rowkeeper release）',
    en: 'Stops, says why and waits for a person (rowkeeper release)',
  },
  'template-notice-hint': { 'zh-CN': '工单表的“系统提示”列', en: 'The system note of the row' },
  'template-notice-hint-what': { 'zh-CN': '这一行哪里需要处理', en: 'What is wrong with this row' },
  'template-notice-problems': { 'zh-CN': '“问题清单”标签页', en: 'The problems tab' },
  'template-notice-problems-what': {
    'zh-CN': '所有需要人决定的事，可在“处理”列答复',
    en: 'All that needs a decision; answer in its answer column',
  },
  'template-notice-terminal': { 'zh-CN': '命令行', en: 'The command line' },
  'template-notice-terminal-what': {
    'zh-CN': 'rowkeeper problems、status、log 工单号',
    en: 'rowkeeper problems, status, log TICKET',
  },

  'template-about-admin': { 'zh-CN': '管理配置', en: 'Administration' },
  'template-about-admin-1': {
    'zh-CN': '这本工作簿说明服务现在怎样工作：认识哪些列、自己会做什么、消息出现在哪里。',
    en: 'This workbook says how the service works now: which columns it knows, what it does by itself, where messages appear.',
  },
  'template-about-admin-2': {
    'zh-CN': '服务目前不读取这本工作簿。设置写在工作区的 rowkeeper.json 里：标签页、自己的列、只读、筛选。',
    en: 'The service does not read this workbook today. Settings stand in rowkeeper.json: tabs, columns of your own, read-only, filters.',
  },
  'template-about-admin-3': {
    'zh-CN': '《{team}》里加一列自己的内容：先在工作簿里加表头，再在 rowkeeper.json 的 columns 里写 "表头": "英文键"。',
    en: 'A column of your own in {team}: add its header there, then name it under columns in rowkeeper.json: "Header": "key".',
  },
  'template-about-boss': { 'zh-CN': 'KPI 看板', en: 'KPI board' },
  'template-about-boss-1': {
    'zh-CN': '目前没有指标写入这本工作簿，服务不读也不改它；可以先放自己的图表。',
    en: 'No figures are written into this workbook today and the service neither reads nor changes it; keep your own charts here.',
  },
  'template-about-boss-2': {
    'zh-CN': '要看数字：在《{team}》的工单页筛选或做数据透视表，或运行 rowkeeper status。',
    en: 'For figures: filter or pivot the tickets tab of {team}, or run rowkeeper status.',
  },
} as const satisfies Texts;
