/** What is said beside the rows of the config tabs: what stands there, what is expected, one example. */
import type { Texts } from './catalogue.ts';

export const configTabs = {
  'tab-no-column': {
    'zh-CN': '这个标签页缺少“{column}”列。请在表头里加上它。',
    en: 'This tab has no column "{column}". Add it to the header.',
  },
  'tab-column-twice': {
    'zh-CN': '“{column}”列出现了两次，只读 {first} 列。请删去多余的一列。',
    en: 'The column "{column}" stands here twice; only {first} is read. Remove the other.',
  },
  'tab-header-near': {
    'zh-CN': '不认识表头“{typed}”，这一列没有读。是不是要写“{meant}”？',
    en: 'The header "{typed}" is not known, so the column is not read. Did you mean "{meant}"?',
  },
  'tab-header-unknown': {
    'zh-CN': '表头“{typed}”不是字段，这一列没有读。请改成字段的名称，例如 优先级。',
    en: 'The header "{typed}" names no field, so the column is not read. Write the name of a field, for example Priority.',
  },
  'tab-incomplete': {
    'zh-CN': '还缺“{column}”，这一行暂不生效。请补上。',
    en: '"{column}" is still missing, so the row is not in force yet. Fill it in.',
  },
  'tab-sheet-error': {
    'zh-CN': '单元格里是错误值 {typed}。请修正公式，或直接填写内容。',
    en: 'The cell holds the error {typed}. Mend the formula or type the value itself.',
  },
  'tab-not-a-flag': {
    'zh-CN': '“{typed}”不是“是”也不是“否”。请填 是 或 否。',
    en: '"{typed}" is neither yes nor no. Write Yes or No.',
  },
  'tab-more-notes': { 'zh-CN': '另有 {count} 处。', en: 'And {count} more.' },
  'tab-name-twice': {
    'zh-CN': '“{name}”在第 {row} 行已经有了，这一行不生效。请换一个名称。',
    en: '"{name}" already stands in row {row}, so this row is not in force. Choose another name.',
  },
  'tab-calendar-unknown': {
    'zh-CN': '没有日历“{typed}”。请填“日历”标签页里的名称：{known}。',
    en: 'There is no calendar "{typed}". Use a name of the Calendar tab: {known}.',
  },
  'tab-calendar-unknown-near': {
    'zh-CN': '没有日历“{typed}”。是不是要写“{meant}”？',
    en: 'There is no calendar "{typed}". Did you mean "{meant}"?',
  },

  'tab-table-near': {
    'zh-CN': '“{typed}”会成为一张新表。如果要写的是“{meant}”，请改过来。',
    en: '"{typed}" becomes a table of its own. If you meant "{meant}", correct it.',
  },
  'tab-key-near': {
    'zh-CN': '键 {key} 与标准字段 {meant} 只差一点。如果就是那个字段，请写 {meant}。',
    en: 'The key {key} is almost the standard field {meant}. Write {meant} if you mean it.',
  },
  'tab-key-form': {
    'zh-CN':
      '键“{key}”不能用。请以小写字母开头，只用小写字母、数字和 _，最多 40 个，例如 visit_fee；也可以留空，由服务取名。',
    en: 'The key "{key}" cannot be used. Begin with a small letter and use small letters, digits and _ only, 40 at most, for example visit_fee; or leave it blank.',
  },
  'tab-key-made': {
    'zh-CN': '这个字段的键是 {key}。请把它抄到“键”列，这样以后改名也不会丢数据。',
    en: 'The key of this field is {key}. Copy it into the column Key, so that renaming the field later loses nothing.',
  },
  'tab-type-unknown': {
    'zh-CN': '没有字段类型“{typed}”。可以填：{known}。',
    en: 'There is no field type "{typed}". Use one of: {known}.',
  },
  'tab-type-near': {
    'zh-CN': '没有字段类型“{typed}”。是不是要写“{meant}”？',
    en: 'There is no field type "{typed}". Did you mean "{meant}"?',
  },
  'tab-type-standard': {
    'zh-CN': '标准字段 {field} 不能改成“{typed}”，已有的数据存不进去。请填“{type}”或留空。',
    en: 'The standard field {field} cannot become "{typed}": what it holds would not fit. Write "{type}" or leave it blank.',
  },
  'tab-options-unused': {
    'zh-CN': '“{type}”没有选项，这一格不起作用。请删去，或把类型改成 单选 或 多选。',
    en: 'A field of the type "{type}" has no options, so this cell does nothing. Clear it, or make the type Choice or Choices.',
  },
  'tab-option-unreadable': {
    'zh-CN': '看不懂选项“{typed}”。请写成 标签 或 标签(别名1/别名2)，用、隔开，例如 华东(上海/江苏)、华北。',
    en: 'The option "{typed}" cannot be read. Write label or label(alias/alias), parted by commas, for example East(Shanghai/Jiangsu), North.',
  },
  'tab-option-twice': {
    'zh-CN': '选项“{label}”写了两次。请删去一个。',
    en: 'The option "{label}" stands here twice. Remove one.',
  },
  'tab-option-word': {
    'zh-CN': '“{word}”已经属于选项“{other}”，在“{label}”这里不起作用。请只留一处。',
    en: '"{word}" already belongs to the option "{other}" and does nothing at "{label}". Keep one of them.',
  },
  'tab-option-category': {
    'zh-CN': '不知道“{label}”是什么含义。请在后面注明，例如 {label}={example}；可以是：{categories}。',
    en: 'It is not known what "{label}" means. Say so behind it, for example {label}={example}; one of: {categories}.',
  },
  'tab-option-lacking': {
    'zh-CN': '没有选项表示 {categories}，工单就走不完流程。请补上，例如 待受理=new。',
    en: 'No option stands for {categories}, so tickets could not run their course. Add one, for example New=new.',
  },
  'tab-writer': {
    'zh-CN': '“{typed}”看不出由谁填写。请填 是（只由服务写）、否（都可以改）或 仅表格。',
    en: '"{typed}" does not say who writes it. Write Yes (the service only), No (everybody) or Sheet.',
  },
  'tab-writer-service': {
    'zh-CN': '“{field}”由服务填写，不能改成由人填写。请填 是，或留空。',
    en: '"{field}" is written by the service and cannot be opened to people. Write Yes or leave it blank.',
  },
  'tab-initial': {
    'zh-CN': '默认值不能用：{reason}',
    en: 'The default cannot be used: {reason}',
  },
  'tab-initial-unused': {
    'zh-CN': '“{type}”由服务填写，默认值不起作用。请删去。',
    en: 'A field of the type "{type}" is filled in by the service, so a default does nothing. Clear it.',
  },
  'tab-attachments': {
    'zh-CN': '看不懂附件限制“{typed}”。请写 个数、大小和扩展名，例如 最多5个，每个20MB，jpg/png/pdf。',
    en: 'The limit "{typed}" cannot be read. Write number, size and endings, for example up to 5 files, each 20MB, jpg/png/pdf.',
  },
  'tab-attachments-unused': {
    'zh-CN': '“{type}”不放文件，附件限制不起作用。请删去，或把类型改成 附件。',
    en: 'A field of the type "{type}" holds no files, so limits do nothing. Clear them, or make the type Files.',
  },
  'tab-formula': { 'zh-CN': '公式', en: 'Formula' },
  'tab-source-unused': {
    'zh-CN': '“{type}”不是算出来的，公式不起作用。请删去，或把类型改成 公式。',
    en: 'A field of the type "{type}" is not worked out, so a formula does nothing. Clear it, or make the type Formula.',
  },
  'tab-field-twice': {
    'zh-CN': '字段 {field} 在第 {row} 行已经有了，这一行不生效。请删去一行，或换一个键。',
    en: 'The field {field} already stands in row {row}, so this row is not in force. Remove one, or give it another key.',
  },
  'tab-field-meant': {
    'zh-CN': '“{label}”按标准字段 {field} 处理。如果是另一个字段，请给它写一个键，例如 my_{field}。',
    en: '"{label}" is taken for the standard field {field}. If it is another field, give it a key of its own, for example my_{field}.',
  },
  'tab-header-taken': {
    'zh-CN': '表头“{text}”已经属于字段 {field}。请换一个，免得分不清是哪一列。',
    en: 'The header "{text}" already belongs to the field {field}. Choose another, or nobody can tell the columns apart.',
  },

  'tab-capacity': {
    'zh-CN': '“{typed}”不是容量。请填同时处理的工单数，例如 8；不限就留空。',
    en: '"{typed}" is no capacity. Write how many tickets at once, for example 8; leave it blank for no limit.',
  },
  'tab-weight': {
    'zh-CN': '“{typed}”不是权重。请填大于 0 的数字，例如 1 或 0.5。',
    en: '"{typed}" is no weight. Write a number above 0, for example 1 or 0.5.',
  },
  'tab-leave': {
    'zh-CN': '看不懂休假“{typed}”。请写起止日期，例如 3月10日下午-3月12日 或 2026-10-01..2026-10-07，多段用；隔开。',
    en: 'The leave "{typed}" cannot be read. Write first and last day, for example 2026-03-10 pm..2026-03-12; part several with a semicolon.',
  },
  'tab-leave-past': {
    'zh-CN': '“{typed}”没有写年份，按 {day} 理解，已经过去了。如果是以后的，请写上年份，例如 2027-03-10。',
    en: '"{typed}" has no year and is taken as {day}, which is over. If it is still to come, write the year, for example 2027-03-10.',
  },
  'tab-quiet-hours': {
    'zh-CN': '看不懂免打扰时段“{typed}”。请写起止时间，例如 22:00-08:00。',
    en: 'The quiet hours "{typed}" cannot be read. Write from and to, for example 22:00-08:00.',
  },
  'tab-person-twice': {
    'zh-CN': '“{name}”在第 {row} 行已经有了，这一行不生效。若是同名的两个人，请把名字写得不同，例如 {name}(华东)。',
    en: '"{name}" already stands in row {row}, so this row is not in force. If they are two people, write their names apart, for example {name} (East).',
  },
  'tab-alias-shared': {
    'zh-CN': '“{alias}”也是 {other} 的别名，写了它就分不清是谁，所以不认。请换一个称呼。',
    en: '"{alias}" is an alias of {other} too, so it leads to neither. Choose another.',
  },
  'tab-alias-name': {
    'zh-CN': '“{alias}”是 {other} 的姓名，写了它只会找到 {other}。请换一个称呼。',
    en: '"{alias}" is the name of {other} and always leads there. Choose another.',
  },
  'tab-substitute-unknown': {
    'zh-CN': '代理人“{typed}”不在这个标签页里，休假时没有人接手。请填已有的姓名：{known}。',
    en: 'The substitute "{typed}" does not stand in this tab, so nobody takes over. Write a name that does: {known}.',
  },
  'tab-substitute-unknown-near': {
    'zh-CN': '代理人“{typed}”不在这个标签页里。是不是要写“{meant}”？',
    en: 'The substitute "{typed}" does not stand in this tab. Did you mean "{meant}"?',
  },
  'tab-substitute-self': {
    'zh-CN': '{name} 不能代理自己。请填另一个人，或留空。',
    en: '{name} cannot stand in for himself or herself. Write another person or leave it blank.',
  },
  'tab-substitute-inactive': {
    'zh-CN': '代理人 {name} 已经不在职。请换一个人。',
    en: 'The substitute {name} is not active any more. Choose another person.',
  },

  'tab-weekday-hours': {
    'zh-CN': '没有写几点到几点。请写时段，例如 09:00-12:00, 13:30-18:00。',
    en: 'The hours are missing. Write them, for example 09:00-12:00, 13:30-18:00.',
  },
  'tab-hours-missing': {
    'zh-CN': '还缺时段，这一行暂不生效。请填时段，例如 09:00-12:00, 13:30-18:00；或填 休、班。',
    en: 'The hours are still missing, so the row is not in force yet. Write them, for example 09:00-12:00, 13:30-18:00; or off, or work.',
  },
  'tab-hours': {
    'zh-CN': '看不懂时段“{typed}”。请写起止时间，例如 09:00-12:00, 13:30-18:00；或填 休、班。',
    en: 'The hours "{typed}" cannot be read. Write from and to, for example 09:00-12:00, 13:30-18:00; or off, or work.',
  },
  'tab-day': {
    'zh-CN': '看不懂“{typed}”是哪几天。请写星期或日期，例如 周一至周五 或 2026-10-01..2026-10-07。',
    en: '"{typed}" names no days. Write weekdays or dates, for example Mon-Fri or 2026-10-01..2026-10-07.',
  },
  'tab-day-year': {
    'zh-CN': '“{typed}”没有写年份，到明年就不对了。请写上，例如 2026-10-01..2026-10-07。',
    en: '"{typed}" has no year and would be wrong next year. Write it as well, for example 2026-10-01..2026-10-07.',
  },
  'tab-day-swap': {
    'zh-CN': '“调休”可能是上班，也可能是休息。请写 班 或 休。',
    en: '调休 can be a day of work or a day off. Write work or off.',
  },
  'tab-days-reversed': {
    'zh-CN': '{from} 到 {to} 不是一段日期：结束要在开始之后，最多十年。请改正，例如 2026-10-01..2026-10-07。',
    en: '{from} to {to} is no span: it must end after it begins, within ten years. Correct it, for example 2026-10-01..2026-10-07.',
  },
  'tab-time-zone': {
    'zh-CN': '不认识时区“{typed}”。请写 IANA 名称，例如 Asia/Shanghai。',
    en: 'The time zone "{typed}" is not known. Write an IANA name, for example Asia/Shanghai.',
  },
  'tab-time-zone-other': {
    'zh-CN': '日历“{name}”的时区已经是 {other}，不能又是 {typed}。请只写一个。',
    en: 'The calendar "{name}" already has the time zone {other} and cannot have {typed} too. Keep one.',
  },
  'tab-holidays-unknown': {
    'zh-CN': '还没有 {year} 年的法定节假日，已有：{known}。请按国务院通知逐行填写，例如 2027-10-01..2027-10-07 休。',
    en: 'The public holidays of {year} are not known; known: {known}. Add them as rows, for example 2027-10-01..2027-10-07 off.',
  },
  'tab-calendar-never-open': {
    'zh-CN': '日历“{name}”没有任何工作时段，不能使用。请至少写一行，例如 周一至周五 09:00-12:00, 13:30-18:00。',
    en: 'The calendar "{name}" has no working hours and cannot be used. Add a row, for example Mon-Fri 09:00-12:00, 13:30-18:00.',
  },
  'tab-calendar-no-monday': {
    'zh-CN': '这天上班，但没有周一的时段可以照用。请写上时段，例如 2026-10-10 09:00-18:00。',
    en: 'This is a day of work, but there are no hours of Monday to go by. Write them, for example 2026-10-10 09:00-18:00.',
  },

  'tab-sla-no-target': {
    'zh-CN': '还没有任何时限，这一行暂不生效。请至少填一个，例如 解决：4小时。',
    en: 'No target is given yet, so the row is not in force. Fill in one, for example Resolution: 4h.',
  },
  'tab-sla-mode': {
    'zh-CN': '不认识计时方式“{typed}”。请填 工作时间 或 自然时间。',
    en: 'The way of counting "{typed}" is not known. Write business time or calendar time.',
  },
  'tab-sla-target': {
    'zh-CN': '看不懂时限“{typed}”。请写时长和单位，例如 30分钟、4小时 或 2个工作日。',
    en: 'The target "{typed}" cannot be read. Write a length with its unit, for example 30 min, 4h or 2 working days.',
  },
  'tab-sla-unit': {
    'zh-CN': '“{typed}”没有单位，不知道是分钟还是小时。请写上，例如 30分钟 或 4小时。',
    en: '"{typed}" has no unit: minutes or hours? Write it as well, for example 30 min or 4h.',
  },
  'tab-sla-day': {
    'zh-CN': '“{typed}”在工作时间里可能是一个工作日，也可能是 24 小时。请写 1个工作日 或 1个自然日。',
    en: '"{typed}" in business time can be a working day or 24 hours. Write 1 working day or 1 calendar day.',
  },
  'tab-sla-status': {
    'zh-CN': '没有状态“{typed}”。可以填：{known}；从不暂停就填 无。',
    en: 'There is no status "{typed}". Use one of {known}, or none.',
  },
  'tab-sla-warn': {
    'zh-CN': '“{typed}”不是预警点。请填 0% 到 100% 之间的百分比，例如 50%,80%。',
    en: '"{typed}" is no warning level. Write percentages between 0% and 100%, for example 50%,80%.',
  },
  'tab-step': {
    'zh-CN': '看不懂升级步骤“{typed}”。请写成 何时→通知谁，用；隔开，例如 80%→处理人；到期→组长；到期+60分钟→总监。',
    en: 'The step "{typed}" cannot be read. Write when->whom, parted by semicolons, for example 80%->assignee; due->team lead; due+60min->director.',
  },
  'tab-step-no-target': {
    'zh-CN': '升级步骤“{typed}”所说的时限这一行没有填。请补上时限，或写明是哪个，例如 响应80%→处理人。',
    en: 'The step "{typed}" is about a target this row does not have. Fill it in, or name another, for example response 80%->assignee.',
  },
  'tab-step-action': {
    'zh-CN': '看不懂升级步骤“{typed}”里竖线后面的动作。现在能写的是提高优先级，例如 到期+60分钟→总监|优先级+1。',
    en: 'What stands after the bar in the step "{typed}" cannot be read. A step can raise the priority, for example due+60min->director|priority+1.',
  },
  'tab-step-twice': {
    'zh-CN': '升级步骤“{typed}”与前面的是同一时刻。请合成一步，人用、隔开，例如 到期→组长、总监。',
    en: 'The step "{typed}" is at the same moment as an earlier one. Make them one, for example due->team lead, director.',
  },

  'tab-text-missing': {
    'zh-CN': '还没有内容，这一行暂不生效。请填模板，例如 工单{工单号}已受理。',
    en: 'The text is still missing, so the row is not in force yet. Write one, for example: Ticket {工单号} is in progress.',
  },
  'tab-brace': {
    'zh-CN': '有一个“{brace}”没有配对。字段写成 {问题标题}；要写括号本身就写两遍。',
    en: 'A "{brace}" stands alone. Put a field in a pair of braces, as in {问题标题}; write a brace twice to mean itself.',
  },
  'tab-place-unknown': {
    'zh-CN': '没有字段“{place}”。请写“字段”标签页里的名称，例如 {example}。',
    en: 'There is no field "{place}". Write a name of the Fields tab, for example {example}.',
  },
  'tab-place-near': {
    'zh-CN': '没有字段“{place}”。是不是要写“{meant}”？',
    en: 'There is no field "{place}". Did you mean "{meant}"?',
  },
  'tab-place-internal': {
    'zh-CN': '“{place}”只供内部查看，不能出现在发给客户的内容里。请删去，或把“发给客户”改为 否。',
    en: '"{place}" is for the team only and cannot stand in a text for customers. Remove it, or set To customers to No.',
  },
  'tab-channel-unknown': {
    'zh-CN': '没有渠道“{typed}”。请填已配置的名称：{known}。',
    en: 'There is no channel "{typed}". Use a configured name: {known}.',
  },
  'tab-channel-near': {
    'zh-CN': '没有渠道“{typed}”。是不是要写“{meant}”？',
    en: 'There is no channel "{typed}". Did you mean "{meant}"?',
  },
  'tab-quiet-behaviour': {
    'zh-CN': '看不懂“{typed}”。免打扰时请填 推迟、紧急照发 或 照发。',
    en: '"{typed}" cannot be read. For quiet hours write wait, urgent only or send.',
  },
  'tab-cap': {
    'zh-CN': '“{typed}”不是每日上限。请填大于 0 的整数，例如 5；不限就留空。',
    en: '"{typed}" is no daily cap. Write a whole number above 0, for example 5; leave it blank for no limit.',
  },
} as const satisfies Texts;
