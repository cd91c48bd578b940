/** What the hidden page of the administration workbook says about conditions and actions. */
import type { Texts } from './catalogue.ts';

export const templateGuide = {
  'guide.example-1': { 'zh-CN': '例一', en: 'Example' },
  'guide.example-2': { 'zh-CN': '例二', en: 'Another' },
  'guide.meaning': { 'zh-CN': '意思', en: 'What it means' },
  'guide.conditions': { 'zh-CN': '条件格（规则和 SLA）', en: 'Conditions (rules and SLA)' },
  'guide.actions': { 'zh-CN': '动作列（规则）', en: 'Actions (rules)' },
  'guide.more': { 'zh-CN': '规则的其他列', en: 'Other columns of a rule' },

  'guide.any': { 'zh-CN': '不限', en: 'Anything' },
  'guide.any-what': {
    'zh-CN': '留空、- 或“任意”：这一列不作要求。',
    en: 'Blank, - or any: this column asks for nothing.',
  },
  'guide.equals': { 'zh-CN': '等于', en: 'Is' },
  'guide.equals-what': {
    'zh-CN': '写一个值，或用逗号、顿号、换行写几个：等于其中任何一个。文本列里是整句相等，要找其中的词请写“包含”。',
    en: 'A value, or several with commas or line breaks: any of them. In a text column the whole text must be equal; to look inside it write contains.',
  },
  'guide.not': { 'zh-CN': '不是', en: 'Is not' },
  'guide.not-what': {
    'zh-CN': '“非”后面的都不是。没有填的单元格也算“不是”。',
    en: 'None of what follows not. A blank cell also is none of them.',
  },
  'guide.compare': { 'zh-CN': '比大小', en: 'Compared' },
  'guide.compare-what': {
    'zh-CN': '数字、金额、日期和时长都可以比；“万”“以上”“以内”都认。数字里不要写千分号。',
    en: 'For numbers, amounts, dates and lengths of time. Write no thousands separator.',
  },
  'guide.range': { 'zh-CN': '范围', en: 'A range' },
  'guide.range-what': {
    'zh-CN': '两头都算在内。请写 1..3 或 1~3，不要写 1-3：表格软件会把它变成日期。',
    en: 'Both ends belong to it. Write 1..3 or 1~3, not 1-3: spreadsheet apps make a date of that.',
  },
  'guide.empty': { 'zh-CN': '为空', en: 'Empty' },
  'guide.empty-what': { 'zh-CN': '没有填，或者填了。', en: 'Nothing is filled in, or something is.' },
  'guide.contains': { 'zh-CN': '包含', en: 'Contains' },
  'guide.contains-what': {
    'zh-CN': '文字里有其中任何一个词；“包含全部”要每个词都有；“不包含”是一个也没有。',
    en: 'The text has any of the words; contains all wants each of them, does not contain wants none.',
  },
  'guide.starts': { 'zh-CN': '开头', en: 'Starts with' },
  'guide.starts-what': {
    'zh-CN': '文字以它开头；星号代表任意内容。',
    en: 'The text begins with it; a star stands for anything.',
  },
  'guide.age': { 'zh-CN': '过了多久', en: 'How long ago' },
  'guide.age-what': {
    'zh-CN': '那个时间点已经过去这么久。到点时规则自己触发，不需要有人改表格；“工作小时”按日历计算。',
    en: 'That moment lies so far back. The rule fires by itself when the time has come; working hours count by the calendar.',
  },
  'guide.day': { 'zh-CN': '哪一天', en: 'Which day' },
  'guide.day-what': {
    'zh-CN': '今天、昨天、本周、最近几天、未来几天，或一段日期。',
    en: 'Today, yesterday, this week, the last or next few days, or a span of dates.',
  },
  'guide.people': { 'zh-CN': '人', en: 'People' },
  'guide.people-what': {
    'zh-CN': '姓名、别名、我（正在操作的人），或属于某个组、某个角色的任何人。',
    en: 'A name, an alias, me (whoever acts), or anybody of a group or a role.',
  },
  'guide.change': { 'zh-CN': '发生变化', en: 'A change' },
  'guide.change-what': {
    'zh-CN': '刚刚变成这个值；也可以写“已变更”“离开 待受理”。',
    en: 'It has just become this value; changed and leaves New can be written too.',
  },
  'guide.formula': { 'zh-CN': '公式', en: 'A formula' },
  'guide.formula-what': {
    'zh-CN': '少数写不成上面样子的条件，用 FEEL 公式，? 代表这个单元格的值。',
    en: 'For the rare condition none of the above can say: FEEL, with ? for the value.',
  },

  'guide.assign-what': {
    'zh-CN':
      '把工单给谁：一个人、几个人，或一个组、角色里的人，轮流、最少（手上最少的）或按权重。每张工单只由最先符合的那一行分配。',
    en: 'Who gets the ticket: a person, or one of a group or role by turns (rotate), by load (least) or weighted. Only the first row that fits decides.',
  },
  'guide.set-what': {
    'zh-CN': '每个字段一列，表头写“设置.字段”。可以写一个值、{别的字段}、+1、今天+3天、清空。',
    en: 'A column for each field, headed Set.Field. Write a value, {another field}, +1, today+3 days or clear.',
  },
  'guide.notify-what': {
    'zh-CN': '发给谁：负责人、姓名、组、角色，或工单里的电话、邮箱。',
    en: 'Who is told: the assignee, a name, a group, a role, or a phone or address of the ticket.',
  },
  'guide.template-what': {
    'zh-CN': '“通知”页里一行的名称；或直接写“文本:”和内容，{…} 里的字段名会换成工单里的值。',
    en: 'The name of a row of the Notifications tab; or text: and the words themselves; a field named in {…} becomes its value.',
  },
  'guide.channel-what': {
    'zh-CN': '从哪些账号发，按先后尝试；不写就按模板。',
    en: 'Through which accounts, in this order; as the template says when blank.',
  },
  'guide.escalate-what': {
    'zh-CN': '给工单打上升级标记，并记录升级给谁。',
    en: 'Marks the ticket as escalated and keeps to whom.',
  },
  'guide.create-what': {
    'zh-CN': '在另一张表里新建一行：表名、冒号，然后是用分号隔开的“字段=值”。',
    en: 'A new row of another table: its name, a colon, then field=value, parted by semicolons.',
  },
  'guide.tag-what': { 'zh-CN': '给工单加标签，几个用逗号隔开。', en: 'Tags for the ticket, parted by commas.' },
  'guide.sla-what': {
    'zh-CN': '这张工单另外的响应、解决时限，优先于 SLA 页。',
    en: 'Times of its own for this ticket, before those of the SLA tab.',
  },
  'guide.comment-what': { 'zh-CN': '写一条只有团队看得到的评论。', en: 'A comment that only the team sees.' },
  'guide.refuse-what': {
    'zh-CN': '组要写“校验”：这次改动不被接受，并把这句话告诉填写的人。',
    en: 'In the group Validate: the change is not taken, and whoever made it reads this.',
  },
  'guide.stop-what': {
    'zh-CN': '符合时，同一组里下面的行不再看。',
    en: 'When the row fits, rows below it in its group are left out.',
  },
  'guide.webhook-what': {
    'zh-CN': '调用 rowkeeper.json 里起了这个名字的地址。',
    en: 'Calls the address that has this name in rowkeeper.json.',
  },

  'guide.mode-what': {
    'zh-CN': '是：生效；否：停用；演练：只计命中次数，什么也不做。',
    en: 'Yes: in force. No: off. Rehearse: hits are counted and nothing is done.',
  },
  'guide.stage-what': {
    'zh-CN': '校验、设值、分配、状态、SLA、通知，按这个先后执行；不写就由动作决定。',
    en: 'Validate, Set, Assign, Status, SLA, Notify, in this order; the actions decide when blank.',
  },
  'guide.timing-what': {
    'zh-CN':
      '新建、更新、到时（条件里有“超过 …”）、每天 22:00、工作日 18:00（到钟点看一遍未结的工单）、评论、手动，或“某字段变更”；不写就是新建或更新。',
    en: 'Created, updated, due (with an older than … condition), daily 22:00 or workdays 18:00 (every open ticket is looked at then), comment, manual, or a field that changes; created or updated when blank.',
  },
  'guide.extra-what': {
    'zh-CN': '对整张工单的一个 FEEL 公式，和其他条件一起成立才算。',
    en: 'A FEEL formula over the whole ticket; it must hold together with all other conditions.',
  },
  'guide.overwrite-what': {
    'zh-CN': '几行都要写同一个字段时，默认先写的算；这里写“是”，后面的行可以改写它。',
    en: 'When several rows write one field the first counts; Yes lets this later row write over it.',
  },
} as const satisfies Texts;
