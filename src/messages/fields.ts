/** What a person is told about a value that its field cannot hold: what was typed, what is expected, one example. */
import type { FaultCode } from '../model/field.ts';
import type { Text, Texts } from './catalogue.ts';

export const fields = {
  'fault.not-a-number': {
    'zh-CN': '“{typed}”不是数字。请填数字，例如 1200 或 3.5万。',
    en: '"{typed}" is not a number. Write a number, for example 1200.',
  },
  'fault.not-a-whole-number': {
    'zh-CN': '“{typed}”不是整数。请填没有小数的数字，例如 3。',
    en: '"{typed}" is not a whole number. Write one without decimals, for example 3.',
  },
  'fault.too-many-decimals': {
    'zh-CN': '“{typed}”的小数超过两位。金额最多保留两位小数，例如 1200.50。',
    en: '"{typed}" has more than two decimals. An amount has two at most, for example 1200.50.',
  },
  'fault.not-a-date': {
    'zh-CN': '看不出“{typed}”是哪一天。请填日期，例如 2026-03-04 或 2026-03-04 14:30。',
    en: '"{typed}" is not a date. Write one such as 2026-03-04 or 2026-03-04 14:30.',
  },
  'fault.ambiguous-date': {
    'zh-CN': '“{typed}”可能是这几天中的任何一天：{readings}。请写完整的年月日，例如 2026-03-04。',
    en: '"{typed}" can be any of these days: {readings}. Write year, month and day, for example 2026-03-04.',
  },
  'fault.time-without-day': {
    'zh-CN': '“{typed}”只有时间，没有日期。请把日期也写上，例如 {day} 14:30 或 今天 14:30。',
    en: '"{typed}" is a time without a day. Write the day as well, for example {day} 14:30 or today 14:30.',
  },
  'fault.in-the-future': {
    'zh-CN': '“{typed}”还没有到。这一列记录已经发生的事，时间不能晚于现在，例如 今天 或 2026-03-04 14:30。',
    en: '"{typed}" is still to come. This column records what has happened, so it cannot be later than now; write for example today or 2026-03-04 14:30.',
  },
  'fault.date-in-text': {
    'zh-CN':
      "这一格变成了日期 {date}，但这一列要的是文字。想写的如果是 {text} 这样的文字，请先把单元格设为“文本”格式再重新输入；如果就是日期，请在前面加一个单引号，例如 '{date}。",
    en: "The app turned this cell into the date {date}, but this column holds text. If you meant text such as {text}, format the cell as Text and type it again; if you meant the day, put an apostrophe before it, for example '{date}.",
  },
  'fault.not-a-duration': {
    'zh-CN':
      '看不出“{typed}”是多长时间。请写上单位，例如 2小时30分 或 90分钟；不写单位的数字按小时算，最多 24；“天”请换算成小时。',
    en: '"{typed}" is not a length of time. Write it with its unit, for example 2h 30m or 90 min; a number without a unit is hours, up to 24; turn days into hours.',
  },
  'fault.not-a-boolean': {
    'zh-CN': '“{typed}”不是“是”也不是“否”。请填 是 或 否。',
    en: '"{typed}" is neither yes nor no. Write Yes or No.',
  },
  'fault.unknown-option': {
    'zh-CN': '“{typed}”不在选项里，最接近的是“{suggestion}”。可以填：{options}。',
    en: '"{typed}" is not one of the options; the nearest is "{suggestion}". Options: {options}.',
  },
  'fault.not-a-rating': {
    'zh-CN': '“{typed}”不是评分。请填 1 到 5，5 最好，例如 5 或 非常满意。',
    en: '"{typed}" is not a rating. Write 1 to 5, where 5 is best, for example 5.',
  },
  'fault.not-a-phone': {
    'zh-CN': '“{typed}”不是电话号码。请填号码，例如 13800138000 或 021-55550101 转 801。',
    en: '"{typed}" is not a phone number. Write one such as 13800138000 or +86 21 5555 0101.',
  },
  'fault.not-an-email': {
    'zh-CN': '“{typed}”不是邮箱地址。请填完整地址，例如 li.lei@example.com。',
    en: '"{typed}" is not a mail address. Write the whole address, for example li.lei@example.com.',
  },
  'fault.not-a-url': {
    'zh-CN': '“{typed}”不是网址。请填以 http:// 或 https:// 开头的地址，例如 https://example.com。',
    en: '"{typed}" is not a web address. Write one that starts with http:// or https://, for example https://example.com.',
  },
  'fault.not-a-name': {
    'zh-CN': '“{typed}”不是名称。请写出名称，例如 张三；没有就把单元格留空。',
    en: '"{typed}" is not a name. Write the name, for example Anna Berg, or leave the cell empty.',
  },
  'fault.ditto': {
    'zh-CN': '“{typed}”要看上一行才知道是谁，而行会被移动和排序。请把名称写全，例如 张三。',
    en: '"{typed}" points to the row above, and rows move. Write the name itself, for example Anna Berg.',
  },
  'fault.precision-lost': {
    'zh-CN':
      '“{typed}”位数太多，表格软件只能保留前 15 位数字，后面的已经丢失。请先把单元格设为“文本”格式，再重新输入完整的号码，例如 310115199001011234。',
    en: '"{typed}" has more digits than the app keeps: only the first 15 survive. Format the cell as Text and type the whole number again, for example 310115199001011234.',
  },
  'fault.too-long': {
    'zh-CN': '“{typed}”太长：最多 {limit} 个字符。请缩短，或放进附件后写附件名，例如 说明.docx。',
    en: '"{typed}" is too long: {limit} characters at most. Shorten it, or attach a file and write its name, for example notes.docx.',
  },
  'fault.sheet-error': {
    'zh-CN': '单元格里是错误值 {typed}，不是内容。请修正公式，或直接填写内容。',
    en: 'The cell holds the error {typed} instead of a value. Mend the formula or type the value itself.',
  },
} as const satisfies Texts & Record<`fault.${FaultCode}`, Text>;
