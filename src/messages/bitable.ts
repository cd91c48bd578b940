/** What can be said of a base (多维表格): its address, and why a cell of a field was not written. A fault `x` has its remedy under `x-hint`. */
import type { Texts } from './catalogue.ts';

export const bitable = {
  'bitable-address': {
    'zh-CN': '“{place}”不是多维表格的地址',
    en: '“{place}” is not the address of a base',
  },
  'bitable-address-hint': {
    'zh-CN':
      '请填浏览器地址栏里的网址，形如 https://公司.feishu.cn/base/…，或知识库里的 https://公司.feishu.cn/wiki/…。',
    en: 'Use the address from the browser, such as https://company.feishu.cn/base/… or, in a wiki, https://company.feishu.cn/wiki/….',
  },
  'bitable-not-a-base': {
    'zh-CN': '这个知识库页面不是多维表格',
    en: 'This page of the wiki is not a base',
  },
  'bitable-not-a-base-hint': {
    'zh-CN': '请填多维表格页面的地址；若是电子表格，请在 rowkeeper.json 里把该工作簿的类型改为 feishu。',
    en: 'Use the address of a page that is a base; for a spreadsheet, set the kind of this workbook to feishu in rowkeeper.json.',
  },
  'bitable-records-hidden': {
    'zh-CN': '数据表“{tab}”读不到任何记录，而这份多维表格开启了高级权限，记录可能对应用不可见',
    en: 'No record of the table “{tab}” can be read, and this base uses advanced permissions: the records may be hidden from the app',
  },
  'bitable-records-hidden-hint': {
    'zh-CN':
      '请多维表格所有者打开右上角“…”→“更多”→“添加文档应用”，给本应用“可管理”权限；若数据表确实为空，先在其中添加一条记录。',
    en: 'The owner opens “…”, “More”, “Add document app” and gives this app manage permission; if the table really is empty, add a record to it first.',
  },
  'bitable-changing': {
    'zh-CN': '多维表格正在被频繁修改，稍后再读',
    en: 'The base is being changed at this moment; it will be read again shortly',
  },
  'bitable-changing-hint': {
    'zh-CN': '无需处理，会自动再试。',
    en: 'Nothing to do; it is tried again by itself.',
  },
  'bitable-header': {
    'zh-CN': '{tab}!{cell} 是字段名称，请在飞书里修改字段。',
    en: '{tab}!{cell} is the name of a field; change the field in Feishu.',
  },
  'bitable-no-field': {
    'zh-CN': '{tab}!{cell}：数据表没有这一列。',
    en: '{tab}!{cell}: the table has no such column.',
  },
  'bitable-no-record': {
    'zh-CN': '{tab}!{cell}：数据表没有这一行。',
    en: '{tab}!{cell}: the table has no such row.',
  },
  'bitable-read-only-field': {
    'zh-CN': '{tab}!{cell}：字段“{field}”（附件、关联、地理位置、群组等）只能在飞书里填写。',
    en: '{tab}!{cell}: the field “{field}” (attachments, links, places, groups and the like) can only be filled in Feishu.',
  },
  'bitable-empty-text': {
    'zh-CN': '{tab}!{cell}：多维表格分不出空文字和空单元格。',
    en: '{tab}!{cell}: a base cannot tell empty text from an empty cell.',
  },
  'bitable-characters': {
    'zh-CN': '{tab}!{cell}：文字里有控制字符或不完整的字符，多维表格无法原样保存。请删去后重填。',
    en: '{tab}!{cell}: the text holds control characters or halves of characters, which a base does not keep as they are. Remove them.',
  },
  'bitable-not-number': {
    'zh-CN': '{tab}!{cell}：字段“{field}”只能填数字，无法原样保存这个值。',
    en: '{tab}!{cell}: the field “{field}” holds numbers and cannot hold this value as it is.',
  },
  'bitable-out-of-bounds': {
    'zh-CN': '{tab}!{cell}：字段“{field}”只能填 {min} 到 {max}（评分为整数）。',
    en: '{tab}!{cell}: the field “{field}” takes {min} to {max} only (a rating takes whole numbers).',
  },
  'bitable-not-choice': {
    'zh-CN':
      '{tab}!{cell}：这个值不能作为字段“{field}”的选项：首尾不能有空格，不能换行，多个选项之间用顿号，不能重复。',
    en: '{tab}!{cell}: this cannot be an option of the field “{field}”: no blanks at the ends, no line breaks; several options are parted by “、”, none twice.',
  },
  'bitable-not-date': {
    'zh-CN': '{tab}!{cell}：字段“{field}”只能填日期，无法原样保存这个值。',
    en: '{tab}!{cell}: the field “{field}” holds dates and cannot hold this value as it is.',
  },
  'bitable-shows-time': {
    'zh-CN': '{tab}!{cell}：字段“{field}”显示时间，分不出“整天”和零点。请把字段的日期格式改为只有年月日。',
    en: '{tab}!{cell}: the field “{field}” shows a time, so a whole day would read as midnight. Give the field a format without a time.',
  },
  'bitable-shows-no-time': {
    'zh-CN': '{tab}!{cell}：字段“{field}”不显示时间，零点会被当成整天。请把字段的日期格式改为带时间的。',
    en: '{tab}!{cell}: the field “{field}” shows no time, so midnight would read as a whole day. Give the field a format with a time.',
  },
  'bitable-not-checkbox': {
    'zh-CN': '{tab}!{cell}：字段“{field}”是复选框，只能勾选或不勾选。',
    en: '{tab}!{cell}: the field “{field}” is a checkbox and is ticked or not.',
  },
  'bitable-not-person': {
    'zh-CN':
      '{tab}!{cell}：人员字段“{field}”里没有写入：有的姓名在这份多维表格里从未出现过，或者有人同名，或者该字段只能填一人。请先在飞书里选一次这个人。',
    en: '{tab}!{cell}: the field of people “{field}” was not written: a name has never been seen in this base, or two people share it, or the field takes one person only. Choose the person once in Feishu.',
  },
  'bitable-not-phone': {
    'zh-CN': '{tab}!{cell}：电话字段“{field}”只能填数字，前面可带“+”。要写分机或分隔符，请把字段改为文本。',
    en: '{tab}!{cell}: the phone field “{field}” takes digits only, with “+” in front. For extensions and separators make it a text field.',
  },
  'bitable-not-url': {
    'zh-CN': '{tab}!{cell}：超链接字段“{field}”只能填以 http://、https:// 或 mailto: 开头的地址。',
    en: '{tab}!{cell}: the link field “{field}” takes addresses that begin with http://, https:// or mailto: only.',
  },
  'bitable-refused-value': {
    'zh-CN': '{tab}!{cell}：飞书没有接受字段“{field}”的这个值（代码 {code}）。',
    en: '{tab}!{cell}: Feishu did not take this value for the field “{field}” (code {code}).',
  },
  'bitable-table-full': {
    'zh-CN': '数据表“{tab}”的记录数已到上限，无法再添加。请归档旧记录，或升级飞书版本。',
    en: 'The table “{tab}” holds as many records as the plan allows. Move old records away, or upgrade the plan.',
  },
  'bitable-grid-view': {
    'zh-CN': '表格',
    en: 'Grid',
  },
  'bitable-without-colours': {
    'zh-CN': '“{tab}”：飞书没有提供按条件标色的接口，请在多维表格的“填色”里自行设置。',
    en: '“{tab}”: Feishu offers no call for colours by condition; set them in the view if you want them.',
  },
  'bitable-without-protection': {
    'zh-CN': '“{tab}”：系统列没有锁定。需要时请开启多维表格的高级权限，把这些列设为不可编辑：{columns}。',
    en: '“{tab}”: the columns of the service are not locked. If needed, turn on advanced permissions of the base and make these read-only: {columns}.',
  },
  'bitable-without-list': {
    'zh-CN': '“{tab}”的“{column}”没有下拉选项：选项来自另一张表，多维表格只能固定列出。',
    en: '“{column}” of “{tab}” has no dropdown: its entries come from another table, and a base only lists fixed ones.',
  },
  'bitable-without-rows': {
    'zh-CN': '“{tab}”已建好，但有 {count} 行初始内容没有确认写入，请对照检查。',
    en: '“{tab}” was made, but {count} of its first rows are not known to have got in; please check.',
  },
  'bitable-bad-table-name': {
    'zh-CN': '“{tab}”不能作为数据表名称：不能含有 / \\ ? * : [ ]，最多 100 个字。',
    en: '“{tab}” cannot be the name of a table: none of / \\ ? * : [ ], and 100 characters at most.',
  },
} as const satisfies Texts;
